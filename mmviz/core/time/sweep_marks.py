"""What stands out of a priced sweep: its fastest point, and its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz.core.time.sweep import PARTS_OF_TIME, Floats, Ints, Sweep

MOST_STEPS = 6
LEAST_STEP = 0.01  # of the time before it; smaller ones are left out
LEAST_PART = 1 / 3  # of a step; a smaller part is no cause of it
SEEN = 1 / 20  # of a step; what the causes leave is said from here on


@dataclass(frozen=True, slots=True)
class Step:
    """From one point to the next, `gain` more of the time before.

    causes: ids of the losses that grew, each with its share of the time before, the largest first;
    then those that shrank as much. others: how many smaller steps of the first cause are not
    listed.
    """

    before: int
    point: int
    gain: float
    causes: tuple[tuple[str, float], ...]
    others: int = 0

    @property
    def rest(self) -> float:
        """Share of the time before that all other parts of it grew by; 0 where that is nothing."""
        left = self.gain - sum(more for _, more in self.causes)
        return left if abs(left) >= SEEN * self.gain else 0.0


def fastest(found: Sweep) -> int | None:
    """The point with the least time per example; None where no time is known."""
    return int(np.nanargmin(found.per_example)) if found.known else None


def steps(found: Sweep) -> tuple[Step, ...]:
    """Where the time of a sweep of one axis jumps: the largest steps, the largest first.

    A step is at least LEAST_STEP of the time before it, and what grew most is lost time: where it
    is the time at the peak, there was so much more to compute. Wave quantization, tile
    quantization and whatever else a new tile brings stand one by one; alignment comes back every
    few counts, and its largest step stands for all of them.
    """
    if not found.known or not one_axis(found) or len(found.points) < 2:
        return ()
    grown = found.seconds[1:] / found.seconds[:-1] - 1
    more = np.diff(found.causes, axis=1) / found.seconds[:-1]
    causes = more.argmax(axis=0)
    begins = (causes > 0) & (grown >= LEAST_STEP)
    order = np.argsort(np.where(begins, -grown, np.inf), kind="stable")[: int(begins.sum())]
    aligned = PARTS_OF_TIME.index("alignment")
    same = [int(i) for i in order if causes[i] == aligned]
    kept = [int(i) for i in order if causes[i] != aligned or int(i) == same[0]][:MOST_STEPS]
    return tuple(
        Step(
            i,
            i + 1,
            float(grown[i]),
            _causes(more[:, i]),
            len(same) - 1 if causes[i] == aligned else 0,
        )
        for i in kept
    )


def _causes(more: Floats) -> tuple[tuple[str, float], ...]:
    """The losses that make a step, and those that take from it, of what each part grew by: as many
    as leave less than LEAST_PART of it.
    """
    gain = float(more.sum())
    rest, found = gain, []
    for part in np.argsort(-np.abs(more), kind="stable").tolist():
        grown = float(more[part])
        small = abs(grown) < LEAST_PART * gain and abs(rest) < LEAST_PART * gain
        if small or abs(grown) < SEEN * gain:
            break
        if PARTS_OF_TIME[part] != "peak":
            found.append((PARTS_OF_TIME[part], grown))
            rest -= grown
    return tuple(sorted(found, key=lambda pair: -pair[1]))


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
