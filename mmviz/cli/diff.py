"""`mmviz diff`: two recordings of one product held together, or one beside its model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmviz.cli.parser import Commands
from mmviz.cli.table import said_table, show
from mmviz.core.recording.causes import Because
from mmviz.core.recording.comparing import Compared
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.exports import as_json
from mmviz.files.foreign import traces
from mmviz.files.recordings import reading
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state.recording.pairs import Told, beside, leading, residuals, whole_s
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words.products import titled
from mmviz.words.provenance import label
from mmviz.words.recording_cause import MODEL, also, crowd, why, why_not, within
from mmviz.words.recording_evidence import Names
from mmviz.words.speech import Words

_HEAD = (
    N_("product"),
    N_("side"),
    N_("kind"),
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
    parser.add_argument("a", metavar=N_("A.npz"), help=N_("a recording"))
    parser.add_argument(
        "b", metavar=N_("B.npz"), nargs="?", help=N_("another one of the same product")
    )
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
    first = _read(options.a)
    device = read_device(options.device or THIS_MACHINE)
    if options.model:
        found, names = beside(first, device, None), (MODEL, _name(options.a))
    else:
        roofline = options.device is not None
        second = _read(options.b)
        found = beside(second, device, first, roofline=roofline)
        names = _names(options.a, options.b)
    if options.json:
        print(as_json(_as_builtins(first, found, names), indent=2))
    else:
        _tell(found, names, options.words)
    return 0


def _read(path: str) -> Recording:
    """A recording; raises InputError, of a trace of another tool with the way to make it one."""
    if not reading.holds_one(path) and traces.is_foreign_file(path):
        said = N_("{path} is of another tool: mmviz trace {path} --shape MxNxK -o A.npz first")
        raise InputError(said, path=path)
    return reading.read(path)


def _names(a: str, b: str) -> Names:
    """By their files, with the folders where those are called alike."""
    if Path(a).name == Path(b).name:
        return own(a), own(b)
    return _name(a), _name(b)


def _name(path: str) -> Text:
    return own(Path(path).name)


def _tell(found: Sequence[Told], names: Names, words: Words) -> None:
    rows = [tuple(map(Text, _HEAD))]
    for gemm, compared, _ in found:
        named = titled(gemm.name, gemm.role), NOTHING
        rows += [_row(named[at], names[at], compared, at) for at in (0, 1)]
    show(said_table(rows, words, left=(0, 1, 2), keys=2))
    for gemm, compared, because in found:
        for line in _sentences(compared, because, names):
            named_line = Text("{name}: {line}", name=titled(gemm.name, gemm.role), line=line)
            print(words(named_line if len(found) > 1 else line))
    if meanwhile := crowd(leading(found)[1], names):
        print(words(meanwhile))


def _row(gemm: Text, name: Text, compared: Compared, at: int) -> tuple[Text, ...]:
    """One side of a product; what nobody knows is left empty."""
    side, told = compared.sides[at], compared.accounts[at]
    kind = label(side.trace.provenance)
    takes = Text("{wall:seconds}", wall=side.wall_s)
    units = Text("{n:group}", n=side.trace.tiling.units)
    waves = NOTHING if side.waves is None else Text("{n:group}", n=side.waves)
    if told is None:
        return gemm, name, kind, takes, units, waves, NOTHING, NOTHING, NOTHING, NOTHING
    m, n = told.at
    return (
        gemm,
        name,
        kind,
        takes,
        units,
        waves,
        Text("{busy:percent}", busy=told.busy),
        Text("{n:group}", n=told.in_flight),
        Text("{t:seconds}", t=told.median),
        Text("{t:seconds} ({m:d}, {n:d})", t=told.slowest, m=m, n=n),
    )


def _sentences(compared: Compared, because: Because, names: Names) -> list[Text]:
    """Of one product: why, what else was seen, and how far tiles are off."""
    lines = [
        why(compared, because, names),
        also(compared, because, names),
        why_not(compared),
    ]
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


def _as_builtins(recording: Recording, found: Sequence[Told], names: Names) -> dict[str, Any]:
    """For programs: the one product; of several the whole pass, with its waves summed up where all
    are known, the most units there are, and cause and evidence of the product where most is lost.
    """
    product = recording.of.workload.name
    if len(found) == 1:
        gemm = found[0][0]
        product = str(titled(gemm.name, gemm.role))
    (_, compared, because), residual = leading(found), residuals(found)
    median, p95 = (None, None) if residual is None else residual
    told = why(compared, because, names), also(compared, because, names), crowd(compared, names)
    return {
        "product": product,
        "a": _side(found, 0),
        "b": _side(found, 1),
        "residual_s": {"median": median, "p95": p95},
        "cause": None if because.evidence is None else because.evidence.id,
        "evidence": str(joined(told, "words")),
    }


def _side(found: Sequence[Told], at: int) -> dict[str, Any]:
    sides = [compared.sides[at] for _, compared, _ in found]
    waves = [side.waves for side in sides if side.waves is not None]
    return {
        "kind": sides[0].trace.provenance.kind,
        "wall_s": whole_s(found, at),
        "units": max(side.trace.tiling.units for side in sides),
        "waves": sum(waves) if len(waves) == len(sides) else None,
    }
