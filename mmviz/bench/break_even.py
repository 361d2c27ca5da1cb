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
from mmviz.bench.hindrances import cause as hindered
from mmviz.bench.results import Run
from mmviz.bench.stats import FEW, summarize
from mmviz.core.verdict import MOST, Figure, Verdict, judge

Kind = Literal["missing", "undecided", "always", "crossing", "several"]

LEAST = 6  # samples between whose least and greatest the median lies in 97 of 100 series
_STUDENT = {2: 6.35, 3: 1.47, 4: 0.77, 5: 0.53}
"""By so many times their range the median of so few may be off: Student's t at 95 %, with the
standard deviation estimated by the range (Pearson and Hartley's d2), over the root of the count."""

DECISIVE = 2.0
"""From so many times on one is ahead though the error of a time is not known: that of an estimate,
which is scaled up from a part of a pass, or of a handful of samples."""

CROWDED, CROWDED_ESTIMATE = 100.0, 10.0
"""The same where others computed beside the slower one. A long pass, of which a part ran, is slowed
by as much as others took; one of many short steps on several threads waits for a time slice at each
of them: 79 ms were seen of a pass of a tenth of one."""


@dataclass(frozen=True, slots=True)
class SpeedUp:
    """Both backends at one batch. verdict: better 0 where `one` is faster, 1 where `other` is.

    times: how many times faster `other` is, less than 1 where it is slower; error: the factor by
    which that may be off, less 1; None: not known.
    """

    one: Run
    other: Run
    verdict: Verdict
    times: float
    error: float | None

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


def figure(run: Run) -> Figure:
    """The median of a run with its error.

    Of fewer samples than `Run.error` asks for, from LEAST on, it is as wide as their whole range:
    of n samples the median lies outside of it by the chance 2^(1-n), whatever they are spread like
    (the sign test). Of fewer, or of an estimate, it is not known.
    """
    stats = run.stats
    if stats is None:
        raise ValueError("a run without samples has no figure")
    if run.estimated:
        return Figure(stats.p50, None)
    if LEAST <= stats.n < FEW and stats.min > 0:
        off = max(max(run.samples_s) / stats.p50, stats.p50 / stats.min) - 1
        return Figure(stats.p50, off)
    return Figure(stats.p50, run.error)


def ahead(one: Run, other: Run) -> Verdict:
    """Which of both is faster. Where the error of a time is not known, the one that is DECISIVE
    times as fast or more (its error stays None), and of a few samples by more than they spread.
    """
    told = judge(_handful(one), _handful(other))
    if figure(one).error is not None and figure(other).error is not None:
        return told
    slower = max(one, other, key=_median)
    least = DECISIVE
    if hindered(slower.load):
        least = CROWDED_ESTIMATE if slower.estimated else CROWDED
    if told.why_none == "close":
        return told
    if told.share * least > 1:
        return Verdict(None, "unknown", told.share, None)
    return Verdict(1 if slower is one else 0, "", told.share, told.error)


def _handful(run: Run) -> Figure:
    """The same; of two to five samples by some times the range of their logarithms, as if these
    were spread normally, and never so narrow that less than a factor of two would tell.
    """
    found, stats = figure(run), run.stats
    if found.error is not None or run.estimated or stats is None or stats.n not in _STUDENT:
        return found
    off = math.log(max(run.samples_s) / stats.min) if stats.min > 0 else MOST
    return Figure(found.value, min(max(_STUDENT[stats.n] * off, math.log(2)), MOST))


def _speed_up(one: Run, other: Run) -> SpeedUp:
    first, second = _handful(one), _handful(other)
    error = None
    if first.error is not None and second.error is not None:
        error = math.expm1(min(math.hypot(first.error, second.error), MOST))
    times = max(first.value, 1e-12) / max(second.value, 1e-12)
    return SpeedUp(one, other, ahead(one, other), times, error)


def _median(run: Run) -> float:
    return run.stats.p50 if run.stats is not None else math.inf
