"""`mmviz advise`: what the neighbouring shapes would cost, and why."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import threading
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from mmviz import units
from mmviz.backends.registry import gpu_here
from mmviz.bench.pair import MeasuredGain, measured_gain
from mmviz.bench.runner import compare
from mmviz.cli.bench import EXIT_STOPPED, stopped_by_ctrl_c
from mmviz.cli.inputs import Request, add_network, add_request, parse_seconds, read_request
from mmviz.core.advice import sentences as advice_text
from mmviz.core.advice.advice import Advice, Piece, advise
from mmviz.core.device.body import Gpu
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.state.peak.advice import (
    MEASURE_S,
    UNPAIRED,
    measurable,
    measured_text,
    pair_plan,
)
from mmviz.state.session import Session
from mmviz.text import N_, Text

WIDTH = 88  # of the text


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "say which neighbouring batch or widths would be faster on a device, and why"
    parser = commands.add_parser("advise", help=text, description=text, allow_abbrev=False)
    add_network(parser)
    add_request(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument(
        "--measure", action="store_true", help="time both shapes, where this computer is the device"
    )
    parser.add_argument(
        "--seconds", metavar="S", default=f"{MEASURE_S:g}", help=f"for each shape ({MEASURE_S:g})"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the advice, measured if asked; raises InputError and BenchError.

    Exit code 0; 130 when stopped by Ctrl-C while measuring.
    """
    request = read_request(options, options.network)
    seconds = parse_seconds(options.seconds)
    setup = request.setup
    backend = _backend(setup) if options.measure else ""
    advice = advise(setup)
    measured: Sequence[MeasuredGain] = ()
    if backend:
        measured = _measure(setup, advice, backend, seconds)
        if len(measured) < len(advice.pieces):
            print("mmviz: stopped", file=sys.stderr)
            return EXIT_STOPPED
    if options.json:
        print(json.dumps(_as_json(request, advice, measured), indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(request, advice, measured, options.measure)))
    return 0


def _backend(setup: Setup) -> str:
    """Who computes on the very device advised about; raises InputError where it is not here."""
    if setup.workload.layered is None:
        raise InputError(UNPAIRED)
    is_gpu = isinstance(setup.device.body, Gpu)
    gpu = gpu_here() if is_gpu else None
    backend = measurable(setup.device, setup.dtype, gpu)
    if not backend:
        why = Text(N_("nothing here computes like it"))
        if is_gpu:
            why = Text(N_("CuPy finds no CUDA GPU here"))
            why = Text(N_("its GPU is {gpu}"), gpu=gpu) if gpu else why
        raise InputError(
            N_("--measure needs {device} in this computer, and a backend for {dtype}: {why}"),
            device=setup.device.name,
            dtype=setup.dtype,
            why=why,
        )
    return backend


def _measure(setup: Setup, advice: Advice, backend: str, seconds: float) -> list[MeasuredGain]:
    """The measured gain of each piece; of fewer when stopped by Ctrl-C."""
    network = setup.workload.layered
    assert network is not None  # `_backend` refuses a list
    session = Session(network, setup.batch, setup.training, setup.dtype, edited=setup.device)
    found: list[MeasuredGain] = []
    stop = threading.Event()
    with stopped_by_ctrl_c(stop):
        for piece in advice.pieces:
            plan = pair_plan(session, piece.change, backend, seconds)
            compared = compare(plan, lambda _: None, stop=stop)
            gain = None if compared is None else measured_gain(plan, compared)
            if gain is None:
                break
            found.append(gain)
    return found


def _as_json(request: Request, advice: Advice, measured: Sequence[MeasuredGain]) -> dict[str, Any]:
    setup = request.setup
    return {
        "network": request.file.id or setup.workload.name,
        "batch": setup.batch if setup.workload.has_batch else None,
        "device": setup.device.id,
        "dtype": setup.dtype,
        "training": setup.training,
        "basis": str(advice.basis),
        "why_none": advice.why,
        "advice": [
            {**_piece(piece), **({"measured": _measured(gain)} if gain else {})}
            for piece, gain in zip_longest(advice.pieces, measured)
        ],
        "remarks": [
            {"kind": "remark", "title": remark.title, "text": remark.text, "ok": remark.sound}
            for remark in advice.remarks
        ],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    change = piece.change
    return {
        "change": {"what": change.what, "from": change.before, "to": change.after},
        "text": piece.text,
        "cause": piece.cause,
        "predicted_s": list(piece.predicted_s),
        "tiles": list(piece.tiles),
        "waves": list(piece.waves),
        "gain": piece.gain,
        "error": piece.error,
        "per_example": change.kind == "batch",
    }


def _measured(gain: MeasuredGain) -> dict[str, Any]:
    return {"gain": gain.gain, "p50_s": list(gain.seconds), "passes": list(gain.passes)}


def lines(
    request: Request,
    advice: Advice,
    measured: Sequence[MeasuredGain] = (),
    measuring: bool = False,
) -> list[str]:
    """The advice for people, wrapped; measuring: that was asked for."""
    setup = request.setup
    mode = "training" if setup.training else "inference"
    how = f"batch {units.group(setup.batch)}, {mode}"
    if not setup.workload.has_batch:
        how = "a list of products"
    found = [f"{setup.workload.name}, {how}, {setup.dtype}, on {setup.device.name}"]
    if not advice.why:
        found.append(f"predicted, {advice.basis}")
    for piece, timed in zip_longest(advice.pieces, measured):
        gain = advice_text.headline(piece.change, piece.gain, piece.error)
        found += ["", *_wrapped(f"{gain}: {piece.text}")]
        if timed:
            found.append(f"  {measured_text(timed)}")
    if advice.why:
        found += ["", *_wrapped(advice.why)]
        found += ["--measure: without advice there is nothing to time"] if measuring else []
    for remark in advice.remarks:
        found += ["", *_wrapped(f"{'ok' if remark.sound else 'note'}: {remark.text}")]
    return found


def _wrapped(text: str) -> list[str]:
    """The first line at the margin; groups of digits are kept together."""
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_long_words=False)
