"""`mmviz plan --gemms FILE.csv`: the rows of any list of products, priced as they come."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from mmviz.cli.complain import complain
from mmviz.cli.inputs import dtype_on, parse_tile
from mmviz.cli.parser import Parser
from mmviz.cli.streams import STDIN, STREAM, stdin
from mmviz.core.device.device import Device
from mmviz.core.memory.needs import launches_bytes
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import together
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import PassCost
from mmviz.core.time.grouped import grouped
from mmviz.core.time.price import price, price_shapes
from mmviz.core.time.setup import LaunchKind, Setup
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.devices import read_device
from mmviz.files.exports import CsvWriter
from mmviz.files.products import ListRows, read_rows, rows_from, whole_launches
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, P_, Text, joined, own
from mmviz.words.device import with_remedy
from mmviz.words.provenance import label
from mmviz.words.speech import Words

ADDED = ("predicted_s", "error", "tile", "waves", "bound", "predicted_kind")
BOUNDS = {1: "memory", 0: "compute", -1: ""}  # of a file: no words
_REFUSED = ("network", "batch", "order", "training", "json")

AddedCells = tuple[str, str, str, str, str, str]


def add_gemms(parser: Parser) -> None:
    """The options of pricing a list."""
    parser.add_argument(
        "--gemms",
        metavar=N_("FILE.csv"),
        help=N_(
            "price a list of products of any length instead, - for standard input: columns m,n,k "
            "and any others"
        ),
    )
    parser.add_argument(
        "-o",
        dest="out",
        metavar=N_("OUT.csv"),
        help=Text(
            N_("where --gemms writes its rows with {names}; else to standard output"),
            names=", ".join(ADDED),
        ),
    )


def launch_on(options: argparse.Namespace, device: Device) -> LaunchKind:
    """Of --launch; raises InputError where the device's time does not go by what was asked for."""
    if options.launch == "eager" and device.kind != "gpu":
        said = N_("--launch eager is of GPUs: on {device} no calls of a host are counted")
        raise InputError(said, device=device.name)
    found: LaunchKind = options.launch
    return found


def price_list(options: argparse.Namespace) -> int:
    """Write the priced rows; raises InputError, and then leaves an older OUT as it was."""
    for name in _REFUSED:
        if getattr(options, name):
            what = Text(N_("NETWORK")) if name == "network" else own(f"--{name}")
            raise InputError(N_("{what} has no meaning beside --gemms"), what=what)
    device = read_device(options.device if options.device is not None else THIS_MACHINE)
    dtype = dtype_on(options, device)
    tile = None if options.tile is None else parse_tile(options.tile)
    if options.out is not None and _same(options.out, options.gemms):
        said = N_("-o {out} is the list itself: write to another file")
        raise InputError(said, out=options.out)
    where: str | Text = STDIN if options.gemms == STREAM else str(options.gemms)
    chunks = rows_from(stdin(), STDIN) if where is STDIN else read_rows(options.gemms)
    first = next(chunks)  # so that a list that cannot be read leaves no trace
    # A list of any length is no workload; one product stands for how all of them are computed.
    one = Products("", (Gemm("", "product", 1, 1, 1),))
    setup = Setup(one, device, dtype=dtype, tile=tile, launch_kind=launch_on(options, device))
    known = _known(setup)
    beyond, errors = 0, _Errors()
    with _out(options.out) as file:
        writer = CsvWriter(file)
        _check_header(first, where)
        _say_once(options.words, first)
        writer.writerow((*first.header, *ADDED))
        for rows in whole_launches(chain((first,), chunks), where):
            cells = list(added(rows, setup))
            beyond += sum(not predicted for predicted, *_ in cells)
            errors.take(cells)
            writer.writerows((*row, *more) for row, more in zip(rows.cells, cells, strict=True))
    if beyond:
        complain(options.words, _beyond(beyond, device.memory or 0.0))
    if options.out not in (None, STREAM):
        print(options.words(_summary(setup, known, errors)))
    return 0


