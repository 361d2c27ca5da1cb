"""Work beside the window: a thread computes, the window goes on, and the newest question wins."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PyQt6.QtCore import QObject, pyqtSignal

from mmviz.files.ordinary import Cancelled, Tick

T = TypeVar("T")
Work = Callable[[Tick], T]
"""A pure function of values: it touches nothing of Qt's. Its tick raises Cancelled once nobody
waits for the answer any more; the oftener it is called, the sooner the next question has its turn.
"""


@dataclass(slots=True)
class _Asked:
    """What the window's thread keeps of a question; the other thread must not own Qt's objects."""

    number: int
    then: Callable[[Any], None]
    failed: Callable[[Exception], None]


class Beside(QObject):
    """One question at a time. A newer one takes the place of one that is not answered, which is
    then never heard of again; `close` ends the thread.

    changed: something is worked at, or nothing any more. ticked: done, of how much, of what is
    worked at now.
    """

    changed = pyqtSignal(bool)
    ticked = pyqtSignal(int, int)
    _answered = pyqtSignal(int, object, object)
    _told = pyqtSignal(int, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: _Asked | None = None
        self._number = 0  # of the newest question, dropped ones among them
        self._next: tuple[int, Work[Any]] | None = None
        self._wake = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._answered.connect(self._hear)
        self._told.connect(self._hear_tick)

    @property
    def working(self) -> bool:
        """Whether a question is not answered yet."""
        return self._asked is not None

    def ask(
        self, work: Work[T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Have `work` done; `then` gets what it gives, `failed` what it raises, in this thread and
        never from inside here. Whoever is closed answers nothing.
        """
        if self._closed:
            return
        self._number += 1
        before, self._asked = self._asked, _Asked(self._number, then, failed)
        with self._wake:
            self._next = self._number, work
            self._wake.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="beside", daemon=True)
            self._thread.start()
        if before is None:
            self.changed.emit(True)

    def drop(self) -> None:
        """Nobody wants the answer any more."""
        if self._asked is None:
            return
        self._number += 1
        self._asked = None
        with self._wake:
            self._next = None
        self.changed.emit(False)

    def close(self) -> None:
        """End the thread: what is worked at ends at its next tick. Nothing is answered any more."""
        self.drop()
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _hear(self, number: int, value: object, error: Exception | None) -> None:
        asked = self._asked
        if asked is None or number != asked.number:
            return
        self._asked = None
        try:
            if error is None:
                asked.then(value)
            else:
                asked.failed(error)
        finally:
            if self._asked is None:
                self.changed.emit(False)

    def _hear_tick(self, number: int, done: int, whole: int) -> None:
        if self._asked is not None and number == self._asked.number:
            self.ticked.emit(done, whole)

    def _serve(self) -> None:
        """The other thread."""
        while True:
            with self._wake:
                while self._next is None and not self._closed:
                    self._wake.wait()
                if self._closed or self._next is None:
                    return
                (number, work), self._next = self._next, None
            value, error = self._done(number, work)
            del work
            if number == self._number and not self._closed:
                self._answered.emit(number, value, error)
            del value, error

    def _done(self, number: int, work: Work[T]) -> tuple[T | None, Exception | None]:
        told = 0

        def tick(done: int, whole: int) -> None:
            nonlocal told
            if number != self._number or self._closed:
                raise Cancelled
            if (share := 100 * done // max(whole, 1)) != told:  # never a flood of events
                told = share
                self._told.emit(number, done, whole)

        with _UNCOLLECTED:
            try:
                return work(tick), None
            except Cancelled:
                return None, None  # a newer question waits, or nobody
            except Exception as error:
                return None, error


class _Uncollected:
    """No cycles are collected while any thread works: the collector runs in whichever thread makes
    an object, and Qt's objects die in their own thread alone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._was = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._was = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._was:
                gc.enable()


_UNCOLLECTED = _Uncollected()
