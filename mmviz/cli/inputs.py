"""What users type, read into values; every refusal names the option and what it got."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmviz import numerals
from mmviz.cli.complain import complain
from mmviz.cli.parser import Parser
from mmviz.cli.streams import STDIN, STREAM, stdin
from mmviz.core.device.device import Device, Tile
from mmviz.core.device.formats import nearest_dtype
from mmviz.core.schedule.orders import order_for
from mmviz.core.shapes.dtype import BYTES, DEFAULT, check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.networks import NetworkFile, find, is_shape, of_shape, read_stream
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, Text
from mmviz.words.formats import in_stead
from mmviz.words.speech import Words

_DAY_S = 86_400
_THOUSANDS = re.compile(r"(?<![^,;\s])[1-9][0-9]{0,2},0[0-9]{2}(?![0-9])")  # 024 is no number
_TWO_COMMAS = re.compile(r".*,\S.*,\s.*|.*,\s.*,\S.*", re.DOTALL)  # "1,128, 2,256"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and the file it came from."""

    file: NetworkFile
    setup: Setup


class _Asked(argparse.Action):
    """Keeps the value, and that somebody typed it."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, values)
        namespace.asked = (*getattr(namespace, "asked", ()), self.dest)


def dtype_on(options: argparse.Namespace, device: Device) -> str:
    """The number format that was typed; where none was, the device's nearest to the usual one.

    Another one than usual is noted in `options.note`, to be said once the command is done. Raises
    InputError.
    """
    dtype = check_dtype(options.dtype)
    if "dtype" in getattr(options, "asked", ()):
        return dtype
    found = nearest_dtype(device, dtype)
    if found != dtype:
        options.note = in_stead(device, dtype, found)
    return found


def add_network(parser: Parser, *, optional: bool = False) -> None:
    """The positional NETWORK."""
    parser.add_argument(
        "network",
        metavar=N_("NETWORK"),
        nargs="?" if optional else None,
        help=N_("a preset, a file (.toml, .csv), - for standard input, or widths as 784-128-10"),
    )


def add_pass(parser: Parser) -> None:
    """The options that say what one pass is."""
    parser.add_argument(
        "--dtype",
        metavar=N_("DTYPE"),
        default=DEFAULT,
        action=_Asked,
        help=Text(N_("one of {known}"), known=", ".join(BYTES)),
    )
    parser.add_argument(
        "--training",
        action="store_true",
        help=N_("forward, backward and update instead of forward"),
    )


def add_request(parser: Parser) -> None:
    """The options of `mmviz plan`, shared with `mmviz screenshot`."""
    parser.add_argument(
        "--batch", metavar="B", help=N_("examples per pass (default: the preset's)")
    )
    parser.add_argument(
        "--device",
        metavar="D",
        help=Text(N_("default {device}; see mmviz devices"), device=THIS_MACHINE),
    )
    parser.add_argument("--tile", metavar="MxN", help=N_("fix the tile instead of choosing it"))
    parser.add_argument(
        "--order",
        metavar="O",
        help=N_("rows, columns, swizzle-N, split-k-S, ...; of an array ws, os, is"),
    )
    add_pass(parser)


def read_request(options: argparse.Namespace, network: str, *, as_shown: bool = False) -> Request:
    """The request of parsed options; raises InputError.

    Without --device it is this machine, or `as_shown` the device the window would open the file on.
    """
    file = read_network(network)
    check_pass(options, file)
    say_notes(options, file)
    default = file.device if as_shown and file.device else THIS_MACHINE
    device = read_device(options.device if options.device is not None else default)
    batch = parse_count(options.batch, "--batch") if options.batch is not None else file.batch or 1
    setup = Setup(
        file.network,
        device,
        batch if file.network.has_batch else 1,
        options.training,
        dtype_on(options, device),
        None if options.tile is None else parse_tile(options.tile),
        None if options.order is None else order_for(device, options.order).id,
    )
    return Request(file, setup)


def check_pass(options: argparse.Namespace, file: NetworkFile) -> None:
    """Refuse the options that say what a pass is for a list of products, which is none."""
    workload = file.network
    batch = options.batch is not None and not workload.has_batch
    if batch or (options.training and not workload.has_training):
        raise InputError(
            N_(
                "--batch and --training belong to a network of layers; a list of products has "
                "neither"
            )
        )


def read_network(text: str) -> NetworkFile:
    """NETWORK as a preset, a file or widths, - for standard input; raises InputError."""
    if text == STREAM:
        return read_stream(stdin(), STDIN)
    return find(text)


def with_notes(table: dict[str, Any], notes: Sequence[Text]) -> dict[str, Any]:
    """A table of JSON with the notes of the file, where it has any."""
    return {**table, "notes": list(map(str, notes))} if notes else table


def say_notes(options: argparse.Namespace, file: NetworkFile) -> None:
    """Say on standard error what of the file is not taken as it may be meant."""
    words: Words = options.words
    for note in file.notes:
        complain(words, Text(N_("note: {note}"), note=note))


def parse_count(text: str, what: str | Text) -> int:
    """A whole number, 1 … MAX_COUNT."""
    return numerals.whole(text, what, MAX_COUNT)


def parse_counts(text: str, what: str | Text) -> tuple[int, ...]:
    """Counts parted by commas, each named once: '1,128'; by semicolons: '1,024; 2,048'."""
    mark = ";" if ";" in text else ","
    parts = [part.strip() for part in text.split(mark)]
    if mark == "," and (_THOUSANDS.search(text) or _TWO_COMMAS.fullmatch(text)):
        raise InputError(
            N_(
                "{what}: a comma parts two numbers here, so write none within a number: "
                "{text!r:.60}"
            ),
            what=what,
            text=text,
        )
    counts = tuple(parse_count(part, what) for part in parts)
    if len(set(counts)) < len(counts):
        raise InputError(N_("{what} names a number twice: {text:.60}"), what=what, text=text)
    return counts


def parse_tile(text: str) -> Tile:
    """'256x128' -> (256, 128): along m, along n."""
    m, n = parse_sides(text, "--tile", Text(N_("256x128 (along m, along n)")), (2,))
    return m, n


def parse_tile_and_step(text: str) -> tuple[Tile, int | None]:
    """'256x128x32' -> (256, 128), 32: along m, along n, terms of k a step; the step may be left."""
    like = Text(N_("256x128 or 256x128x32 (along m, along n, along k)"))
    m, n, *step = parse_sides(text, "--tile", like, (2, 3))
    return (m, n), step[0] if step else None


def parse_sides(
    text: str, what: str | Text, like: str | Text, counts: tuple[int, ...]
) -> tuple[int, ...]:
    """'8x16' -> (8, 16), for as many sides as `counts` allows."""
    return numerals.whole_sides(text, what, like, counts, MAX_COUNT)


def read_products(
    options: argparse.Namespace, what: str
) -> tuple[tuple[Gemm, ...], tuple[Workload, int], tuple[Text, ...]]:
    """The products of NETWORK with its pass, or the one product MxNxK; what they are of, with its
    batch; and the file's notes. Raises InputError.
    """
    if is_shape(what):
        if options.batch is not None or options.training:
            raise InputError(
                N_("--batch and --training belong to a network; a product MxNxK has neither")
            )
        (gemm,) = of_shape(what).network.lower()
        gemms = (replace(gemm, role="forward"),)
        return gemms, (Products("", gemms), 1), ()
    file = read_network(what)
    check_pass(options, file)
    say_notes(options, file)
    batch = parse_count(options.batch, "--batch") if options.batch is not None else file.batch or 1
    return file.network.lower(batch, options.training), (file.network, batch), file.notes


def read_workload(options: argparse.Namespace, what: str) -> tuple[Workload, int]:
    """NETWORK and its batch; says the notes of a file. Raises InputError."""
    file = read_network(what)
    check_pass(options, file)
    say_notes(options, file)
    if not file.network.has_batch:
        return file.network, 1
    batch = parse_count(options.batch, "--batch") if options.batch is not None else file.batch or 1
    return file.network, batch


def parse_seconds(text: str) -> float:
    """More than 0 and at most a day."""
    must = Text(N_("a number of seconds above 0, at most {most:g}"), most=_DAY_S)
    return numerals.real(text, "--seconds", must, lambda x: 0 < x <= _DAY_S, unit="s")
