"""The page about this computer, as a person opens it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmviz.bench.kernels import FORCED
from mmviz.errors import BenchError
from mmviz.text import N_
from mmviz.ui.help.computer import COPY, LOOKING
from mmviz.ui.help.window import COMPUTER, HelpWindow
from mmviz.ui.shell import help_control
from mmviz.ui.shell.controller import Controller
from mmviz.words.finding import Examined

Open = Callable[..., Controller]


@pytest.fixture(autouse=True)
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody forces kernels: else they are timed, which takes seconds."""
    monkeypatch.delenv(FORCED, raising=False)


def opened(controller: Controller) -> HelpWindow:
    controller.window.commands["computer"].trigger()
    (found,) = controller.window.findChildren(HelpWindow)
    assert found.tabs.currentIndex() == COMPUTER
    return found


def clipboard() -> str:
    found = QGuiApplication.clipboard()
    assert found is not None
    return found.text()


def test_it_looks_beside_the_window_and_says_what_is_missing(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("alexnet")
    controller.survey()
    asked = opened(controller)
    page = asked.computer.page
    assert LOOKING in page.toPlainText()
    qtbot.waitUntil(lambda: "mmviz calibrate" in page.toPlainText(), timeout=30_000)
    assert "NumPy" in page.toPlainText()
    assert not asked.search.isEnabled()
    asked.computer.copy.click()
    assert clipboard().startswith("This computer\n  processor: ")
    assert "\n      mmviz calibrate\n" in clipboard()


def test_a_command_is_copied_by_its_link(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("alexnet")
    controller.survey()
    looks: list[Examined] = []
    examine = help_control.examine

    def look(**how: Any) -> Examined:
        looks.append(examine(**how))
        return looks[-1]

    monkeypatch.setattr(help_control, "examine", look)
    asked = opened(controller)
    page = asked.computer.page
    qtbot.waitUntil(lambda: "mmviz calibrate" in page.toPlainText(), timeout=30_000)
    page.setFocus()
    while COPY not in page.textCursor().charFormat().anchorHref():
        QTest.keyClick(page, Qt.Key.Key_Tab)
    QTest.keyClick(page, Qt.Key.Key_Return)
    assert clipboard() in page.toPlainText()
    assert clipboard() in controller.window.notice.text.text()
    page.anchorClicked.emit(QUrl("copy:nothing"))  # a link of no command
    asked.computer.again.click()
    assert LOOKING in page.toPlainText()
    qtbot.waitUntil(lambda: "mmviz calibrate" in page.toPlainText(), timeout=30_000)
    assert len(looks) == 2


def test_why_it_could_not_look(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("alexnet")
    controller.survey()

    def fail(**_: object) -> Examined:
        raise BenchError(N_("the timing process could not be started: {why}"), why="no memory")

    monkeypatch.setattr(help_control, "examine", fail)
    page = opened(controller).computer.page
    qtbot.waitUntil(lambda: "could not be started: no memory" in page.toPlainText())
