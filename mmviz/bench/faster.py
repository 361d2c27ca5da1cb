"""Which of two runs is faster, at one batch: the one rule, whoever asks.

Both medians are off by chance, and `core.verdict` says when that is too much for a verdict. Of an
estimate, or of a handful of samples, nobody knows by how much; still a thousand times as long is
longer. So there it is taken for at least a factor of DECISIVE, and for more where others computed
beside the slower one: nobody makes a pass shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mmviz.bench.hindrances import cause as hindered
from mmviz.bench.results import Run
from mmviz.bench.stats import FEW
from mmviz.core.verdict import MOST, Figure, Verdict, judge

LEAST = 6  # samples between whose least and greatest the median lies in 97 of 100 series
_STUDENT = {2: 6.35, 3: 1.47, 4: 0.77, 5: 0.53}
"""By so many times their range the median of so few may be off: Student's t at 95 %, with the
standard deviation estimated by the range (Pearson and Hartley's d2), over the root of the count."""

DECISIVE = 2.0
"""The least factor that is told where the error of a time is not known: that of an estimate, which
is scaled up from a part of a pass, or of a handful of samples."""

CROWDED, CROWDED_ESTIMATE = 100.0, 10.0
"""The same where others computed beside the slower one. A long pass, of which a part ran, is slowed
by as much as others took; one of many short steps on several threads waits for a time slice at each
of them: 79 ms were seen of a pass of a tenth of one."""


@dataclass(frozen=True, slots=True)
class Faster:
    """verdict: better 0 where the first is faster, 1 where the second is; its error is None where
    that of one of both is not known, but taken for large, and "unknown" where that decides nothing.

    times: how many times faster the second is, less than 1 where it is slower; error: the factor by
    which that may be off, less 1.
    """

    verdict: Verdict
    times: float
    error: float

    @property
    def rough(self) -> bool:
        """Whether the error of one of both is not known."""
        return self.verdict.error is None


def faster(one: Run, other: Run) -> Faster:
    """Which of two runs that have figures is faster; raises ValueError where one has none."""
    first, second = figure(one), figure(other)
    rough = first.error is None or second.error is None
    first = _guarded(one, first, slower=first.value > second.value)
    second = _guarded(other, second, slower=first.value < second.value)
    error = math.expm1(min(math.hypot(first.error or 0.0, second.error or 0.0), MOST))
    times = max(first.value, 1e-12) / max(second.value, 1e-12)
    told = judge(first, second)
    if rough:
        told = Verdict(told.better, "unknown" if told.better is None else "", told.share, None)
    return Faster(told, times, error)


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


def _guarded(run: Run, found: Figure, *, slower: bool) -> Figure:
    """With an error where none is known: of two to five samples by some times the range of their
    logarithms, as if these were spread normally, and never so narrow that less than DECISIVE tells.
    """
    if found.error is not None:
        return found
    least = DECISIVE
    if slower and hindered(run.load):
        least = CROWDED_ESTIMATE if run.estimated else CROWDED
    off, stats = math.log(least), run.stats
    if stats is not None and not run.estimated and stats.n in _STUDENT:
        wide = math.log(max(run.samples_s) / stats.min) if stats.min > 0 else MOST
        off = max(off, _STUDENT[stats.n] * wide)
    return Figure(found.value, min(off, MOST))
