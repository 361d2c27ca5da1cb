"""What the monkey sees: exceptions, messages, and how long the event loop stood still."""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from PyQt6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler

BLOCK_S = 0.25
BEAT_MS = 20
KEPT = 8  # actions that are told with a fault
MOST_FAULTS = 40
PLATFORM = "This plugin does not support "  # what the offscreen platform says of itself


class Eyes(logging.Handler):
    """Sees all that goes wrong in this process from `open` on."""

    def __init__(self, diary: Path) -> None:
        super().__init__(logging.WARNING)
        self._diary = diary.open("w", encoding="utf-8", errors="replace")
        self.faults: list[dict[str, Any]] = []
        self.blocks: list[dict[str, Any]] = []
        self.latest: deque[str] = deque(maxlen=KEPT)
        self.done = 0
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._look)
        self._last = self._own = 0.0
        self._stack = ""
        self._over = threading.Event()
        self._main = threading.get_ident()
        self._watch = threading.Thread(target=self._watch_over, name="eyes", daemon=True)

    def open(self) -> None:
        sys.excepthook = self.exception
        threading.excepthook = lambda args: self.exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        sys.unraisablehook = lambda args: self.exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        qInstallMessageHandler(self._message)
        logging.getLogger().addHandler(self)
        warnings.showwarning = lambda message, kind, file, line, *_: self.fault(
            f"{kind.__name__}: {message}", f"{file}:{line}"
        )
        self._last, self._own = time.monotonic(), time.thread_time()
        self._beat.start()
        self._watch.start()

    def close(self) -> None:
        self._look()
        self._beat.stop()
        self._over.set()
        self._watch.join()
        self._diary.close()
        qInstallMessageHandler(None)

    def tell(self, action: str) -> None:
        """What is being done; on disk too, should this process not live to say it."""
        self.latest[-1] = action
        self._diary.write(f"{self.done}: {action}\n")
        self._diary.flush()

    def fault(self, what: str, where: str = "") -> None:
        """Something that must not be; the same one is told once, and counted."""
        for known in self.faults:
            if (known["what"], known["where"]) == (what, where):
                known["times"] += 1
                return
        if len(self.faults) < MOST_FAULTS:
            after = [f"{self.done}: {action}" for action in self.latest]
            self.faults.append({"what": what, "where": where, "after": after, "times": 1})

    def exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        lines = traceback.format_exception(kind, error, trace)
        said = "".join(traceback.format_exception_only(kind, error)).strip()
        self.fault(said[:300], "".join(lines[-14:]))

    def emit(self, record: logging.LogRecord) -> None:
        self.fault(f"log {record.levelname}: {record.getMessage()}")

    def _message(self, kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
        if text and not text.startswith(PLATFORM):
            here = "".join(traceback.format_stack(limit=8)[:-1])
            self.fault(f"Qt {kind.name}: {text}", here)

    def _look(self) -> None:
        now, own = time.monotonic(), time.thread_time()
        if now - self._last > BLOCK_S:
            self.blocks.append(
                {
                    "ms": 1e3 * (now - self._last),
                    "own_ms": 1e3 * (own - self._own),
                    "after": self.latest[-1] if self.latest else "start",
                    "where": self._stack,
                }
            )
        self._last, self._own, self._stack = now, own, ""

    def _watch_over(self) -> None:
        """Where the main thread is while it does not beat, seen from beside it."""
        while not self._over.wait(BEAT_MS / 1e3):
            if time.monotonic() - self._last > BLOCK_S and not self._stack:
                frame = sys._current_frames().get(self._main)
                self._stack = _places(frame)


def _places(frame: FrameType | None) -> str:
    """The innermost functions of mmviz, inmost first."""
    found = []
    while frame is not None and len(found) < 4:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("mmviz."):
            found.append(f"{module.removeprefix('mmviz.')}.{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(found) or "Qt itself"
