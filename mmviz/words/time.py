"""A time in the clock it was counted in."""

from __future__ import annotations

from mmviz.core.schedule.trace import Clock
from mmviz.text import N_, P_, Plural, Text

STEPS: dict[str, Plural] = {
    "step": P_("{n:steps} step", "{n:steps} steps"),
    "cycle": P_("{n:steps} cycle", "{n:steps} cycles"),
}


def model_time(t: float, clock: Clock, step: str = "step") -> Text:
    """'84.0 µs', '4 steps'; `step`: what one is called where no seconds are known."""
    if clock == "s":
        return Text("{t:seconds}", t=t)
    return Text(STEPS[step], n=int(t) if t == int(t) else t)


def pace(t: float, clock: Clock, step: str = "step") -> Text:
    """'1 s shows 50.0 µs': the time of the model shown in one second."""
    return shown(model_time(t, clock, step))


def shown(time: Text) -> Text:
    """'1 s shows …'."""
    return Text(N_("1 s shows {time}"), time=time)
