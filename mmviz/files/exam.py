"""An exam in a table: published exercises and measurements, each with the command that answers it.

Columns are those of COLUMNS in any order. The command is one of mmviz without its name and without
--json; a list or a network that lies beside the table is named without its folder. key is where in
its JSON the answer stands, `total.predicted_s` or `products.0.tiles`, or two of them parted by
` / `, of which the first is divided by the second. expected is in `unit`, a key of UNITS; tolerance
in per cent of it.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from mmviz.errors import InputError
from mmviz.files.assets import asset
from mmviz.files.encodings import decoded
from mmviz.files.ordinary import check_text
from mmviz.files.toml import read_bounded
from mmviz.text import N_, Text

Kind = Literal["exercise", "measured"]
KINDS: tuple[Kind, ...] = get_args(Kind)

UNITS: dict[str, float] = {
    "": 1.0,
    "%": 0.01,
    "s": 1.0,
    "ms": 1e-3,
    "µs": 1e-6,
    "FLOP": 1.0,
    "FLOP/B": 1.0,
    "TFLOP/s": 1e12,
    "GB/s": 1e9,
    "tiles": 1.0,
    "waves": 1.0,
    "cycles": 1.0,
    "rows": 1.0,
}
"""What a number of the unit is in the units of mmviz's JSON: seconds, FLOP/s, shares, counts."""

NEEDED = ("id", "kind", "question", "command", "key", "expected", "source")
COLUMNS = (*NEEDED, "unit", "tolerance", "url", "note")
COMMANDS = ("plan", "schedule", "devices")
MAX_ROWS = 2_000
MAX_BYTES = 2_000_000
_STEP = r"[A-Za-z_]\w*|\d+"
_PATH = rf"(?:{_STEP})(?:\.(?:{_STEP}))*"
_FILE = re.compile(r"[\w-]+\.(csv|toml)")
_KEY = re.compile(rf"({_PATH})(?: / ({_PATH}))?")
_REFUSED = ("-", "-o", "-h", "--help", "--gemms", "--json")  # what reads or writes elsewhere


