"""Of all that a calibration timed, what nobody disturbed.

A product is timed in short visits all over the calibration. Each visit begins with one and the same
small product, the reference: where that took another time than mostly, the clock had changed. Of
every block it is known how long its threads waited for a core, where the system tells; a block in
which they waited noticeably longer than in that product's best one was disturbed. What counts is a
low quantile of the others: a disturbance that nobody tells of only ever makes a block longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

WAITED = 0.02  # share of a block above the least of its product, from which on it was disturbed
LOST = 0.25  # who waits so long in its best block never had the cores
DRIFTED = 0.10  # how far a reference may be from the median of all
QUANTILE, UPPER = 0.25, 0.75  # of the undisturbed blocks: what counts, and how far they spread

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Block:
    """Some calls in a row: seconds a call; waited: seconds its threads waited for a core, all of
    them added, as a share of the block's; None where nobody tells."""

    seconds: float
    waited: float | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Blocks right after each other, and the seconds of the reference before them."""

    reference_s: float
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What counts of a product: seconds a call, the same of the slower blocks, how many count."""

    seconds: float
    slower: float
    blocks: int


def undisturbed(visits: Mapping[Key, Sequence[Visit]]) -> tuple[dict[Key, Kept], float]:
    """What counts of each product, and the share of all blocks that does not.

    A product of which every block was disturbed is left out.
    """
    references = [visit.reference_s for found in visits.values() for visit in found]
    usual = float(np.median(references)) if references else 0.0
    kept: dict[Key, Kept] = {}
    total = used = 0
    for key, found in visits.items():
        steady = [visit for visit in found if not drifted(visit, usual)]
        seconds = clean(block for visit in steady for block in visit.blocks)
        total += sum(len(visit.blocks) for visit in found)
        used += len(seconds)
        if seconds:
            low, high = np.quantile(seconds, (QUANTILE, UPPER))
            kept[key] = Kept(float(low), float(high), len(seconds))
    return kept, 1 - used / total if total else 0.0


def drifted(visit: Visit, usual: float) -> bool:
    """Whether the clock was another one than mostly."""
    return abs(visit.reference_s - usual) > DRIFTED * usual


def clean(blocks: Iterable[Block]) -> list[float]:
    """Seconds of those blocks whose threads waited no longer than in the best one; none where even
    there they had no core for much of the time."""
    known = list(blocks)
    waits = [0.0 if block.waited is None else block.waited for block in known]
    least = min(waits, default=0.0)
    if least > LOST:
        return []
    return [b.seconds for b, w in zip(known, waits, strict=True) if w <= least + WAITED]
