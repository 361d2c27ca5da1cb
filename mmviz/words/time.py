"""A time in the clock it was counted in."""

from __future__ import annotations

from mmviz.core.device.body import STEP, Noun
from mmviz.core.schedule.trace import Clock
from mmviz.text import N_, Text


def model_time(t: float, clock: Clock, tick: Noun = STEP) -> Text:
    """'84.0 µs', '4 steps'; `tick`: what is counted where no seconds are known."""
    return Text("{t:seconds}", t=t) if clock == "s" else tick.counts(t)


def part_of(t: float, whole: float, clock: Clock) -> Text:
    """'12.0 of 191 µs', '3 of 4 steps'."""
    now = Text("{t:seconds_of}", t=(t, whole)) if clock == "s" else Text("{t:steps}", t=t)
    return of(now, model_time(whole, clock))


def of(now: Text, whole: Text) -> Text:
    """'… of …'."""
    return Text(N_("{now} of {whole}"), now=now, whole=whole)


def pace(t: float, clock: Clock, tick: Noun = STEP) -> Text:
    """'1 s shows 50.0 µs': the time of the model shown in one second."""
    return shown(model_time(t, clock, tick))


def pace_tip(kind: Text) -> Text:
    """Beside a pace: what kind of time is shown, and that its figures stay."""
    return Text(N_("The time is {kind}. Changing the speed changes no number."), kind=kind)


def shown(time: Text) -> Text:
    """'1 s shows …'."""
    return Text(N_("1 s shows {time}"), time=time)
