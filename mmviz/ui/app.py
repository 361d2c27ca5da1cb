"""The application: QApplication, the window, its controller."""

from __future__ import annotations

import functools
import signal
import sys
import traceback
from types import TracebackType

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from mmviz.files.assets import asset
from mmviz.files.networks import NetworkFile
from mmviz.state.session import Session, open_file
from mmviz.ui.controller import Controller
from mmviz.ui.dialogs import Dialogs
from mmviz.ui.main_window import MainWindow
from mmviz.ui.theme import DARK, LIGHT, THEMES, Theme


def application() -> QApplication:
    """The QApplication of this process, made where there is none yet."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(["mmviz"])
    made.setApplicationName("mmviz")
    made.setStyle("Fusion")  # the one style that looks the same everywhere under a style sheet
    made.setWindowIcon(QIcon(str(asset("icons", "mmviz.svg"))))
    return made


def build(session: Session, theme: Theme) -> Controller:
    """A window on `session`, wired and not yet shown."""
    controller = Controller(MainWindow(theme), session)
    Dialogs(controller)
    return controller


def open_window(file: NetworkFile, theme: str | None) -> int:
    """Show the window on `file` and stay until it is closed; returns the exit code.

    Without a theme it is the system's: dark or light.
    """
    app = application()
    controller = build(open_file(file), THEMES[theme] if theme else _system_theme(app))
    window = controller.window
    sys.excepthook = functools.partial(_survive, window)
    screen = window.screen()
    if screen is not None:
        room = screen.availableGeometry()
        window.resize(min(1680, room.width()), min(1050, room.height()))
    window.show()
    window.settle()
    # Python sees Ctrl+C only while Python code runs; an empty timer lets it.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    awake = QTimer(window)
    awake.timeout.connect(lambda: None)
    awake.start(200)
    return app.exec()


def _survive(
    window: MainWindow,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """An error nobody foresaw: Qt would abort the process, but the session is worth more."""
    traceback.print_exception(kind, error, trace)
    window.notice.say(f"an error in mmviz itself: {kind.__name__}: {error}; your work is untouched")


def _system_theme(app: QApplication) -> Theme:
    hints = app.styleHints()
    light = hints is not None and "Light" in str(hints.colorScheme())
    return LIGHT if light else DARK
