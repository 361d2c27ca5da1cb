"""The application: QApplication, the window, its controller."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import cast

import msgspec
from PyQt6.QtCore import QByteArray, QRect, QTimer
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from mmviz.errors import InputError, cause_of
from mmviz.files.assets import asset
from mmviz.files.networks import NetworkFile, find
from mmviz.files.settings import ThemeChoice
from mmviz.state import settings as state
from mmviz.state.session import Session, open_file
from mmviz.state.settings import Settings
from mmviz.state.workspaces import WORKSPACES, Workspace
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.first_size import first_size
from mmviz.ui.look.style import system_theme
from mmviz.ui.look.theme import THEMES, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.device_control import DeviceControl
from mmviz.ui.shell.dialogs import Dialogs
from mmviz.ui.shell.docked import DOCKED, Docked
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.speech import ENGLISH, Words

FIRST = "alexnet"  # what a first start shows


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


def build(
    session: Session,
    theme: Theme,
    *,
    words: Words = ENGLISH,
    large: bool = False,
    still: bool = False,
    survey: bool = True,
    docked: Sequence[Docked] = DOCKED,
    workspaces: Sequence[Workspace] = WORKSPACES,
) -> Controller:
    """A window on `session`, wired and not yet shown; it knows nothing of the user's settings.

    survey False: looking for backends, which may take a second, is left to the caller.
    """
    fonts.set_large(large)
    window = MainWindow(theme, reduced_motion=still, docked=docked, workspaces=workspaces)
    controller = Controller(window, session)
    Dialogs(controller)
    DeviceControl(controller)
    if words != ENGLISH:
        controller.window.set_words(words)
    if survey:
        controller.survey()
    return controller


def start(file: NetworkFile | None, theme: str | None, words: Words = ENGLISH) -> Controller:
    """A shown window as the user left it; on `file`, else on the last session.

    Without a theme it is the one last chosen, else the system's.
    """
    application()
    settings, lost = state.load()
    session = open_file(file) if file is not None else settings.session or open_file(find(FIRST))
    choice = theme or settings.theme
    colours = system_theme() if choice == "system" else THEMES[choice]
    controller = build(
        session,
        colours,
        words=words,
        large=settings.large_type,
        still=settings.still,
        survey=False,
    )
    window = controller.window
    window.set_theme(colours, choice)
    controller.set_playback(replace(controller.playback, speed=settings.speed))
    _show(window, settings)
    window.notice.say(lost)
    window.first_painted.connect(controller.survey)
    window.closing.connect(lambda: _save(remembered(controller, settings, choice)))
    return controller


def _save(settings: Settings) -> None:
    with contextlib.suppress(InputError):
        state.save(settings)


def remembered(controller: Controller, before: Settings, choice: str) -> Settings:
    """What to restore next time; `choice`: the theme the window was opened with.

    A theme asked for on the command line counts for that window alone.
    """
    window = controller.window
    chosen = window.theme_choice if window.theme_choice != choice else before.theme
    return msgspec.structs.replace(
        before,
        theme=cast(ThemeChoice, chosen),
        large_type=fonts.scale() > 1,
        speed=controller.playback.speed,
        workspace=window.docks.workspace,
        geometry=sealed(bytes(window.saveGeometry().data())),
        layouts={name: sealed(layout) for name, layout in window.docks.all_saved().items()},
        session=controller.session,
    )


def open_window(file: NetworkFile | None, theme: str | None, words: Words) -> int:
    """Show the window as `start` does and stay until it is closed; returns the exit code."""
    app = application()
    window = start(file, theme, words).window
    sys.excepthook = functools.partial(_survive, window)
    # Python sees Ctrl+C only while Python code runs; an empty timer lets it. That may be in the
    # middle of a painting, so that the window is closed from the event loop.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, window.close))
    awake = QTimer(window)
    awake.timeout.connect(lambda: None)
    awake.start(200)
    return app.exec()


def _show(window: MainWindow, settings: Settings) -> None:
    """Where and as large as it was, with its panels where they were."""
    if not window.restoreGeometry(QByteArray(unsealed(settings.geometry))):
        screen = window.screen()
        room = QRect(0, 0, 1680, 1050) if screen is None else screen.availableGeometry()
        window.resize(first_size(window.sizeHint(), room.size()))
    window.show()
    window.settle()
    layouts = {name: unsealed(text) for name, text in settings.layouts.items()}
    window.docks.restore_all(layouts, settings.workspace)


def sealed(data: bytes) -> str:
    """Bytes of Qt's own as text, with a digest: Qt's readers crash on bytes they did not write."""
    return f"{hashlib.sha256(data).hexdigest()[:32]}:{base64.b64encode(data).decode('ascii')}"


def unsealed(text: str) -> bytes:
    """What `sealed` was given; nothing for a text that is none of its own."""
    try:
        data = base64.b64decode(text.partition(":")[2], validate=True)
    except ValueError:
        return b""
    return data if sealed(data) == text else b""


def _survive(
    window: MainWindow,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """An error nobody foresaw: Qt would abort the process, but the session is worth more."""
    traceback.print_exception(kind, error, trace)
    window.notice.say(Text(N_("{error}; your work is untouched"), error=cause_of(error)))
