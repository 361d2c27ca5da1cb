"""Whose a plain key is: the transport's, or that of the control somebody walked to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import Selection
from mmviz.state.workspaces import NAMED
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, wherever the focus is."""
    focus = QApplication.focusWidget() or QApplication.activeWindow()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)
    QApplication.processEvents()


def choose_by_mouse(qtbot: QtBot, button: QWidget, row: int) -> None:
    """Open a menu or a list with the mouse and take an entry of it."""
    if isinstance(button, QComboBox):
        qtbot.mouseClick(button, LEFT)
        view = button.view()
        assert view is not None
        qtbot.waitUntil(view.isVisible)
        port, model = view.viewport(), button.model()
        assert model is not None

        def taken() -> bool:  # soon after the press that opened it a press is no choice
            if view.isVisible():
                at = view.visualRect(model.index(row, 0)).center()
                qtbot.mouseClick(port, LEFT, pos=at)
            return not view.isVisible()

        qtbot.waitUntil(taken)
    else:
        assert isinstance(button, QToolButton)
        menu = button.menu()
        assert menu is not None

        def take() -> None:
            action = [entry for entry in menu.actions() if entry.data()][row]
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
            menu.close()  # or a miss would wait for ever

        QTimer.singleShot(0, take)
        qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not open_popups())
    button.window().activateWindow()  # as every system does once a popup is gone
    qtbot.waitUntil(button.window().isActiveWindow)


def open_popups() -> list[QWidget]:
    return [part for part in QApplication.topLevelWidgets() if part.isVisible() and _pops(part)]


def _pops(part: QWidget) -> bool:
    return part.windowType() == Qt.WindowType.Popup


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
@pytest.mark.parametrize("name", ["preset", "dtype", "device"])
def test_after_a_choice_by_mouse_space_plays(
    qtbot: QtBot, open_on: Open, workspace: str, name: str
) -> None:
    controller = open_on("alexnet")
    window = controller.window
    window.go_to(workspace)
    choose_by_mouse(qtbot, getattr(window.top, name), 0)
    controller.set_playback(Playback())
    reopened: list[bool] = []
    guard = QTimer(window)  # a menu that is open again would wait for ever
    guard.timeout.connect(lambda: reopened.extend(part.close() for part in open_popups()))
    guard.start(100)
    press(Qt.Key.Key_Space)
    guard.stop()
    assert not reopened
    assert not open_popups()
    assert controller.playback.playing
    press(Qt.Key.Key_Space)
    assert not controller.playback.playing


def clickable(window: MainWindow) -> list[QWidget]:
    """Whatever takes the focus when it is clicked, and where nobody types."""
    focusing = Qt.FocusPolicy.ClickFocus
    return [
        part
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and part.window() is window
        and not part.visibleRegion().isEmpty()
        and part.focusPolicy() & focusing == focusing
        and not part.inherits("QAbstractSpinBox")
        and not part.inherits("QLineEdit")
        and not (isinstance(part, QComboBox) and part.isEditable())
    ]


@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)])
def test_whatever_was_clicked_the_arrows_step_in_time(open_on: Open, size: tuple[int, int]) -> None:
    controller = open_on("alexnet", size=size)
    found = clickable(controller.window)
    assert len(found) > 6
    for part in found:
        if not part.isEnabled() or not part.isVisible():
            continue
        controller.set_playback(Playback(position=0.6))
        part.setFocus(Qt.FocusReason.MouseFocusReason)
        press(Qt.Key.Key_Right)
        assert controller.playback.position > 0.6, (part, part.accessibleName())
        press(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        assert controller.playback.position < 0.6, (part, part.accessibleName())
    assert controller.derived.session.product == 0


def test_a_control_that_was_walked_to_keeps_its_keys(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    top = controller.window.top
    tab_to(top.dtype)
    before, playback = controller.session.dtype, controller.playback
    press(Qt.Key.Key_Down)
    assert controller.session.dtype != before
    assert top.dtype.hasFocus()  # and the next arrow chooses further
    press(Qt.Key.Key_Up)
    assert controller.session.dtype == before
    tab_to(top.inference)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Space)
    assert controller.session.training
    assert controller.playback == playback
    qtbot.mouseClick(controller.window.picture, LEFT, pos=QPoint(2, 2))
    top.dtype.setFocus(Qt.FocusReason.MouseFocusReason)
    press(Qt.Key.Key_Right)
    assert controller.playback.position > playback.position


def test_where_one_types_space_and_arrows_are_text(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("mlp")
    panel, playback = controller.window.network, controller.playback
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.visualRect(
        panel.list.model().index(1, 0)).center())  # fmt: skip
    qtbot.mouseClick(panel.name, LEFT)
    panel.name.selectAll()
    for key in (Qt.Key.Key_A, Qt.Key.Key_Space, Qt.Key.Key_B, Qt.Key.Key_Left):
        press(key)
    assert panel.name.text() == "a b"
    assert panel.name.cursorPosition() == 2
    panel.units.setFocus(Qt.FocusReason.MouseFocusReason)
    units = panel.units.value()
    press(Qt.Key.Key_Up)
    assert panel.units.value() == units + 1
    assert controller.playback == playback


def test_escape_lets_go_one_after_the_other(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    window = controller.window
    controller._pick(Selection("wave", 1))
    for panel in ("parts", "since"):  # the screen of tests is smaller than the window with them
        window.docks.all[panel].close()
    window.setMinimumWidth(0)
    window.commands["full_screen"].trigger()
    qtbot.waitUntil(window.isFullScreen)
    window.notice.say("one sentence")
    batch, before = window.top.batch, controller.session.batch
    qtbot.mouseClick(batch, LEFT)
    batch.selectAll()
    qtbot.keyClicks(batch, "77")
    press(Qt.Key.Key_Escape)  # what was typed does not count
    assert batch.value() == before == controller.session.batch
    assert window.picture.hasFocus()
    assert window.notice.isVisible()
    press(Qt.Key.Key_Escape)
    assert not window.notice.isVisible()
    assert controller.session.selection is not None
    press(Qt.Key.Key_Escape)
    assert controller.session.selection is None
    assert window.isFullScreen()
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())


def test_escape_closes_a_menu_and_nothing_else(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    window = controller.window
    controller._pick(Selection("wave", 1))
    dock = window.docks.all["network"]
    dock.bar.open_menu(dock.mapToGlobal(QPoint(0, 0)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not open_popups())
    assert controller.session.selection is not None
    window.device_editor.open()
    qtbot.waitUntil(window.device_editor.isVisible)
    qtbot.keyClick(window.device_editor, Qt.Key.Key_Escape)
    assert not window.device_editor.isVisible()
    assert controller.session.selection is not None


def test_f11_fills_the_screen_and_gives_it_back(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet", size=(1280, 720)).window
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert window.commands["full_screen"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert not window.commands["full_screen"].isChecked()
    assert (window.width(), window.height()) == (1280, 720)
