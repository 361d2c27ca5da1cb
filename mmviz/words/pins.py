"""Two points of a sweep, A and B, compared in words: per example and per pass.

What is called less is so by `core.verdict`: inside the error of both nothing is.
"""

from __future__ import annotations

import numpy as np

from mmviz.core.time.sweep import Sweep
from mmviz.core.verdict import Figure, Verdict, judge
from mmviz.text import N_, Text, joined
from mmviz.words.provenance import label
from mmviz.words.sweep import error_text, place_text, time_text
from mmviz.words.verdict import share, why_none

NAMES = ("A", "B")


def verdict(found: Sweep, pins: tuple[int, int], *, per_example: bool) -> Verdict:
    """Which of two points takes less time, of a pass or per example."""
    return judge(*_figures(found, pins, per_example))


def compared(found: Sweep, pins: tuple[int, int]) -> tuple[Text, ...]:
    """The difference of A and B per example, then per pass, a line each.

    'per example: B takes 24.6 % ± 3.9 % less; A 2.41 µs ± 3.1 %, B 1.82 µs ± 3.1 %, modelled'.
    """
    if not found.fits[list(pins)].all():
        told = (
            Text("{pin}: {why}", pin=pin, why=time_text(found, at))
            for pin, at in zip(NAMES, pins, strict=True)
        )
        return (joined(tuple(told), "semicolons"),)
    per_example, a_pass = (_line(found, pins, each) for each in (True, False))
    return (
        Text(N_("per example: {said}, {kind}"), said=per_example, kind=label(found.provenance)),
        Text(N_("a pass: {said}"), said=a_pass),
    )


def places(found: Sweep, pins: tuple[int, int]) -> Text:
    """'A batch 96, B batch 128'."""
    return joined(
        [
            Text("{pin} {place}", pin=pin, place=place_text(found, at))
            for pin, at in zip(NAMES, pins, strict=True)
        ],
        "commas",
    )


def summary(found: Sweep, pins: tuple[int, int]) -> tuple[Text, ...]:
    """The same where the pins themselves are not seen with it: beside an exported chart."""
    return (places(found, pins), *compared(found, pins))


def _line(found: Sweep, pins: tuple[int, int], per_example: bool) -> Text:
    figures = _figures(found, pins, per_example)
    of = judge(*figures)
    said = why_none(of)
    shorter = NAMES[0 if figures[0].value < figures[1].value else 1]
    if of.better is not None:
        said = Text(N_("{pin} takes {less} less"), pin=shorter, less=share(of))
    elif of.why_none == "unknown":  # no verdict, yet who asks is told what the figures say
        less = N_("{why}, by these figures {pin} takes {less} less")
        said = Text(less, why=said, pin=shorter, less=share(of))
    times = [_time(pin, figure) for pin, figure in zip(NAMES, figures, strict=True)]
    return joined((said, joined(times, "commas")), "semicolons")


def _time(pin: str, of: Figure) -> Text:
    """'A 2.41 µs ± 3.1 %'; without an error that is not known: the verdict says so."""
    time = Text("{pin} {seconds:seconds}", pin=pin, seconds=of.value)
    if of.error is None:
        return time
    return Text("{time} {error}", time=time, error=error_text(of.error))


def _figures(found: Sweep, pins: tuple[int, int], per_example: bool) -> tuple[Figure, Figure]:
    seconds = found.per_example if per_example else found.seconds
    first, second = (
        Figure(float(seconds[at]), None if np.isnan(off) else off)
        for at, off in ((at, float(found.error[at])) for at in pins)
    )
    return first, second
