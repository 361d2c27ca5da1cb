"""`mmviz advise`: what the neighbouring shapes would cost, and why."""

from __future__ import annotations

import argparse
import sys
import textwrap
import threading
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from mmviz.backends.registry import gpu_here
from mmviz.bench.hindrances import hindrances
from mmviz.bench.load import added
from mmviz.bench.machine import read_machine
from mmviz.bench.pair import MeasuredGain, measured_gain
from mmviz.bench.runner import compare
from mmviz.cli.inputs import (
    Request,
    add_network,
    add_request,
    parse_seconds,
    read_request,
    with_notes,
)
from mmviz.cli.parser import Commands
from mmviz.cli.stopping import stoppable, stopped
from mmviz.cli.terminal import width
from mmviz.core.advice.advice import Advice, Piece, advise
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import fit
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files.devices import known_as
from mmviz.files.exports import as_json
from mmviz.state.peak.advice import (
    MEASURE_S,
    UNPAIRED,
    measurable,
    measured_text,
    pair_plan,
)
from mmviz.text import N_, Text, joined
from mmviz.words import advice as advice_words
from mmviz.words import cost as cost_words
from mmviz.words import remarks as remark_words
from mmviz.words.speech import ENGLISH, Words

WIDTH = 88  # of the text


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("say which neighbouring batch or widths would be faster on a device, and why")
    parser = commands.add_parser("advise", help=text)
    add_network(parser)
    add_request(parser)
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.add_argument(
        "--measure",
        action="store_true",
        help=N_("time both shapes, where this computer is the device"),
    )
    parser.add_argument(
        "--seconds",
        metavar="S",
        default=f"{MEASURE_S:g}",
        help=Text(N_("for each shape ({seconds:g})"), seconds=MEASURE_S),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the advice, measured if asked; raises InputError and BenchError.

    Exit code 0; 128 and its number when stopped by a signal while measuring: then the advice is
    printed with what was measured until then.
    """
    request = read_request(options, options.network)
    seconds = parse_seconds(options.seconds)
    setup = request.setup
    backend = _backend(setup) if options.measure else ""
    advice = advise(setup)
    if not backend:
        _print(options, request, advice, ())
        return 0
    measured: list[MeasuredGain] = []
    with stoppable() as stop:
        try:
            _measure(setup, advice, backend, seconds, stop, measured)
        finally:  # one that breaks does not take those before it
            _print(options, request, advice, measured)
        return stopped(options.words, stop) if stop.is_set() else 0


def _print(
    options: argparse.Namespace,
    request: Request,
    advice: Advice,
    measured: Sequence[MeasuredGain],
) -> None:
    words: Words = options.words
    if options.json:
        told = _as_json(request, advice, measured, ENGLISH)  # it is for programs
        print(as_json(with_notes(told, request.file.notes), indent=2))
    else:
        print("\n".join(lines(request.setup, advice, measured, options.measure, words)))


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


def _measure(
    setup: Setup,
    advice: Advice,
    backend: str,
    seconds: float,
    stop: threading.Event,
    found: list[MeasuredGain],
) -> None:
    """Add the measured gain of each piece to `found`, until `stop` is set."""
    for piece in advice.pieces:
        plan = pair_plan(setup, piece.change, backend, seconds)
        compared = compare(plan, lambda _: None, stop=stop)
        gain = None if compared is None else measured_gain(plan, compared)
        if gain is None:
            return
        found.append(gain)


def _as_json(
    request: Request, advice: Advice, measured: Sequence[MeasuredGain], words: Words
) -> dict[str, Any]:
    setup = request.setup
    return {
        "network": request.file.id or setup.workload.name,
        "batch": setup.batch if setup.workload.has_batch else None,
        "device": known_as(setup.device),
        "dtype": setup.dtype,
        "training": setup.training,
        "basis": words(advice.basis),
        "fits": fit(setup).fits,
        "largest_batch": fit(setup).largest,
        "why_none": words(advice_words.why_none(advice)),
        "advice": [
            _piece(piece, gain, setup.device, words)
            for piece, gain in zip_longest(advice.pieces, measured)
        ],
        "remarks": [
            {
                "kind": "remark",
                "title": words(remark_words.title(remark)),
                "text": words(remark_words.sentence(remark, setup.device)),
                "ok": remark.sound,
            }
            for remark in advice.remarks
        ],
        **({"warnings": _hindered(measured)} if measured else {}),
    }


def _hindered(measured: Sequence[MeasuredGain]) -> list[str]:
    """What kept the measuring from having the machine to itself."""
    load = added(gain.load for gain in measured)
    return [str(text) for text in hindrances(load, read_machine())]


def _piece(piece: Piece, gain: MeasuredGain | None, device: Device, words: Words) -> dict[str, Any]:
    change = piece.change
    found = {
        "change": {"what": words(change.what), "from": change.before, "to": change.after},
        "text": words(advice_words.sentence(piece, device)),
        "cause": piece.cause,
        "predicted_s": list(piece.predicted_s),
        "tiles": list(piece.tiles),
        "waves": list(piece.waves),
        "gain": piece.gain,
        "error": piece.error,
        "per_example": piece.per_example,
    }
    return {**found, "measured": _measured(gain)} if gain else found


def _measured(gain: MeasuredGain) -> dict[str, Any]:
    return {
        "gain": gain.gain,
        "errors": list(gain.errors),
        "p50_s": list(gain.seconds),
        "passes": list(gain.passes),
        "load": gain.load and gain.load.shares(),
    }


def lines(
    setup: Setup,
    advice: Advice,
    measured: Sequence[MeasuredGain] = (),
    measuring: bool = False,
    words: Words = ENGLISH,
) -> list[str]:
    """The advice for people, wrapped; measuring: that was asked for."""
    found = [words(cost_words.heading(setup, grouped=True))]
    if not advice.why:
        basis = joined((advice.basis, advice.rests.beyond), "semicolons")
        found += _wrapped(words(Text(N_("predicted, {basis}"), basis=basis)))
    for piece, timed in zip_longest(advice.pieces, measured):
        gain = advice_words.headline(piece)
        told = advice_words.sentence(piece, setup.device)
        found += ["", *_wrapped(words(Text("{gain}: {told}", gain=gain, told=told)))]
        if timed:
            found += [f"  {line}" for line in _wrapped(words(measured_text(timed)))]
    if advice.why:
        found += ["", *_wrapped(words(advice_words.why_none(advice)))]
        found += [words(setup.device.remedy)] if setup.device.missing else []
        if measuring:
            found.append(words(Text(N_("--measure: without advice there is nothing to time"))))
    for remark in advice.remarks:
        told = remark_words.sentence(remark, setup.device)
        said = Text(N_("ok: {told}") if remark.sound else N_("note: {told}"), told=told)
        found += ["", *_wrapped(words(said))]
    return found


def _wrapped(text: str) -> list[str]:
    """The first line at the margin; groups of digits are kept together."""
    return textwrap.wrap(
        text, width(sys.stdout, WIDTH), subsequent_indent="  ", break_long_words=False
    )
