"""Why one backend is faster than another, as far as the parts of their passes tell."""

from __future__ import annotations

import statistics
from typing import Literal

from mmviz.backends.base import What
from mmviz.bench.results import Run

Cause = Literal["launch", "products", "rest", ""]

BEYOND = 2.0
"""Times a pass, up to which its parts are believed: a few samples each, timed after it."""

PRODUCTS: tuple[What, ...] = ("forward", "dgrad", "wgrad")


def cause(winner: Run, loser: Run) -> Cause:
    """What the loser loses at least half of the difference to: its cost of a launch, its products,
    or all else of a pass; "" where no parts were timed, or none of them makes as much.

    A part waits for the device, so it has a launch in it: launch is asked for first. Parts that
    take far longer than the pass they are of explain nothing: others came between.
    """
    if not (loser.parts and winner.parts and loser.stats and winner.stats):
        return ""
    half = (loser.stats.p50 - winner.stats.p50) / 2
    if spent(loser, "launch") - spent(winner, "launch") >= half:
        return "launch" if _likely(loser, "launch") else ""
    if spent(loser, *PRODUCTS) - spent(winner, *PRODUCTS) >= half:
        return "products" if _likely(loser, *PRODUCTS) else ""
    if spent(loser, "rest") - spent(winner, "rest") >= half and _likely(loser, "rest"):
        return "rest"
    return ""


def _likely(run: Run, *what: What) -> bool:
    """Whether those parts can be parts of the pass, with the launch that each has alone."""
    count = sum(part.what in what for part in run.parts)
    alone = count * spent(run, "launch") if "launch" not in what else 0.0
    return run.stats is not None and spent(run, *what) <= BEYOND * (run.stats.p50 + alone)


def spent(run: Run, *what: What) -> float:
    """Seconds of those parts of a pass, 0.0 where none were timed."""
    return sum(part.seconds for part in run.parts if part.what in what)


def with_copies(run: Run) -> float | None:
    """Seconds of a pass with its input brought to the device and its output back; None: no data."""
    if run.copied:
        return statistics.median(run.copied)
    copies = spent(run, "upload", "download")
    return run.stats.p50 + copies if copies and run.stats is not None else None
