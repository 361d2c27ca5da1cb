"""What a batch size gains and what learning loses by it."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.bench.plan import TrainPlan
from mmviz.bench.rates import Rate
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.state.derived import Derived
from mmviz.state.learn.course import alike
from mmviz.state.learn.swept import Swept, equal_drawings, rates_of
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.rates import broken, gained, least, lost, terms
from mmviz.words.timing import backend_name
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
    what is shown elsewhere. says: sentences. seconds: of steps, of each batch size; shown: drawings
    that each batch size came to.
    """

    why: Text = EMPTY
    can: bool = True
    doing: Text = NOTHING
    done: float = 0.0
    of: Text = NOTHING
    stale: bool = False
    rates: tuple[Rate, ...] = ()
    says: tuple[Text, ...] = ()
    seconds: float = 0.0
    shown: int = 0


def rates_view(swept: Swept | None, workload: Workload) -> RatesView:
    """The view of RATES."""
    why = EMPTY
    try:
        teachable(workload)
    except InputError as error:
        why = error.cause
    can = why is EMPTY
    if swept is None:
        return RatesView(why, can)
    plan, rates = swept.plans[0], rates_of(swept)
    network = workload.layered
    return RatesView(
        NOTHING if rates else Text(N_("the first batch size is on its way")),
        can,
        _doing(swept),
        swept.done,
        _of(plan),
        network is None or not alike(network, plan.network),
        rates,
        _says(swept, rates),
        plan.seconds or 0.0,
        equal_drawings(swept),
    )


def _doing(swept: Swept) -> Text:
    if not swept.doing:
        return NOTHING
    return Text(
        N_("batch {batch:group}, {number:group} of {count:group}"),
        batch=swept.courses[-1].plan.recipe.batch,
        number=len(swept.courses),
        count=len(swept.plans),
    )


def _of(plan: TrainPlan) -> Text:
    parts = (
        Text("{name}", name=plan.network.name),
        backend_name(plan.backend),
        Text("{dtype}", dtype=plan.dtype),
        Text(N_("{seconds:seconds} of steps at each batch size"), seconds=plan.seconds),
    )
    return joined(parts)


def _says(swept: Swept, rates: tuple[Rate, ...]) -> tuple[Text, ...]:
    plan = swept.plans[0]
    if not any(rate.epoch_s for rate in rates):
        return broken(rates)
    sensed = next((one.sensed for one in swept.courses if one.sensed is not None), None)
    energy: tuple[Text, ...] = ()
    if sensed is not None:
        energy = (step_energy(sensed, joules=False),)
    several = sum(rate.epoch_s is not None for rate in rates) > 1
    compared = (
        gained(rates, backend_name(plan.backend)),
        lost(rates, equal_drawings(swept)),
        least(rates, plan.seconds or 0.0),
    )
    return (
        *(compared if several else ()),
        *broken(rates),
        terms(plan.recipe.rate, plan.recipe.seed),
        *energy,
    )


def _needs(derived: Derived) -> tuple[Swept | None, Workload]:
    return derived.facts.swept, derived.session.network


RATES = Part("rates", _needs, rates_view)
