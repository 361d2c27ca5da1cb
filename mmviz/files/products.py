"""Lists of products in CSV: a row names a product C[m × n] = A[m × k]·B[k × n].

# name: GPT-2 small
# source: where the shapes come from
m,n,k,count,name
1024,2304,768,12,qkv

Lines that begin with # are comments; above the first row they may say what the list is, by one of
the words of REMARKS. The first row names the columns, in any order and in small or capital letters.
m, n and k are needed; count (1 where there is none) says how many times the product is computed.
Other columns are nobody's business here: they are carried along and otherwise ignored. A row is one
line; one of empty cells is none.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError
from mmviz.files.exports import CsvWriter, text_of
from mmviz.files.ordinary import (
    BLOCK,
    MAX_TEXT,
    SHORT,
    Tick,
    called,
    check_size,
    check_text,
    no_tick,
    reading,
)
from mmviz.text import N_, Text

CHUNK = 10_000  # lines read at a time, and at most
MAX_LINE = 100_000  # characters
REMARKS = ("name", "about", "source", "device", "order")
_SIDES = ("m", "n", "k")
_KNOWN = (*_SIDES, "count", "name")
_REMARK = re.compile(rf"#\s*({'|'.join(REMARKS)}):(.*)")
_PLAIN = re.compile(r"[0-9]+")

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ListRows:
    """Consecutive rows of a list, checked.

    header [columns]: as the file writes them. cells [rows][columns]: the text of every row, of all
    columns. lines [rows]: where in the file a row stands, from 1. m, n, k, count [rows]: each from
    1 to MAX_COUNT (a product of three overflows int64). names [rows]: "" where none is given.
    """

    header: tuple[str, ...]
    cells: list[list[str]]
    lines: list[int]
    m: Counts
    n: Counts
    k: Counts
    count: Counts
    names: list[str]


def parse(data: bytes, where: str | Text) -> tuple[Products, dict[str, str]]:
    """A list to be looked at, of at most MAX_PRODUCTS, and its remarks by the words of REMARKS.

    It bears the name the remarks give it, else that of the file; a product its own, else its place.
    Raises InputError beginning with `where`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            N_("{where}: not UTF-8 text (byte {byte})"), where=where, byte=error.start
        ) from None
    remarks = remarks_of(text, where)
    gemms: list[Gemm] = []
    for rows in _rows(io.StringIO(text, newline=""), where, CHUNK):
        if len(gemms) + len(rows.m) > MAX_PRODUCTS:
            raise InputError(
                N_("{where}: more than {most:,} products, which is the most to be looked at"),
                where=where,
                most=MAX_PRODUCTS,
            )
        sides = zip(*(x.tolist() for x in (rows.m, rows.n, rows.k, rows.count)), strict=True)
        for line, title, (m, n, k, count) in zip(rows.lines, rows.names, sides, strict=True):
            what = Text(N_("{where}, line {line}, column name"), where=where, line=line)
            check_text(title, what, SHORT)
            i = len(gemms)
            gemms.append(Gemm(title or f"product {i + 1}", "product", m, n, k, i, count))
    return Products(remarks.pop("name", "") or called(where), tuple(gemms)), remarks


def remarks_of(text: str, where: str | Text) -> dict[str, str]:
    """What the comments above the first row say, by the words of REMARKS; raises InputError."""
    found: dict[str, str] = {}
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        if remark := _REMARK.match(line.strip()):
            word, said = remark[1], remark[2].strip()
            longest = SHORT if word == "name" else MAX_TEXT
            what = Text(N_("{where}, line {line}: {word}"), where=where, line=number, word=word)
            check_text(said, what, longest)
            found[word] = said
    return found


def dump(products: Workload, remarks: Mapping[str, str]) -> bytes:
    """The CSV text that `parse` reads back to equal products and remarks."""
    text = io.StringIO()
    for word, remark in {"name": products.name, **remarks}.items():
        if remark:
            text.write(f"# {word}: {remark}\n")
    writer = CsvWriter(text)
    writer.writerow(_KNOWN)
    writer.writerows((x.m, x.n, x.k, x.count, x.name) for x in products.lower())
    return text.getvalue().encode()


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
    with reading(path), open(path, "rb") as raw:
        whole = os.fstat(raw.fileno()).st_size
        if max_bytes is not None:
            check_size(whole, path, max_bytes)
        with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            yield from _rows(file, str(path), chunk, lambda: tick(raw.tell(), whole))


def _rows(
    file: TextIO, where: str | Text, chunk: int, ticked: Callable[[], None] = lambda: None
) -> Iterator[ListRows]:
    header: tuple[str, ...] | None = None
    places: dict[str, int] = {}
    empty = True
    numbered = enumerate(iter(lambda: file.readline(MAX_LINE + 1), ""), start=1)
    while part := list(_chunk(numbered, chunk)):
        ticked()
        cells, lines = _split(part, where)
        if cells and header is None:
            header = tuple(cells.pop(0))
            places = _places(header, where, lines.pop(0))
        if cells and header is not None:
            empty = False
            yield _checked(header, places, cells, lines, where)
    if empty:
        if header is None:
            raise InputError(N_("{where}: the list names no columns, such as m,n,k"), where=where)
        raise InputError(N_("{where}: the list has no product"), where=where)


