"""`mmviz calibrate`: measure this machine, or fit a GPU's constants to measured rows."""

from __future__ import annotations

import argparse
import sys
from time import monotonic
from typing import Any

import msgspec

from mmviz.bench.hindrances import stopped_by_quota
from mmviz.bench.measured import Fitted, Measured
from mmviz.bench.plan import CALIBRATION_S, CalibrationPlan
from mmviz.bench.runner import calibrate
from mmviz.cli.bench_notes import variables_line
from mmviz.cli.calibrate_device import add_timings, fit_device
from mmviz.cli.complain import complain
from mmviz.cli.parser import Commands
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import stoppable, stopped
from mmviz.cli.table import Table, said_figures, show
from mmviz.errors import InputError
from mmviz.files import atomic, calibration
from mmviz.files.exports import as_json
from mmviz.files.this_machine import THIS_MACHINE, doubts, keep, usable_cores
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined, own
from mmviz.words.speech import ENGLISH, Words

EXIT_DOUBTFUL = 1


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("measure this machine, or fit the time model of a GPU to measured products")
    parser = commands.add_parser("calibrate", help=text)
    now = Text(N_("default {device}, measured now"), device=THIS_MACHINE)
    parser.add_argument("--device", metavar="D", default=THIS_MACHINE, help=now)
    parser.add_argument("--json", action="store_true", help=N_("print all that was found as JSON"))
    parser.add_argument(
        "--replace",
        action="store_true",
        help=N_("keep a doubtful result, though it replaces a better one"),
    )
    add_timings(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Calibrate, keep the result in the user's data folder, print it.

    Exit code 0; 1 where the result is doubtful and a better one stays; 128 and its number when
    stopped by a signal, then nothing is kept. Raises InputError and BenchError.
    """
    if options.timings is not None:
        if options.replace:
            raise InputError(N_("--replace belongs to {here}, not to --timings"), here=THIS_MACHINE)
        return fit_device(options)
    for name, given in (
        ("-o", options.out),
        ("--dtype", options.dtype),
        ("--launch", options.launch),
    ):
        if given is not None:
            raise InputError(N_("{option} belongs to --timings FILE.csv"), option=name)
    if options.device != THIS_MACHINE:
        raise InputError(
            N_(
                "only {here} can be measured, not {device!r:.60}: "
                "give --timings FILE.csv with columns m,n,k,time_ms"
            ),
            here=THIS_MACHINE,
            device=options.device,
        )
    return _this_machine(options.json, options.replace, options.words)


def _this_machine(json: bool, replace: bool, words: Words) -> int:
    path = calibration.place()
    atomic.check(path, folder_made=True)
    plan = CalibrationPlan(cores=usable_cores(), asked_at=monotonic())
    with stoppable() as stop:
        with TerminalProgress(sys.stderr.isatty(), words) as line:
            measured = calibrate(plan, line.take, stop=stop)
        if measured is None:
            return stopped(words, stop, N_("stopped, nothing was kept"))
    why = NOTHING if replace else doubts(measured)
    if not why:
        keep(measured)
    if json:
        print(as_json({**msgspec.to_builtins(table(measured)), "kept": not why}, indent=2))
    else:
        kept = NOTHING if why else Text(N_("kept in {path}"), path=str(path))
        print("\n".join(words(line) for line in heads(measured)), end="\n\n")
        show(table_of(measured, words))
        for note in notes(measured):
            print(words(note))
        if kept:
            print("", words(kept), sep="\n")
    if not why:
        return 0
    complain(words, Text(N_("{why}: it stays; --replace keeps the new one"), why=why))
    return EXIT_DOUBTFUL


def heads(measured: Measured) -> list[Text]:
    """What was measured, and how long that took."""
    machine, blas = measured.machine, measured.machine.blas
    kernels = NOTHING
    if blas is not None:
        kernels = Text(
            N_("{library} {version}, {kernels} kernels"),
            library=blas.library,
            version=blas.version,
            kernels=blas.architecture,
        )
    took = N_("measured in {took:seconds}, at most {most:seconds}")
    return [
        joined((own(machine.cpu), kernels, _threads(measured.threads))),
        Text(took, took=measured.took_s, most=CALIBRATION_S),
    ]


def table_of(measured: Measured, words: Words = ENGLISH) -> Table:
    """What was found, for people."""
    rows = [
        (Text(N_("one call")), Text("{call:seconds}", call=measured.call_s), NOTHING),
        (Text(N_("memory")), _bandwidth(measured), Text(N_("read and written by a copy"))),
    ]
    for dtype in measured.dtypes():
        for threads in measured.thread_counts(dtype):
            rate = Text("{rate:rate}", rate=measured.peak(dtype, threads))
            where = joined((own(dtype), _threads(threads)), "commas")
            rows.append((Text(N_("peak")), rate, where))
    fitted = {fit.dtype: fit for fit in measured.fitted}
    held = stopped_by_quota(measured.load, measured.machine)
    rows += [_error_row(dtype, fitted.get(dtype), held) for dtype in measured.dtypes()]
    return said_figures(rows, words)


def notes(measured: Measured) -> list[Text]:
    """What must be known beside it."""
    found = list(measured.remarks())
    if steered := measured.machine.steered_by():
        found.append(variables_line(steered))
    return [Text(N_("note: {remark}"), remark=note) for note in found]


def table(measured: Measured) -> dict[str, Any]:
    """What was found, for programs: figures in SI units, then all rows."""
    return {
        "device": THIS_MACHINE,
        "call_s": measured.call_s,
        "bandwidth_bytes_per_s": measured.bandwidth,
        "peak_flop_per_s": {
            dtype: {str(t): measured.peak(dtype, t) for t in measured.thread_counts(dtype)}
            for dtype in measured.dtypes()
        },
        "remarks": [str(remark) for remark in measured.remarks()],
        "measured": {
            **msgspec.to_builtins(measured),
            "copies": [_named(copy) for copy in measured.copies],
            "rows": [_named(row) for row in measured.rows],
        },
    }


def _named(row: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _threads(count: int) -> Text:
    return Text(P_("{n:group} thread", "{n:group} threads"), n=count)


def _bandwidth(measured: Measured) -> Text:
    found = measured.bandwidth
    return Text(NO_DATA) if found is None else Text("{bandwidth:size}/s", bandwidth=found)


def _error_row(dtype: str, fitted: Fitted | None, held: bool) -> tuple[Text, Text, Text]:
    """held: the container's quota stopped what was timed."""
    name = Text(N_("error"))
    if fitted is None:
        why = N_("{dtype}: too few undisturbed shapes in the time there was")
        if held:
            why = N_("{dtype}: nothing is predicted of cores that a container holds back")
        return name, Text(NO_DATA), Text(why, dtype=dtype)
    told = N_("{dtype}: {constants} constants from {rows} shapes, mean over {kept} shapes kept out")
    values = {"constants": len(fitted.constants), "rows": fitted.rows, "kept": fitted.kept}
    return name, Text("{error:percent}", error=fitted.error), Text(told, dtype=dtype, **values)
