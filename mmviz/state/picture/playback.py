"""Where the picture stands in time and how fast it moves. Changing the speed changes no number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from mmviz.core.schedule.trace import Frame, Trace

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
SECONDS_A_PRODUCT = 8.0  # roughly how long a product plays at speed 1


@dataclass(frozen=True, slots=True)
class Playback:
    """position: share of the product's duration, 0 … 1. speed: one of SPEEDS. loop: over again."""

    position: float = 0.0
    playing: bool = False
    speed: float = 1.0
    loop: bool = False

    def at(self, position: float) -> Playback:
        """Elsewhere in time, 0 … 1; keeps playing if it was."""
        return replace(self, position=min(max(position, 0.0), 1.0))

    def paused(self) -> Playback:
        """At the same place, not playing."""
        return replace(self, playing=False)


def same_instant(a: Frame | None, b: Frame | None) -> bool:
    """Whether two frames show the same trace at the same time."""
    if a is None or b is None:
        return a is b
    return a.trace is b.trace and a.t == b.t


def pace(duration: float, speed: float) -> float:
    """Model time shown in one second of wall time: 1, 2 or 5 times a power of 10."""
    exact = duration / SECONDS_A_PRODUCT
    power = 10.0 ** math.floor(math.log10(exact))
    return speed * power * max(step for step in (1, 2, 5) if step <= exact / power * (1 + 1e-9))


def advance(
    playback: Playback, wall_s: float, duration: float, typical: float | None = None
) -> Playback:
    """The playback `wall_s` later; at the end it stops, or begins again in a loop.

    typical: the duration the pace is made for, where it is not this product's own.
    """
    if not playback.playing:
        return playback
    position = playback.position + wall_s * pace(typical or duration, playback.speed) / duration
    if position >= 1.0 and playback.loop:
        return replace(playback, position=position % 1.0)
    if position >= 1.0:
        return replace(playback, position=1.0, playing=False)
    return replace(playback, position=position)


def toggle(playback: Playback) -> Playback:
    """Play or pause; playing from the end starts over."""
    if playback.playing:
        return replace(playback, playing=False)
    start = 0.0 if playback.position >= 1.0 else playback.position
    return replace(playback, position=start, playing=True)


def stepped(playback: Playback, trace: Trace, direction: int, by: str) -> Playback:
    """One step on (+1) or back (-1) by 'k-step', 'tile' or 'wave'; pauses.

    The grid lies on multiples of the step since the wave began, so stepping there and back returns
    to the same place. A tile's step goes to where the next tile begins or ends.
    """
    t = playback.position * trace.duration
    slack = trace.duration * 1e-9
    if by == "tile":
        target = _tile_stop(trace, t, direction, slack)
    elif by == "k-step":
        target = _k_stop(trace, t, direction, slack)
    else:
        target = wave_stop(trace, t, direction, slack)
    return replace(playback.at(target / trace.duration), playing=False)


def wave_stop(trace: Trace, t: float, direction: int, slack: float) -> float:
    """When the next wave begins (+1), or one began before `t` (-1); the end and 0 beyond them."""
    if direction > 0:
        return trace.wave_start(trace.waves_begun(t + slack) + 1)
    begun = trace.waves_begun(t - slack)
    return trace.wave_start(begun) if begun else 0.0


def _tile_stop(trace: Trace, t: float, direction: int, slack: float) -> float:
    """The nearest start or end of a tile on that side of `t`."""
    if direction > 0:
        begin = trace.starts.first_after(t + slack)
        ends = trace.ends.of(slice(trace.ends.first_after(t + slack), begin + 1))
        ends = ends[ends > t + slack]
        starts = trace.starts.of(slice(begin, begin + 1))
        return float(min((*starts, *([ends.min()] if len(ends) else []), trace.duration)))
    before = trace.starts.latest_before(t - slack), trace.ends.latest_before(t - slack)
    return max((time for time in before if time is not None), default=0.0)


def _k_stop(trace: Trace, t: float, direction: int, slack: float) -> float:
    """The place beside `t` on the grid of k-steps within the wave that it lies in (coming from the
    side of a step). There may be a thousand million steps.
    """
    wave = min(max(trace.waves_begun(t + direction * slack), 1), trace.waves)
    start, end = trace.wave_start(wave), trace.wave_start(wave + 1)
    pitch = trace.k_step_time(wave)
    steps, at = max(1, round((end - start) / pitch)), math.floor((t - start) / pitch)
    grid = start + pitch * np.arange(max(min(at, steps) - 1, 0), min(at + 3, steps))
    stops = np.append(grid[grid < end - 1e-9 * trace.duration], end)
    beside = stops[stops > t + slack][:1] if direction > 0 else stops[stops < t - slack][-1:]
    return float(beside[0]) if len(beside) else (trace.duration if direction > 0 else 0.0)
