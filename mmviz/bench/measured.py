"""What a calibration of this machine found: every shape that was timed, and what follows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

import msgspec

from mmviz.bench.hindrances import NOTICED, hindrances
from mmviz.bench.load import Load
from mmviz.bench.machine import Machine
from mmviz.core.device.ranges import FIGURES, MAX_ERROR, SECONDS, check_figure
from mmviz.core.shapes.dtype import BYTES, check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.core.time.cpu_time import TimedShape, check_constants, cpu_seconds, fit_cpu, mean_error
from mmviz.errors import InputError
from mmviz.text import N_, Text, own

MAX_ROWS = 10_000
LONG_S = 50e-6  # products of at least that are judged by themselves, too
FLUCTUATION = 0.1  # between rounds, from which on it is said
LEAST_GAIN = 1.1  # two threads that are no more than this faster than one


class ProductRow(msgspec.Struct, frozen=True, array_like=True):
    """One product: the lower quartile of its undisturbed blocks in seconds, the upper one, and how
    many there were. kept: not shown to the fit.
    """

    dtype: str
    threads: int
    m: int
    n: int
    k: int
    seconds: float
    slower: float
    blocks: int
    kept: bool = False

    @property
    def rate(self) -> float:
        """FLOP/s."""
        return 2 * self.m * self.n * self.k / self.seconds


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """A copy of `size` bytes into as many, by `threads` threads at once: seconds as of products."""

    threads: int
    size: int
    seconds: float

    @property
    def bandwidth(self) -> float:
        """Bytes/s read and written; what a cache reads before it is written over is not counted."""
        return 2 * self.size / self.seconds


class Fitted(msgspec.Struct, frozen=True):
    """Constants of `core.time.cpu_time` for one number format, and how well they did.

    rows: shapes they were fitted to; error: on the `kept` shapes, never shown to the fit, as a
    share; error_long: on those of at least LONG_S, None where there were none.
    """

    dtype: str
    threads: int
    constants: dict[str, float]
    rows: int
    kept: int
    error: float
    error_long: float | None = None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One calibration. call_s: a product of one number; cache: bytes of the last-level cache.

    cores: how many the process might use; threads: how many its BLAS takes; took_s: wall seconds
    since it was asked for. dropped: share of the blocks that were disturbed and do not count; load:
    what went on beside it.
    """

    version: int = 2
    machine: Machine
    cores: int
    threads: int
    call_s: float
    cache: int | None = None
    copies: tuple[Copy, ...]
    rows: tuple[ProductRow, ...]
    fitted: tuple[Fitted, ...]
    took_s: float
    dropped: float = 0.0
    load: Load | None = None

    def peak(self, dtype: str, threads: int) -> float | None:
        """FLOP/s of the fastest product on so many threads, None where none was timed."""
        return max(
            (r.rate for r in self.rows if (r.dtype, r.threads) == (dtype, threads)), default=None
        )

    def thread_counts(self, dtype: str) -> tuple[int, ...]:
        """On how many threads products were timed, rising."""
        return tuple(sorted({row.threads for row in self.rows if row.dtype == dtype}))

    def dtypes(self) -> tuple[str, ...]:
        """Number formats that were timed."""
        return tuple(dict.fromkeys(row.dtype for row in self.rows))

    @property
    def bandwidth(self) -> float | None:
        """The best of the copies in bytes/s, None where there was none."""
        return max((copy.bandwidth for copy in self.copies), default=None)

    @property
    def spread(self) -> float | None:
        """How much longer the slower blocks took that count, median over shapes, a share."""
        if not self.rows:
            return None
        return statistics.median(row.slower / row.seconds for row in self.rows) - 1

    def error(self, dtypes: Iterable[str]) -> float:
        """The largest error on shapes kept out of those number formats; inf where one has none."""
        known = {fitted.dtype: fitted.error for fitted in self.fitted}
        return max((known.get(dtype, math.inf) for dtype in dtypes), default=math.inf)

    def disturbances(self) -> tuple[Text, ...]:
        """Signs in plain words that something else was running: a reason to calibrate again."""
        said = []
        quota = self.machine.quota
        one_core = quota is not None and quota < 2  # nobody else's doing
        slow = [dtype for dtype in self.dtypes() if self._alone(dtype) and not one_core]
        if slow:
            alone = N_(
                "two threads were no faster than one in {dtypes}: "
                "you did not own your cores, calibrate again when nothing else runs"
            )
            both = Text(N_("{one} and {other}"), one=slow[0], other=slow[-1])
            said.append(Text(alone, dtypes=both if len(slow) > 1 else own(slow[0])))
        spread = self.spread
        if spread is not None and spread > FLUCTUATION:
            running = N_(
                "something else was running: from time to time the same product took "
                "{spread:percent} longer (median over shapes)"
            )
            said.append(Text(running, spread=spread))
        if self.dropped > NOTICED:
            disturbed = N_("{share:percent2} of what was timed was disturbed and does not count")
            said.append(Text(disturbed, share=self.dropped))
        said += hindrances(self.load, self.machine)
        return tuple(said)

    def remarks(self) -> tuple[Text, ...]:
        """All that is to be held against the figures, in plain words."""
        said = list(self.disturbances())
        if any(self.cache and 2 * copy.size <= self.cache for copy in self.copies):
            fits = N_("what was copied fits into the last-level cache: memory itself may be slower")
            said.append(Text(fits))
        return tuple(said)

    def _alone(self, dtype: str) -> bool:
        """Whether a second thread brought nothing."""
        one, two = self.peak(dtype, 1), self.peak(dtype, 2)
        return one is not None and two is not None and two < LEAST_GAIN * one


