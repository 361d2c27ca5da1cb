"""`mmviz bench`: time a network on this computer and keep the samples."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from mmviz.backends import registry
from mmviz.bench.memory import check_memory
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.bench.runner import run as run_plan
from mmviz.cli.bench_table import failure_lines, machine_lines, table_of, warning_lines
from mmviz.cli.complain import complain
from mmviz.cli.inputs import add_network, add_pass, parse_counts, parse_seconds, read_network
from mmviz.cli.parser import Commands
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import do_all, stoppable, stopped
from mmviz.cli.streams import STREAM, check_one_stream, put
from mmviz.cli.table import show
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.files.runs import check_target, to_csv, to_json
from mmviz.text import N_
from mmviz.words.speech import Words

CHART_SUFFIXES = (".svg", ".png", ".pdf")
EXIT_INCOMPLETE = 1


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("bench", help=N_("time a network on this computer"))
    add_network(parser)
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
    parser.add_argument(
        "--seconds", default="2", metavar="S", help=N_("for each backend and batch (2)")
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
    and written all the same. Bad input raises InputError before anything is timed.
    """
    words: Words = options.words
    plan = _read_plan(options)
    files = {"csv": options.csv, "json": options.json}
    streamed = check_targets(files, options.chart, (options.network,))
    check_memory(plan)
    if not options.quiet:
        for backend in plan.backends:
            if warning := registry.find(backend).warning(plan.dtype):
                complain(words, warning)
    shown = not options.quiet and sys.stderr.isatty()
    with stoppable() as stop:
        with TerminalProgress(shown, words) as bar:
            results = run_plan(plan, bar.take, stop=stop)
        try:
            _save(options, results)
        finally:  # a full disk takes the files, not the table
            if not options.quiet and not streamed:
                for line in machine_lines(results, words):
                    print(line)
                show(table_of(plan, results, words))
                for line in warning_lines(results, words):
                    print(line)
            failures = failure_lines(results, words)
            for failure in failures:
                complain(words, failure)
        if stop.is_set():
            return stopped(words, stop)
    return EXIT_INCOMPLETE if failures else 0


def _read_plan(options: argparse.Namespace) -> BenchPlan:
    file = read_network(options.network)
    network = file.network.layered
    if network is None:
        one = next((x for x in file.network.lower() if x.k <= MAX_COUNT), None)
        if one is None:
            raise InputError(N_("a list of products is not timed, since it is no chain of layers"))
        raise InputError(
            N_(
                "a list of products is not timed as a whole, since it is no chain of layers; "
                "one of its products is, as a layer: mmviz bench {k:d}-{n:d} --batch {m:d}"
            ),
            k=one.k,
            n=one.n,
            m=one.m,
        )
    if options.batch is None:
        batches: tuple[int, ...] = (file.batch or 1,)
    else:
        batches = parse_counts(options.batch, "--batch")
    dtype = check_dtype(options.dtype)
    return BenchPlan(
        network=network,
        batches=batches,
        backends=_backends(options.backend, dtype),
        dtype=dtype,
        training=options.training,
        seconds=parse_seconds(options.seconds),
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


def check_targets(
    files: Mapping[str, str | None], chart: str | None, read: Sequence[str] = ()
) -> bool:
    """Refuse, before work is done in vain, what cannot be written, would be written twice or is
    among the files that are `read`.

    files: by the names of their options. Whether one of them is standard output.
    """
    streamed = check_one_stream(**files)
    if chart == STREAM:
        raise InputError(N_("a chart is not written to standard output: name a file"))
    named = [path for path in files.values() if path is not None and path != STREAM]
    targets = [check_target(path) for path in named]
    if chart is not None:
        targets.append(check_target(chart, CHART_SUFFIXES))
    real = [os.path.realpath(target) for target in targets]
    for path in real:
        if real.count(path) > 1:
            raise InputError(N_("two results would be written to the same file {path}"), path=path)
    for source in read:
        if os.path.isfile(source) and os.path.realpath(source) in real:
            said = N_("{path} is read here: name another file to write to")
            raise InputError(said, path=source)
    if chart is not None:
        _check_qt()
    return streamed


def _check_qt() -> None:
    """A chart needs Qt: what it lacks here is told before anything is timed."""
    from mmviz.ui import preflight

    preflight.check(offscreen=True, refused=N_("the chart cannot be drawn: {reasons}"))


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
