"""`mmviz sweep`: predicted times over a range of batches or widths, and measured ones over them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mmviz.bench.results import MEASURED
from mmviz.bench.sweep_runs import MeasuredPoint, SweepPlan, check, hindered
from mmviz.cli.bench import EXIT_INCOMPLETE
from mmviz.cli.bench_notes import over_batches
from mmviz.cli.choose import chosen
from mmviz.cli.complain import complain
from mmviz.cli.inputs import (
    add_network,
    add_pass,
    dtype_on,
    parse_seconds,
    parse_tile,
    read_network,
)
from mmviz.cli.parser import Commands
from mmviz.cli.stopping import do_all, stoppable, stopped
from mmviz.cli.streams import STREAM, put
from mmviz.cli.sweep_measure import measured
from mmviz.cli.sweep_ranges import counts_of, some_of, widths_of
from mmviz.cli.sweep_table import failure, measured_table, sweep_lines
from mmviz.cli.table import show
from mmviz.cli.targets import check_targets
from mmviz.core.memory.fit import sweep_within
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.network import Network
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Points, Sweep, points_of
from mmviz.errors import InputError
from mmviz.files.devices import known_as, read_device
from mmviz.files.networks import NetworkFile
from mmviz.files.sweeps import as_csv, as_json
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.sweep.chart import SweepChart, suits_logarithms
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.values import PEAK
from mmviz.text import N_, Text
from mmviz.words.provenance import label
from mmviz.words.speech import Words

MOST_MEASURED = 24
SPACED, SPACED_BOTH = 12, 4  # points a measured curve has unless they are named


@dataclass(frozen=True, slots=True)
class Asked:
    """One command line, read and sound. plan: what is measured, None: nothing; misses: why backends
    that were asked for are not in it.
    """

    file: NetworkFile
    setup: Setup
    points: Points
    plan: SweepPlan | None
    misses: tuple[Text, ...] = ()


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("predict the time of a pass over a range of batches or of a layer's width")
    parser = commands.add_parser("sweep", help=text)
    add_network(parser)
    parser.add_argument(
        "--batch", metavar=N_("A:B[:STEP]"), help=N_("a range, or numbers parted by commas")
    )
    parser.add_argument(
        "--width",
        metavar=N_("LAYER=A:B[:STEP]"),
        help=N_("units of a layer, by its name or number"),
    )
    parser.add_argument("--device", metavar="D", default=THIS_MACHINE, help=N_("see mmviz devices"))
    parser.add_argument("--tile", metavar="MxN", help=N_("fix the tile instead of choosing it"))
    parser.add_argument(
        "--order", metavar="O", help=N_("fix the order: rows, split-k-S, stream-k, …")
    )
    add_pass(parser)
    parser.add_argument(
        "--backend",
        action="append",
        metavar="X",
        help=N_("also measure, here; see mmviz backends"),
    )
    parser.add_argument(
        "--seconds", default="1", metavar="S", help=N_("for each backend and point measured (1)")
    )
    for name, told in (
        ("--json", N_("write every point; - for standard output")),
        ("--csv", N_("one row a point; - for standard output")),
        ("--chart", N_("draw the sweep: .svg, .png or .pdf")),
    ):
        parser.add_argument(name, metavar="F", help=told)
    parser.add_argument(
        "--resume",
        metavar="F",
        help=N_("keep what is measured in F as it comes, and measure nothing that is in it"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Predict, measure if asked, print or write; raises InputError before anything is timed.

    Exit code 0; 1 where a backend failed at a point, with a line on stderr for each; 128 and the
    signal's number when stopped by one. What was measured until then is told all the same.
    """
    asked = _read(options)
    if options.resume == STREAM:
        raise InputError(N_("--resume needs a file, which is read and written"))
    files = {"json": options.json, "csv": options.csv, "resume": options.resume}
    check_targets(files, options.chart, (options.network, options.device))
    found = sweep_within(asked.points, asked.setup)
    if asked.plan is None:
        if options.resume is not None:
            raise InputError(N_("--resume needs a --backend that measures"))
        _write(options, asked, found, ())
        return 0
    return _measured(options, asked, asked.plan, found)


