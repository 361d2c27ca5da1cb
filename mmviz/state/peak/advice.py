"""Shape advice for a session: what the panel shows of it, applying it, and who could measure it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz.backends import registry
from mmviz.bench.hindrances import hindrances
from mmviz.bench.pair import MeasuredGain
from mmviz.bench.plan import PairPlan
from mmviz.bench.results import MEASURED
from mmviz.core.advice.advice import Advice, Piece, advise
from mmviz.core.advice.neighbours import INPUTS, Change, applied
from mmviz.core.advice.remarks import Remark
from mmviz.core.device.device import Device
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.state import actions
from mmviz.state.derived import Derived
from mmviz.state.offers import DEVICE, FORMAT, Offer, time_offers
from mmviz.state.peak.measured import backend_for
from mmviz.state.session import LIST, Session
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words import advice as words
from mmviz.words import remarks
from mmviz.words.provenance import label
from mmviz.words.verdict import why_none

FEW = 64  # products up to which advice takes less than a frame
MEASURE_S = 2.0  # for each of the two shapes
UNPAIRED = N_("rows of a list stay as they are: open one of its products alone to measure it")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. kind: gain, note or ok; piece None: a remark, with nothing to apply."""

    title: Text
    figure: Text
    detail: Text
    tip: Text
    kind: str
    piece: Piece | None = None

    @property
    def applies(self) -> bool:
        """Whether the session can follow it; rows of a list stay as they are."""
        return self.piece is not None and self.piece.change.kind != "product"


@dataclass(frozen=True, slots=True)
class Advised:
    """Cards of advice, then of remarks; why: why there is no advice, NOTHING where there is.

    offers: what would bring it.
    """

    cards: tuple[Card, ...]
    why: Text
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class AdviceView:
    """What is asked, which `advised` answers; quick: before anybody could notice.

    measured: what measuring a change said. offered: this computer is the device, so that it can be
    measured; running: the change that is being measured.
    """

    setup: Setup
    quick: bool
    measured: tuple[tuple[Change, Text], ...] = ()
    offered: bool = False
    running: Change | None = None

    def advised(self) -> Advised:
        """The cards; of a long network they take longer than a frame."""
        return advised(self.setup)


def advice_view(
    setup: Setup,
    products: int,
    measured: tuple[tuple[Change, Text], ...],
    running: Change | None,
    gpu: str | None,
) -> AdviceView:
    """The view of `Part`. products: of a pass; gpu: what the GPU here is called."""
    offered = bool(measurable(setup.device, setup.dtype, gpu))
    return AdviceView(setup, products <= FEW, measured, offered, running)


def _needs(derived: Derived) -> tuple[object, ...]:
    setup, facts = derived.setup, derived.facts
    here = setup.timed, setup.device.id
    measured = tuple(
        (key.change, said) for key, said in facts.gains.items() if (key.of, key.device) == here
    )
    now = facts.measuring
    running = now.change if now is not None and (now.of, now.device) == here else None
    return setup, len(derived.gemms), measured, running, facts.gpu


ADVICE = Part("advice", _needs, advice_view)


@functools.lru_cache(maxsize=8)
def advised(setup: Setup) -> Advised:
    """Advice for a setup and what is to be said of it as it is."""
    advice = advise(setup)
    offers = time_offers(setup.device, setup.dtype)
    if advice.why == "error":  # there is a time, but none that advice could rest on
        offers = (FORMAT, DEVICE) if setup.device.calibrations else (DEVICE,)
    return Advised(cards_of(advice), words.why_none(advice), offers)


def cards_of(advice: Advice) -> tuple[Card, ...]:
    """Advice first, then remarks."""
    device = advice.setup.device
    pieces = (_piece(piece, device, advice.rests.beyond) for piece in advice.pieces)
    return (*pieces, *(_remark(remark, device) for remark in advice.remarks))


def _piece(piece: Piece, device: Device, beyond: Text) -> Card:
    """beyond: what its error does not cover."""
    brief = words.brief(piece, device)
    if piece.per_example:
        brief = Text(N_("per example; {brief}"), brief=brief)
    title, figure = words.title(piece.change), words.signed(piece)
    tip = joined((words.sentence(piece, device), beyond), "lines")
    return Card(title, figure, brief, tip, "gain", piece)


def _remark(remark: Remark, device: Device) -> Card:
    figure, kind = (Text(N_("ok")), "ok") if remark.sound else (NOTHING, "note")
    detail, tip = remarks.detail(remark, device), remarks.sentence(remark, device)
    return Card(remarks.title(remark), figure, detail, tip, kind)


def follow(session: Session, change: Change) -> Session:
    """The session as the advice wants it; raises InputError where it is of another session."""
    if not fits(session, change):
        raise InputError(N_("this advice was for another shape: look at the advice as it is now"))
    if change.kind == "batch":
        return actions.set_batch(session, change.after)
    for layer in change.layers:
        if layer == INPUTS:
            session = actions.set_inputs(session, change.after)
        else:
            session = actions.set_units(session, layer, change.after)
    return session


def fits(session: Session, change: Change) -> bool:
    """Whether the number the advice starts from is still there."""
    network = session.network.layered
    if network is None:
        return False
    if change.kind == "batch":
        return session.batch == change.before
    if max(change.layers) >= len(network.layers):
        return False
    found = {network.inputs if i == INPUTS else network.layers[i].units for i in change.layers}
    return found == {change.before}


def pair_plan(setup: Setup, change: Change, backend: str, seconds: float) -> PairPlan:
    """Both shapes to be timed against each other; raises InputError for a list of products."""
    network, batch = setup.workload.layered, setup.batch
    if network is None:
        raise InputError(UNPAIRED if change.kind == "product" else LIST)
    if change.kind == "batch":
        networks, batches = (network, network), (batch, change.after)
    else:
        changed = applied(network, change.layers, change.after)
        networks, batches = (network, changed), (batch, batch)
    return PairPlan(
        networks=networks,
        batches=batches,
        backend=backend,
        dtype=setup.dtype,
        training=setup.training,
        seconds=seconds,
    )


def measured_text(found: MeasuredGain) -> Text:
    """'measured −11 % ± 2.0 %, p50 of 40 passes', and what hindered both."""
    kind, verdict = label(MEASURED), found.verdict
    sign = "−" if found.gain >= 0 else "+"
    change = Text("{sign}{gain:percent2}", sign=sign, gain=abs(found.gain))
    if verdict.error:
        off = verdict.error * max(1.0, 1.0 - found.gain)  # of the time before
        change = Text("{change} ± {off:percent2}", change=change, off=off)
    said = P_("{kind} {change}, p50 of {n:group} pass", "{kind} {change}, p50 of {n:group} passes")
    gain = Text(said, kind=kind, change=change, n=min(found.passes))
    if verdict.better is None:
        gain = joined((gain, why_none(verdict)), "commas")
    return joined((gain, *hindrances(found.load, None)), "semicolons")


def measurable(device: Device, dtype: str, gpu: str | None) -> str:
    """The backend that runs on this very device here, "" where it is not here.

    gpu: what the first CUDA GPU calls itself, None where CuPy cannot use one.
    """
    backend = backend_for(device, gpu)
    return backend if backend and dtype in registry.find(backend).dtypes else ""
