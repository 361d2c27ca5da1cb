"""What `mmviz bench` prints when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz import units
from mmviz.backends import registry
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Gain, Results, Run, gains

_HEADER = ("backend", "batch", "n", "p50", "p99", "rate", "× slowest", "error", "")
_ESTIMATED = "estimated from the part of a pass that ran"


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
    """One line a backend and batch; "× slowest" is how many times faster than the slowest there.

    Batches are compared each for itself. What was scaled up from a part of a pass says "estimated"
    and "≈", as do ratios over it.
    """
    rows: list[Sequence[str]] = [_HEADER]
    ratios = gains(results.runs)
    for batch in plan.batches:
        flop = sum(gemm.flop for gemm in plan.network.lower(batch, plan.training))
        runs = [run for run in results.runs if run.batch == batch]
        rows.extend(_row(run, flop, ratios.get((run.backend, batch)), plan.dtype) for run in runs)
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER))]
    return [_aligned(row, widths) for row in rows]


def _row(run: Run, flop: int, gain: Gain | None, dtype: str) -> Sequence[str]:
    name, batch, stats = run.backend, units.group(run.batch), run.stats
    if stats is None or gain is None:
        return (name, batch, "0", *[units.NO_DATA] * 5, "")
    about = "≈ " if run.estimated else ""
    p50, rate = about + units.seconds(stats.p50), about + units.rate(flop / stats.p50)
    p99 = units.NO_DATA if stats.tail is None else units.seconds(stats.tail)
    ratio = ("≈ " if gain.estimated else "") + units.ratio(gain.times)
    error = units.NO_DATA if run.max_error is None else units.sig(run.max_error, 2)
    told = [_ESTIMATED] if run.estimated else []
    if run.failure is not None:
        told.append("incomplete")
    if remark := registry.find(run.backend).remark(dtype):
        told.append(remark)
    return (name, batch, units.group(stats.n), p50, p99, rate, ratio, error, ", ".join(told))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """The first column and the last word to the left, numbers to the right."""
    first, *middle, last = row
    cells = [first.ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join((*cells, last)).rstrip()


def failure_lines(results: Results) -> list[str]:
    """What failed, one sentence a backend and batch."""
    return [
        f"{run.backend} at batch {units.group(run.batch)}: {run.failure}"
        for run in results.runs
        if run.failure is not None
    ]


def warning_lines(results: Results) -> list[str]:
    """What may have disturbed the figures, in plain words."""
    lines = []
    for run in results.runs:
        word = None if run.estimated or run.stats is None else run.stats.disturbance
        if word is not None and run.stats is not None:
            where = f"{run.backend} at batch {units.group(run.batch)}"
            share = units.percent(run.stats.iqr / run.stats.p50)
            lines.append(f"{where}: {word}, the middle half of the samples spans {share} of p50")
    if results.machine is not None and (variables := results.machine.steered_by()):
        named = ", ".join(f"{name}={value}" for name, value in variables.items())
        lines.append(f"these environment variables change the speed: {named}")
    return ["", *lines] if lines else []
