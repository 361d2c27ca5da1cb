"""One monkey's life: windows that open and close, and an action whenever the loop is free."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import json
import os
import random
import resource
import threading
import time
from pathlib import Path

from monkey_eyes import Eyes
from monkey_hands import Hands
from monkey_paths import Paths
from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
from PyQt6.QtWidgets import QApplication

from mmviz.ui.shell.controller import Controller
from mmviz.ui.start import app

PAUSE_MS = 1  # between two actions
DIARY = "diary.txt"
ASKS_S = 0.3  # an action that lasts longer, with a dialog up, waits for an answer to it
QUIET_S = 20.0  # what was started has so long to end, once all is closed


class Life:
    """Opens a window, acts on it, opens the next one where it was closed."""

    def __init__(self, seed: int, actions: int) -> None:
        self.actions = actions
        self.eyes = Eyes(Path.cwd() / DIARY)
        self.windows = 0
        self.controller: Controller | None = None
        self.hands = Hands(random.Random(seed), Paths(Path.cwd() / "files"), self.eyes)
        self._acting = False
        self._begun = 0.0

    def begin(self) -> None:
        self.hands.paths.make()
        self.eyes.open()
        self._soon()

    def open(self) -> None:
        """A window as the user left it."""
        self.windows += 1
        with contextlib.suppress(OSError):
            os.truncate(self.hands.paths.target, 0)
        self.controller = app.start(None, None, self.hands.words)
        self.hands.hold(self.controller)

    def step(self) -> None:
        """One action; another follows, within a dialog of its own too."""
        if self.eyes.done >= self.actions:
            self._end()
            return
        self._soon()
        waiting = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if self._acting and (waiting is None or time.monotonic() - self._begun < ASKS_S):
            return
        closed = self.controller is None or not self.controller.window.isVisible()
        if self._acting and closed and waiting is not None:
            waiting.close()  # of a window that is gone, and can be put away once this has ended
            return
        before, self._acting, self._begun = self._acting, True, time.monotonic()
        try:
            if closed:
                self._forget()
                self.open()
            self.hands.act()
            self.eyes.done += 1
        except Exception as error:
            self.eyes.exception(type(error), error, error.__traceback__)
        finally:
            self._acting = before

    def _soon(self) -> None:
        QTimer.singleShot(PAUSE_MS, self.step)

    def _end(self) -> None:
        waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if waiting is not None or self._acting:
            if waiting is not None:
                waiting.close()
            self._soon()
            return
        self._forget()
        QCoreApplication.exit(0)

    def _forget(self) -> None:
        """The window that was closed, and all that belonged to it."""
        if self.controller is not None:
            window = self.controller.window
            self.hands.hold(None)
            window.close()
            window.deleteLater()
            self.controller = None
            del window
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def live(seed: int, actions: int, report: Path, memory: int) -> int:
    """The monkey of that seed; what it found is written to `report`."""
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    application = app.application()
    application.setQuitOnLastWindowClosed(False)
    life = Life(seed, actions)
    before = set(threading.enumerate()) | {life.eyes._watch}
    life.begin()
    application.exec()
    life.eyes.close()
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for left in left_over(before):
        life.eyes.fault(left)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {
        "faults": life.eyes.faults,
        "blocks": life.eyes.blocks,
        "done": life.eyes.done,
        "windows": life.windows,
        "peak_mb": peak,
    }
    report.write_text(json.dumps(found))
    return 0


def left_over(before: set[threading.Thread]) -> list[str]:
    """Windows and threads that outlive the last window."""
    end = time.monotonic() + QUIET_S
    while True:
        QCoreApplication.processEvents()
        threads = [
            thread
            for thread in threading.enumerate()
            if thread not in before and not isinstance(thread, threading._DummyThread)
        ]
        if not threads or time.monotonic() > end:
            break
        time.sleep(0.05)
    windows = [type(window).__name__ for window in QApplication.topLevelWidgets()]
    return [f"thread {thread.name!r} left" for thread in threads] + [
        f"window {name} left" for name in windows
    ]
