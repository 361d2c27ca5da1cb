"""The readers of what is learnt and learnt from, for `fuzz_readers`: each within a folder.

A reader reads bytes as its kind of file, and goes on as mmviz would.
"""

from __future__ import annotations

import gzip
import io
import re
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from mmviz.bench.plan import MadeData, TrainPlan, learnt
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.network import Dense, Network
from mmviz.files import courses, hands, idx, rate_log, weights
from mmviz.files.lessons import progress
from mmviz.files.lessons.progress import KeptStep, Progress, as_csv
from mmviz.files.lessons.reader import parse
from mmviz.files.lessons.shelf import shipped_folder
from mmviz.state.learn.course import Course
from mmviz.state.learn.kept import as_course, as_kept
from mmviz.state.learn.rates import rates_view
from mmviz.state.learn.swept import Swept, sweep_plans
from mmviz.state.learn.swept_kept import as_kept as kept_course
from mmviz.state.learn.swept_kept import as_swept, head_of
from mmviz.state.learn.teaching import teaching_view
from mmviz.state.lessons.stage import stage_of
from mmviz.text import Text

Made = tuple[Callable[[bytes], object], tuple[bytes, ...]]
NET = Network("digits", 784, (Dense(10, "softmax"),))
DATA = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=600)
PLAN = TrainPlan(network=NET, recipe=Recipe(), data=DATA, backend="numpy", steps=5)


def drawings(home: Path) -> Made:
    """MNIST's files, one of the four after the other."""
    count, sizes = 2, (28, 28)
    images = struct.pack(">4I", 0x803, count, *sizes) + bytes(784 * count)
    labels = struct.pack(">2I", 0x801, count) + b"\1\2"
    for part in idx.PARTS:
        (home / f"{part}-labels-idx1-ubyte").write_bytes(labels)
        (home / f"{part}-images-idx3-ubyte").write_bytes(images)

    def read(data: bytes) -> None:
        packed = data[:2] == b"\x1f\x8b"
        whole = home / "train-images-idx3-ubyte"
        whole.unlink(missing_ok=True)
        zipped = home / "train-images-idx3-ubyte.gz"
        zipped.unlink(missing_ok=True)
        (zipped if packed else whole).write_bytes(data)
        idx.read_folder(home)

    return read, (images, gzip.compress(images))


def known(home: Path) -> Made:
    """A file of weights."""

    def read(data: bytes) -> None:
        path = home / "w.npz"
        path.write_bytes(data)
        weights.read(path, Network("small", 4, (Dense(3, "relu"), Dense(2, "softmax"))))

    arrays = {"w1": np.ones((4, 3), "f4"), "b1": np.ones(3, "f4")}
    arrays |= {"w2": np.ones((3, 2), "f4"), "b2": np.ones(2, "f4")}
    found = []
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, **arrays)  # type: ignore[arg-type]
        found.append(file.getvalue())
    return read, tuple(found)


def _taught(course: Course) -> Course:
    for message in (
        Judged(0, 0.1, (0.1, 0.1, 0.1)),
        Taught(0, [2.0, 1.0, 0.5], [1e-4] * 3, {"forward": 1e-4, "loss": 2e-4}),
        Judged(3, 0.9, (0.8, 0.7, 0.6)),
        learnt(fresh(NET)),
    ):
        course = course.heard(message)
    return course


def lesson(home: Path) -> Made:
    """A lesson that was kept."""

    def read(data: bytes) -> None:
        path = home / "lesson.json"
        path.write_bytes(data)
        course = as_course(courses.read(path))
        str(teaching_view(course.plan.network, (), course).status)

    waits = _taught(Course(PLAN, 1.0)).left("paused")
    broken = waits.heard(Untaught(Text("no number"), 4)).left("paused", Text("no number"))
    found = [as_kept(course) for course in (waits, broken)]
    return read, tuple(msgspec.json.encode(kept) for kept in found if kept is not None)


def rates(home: Path) -> Made:
    """A sweep of the batch size that was kept."""
    swept = Swept(sweep_plans(PLAN, (1, 60), 1.0))
    swept = Swept(swept.plans, (_taught(Course(swept.plans[0], 1.0)).left("over"),))

    def read(data: bytes) -> None:
        path = home / "rates.jsonl"
        path.write_bytes(data)
        found = as_swept(*rate_log.read(path), DATA)
        [str(text) for text in rates_view(found, found.plans[0].network).says]

    path = home / "whole.jsonl"
    path.unlink(missing_ok=True)
    log = rate_log.RateLog(path, head_of(swept))
    log.add(kept_course(swept.courses[0]))
    log.close()
    return read, (path.read_bytes(),)


def taught_by_steps(_home: Path) -> Made:
    """A file of a lesson that somebody walks through, checked as it is before it is opened."""
    seeds = tuple(path.read_bytes() for path in sorted(shipped_folder().glob("*.toml"))[:4])

    def read(data: bytes) -> None:
        found = parse(data, f"{parse_id(data)}.toml")
        for number in range(len(found.steps)):
            stage_of(found, number)

    return read, seeds


def guesses(home: Path) -> Made:
    """What lessons leave behind."""
    path = home / "guessed.json"
    some = KeptStep(asked=True, form="click", guess=[[1, 2]], answer=[[1, 2]], kind="computed")

    def read(data: bytes) -> None:
        path.write_bytes(data)
        as_csv(progress.read(path))

    progress.write(Progress().with_step("batch", "read", some), path)
    return read, (path.read_bytes(),)


def parse_id(data: bytes) -> str:
    """The id a lesson gives itself, as its file would be called."""
    found = re.search(rb'^id = "([a-z0-9-]+)"', data, re.MULTILINE)
    return found[1].decode() if found else "none"
