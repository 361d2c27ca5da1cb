"""Lists of products: a row of a table names a product C[m × n] = A[m × k]·B[k × n].

# name: GPT-2 small
# source: where the shapes come from
m,n,k,count,name
1024,2304,768,12,qkv

Lines that begin with # are comments; above the first row they may say what the list is, see
`mmviz.files.remarks`. The first row, or the last comment above it, names the columns, in any order,
in small or capital letters; `mmviz.files.columns` says by which names. m, n and k are needed; count
and batch (1 where there is none) say how many times the product is computed: count launches of
batch at once. Neighbours of the same group, where one is named, are one launch together. Other
columns are carried along. A row is one line, parted by commas, semicolons, tabs, bars or spaces;
one of empty cells is none.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import together
from mmviz.core.shapes.network import MAX_COUNT, MAX_K
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.errors import InputError
from mmviz.files.columns import BATCH, SIDES, TEXTS, Columns, columns_of, names_sides
from mmviz.files.encodings import LATIN, MARKED, decoded, encoding_of
from mmviz.files.exports import text_of
from mmviz.files.kinds import HEAD, LISTED, is_list
from mmviz.files.ordinary import (
    BLOCK,
    SHORT,
    Tick,
    called,
    check_size,
    check_text,
    no_tick,
    reading,
)
from mmviz.files.remarks import remarks_of, unused
from mmviz.files.table import (
    MAX_LINE,
    QUOTED,
    Layout,
    Numbered,
    cell_at,
    cells_of,
    commented_header,
    fitted,
    header_of,
    no_header,
    rows_in,
    told_mark,
)
from mmviz.numerals import whole
from mmviz.text import N_, Text

CHUNK = 10_000  # lines read at a time, and at most
_DECIMAL = dict.fromkeys(map(ord, "0123456789."))
_SPACE = re.compile(r"[^\S ]")
_END = re.compile(r"0[0-9]{2}")  # of a number with a comma in it

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ListRows:
    """Consecutive rows of a list, checked.

    cells [rows][columns]: the text of every row, of all columns. lines [rows]: where in the file a
    row stands, from 1. m, n [rows]: each from 1 to MAX_COUNT; k: to MAX_K (a product of three
    overflows int64). count: launches one after the other; stack: batch, products in each of them;
    count × stack to MAX_COUNT. groups [rows]: of the launch it shares with its neighbours, "": of
    none. names [rows]: "" where none is given. point: the decimal mark, "" where it is not known.
    """

    columns: Columns
    cells: list[list[str]]
    lines: list[int]
    m: Counts
    n: Counts
    k: Counts
    count: Counts
    stack: Counts
    names: list[str]
    groups: list[str]
    point: str

    @property
    def header(self) -> tuple[str, ...]:
        """The names of all columns, as the file writes them."""
        return self.columns.header

    def __getitem__(self, rows: slice) -> ListRows:
        """Some of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _ROWS})

    def then(self, after: ListRows) -> ListRows:
        """These, and those that follow them in the file."""
        joined: dict[str, Any] = {}
        for name in _ROWS:
            one, other = getattr(self, name), getattr(after, name)
            listed = isinstance(one, list)
            joined[name] = one + other if listed else np.concatenate((one, other))
        return replace(self, **joined)


_ROWS = ("cells", "lines", "m", "n", "k", "count", "stack", "names", "groups")


def whole_launches(chunks: Iterable[ListRows], where: str | Text) -> Iterator[ListRows]:
    """The same rows, cut anew so that the products of one launch come together.

    Raises InputError for a launch of more than MAX_PRODUCTS.
    """
    held: ListRows | None = None
    for rows in chunks:
        found = rows if held is None else held.then(rows)
        held = None
        if found.groups[-1]:
            begin = together(found.groups)[-1].start
            if len(found.m) - begin > MAX_PRODUCTS:
                said = N_("{where}, line {line:d}: more than {most:group} products in one launch")
                raise InputError(said, where=where, line=found.lines[begin], most=MAX_PRODUCTS)
            held = found[begin:]
            if not begin:
                continue
            found = found[:begin]
        yield found
    if held is not None:
        yield held


class Listed(NamedTuple):
    """A list and its remarks, by their words.

    notes: what of it is not taken as it may be meant.
    """

    products: Products
    remarks: dict[str, str]
    notes: tuple[Text, ...] = ()


