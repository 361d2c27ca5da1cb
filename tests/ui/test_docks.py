"""Panels that move, hide, float and come back, in two arrangements of the same session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, QSize, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QApplication,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mmviz.state.picture.playback import Playback
from mmviz.state.workspaces import WORKSPACES
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.docks import DIRECT
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.timeline.wave_ticks import SLIDER_EDGE

Open = Callable[..., Controller]
CONTROL = Qt.KeyboardModifier.ControlModifier
Area = Qt.DockWidgetArea


def shown(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.all.items() if not dock.isHidden()}


def on_screen(widget: QWidget, x: float) -> int:
    """A place in a widget, in pixels from the left edge of its window."""
    return widget.mapTo(widget.window(), QPoint(round(x), 0)).x()


def test_a_panel_floats_and_comes_back_by_its_button(qtbot: QtBot, open_on: Open) -> None:
    dock = open_on("alexnet").window.docks.all["facts"]
    button = dock.bar.float_button
    assert button.accessibleName() == "Take peak out of the window"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert dock.isFloating()
    assert dock.isVisible()
    assert button.accessibleName() == "Put peak back into the window"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not dock.isFloating()


def test_plain_keys_mean_the_same_in_a_panel_outside_the_window(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on("two-by-two")
    dock, transport = controller.window.docks.all["time"], controller.window.transport
    dock.setFloating(True)
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    button = transport.buttons["step_on"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_End)
    assert controller.playback.position == 1.0
    transport.buttons["wave_back"].setFocus()
    qtbot.keyClick(transport.buttons["wave_back"], Qt.Key.Key_Return)
    assert controller.playback.position == 0.0
    qtbot.keyClick(button, Qt.Key.Key_2, CONTROL)
    assert controller.window.docks.workspace == "clock"


def test_the_buttons_of_a_panel_stay_at_its_edge(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet").window
    bar = window.docks.all["strip"].bar
    before = on_screen(bar.close_button, 0)
    window.strip.summary.hide()  # as a lesson does that asks for it
    bar.show_heading(False)  # as a tab above does that says it
    qtbot.waitUntil(lambda: on_screen(bar.float_button, 0) < on_screen(bar.close_button, 0))
    QTest.qWait(20)
    assert on_screen(bar.close_button, 0) == before
    window.strip.summary.show()
    QTest.qWait(20)
    assert on_screen(bar.close_button, 0) == before


def test_a_hidden_panel_gives_its_room_and_comes_back(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    dock, before = window.docks.all["facts"], window.picture.width()
    qtbot.mouseClick(dock.bar.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.picture.width() > before + 150)
    assert not dock.view_action.isChecked()
    dock.view_action.trigger()
    assert dock.isVisible()
    qtbot.waitUntil(lambda: window.picture.width() == before)


def test_a_panel_moves_by_keyboard_to_where_it_may_be(open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    dock = window.docks.all["network"]
    menu = dock.make_menu()
    words = {action.text(): action for action in menu.actions()}
    assert "Move to the top" not in words  # a column of layers is no row
    assert not words["Move to the left"].isEnabled()
    words["Move to the right"].trigger()
    assert window.dockWidgetArea(dock) == Area.RightDockWidgetArea
    window.commands["reset_layout"].trigger()
    assert window.dockWidgetArea(dock) == Area.LeftDockWidgetArea


def test_the_title_bar_has_a_menu(qtbot: QtBot, open_on: Open) -> None:
    dock = open_on("alexnet").window.docks.all["timing"]
    dock.bar.open_menu(dock.mapToGlobal(QPoint(0, 0)))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050), (3840, 2160)])
def test_no_drag_takes_the_picture_half_of_the_width(open_on: Open, size: tuple[int, int]) -> None:
    window = open_on("alexnet", size=size).window
    docks = window.docks.all
    for name in ("network", "facts"):
        window.resizeDocks([docks[name]], [5_000], Qt.Orientation.Horizontal)
    for name in ("time", "timing"):
        window.resizeDocks([docks[name]], [5_000], Qt.Orientation.Vertical)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    assert window.centre.width() >= size[0] // 2 - 10  # but for the lines between panels
    assert window.picture.height() >= 200


def test_on_a_small_screen_the_panels_at_the_sides_are_tabs(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet", size=(1280, 720)).window
    network, facts = window.docks.all["network"], window.docks.all["facts"]
    advice = window.docks.all["advice"]
    assert window.tabifiedDockWidgets(network) == [facts, advice]
    bars = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
    assert all(bar.accessibleName() for bar in bars)
    (tabs,) = (bar for bar in bars if bar.tabText(0) == "Network")
    assert window.facts.visibleRegion().isEmpty()
    assert tabs.tabText(1) == "Peak"  # under which one finds where the peak goes
    tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not window.facts.visibleRegion().isEmpty())
    window.resize(1680, 1050)
    qtbot.waitUntil(lambda: not window.tabifiedDockWidgets(network))
    assert window.dockWidgetArea(facts) == Area.RightDockWidgetArea
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.tabifiedDockWidgets(network) == [facts, advice])


def test_on_a_low_screen_time_and_timing_are_tabs_and_the_picture_keeps_half(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on("alexnet", size=(1280, 720))
    window = controller.window
    time, timing = window.docks.all["time"], window.docks.all["timing"]
    beside = [window.docks.all[name] for name in ("sweep", "layers", "parts", "since")]
    assert window.tabifiedDockWidgets(time) == [timing, *beside]
    assert window.centre.height() >= 720 // 2
    assert window.timing.visibleRegion().isEmpty()
    window.commands["run"].trigger()  # what it measures is seen
    qtbot.waitUntil(lambda: not window.timing.visibleRegion().isEmpty())
    window.commands["run"].trigger()
    qtbot.waitUntil(lambda: not controller.run.running, timeout=60_000)
    window.resize(1680, 1050)
    qtbot.waitUntil(lambda: not window.tabifiedDockWidgets(time))
    assert window.dockWidgetArea(timing) == Area.BottomDockWidgetArea


def test_panels_moved_by_hand_stay_where_they_are_put(open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    network, facts = window.docks.all["network"], window.docks.all["facts"]
    network.move_to(Area.RightDockWidgetArea)
    window.resize(1300, 720)
    QApplication.processEvents()
    assert not window.tabifiedDockWidgets(network)
    assert window.dockWidgetArea(facts) == Area.RightDockWidgetArea


def test_the_units_and_the_slider_run_over_one_axis(open_on: Open) -> None:
    window = open_on("alexnet").window
    chart, slider = window.units.chart(), window.transport.slider
    for axis, edge in (
        (chart.left(), SLIDER_EDGE),
        (chart.right(), slider.width() - SLIDER_EDGE),
    ):
        assert on_screen(window.units, axis) == pytest.approx(on_screen(slider, edge), abs=1)


def test_two_workspaces_over_one_session(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    window = controller.window
    controller.look_at(1)
    controller.set_playback(Playback(position=0.25, speed=2.0))
    before = controller.session, controller.playback
    window.docks.all["network"].close()
    picture = shown(window)
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert not window.picture.isVisible()
    there = {"network", "advice", "timing", "sweep", "layers", "parts", "since"}
    assert shown(window) == {*there, "facts"}
    QApplication.processEvents()
    together = window.timing.height() + window.sweep.height()
    assert together > window.height() // 2
    assert window.sweep.height() > window.timing.height()
    assert window.commands["clock"].isChecked()
    window.docks.all["facts"].close()
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    assert window.picture.isVisible()
    assert window.picture.hasFocus()
    assert shown(window) == picture
    qtbot.keyClick(window, Qt.Key.Key_2, CONTROL)
    assert shown(window) == there
    assert (controller.session, controller.playback) == before


def test_the_keys_of_the_transport_work_in_both(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("two-by-two")
    qtbot.keyClick(controller.window, Qt.Key.Key_2, CONTROL)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    assert controller.playback.position == 1.0


def test_there_and_back_is_the_same_layout(open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    window.docks.all["timing"].setFloating(True)
    window.docks.all["timing"].setFloating(False)
    QApplication.processEvents()
    seen = [dock for dock in window.docks.all.values() if not dock.visibleRegion().isEmpty()]
    assert len(seen) == len(window.docks.now.places) - 4  # as many lie behind live timing
    places = [dock.geometry() for dock in seen]
    window.go_to("clock")
    QApplication.processEvents()
    window.go_to("picture")
    QApplication.processEvents()
    assert [dock.geometry() for dock in seen] == places


@pytest.mark.parametrize("size", [(1024, 560), (1362, 728), (1680, 1050)])
def test_no_panel_grows_however_often_the_workspace_changes(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    window = open_on("alexnet", size=size).window
    qtbot.wait(100)  # as a user sees it first

    def sizes() -> dict[str, QSize]:
        QApplication.processEvents()
        docks = window.docks.all.items()
        return {name: dock.size() for name, dock in docks if not dock.visibleRegion().isEmpty()}

    first = {}
    for turn in range(20):
        for workspace in ("picture", "clock"):
            window.go_to(workspace)
            now = sizes()
            assert first.setdefault(workspace, now) == now, (turn, workspace)
            bars = [bar for bar in window.findChildren(QTabBar, options=DIRECT) if bar.count()]
            assert all(bar.isVisible() for bar in bars), (turn, workspace)
    assert window.size() == QSize(*size)


def test_a_layout_that_is_none_is_the_workspaces_own_with_its_tabs(open_on: Open) -> None:
    window = open_on("alexnet", size=(1024, 560)).window
    window.docks.layouts["clock"] = b"junk"
    window.go_to("clock")
    QApplication.processEvents()
    bars = [bar for bar in window.findChildren(QTabBar, options=DIRECT) if bar.count()]
    assert len(bars) == 2
    assert all(bar.isVisible() for bar in bars)


@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)])
def test_a_panel_that_stays_behind_another_does_not_come_up(
    open_on: Open, size: tuple[int, int]
) -> None:
    """Its view would be worked out for nobody: of a list of thousands that takes long."""
    window = open_on("alexnet", size=size).window
    came: list[str] = []
    for name, dock in window.docks.all.items():
        dock.came_up.connect(lambda name=name: came.append(name))
    for workspace in [workspace.id for workspace in WORKSPACES] * 2:
        moves = workspace != window.docks.workspace
        came.clear()
        window.go_to(workspace)
        assert bool(came) == moves
        assert [name for name in came if not window.docks.all[name].seen] == []
