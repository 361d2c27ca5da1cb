"""A lesson to begin with: "waves", or a step of it, "waves/2" or "waves/tail"."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.errors import InputError
from mmviz.files.lessons.format import Lesson
from mmviz.files.lessons.shelf import Shelf
from mmviz.state.lessons.checking import problems_of
from mmviz.state.lessons.stage import Stage, stage_of
from mmviz.state.session import Session
from mmviz.text import N_


@dataclass(frozen=True, slots=True)
class LessonAt:
    """A lesson and the number of a step of it, from 0."""

    lesson: Lesson
    number: int = 0

    @property
    def stage(self) -> Stage:
        """As that step begins."""
        return stage_of(self.lesson, self.number)

    @property
    def session(self) -> Session:
        return self.stage.session


def checked(lesson: Lesson, shelf: Shelf) -> Lesson:
    """The lesson, certain to be walked to its end; raises InputError for somebody's that is not.

    Those that come with mmviz were looked at in its tests.
    """
    problems = problems_of(lesson, shelf) if lesson.folder else ()
    if problems:
        raise InputError(problems[0])
    return lesson


def lesson_at(text: str, shelf: Shelf) -> LessonAt:
    """The lesson that a link or a command names; raises InputError for what is none."""
    id, slash, step = text.partition("/")
    lesson = checked(shelf.find(id), shelf)
    if not slash:
        return LessonAt(lesson)
    number = lesson.number(step)
    if number is None and step.isascii() and step.isdigit() and len(step) < 4:
        number = int(step) - 1
    if number is None or not 0 <= number < len(lesson.steps):
        raise InputError(
            N_("{lesson} has no step {step!r:.40}; there are {known}"),
            lesson=id,
            step=step,
            known=", ".join(one.id for one in lesson.steps),
        )
    return LessonAt(lesson, number)
