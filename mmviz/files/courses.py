"""The last lessons, kept on disk while a network is taught: a killed mmviz loses a moment of it.

Each is a file of its own in the user's data folder, written aside and renamed: what was asked for,
what it learnt, and a thinned course of its losses. What is read is bounded and checked.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mmviz.backends.learner import STAGES
from mmviz.bench.plan import Learnt
from mmviz.bench.taught import Untaught
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import Network
from mmviz.errors import InputError
from mmviz.files import atomic, folders
from mmviz.files.holding import Hold
from mmviz.files.toml import read_bounded
from mmviz.text import N_

MOST_LESSONS = 8  # kept; the oldest go first
MOST_BYTES = 64_000_000  # of one
MOST_POINTS = 4_096  # of its curve
NOT_KEPT = N_("a network of {n:group} weights is too large to be kept while it learns: save it")
TAUGHT = N_("this course is being taught in another mmviz: stop it there first")
DAMAGED = N_("{path} is no course that mmviz kept")
_LATEST = 32_503_680_000  # seconds since 1970: the year 3000


class KeptLesson(msgspec.Struct, frozen=True, kw_only=True, tag="lesson"):
    """A lesson until its last weights. when: it began, seconds since 1970. folder: of the user's
    drawings, "" for those mmviz makes. steps_at, at_s, losses: the curve, a point each; first: the
    steps before it. looks: step, seconds, share of seen drawings right, of unseen ones. stages:
    seconds by stage. ended: why it cannot go on, None where it can or is whole.
    """

    version: int = 1
    when: float
    network: Network
    recipe: Recipe
    backend: str
    dtype: str
    folder: str
    steps: int | None
    seconds: float | None = None
    pace: float | None
    learnt: Learnt
    first: int
    steps_at: list[int]
    at_s: list[float]
    losses: list[float]
    looks: list[tuple[int, float, float, list[float]]]
    stages: dict[str, float]
    ended: Untaught | None = None

    def __post_init__(self) -> None:
        self.recipe.check()
        check_dtype(self.dtype)
        self.learnt.weights(self.network)
        points = len(self.steps_at)
        figures = (*self.at_s, *self.losses, *self.stages.values(), *_flat(self.looks))
        if (
            self.version != 1
            or not 0 <= self.when < _LATEST
            or not points == len(self.at_s) == len(self.losses) <= MOST_POINTS
            or len(self.looks) > MOST_POINTS
            or any(not look[3] for look in self.looks)
            or sorted(self.steps_at) != self.steps_at
            or not set(STAGES) >= set(self.stages)
            or not all(math.isfinite(x) and x >= 0 for x in figures)
            or any(x is not None and not 0 < x < math.inf for x in (self.pace, self.seconds))
        ):
            raise ValueError("no lesson")


_decoder = msgspec.json.Decoder(KeptLesson)


def place() -> Path:
    """The folder of the kept lessons of this user, whether it is there or not."""
    return folders.data() / "lessons"


def path_of(when: float) -> Path:
    """The file of the lesson that began then."""
    return place() / f"{round(1e6 * when):018d}.json"


def fits(network: Network) -> bool:
    """Whether what it learns can be kept: four numbers a weight, in base64."""
    return 4 * 4 * network.parameters * 4 / 3 < MOST_BYTES - 1_000_000


def hold(when: float) -> Hold:
    """Hold the lesson that began then, so that no other mmviz teaches it meanwhile; raises
    InputError where one does.
    """
    atomic.make_folder(place())
    return Hold(path_of(when), TAUGHT)


def keep(lesson: KeptLesson) -> None:
    """Write it in the place of what was kept of it before; raises InputError."""
    folder = atomic.make_folder(place())
    path = path_of(lesson.when)
    atomic.write_bytes(path, msgspec.json.encode(lesson))
    others = [one for one in _paths(folder) if one != path]
    for old in others[: max(0, len(others) + 1 - MOST_LESSONS)]:
        with contextlib.suppress(OSError):
            old.unlink()


def read(path: Path) -> KeptLesson:
    """A lesson that was kept; raises InputError."""
    data = read_bounded(path, MOST_BYTES)
    try:
        return _decoder.decode(data)
    except (ValueError, InputError, RecursionError):
        raise InputError(DAMAGED, path=path.name) from None


def kept() -> tuple[KeptLesson, ...]:
    """All of them, the oldest first; what cannot be read is left out."""
    found = []
    for path in _paths(place())[-MOST_LESSONS:]:
        with contextlib.suppress(InputError):
            found.append(read(path))
    return tuple(found)


def _paths(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(folder.glob("[0-9]*.json"))
    return []


def _flat(looks: Sequence[tuple[int, float, float, list[float]]]) -> list[float]:
    return [x for step, at, seen, unseen in looks for x in (step, at, seen, *unseen)]
