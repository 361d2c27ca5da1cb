"""`mmviz bench`: time a network on this computer and keep the samples."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mmviz.backends import registry
from mmviz.bench.memory import check_memory
from mmviz.bench.messages import Message
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import share_done
from mmviz.bench.results import Collector, Results
from mmviz.bench.runner import run as run_plan
from mmviz.cli.bench_notes import failure_lines, machine_lines, warning_lines, winner_lines
from mmviz.cli.bench_table import table_of
from mmviz.cli.complain import complain
from mmviz.cli.inputs import (
    add_network,
    add_pass,
    check_pass,
    parse_counts,
    parse_seconds,
    read_network,
    say_notes,
)
from mmviz.cli.keeping import Keeping
from mmviz.cli.live import bench_live
from mmviz.cli.parser import Commands
from mmviz.cli.stopping import Stop, do_all, stoppable, stopped
from mmviz.cli.streams import put
from mmviz.cli.table import show
from mmviz.cli.targets import check_targets
from mmviz.core.shapes.dtype import DEFAULT, check_dtype
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.runs import to_csv, to_json
from mmviz.text import N_
from mmviz.words.speech import Words

EXIT_INCOMPLETE = 1
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is timed. `before` and `path`: of a kept run that is taken up again."""

    plan: BenchPlan
    before: Collector | None = None
    path: Path | None = None


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("bench", help=N_("time a network on this computer"))
    add_network(parser, optional=True)
    parser.add_argument(
        "--batch", metavar="B[,B…]", help=N_("examples per pass (the preset's own)")
    )
    parser.add_argument(
        "--backend",
        action="append",
        metavar="X",
        help=N_("may be given several times (default: all that run here); see mmviz backends"),
    )
    add_pass(parser)
    parser.add_argument("--seconds", metavar="S", help=N_("for each backend and batch (2)"))
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="F",
        help=N_("go on with the last run that was cut off, or with that of a file; mmviz runs"),
    )
    parser.add_argument(
        "--csv", metavar="F", help=N_("write one row a sample; - for standard output")
    )
    parser.add_argument(
        "--json", metavar="F", help=N_("write all samples and the machine; - for standard output")
    )
    parser.add_argument("--chart", metavar="F", help=N_("draw the chart: .svg, .png or .pdf"))
    parser.add_argument("--quiet", action="store_true", help=N_("no progress bar, no table"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check everything, time, print a table, write the files.

    Exit code 0; 1 where a backend has no result or broke off, with a line on stderr for each; 128
    and the signal's number when stopped by one (Ctrl-C: 130). What was timed until then is printed
    and written all the same, and can be resumed. Bad input raises InputError before anything is
    timed.
    """
    words: Words = options.words
    asked = _resumed(options) if options.resume is not None else Asked(_read_plan(options))
    files = {"csv": options.csv, "json": options.json}
    streamed = check_targets(files, options.chart, (options.network or "",))
    check_memory(asked.plan)
    if not options.quiet:
        for backend in asked.plan.backends:
            if warning := registry.find(backend).warning(asked.plan.dtype):
                complain(words, warning)
    with stoppable() as stop:
        results = _timed(options, asked, stop)
        try:
            _save(options, results)
        finally:  # a full disk takes the files, not the table
            if not options.quiet and not streamed:
                _print(asked.plan, results, words)
            failures = failure_lines(results, words)
            for failure in failures:
                complain(words, failure)
        if stop.is_set():
            return stopped(words, stop)
    return EXIT_INCOMPLETE if failures else 0


def _timed(options: argparse.Namespace, asked: Asked, stop: Stop) -> Results:
    """Time it: live on a terminal, and into the journal as the samples come."""
    words: Words = options.words
    shown = not options.quiet and sys.stderr.isatty()
    keeping = Keeping(asked.plan, words, asked.path)
    try:
        with bench_live(shown, asked.plan, words, asked.before) as live:

            def hear(message: Message) -> None:
                keeping.take(message)
                live.take(message)

            results = run_plan(asked.plan, hear, stop=stop, before=asked.before)
    finally:
        keeping.end()
    return results


def _print(plan: BenchPlan, results: Results, words: Words) -> None:
    for line in machine_lines(results, words):
        print(line)
    show(table_of(results, plan.network, words))
    for line in (*winner_lines(results, words), *warning_lines(results, words)):
        print(line)


def _resumed(options: argparse.Namespace) -> Asked:
    """The run that is kept unfinished: the last one, or that of a file; raises InputError."""
    given = {
        "NETWORK": options.network,
        "--batch": options.batch,
        "--backend": options.backend,
        "--dtype": options.dtype if options.dtype != DEFAULT else None,
        "--training": options.training or None,
        "--seconds": options.seconds,
    }
    for name, value in given.items():
        if value is not None:
            raise InputError(
                N_("{name} has no meaning beside --resume: the run says it"), name=name
            )
    path = Path(options.resume) if options.resume else _last_unfinished()
    record = journal.read(path)
    if share_done(record.head.plan, record.collector) >= 1:
        raise InputError(N_("{path}: this run came to its end"), path=str(path))
    return Asked(record.head.plan, record.collector, path)


def _last_unfinished() -> Path:
    found = next((kept.path for kept in journal.kept_runs()[0] if kept.unfinished), None)
    if found is None:
        raise InputError(N_("no run that is kept was cut off"))
    return found


def _read_plan(options: argparse.Namespace) -> BenchPlan:
    if options.network is None:
        raise InputError(N_("bench needs a NETWORK, or --resume"))
    file = read_network(options.network)
    check_pass(options, file)
    if not options.quiet:
        say_notes(options, file)
    batches: tuple[int, ...] = (1,)
    if options.batch is not None:
        batches = parse_counts(options.batch, "--batch")
    elif file.network.has_batch:
        batches = (file.batch or 1,)
    dtype = check_dtype(options.dtype)
    return BenchPlan(
        network=file.network,
        batches=batches,
        backends=_backends(options.backend, dtype),
        dtype=dtype,
        training=options.training,
        seconds=SECONDS if options.seconds is None else parse_seconds(options.seconds),
    )


def _backends(named: list[str] | None, dtype: str) -> tuple[str, ...]:
    """The backends to time: those named, each certain to run, or all that can."""
    if named is None:
        entries = registry.survey()
        able = tuple(entry.id for entry in entries if entry.available and dtype in entry.dtypes)
        if not able:
            raise InputError(N_("no backend that can run here computes in {dtype}"), dtype=dtype)
        return able
    for backend in named:
        if named.count(backend) > 1:
            raise InputError(N_("--backend names {id!r:.60} twice"), id=backend)
        registry.usable(backend, dtype)
    return tuple(named)


def _save(options: argparse.Namespace, results: Results) -> None:
    works: list[Callable[[], None]] = []
    if options.csv is not None:
        works.append(lambda: put(options.csv, to_csv(results)))
    if options.json is not None:
        works.append(lambda: put(options.json, to_json(results)))
    if options.chart is not None:
        from mmviz.ui.export.timing import export_chart  # Qt is loaded for a chart only

        works.append(lambda: export_chart(results, options.chart, words=options.words))
    do_all(works, options.words)
