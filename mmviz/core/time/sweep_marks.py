"""What stands out of a priced sweep: its fastest point, and where its waves begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.time.sweep import Ints, Sweep

MOST_STEPS = 6
LEAST_STEP = 0.01  # of the time before it; smaller ones are left out


@dataclass(frozen=True, slots=True)
class Step:
    """From one point to the next, `gain` more of the time before: a wave begins."""

    before: int
    point: int
    gain: float


def fastest(found: Sweep) -> int | None:
    """The point with the least time per example; None where no time is known."""
    return int(np.nanargmin(found.per_example)) if found.known else None


def steps(found: Sweep) -> tuple[Step, ...]:
    """Where waves begin along a sweep of one axis: the largest jumps, in their order.

    A jump counts where the waves of the pass become more and its time at least LEAST_STEP longer.
    """
    if not found.known or not one_axis(found) or len(found.points) < 2:
        return ()
    grown = found.seconds[1:] / found.seconds[:-1] - 1
    begins = (np.diff(found.waves) > 0) & (grown >= LEAST_STEP)
    order = np.argsort(np.where(begins, -grown, np.inf), kind="stable")[:MOST_STEPS]
    kept = sorted(int(i) for i in order if begins[i])
    return tuple(Step(i, i + 1, float(grown[i])) for i in kept)


def one_axis(found: Sweep) -> bool:
    """Whether only the batch or only the width changes."""
    points = found.points
    return points.widths is None or len(np.unique(points.batches)) == 1


def axis_values(found: Sweep) -> Ints:
    """What changes along a sweep of one axis: the batches, or the widths."""
    points = found.points
    return points.batches if points.widths is None else points.widths


def products_of(found: Sweep) -> int:
    """How many matrix products a pass has."""
    layers = len(found.points.network.layers)
    return 3 * layers - 1 if found.points.training else layers
