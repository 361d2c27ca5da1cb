"""What `mmviz bench` prints when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Gain, Results, Run, gains
from mmviz.cli.table import Table, said_table
from mmviz.text import N_, NO_DATA, NOTHING, Text, joined, own
from mmviz.words.place import remark
from mmviz.words.provenance import label
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import machine_line, mode, noise
from mmviz.words.verdict import too_close

_HEADER = tuple(
    map(
        Text,
        (
            N_("backend"),
            N_("batch"),
            N_("n"),
            N_("p50"),
            N_("p99"),
            N_("rate"),
            N_("× slowest"),
            N_("error"),
            "",
        ),
    )
)
_UNKNOWN = Text(NO_DATA)


def machine_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """The computer it was timed on, and the BLAS, in one line."""
    machine = results.machine
    if machine is None:
        return []
    what = (own(results.network), mode(results.training), own(results.dtype))
    return [words(machine_line(machine)), words(joined(what)), ""]


def table_of(plan: BenchPlan, results: Results, words: Words = ENGLISH) -> Table:
    """One row a backend and batch; "× slowest" is how many times faster than the slowest there.

    Batches are compared each for itself. What was scaled up from a part of a pass says "estimated"
    and "≈", as do ratios over it, and those over too few samples to know how far they are off.
    """
    rows: list[Sequence[Text]] = [_HEADER]
    ratios = gains(results.runs)
    for batch in plan.batches:
        flop = sum(gemm.flop for gemm in plan.network.lower(batch, plan.training))
        runs = [run for run in results.runs if run.batch == batch]
        rows.extend(_row(run, flop, ratios.get((run.backend, batch)), plan.dtype) for run in runs)
    return said_table(rows, words, keys=2)


def _row(run: Run, flop: int, gain: Gain | None, dtype: str) -> Sequence[Text]:
    name, batch, stats = own(run.backend), Text("{batch:group}", batch=run.batch), run.stats
    if stats is None or gain is None:
        return (name, batch, Text("{n:group}", n=0), *[_UNKNOWN] * 5, NOTHING)
    return (
        name,
        batch,
        Text("{n:group}", n=stats.n),
        Text("≈ {p50:seconds}" if run.estimated else "{p50:seconds}", p50=stats.p50),
        _UNKNOWN if stats.tail is None else Text("{p99:seconds}", p99=stats.tail),
        Text("≈ {rate:rate}" if run.estimated else "{rate:rate}", rate=flop / stats.p50),
        too_close()
        if gain.close
        else Text("≈ {times:ratio}" if gain.about else "{times:ratio}", times=gain.times),
        _UNKNOWN if run.max_error is None else Text("{error:sig2}", error=run.max_error),
        joined(_told(run, dtype), "commas"),
    )


def _told(run: Run, dtype: str) -> tuple[Text, ...]:
    """What must be known of a line."""
    found = run.provenance
    return (
        joined((label(found), found.basis), "words") if run.estimated else NOTHING,
        Text(N_("incomplete")) if run.failure is not None else NOTHING,
        remark(run, dtype),
    )


def failure_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What failed, one sentence a backend and batch."""
    return [
        words(Text("{where}: {failure}", where=_where(run), failure=run.failure))
        for run in results.runs
        if run.failure is not None
    ]


def warning_lines(results: Results, words: Words = ENGLISH) -> list[str]:
    """What may have disturbed the figures, in plain words."""
    lines = []
    for run in results.runs:
        if said := noise(run):
            lines.append(Text("{where}: {noise}", where=_where(run), noise=said))
    lines += results.hindrances
    if results.machine is not None and (variables := results.machine.steered_by()):
        lines.append(variables_line(variables))
    return ["", *map(words, lines)] if lines else []


def variables_line(variables: dict[str, str]) -> Text:
    """That environment variables steer the speed."""
    named = ", ".join(f"{name}={value}" for name, value in variables.items())
    return Text(N_("these environment variables change the speed: {named}"), named=named)


def _where(run: Run) -> Text:
    return Text(N_("{backend} at batch {batch:group}"), backend=run.backend, batch=run.batch)
