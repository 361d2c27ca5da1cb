"""Tables in plain text: which of their columns say anything."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.text import NO_DATA, Text
from mmviz.words.speech import Words


def said_columns(rows: Sequence[Sequence[Text]], words: Words) -> list[list[str]]:
    """The rows, the first of them the heads, without the columns that say nothing in any row.

    The last column stays: it has remarks, or words that follow the figures.
    """
    said = [[words(cell) for cell in row] for row in rows]
    empty = {"", "—", words(Text(NO_DATA))}
    kept = [
        any(row[i] not in empty for row in said[1:]) or len(said) == 1
        for i in range(len(said[0]) - 1)
    ]
    return [[cell for cell, keep in zip(row, (*kept, True), strict=True) if keep] for row in said]