def parse(data: bytes, where: str | Text) -> Listed:
    """A list to be looked at, of at most MAX_PRODUCTS.

    It bears the name the remarks give it, else that of the file; a product its own, else its place.
    Raises InputError beginning with `where`.
    """
    text = decoded(data)
    remarks = remarks_of(text, where)
    gemms: list[Gemm] = []
    rows = None
    for rows in _rows(io.StringIO(text, newline=""), where, CHUNK):
        if len(gemms) + len(rows.m) > MAX_PRODUCTS:
            raise InputError(
                N_(
                    "{where}: more than {most:group} products, which is the most to be looked at; "
                    "mmviz plan --gemms prices lists of any length"
                ),
                where=where,
                most=MAX_PRODUCTS,
            )
        gemms += _gemms(rows, where, len(gemms))
    assert rows is not None  # a list of none is refused
    name = remarks.pop("name", "") or called(where)
    notes = (*rows.columns.notes(any(x.group for x in gemms)), *filter(None, (unused(text),)))
    return Listed(Products(name, tuple(gemms)), remarks, notes)


def _gemms(rows: ListRows, where: str | Text, before: int) -> Iterator[Gemm]:
    numbers = (rows.m, rows.n, rows.k, rows.count, rows.stack)
    sides = zip(*(x.tolist() for x in numbers), strict=True)
    named = zip(rows.lines, rows.names, rows.groups, sides, strict=True)
    for i, (line, title, group, (m, n, k, count, stack)) in enumerate(named, start=before):
        for role, text in zip(TEXTS, (title, group), strict=True):
            if text:
                check_text(text, cell_at(where, line, rows.columns.named(role)), SHORT)
        name = title or f"product {i + 1}"
        yield Gemm(name, "product", m, n, k, i, count, stack, group)


def names_columns(line: str) -> bool:
    """Whether a line is the first row of a list."""
    return header_of(line, None, names_sides) is not None


def read_rows(
    path: str | os.PathLike[str],
    chunk: int = CHUNK,
    tick: Tick = no_tick,
    max_bytes: int | None = None,
) -> Iterator[ListRows]:
    """The rows of the list at `path`, at most `chunk` at a time, none of them empty.

    Whatever the length of the file, only a chunk of it is held, of at most BLOCK characters and a
    line; with each of them comes a `tick`. Raises InputError, naming file, line and column, as soon
    as it comes to a row that is wrong; at the end for a list of no rows; at the start for a file of
    more than `max_bytes`.
    """
    with reading(path), open(path, "rb", HEAD) as raw:
        assert isinstance(raw, io.BufferedReader)  # as a file opened for reading is
        whole = os.fstat(raw.fileno()).st_size
        if max_bytes is not None:
            check_size(whole, path, max_bytes)
        yield from rows_from(raw, str(path), chunk, lambda: tick(raw.tell(), whole))


def rows_from(
    raw: io.BufferedReader,
    where: str | Text,
    chunk: int = CHUNK,
    ticked: Callable[[], None] = lambda: None,
) -> Iterator[ListRows]:
    """The rows of a list that comes from `raw`, as `read_rows` gives them; it stays open."""
    head = raw.peek(HEAD)
    is_list(head, where, LISTED[0], names_columns)
    file = io.TextIOWrapper(raw, encoding_of(head), LATIN, newline="")
    try:
        yield from _rows(file, where, chunk, ticked)
    finally:
        file.detach()


def _rows(
    file: TextIO, where: str | Text, chunk: int, ticked: Callable[[], None] = lambda: None
) -> Iterator[ListRows]:
    told: str | None = None
    found: tuple[Layout, Columns] | None = None
    named = ""  # the row of the columns, which benchmarks print again and again
    empty = True
    readline = partial(file.readline, MAX_LINE + 1)
    begin = readline().lstrip(MARKED)
    numbered = enumerate(chain((begin,), iter(readline, "")), start=1)
    while part := list(_chunk(numbered, chunk)):
        ticked()
        lines = rows_in(part, where)
        at = 0
        while at < len(lines) and found is None:
            first = lines[at]
            if told is None and (told := told_mark(first[1])) is not None:
                at += 1
                continue
            if QUOTED.match(first[1]):
                at += 1
                continue
            header = header_of(first[1], told, names_sides)
            if header is not None:
                named, at = first[1].strip(), at + 1
            else:
                header = commented_header(part, first, told, names_sides)
            if header is None:
                raise no_header(lines[at:], told, where, ",".join(SIDES), names_sides)
            found = header[0], columns_of(header[1], where, first[0])
        lines = [(i, line) for i, line in lines[at:] if line.strip() != named]
        if lines and found is not None:
            empty = False
            yield _checked(*found, lines, where)
    if empty:
        if found is None:
            raise InputError(N_("{where}: the list names no columns, such as m,n,k"), where=where)
        raise InputError(N_("{where}: the list has no product"), where=where)


