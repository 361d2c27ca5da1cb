"""`mmviz diff`: two recordings of one product held together, or one beside its model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmviz.cli.parser import Commands
from mmviz.cli.table import said_table, show
from mmviz.core.recording.comparing import Compared
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files import recordings
from mmviz.files.devices import read_device
from mmviz.files.exports import as_json
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.recording.pairs import (
    Pair,
    beside_model,
    beside_other,
    leading,
    residuals,
    whole_s,
)
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words.products import titled
from mmviz.words.recording_cause import MODEL, Names, also, why, why_not, within
from mmviz.words.speech import Words

_HEAD = (
    N_("product"),
    N_("side"),
    N_("takes"),
    N_("units"),
    N_("waves"),
    N_("busy"),
    N_("in flight"),
    N_("median tile"),
    N_("slowest tile"),
)


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("hold two recordings together, or one beside its model, and say why they differ")
    parser = commands.add_parser("diff", help=text)
    parser.add_argument("a", metavar="A.npz", help=N_("a recording"))
    parser.add_argument("b", metavar="B.npz", nargs="?", help=N_("another one of the same product"))
    parser.add_argument(
        "--model", action="store_true", help=N_("beside the model of --device, which comes first")
    )
    parser.add_argument(
        "--device",
        metavar="D",
        help=Text(
            N_(
                "whose model, default {device}; of two recordings the one whose roofline tells "
                "whether memory binds"
            ),
            device=THIS_MACHINE,
        ),
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the comparison; raises InputError."""
    if options.model == (options.b is not None):
        raise InputError(N_("mmviz diff needs A.npz and either B.npz or --model"))
    first = recordings.read(options.a)
    if options.model:
        device = read_device(options.device or THIS_MACHINE)
        pairs, names = beside_model(first, device), (MODEL, _name(options.a))
    else:
        second = recordings.read(options.b)
        named = None if options.device is None else read_device(options.device)
        pairs, names = beside_other(first, second, named), _names(options.a, options.b)
    if options.json:
        print(as_json(_as_builtins(first, pairs, names), indent=2))
    else:
        _tell(pairs, names, options.words)
    return 0


def _names(a: str, b: str) -> Names:
    """By their files, with the folders where those are called alike."""
    if Path(a).name == Path(b).name:
        return own(a), own(b)
    return _name(a), _name(b)


def _name(path: str) -> Text:
    return own(Path(path).name)


def _tell(pairs: Sequence[Pair], names: Names, words: Words) -> None:
    rows = [tuple(map(Text, _HEAD))]
    for pair in pairs:
        gemm = titled(pair.gemm.name, pair.gemm.role)
        rows += [_row((gemm, NOTHING)[at], names[at], pair.compared, at) for at in (0, 1)]
    show(said_table(rows, words, left=(0, 1), keys=2))
    for pair in pairs:
        for line in _sentences(pair, names):
            gemm = titled(pair.gemm.name, pair.gemm.role)
            said = Text("{name}: {line}", name=gemm, line=line) if len(pairs) > 1 else line
            print(words(said))


def _row(gemm: Text, name: Text, compared: Compared, at: int) -> tuple[Text, ...]:
    """One side of a product; what nobody knows is left empty."""
    side, told = compared.sides[at], compared.accounts[at]
    takes = Text("{wall:seconds}", wall=side.wall_s)
    units = Text("{n:group}", n=side.trace.tiling.units)
    waves = Text("{n:group}", n=side.trace.waves)
    if told is None:
        return gemm, name, takes, units, waves, NOTHING, NOTHING, NOTHING, NOTHING
    m, n = told.at
    return (
        gemm,
        name,
        takes,
        units,
        waves,
        Text("{busy:percent}", busy=told.busy),
        Text("{n:group}", n=told.in_flight),
        Text("{t:seconds}", t=told.median),
        Text("{t:seconds} ({m:d}, {n:d})", t=told.slowest, m=m, n=n),
    )


def _sentences(pair: Pair, names: Names) -> list[Text]:
    """Of one product: why, what else was seen, and how far tiles are off."""
    compared, because = pair.compared, pair.because
    lines = [why(compared, because, names), also(compared, because, names), why_not(compared)]
    if compared.residual is not None:
        said = N_("residual by tile: median {median}, 95 % within {p95:seconds}; {within}")
        lines.append(
            Text(
                said,
                median=_signed(compared.residual.median),
                p95=compared.residual.p95,
                within=within(compared.residual),
            )
        )
    return [line for line in lines if line]


def _signed(seconds: float) -> Text:
    """'+2.00 µs'."""
    return Text("+{t:seconds}" if seconds >= 0 else "−{t:seconds}", t=abs(seconds))


def _as_builtins(recording: Recording, pairs: Sequence[Pair], names: Names) -> dict[str, Any]:
    """For programs: the one product; of several the whole pass, and each of them in `products`."""
    if len(pairs) == 1:
        return _of(pairs, pairs[0].gemm.name, names)
    each = [_of([pair], str(titled(pair.gemm.name, pair.gemm.role)), names) for pair in pairs]
    return {**_of(pairs, recording.of.workload.name, names), "products": each}


def _of(pairs: Sequence[Pair], product: str, names: Names) -> dict[str, Any]:
    """Waves are summed up, units the most there are; cause and evidence: where most is lost."""
    most, residual = leading(pairs), residuals(pairs)
    evidence = most.because.evidence
    lines = why(most.compared, most.because, names), also(most.compared, most.because, names)
    return {
        "product": product,
        "a": _side(pairs, 0),
        "b": _side(pairs, 1),
        "residual_s": {
            "median": None if residual is None else residual[0],
            "p95": None if residual is None else residual[1],
        },
        "cause": None if evidence is None else evidence.id,
        "evidence": str(joined(lines, "words")),
    }


def _side(pairs: Sequence[Pair], at: int) -> dict[str, Any]:
    traces = [pair.compared.sides[at].trace for pair in pairs]
    return {
        "wall_s": whole_s(pairs, at),
        "units": max(trace.tiling.units for trace in traces),
        "waves": sum(trace.waves for trace in traces),
    }