@dataclass(frozen=True, slots=True)
class Question:
    """A row. kind: an exercise has one right answer, a measured time was clocked by somebody.

    command: words of a command of COMMANDS. expected: as published, in `unit`. tolerance: a share
    of it by which an answer may be off and still pass. folder: of the table.
    """

    id: str
    kind: Kind
    question: str
    command: tuple[str, ...]
    key: str
    expected: float
    unit: str
    tolerance: float
    source: str
    url: str = ""
    note: str = ""
    folder: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words of the command, with the folder of those that name a file beside the table."""
        return tuple(self._beside(word) for word in self.command)

    def _beside(self, word: str) -> str:
        path = Path(self.folder, word)
        return str(path) if _FILE.fullmatch(word) and path.is_file() else word

    def answer(self, told: Mapping[str, Any] | Sequence[Any]) -> float:
        """The answer in JSON its command printed, in `unit`; raises InputError where none is."""
        over, under = _KEY.fullmatch(self.key).groups()  # type: ignore[union-attr]  # checked
        value = _number(told, over)
        if under is not None:
            value /= _number(told, under)
        return value / UNITS[self.unit]


def shipped() -> tuple[Question, ...]:
    """The exam that comes with mmviz."""
    return read_exam(asset("exam", "exam.csv"))


def read_exam(path: str | os.PathLike[str]) -> tuple[Question, ...]:
    """The rows of the table at `path`, at least one; raises InputError, naming line and column."""
    text = decoded(read_bounded(path, MAX_BYTES))
    where = str(path)
    try:
        lines = csv.DictReader(io.StringIO(text), strict=True, skipinitialspace=True)
        header = [name.strip() for name in lines.fieldnames or ()]
        lines.fieldnames = header
        _check_header(header, where)
        found = [_question(row, where, lines.line_num) for row in lines]
    except csv.Error:
        raise InputError(N_("{where}: not a table of CSV: check its quotes"), where=where) from None
    if not found:
        raise InputError(N_("{where}: no question in it"), where=where)
    if len(found) > MAX_ROWS:
        raise InputError(
            N_("{where}: more than {most:group} questions"), where=where, most=MAX_ROWS
        )
    known: set[str] = set()
    for one in found:
        if one.id in known:
            raise InputError(N_("{where}: two rows have the id {id}"), where=where, id=one.id)
        known.add(one.id)
    return tuple(found)


def _check_header(header: Sequence[str], where: str) -> None:
    for name in NEEDED:
        if name not in header:
            raise InputError(
                N_("{where}: column {column} is missing; columns are {known}"),
                where=where,
                column=name,
                known=", ".join(COLUMNS),
            )
    for name in header:
        if name not in COLUMNS or header.count(name) > 1:
            raise InputError(
                N_("{where}: unknown or double column {column!r:.60}; columns are {known}"),
                where=where,
                column=name,
                known=", ".join(COLUMNS),
            )


def _question(row: dict[str, Any], where: str, line: int) -> Question:
    at = Text(N_("{where}, line {line:d}"), where=where, line=line)
    if None in row or None in row.values():
        raise InputError(N_("{at}: as many cells as there are columns, please"), at=at)
    cells = {name: row.get(name, "").strip() for name in COLUMNS}
    for name, cell in cells.items():
        check_text(cell, Text(N_("{at}: {column}"), at=at, column=name))
        if name in NEEDED and not cell:
            raise InputError(N_("{at}: {column} is empty"), at=at, column=name)
    if cells["kind"] not in KINDS:
        said = N_("{at}: kind is one of {known}, not {kind!r:.40}")
        raise InputError(said, at=at, known=", ".join(KINDS), kind=cells["kind"])
    if cells["unit"] not in UNITS:
        said = N_("{at}: unknown unit {unit!r:.40}; known are {known}")
        known = ", ".join(filter(None, UNITS))
        raise InputError(said, at=at, unit=cells["unit"], known=known)
    if not _KEY.fullmatch(cells["key"]):
        said = N_("{at}: a key is as total.predicted_s or products.0.tiles, not {key!r:.60}")
        raise InputError(said, at=at, key=cells["key"])
    expected = _real(cells["expected"], at, "expected")
    if expected == 0 and cells["kind"] == "measured":
        raise InputError(N_("{at}: what was measured is more than 0"), at=at)
    return Question(
        id=cells["id"],
        kind="exercise" if cells["kind"] == "exercise" else "measured",
        question=cells["question"],
        command=_command(cells["command"], at),
        key=cells["key"],
        expected=expected,
        unit=cells["unit"],
        tolerance=_real(cells["tolerance"] or "0", at, "tolerance") / 100,
        source=cells["source"],
        url=cells["url"],
        note=cells["note"],
        folder=str(Path(where).parent),
    )


def _command(text: str, at: Text) -> tuple[str, ...]:
    """The words of a command that reads its arguments alone, and writes nothing."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    if not words or words[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        said = N_("{at}: a command begins with one of {known}, not {text!r:.60}")
        raise InputError(said, at=at, known=known, text=text)
    for word in words:
        if word.partition("=")[0] in _REFUSED or word.startswith("-o"):
            raise InputError(N_("{at}: {word} has no place in an exam"), at=at, word=word)
    return tuple(words)


def _real(text: str, at: Text, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        said = N_("{at}: {column} is a number, 0 or more, with a point, not {text!r:.40}")
        raise InputError(said, at=at, column=column, text=text)
    return value


def _number(told: Mapping[str, Any] | Sequence[Any], path: str) -> float:
    """The number at `path`; raises InputError where there is none."""
    found: Any = told
    for step in path.split("."):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            raise InputError(N_("its answer has no {path}"), path=path)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise InputError(N_("its answer has no number at {path}"), path=path)
    return float(found)