def _chunk(numbered: Iterator[tuple[int, str]], most: int) -> Iterator[tuple[int, str]]:
    """At most so many lines, of BLOCK characters and a line."""
    held = 0
    for i, line in islice(numbered, most):
        yield i, line
        held += len(line)
        if held >= BLOCK:
            return


def _split(part: Sequence[tuple[int, str]], where: str | Text) -> tuple[list[list[str]], list[int]]:
    """The cells of the lines that are rows, not comments, and the numbers of those lines."""
    for i, text in part:
        if len(text) > MAX_LINE:
            raise InputError(
                N_("{where}, line {line}: longer than {most:,} characters"),
                where=where,
                line=i,
                most=MAX_LINE,
            )
    kept = [
        (i, line)
        for i, line in part
        if line.strip(", \t\r\n") and not line.lstrip().startswith("#")
    ]
    lines, texts = [i for i, _ in kept], [line for _, line in kept]
    try:
        cells = list(csv.reader(texts, strict=True))
    except csv.Error:
        cells = []
    if len(cells) != len(lines):  # a quote that is not closed has swallowed the next line
        at = next(i for i, text in kept if not _is_row(text))
        raise InputError(
            N_("{where}, line {line}: not a row of CSV: check its quotes"), where=where, line=at
        )
    return cells, lines


def _is_row(text: str) -> bool:
    try:
        return len(list(csv.reader([text], strict=True))) == 1
    except csv.Error:
        return False


def _places(header: Sequence[str], where: str | Text, line: int) -> dict[str, int]:
    """The column of each word that has a meaning; raises InputError."""
    words = [cell.strip().lower() for cell in header]
    for word in _KNOWN:
        if words.count(word) > 1:
            raise InputError(
                N_("{where}, line {line}: two columns are named {word}"),
                where=where,
                line=line,
                word=word,
            )
    missing = [side for side in _SIDES if side not in words]
    if missing:
        one, *others = (Text(N_("no column {side}"), side=side) for side in missing)
        for other in others:
            one = Text(N_("{one} and {other}"), one=one, other=other)
        raise InputError(
            N_(
                "{where}, line {line}: {missing}; the first row must name the columns m, n and k "
                "(count and name may follow), parted by commas"
            ),
            where=where,
            line=line,
            missing=one,
        )
    return {word: words.index(word) for word in _KNOWN if word in words}


def _checked(
    header: tuple[str, ...],
    places: dict[str, int],
    cells: list[list[str]],
    lines: list[int],
    where: str | Text,
) -> ListRows:
    for i, row in zip(lines, cells, strict=True):
        if len(row) != len(header):
            raise InputError(
                N_("{where}, line {line}: {cells} cells in a row, but {columns} columns"),
                where=where,
                line=i,
                cells=len(row),
                columns=len(header),
            )
    columns = {word: [row[place] for row in cells] for word, place in places.items()}
    numbers = {
        word: _counts(columns[word], lines, word, where)
        for word in (*_SIDES, "count")
        if word in columns
    }
    ones = np.ones(len(cells), np.int64)
    names = [text_of(name.strip()) for name in columns.get("name", [""] * len(cells))]
    m, n, k = (numbers[side] for side in _SIDES)
    return ListRows(header, cells, lines, m, n, k, numbers.get("count", ones), names)


def _counts(column: list[str], lines: list[int], word: str, where: str | Text) -> Counts:
    """The column as whole numbers from 1 to MAX_COUNT; raises InputError at the first other."""
    longest = len(str(MAX_COUNT))
    joined = "".join(column)
    if joined.isascii() and joined.isdigit() and all(0 < len(x) <= longest for x in column):
        values = np.array(column, dtype=np.int64)  # quick: nothing but digits, as nearly always
        if values.min() >= 1 and values.max() <= MAX_COUNT:
            return values
    return np.array([_count(x, i, word, where) for x, i in zip(column, lines, strict=True)])


def _count(text: str, line: int, word: str, where: str | Text) -> int:
    plain = text.strip()
    digits = plain.lstrip("0")
    if (
        not _PLAIN.fullmatch(plain)
        or not 1 <= len(digits) <= len(str(MAX_COUNT))
        or int(digits) > MAX_COUNT
    ):
        raise InputError(
            N_(
                "{where}, line {line}, column {word}: must be a whole number from 1 to {most:,} "
                "in plain digits, not {text!r:.40}"
            ),
            where=where,
            line=line,
            word=word,
            most=MAX_COUNT,
            text=text,
        )
    return int(digits)