def _chunk(numbered: Iterator[Numbered], most: int) -> Iterator[Numbered]:
    """At most so many lines, of BLOCK characters and a line."""
    held = 0
    for i, line in islice(numbered, most):
        yield i, line
        held += len(line)
        if held >= BLOCK:
            return


def _checked(
    layout: Layout, columns: Columns, rows: Sequence[Numbered], where: str | Text
) -> ListRows:
    lines = [i for i, _ in rows]
    width = len(columns.header)
    cells = fitted(cells_of(rows, layout, where), lines, width, columns.needed, where)
    if layout.mark == "," and width > len(SIDES):
        _check_commas(columns, cells, lines, where)
    numbers = {}
    for role, place in columns.places.items():
        if role not in TEXTS:
            most = MAX_K if role == "k" else MAX_COUNT
            column = [row[place] for row in cells]
            numbers[role] = _counts(column, lines, columns.named(role), layout, where, most)
    ones = np.ones(len(cells), np.int64)
    batch = numbers.get(BATCH, ones)
    count = numbers.get("count", ones)
    every = count * batch
    if every.max() > MAX_COUNT:
        raise InputError(
            N_("{where}, line {line:d}: {count:group} products, more than {most:group}"),
            where=where,
            line=lines[int(every.argmax())],
            count=int(every.max()),
            most=MAX_COUNT,
        )
    names, groups = (_texts(columns.places.get(role), cells) for role in TEXTS)
    m, n, k = (numbers[side] for side in SIDES)
    return ListRows(columns, cells, lines, m, n, k, count, batch, names, groups, layout.point)


def _texts(place: int | None, cells: list[list[str]]) -> list[str]:
    """Of a column of texts, all empty where there is none."""
    return [""] * len(cells) if place is None else [_named(row[place]) for row in cells]


def _named(cell: str) -> str:
    """The text in a cell, its tabs and hard spaces as plain ones."""
    plain = cell if cell.isprintable() else _SPACE.sub(" ", cell)
    return text_of(plain.strip())


def _counts(
    column: list[str], lines: list[int], word: str, layout: Layout, where: str | Text, most: int
) -> Counts:
    """The column as whole numbers from 1 to `most`; raises InputError at the first other."""
    longest = len(str(most))
    joined = "".join(column)
    if joined.isascii() and joined.isdigit() and all(0 < len(x) <= longest for x in column):
        values = np.array(column, dtype=np.int64)  # quick: nothing but digits, as nearly always
        if values.min() >= 1 and values.max() <= most:
            return values
    if layout.point == "." and not joined.translate(_DECIMAL):  # as programs write: 1024.0
        with contextlib.suppress(ValueError):
            reals = np.array(column, dtype=np.float64)
            if (reals == np.floor(reals)).all() and reals.min() >= 1 and reals.max() <= most:
                return reals.astype(np.int64)
    known: dict[str, int] = {}  # a list has the same sides again and again
    for text, line in zip(column, lines, strict=True):
        if text not in known:
            what = cell_at(where, line, word)
            known[text] = whole(text, what, most, point=layout.point, strict=True)
    return np.array([known[text] for text in column], dtype=np.int64)


def _check_commas(
    columns: Columns, cells: list[list[str]], lines: list[int], where: str | Text
) -> None:
    """Refuse what looks like 1,024 without quotes, where it could be one cell or two."""
    for role, place in columns.places.items():
        if role in TEXTS or not place:
            continue
        for row, line in zip(cells, lines, strict=True):
            before = row[place - 1].strip()
            if _END.fullmatch(row[place]) and 0 < len(before) <= 3 and before.isdigit():
                raise InputError(
                    N_(
                        "{what}: {text} after {before} looks like one number with a comma: write "
                        "numbers without commas, or in quotes"
                    ),
                    what=cell_at(where, line, columns.named(role)),
                    text=row[place],
                    before=before,
                )
