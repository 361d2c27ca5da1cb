"""Tables: aligned in a pipe, fitted to its width in a terminal, where no figure is cut."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mmviz.cli.terminal import console, is_terminal
from mmviz.text import NO_DATA, Text
from mmviz.words.speech import Words

if TYPE_CHECKING:
    from rich.console import Console

Align = Literal["left", "right"]
GAP = 2  # spaces between columns
LEAST = 24  # columns that words need beside figures, else they stand below them

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Said cells. head: () for a list without one. aligns: of each column.

    The first `keys` columns name a row; the last column is words, which may be long.
    """

    head: Row
    rows: tuple[Row, ...]
    aligns: tuple[Align, ...]
    keys: int = 1


def said_table(
    rows: Sequence[Sequence[Text | str]], words: Words, left: Sequence[int] = (0,), keys: int = 1
) -> Table:
    """The rows, the first of them the heads, without the columns that say nothing in any row.

    The last column stays: it has remarks, or words that follow the figures. Columns of
    words, those numbered in `left` and the last one, stand to the left, figures to the right.
    """
    said = [tuple(words(cell) for cell in row) for row in rows]
    empty = {"", "—", words(Text(NO_DATA))}
    last = len(said[0]) - 1
    kept = [
        i
        for i in range(last + 1)
        if i == last or len(said) == 1 or any(row[i] not in empty for row in said[1:])
    ]
    aligns: list[Align] = ["left" if i in left or i == last else "right" for i in kept]
    head, *rest = (tuple(row[i] for i in kept) for row in said)
    return Table(head, tuple(rest), tuple(aligns), keys)


def said_list(rows: Sequence[Sequence[Text | str]], words: Words) -> Table:
    """Rows of words without heads: all to the left."""
    said = tuple(tuple(words(cell) for cell in row) for row in rows)
    aligns: list[Align] = ["left" for _ in said[0]] if said else []
    return Table((), said, tuple(aligns))


def said_figures(rows: Sequence[Sequence[Text | str]], words: Words) -> Table:
    """Rows without heads of a name, a figure and words."""
    said = tuple(tuple(words(cell) for cell in row) for row in rows)
    return Table((), said, ("left", "right", "left"))


def lines(table: Table) -> list[str]:
    """The table as plain text, a line a row, however wide."""
    widths = _widths(table)
    rows = (table.head, *table.rows) if table.head else table.rows
    return [_aligned(row, widths, table.aligns) for row in rows]


def show(table: Table) -> None:
    """Print it on standard output: fitted to a terminal, plain elsewhere."""
    if not is_terminal(sys.stdout):
        for line in lines(table):
            print(line)
        return
    _fit(table, console(sys.stdout))


def _fit(table: Table, out: Console) -> None:
    """As it is where it fits, its words folded. Else a table with heads comes in several parts, its
    words below them, and a list in sentences.
    """
    from rich.text import Text as Sentence

    if not table.rows and not table.head:
        return
    *figures, words = widths = _widths(table)
    beside = _total(figures) + GAP
    if beside + min(words, LEAST) <= out.width:
        if table.head:
            out.print(_aligned(table.head, widths, table.aligns), style="bold", soft_wrap=True)
        for row in table.rows:
            first, *more = _folded(row[-1], out.width - beside, out)
            out.print(_aligned((*row[:-1], first), widths, table.aligns), soft_wrap=True)
            for line in more:
                out.print(" " * beside + line, soft_wrap=True)
    elif table.head:
        for number, kept in enumerate(_parts(figures, table.keys, out.width)):
            head, *rows = lines(_columns(table, kept))
            if number:
                out.print()
            out.print(head, style="bold", soft_wrap=True)
            for line in rows:
                out.print(line, soft_wrap=True)
        for row in table.rows:
            if row[-1]:
                who = " ".join(filter(None, (*row[: table.keys], table.head[-1])))
                out.print(f"{who}: {row[-1]}")
    else:
        for row in table.rows:
            out.print(Sentence.assemble((row[0], "bold"), *(f" · {x}" for x in row[1:] if x)))


def _folded(text: str, width: int, out: Console) -> list[str]:
    """Words on as many lines as they take."""
    from rich.text import Text as Sentence

    return [line.plain.rstrip() for line in Sentence(text).wrap(out, width)] or [""]


def _aligned(row: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    """One line, by the width its signs have in a terminal."""
    from rich.cells import cell_len

    cells = [
        cell + " " * (width - cell_len(cell))
        if align == "left"
        else " " * (width - cell_len(cell)) + cell
        for cell, width, align in zip(row, widths, aligns, strict=True)
    ]
    return (" " * GAP).join(cells).rstrip()


def _widths(table: Table) -> list[int]:
    from rich.cells import cell_len

    rows = (table.head, *table.rows) if table.head else table.rows
    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _parts(widths: Sequence[int], keys: int, width: int) -> list[list[int]]:
    """Columns, as many a part as fit; each part begins with the keys."""
    parts = [list(range(keys))]
    for i in range(keys, len(widths)):
        if len(parts[-1]) > keys and _total([widths[j] for j in (*parts[-1], i)]) > width:
            parts.append(list(range(keys)))
        parts[-1].append(i)
    return parts


def _columns(table: Table, kept: Sequence[int]) -> Table:
    rows = tuple(tuple(row[i] for i in kept) for row in table.rows)
    head = tuple(table.head[i] for i in kept)
    return Table(head, rows, tuple(table.aligns[i] for i in kept), table.keys)
