"""Tables in text, as programs and people write them: rows of cells, parted by one mark or other."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mmviz.errors import InputError
from mmviz.text import N_, Text

MAX_LINE = 100_000  # characters
MARKS = {
    ",": N_("commas"),
    ";": N_("semicolons"),
    "\t": N_("tabs"),
    "|": N_("bars"),
    " ": N_("spaces"),
}
"""What cells are parted by, likely ones first, and its name."""

_SEP = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_DRAWN = "|:+=- \t\r\n"  # signs a rule of a table is drawn with
_NUMBER = re.compile(r"[\"']?[0-9][0-9.,]*[\"']?")

Numbered = tuple[int, str]  # a line, and where in the file it stands, from 1


@dataclass(frozen=True, slots=True)
class Layout:
    """mark: a key of MARKS. spaced: a space may follow it, before a quote."""

    mark: str
    spaced: bool = False

    @property
    def point(self) -> str:
        """The decimal mark, "" where it is not known: a comma may be one but between commas."""
        return "." if self.mark == "," else ""

    def cells(self, lines: Sequence[str]) -> list[list[str]]:
        """The cells of each line; raises csv.Error, or gives fewer, where quotes are wrong."""
        if self.mark in "| ":
            lines = [line.strip() for line in lines]
        if self.mark == "|":
            lines = [line.removeprefix("|").removesuffix("|") for line in lines]
        spaced = self.spaced or self.mark == " "
        rows = csv.reader(lines, delimiter=self.mark, skipinitialspace=spaced, strict=True)
        return list(rows)


def rows_in(part: Sequence[Numbered], where: str | Text) -> list[Numbered]:
    """The lines that are rows: no comments, nothing empty, no rules. Raises InputError."""
    for i, text in part:
        if len(text) > MAX_LINE:
            raise InputError(
                N_("{where}, line {line}: longer than {most:,} characters"),
                where=where,
                line=i,
                most=MAX_LINE,
            )
    return [
        (i, line)
        for i, line in part
        if line[:1] != "#"  # quick: there may be millions
        and line.strip(",;| \t\r\n")
        and not line.lstrip().startswith("#")
        and not ("--" in line and not line.strip(_DRAWN))
    ]


def told_mark(line: str) -> str | None:
    """The mark that a line such as 'sep=;' tells, None for any other line."""
    found = _SEP.fullmatch(line.strip("\r\n"))
    return found[1] if found else None


def header_of(
    line: str, told: str | None, wanted: Callable[[Sequence[str]], bool]
) -> tuple[Layout, list[str]] | None:
    """How the first row is parted, and its cells, if they are `wanted`; told: by which mark."""
    for mark in (told,) if told else MARKS:
        layout = Layout(mark, spaced=f'{mark} "' in line)
        try:
            (cells,) = layout.cells([line])
        except (csv.Error, ValueError):
            continue
        if wanted(cells):
            return layout, cells
    return None


def no_header(line: Numbered, told: str | None, where: str | Text, wanted: str) -> InputError:
    """Why a first row that is not `wanted`, such as m,n,k, names no columns: what was found."""
    number, text = line
    mark = told or max(MARKS, key=lambda each: text.strip().count(each) * (each != " " or 0.1))
    cells = [cell.strip() for cell in text.strip().split(mark) if cell.strip()]
    if cells and all(map(_NUMBER.fullmatch, cells)):
        return InputError(
            N_(
                "{where}, line {line}: numbers without a row above them that names the columns: "
                "begin with {wanted}, in the order they have"
            ),
            where=where,
            line=number,
            wanted=wanted,
        )
    return InputError(
        N_(
            "{where}, line {line}: the first row must name the columns m, n and k (count, batch "
            "and name may follow), as {wanted}; found is {found!r:.80}, parted by {mark}"
        ),
        where=where,
        line=number,
        wanted=wanted,
        found=text.strip(),
        mark=Text(MARKS.get(mark, N_("a sign of its own"))),
    )


def cells_of(rows: Sequence[Numbered], layout: Layout, where: str | Text) -> list[list[str]]:
    """The cells of each row; raises InputError naming the first line whose quotes are wrong."""
    texts = [text for _, text in rows]
    try:
        cells = layout.cells(texts)
    except csv.Error:
        cells = []
    if len(cells) != len(rows):  # a quote that is not closed has swallowed the next line
        at = next(i for i, text in rows if not _is_row(text, layout))
        raise InputError(
            N_("{where}, line {line}: not a row of CSV: check its quotes"), where=where, line=at
        )
    return cells


def fitted(
    cells: list[list[str]], lines: Sequence[int], columns: int, needed: int, where: str | Text
) -> list[list[str]]:
    """Rows of exactly so many `columns`: what is empty at their ends may be missing, or too much.

    needed: cells that every row must have. Raises InputError.
    """
    for i, row in zip(lines, cells, strict=True):
        if len(row) == columns:
            continue
        if needed <= len(row) < columns:
            row += [""] * (columns - len(row))
        elif len(row) > columns and not any(cell.strip() for cell in row[columns:]):
            del row[columns:]
        else:
            raise InputError(
                N_("{where}, line {line}: {cells} cells in a row, but {columns} columns"),
                where=where,
                line=i,
                cells=len(row),
                columns=columns,
            )
    return cells


def _is_row(text: str, layout: Layout) -> bool:
    try:
        return len(layout.cells([text])) == 1
    except csv.Error:
        return False
