"""A real window on a preset, closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mmviz.core.recording.recording import Recording
from mmviz.files import networks
from mmviz.state.session import Session, open_file
from mmviz.words.speech import ENGLISH, Words

if TYPE_CHECKING:  # this file is read also where Qt cannot be loaded
    from PyQt6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from mmviz.ui.look.theme import Theme
    from mmviz.ui.shell.controller import Controller


def settled(qtbot: QtBot, controller: Controller) -> None:
    """Wait until what goes on beside the window is shown: a file that is read, what is derived."""
    qtbot.waitUntil(lambda: not (controller.errand.working or controller.working))


def tab_to(widget: QWidget) -> None:
    """Walk to a control of the window in front by Tab, which leaves it the plain keys."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QApplication

    for _ in range(400):
        focus = QApplication.focusWidget() or widget.window()
        if focus is widget:
            return
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes to {widget.accessibleName() or widget!r}")


def tab_stops() -> Iterator[QWidget]:
    """Where Tab goes by pressing it, from where the focus is, once around."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QApplication

    stops: list[QWidget] = []
    while True:
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in stops:
            assert focus is stops[0], f"{focus!r} {focus.accessibleName()} keeps Tab"
            return
        stops.append(focus)
        yield focus
        focus.setFocus(Qt.FocusReason.TabFocusReason)  # whoever asks may have looked without it
        QTest.keyClick(focus, Qt.Key.Key_Tab)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is painted from now on."""
    from PyQt6.QtGui import QPainter

    texts: list[str] = []
    draw = QPainter.drawText

    def listen(painter: QPainter, *arguments: Any) -> object:
        texts.extend(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    monkeypatch.setattr(QPainter, "drawText", listen)
    return texts


@pytest.fixture
def open_on(qtbot: QtBot) -> Iterator[Callable[..., Controller]]:
    """Call it with a preset's id or a Session: gives the controller of a shown window.

    tables: `docked`, `workspaces`, as `build` takes them.
    """
    from mmviz.ui.look.theme import DARK
    from mmviz.ui.start.app import application, build

    opened: list[Controller] = []

    def call(
        what: str | Session,
        theme: Theme | None = None,
        size: tuple[int, int] = (1400, 900),
        **tables: Any,
    ) -> Controller:
        application()
        session = open_file(networks.read_preset(what)) if isinstance(what, str) else what
        controller = build(session, theme or DARK, **tables)
        opened.append(controller)
        window = controller.window
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        window.settle()
        window.activateWindow()  # shortcuts go to the active window
        qtbot.waitUntil(window.isActiveWindow)
        return controller

    yield call
    while opened:  # no reference to a window may outlive the test
        opened.pop().window.close()
    del call


@pytest.fixture
def start_up(qtbot: QtBot) -> Iterator[Callable[..., Controller]]:
    """`start` as the command does, on a NETWORK, a recording or the last session; closed, and so
    saved, at the end.
    """
    from mmviz.ui.look import fonts
    from mmviz.ui.start.app import start

    started: list[Controller] = []

    def call(
        what: str | Recording | None = None, theme: str | None = None, words: Words = ENGLISH
    ) -> Controller:
        controller = start(networks.find(what) if isinstance(what, str) else what, theme, words)
        started.append(controller)
        qtbot.addWidget(controller.window)
        return controller

    yield call
    while started:
        started.pop().window.close()
    fonts.set_large(False)
