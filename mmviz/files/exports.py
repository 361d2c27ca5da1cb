"""What is written for other programs: JSON and CSV that steer neither a terminal nor a spreadsheet.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and runs it. Such a text gets
an apostrophe before it, as spreadsheets mark a text themselves; numbers stay numbers.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from typing import IO, Any

from mmviz.text import STEERING, visible

_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?([0-9]++(\.[0-9]*+)?|\.[0-9]++)(e[+-]?[0-9]++)?|[+-]?(inf|nan)", re.I)


def as_json(value: Any, indent: int | None = None) -> str:
    """`value` as JSON, every language readable; signs that steer a terminal as \\u009b."""
    return harmless(json.dumps(value, indent=indent, ensure_ascii=False))


def harmless(text: str) -> str:
    """JSON with what steers escaped; line ends, which JSON has outside texts alone, stay."""
    return STEERING.sub(lambda sign: sign[0] if sign[0] in "\n\r\t" else _escaped(sign[0]), text)


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1]


def cell(value: object) -> object:
    """What stands for `value` in a table: numbers as they are, a text as one."""
    if not isinstance(value, str):
        return value
    marked = _FORMULA.match(value) and not _NUMBER.fullmatch(value)
    return visible(f"'{value}" if marked else value)


def text_of(cell: str) -> str:
    """The text that was written as this cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class CsvWriter:
    """Writes rows to an open text file, line ends as Unix has them."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file, lineterminator="\n")

    def writerow(self, row: Iterable[object]) -> None:
        """One row; every text in it a `cell`."""
        self._writer.writerow(map(cell, row))

    def writerows(self, rows: Iterable[Iterable[object]]) -> None:
        """Several."""
        self._writer.writerows(map(cell, row) for row in rows)
