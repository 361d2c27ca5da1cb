"""What a lesson learns goes to disk as it goes on, and is held, so that nobody else teaches it."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable

from PyQt6.QtCore import QObject

from mmviz.errors import InputError
from mmviz.files import courses
from mmviz.files.courses import KeptLesson
from mmviz.files.holding import Hold
from mmviz.state.learn.course import Course
from mmviz.state.learn.kept import as_kept, further
from mmviz.ui.look.beside import Beside

KEEP_S = 2.0  # between two times that what was learnt is written to disk


class LessonKeeper(QObject):
    """One lesson at a time. complain: said once, why nothing can be kept."""

    def __init__(self, parent: QObject, complain: Callable[[Exception], None]) -> None:
        super().__init__(parent)
        self._complain = complain
        self._hold: Hold | None = None  # of the file of the one that is on
        self._leaving: Hold | None = None  # of one that is over and is on its way to disk
        self._kept_at = -math.inf
        self._said = False  # that nothing can be kept
        self._beside = Beside(self)

    @property
    def working(self) -> bool:
        """Whether what was learnt is on its way to disk."""
        return self._beside.working

    @property
    def due(self) -> bool:
        """Whether what is known was not written for a while."""
        return time.monotonic() - self._kept_at > KEEP_S

    def look(
        self, then: Callable[[tuple[KeptLesson, ...]], None], failed: Callable[[Exception], None]
    ) -> None:
        """Which lessons are kept."""
        self._beside.ask(lambda _: courses.kept(), then, failed)

    def take(self, course: Course) -> Course:
        """Hold a lesson; it, or what others taught it before. Raises InputError where somebody
        teaches it now.
        """
        self._leave()
        try:
            self._hold = courses.hold(course.began)
        except InputError as error:
            if error.cause.msgid == courses.TAUGHT:
                raise
            return course  # where nothing can be written, nobody else can, either
        with contextlib.suppress(InputError):
            kept = courses.read(courses.path_of(course.began))
            course = further(course, kept)
        return course

    def keep(self, course: Course, *, last: bool = False) -> None:
        """Keep what is known, beside the window. last: then others may go on with it."""
        if last:
            self._leave()
            self._leaving, self._hold = self._hold, None
        if not _can_be_kept(course):
            self._leave()
            return
        self._kept_at = time.monotonic()

        def done(_: None) -> None:
            if last:
                self._leave()

        def failed(error: Exception) -> None:
            done(None)
            if not self._said:
                self._said = True
                self._complain(error)

        self._beside.ask(lambda _: _write(course), done, failed)

    def let_go(self) -> None:
        """Others may teach it: nothing of it is to be written."""
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.let_go()

    def close(self, course: Course | None) -> None:
        """The window closes: what is known of the lesson that is on is kept at once."""
        self._beside.close()
        if course is not None and _can_be_kept(course):
            with contextlib.suppress(InputError):
                _write(course)
        self.let_go()
        self._leave()

    def _leave(self) -> None:
        """The lesson before this one: what was known of it is on disk, or lies here still."""
        hold, self._leaving = self._leaving, None
        if hold is not None:
            hold.let_go()


def _can_be_kept(course: Course) -> bool:
    return course.weights is not None and courses.fits(course.plan.network)


def _write(course: Course) -> None:
    kept = as_kept(course)  # of a large network it takes some ms to put its weights into text
    if kept is not None:
        courses.keep(kept)
