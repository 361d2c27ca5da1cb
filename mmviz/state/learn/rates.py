"""What a batch size gains and what learning loses by it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.backends.registry import Entry
from mmviz.bench.break_even import break_evens
from mmviz.bench.rates import Rate
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.learn.course import alike
from mmviz.state.learn.swept import Swept, rates_of, runs_of
from mmviz.state.learn.teaching import teachers_of
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.break_even import sentence as break_even
from mmviz.words.names import spoken
from mmviz.words.rates import broken, gained, least, lost, terms
from mmviz.words.timing import backend_name, placed_name
from mmviz.words.training import step_energy

EMPTY = Text(
    N_(
        "The same course at batch sizes from 1 to 4 096: time of a step and of an epoch, and the "
        "loss after equal time and after equal drawings"
    )
)


@dataclass(frozen=True, slots=True)
class RatesView:
    """why: there is nothing to show. can: whether this network can be swept; doing: what goes on,
    NOTHING where nothing does, `done` 0 … 1 of it. of: what was swept, `stale` where that is not
    what is shown elsewhere. says: sentences. backends: id and name of those that can be swept;
    resumable: what was swept is not whole. compared: how many
    of the sentences compare.
    """

    why: Text = EMPTY
    can: bool = True
    doing: Text = NOTHING
    done: float = 0.0
    of: Text = NOTHING
    stale: bool = False
    rates: tuple[Rate, ...] = ()
    says: tuple[Text, ...] = ()
    backends: tuple[tuple[str, Text], ...] = ()
    resumable: bool = False
    compared: int = 0


def rates_view(
    swept: Swept | None, workload: Workload, backends: tuple[Entry, ...] = ()
) -> RatesView:
    """The view of RATES."""
    teachers = tuple(teachers_of(backends))
    why = EMPTY
    try:
        teachable(workload)
    except InputError as error:
        why = error.cause
    can = why is EMPTY
    if swept is None:
        return RatesView(why, can, backends=teachers)
    plan, rates = swept.plans[0], rates_of(swept)
    network, compared = workload.layered, _compared(swept, rates)
    return RatesView(
        NOTHING if rates else Text(N_("the first batch size is on its way")),
        can,
        _doing(swept),
        swept.done,
        _of(swept),
        network is None or not alike(network, plan.network),
        rates,
        (*compared, *_terms(swept, rates)),
        teachers,
        swept.resumable,
        len(compared),
    )


def _doing(swept: Swept) -> Text:
    if not swept.doing:
        return NOTHING
    plan = swept.courses[-1].plan
    said = N_("batch {batch:group}, {number:group} of {count:group}")
    if len(swept.backends) > 1:
        said = N_("batch {batch:group} on {who}, {number:group} of {count:group}")
    return Text(
        said,
        batch=plan.recipe.batch,
        who=backend_name(plan.backend),
        number=len(swept.courses),
        count=len(swept.plans),
    )


def _of(swept: Swept) -> Text:
    plan = swept.plans[0]
    places = {one.plan.backend: one.place for one in swept.courses}
    parts = (
        spoken(plan.network.name),
        joined(tuple(placed_name(one, places.get(one)) for one in swept.backends), "commas"),
        Text("{dtype}", dtype=plan.dtype),
        Text(N_("{seconds:seconds} of steps at each batch size"), seconds=plan.seconds),
    )
    return joined(parts)


def _compared(swept: Swept, rates: tuple[Rate, ...]) -> tuple[Text, ...]:
    """What each backend gains; who is ahead where; what learning loses, by whom most was shown."""
    plan = swept.plans[0]
    by = [[rate for rate in rates if rate.backend == one] for one in swept.backends]
    compared = [some for some in by if sum(rate.epoch_s is not None for rate in some) > 1]
    alone = len(swept.backends) == 1
    told = [gained(some) for some in compared]
    told += map(break_even, break_evens(runs_of(swept)))
    if compared:
        told.append(lost(max(compared, key=lambda some: max(rate.equal for rate in some))))
    told += (least(some, plan.seconds or 0.0, named=not alone) for some in compared)
    return tuple(told)


def _terms(swept: Swept, rates: tuple[Rate, ...]) -> tuple[Text, ...]:
    """What broke, and what all of it holds for."""
    plan, told = swept.plans[0], list(broken(rates, named=len(swept.backends) > 1))
    if not any(rate.epoch_s for rate in rates):
        return tuple(told)
    told.append(terms(plan.recipe.rate, plan.recipe.seed, plan.recipe.loss))
    sensed = {one.plan.backend: one.sensed for one in swept.courses if one.sensed is not None}
    energies = [
        (backend_name(backend), step_energy(found, joules=False))
        for backend, found in sensed.items()
    ]
    if len({said for _, said in energies}) == 1:
        told.append(energies[0][1])
    else:
        told += (Text("{who}: {said}", who=who, said=said) for who, said in energies)
    return tuple(told)


def _needs(derived: Derived) -> tuple[Swept | None, Workload, tuple[Entry, ...]]:
    return derived.facts.swept, derived.session.network, derived.facts.backends


RATES = Part("rates", _needs, rates_view)
