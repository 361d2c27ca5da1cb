"""A sweep of the batch size for learning in a file of its own, a line a course that is over: a
killed mmviz loses the course it was at.

A line that says what is swept, then the courses, thinned. Whoever adds to it holds it. What is read
is bounded and checked; a line that is not understood, such as the last one of a killed program, is
left out.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import BinaryIO

import msgspec

from mmviz.backends.learner import STAGES
from mmviz.bench.crossing import MOST_S, bounded
from mmviz.bench.messages import Placed, Sensing
from mmviz.bench.taught import MOST_LOSS, Judged, Untaught
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import MAX_COUNT, Network
from mmviz.errors import InputError, reason_of
from mmviz.files import atomic, folders
from mmviz.files.holding import held, hold
from mmviz.files.toml import read_bounded
from mmviz.text import N_

MOST_SWEEPS = 8  # kept; the oldest go first
MOST_BYTES = 50_000_000  # of one
MOST_LINES = 1_000
MOST_POINTS = 4_096  # of a curve, and of looks
MOST_SIZES = 64  # batch sizes, and backends
NO_LOG = N_("{path} is no sweep of the batch size that mmviz kept")
OTHER = N_("{path} is of another sweep: name another file, or ask for the same courses")
_LATEST = 32_503_680_000  # seconds since 1970: the year 3000


class RateHead(msgspec.Struct, frozen=True, kw_only=True, tag="rates"):
    """What is swept: `network` by `recipe`, but for its batch, for so many seconds of steps each.

    folder: of the user's drawings, "" for those mmviz makes; count: of those to learn from.
    """

    version: int = 1
    network: Network
    recipe: Recipe
    batches: tuple[int, ...]
    backends: tuple[str, ...]
    dtype: str
    seconds: float
    folder: str
    count: int

    def __post_init__(self) -> None:
        self.recipe.check()
        check_dtype(self.dtype)
        sizes = (*self.batches, self.count)
        if (
            self.version != 1
            or not 0 < len(self.batches) <= MOST_SIZES
            or not 0 < len(self.backends) <= MOST_SIZES
            or not all(0 < size <= MAX_COUNT for size in sizes)
            or not 0 < self.seconds <= MOST_S
        ):
            raise ValueError("no sweep")


class KeptCourse(msgspec.Struct, frozen=True, kw_only=True, tag="course"):
    """One that is over. began: seconds since 1970. steps_at, at_s, losses: its curve, a point each,
    of at most `every` steps. recent: seconds of its last steps. stages: seconds by stage.
    """

    batch: int
    backend: str
    began: float
    ended: Untaught | None = None
    placed: Placed | None = None
    sensing: Sensing | None = None
    steps_at: list[int]
    at_s: list[float]
    losses: list[float]
    every: int
    looks: list[tuple[float, Judged]]
    stages: dict[str, float]
    recent: list[float]

    def __post_init__(self) -> None:
        points = len(self.steps_at)
        bounded((*self.at_s, *self.recent, *self.stages.values()), MOST_S)
        bounded((at_s for at_s, _ in self.looks), MOST_S)
        bounded(self.losses, MOST_LOSS)
        if (
            not 0 <= self.began < _LATEST
            or not points == len(self.at_s) == len(self.losses) <= MOST_POINTS
            or len(self.looks) > MOST_POINTS
            or any(not look.unseen for _, look in self.looks)
            or any(a >= b for a, b in zip([0, *self.steps_at], self.steps_at, strict=False))
            or sorted(self.at_s) != self.at_s
            or self.every < 1
            or not set(STAGES) >= set(self.stages)
        ):
            raise ValueError("no course")


_head_decoder = msgspec.json.Decoder(RateHead)
_course_decoder = msgspec.json.Decoder(KeptCourse)


def place() -> Path:
    """The folder of the kept sweeps of this user, whether it is there or not."""
    return folders.data() / "rates"


def fresh(when: float) -> Path:
    """The file of a sweep that begins then, seconds since 1970, in a folder that is there and from
    which the oldest were let go; raises InputError.
    """
    folder = atomic.make_folder(place())
    for old in _paths()[: -MOST_SWEEPS + 1]:
        if not held(old):
            with contextlib.suppress(OSError):
                old.unlink()
    return folder / f"{round(1e6 * when):018d}.jsonl"


class RateLog:
    """Adds to the file of one sweep, and holds it until it is closed.

    Raises InputError where it cannot be written, or another mmviz writes to it.
    """

    def __init__(self, path: Path, head: RateHead) -> None:
        self.path = path
        atomic.check(path)
        try:
            self._file: BinaryIO = open(path, "ab", buffering=0)  # noqa: SIM115  # until `close`
        except OSError as error:
            raise self._broken(error) from None
        try:
            hold(self._file)
            # Its last line may be cut off.
            self._write(b"\n" if self._file.tell() else msgspec.json.encode(head) + b"\n")
        except InputError:
            self.close()
            raise

    def add(self, course: KeptCourse) -> None:
        """One more that is over."""
        self._write(msgspec.json.encode(course) + b"\n")

    def close(self) -> None:
        """Nothing more is added; others may."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError as error:
            raise self._broken(error) from None

    def _broken(self, error: OSError) -> InputError:
        reason = reason_of(error)
        return InputError(N_("cannot write {path}: {reason}"), path=str(self.path), reason=reason)


def read(path: Path) -> tuple[RateHead, tuple[KeptCourse, ...]]:
    """What is swept, and the courses that are over; raises InputError."""
    first, _, rest = read_bounded(path, MOST_BYTES).partition(b"\n")
    try:
        head = _head_decoder.decode(first)
    except (ValueError, InputError, RecursionError):
        raise InputError(NO_LOG, path=str(path)) from None
    found: dict[tuple[int, str], KeptCourse] = {}
    for line in rest.split(b"\n", MOST_LINES)[:-1]:  # the last one has no end: it was cut off
        with contextlib.suppress(ValueError, InputError, RecursionError):
            course = _course_decoder.decode(line)
            if course.batch in head.batches and course.backend in head.backends:
                found.setdefault((course.batch, course.backend), course)
    return head, tuple(found.values())


def going_on(path: Path, head: RateHead) -> tuple[KeptCourse, ...]:
    """Of this very sweep; () where there is no file yet. Raises InputError for another one."""
    if not path.exists():
        return ()
    kept, courses = read(path)
    if kept != head:
        raise InputError(OTHER, path=str(path))
    return courses


def last() -> tuple[Path, RateHead, tuple[KeptCourse, ...]] | None:
    """The sweep that began last; None where there is none."""
    for path in reversed(_paths()):
        with contextlib.suppress(InputError):
            return path, *read(path)
    return None


def _paths() -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(place().glob("[0-9]*.jsonl"))
    return []
