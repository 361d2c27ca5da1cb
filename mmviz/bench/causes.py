"""Why one backend is faster than another, as far as the parts of their passes tell."""

from __future__ import annotations

import statistics
from typing import Literal

from mmviz.backends.base import What
from mmviz.bench.results import Run

Cause = Literal["launch", "products", "rest", ""]

PRODUCTS: tuple[What, ...] = ("forward", "dgrad", "wgrad")


def cause(winner: Run, loser: Run) -> Cause:
    """What the loser loses at least half of the difference to: its cost of a launch, its products,
    or all else of a pass; "" where no parts were timed, or none of them makes as much.

    A part waits for the device, so it has a launch in it: launch is asked for first.
    """
    if not (loser.parts and winner.parts and loser.stats and winner.stats):
        return ""
    half = (loser.stats.p50 - winner.stats.p50) / 2
    if spent(loser, "launch") - spent(winner, "launch") >= half:
        return "launch"
    if spent(loser, *PRODUCTS) - spent(winner, *PRODUCTS) >= half:
        return "products"
    return "rest" if spent(loser, "rest") - spent(winner, "rest") >= half else ""


def spent(run: Run, *what: What) -> float:
    """Seconds of those parts of a pass, 0.0 where none were timed."""
    return sum(part.seconds for part in run.parts if part.what in what)


def with_copies(run: Run) -> float | None:
    """Seconds of a pass with its input brought to the device and its output back; None: no data."""
    if run.copied:
        return statistics.median(run.copied)
    copies = spent(run, "upload", "download")
    return run.stats.p50 + copies if copies and run.stats is not None else None
