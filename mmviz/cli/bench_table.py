"""What `mmviz bench` prints when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz import units
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results, Run
from mmviz.core.gemm import lower

_HEADER = ("backend", "batch", "n", "p50", "p99", "rate", "speed-up", "error", "")


def machine_lines(results: Results) -> list[str]:
    """The computer it was timed on, and the BLAS, in one line."""
    machine = results.machine
    if machine is None:
        return []
    parts = [machine.cpu, units.plural(machine.cores, "core")]
    if machine.blas is not None:
        blas = machine.blas
        threads = units.plural(blas.threads, "thread")
        parts.append(f"{blas.library} {blas.version} {blas.architecture}, {threads}")
    if machine.gpu is not None:
        parts.append(machine.gpu)
    training = "training" if results.training else "inference"
    return [" · ".join(parts), f"{results.network} · {training} · {results.dtype}", ""]


def table_lines(plan: BenchPlan, results: Results) -> list[str]:
    """One line a backend and batch; speed-up is over the slowest backend of the same batch.

    What was scaled up from a part of a pass says "estimated", speed-ups over it "≈".
    """
    rows: list[Sequence[str]] = [_HEADER]
    for batch in plan.batches:
        runs = [run for run in results.runs if run.batch == batch]
        flop = sum(gemm.flop for gemm in lower(plan.network, batch, plan.training))
        timed = [run for run in runs if run.stats is not None]
        slowest = max(timed, key=lambda run: run.stats.p50 if run.stats else 0.0, default=None)
        rows.extend(_row(run, flop, slowest) for run in runs)
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER))]
    return [_aligned(row, widths) for row in rows]


def _row(run: Run, flop: int, slowest: Run | None) -> Sequence[str]:
    name, batch = run.backend, units.group(run.batch)
    stats = run.stats
    if stats is None or slowest is None or slowest.stats is None:
        return (name, batch, "0", *[units.NO_DATA] * 5, "")
    about = "≈ " if run.estimated or slowest.estimated else ""
    speed_up = about + units.ratio(slowest.stats.p50 / stats.p50)
    if run is slowest:
        speed_up = units.ratio(1.0)
    error = units.NO_DATA if run.max_error is None else units.sig(run.max_error, 2)
    rate = units.rate(flop / stats.p50)
    if run.estimated:
        median = units.seconds(stats.p50)
        return (name, batch, "0", f"≈ {median}", units.NO_DATA, f"≈ {rate}", speed_up, error,
                "estimated from the part of a pass that ran")  # fmt: skip
    p50, p99 = units.seconds(stats.p50), units.seconds(stats.p99)
    return (name, batch, units.group(stats.n), p50, p99, rate, speed_up, error, "")


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first column and the last word to the left, numbers to the right."""
    first, *middle, last = row
    cells = [first.ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join((*cells, last)).rstrip()


def warning_lines(results: Results) -> list[str]:
    """What may have disturbed the figures, and what failed, in plain words."""
    lines = []
    for run in results.runs:
        where = f"{run.backend} at batch {units.group(run.batch)}"
        if run.failure is not None:
            lines.append(f"{where}: {run.failure}")
        word = None if run.estimated or run.stats is None else run.stats.disturbance
        if word is not None and run.stats is not None:
            share = units.percent(run.stats.iqr / run.stats.p50)
            lines.append(f"{where}: {word}, the middle half of the samples spans {share} of p50")
    if results.machine is not None and (variables := results.machine.steered_by()):
        named = ", ".join(f"{name}={value}" for name, value in variables.items())
        lines.append(f"these environment variables change the speed: {named}")
    return ["", *lines] if lines else []
