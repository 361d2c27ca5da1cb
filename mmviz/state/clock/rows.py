"""A timing run as the rows of its table. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmviz.backends.base import SOFTWARE
from mmviz.bench.causes import spent, with_copies
from mmviz.bench.fingerprint import reading
from mmviz.bench.gains import Gain, gains
from mmviz.bench.machine import Machine
from mmviz.bench.results import Run
from mmviz.bench.stats import FEW, summarize
from mmviz.core.device.device import Device
from mmviz.core.shapes.workload import Workload
from mmviz.state.clock.peaks import Peak, peak_of
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined
from mmviz.words.precision import fingerprint_told, ran_in
from mmviz.words.provenance import short_label
from mmviz.words.timing import kind_of, long_name
from mmviz.words.verdict import too_close

NONE = Text("—")  # nothing to say in this cell
UNKNOWN = Text(NO_DATA)


@dataclass(frozen=True, slots=True)
class TimingColumn:
    """id: also what its head says in English. name, help: its head and its tool tip."""

    id: str
    help: Text

    @property
    def name(self) -> Text:
        """Its head."""
        return Text(self.id)

    @property
    def wordy(self) -> bool:
        """Whether it holds words, not figures."""
        return self is COLUMNS[0]


COLUMNS = (
    TimingColumn(N_("backend"), Text(N_("Who multiplies"))),
    TimingColumn(N_("batch"), Text(N_("Examples per pass"))),
    TimingColumn(N_("p50"), Text(N_("Median of the seconds a pass took"))),
    TimingColumn(
        N_("p99"),
        Text(N_("99 of 100 passes took no longer; told from {few} samples on"), few=FEW),
    ),
    TimingColumn(
        N_("GFLOP/s"),
        Text(
            N_(
                "Floating-point operations of one pass by its median time, "
                "in thousand millions per second"
            )
        ),
    ),
    TimingColumn(
        N_("of peak"),
        Text(
            N_(
                "That rate as a share of the peak of what it ran on: of this machine as it was "
                "calibrated, of a GPU by its datasheet"
            )
        ),
    ),
    TimingColumn(
        N_("× slowest"),
        Text(
            N_(
                "How many times faster than the slowest backend at this batch; "
                "≈ where a time is estimated or of few samples, "
                "too close where chance makes as much of the medians"
            )
        ),
    ),
    TimingColumn(
        N_("ran in"),
        Text(N_("The precision a product really ran in, told from its errors against float64")),
    ),
    TimingColumn(
        N_("error"),
        Text(
            N_(
                "Largest deviation from float64, relative to the largest float64 value; of int8 "
                "and float8 from float64 of the same quantized numbers"
            )
        ),
    ),
)
IDS = tuple(column.id for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class TimingRow:
    """One line of the table: a text for each of COLUMNS, and what a tool tip says of it; tips: what
    more is said of a cell, by its column. odd: columns whose cell is not what was asked for.
    """

    backend: str
    cells: tuple[Text, ...]
    estimated: bool
    help: Text
    batch: int = 0
    tips: tuple[tuple[str, Text], ...] = ()
    odd: tuple[str, ...] = ()


def rows(
    runs: Sequence[Run],
    flop_per_pass: Mapping[int, int],
    machine: Machine | None,
    dtype: str = "",
    here: Device | None = None,
) -> tuple[TimingRow, ...]:
    """The table of `runs`, in their order. `flop_per_pass`: FLOP of one pass by batch; here: this
    machine as it was calibrated.
    """
    ratios = gains(runs)
    return tuple(
        _row(
            run,
            flop_per_pass.get(run.batch),
            ratios.get((run.backend, run.batch)),
            long_name(run.backend, machine),
            dtype,
            peak_of(run, dtype, here),
        )
        for run in runs
    )


def _row(
    run: Run, flop: int | None, gain: Gain | None, name: Text, dtype: str, peak: Peak | None
) -> TimingRow:
    software = SOFTWARE if run.place is not None and run.place.software else NOTHING
    cells = [joined((name, software)), Text("{batch:group}", batch=run.batch)]
    tips: list[tuple[str, Text]] = []
    failed = Text("{failure}", failure=run.failure) if run.failure else None
    if run.stats is None or gain is None:
        cells += [UNKNOWN, NONE, NONE, NONE, NONE]
        told = failed or Text(N_("nothing was measured yet"))
    else:
        p50, tail = max(run.stats.p50, 1e-12), run.stats.tail
        median = Text("{p50:tick}" if run.estimated else "{p50:seconds}", p50=p50)
        times = "≈ {times:sig}" if gain.about else "{times:sig}"
        cells += [
            joined((short_label(run.provenance), median), "words"),
            NONE if tail is None else Text("{tail:seconds}", tail=tail),
            NONE if flop is None else _gflops(flop / p50),
            NONE if flop is None or peak is None else _share(flop / p50 / peak.rate),
            too_close() if gain.close else Text(times, times=gain.times),
        ]
        if run.estimated:
            told = Text(N_("{kind} from the part of one pass that ran"), kind=kind_of(run))
        else:
            samples = P_("{kind} here: {n:group} sample", "{kind} here: {n:group} samples")
            told = Text(samples, kind=kind_of(run), n=run.stats.n)
        told = joined((told, failed), "semicolons") if failed else told
        if flop is not None and peak is not None:
            whose = Text(N_("{share} of {peak}"), share=cells[IDS.index("of peak")], peak=peak.said)
            tips.append(("of peak", whose))
    e, error = run.fingerprint, run.max_error
    cells.append(NONE if e is None else ran_in(e, dtype))
    odd = e is not None and bool(dtype) and reading(e, dtype) is not None
    if e is not None:
        tips.append(("ran in", fingerprint_told(e)))
    cells.append(NONE if error is None else Text("{error:exponent}", error=error))
    return TimingRow(
        run.backend,
        tuple(cells),
        run.estimated,
        joined((told, *_more(run), software), "lines"),
        run.batch,
        tuple(tips),
        ("ran in",) if odd else (),
    )


def _more(run: Run) -> tuple[Text, ...]:
    """What else was timed of it, each by its own name."""
    cold, copied = summarize(run.cold), with_copies(run)
    launch, gpu = spent(run, "launch"), summarize(run.on_gpu)
    found = (
        None if cold is None else Text(N_("with cold caches {p50:seconds}"), p50=cold.p50),
        None if copied is None else Text(N_("with copies {p50:seconds}"), p50=copied),
        Text(N_("a launch {launch:seconds}"), launch=launch) if launch else None,
        None if gpu is None else Text(N_("by the GPU's own clock {p50:seconds}"), p50=gpu.p50),
    )
    return tuple(text for text in found if text is not None)


def _share(share: float) -> Text:
    return Text("{share:percent2}", share=share)


def _gflops(flop_per_s: float) -> Text:
    """In 10^9 FLOP/s; from 10 000 on with a prefix, so that the column stays narrow."""
    x = flop_per_s / 1e9
    return Text("{x:count}" if x >= 9_999.5 else "{x:sig}", x=x)


def flop_of(workload: Workload, batch: int, training: bool) -> int:
    """FLOP of one pass at a batch, products only."""
    return sum(gemm.total_flop for gemm in workload.lower(batch, training))