def _measured(options: argparse.Namespace, asked: Asked, plan: SweepPlan, found: Sweep) -> int:
    words: Words = options.words
    check(plan)
    for miss in asked.misses:
        complain(words, miss)
    log = None if options.resume is None else Path(options.resume)
    with stoppable() as stop:
        points = measured(plan, words, stop, log)
        failed = [point for point in points if point.run.failure is not None]
        try:
            _write(options, asked, found, points)
        finally:
            for text in hindered(points):
                complain(words, text)
            for point in failed:
                complain(words, failure(point))
        if stop.is_set():
            return stopped(words, stop)
    return EXIT_INCOMPLETE if failed or asked.misses else 0


def _read(options: argparse.Namespace) -> Asked:
    file = read_network(options.network)
    network = file.network.layered
    if network is None:
        raise InputError(
            N_(
                "a list of products has neither batch nor layers to sweep: its rows stay as they "
                "are"
            )
        )
    if options.batch is None and options.width is None:
        raise InputError(N_("nothing to sweep: give --batch 1:4096 or --width LAYER=64:4096"))
    device = read_device(options.device)
    dtype = dtype_on(options, device)
    batches: tuple[int, ...] = (file.batch or 1,)
    if options.batch is not None:
        batches = counts_of(options.batch, "--batch")
    layer, widths = widths_of(options.width, network, len(batches))
    order = None if options.order is None else order_for(device, options.order).id
    points = points_of(network, batches, options.training, layer, widths)
    tile = None if options.tile is None else parse_tile(options.tile)
    named = options.backend
    backends, misses = ((), ()) if named is None else chosen(named, dtype)
    plan = _plan(options, network, batches, layer, widths, dtype, backends) if backends else None
    setup = Setup(network, device, training=options.training, dtype=dtype, tile=tile, order=order)
    return Asked(file, setup, points, plan, misses)


def _plan(
    options: argparse.Namespace,
    network: Network,
    batches: tuple[int, ...],
    layer: int | None,
    widths: tuple[int, ...],
    dtype: str,
    backends: tuple[str, ...],
) -> SweepPlan:
    """What to measure: the points that were named one by one, else a few of the range."""
    most = SPACED_BOTH if len(batches) > 1 and len(widths) > 1 else SPACED
    some_batches = some_of(batches, most, options.batch or "")
    some_widths = some_of(widths, most, (options.width or "").rpartition("=")[2]) if widths else ()
    plan = SweepPlan(
        network=network,
        batches=some_batches,
        backends=backends,
        layer=layer or 0,
        widths=some_widths or (None,),
        dtype=dtype,
        training=options.training,
        seconds=parse_seconds(options.seconds),
    )
    if plan.count > MOST_MEASURED:
        said = N_("{points:group} points are named, at most {most} are measured: name fewer")
        raise InputError(said, points=plan.count, most=MOST_MEASURED)
    return plan


def _write(
    options: argparse.Namespace, asked: Asked, found: Sweep, measured: tuple[MeasuredPoint, ...]
) -> None:
    name = asked.file.id or asked.setup.workload.name
    device, dtype = asked.setup.device, asked.setup.dtype
    works: list[Callable[[], None]] = []
    if options.json is not None:
        text = as_json(found, name, known_as(device), dtype, measured)
        works.append(lambda: put(options.json, text.encode()))
    if options.csv is not None:
        works.append(lambda: put(options.csv, as_csv(found, measured).encode()))
    if options.chart is not None:
        from mmviz.ui.export.sweep import export_sweep  # loads Qt

        budget = asked.file.budget_s
        chart = SweepChart(found, device.name, dtype, budget, curves_of(found, measured))
        if chart.heat:  # shows more of the tiles than the time, which mostly grows
            chart = chart.showing(PEAK, log_x=False)
        elif suits_logarithms(chart):
            chart = chart.showing(chart.value, log_x=True)
        works.append(lambda: export_sweep(chart, options.chart, words=options.words))
    try:
        do_all(works, options.words)
    finally:  # a full disk takes the files, not the lines
        if STREAM not in (options.json, options.csv):
            _print(asked, found, measured, options.words)


def _print(asked: Asked, found: Sweep, measured: tuple[MeasuredPoint, ...], words: Words) -> None:
    budget = asked.file.budget_s
    for line in sweep_lines(found, asked.setup, budget):
        print(words(line))
    if not measured:
        return
    print("", words(Text(N_("{kind} on this machine:"), kind=label(MEASURED))), sep="\n")
    show(measured_table(found, asked.setup, measured, words))
    for text in over_batches([point.run for point in measured if point.width is None], budget):
        print(words(text))
