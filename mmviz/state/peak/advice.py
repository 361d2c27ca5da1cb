"""Shape advice for a session: what the panel shows of it, applying it, and who could measure it."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from mmviz import units
from mmviz.backends import registry
from mmviz.bench.pair import MeasuredGain
from mmviz.bench.plan import PairPlan
from mmviz.core.advice import sentences as advice_text
from mmviz.core.advice.advice import Advice, Piece, advise
from mmviz.core.advice.neighbours import INPUTS, Change, applied
from mmviz.core.device.device import Device
from mmviz.core.shapes.products import Products
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.state import actions
from mmviz.state.device.calibration import calibrate_view
from mmviz.state.peak.measured import backend_for
from mmviz.state.session import LIST, Session, device_of, setup_of

FEW = 64  # products up to which advice takes less than a frame
PEAK = "Peak"  # what the dock is called that has the button to calibrate
MEASURE_S = 2.0  # for each of the two shapes
UNPAIRED = "a list of products is no pass to be timed: open one of them alone to measure it"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. kind: gain, note or ok; piece None: a remark, with nothing to apply."""

    title: str
    figure: str
    detail: str
    tip: str
    kind: str
    piece: Piece | None = None

    @property
    def applies(self) -> bool:
        """Whether the session can follow it; rows of a list stay as they are."""
        return self.piece is not None and self.piece.change.kind != "product"


def advice_of(session: Session) -> Advice:
    """The advice for a session; raises InputError for an unknown device."""
    return _advice(setup_of(session, device_of(session)))


@functools.lru_cache(maxsize=8)
def _advice(setup: Setup) -> Advice:
    return advise(setup)


def why_none(advice: Advice, session: Session) -> str:
    """Why there is no advice; of this machine as beside its facts, whose button is the way out."""
    note = calibrate_view(device_of(session), session.dtype)
    if advice.why and note.wanted and note.button is not None:
        return f"No advice. {note.text} The way out: {note.button.text} under {PEAK}."
    return advice.why


def quick(session: Session) -> bool:
    """Whether the advice is there before anybody could notice."""
    return session.products <= FEW


def cards_of(advice: Advice) -> tuple[Card, ...]:
    """Advice first, then remarks."""
    pieces = tuple(
        Card(
            _joined(advice_text.title(piece.change)),
            _joined(advice_text.signed(piece.gain, piece.error)),
            _joined(f"{'per example; ' if piece.change.kind == 'batch' else ''}{piece.brief}"),
            piece.text,
            "gain",
            piece,
        )
        for piece in advice.pieces
    )
    remarks = tuple(
        Card(
            r.title, "ok" if r.sound else "", _joined(r.detail), r.text, "ok" if r.sound else "note"
        )
        for r in advice.remarks
    )
    return pieces + remarks


def follow(session: Session, change: Change) -> Session:
    """The session as the advice wants it; raises InputError where it is of another session."""
    if not fits(session, change):
        raise InputError("this advice was for another shape: look at the advice as it is now")
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
    network = session.network
    if isinstance(network, Products):
        return False
    if change.kind == "batch":
        return session.batch == change.before
    if max(change.layers) >= len(network.layers):
        return False
    found = {network.inputs if i == INPUTS else network.layers[i].units for i in change.layers}
    return found == {change.before}


def pair_plan(session: Session, change: Change, backend: str, seconds: float) -> PairPlan:
    """Both shapes to be timed against each other; raises InputError for a list of products."""
    network, batch = session.network, session.batch
    if isinstance(network, Products):
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
        dtype=session.dtype,
        training=session.training,
        seconds=seconds,
    )


def measured_text(found: MeasuredGain) -> str:
    """'measured −11 %, p50 of 40 passes'."""
    sign = "−" if found.gain >= 0 else "+"
    passes = units.group(min(found.passes))
    return f"measured {sign}{advice_text.percent(abs(found.gain))}, p50 of {passes} passes"


def measurable(device: Device, dtype: str, gpu: str | None) -> str:
    """The backend that runs on this very device here, "" where it is not here.

    gpu: what the first CUDA GPU calls itself, None where CuPy cannot use one.
    """
    backend = backend_for(device, gpu)
    return backend if backend and dtype in registry.find(backend).dtypes else ""


def _joined(text: str) -> str:
    """A line never ends between a number and its sign."""
    for sign, joined in ((" %", "\u00a0%"), (" × ", "\u00a0×\u00a0"), ("→ ", "→\u00a0")):
        text = text.replace(sign, joined)
    return text
