"""Where the picture stands in time and how fast it moves. Changing the speed changes no number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from mmviz import units
from mmviz.core.trace import Clock, Trace

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
SECONDS_A_PRODUCT = 8.0  # roughly how long a product plays at speed 1


@dataclass(frozen=True, slots=True)
class Playback:
    """position: share of the product's duration, 0 … 1. speed: one of SPEEDS."""

    position: float = 0.0
    playing: bool = False
    speed: float = 1.0

    def at(self, position: float) -> Playback:
        """Elsewhere in time, 0 … 1; keeps playing if it was."""
        return replace(self, position=min(max(position, 0.0), 1.0))


def pace(duration: float, speed: float) -> float:
    """Model time shown in one second of wall time: 1, 2 or 5 times a power of 10."""
    exact = duration / SECONDS_A_PRODUCT
    power = 10.0 ** math.floor(math.log10(exact))
    return speed * power * max(step for step in (1, 2, 5) if step <= exact / power * (1 + 1e-9))


def pace_text(duration: float, speed: float, clock: Clock) -> str:
    """'1 s shows 50 µs', or '1 s shows 0.5 steps' where nothing is known in seconds."""
    return f"1 s shows {model_time(pace(duration, speed), clock)}"


def model_time(t: float, clock: Clock) -> str:
    """A time of the model as text, in its clock."""
    if clock == "s":
        return units.seconds(t)
    whole = t >= 100 or t == int(t)
    text = units.group(round(t)) if whole else f"{t:.1f}" if t >= 0.1 else units.sig(t, 2)
    return f"{text} {'step' if t == 1 else 'steps'}"


def advance(playback: Playback, wall_s: float, duration: float) -> Playback:
    """The playback `wall_s` later; stops at the end."""
    if not playback.playing:
        return playback
    position = playback.position + wall_s * pace(duration, playback.speed) / duration
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
    """One step on (+1) or back (-1) by 'k-step' or 'wave'; pauses.

    The grid lies on multiples of the step since the wave began, so stepping there and back returns
    to the same place.
    """
    stops = _wave_stops(trace)
    t = playback.position * trace.duration
    slack = trace.duration * 1e-9
    if by == "k-step":
        edge = (
            np.searchsorted(stops, t + slack, side="right")
            if direction > 0
            else np.searchsorted(stops, t - slack, side="left")
        )
        wave = min(max(int(edge) - 1, 0), len(stops) - 2)
        stops = _k_stops(trace, stops[wave], stops[wave + 1], wave + 1)
    if direction > 0:
        later = stops[stops > t + slack]
        target = later[0] if len(later) else trace.duration
    else:
        earlier = stops[stops < t - slack]
        target = earlier[-1] if len(earlier) else 0.0
    return replace(playback.at(float(target) / trace.duration), playing=False)


def _wave_stops(trace: Trace) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.append(trace.wave_starts(), trace.duration)


def _k_stops(
    trace: Trace, start: float, end: float, wave: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rows = trace.tiles_of_wave(wave)
    length = float((trace.end[rows] - trace.start[rows]).min())
    pitch = length / trace.tiling.k_steps
    steps = max(1, round((end - start) / pitch))
    return np.append(start + pitch * np.arange(steps), end)
