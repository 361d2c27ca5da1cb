"""`mmviz calibrate --device D --timings F.csv`: constants fitted to measured products."""

from __future__ import annotations

import argparse
import math
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmviz.backends.threads import BlasThreads, numpy_blas
from mmviz.cli.complain import complain
from mmviz.cli.parser import Parser
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.streams import STDIN, STREAM, put, stdin
from mmviz.cli.table import Table, said_figures, show
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.dtype import BYTES, check_dtype
from mmviz.core.time.fit import Fit, fit
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.columns import not_used
from mmviz.files.device_writer import dump
from mmviz.files.devices import (
    device_ids,
    is_path,
    known_as,
    own_file,
    own_folder,
    read_device,
    save_as,
)
from mmviz.files.exports import as_json
from mmviz.files.products import rows_from
from mmviz.files.timings import read_timings, timings_of
from mmviz.text import N_, NOTHING, P_, Text, own
from mmviz.words.speech import ENGLISH, Words

DTYPE = "bfloat16"
OTHER_NAMES = {  # of number formats, as tools write them
    **dict.fromkeys(("bf16", "bf16_r"), "bfloat16"),
    **dict.fromkeys(("fp16", "f16", "f16_r", "half"), "float16"),
    **dict.fromkeys(("fp32", "f32", "f32_r", "float", "single"), "float32"),
    **dict.fromkeys(("fp64", "f64", "f64_r", "double"), "float64"),
    **dict.fromkeys(("fp8", "f8", "e4m3", "fp8_e4m3", "float8_e4m3fn"), "float8"),
    **dict.fromkeys(("i8", "s8", "r_8i"), "int8"),
    **dict.fromkeys(("fp4", "f4", "e2m1", "float4"), "nvfp4"),
}
_SECONDS = ("t0", "wave", "join")  # the constants that are times


def add_timings(parser: Parser) -> None:
    """The options of a fit."""
    parser.add_argument(
        "--timings",
        metavar="F.csv",
        help=N_("measured products of a GPU, columns m,n,k,time_ms; - for standard input"),
    )
    parser.add_argument(
        "--dtype",
        metavar="T",
        help=Text(N_("of the measured products, default {dtype}"), dtype=DTYPE),
    )
    parser.add_argument(
        "--launch",
        choices=("graph", "eager"),
        help=N_(
            "how the products were timed: kernels alone, as in a CUDA graph, or calls the host "
            "waits for, whose gap is then fitted apart; default graph"
        ),
    )
    parser.add_argument(
        "-o",
        dest="out",
        metavar=N_("OUT.toml"),
        help=N_(
            "the device file to write, - for standard output; else the user's own device D, or "
            "D-calibrated"
        ),
    )


def fit_device(options: argparse.Namespace) -> int:
    """Fit, write the device file, print what was found; raises InputError."""
    device = read_device(options.device)
    if options.out == STREAM and options.json:
        raise InputError(N_("-o - and --json cannot both be written to standard output"))
    words: Words = options.words
    if options.timings == STREAM:
        source, timings = words(STDIN), timings_of(rows_from(stdin(), STDIN), STDIN)
    else:
        source, timings = os.path.basename(options.timings), read_timings(options.timings)
    dtype = _dtype(options.dtype, timings.dtype)
    if not isinstance(device.body, Gpu) or device.peak(dtype) is None or device.bandwidth is None:
        raise InputError(
            N_(
                "{device} cannot be fitted in {dtype}: it needs to be a GPU with a peak in "
                "{dtype} and a bandwidth"
            ),
            device=device.name,
            dtype=dtype,
        )
    if unused := not_used(timings.unused):
        complain(words, Text(N_("note: {note}"), note=unused))
    target = None if options.out == STREAM else _target(options, device)
    if target is not None:
        atomic.check(target, folder_made=target.parent == own_folder())
    with TerminalProgress(sys.stderr.isatty(), words) as line:
        fitting = Text(N_("fitting"))
        eager = options.launch == "eager"
        with _one_thread():
            found = fit(
                timings.rows, device, dtype, lambda share: line.draw(share, fitting), eager=eager
            )
    fitted = calibrated(device, dtype, found, source)
    if target is None:
        put(STREAM, dump(fitted))
        return 0
    id = save_as(fitted, target)
    if options.json:
        print(as_json(table(found, device, dtype, target), indent=2))
    else:
        fitted_rows = Text(P_("{n:group} row", "{n:group} rows"), n=found.rows)
        head = N_("{device}, {dtype}: {rows} fitted")
        print(words(Text(head, device=device.name, dtype=dtype, rows=fitted_rows)))
        show(table_of(found, words))
        print(words(Text(N_("kept in {path}"), path=str(target))))
        print(words(Text(N_("use it as --device {id}"), id=id)))
    return 0


