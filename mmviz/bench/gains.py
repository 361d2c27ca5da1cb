"""How many times faster each backend is than the slowest of its batch."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mmviz.bench.faster import faster
from mmviz.bench.results import Run


class Gain(msgspec.Struct, frozen=True):
    """How many times faster than the slowest; `estimated` where either of both times is.

    close: chance makes as much of the medians, so that neither is faster. few: of too few samples
    to know what chance makes of them.
    """

    times: float
    estimated: bool
    close: bool = False
    few: bool = False

    @property
    def about(self) -> bool:
        """Whether it is not known how far it is off."""
        return self.estimated or self.few


def gains(runs: Iterable[Run]) -> dict[tuple[str, int], Gain]:
    """Each run's p50 beside that of the slowest backend of its batch, by backend and batch.

    Estimates count like measurements, so the slowest is the slowest of all and has 1. Runs without
    data are left out.
    """
    timed = [(run, run.stats.p50) for run in runs if run.stats is not None]
    slowest: dict[int, tuple[Run, float]] = {}
    for run, p50 in timed:
        if run.batch not in slowest or p50 > slowest[run.batch][1]:
            slowest[run.batch] = run, p50
    return {(run.backend, run.batch): _gain(run, slowest[run.batch][0]) for run, _ in timed}


def _gain(run: Run, slowest: Run) -> Gain:
    if run is slowest:
        return Gain(1.0, estimated=False)
    found = faster(slowest, run)
    estimated = run.estimated or slowest.estimated
    close = found.verdict.better is None and not found.rough
    return Gain(found.times, estimated, close, few=found.rough and not estimated)
