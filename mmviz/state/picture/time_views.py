"""The views of the time dock: the pass over time, units over time, the transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmviz.core.device.body import Noun
from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import busy_share
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace, idle_in_last_wave
from mmviz.state.derived import Derived
from mmviz.state.picture.pass_timeline import PassTimeline, as_traced
from mmviz.state.picture.playback import Playback, pace
from mmviz.state.picture.selection import Selection
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words import time
from mmviz.words.provenance import label

MOST_WAVES = 2_000  # more are no longer told apart below the slider


@dataclass(frozen=True, slots=True)
class PassView:
    """The pass, and which product of it is looked at."""

    timeline: PassTimeline
    product: int


def _pass_view(timeline: PassTimeline, product: int, trace: Trace | None) -> PassView:
    return PassView(as_traced(timeline, product, trace), product)


PASS = Part("pass", lambda d: (d.timeline, d.session.product, d.trace), _pass_view)


@dataclass(frozen=True, slots=True, eq=False)
class UnitsView:
    """Who is busy when. trace None: nothing to be drawn. busy: share of the units' time.

    idle: how many units get nothing in the last wave. noun: what a unit is called.
    """

    trace: Trace | None
    units: Text
    busy: Text
    idle: Text
    selection: Selection | None
    noun: Noun

    @property
    def kind(self) -> Text:
        """What the chart rests on: 'modelled'."""
        return NOTHING if self.trace is None else label(self.trace.provenance)


def _units_view(
    tiling: Tiling,
    trace: Trace | None,
    device: Device,
    selection: Selection | None,
    noun: Noun,
    sampled: bool,
) -> UnitsView:
    """sampled: some of the tiles that ran are not in the trace, so that nobody knows who idled."""
    busy = Text("{busy} {share:percent}", busy=device.body.busy, share=busy_share(tiling, trace))
    shared = bool(tiling.gemm.group) and (trace is None or trace.provenance.kind == "modelled")
    if shared:  # the picture is of this product: its group fills the waves together
        busy = Text(N_("{busy} alone"), busy=busy)
    return UnitsView(
        trace=trace,
        units=noun.counts(tiling.units),
        busy=Text(N_("only some tiles are kept")) if sampled else busy,
        idle=NOTHING if trace is None or sampled or shared else _idle(trace, noun),
        selection=selection,
        noun=noun,
    )


def _idle(trace: Trace, noun: Noun) -> Text:
    idle = 0 if trace.provenance.kind == "recorded" else idle_in_last_wave(trace)
    if not idle:
        return NOTHING
    when = N_("{units} idle in the last wave") if trace.waves > 1 else N_("{units} never used")
    return Text(when, units=noun.counts(idle))


UNITS = Part(
    "units",
    lambda d: (d.shown, d.trace, d.device, d.session.selection, d.noun, d.sampled),
    _units_view,
)


@dataclass(frozen=True, slots=True, eq=False)
class TransportView:
    """The time of one product. trace None: there is none to go along.

    typical: the duration the pace is made for. wave: the one picked out, 0 for none. ends: when the
    time that is gone along ends, None: with the trace.
    """

    trace: Trace | None
    tick: Noun
    typical: float
    wave: int
    ends: float | None = None

    @property
    def starts(self) -> list[float]:
        """When each wave begins, 0 … 1; empty where they are too many to be told apart, and of
        what ran, where no unit waits for the others.
        """
        trace = self.trace
        if trace is None or trace.waves > MOST_WAVES or trace.provenance.kind == "recorded":
            return []
        return list((trace.wave_starts() / (self.ends or trace.duration)).tolist())

    def time(self, playback: Playback) -> Text:
        """'12.0 µs of 84.0 µs'; of steps, which the line below names, the numbers alone."""
        if self.trace is None:
            return NOTHING
        end = self.ends or self.trace.duration
        times = {"now": playback.position * end, "end": end}
        if self.trace.clock == "s":
            return Text(N_("{now:seconds} of {end:seconds}"), **times)
        return Text(N_("{now:steps} of {end:steps}"), **times)

    def pace(self, speed: float) -> Text:
        """'1 s shows 50 µs'."""
        if self.trace is None:
            return NOTHING
        return time.pace(pace(self.typical, speed), self.trace.clock, self.tick)

    @property
    def tip(self) -> Text:
        """What kind of time it is."""
        if self.trace is None:
            return NOTHING
        return time.pace_tip(label(self.trace.provenance))


def _transport_needs(derived: Derived) -> tuple[Any, ...]:
    picked = derived.session.selection
    wave = picked.index if picked is not None and picked.kind == "wave" else 0
    return derived.trace, derived.device.tick, derived.typical, wave


TRANSPORT = Part("transport", _transport_needs, TransportView)
