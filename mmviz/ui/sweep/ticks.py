"""What the axes of a sweep's chart say, and where: round values, none of which touches the next."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from mmviz import units
from mmviz.state.clock.series import log_ticks
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.values import ENERGY, FASTER, PEAK, RATE, figure
from mmviz.ui.sweep.faces import Faces

AxisTick = tuple[float, str]
Place = Callable[[float], float]
GAP = 8.0  # pixels between words


def ticks_up(chart: SweepChart, ends: tuple[float, float], most: int) -> tuple[AxisTick, ...]:
    """(value as drawn, text)."""
    if chart.log_y and chart.value in (RATE, ENERGY, FASTER):
        return tuple((value, _text(chart.value, value)) for value in _decades(ends, min(most, 9)))
    if chart.log_y:
        return tuple((10.0**at, text) for at, text in log_ticks(*ends, most=min(most, 9)))
    most = max(2, min(most, 6))
    values = _multiples(ends, round_step((ends[1] - ends[0]) / most))
    if len(values) < 2:  # one alone says nothing
        values = _multiples(ends, round_step((ends[1] - ends[0]) / 2.5))
    return tuple((value, _text(chart.value, value)) for value in values)


def _text(value: str, x: float) -> str:
    """A round value without zeros behind the point."""
    if x == 0 and value != PEAK:
        return "0"
    number, _, unit = str(figure(value, x)).partition(" ")
    return f"{_bare(number)} {unit}"


def _decades(ends: tuple[float, float], most: int) -> list[float]:
    """Powers of ten between two logarithms; more in between where these are few."""
    first, last = math.floor(ends[0]), math.ceil(ends[1])
    for factors in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0)):
        values = [factor * 10.0**power for power in range(first, last + 1) for factor in factors]
        seen = [x for x in values if ends[0] - 1e-9 <= math.log10(x) <= ends[1] + 1e-9]
        if len(seen) >= 3:
            break
    return seen[:: math.ceil(len(seen) / max(most, 1))]


def _bare(number: str) -> str:
    """Without zeros behind the point."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _multiples(ends: tuple[float, float], step: float) -> list[float]:
    first, last = math.ceil(ends[0] / step - 1e-9), math.floor(ends[1] / step + 1e-9)
    return [i * step for i in range(first, last + 1)]


def round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, at least `least`."""
    decade: float = 10.0 ** math.floor(math.log10(least))
    return next(f * decade for f in (1, 2, 5, 10) if f * decade >= least * (1 - 1e-9))


def _x_values(chart: SweepChart, parts: int) -> list[int]:
    """Round counts within the range, of a linear axis about as many as `parts`."""
    low, high = int(chart.x.min()), int(chart.x.max())
    if len(chart.x) <= 12:
        return [int(x) for x in chart.x]
    if chart.log_x:
        powers = [2**i for i in range(25) if low <= 2**i <= high]
        return powers if len(powers) > 2 else [low, high]
    return _multiples_of(max(1, int(round_step((high - low) / parts))), low, high)


def _multiples_of(step: int, low: int, high: int) -> list[int]:
    return list(range(-(-low // step) * step, high + 1, step)) or [high]


def ticks_across(chart: SweepChart, place: Place, faces: Faces) -> tuple[AxisTick, ...]:
    """As many as have room: of a linear axis multiples of one round count; place: to pixels."""
    for parts in range(8, 0, -1):
        values = _x_values(chart, parts)
        places = [(place(float(value)), units.group(value)) for value in values]
        sizes = [faces.figure_width(text) + 2 * GAP for _, text in places]
        found = apart(places, sizes)
        if len(found) == len(places):
            break
    low = int(chart.x.min())
    first = place(float(low)), units.group(low)
    room = (faces.figure_width(first[1]) + faces.figure_width(found[0][1])) / 2 + GAP
    # The axis says where it begins, wherever its round counts do.
    return (first, *found) if found[0][0] - first[0] >= room else found


def apart(ticks: Sequence[AxisTick], sizes: Sequence[float]) -> tuple[AxisTick, ...]:
    """Every so many of the ticks, so that none touches the next; places in pixels."""
    if len(ticks) < 2:
        return tuple(ticks)
    gaps = [abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks)]
    least = min(gaps)
    every = max(1, math.ceil(max(sizes) / max(least, 1e-9)))
    return tuple(ticks[::every])


def rounded(places: Sequence[tuple[float, int]], size: float) -> tuple[AxisTick, ...]:
    """Ticks at multiples of the smallest power of two of which none touches the next.

    places: pixel and count. size: pixels that a tick's words take along the axis.
    """
    for power in range(25):
        ticks = [(at, units.group(count)) for at, count in places if count % 2**power == 0]
        gaps = [abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks)]
        if not gaps or min(gaps) >= size:
            break
    return tuple(ticks) or ((places[-1][0], units.group(places[-1][1])),)
