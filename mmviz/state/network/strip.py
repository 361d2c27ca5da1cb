"""The strip of products: a card for each, in the order they are computed, and their sum."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from mmviz.bench.results import MEASURED
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import fit, too_much
from mmviz.core.recording.recording import Recording
from mmviz.core.schedule.schedule import least_time
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.setup import Setup
from mmviz.state.derived import Derived
from mmviz.state.network.lit import Lit, lit_of
from mmviz.state.peak.measured import measured_here
from mmviz.state.recording.where import ran_on
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words.provenance import label
from mmviz.words.time import model_time


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product. detail: the time of one, and `told` the same with what it rests on. share: of the
    FLOP of the product with the most, 0 … 1.
    """

    gemm: Gemm
    detail: Text
    told: Text
    share: float


@dataclass(frozen=True, slots=True)
class StripView:
    """product: index of the one looked at. summary: of the whole pass. lit: what a lesson of this
    very network computes, None where none is on.
    """

    cards: tuple[ProductCard, ...]
    product: int
    summary: Text
    lit: Lit | None = None


def strip_view(
    cost: PassCost,
    setup: Setup,
    product: int,
    here_s: float | None,
    lit: Lit | None,
    ran: Recording | None = None,
) -> StripView:
    """The view of `Part`. here_s: seconds a pass took here on this very device, None: not timed.

    ran: the recording whose schedules are shown, None: the modelled ones are.
    """
    lacks = fit(setup).fits is False
    cards = _cards(cost, setup.device, setup.dtype, lacks)
    if ran is not None:
        cards = _ran_cards(cards, cost, ran, setup.device)
    summary = pass_text(cost, setup, here_s, ran) if lit is None else lit.said
    return StripView(cards, product, summary, lit)


STRIP = Part(
    "strip",
    lambda derived: (
        derived.pass_cost,
        derived.setup,
        derived.session.product,
        _here_s(derived),
        _lit(derived),
        derived.recording if derived.session.schedule == "recorded" else None,
    ),
    strip_view,
)


def _here_s(derived: Derived) -> float | None:
    rate = measured_here(derived, True).rate
    return derived.flop / rate if rate else None


def _lit(derived: Derived) -> Lit | None:
    network = derived.session.network.layered
    course = None if network is None else derived.facts.lesson_of(network)
    return lit_of(course, derived.gemms)


def pass_text(
    cost: PassCost, setup: Setup, here_s: float | None = None, ran: Recording | None = None
) -> Text:
    """'one forward pass · 3 products · predicted 84.0 µs ± 5.9 % · measured here 85.1 µs · training
    would be 8 products'; 'does not fit: 96.2 GB of 80.0 GB' in place of a time.
    """
    n, workload, training, held = len(cost.costs), setup.workload, setup.training, fit(setup)
    if ran is not None:
        total, here_s = _ran_total(ran, setup.device, n), None
    elif held.fits is False:
        total = too_much(held.need.total, held.memory or 0.0)
    elif cost.predicted_s is None:
        total = Text("{flop:flop}", flop=cost.flop)
    else:
        predicted = N_("predicted {time:seconds}{error:beside}")
        total = Text(predicted, time=cost.predicted_s, error=cost.error)
    if here_s is not None:
        here = Text(N_("{kind} here {time:seconds}"), kind=label(MEASURED), time=here_s)
        total = joined((total, here))
    if not workload.has_training:
        rows = Text(P_("{n:group} row", "{n:group} rows"), n=n)
        return joined((Text(N_("a list")), rows, _products(workload.computed()), total))
    kind, other = N_("one forward pass"), N_("training would be {products}")
    if training:
        kind, other = N_("one training pass"), N_("inference would be {products}")
    would = Text(other, products=_products(len(workload.lower(1, not training))))
    return joined((Text(kind), _products(n), total, would))


def _ran_total(ran: Recording, device: Device, n: int) -> Text:
    """'recorded on AMD EPYC: 41.0 ms'; how many of all, where it ends before the last."""
    walls = [one.lasts_s for one in ran.products if one.lasts_s is not None]
    where = ran_on(ran, device)
    if len(ran.products) < n:
        said = N_("{where}: {some:group} of {products}")
        return Text(said, where=where, some=len(ran.products), products=_products(n))
    if len(walls) < n:
        return where
    return Text(N_("{where}: {time:seconds}"), where=where, time=sum(walls))


def _ran_cards(
    cards: tuple[ProductCard, ...], cost: PassCost, ran: Recording, device: Device
) -> tuple[ProductCard, ...]:
    """With what was recorded; the rest says what it is instead."""
    where, found = ran_on(ran, device), []
    for number, (card, one) in enumerate(zip(cards, cost.costs, strict=True)):
        if number >= len(ran.products):
            kind = label(one.provenance)
            detail = Text("{kind} {time}", kind=kind, time=card.detail) if card.detail else NOTHING
            found.append(replace(card, detail=detail))
            continue
        wall = ran.products[number].lasts_s
        detail = Text(N_("order only")) if wall is None else Text("{time:seconds}", time=wall)
        said = joined((where, detail))
        found.append(replace(card, detail=detail, told=said))
    return tuple(found)


def _products(n: int) -> Text:
    return Text(P_("{n:group} product", "{n:group} products"), n=n)


@functools.lru_cache(maxsize=4)  # of a list of thousands, whatever product of it is looked at
def _cards(cost: PassCost, device: Device, dtype: str, lacks: bool) -> tuple[ProductCard, ...]:
    most = max(one.tiling.gemm.total_flop for one in cost.costs)
    cards = tuple(_card(one, most, device, dtype) for one in cost.costs)
    if not lacks:  # else no product has a time, as the pass it is of has none
        return cards
    return tuple(replace(card, detail=NOTHING, told=NOTHING) for card in cards)


def _card(cost: Cost, most: int, device: Device, dtype: str) -> ProductCard:
    gemm = cost.tiling.gemm
    kind = label(cost.provenance)
    if cost.predicted_s is not None:
        detail = Text("{time:seconds}", time=cost.predicted_s)
        told = Text(
            N_("predicted {time}{error:beside}, {basis}"),
            time=detail,
            error=cost.error,
            basis=cost.basis,
        )
        told = joined((told, cost.provenance.beyond), "lines")
    else:
        time, clock = least_time(cost.tiling, device, dtype)
        detail = model_time(time, clock, device.tick)
        least = N_("at least {time}, {kind}") if clock == "s" else "{time}, {kind}"
        told = Text(least, time=detail, kind=kind)
    return ProductCard(gemm, detail, told, gemm.total_flop / most)
