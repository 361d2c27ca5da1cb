"""`mmviz trace`: a schedule, modelled or recorded on this computer, as a file."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from mmviz.backends import registry
from mmviz.bench.plan import RecordPlan
from mmviz.bench.runner import carry_out
from mmviz.cli import foreign
from mmviz.cli.complain import complain
from mmviz.cli.inputs import add_pass, parse_count, parse_tile, read_workload
from mmviz.cli.parser import Commands
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import do_all, stoppable, stopped
from mmviz.cli.table import said_table, show
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sampling import within
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.time.setup import Pass, Setup
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.recordings import chrome_trace, npz, shelf
from mmviz.files.runs import check_target
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, Text
from mmviz.words.recorded import heading, notes, table_rows
from mmviz.words.speech import Words

EXIT_UNRECORDED = 1


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("write who computes which tile when, modelled or recorded here, as a trace file")
    parser = commands.add_parser("trace", help=text)
    parser.add_argument(
        "what",
        metavar=N_("NETWORK|MxNxK|FILE"),
        help=N_(
            "a preset, a file, widths such as 784-128-10, one product such as 384x384x128, a "
            "recording, or a trace that another tool took"
        ),
    )
    parser.add_argument(
        "-o",
        dest="out",
        metavar="F",
        required=True,
        help=N_(".json for Perfetto and other viewers, .npz for mmviz"),
    )
    for name, metavar, told in (
        ("--batch", "B", N_("examples per pass (default: the preset's)")),
        ("--device", "D", Text(N_("default {device}; see mmviz devices"), device=THIS_MACHINE)),
        ("--record", "X", N_("record it here, by cpu-tiles, cuda-tiles or wgpu-tiles")),
        ("--tile", "MxN", N_("fix the tile instead of choosing it")),
        (
            "--order",
            "O",
            N_(
                "of a model rows, swizzle-N, ...; recorded static, pulling, ...; of "
                "a trace of another tool rows, columns, swizzle-N, grouped-N"
            ),
        ),
        ("--threads", "N", N_("that record (default: as many as there are cores)")),
    ):
        parser.add_argument(name, metavar=metavar, help=told)
    foreign.add_options(parser)
    add_pass(parser)
    parser.add_argument("--quiet", action="store_true", help=N_("no progress bar, no table"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check everything, model or record, write the file, print a table.

    Exit code 0; 1 where nothing could be recorded, with a line on stderr; 128 and the signal's
    number when stopped by one. A recording is kept for the window, too.
    """
    words: Words = options.words
    target = check_target(options.out, (npz.SUFFIX, chrome_trace.SUFFIX))
    if foreign.ran_already(options.what):
        given = foreign.read(options)
        _write(target, given)
        if not options.quiet:
            _print(given, target, words)
        return 0
    foreign.check_none(options)
    workload, batch = read_workload(options, options.what)
    of = Pass(workload, batch, check_dtype(options.dtype), options.training)
    if options.record is not None:
        return _record(options, of, target)
    found = _modelled(options, of)
    _write(target, found)
    if not options.quiet:
        _print(found, target, words)
    return 0


def _record(options: argparse.Namespace, of: Pass, target: Path) -> int:
    """What was recorded to its end is kept and written, whatever asks for the end meanwhile."""
    words: Words = options.words
    plan = _plan(options, of)
    with stoppable() as stop:
        with TerminalProgress(not options.quiet and sys.stderr.isatty(), words) as line:
            supervisor, reason = carry_out(plan, line.take, stop)
        recording = supervisor.found
        if isinstance(recording, Recording):
            found = replace(recording, command=_command(options))
            do_all((lambda: _keep(found), lambda: _write(target, found)), words)
            if not options.quiet:
                _print(found, target, words)
            return stopped(words, stop) if stop.is_set() else 0
    if stop.is_set():
        return stopped(words, stop, N_("stopped, nothing was recorded"))
    complain(words, reason or Text(N_("nothing was recorded")))
    return EXIT_UNRECORDED


def _modelled(options: argparse.Namespace, of: Pass) -> Recording:
    if options.threads is not None:
        raise InputError(N_("--threads belongs to --record"))
    device = read_device(options.device if options.device is not None else THIS_MACHINE)
    tile = None if options.tile is None else parse_tile(options.tile)
    order = None if options.order is None else order_for(device, options.order)
    if tile is not None and order is not None and order.own_tile:
        said = N_("--tile cannot be fixed: order {order} cuts tiles to its own size")
        raise InputError(said, order=order.id)
    asked = None if order is None else order.id
    setup = Setup(of.workload, device, of.batch, of.training, of.dtype, tile, asked)
    return modelled_pass(setup)


def _plan(options: argparse.Namespace, of: Pass) -> RecordPlan:
    if options.device is not None:
        raise InputError(N_("--device and --record exclude each other: it is recorded here"))
    if not registry.records(options.record):
        known = ", ".join(id for id in registry.MODULES if registry.records(id))
        said = N_("backend {id!r:.60} records no tiles; those that do are {known}")
        raise InputError(said, id=options.record, known=known)
    return RecordPlan(
        workload=of.workload,
        by=options.record,
        batch=of.batch,
        training=of.training,
        dtype=of.dtype,
        tile=None if options.tile is None else parse_tile(options.tile),
        order=options.order or "",
        threads=None if options.threads is None else parse_count(options.threads, "--threads"),
    )


def _command(options: argparse.Namespace) -> str:
    """What records the same again; of a file its name alone, and no other folder of this user."""
    parts = ["mmviz", "trace", Path(options.what).name, "--record", options.record]
    for name in ("batch", "tile", "order", "threads", "dtype"):
        value = getattr(options, name)
        if value is not None:
            parts += [f"--{name}", value]
    if options.training:
        parts.append("--training")
    return shlex.join([*parts, "-o", Path(options.out).name])


def _keep(recording: Recording) -> None:
    shelf.keep(recording)


def _write(target: Path, recording: Recording) -> None:
    if target.suffix.lower() == npz.SUFFIX:
        npz.save(target, recording)
    else:
        chrome_trace.save(target, recording)


def _print(recording: Recording, target: Path, words: Words) -> None:
    print(words(heading(recording)))
    show(said_table(table_rows(within(recording)), words, left=(0,)))
    for note in notes(within(recording)):
        print(words(note))
    print(words(Text(N_("written to {path}"), path=str(target))))