def check(measured: Measured) -> None:
    """Raises InputError for what nobody can have measured: it would end in the arithmetic."""
    rows, copies = measured.rows, measured.copies
    if max(len(rows), len(copies), len(measured.fitted)) > MAX_ROWS:
        raise InputError(N_("more than {most:group} measured products"), most=MAX_ROWS)
    times = [measured.call_s, measured.took_s, *(copy.seconds for copy in copies)]
    times += [x for row in rows for x in (row.seconds, row.slower)]
    for seconds in times:
        check_figure(seconds, Text(N_("a time in seconds")), SECONDS)
    counts = [measured.cores, measured.threads, *(copy.threads for copy in copies)]
    counts += [x for row in rows for x in (row.threads, row.m, row.n, row.k, row.blocks)]
    for count in counts:
        check_count(count, Text(N_("a count")))
    for size in (*(copy.size for copy in copies), measured.cache or 1):
        check_figure(size, Text(N_("a number of bytes")), (1, FIGURES["l2"][1]))
    check_figure(measured.dropped, Text(N_("a share")), (0.0, 1.0))
    for figure in () if measured.load is None else msgspec.structs.astuple(measured.load):
        check_figure(abs(figure or 0.0), Text(N_("a time in seconds")), (0.0, SECONDS[1]))
    for row in rows:
        check_dtype(row.dtype)
    for fitted in measured.fitted:
        check_dtype(fitted.dtype)
        check_constants(fitted.constants)
        for error in (fitted.error, fitted.error_long):
            check_figure(error or 0.0, Text(N_("an error")), (0.0, MAX_ERROR))
        for count in (fitted.threads, fitted.rows, fitted.kept):
            check_count(count, Text(N_("a count")))


def fit_rows(
    rows: Sequence[ProductRow], call_s: float, threads: int, dtypes: Sequence[str], core: str = ""
) -> tuple[Fitted, ...]:
    """Constants for each number format with rows enough and at least one kept out."""
    found = (_fit(rows, call_s, threads, dtype, core) for dtype in dtypes)
    return tuple(fitted for fitted in found if fitted is not None)


def _fit(
    rows: Sequence[ProductRow], call_s: float, threads: int, dtype: str, core: str
) -> Fitted | None:
    mine = [row for row in rows if row.dtype == dtype]
    single = [row.rate for row in mine if row.threads == 1 and row.threads != threads]
    whole = [row for row in mine if row.threads == threads]
    shown = [_shape(row) for row in whole if not row.kept]
    kept = [_shape(row) for row in whole if row.kept]
    if not kept or not whole:
        return None
    everyone = max(row.rate for row in whole)
    given = {"t0": call_s, "one": 1 / max(single, default=everyone), "all": 1 / everyone}
    constants = fit_cpu(shown, given, threads, BYTES[dtype], core)
    if constants is None:
        return None
    long = [shape for shape in kept if shape.seconds >= LONG_S]
    return Fitted(
        dtype,
        threads,
        constants,
        len(shown),
        len(kept),
        _error(kept, constants, threads, dtype, core),
        _error(long, constants, threads, dtype, core) if long else None,
    )


def _error(
    shapes: Sequence[TimedShape],
    constants: dict[str, float],
    threads: int,
    dtype: str,
    core: str,
) -> float:
    m, n, k = ([getattr(shape, side) for shape in shapes] for side in "mnk")
    predicted = cpu_seconds(m, n, k, constants, threads, BYTES[dtype], core)
    return mean_error(predicted, [shape.seconds for shape in shapes])


def _shape(row: ProductRow) -> TimedShape:
    return TimedShape(row.m, row.n, row.k, row.seconds)
