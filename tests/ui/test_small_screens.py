"""Windows as small screens have them: what gives way, and what stays within reach."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mmviz.files import devices, networks
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.session import Session, open_file
from mmviz.state.workspaces import NAMED
from mmviz.ui.look.first_size import FRAME
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow

Open = Callable[..., Controller]
SCREENS = [(1024, 560), (1280, 720), (1366, 768), (1093, 614), (1680, 1050)]
"""In pixels of the window; 1093 × 614 is 1366 × 768 at 125 %."""
WINDOWS = [*SCREENS, *((w - FRAME.width(), h - FRAME.height()) for w, h in SCREENS[1:])]
PLACES = [workspace.id for workspace in NAMED]


def session() -> Session:
    """A device with a long name, of which a time can be said."""
    return actions.set_device(open_file(networks.read_preset("alexnet")), "a100")


def whole(part: QWidget, window: MainWindow) -> bool:
    """Whether it is on screen to its last pixel."""
    box = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
    seen = part.visibleRegion().boundingRect()
    return window.rect().contains(box) and seen == part.rect()


@pytest.mark.parametrize("size", WINDOWS)
def test_the_numbers_of_the_waves_are_seen_whole(open_on: Open, size: tuple[int, int]) -> None:
    window = open_on(session(), size=size).window
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    ticks = window.transport.ticks
    assert ticks.isVisible()
    assert whole(ticks, window)
    assert whole(window.transport.slider, window)


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("place", PLACES)
def test_workspaces_race_and_the_batch_stay_in_the_bar(
    open_on: Open, size: tuple[int, int], place: str
) -> None:
    window = open_on(session(), size=size).window
    window.go_to(place)
    QApplication.processEvents()
    top = window.top
    shown = [part for part in (*top.tabs, top.places) if part.isVisible()]
    assert shown
    assert all(whole(part, window) for part in (*shown, top.batch, top.run, top.preset))
    race = next(
        part for part in top.findChildren(QWidget) if getattr(part, "text", str)() == "Race"
    )
    assert whole(race, window)
    if size[0] >= 1270:
        assert all(tab.isVisible() for tab in top.tabs)
        assert whole(top.slider, window)


@pytest.mark.parametrize("size", WINDOWS)
def test_a_name_that_is_cut_can_be_told_from_every_other(
    open_on: Open, size: tuple[int, int]
) -> None:
    controller = open_on("two-by-two", size=size)  # every device can take it
    top = controller.window.top
    said = {}
    for name in (*devices.device_ids(), THIS_MACHINE):
        controller.edit("", actions.set_device, name)
        QApplication.processEvents()
        said[name] = top.device.fitting()
    assert len(set(said.values())) == len(said)
    assert said[THIS_MACHINE] == "This machine"
    begins, cut, _ = top.preset.fitting().partition("…")
    assert "Two neurons, two examples".startswith(begins)
    assert len(begins) > 6
    assert cut or begins == "Two neurons, two examples"


@pytest.mark.parametrize("size", WINDOWS)
def test_clock_opens_on_the_sweep_and_its_chart(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    window = open_on(session(), size=size).window
    window.go_to("clock")
    qtbot.waitUntil(lambda: window.sweep.chart is not None)
    canvas = window.sweep.canvas
    assert whole(canvas, window)
    assert canvas.height() >= 180
    assert canvas.width() >= size[0] // 2


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", WINDOWS)
def test_no_panel_grows_however_it_was_left(
    qtbot: QtBot, open_on: Open, size: tuple[int, int], place: str
) -> None:
    """Twenty changes of workspace after somebody gave the panels at the sides other sizes."""
    window = open_on(session(), size=size).window
    window.go_to(place)
    qtbot.wait(50)
    docks = window.docks.all
    sides = [docks[name] for name in ("network", "facts") if not docks[name].isFloating()]
    window.resizeDocks(sides, [237] * len(sides), Qt.Orientation.Horizontal)

    def sizes() -> dict[str, QRect]:
        QApplication.processEvents()
        seen = {name: dock for name, dock in docks.items() if not dock.visibleRegion().isEmpty()}
        return {name: dock.geometry() for name, dock in seen.items()}

    first = {place: sizes()}
    for turn in range(20):
        for workspace in PLACES:
            window.go_to(workspace)
            now = sizes()
            assert first.setdefault(workspace, now) == now, (turn, workspace)
    assert (window.width(), window.height()) == size
