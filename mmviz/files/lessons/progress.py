"""What a learner guessed and what came out, kept between two starts: one JSON file, no names in it.

{"format": 1, "steps": {"batch/steps16": {"guess": "16", "answer": 4, "kind": "modelled", …}}}
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from mmviz.errors import InputError
from mmviz.files import atomic, folders
from mmviz.files.settings import set_aside
from mmviz.files.toml import read_bounded
from mmviz.text import N_, visible

FORMAT = 1
NAME = "lessons.json"
MAX_BYTES = 4_000_000
MOST_STEPS = 20_000
MOST_NOTE = 400  # characters of a sentence of the learner's own


class KeptStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one step. guess: the option's place, a number, items; None: not known, or not asked yet.

    asked: whether anything was guessed; option: its id or number as written, so that it is known
    after the file's options changed. answer: what came out; right: the option that is; unit: of
    its number; kind: what it rests on. version: of mmviz; session: tells one session from another;
    when: seconds since 1970. done: it was walked to its end; best: the learner's own; note: a
    sentence of theirs.
    """

    asked: bool = False
    form: str = ""
    guess: int | float | list[Any] | None = None
    option: str = ""
    answer: bool | int | float | str | list[Any] | None = None
    right: str = ""
    unit: str = ""
    kind: str = ""
    equal: bool = False
    version: str = ""
    session: str = ""
    when: float = 0.0
    done: bool = False
    skipped: bool = False
    best: float | None = None
    note: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    steps: dict[str, KeptStep] = {}


@dataclass(frozen=True, slots=True)
class Progress:
    """Steps by lesson and step."""

    steps: Mapping[tuple[str, str], KeptStep] = field(default_factory=dict)

    def of(self, lesson: str, step: str) -> KeptStep | None:
        """What is kept of a step."""
        return self.steps.get((lesson, step))

    def with_step(self, lesson: str, step: str, kept: KeptStep) -> Progress:
        """With what is kept of a step from now on."""
        return replace(self, steps={**self.steps, (lesson, step): kept})

    def done(self, lesson: str) -> int:
        """How many steps of a lesson were walked to their end."""
        return sum(kept.done for (one, _), kept in self.steps.items() if one == lesson)


def place() -> Path:
    """Where it is kept, whether anything is there or not."""
    return folders.data() / NAME


def read(path: Path | None = None) -> Progress:
    """What is kept; nothing where no file is. Raises InputError for one that is not understood."""
    path = path or place()
    if not path.exists():
        return Progress()
    data = read_bounded(path, MAX_BYTES)
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            N_("{path}: not what lessons leave behind: {reason:.200}"),
            path=str(path),
            reason=visible(str(error)),
        ) from None
    if found.format > FORMAT:
        raise InputError(
            N_("{path}: written by a newer mmviz (version {version} of the file)"),
            path=str(path),
            version=found.format,
        )
    steps = {}
    for key, kept in found.steps.items():
        lesson, slash, step = key.partition("/")
        if not (slash and lesson and step) or len(found.steps) > MOST_STEPS or not _sound(kept):
            raise InputError(
                N_("{path}: not what lessons leave behind: {reason:.200}"),
                path=str(path),
                reason=visible(key[:80]),
            )
        steps[lesson, step] = kept
    return Progress(steps)


def write(progress: Progress, path: Path | None = None) -> None:
    """Keep it, whole or not at all; raises InputError where that cannot be.

    A file that is not understood, as one of a newer mmviz, is not lost: it is moved aside.
    """
    path = path or place()
    try:
        read(path)
    except InputError:
        set_aside(path)
    steps = {f"{lesson}/{step}": kept for (lesson, step), kept in progress.steps.items()}
    data = msgspec.json.format(msgspec.json.encode(_File(FORMAT, steps)))
    atomic.make_folder(path.parent)
    atomic.write_bytes(path, data)


def forget(path: Path | None = None) -> None:
    """Delete what is kept; raises InputError where that cannot be."""
    path = path or place()
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            N_("cannot delete {path}: {reason}"), path=str(path), reason=error.strerror or ""
        ) from None


COLUMNS = (
    *("lesson", "step", "form", "guess", "answer", "value", "unit", "kind", "equal"),
    *("done", "skipped", "best", "note", "version", "session"),
)


def as_csv(progress: Progress) -> bytes:
    """Guesses and results, a step a row, in UTF-8 with a byte order mark; no name, no time.

    guess and answer compare: both are options, numbers, or what was clicked on. value: what came
    out, of which an option is the answer.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for (lesson, step), kept in sorted(progress.steps.items()):
        row = {**msgspec.structs.asdict(kept), "lesson": lesson, "step": step, **_compared(kept)}
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _compared(kept: KeptStep) -> dict[str, Any]:
    """What was guessed beside what came out, the one as the other is said."""
    found = kept.answer
    if isinstance(found, list) and kept.form != "click":
        found = len(found)  # they were counted
    if kept.form != "choice":
        equal = kept.equal if kept.asked else None
        return {"guess": kept.guess, "answer": found, "value": None, "equal": equal}
    word = ("yes" if found else "no") if isinstance(found, bool) else found
    return {"guess": kept.option, "answer": kept.right or word, "value": found}


def _cell(value: Any) -> str:
    """As a table of another program's takes it: no formula, lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return msgspec.json.encode(value).decode()
    text = str(value)
    risky = isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{text}" if risky else text


def _sound(kept: KeptStep) -> bool:
    """Whether its texts are as short as those that are written."""
    texts = (kept.form, kept.option, kept.right, kept.unit, kept.kind, kept.version, kept.session)
    return len(kept.note) <= MOST_NOTE and all(len(text) <= 400 for text in texts)