def _beyond(launches: int, memory: float) -> Text:
    said = P_(
        "note: {n:group} launch does not fit {memory:size} of memory, and has no time",
        "note: {n:group} launches do not fit {memory:size} of memory, and have no time",
    )
    return Text(said, n=launches, memory=memory)


def _say_once(words: Words, rows: ListRows) -> None:
    """Say where a time is not multiplied with a column."""
    if "count" in rows.columns.places:
        said = N_("note: each time is of one launch, whatever {column} says")
        complain(words, Text(said, column=own(rows.columns.named("count"))))


def _same(out: str, source: str) -> bool:
    try:
        return os.path.samefile(out, source)
    except OSError:  # one of them is not there
        return False


@dataclass
class _Errors:
    """How far the times of a list are off, seen row by row: a list may be of any length."""

    least: float = math.inf
    most: float = 0.0
    unknown: int = 0

    def take(self, cells: Iterable[AddedCells]) -> None:
        for predicted, error, *_ in cells:
            if error:
                self.least, self.most = min(self.least, float(error)), max(self.most, float(error))
            elif predicted:
                self.unknown += 1

    @property
    def said(self) -> Text:
        """'± 4.7 to 24 %, error unknown of 3 rows'."""
        none = Text(
            P_("error unknown of {n:group} row", "error unknown of {n:group} rows"), n=self.unknown
        )
        if not self.most:
            return none
        known = Text(N_("± {least:percent2} to {most:percent2}"), least=self.least, most=self.most)
        if self.least == self.most:
            known = Text("{error:plus_minus}", error=self.most)
        return joined((known, none), "commas") if self.unknown else known


def _summary(setup: Setup, known: PassCost, errors: _Errors) -> Text:
    """What the times rest on and how far they are off; they are of one launch each."""
    return Text(
        N_("each launch predicted on {device} in {dtype}, {kind}, {error}: {basis}"),
        error=errors.said,
        kind=label(known.provenance),
        device=setup.device.name,
        dtype=setup.dtype,
        basis=joined((known.basis, known.provenance.beyond), "semicolons"),
    )


def added(rows: ListRows, setup: Setup) -> Iterator[AddedCells]:
    """The added cells of each row: seconds of a launch with its batch, error, tile, waves, bound,
    and what kind of time it is.

    Of a product that shares its launch the seconds are its part of that; one that the device
    cannot hold has none.
    The error is the mean one stated for such a product as a share of its time, empty where it is
    not known.
    """
    shapes = Shapes.of(rows.m, rows.n, rows.k, rows.stack)
    priced = grouped(price_shapes(shapes, setup), together(rows.groups), setup)
    cuts = priced.cuts
    memory = setup.device.memory
    fits = launches_bytes(priced) <= (math.inf if memory is None else memory)
    columns = (
        fits,
        priced.seconds,
        priced.error,
        cuts.tm,
        cuts.tn,
        cuts.waves,
        priced.memory_bound,
    )
    for held, seconds, off, tm, tn, waves, bound in zip(
        *(x.tolist() for x in columns), strict=True
    ):
        error = "" if math.isnan(off) or not held else f"{off:.3g}"
        time, kind = (f"{seconds:.6g}", priced.provenance.kind) if held else ("", "")
        yield time, error, f"{tm}x{tn}", str(waves), BOUNDS[bound], kind


def _known(setup: Setup) -> PassCost:
    """What one product of the list costs; raises InputError where no time is predicted."""
    cost = price(setup)
    if cost.predicted_s is None:
        raise InputError(
            N_("no time can be predicted in {dtype} on {device}: {basis}"),
            dtype=setup.dtype,
            device=setup.device.name,
            basis=with_remedy(cost.basis, setup.device),
        )
    return cost


def _check_header(rows: ListRows, where: str | Text) -> None:
    taken = {cell.strip().lower() for cell in rows.header}
    for name in ADDED:
        if name in taken:
            said = N_("{where}: there is a column {name} already")
            raise InputError(said, where=where, name=name)


@contextlib.contextmanager
def _out(path: str | None) -> Iterator[IO[Any]]:
    if path is None or path == STREAM:
        yield sys.stdout
        return
    with atomic.replacing(path) as temporary, temporary.open("w", newline="") as file:
        yield file
