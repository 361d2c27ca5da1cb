"""`mmviz calibrate`: measure this machine, or fit a GPU's constants to measured rows."""

from __future__ import annotations

import argparse
import sys
import threading
from time import monotonic
from typing import Any

import msgspec

from mmviz import units
from mmviz.bench.measured import Fitted, Measured
from mmviz.bench.plan import CALIBRATION_S, CalibrationPlan
from mmviz.bench.runner import calibrate
from mmviz.cli.bench import EXIT_STOPPED, stopped_by_ctrl_c
from mmviz.cli.calibrate_device import add_timings, fit_device
from mmviz.cli.progress import ProgressLine
from mmviz.errors import InputError
from mmviz.files import atomic, calibration
from mmviz.files.this_machine import THIS_MACHINE, keep, usable_cores


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "measure this machine, or fit the time model of a GPU to measured products"
    parser = commands.add_parser("calibrate", help=text, description=text, allow_abbrev=False)
    parser.add_argument(
        "--device", metavar="D", default=THIS_MACHINE, help=f"default {THIS_MACHINE}, measured now"
    )
    parser.add_argument("--json", action="store_true", help="print all that was found as JSON")
    add_timings(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Calibrate, keep the result in the user's data folder, print it.

    Exit code 0; 130 when stopped by Ctrl-C, then nothing is kept. Raises InputError and BenchError.
    """
    if options.timings is not None:
        return fit_device(options)
    for name, given in (("-o", options.out), ("--dtype", options.dtype)):
        if given is not None:
            raise InputError(f"{name} belongs to --timings FILE.csv")
    if options.device != THIS_MACHINE:
        raise InputError(
            f"only {THIS_MACHINE} can be measured, not {options.device!r:.60}: "
            "give --timings FILE.csv with columns m,n,k,time_ms"
        )
    return _this_machine(options.json)


def _this_machine(as_json: bool) -> int:
    path = calibration.place()
    if path.parent.is_dir():  # else it is made when the result is written
        atomic.check(path)
    stop = threading.Event()
    plan = CalibrationPlan(cores=usable_cores(), asked_at=monotonic())
    with stopped_by_ctrl_c(stop), ProgressLine(sys.stderr.isatty()) as line:
        measured = calibrate(plan, line.take, stop=stop)
    if measured is None:
        print("mmviz: stopped, nothing was kept", file=sys.stderr)
        return EXIT_STOPPED
    keep(measured)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(table(measured)), indent=2).decode())
    else:
        print("\n".join((*lines(measured), "", f"kept in {path}")))
    return 0


def lines(measured: Measured) -> list[str]:
    """What was found, for people."""
    machine, blas = measured.machine, measured.machine.blas
    core = f" · {blas.library} {blas.version}, {blas.architecture} kernels" if blas else ""
    found = [
        f"{machine.cpu}{core} · {units.plural(measured.threads, 'thread')}",
        f"measured in {units.seconds(measured.took_s)}, at most {units.seconds(CALIBRATION_S)}",
        "",
        f"{'one call':12} {units.seconds(measured.call_s):>14}",
        f"{'memory':12} {_bandwidth(measured):>14}  read and written by a copy",
    ]
    for dtype in measured.dtypes():
        for threads in measured.thread_counts(dtype):
            rate = measured.peak(dtype, threads)
            text = units.NO_DATA if rate is None else units.rate(rate)
            found.append(f"{'peak':12} {text:>14}  {dtype}, {units.plural(threads, 'thread')}")
    fitted = {fit.dtype: fit for fit in measured.fitted}
    found += [_error_line(dtype, fitted.get(dtype)) for dtype in measured.dtypes()]
    found += [f"note: {remark}" for remark in measured.remarks()]
    if steered := machine.steered_by():
        named = ", ".join(f"{name}={value}" for name, value in steered.items())
        found.append(f"note: these environment variables change the speed: {named}")
    return found


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


def _bandwidth(measured: Measured) -> str:
    found = measured.bandwidth
    return units.NO_DATA if found is None else f"{units.size(found)}/s"


def _error_line(dtype: str, fitted: Fitted | None) -> str:
    if fitted is None:
        return f"{'error':12} {units.NO_DATA:>14}  {dtype}: too few shapes in the time there was"
    return (
        f"{'error':12} {units.percent(fitted.error):>14}  {dtype}: "
        f"{len(fitted.constants)} constants from {fitted.rows} shapes, mean over "
        f"{fitted.kept} shapes kept out"
    )
