"""Tables in text, as programs and people write them: rows of cells, parted by one mark or other."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mmviz.errors import InputError
from mmviz.text import N_, P_, Text

MAX_LINE = 100_000  # characters
QUOTED = re.compile(r"\s*\"#(?!\")")  # how a comment begins that a spreadsheet has put in quotes
MARKS = {
    ",": N_("commas"),
    ";": N_("semicolons"),
    "\t": N_("tabs"),
    "|": N_("bars"),
    " ": N_("spaces"),
}
"""What cells are parted by, likely ones first, and its name."""

_ABOVE, _SHORT = 100, 1_000  # lines where columns are looked for, their characters
_SEP = re.compile(r"\"?sep=(.)\"?[,;|\t]*+", re.IGNORECASE)
_DRAWN = "|:+=- \t\r\n"  # signs a rule of a table is drawn with
_NUMBER = re.compile(r"[\"']?[0-9][0-9.,]*[\"']?")

Numbered = tuple[int, str]  # a line, and where in the file it stands, from 1


@dataclass(frozen=True, slots=True)
class Layout:
    """mark: a key of MARKS, or another sign. Spaces may follow it, also before a quote."""

    mark: str

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
        rows = csv.reader(lines, delimiter=self.mark, skipinitialspace=True, strict=True)
        return list(rows)


def rows_in(part: Sequence[Numbered], where: str | Text) -> list[Numbered]:
    """The lines that are rows: no comments, nothing empty, no rules. Raises InputError."""
    for i, text in part:
        if len(text) > MAX_LINE:
            raise InputError(
                N_("{where}, line {line:d}: longer than {most:group} characters"),
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


def cell_at(where: str | Text, line: int, column: str) -> Text:
    """Where a cell stands."""
    said = N_("{where}, line {line:d}, column {column}")
    return Text(said, where=where, line=line, column=column)


def told_mark(line: str) -> str | None:
    """The mark that a line such as 'sep=;' tells, None for any other line."""
    found = _SEP.fullmatch(line.strip("\r\n"))
    return found[1] if found else None


def header_of(
    line: str, told: str | None, wanted: Callable[[Sequence[str]], bool]
) -> tuple[Layout, list[str]] | None:
    """How the first row is parted, and its cells, if they are `wanted`.

    told: the mark that the file tells, which is tried first.
    """
    for mark in (told, *MARKS) if told else MARKS:
        layout = Layout(mark)
        try:
            (cells,) = layout.cells([line])
        except (csv.Error, ValueError):
            continue
        if wanted(cells):
            return layout, cells
    return None


def commented_header(
    part: Sequence[Numbered],
    first: Numbered,
    told: str | None,
    wanted: Callable[[Sequence[str]], bool],
) -> tuple[Layout, list[str]] | None:
    """The header that the last comment above the `first` row is, as NumPy writes it; for as many
    columns as that row has cells.
    """
    above = [text for i, text in part if i < first[0] and text.lstrip().startswith("#")]
    found = header_of(above[-1].lstrip().lstrip("#"), told, wanted) if above else None
    if found is None:
        return None
    try:
        (cells,) = found[0].cells([first[1]])
    except (csv.Error, ValueError):
        return None
    return found if len(cells) == len(found[1]) else None


def no_header(
    lines: Sequence[Numbered],
    told: str | None,
    where: str | Text,
    names: str,
    wanted: Callable[[Sequence[str]], bool],
) -> InputError:
    """Why the first of the lines, which is not `wanted`, as m,n,k is, names no columns."""
    number, text = lines[0]
    for later, line in lines[1:_ABOVE]:
        header = header_of(line, told, wanted) if len(line) <= _SHORT else None
        if header is not None and header[0].mark != " ":  # else it may be a sentence
            return InputError(
                N_(
                    "{where}, line {line:d}: the columns are named in line {later}: take out what "
                    "stands above it, or begin those lines with #"
                ),
                where=where,
                line=number,
                later=later,
            )
    mark = told or max(MARKS, key=lambda each: text.strip().count(each) * (each != " " or 0.1))
    cells = [cell.strip() for cell in text.strip().split(mark) if cell.strip()]
    if cells and all(map(_NUMBER.fullmatch, cells)):
        return InputError(
            N_(
                "{where}, line {line:d}: numbers without a row above them that names the columns: "
                "begin with {wanted}, in the order they have"
            ),
            where=where,
            line=number,
            wanted=names,
        )
    found = Text("{text!r:.80}", text=text.strip())
    if mark in text:
        by = Text(MARKS.get(mark, N_("a sign of its own")))
        found = Text(N_("{found}, parted by {mark}"), found=found, mark=by)
    return InputError(
        N_(
            "{where}, line {line:d}: the first row must name the columns m, n and k (count, batch "
            "and name may follow), as {wanted}; found is {found}"
        ),
        where=where,
        line=number,
        wanted=names,
        found=found,
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
            N_("{where}, line {line:d}: not a row of CSV: check its quotes"), where=where, line=at
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
                P_(
                    "{where}, line {line:d}: {n} cell in a row, but {columns} columns",
                    "{where}, line {line:d}: {n} cells in a row, but {columns} columns",
                ),
                n=len(row),
                where=where,
                line=i,
                columns=columns,
            )
    return cells


def _is_row(text: str, layout: Layout) -> bool:
    try:
        return len(layout.cells([text])) == 1
    except csv.Error:
        return False
