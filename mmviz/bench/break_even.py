"""From which batch on one backend overtakes another, of what was measured; inside the error of both
nobody is ahead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import msgspec

from mmviz.bench.causes import Cause, cause
from mmviz.bench.faster import faster
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.core.verdict import Verdict

Kind = Literal["missing", "undecided", "always", "crossing", "several"]


@dataclass(frozen=True, slots=True)
class SpeedUp:
    """Both backends at one batch. verdict: better 0 where `one` is faster, 1 where `other` is.

    times: how many times faster `other` is, less than 1 where it is slower; error: the factor by
    which that may be off, less 1.
    """

    one: Run
    other: Run
    verdict: Verdict
    times: float
    error: float

    @property
    def batch(self) -> int:
        """Examples a pass."""
        return self.one.batch


@dataclass(frozen=True)
class BreakEven:
    """`one` and `other` at every batch at which both have figures, the least first.

    copies: what copies of the two counts with its input copied to it and its output back.
    """

    one: str
    other: str
    points: tuple[SpeedUp, ...]
    copies: bool = False

    @cached_property
    def decided(self) -> tuple[SpeedUp, ...]:
        """The points at which one of both is faster."""
        return tuple(point for point in self.points if point.verdict.better is not None)

    @cached_property
    def kind(self) -> Kind:
        """missing: no batch has figures of both; undecided: nowhere one is faster; always: the same
        is faster wherever one is; crossing: it changes once; several: more than once.
        """
        if not self.points:
            return "missing"
        if not self.decided:
            return "undecided"
        changes = len(self._changes)
        return "always" if changes == 0 else "crossing" if changes == 1 else "several"

    @property
    def small(self) -> str:
        """Who wins at the least batch that tells, "" where none does."""
        return self._winner(self.decided[0]) if self.decided else ""

    @property
    def large(self) -> str:
        """Who wins at the greatest batch that tells, "" where none does."""
        return self._winner(self.decided[-1]) if self.decided else ""

    @property
    def between(self) -> tuple[int, int] | None:
        """The batches around a crossing: the last that `small` wins, the first that `large` does.

        What was measured between them, if anything, is too close to call.
        """
        if self.kind != "crossing":
            return None
        last, first = self._changes[0]
        return last.batch, first.batch

    @property
    def about(self) -> float | None:
        """Where both would take as long: the ratio of their times as a power of the batch between
        the two points around a crossing. Not measured.
        """
        if self.kind != "crossing":
            return None
        last, first = self._changes[0]
        low, high = math.log(last.times), math.log(first.times)
        share = low / (low - high)
        return float(last.batch * (first.batch / last.batch) ** share)

    @property
    def close_from(self) -> int | None:
        """The batch from which on nobody is ahead any more, None where the last one tells."""
        return self._rim(reversed(self.points))

    @property
    def close_to(self) -> int | None:
        """The batch up to which nobody is ahead yet, None where the first one tells."""
        return self._rim(self.points)

    @property
    def untold(self) -> bool:
        """Whether somewhere nobody is ahead since there are too few samples to know of an error."""
        return any(point.verdict.why_none == "unknown" for point in self.points)

    @property
    def cause(self) -> Cause:
        """What the loser of the small batches loses most of its time to there, "" where no parts
        were timed.
        """
        if self.kind != "crossing":
            return ""
        point = self._changes[0][0]
        winner, loser = (
            (point.one, point.other) if point.verdict.better == 0 else (point.other, point.one)
        )
        return cause(winner, loser)

    @cached_property
    def _changes(self) -> tuple[tuple[SpeedUp, SpeedUp], ...]:
        """Neighbours among those that tell, with different winners."""
        found = zip(self.decided, self.decided[1:], strict=False)
        return tuple(pair for pair in found if pair[0].verdict.better != pair[1].verdict.better)

    def _winner(self, point: SpeedUp) -> str:
        return self.one if point.verdict.better == 0 else self.other

    def _rim(self, points: Iterable[SpeedUp]) -> int | None:
        """The innermost batch of those that do not tell, from one end of the points on."""
        found = None
        for point in points:
            if point.verdict.better is not None:
                break
            found = point.batch
        return found


def break_even(runs: Iterable[Run], one: str, other: str) -> BreakEven:
    """Both backends of one sweep over batches; of several runs at one batch it is the last."""
    found = {(run.backend, run.batch): run for run in runs if run.stats is not None}
    batches = sorted({batch for _, batch in found})
    pairs = ((found.get((one, batch)), found.get((other, batch))) for batch in batches)
    points = (_speed_up(a, b) for a, b in pairs if a is not None and b is not None)
    return BreakEven(one, other, tuple(points))


def with_copies(runs: Iterable[Run], even: BreakEven) -> BreakEven | None:
    """The same two, each with the copies it needs; None where neither was timed with any."""
    pair = [run for run in runs if run.backend in (even.one, even.other)]
    if not any(run.copied for run in pair):
        return None
    copying = {run.backend for run in pair if run.copied}
    counted = [copied(run) if run.copied else run for run in pair]
    kept = [run for run in counted if run.copied or run.backend not in copying]
    return replace(break_even(kept, even.one, even.other), copies=True)


def copied(run: Run) -> Run:
    """A run whose samples are its passes with copies."""
    samples, stats = run.copied, summarize(run.copied)
    return msgspec.structs.replace(run, samples_s=samples, stats=stats, parts=(), on_gpu=())


def break_evens(runs: Iterable[Run]) -> tuple[BreakEven, ...]:
    """The backend that is fastest at the least batch against each other that was measured there or
    elsewhere, in their order; none where only one was.
    """
    measured = [run for run in runs if run.stats is not None and not run.estimated]
    backends = tuple(dict.fromkeys(run.backend for run in measured))
    if len(backends) < 2:
        return ()
    least = min(run.batch for run in measured)
    first = min((run for run in measured if run.batch == least), key=_median).backend
    return tuple(break_even(measured, first, other) for other in backends if other != first)


def _speed_up(one: Run, other: Run) -> SpeedUp:
    found = faster(one, other)
    return SpeedUp(one, other, found.verdict, found.times, found.error)


def _median(run: Run) -> float:
    return run.stats.p50 if run.stats is not None else math.inf
