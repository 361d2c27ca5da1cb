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
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

GRACE_S = 2.0  # what is just ending may end
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
            of_qt += leaked_timers() + leaked_qt_threads()
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
    found = []
    for widget in QApplication.topLevelWidgets():
        if sip.isdeleted(widget):  # closing one may delete another
            continue
        found.append(f"window {type(widget).__name__} {widget.windowTitle()!r}")
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return found


def leaked_timers() -> list[str]:
    from PyQt6.QtCore import QAbstractAnimation, QCoreApplication, QObject, QTimer

    app = QCoreApplication.instance()
    objects = list(living(QObject))
    timers = {thing for thing in objects if isinstance(thing, QTimer)}
    found = []
    for timer in timers | set(app.findChildren(QTimer) if app else []):
        if timer.isActive():
            found.append(f"timer {timer.objectName()!r} every {timer.interval()} ms")
            timer.stop()
    for animation in objects:
        if not isinstance(animation, QAbstractAnimation):
            continue
        if animation.state() != QAbstractAnimation.State.Stopped:
            found.append(f"animation {type(animation).__name__}")
            animation.stop()
    return found


def leaked_qt_threads() -> list[str]:
    from PyQt6.QtCore import QCoreApplication, QThread, QThreadPool

    app = QCoreApplication.instance()
    own = {QThread.currentThread(), app.thread() if app else None}
    threads = [thread for thread in living(QThread) if thread not in own]
    pool = QThreadPool.globalInstance()
    if pool is not None and not pool.waitForDone(int(GRACE_S * 1000)):
        return [f"{pool.activeThreadCount()} tasks in Qt's thread pool"]
    left = settle(lambda: [thread for thread in threads if thread.isRunning()])
    return [f"Qt thread {thread.objectName()!r}" for thread in left]


def living(kind: type[Any]) -> Iterator[Any]:
    """All objects of the Qt class `kind` that Python knows and Qt has not deleted."""
    from PyQt6 import sip

    for thing in gc.get_objects():
        if issubclass(type(thing), kind) and not sip.isdeleted(thing):
            yield thing


def settle(look: Callable[[], list[T]]) -> list[T]:
    """What `look` finds once it finds nothing or the grace is over."""
    end = time.monotonic() + GRACE_S
    while (found := look()) and time.monotonic() < end:
        time.sleep(0.01)
    return found
