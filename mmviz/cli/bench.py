"""`mmviz bench`: time a network on this computer and keep the samples."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from mmviz.backends import registry
from mmviz.bench.against import compare
from mmviz.bench.memory import check_memory
from mmviz.bench.messages import Message
from mmviz.bench.results import Results
from mmviz.bench.runner import run as run_plan
from mmviz.cli.against import against_table
from mmviz.cli.bench_notes import failure_lines, machine_lines, warning_lines, winner_lines
from mmviz.cli.bench_plan import Asked, asked, earlier, resumed
from mmviz.cli.bench_table import table_of
from mmviz.cli.complain import complain
from mmviz.cli.inputs import (
    add_network,
    add_pass,
)
from mmviz.cli.keeping import Keeping
from mmviz.cli.live import bench_live
from mmviz.cli.parser import Commands
from mmviz.cli.parts_table import parts_table, sums
from mmviz.cli.stopping import Stop, do_all, stoppable, stopped
from mmviz.cli.streams import put
from mmviz.cli.table import show
from mmviz.cli.targets import check_targets
from mmviz.files.runs import to_csv, to_json
from mmviz.text import N_, Text
from mmviz.words.sensors import told
from mmviz.words.speech import Words

EXIT_INCOMPLETE = 1
RESUMABLE = Text(N_("mmviz bench --resume goes on with it"))


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
        metavar=N_("RUN"),
        help=N_("go on with the last run that was cut off, or with RUN; see mmviz runs"),
    )
    parser.add_argument(
        "--csv", metavar="F", help=N_("write one row a sample; - for standard output")
    )
    parser.add_argument(
        "--json", metavar="F", help=N_("write all samples and the machine; - for standard output")
    )
    parser.add_argument(
        "--against",
        nargs="?",
        const="",
        metavar=N_("RUN"),
        help=N_("the verdict beside the last kept run of this pass, or beside RUN; mmviz runs"),
    )
    parser.add_argument(
        "--parts", action="store_true", help=N_("where a pass goes, too, and what sensors told")
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
    found = resumed(options) if options.resume is not None else asked(options)
    files = {"csv": options.csv, "json": options.json}
    read = (options.network or "", options.against or "")
    streamed = check_targets(files, options.chart, read)
    check_memory(found.plan)
    for miss in found.misses:
        complain(words, miss)
    before = None if options.against is None else earlier(options.against, found.plan, found.path)
    if not options.quiet:
        for backend in found.plan.backends:
            if warning := registry.find(backend).warning(found.plan.dtype):
                complain(words, warning)
    with stoppable() as stop:
        results, resumable = _timed(options, found, stop)
        try:
            _save(options, results)
        finally:  # a full disk takes the files, not the table
            if not options.quiet and not streamed:
                _print(options, found, results, before)
                if resumable:
                    print("", words(RESUMABLE), sep="\n")
            failures = failure_lines(results, words)
            for failure in failures:
                complain(words, failure)
        if stop.is_set():
            return stopped(words, stop)
    return EXIT_INCOMPLETE if failures or found.misses else 0


def _timed(options: argparse.Namespace, found: Asked, stop: Stop) -> tuple[Results, bool]:
    """Time it: live on a terminal, and into the journal as the samples come; whether it can be
    resumed.
    """
    words: Words = options.words
    shown = not options.quiet and sys.stderr.isatty()
    keeping, whole = Keeping(found.plan, words, found.path), False
    try:
        with bench_live(shown, found.plan, words, found.before) as live:

            def hear(message: Message) -> None:
                keeping.take(message)
                live.take(message)

            results = run_plan(found.plan, hear, stop=stop, before=found.before)
            whole = not stop.is_set()
    finally:
        keeping.end(whole=whole)
    return results, keeping.resumable


def _print(
    options: argparse.Namespace, found: Asked, results: Results, before: Results | None
) -> None:
    words: Words = options.words
    network = found.plan.network
    for line in machine_lines(results, words):
        print(line)
    show(table_of(results, network, words))
    for line in winner_lines(results, words, found.budget_s):
        print(line)
    if options.parts and (parts := parts_table(results, network, words)):
        print()
        show(parts)
        for text in sums(results):
            print(words(text))
    if options.parts and (sensed := told(results.runs)):
        print()
        for text in sensed:
            print(words(text))
    if before is not None:
        print()
        compared = compare(before, results)
        layers = network.layers
        show(against_table(compared, layers, parts=options.parts, words=words))
    for line in warning_lines(results, words):
        print(line)


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
