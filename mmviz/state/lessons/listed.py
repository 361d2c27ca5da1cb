"""The list of lessons as it is shown: their names, how far each is, what is next."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.files.lessons.progress import Progress
from mmviz.files.lessons.shelf import Shelf
from mmviz.text import N_, NOTHING, Text
from mmviz.words.lessons import Sayable, Spoken


@dataclass(frozen=True, slots=True)
class Row:
    """A lesson: how many of its steps are done, whether it is the one that is on."""

    id: str
    title: Sayable
    idea: Sayable
    done: int
    steps: int
    minutes: int
    on: bool = False

    @property
    def begun(self) -> bool:
        return 0 < self.done < self.steps

    @property
    def whole(self) -> bool:
        """Whether every step was walked to its end."""
        return self.done >= self.steps


@dataclass(frozen=True, slots=True)
class ListedView:
    """rows in the order they are offered. said: how many are done. problems: files that are no
    lessons. kept: whether anything is remembered that could be forgotten.
    """

    rows: tuple[Row, ...] = ()
    said: Text = NOTHING
    problems: tuple[Text, ...] = ()
    kept: bool = False


def listed_view(shelf: Shelf, progress: Progress, on: str = "") -> ListedView:
    """on: the id of the lesson somebody is in, "" for none."""
    rows = tuple(
        Row(
            lesson.id,
            Spoken(lesson.title),
            Spoken(lesson.idea),
            min(progress.done(lesson.id), len(lesson.steps)),
            len(lesson.steps),
            lesson.minutes,
            lesson.id == on,
        )
        for lesson in shelf.lessons
    )
    done = sum(row.whole for row in rows)
    said = Text(N_("{done:group} of {n:group} done"), done=done, n=len(rows))
    return ListedView(rows, said, shelf.problems, bool(progress.steps))
