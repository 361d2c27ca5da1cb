"""Nothing outlives its test: no window, timer, thread or process, and no unexpected warning.

The checks run after every fixture of the test is gone (an autouse fixture could not promise that).
They cost next to nothing for a test that used no Qt. What is found is reported as an error of that
test and then put away, so that the next one is not blamed.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

GRACE_S = 2.0  # what is just ending may end
MUCH = 30_000  # objects; a walk over so many takes milliseconds
OLDER: list[weakref.ref[Any]] = []  # Qt's objects that are left out of the walk
T = TypeVar("T")


class Recorder(logging.Handler):
    """Keeps every record of level WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class Before:
    """What there was when the test began."""

    threads: set[threading.Thread] = field(default_factory=lambda: set(threading.enumerate()))
    children: set[int] = field(default_factory=lambda: children())
    log: Recorder = field(default_factory=Recorder)


BEFORE = pytest.StashKey[Before]()
FAILED = pytest.StashKey[bool]()


def pytest_collection_finish() -> None:
    """What all the imports made is no leak: it is left out of every later look and collection."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    before = item.stash[BEFORE] = Before()
    logging.getLogger().addHandler(before.log)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    before = item.stash[BEFORE]
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(before.log)
    left = [*leaked_threads(before), *leaked_children(before)]
    names = getattr(item, "fixturenames", ())
    if "PyQt6.QtWidgets" in sys.modules:
        of_qt = leaked_windows()
        if "qapp" in names:
            living = living_objects()
            of_qt += leaked_timers(living) + leaked_qt_threads(living)
        # The traceback of a failed test holds its widgets: put away, but no second accusation.
        left += [] if item.stash.get(FAILED, False) else of_qt
    if "caplog" not in names:  # a test that asks for the log looks at it itself
        left += [
            f"log record {record.levelname} {record.getMessage()!r}"
            for record in before.log.records
        ]
    if left:
        pytest.fail("left behind: " + "; ".join(left), pytrace=False)
    return result


def leaked_threads(before: Before) -> list[str]:
    def new() -> list[threading.Thread]:
        # A dummy stands for a foreign thread (Qt's) that once ran Python; Qt's own are asked below.
        return [
            thread
            for thread in threading.enumerate()
            if thread not in before.threads and not isinstance(thread, threading._DummyThread)
        ]

    return [f"thread {thread.name!r}" for thread in settle(new)]


def leaked_children(before: Before) -> list[str]:
    found = []
    for pid in settle(lambda: sorted(children() - before.children)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            words = "ended but never waited for"
            if process.status() != psutil.STATUS_ZOMBIE:
                words = " ".join(process.cmdline())[:100]
                process.kill()
            found.append(f"process {pid} ({words})")
    return found


def children() -> set[int]:
    """Process ids of our children, without multiprocessing's tracker, which lives as long as we."""
    try:
        tasks = Path("/proc/self/task").iterdir()
        found = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
    except OSError:
        found = {process.pid for process in psutil.Process().children()}
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    return found - {getattr(getattr(tracker, "_resource_tracker", None), "_pid", None)}


def leaked_windows() -> list[str]:
    from PyQt6 import sip
    from PyQt6.QtCore import QCoreApplication, QEvent
    from PyQt6.QtWidgets import QApplication

    if not isinstance(QApplication.instance(), QApplication):
        return []
    # deleteLater waits for an event loop, and between tests there is none
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if QApplication.topLevelWidgets():
        # PyQt lets go of a lambda slot in a queued call after its sender is gone, and widgets in
        # reference cycles are gone, only not yet collected.
        QCoreApplication.processEvents()
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if QApplication.topLevelWidgets():
        gc.unfreeze()  # it may be older than this test, a fixture of a module
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    found = []
    for widget in QApplication.topLevelWidgets():
        if sip.isdeleted(widget):  # closing one may delete another
            continue
        found.append(f"window {type(widget).__name__} {widget.windowTitle()!r}")
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return found


def leaked_timers(living: Sequence[Any]) -> list[str]:
    from PyQt6.QtCore import QAbstractAnimation, QCoreApplication, QTimer

    app = QCoreApplication.instance()
    timers = {thing for thing in living if isinstance(thing, QTimer)}
    found = []
    for timer in timers | set(app.findChildren(QTimer) if app else []):
        if timer.isActive():
            found.append(f"timer {timer.objectName()!r} every {timer.interval()} ms")
            timer.stop()
    for animation in living:
        if not isinstance(animation, QAbstractAnimation):
            continue
        if animation.state() != QAbstractAnimation.State.Stopped:
            found.append(f"animation {type(animation).__name__}")
            animation.stop()
    return found


def leaked_qt_threads(living: Sequence[Any]) -> list[str]:
    from PyQt6.QtCore import QCoreApplication, QThread, QThreadPool

    app = QCoreApplication.instance()
    own = {QThread.currentThread(), app.thread() if app else None}
    threads = [thing for thing in living if isinstance(thing, QThread) and thing not in own]
    pool = QThreadPool.globalInstance()
    if pool is not None and not pool.waitForDone(int(GRACE_S * 1000)):
        return [f"{pool.activeThreadCount()} tasks in Qt's thread pool"]
    left = settle(lambda: [thread for thread in threads if thread.isRunning()])
    return [f"Qt thread {thread.objectName()!r}" for thread in left]


def living_objects() -> list[Any]:
    """All of Qt's objects that Python knows and Qt has not deleted.

    One walk over what was made since the last time there was much of it: reports of tests alone
    would make every walk longer than the one before. Older ones of Qt's are remembered.
    """
    from PyQt6 import sip

    every = gc.get_objects()
    much = len(every) > MUCH
    if much:
        del every
        gc.collect()
        every = gc.get_objects()
    found = _of_qt(every) + [thing for ref in OLDER if (thing := ref()) is not None]
    if much:
        gc.freeze()
        OLDER[:] = map(weakref.ref, found)
    return [thing for thing in found if not sip.isdeleted(thing)]


def _of_qt(things: Sequence[Any]) -> list[Any]:
    from PyQt6.QtCore import QObject

    kinds = {kind for kind in set(map(type, things)) if issubclass(kind, QObject)}
    return [thing for thing in things if type(thing) in kinds]


def settle(look: Callable[[], list[T]]) -> list[T]:
    """What `look` finds once it finds nothing or the grace is over."""
    end = time.monotonic() + GRACE_S
    while (found := look()) and time.monotonic() < end:
        time.sleep(0.01)
    return found
