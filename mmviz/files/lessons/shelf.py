"""Which lessons there are: those that come with mmviz, then those of the user's own folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmviz.errors import InputError
from mmviz.files import folders
from mmviz.files.assets import asset
from mmviz.files.lessons.format import Lesson
from mmviz.files.lessons.reader import FaultsError, read_lesson
from mmviz.text import N_, Text

MOST = 200  # files looked at in a folder


@dataclass(frozen=True, slots=True)
class Shelf:
    """lessons: in the order they are offered. problems: what is wrong with files that are none, a
    sentence each. unread: how many files those are.
    """

    lessons: tuple[Lesson, ...]
    problems: tuple[Text, ...] = ()
    unread: int = 0

    def find(self, id: str) -> Lesson:
        """The lesson of that id; raises InputError that lists them."""
        for lesson in self.lessons:
            if lesson.id == id:
                return lesson
        known = ", ".join(lesson.id for lesson in self.lessons)
        raise InputError(
            N_("no lesson is called {id!r:.60}; there are {known}"), id=id, known=known
        )

    def after(self, id: str) -> Lesson | None:
        """The lesson that follows that one, None behind the last."""
        places = [place for place, lesson in enumerate(self.lessons) if lesson.id == id]
        return next(iter(self.lessons[places[0] + 1 :]), None) if places else None

    def has_step(self, lesson: str, step: str) -> bool:
        """Whether there is such a step."""
        found = (one for one in self.lessons if one.id == lesson)
        return any(one.number(step) is not None for one in found)


def shipped_folder() -> Path:
    """Where those are that come with mmviz."""
    return asset("lessons")


def own_folder() -> Path:
    """Where the user's own are, besides folders that they add."""
    return folders.data() / "lessons"


def read_shelf(added: Sequence[Path] = ()) -> Shelf:
    """All lessons: mmviz's own, the user's, those of folders that were added."""
    own = (own_folder(), *added)
    found = [read_folder(shipped_folder(), "")]
    found += [read_folder(folder, folder.name) for folder in own if folder.is_dir()]
    lessons: list[Lesson] = []
    problems: list[Text] = [problem for shelf in found for problem in shelf.problems]
    for shelf in found:
        for lesson in shelf.lessons:
            if any(lesson.id == other.id for other in lessons):
                problems.append(
                    Text(N_("{file}: there is a lesson of that name already"), file=lesson.id)
                )
            else:
                lessons.append(lesson)
    return Shelf(tuple(lessons), tuple(problems))


def read_folder(folder: Path, name: str) -> Shelf:
    """The lessons of one folder, by their order; a problem for each file that is not understood."""
    lessons: list[Lesson] = []
    problems: list[Text] = []
    unread = 0
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        why = os.strerror(error.errno or 0)
        return Shelf((), (Text(N_("cannot read {path}: {reason}"), path=str(folder), reason=why),))
    for path in paths[:MOST]:
        try:
            lessons.append(read_lesson(path, name))
        except InputError as error:
            unread += 1
            problems += error.causes if isinstance(error, FaultsError) else [error.cause]
    ordered = sorted(lessons, key=lambda one: (one.order, one.id))
    return Shelf(tuple(ordered), tuple(problems), unread)
