"""A message lies over the window, beside what it is about, for as long as it takes to read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QEnterEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QListView,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mmviz.state.workspaces import NAMED
from mmviz.text import own
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
LONG = " ".join(["a sentence of many words"] * 30)
ENDLESS = " ".join(["a sentence of many words"] * 400)


def places(window: MainWindow) -> dict[str, QRect]:
    """Where everything stands that is not the message."""
    QApplication.processEvents()
    found = {name: dock.geometry() for name, dock in window.docks.all.items()}
    return {**found, "top": window.top.geometry(), "centre": window.centre.geometry()}


def within(inner: QWidget, outer: QWidget) -> bool:
    corner = inner.mapTo(outer, QPoint(0, 0))
    return outer.rect().contains(QRect(corner, inner.size()))


@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1680, 1050)])
@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
@pytest.mark.parametrize("text", ["one sentence", LONG, ENDLESS, "x" * 600, "كتب الملف " * 40])
def test_it_moves_nothing_and_is_seen_whole(
    open_on: Open, size: tuple[int, int], workspace: str, text: str
) -> None:
    window = open_on("alexnet", size=size).window
    window.go_to(workspace)
    before, notice = places(window), window.notice
    notice.say(own(text), folder="/")
    assert places(window) == before
    assert within(notice, window)
    assert notice.geometry().top() > window.top.geometry().bottom()
    for part in (notice.text, *notice.findChildren(QToolButton)):
        assert within(part, notice)
        middle = part.mapTo(window, part.rect().center())
        assert window.childAt(middle) is part  # nothing lies over it
    needed = notice.text.heightForWidth(notice.text.width())
    assert notice.text.height() >= needed
    assert notice.text.sizeHint().height() <= notice.text.height()
    metrics = notice.text.fontMetrics()
    room = QRect(0, 0, notice.text.width(), 10_000)
    shown = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, QLabel.text(notice.text))
    assert shown.width() <= notice.text.width()
    assert text in (notice.text.text(), notice.text.accessibleDescription())
    window.resize(size[0] + 100, size[1])
    QApplication.processEvents()
    assert within(notice, window)
    notice.say("")
    assert notice.isHidden()


def used(window: MainWindow) -> dict[str, QRect]:
    """Buttons, fields and lists in sight, and where they stand."""
    kinds = QAbstractButton, QAbstractSpinBox, QComboBox, QSlider, QListView
    parts: list[QWidget] = window.findChildren(kinds)
    return {
        f"{part.accessibleName()} {part!r}": QRect(part.mapTo(window, QPoint()), part.size())
        for part in parts
        if part.isVisible()
        and not part.visibleRegion().isEmpty()
        and part.window() is window
        and not window.notice.isAncestorOf(part)
    }


def hidden(window: MainWindow) -> list[str]:
    """What of it lies below the message."""
    message = window.notice.geometry()
    return [part for part, box in used(window).items() if box.intersects(message)]


@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1680, 1050)])
@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
def test_it_hides_no_control(open_on: Open, size: tuple[int, int], workspace: str) -> None:
    window = open_on("alexnet", size=size).window
    window.go_to(workspace)
    QApplication.processEvents()
    window.notice.say("sessions of 2 other windows, one, are kept: in the menu, below Save")
    assert not hidden(window)


def test_nor_in_a_workspace_that_is_gone_to_while_it_is_read(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet", size=(1280, 720)).window
    for workspace in ("recording", "clock", "learn", "picture"):
        window.notice.say("sessions of 2 other windows, one, are kept: in the menu, below Save")
        window.go_to(workspace)
        qtbot.waitUntil(lambda: not hidden(window))


def test_in_large_type_it_is_whole_still(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet").window
    notice = window.notice
    for large in (True, False):
        notice.say(own(LONG))
        window.set_large(large)

        def whole() -> bool:
            label = notice.text
            return label.heightForWidth(label.width()) <= label.height() and within(label, notice)

        qtbot.waitUntil(whole)
        assert notice.text.text() == LONG


def test_it_goes_by_itself_the_later_the_more_there_is_to_read(qtbot: QtBot, open_on: Open) -> None:
    notice = open_on("alexnet").window.notice
    notice.say("short")
    short = notice.timer.interval()
    assert notice.timer.isActive()
    notice.say(own(LONG))
    long = notice.timer.interval()
    notice.say(own(LONG), error=True)
    assert short < long < notice.timer.interval()
    notice.say("short", unhurried=True)
    assert short < notice.timer.interval()
    notice.timer.setInterval(1)
    qtbot.waitUntil(notice.isHidden)
    assert not notice.timer.isActive()


def test_no_time_passes_while_somebody_reads_it(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet").window
    notice = window.notice
    notice.say("one sentence", folder="/")
    middle = QPointF(notice.rect().center())
    notice.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)  # as a real pointer makes it
    QApplication.sendEvent(notice, QEnterEvent(middle, middle, middle))
    assert not notice.timer.isActive()
    notice.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(notice, QEvent(QEvent.Type.Leave))
    assert notice.timer.isActive()
    notice.folder.setFocus(Qt.FocusReason.TabFocusReason)
    assert not notice.timer.isActive()
    QTest.keyClick(notice.folder, Qt.Key.Key_Escape)
    assert notice.isHidden()
    assert window.picture.hasFocus()  # not some control after it
    notice.say("one sentence")
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    assert not notice.timer.isActive()  # nobody is there to read it
    window.activateWindow()
    qtbot.waitUntil(notice.timer.isActive)


@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)])
def test_what_a_field_refuses_is_said_beside_it(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    window = open_on("llama-7b-ffn", size=size).window
    notice = window.notice
    for field, typed in ((window.network.units, "22017"), (window.top.batch, "none")):
        notice.say("")
        qtbot.mouseClick(field, LEFT)
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert notice.isVisible()
        corner = field.mapTo(window, QPoint(0, 0))
        beside = QRect(corner, field.size()).adjusted(-8, -8, 8, 8)
        assert notice.geometry().intersects(beside)
        assert not notice.geometry().intersects(QRect(corner, field.size()))
        assert within(notice, window)


def test_leaving_a_field_says_beside_it_what_it_refuses(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("llama-7b-ffn").window
    field = window.network.units
    qtbot.mouseClick(field, LEFT)
    field.selectAll()
    qtbot.keyClicks(field, "22017")
    window.picture.setFocus(Qt.FocusReason.MouseFocusReason)
    corner = field.mapTo(window, QPoint(0, 0))
    around = QRect(corner, field.size()).adjusted(-8, -8, 8, 8)
    assert window.notice.geometry().intersects(around)


def test_a_field_in_a_panel_outside_has_its_message_there(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("llama-7b-ffn").window
    dock, field = window.docks.all["network"], window.network.units
    dock.setFloating(True)
    dock.resize(400, 600)
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "22017")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.notice.window() is dock
    assert within(window.notice, dock)
    dock.setFloating(False)
    window.notice.say("one sentence")
    assert window.notice.window() is window
    assert window.notice.isVisible()


def test_it_says_where_a_file_went_and_shows_the_folder(
    open_on: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_on("mlp").window
    path, opened = tmp_path / "mine.toml", []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.commands["save"].trigger()
    assert path.exists()
    assert str(path) in window.notice.text.text()

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return len(opened) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    assert window.notice.folder.text() == "Show in folder"
    qtbot.mouseClick(window.notice.folder, LEFT)
    assert opened == [str(tmp_path)]
    qtbot.mouseClick(window.notice.folder, LEFT)
    assert window.notice.text.text() == f"no program here shows folders; it is {tmp_path}"
    assert not window.notice.folder.isVisible()


def test_it_leaves_room_for_what_is_worked_out(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("mlp").window
    window.working.show_work(True)
    qtbot.waitUntil(window.working.isVisible)
    window.notice.say("one sentence")
    assert not window.notice.geometry().intersects(window.working.geometry())
    window.working.show_work(False)
    at = window.notice.pos()
    QApplication.processEvents()
    assert window.notice.pos() == at  # nothing moves while it is read


@pytest.mark.parametrize("size", [(1024, 560), (1680, 1050)])
def test_it_makes_room_for_what_begins_later(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    window = open_on("mlp", size=size).window
    window.notice.say(own(LONG), folder="/")
    window.working.show_work(True)
    qtbot.waitUntil(window.working.isVisible)
    window.working.show_done(1, 2)
    QApplication.processEvents()
    assert not window.notice.geometry().intersects(window.working.geometry())
    window.resize(size[0] + 90, size[1] + 20)
    QApplication.processEvents()
    assert not window.notice.geometry().intersects(window.working.geometry())
    window.working.show_work(False)