def _one_thread() -> AbstractContextManager[object]:
    """Matrices are small: a second thread of a BLAS would wait longer than it helps."""
    import scipy.linalg  # type: ignore[import-untyped]  # noqa: F401  # brings a BLAS of its own

    return nullcontext() if numpy_blas() is None else BlasThreads().held_to(1)


def _dtype(asked: str | None, said: str) -> str:
    """The number format of the fit: asked for, or said by the table; raises InputError."""
    told = OTHER_NAMES.get(said.lower(), said.lower())
    dtype = check_dtype(asked or (told if told in BYTES else DTYPE))
    if told and told != dtype:
        raise InputError(
            N_("the measured products are in {said!r:.40}, not in {dtype}"), said=said, dtype=dtype
        )
    return dtype


def calibrated(device: Device, dtype: str, found: Fit, source: str) -> Device:
    """The device with the fitted constants as its own in `dtype`. source: of the timings."""
    one = Calibration(
        dtype,
        tuple(found.constants.named.items()),
        found.rows,
        found.held_out,
        found.error,
        found.error_long,
        f"fitted to {source}",
        True,
        found.error_short,
        sides=found.sides,
        tiles=found.constants.tiles,
        learned=found.learned,
    )
    others = tuple(other for other in device.calibrations if other.dtype != dtype)
    shipped = device.id in device_ids()
    name = f"{device.name[:46]} (calibrated)" if shipped else device.name
    return replace(device, name=name, calibrations=(one, *others))


def table_of(found: Fit, words: Words = ENGLISH) -> Table:
    """What was found, for people."""
    rows: list[tuple[Text, Text, Text]] = []
    for name, value in found.constants.named.items():
        shown = Text("{value:seconds}" if name in _SECONDS else "{value:sig}", value=value)
        rows.append((own(name), shown, NOTHING))
    if found.learned is not None:
        most = max(map(abs, found.learned.values))
        nodes = Text(N_("at {n:group} nodes"), n=len(found.learned.values))
        learned = Text(N_("up to {most:percent}"), most=math.expm1(most))
        rows.append((Text(N_("learned beyond them")), learned, nodes))
    for label, error, over in (
        (
            Text(N_("error")),
            found.error,
            Text(N_("mean over {rows} rows kept out"), rows=found.held_out),
        ),
        (NOTHING, found.error_long, Text(N_("over those of them above 50 µs"))),
        (NOTHING, found.error_short, Text(N_("over the others"))),
    ):
        rows.append((label, Text("{error:percent}", error=error), over))
    return said_figures(rows, words)


def table(found: Fit, device: Device, dtype: str, target: Path) -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "device": known_as(device),
        "dtype": dtype,
        "constants": found.constants.named,
        "rows": found.rows,
        "held_out": found.held_out,
        "error": found.error,
        "error_long": found.error_long,
        "error_short": found.error_short,
        "sides": dict(zip("mnk", found.sides, strict=True)),
        "tiles": {"{}x{}".format(*tile): value for tile, value in found.constants.tiles},
        "learned_nodes": None if found.learned is None else found.learned.shape,
        "file": str(target),
    }


def _target(options: argparse.Namespace, device: Device) -> Path:
    """The file the calibrated device is written to."""
    if options.out is not None:
        return Path(options.out)
    if is_path(options.device):
        return Path(options.device)
    return own_file(f"{device.id}-calibrated" if device.id in device_ids() else device.id)
