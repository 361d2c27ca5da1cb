"""All the ways in which somebody else ends the window: each saves as closing it does."""

from __future__ import annotations

import signal
import types
from collections.abc import Callable

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # as far as the system has them
_AWAKE_MS = 200


def heed_signals(app: QApplication) -> None:
    """Close the window, and whatever dialog is open, when the process is asked to end."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Who started it with nohup wants it to outlive the terminal.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leaving(app))
    # Python sees a signal only while Python code runs; an empty timer lets it.
    awake = QTimer(app)
    awake.timeout.connect(lambda: None)
    awake.start(_AWAKE_MS)


def save_when_told(app: QApplication, save: Callable[[], None], finish: Callable[[], None]) -> None:
    """`save` before somebody logs out, while the window is there still; `finish` at the end."""
    app.commitDataRequest.connect(lambda _: save())
    app.aboutToQuit.connect(finish)


def _leaving(app: QApplication) -> Callable[[int, types.FrameType | None], None]:
    def leave() -> None:
        app.closeAllWindows()
        app.quit()  # a dialog of the system's may be open, which is no window of ours

    # It may come in the middle of a painting, so that windows are closed from the event loop.
    return lambda *_: QTimer.singleShot(0, leave)
