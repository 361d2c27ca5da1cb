"""A trace of another tool in the window: what it does not say is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_traces import Ran, gemm_ran, intra_kernel, perfetto, proton
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.core.recording.asking import Answers, Missing, missing
from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.recording import Recording
from mmviz.files.foreign.traces import read
from mmviz.ui.recording import placing
from mmviz.ui.recording.placing import PlacingDialog
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.opening import Opening
from mmviz.ui.start.app import application, start

Open = Callable[..., Controller]
GRID, SHAPE = (5, 4), "300x500x64"


@pytest.fixture
def controller(open_on: Open) -> Controller:
    return open_on("mlp")


def given(controller: Controller, qtbot: QtBot, path: Path) -> PlacingDialog:
    """The file is dropped on the window; what is asked then."""
    controller.findChildren(Opening)[0].open(str(path))
    settled(qtbot, controller)
    (dialog,) = controller.window.findChildren(PlacingDialog)
    assert dialog.isVisible()
    return dialog


def shown(controller: Controller) -> Recording:
    recording = controller.derived.recording
    assert recording is not None
    assert controller.window.docks.workspace == "recording"
    return recording


def test_shape_tile_and_rule_make_tiles(
    controller: Controller, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran(GRID, "columns")))
    dialog = given(controller, qtbot, path)
    assert "its shape m, n, k is needed" in dialog.why.text()
    assert not dialog.tiles.isEnabled()
    assert not dialog.launch.isVisible()
    assert not dialog.clock.isVisible()
    qtbot.keyClicks(dialog.shape, SHAPE)
    assert "20 blocks fit" in dialog.why.text()
    tiles = [dialog.tile.itemText(i) for i in range(dialog.tile.count())]
    assert "64x128" in tiles
    qtbot.keyClicks(dialog.tile.lineEdit(), "64x128")
    assert "these rules fit: rows, columns" in dialog.why.text()
    dialog.raster.setCurrentText("columns")
    dialog.raster.activated.emit(dialog.raster.currentIndex())
    assert dialog.tiles.isEnabled()
    qtbot.mouseClick(dialog.tiles, Qt.MouseButton.LeftButton)
    settled(qtbot, controller)
    recording = shown(controller)
    assert (recording.order, recording.products[0].placed) == ("columns", True)


def test_a_tile_that_does_not_fit_a_rule_is_said_before_it_is_opened(
    controller: Controller, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran(GRID)))
    dialog = given(controller, qtbot, path)
    qtbot.keyClicks(dialog.shape, SHAPE)
    qtbot.keyClicks(dialog.tile.lineEdit(), "64x128")
    dialog.raster.setCurrentText("rows")
    dialog.raster.activated.emit(dialog.raster.currentIndex())
    assert dialog.tiles.isEnabled()
    dialog.tile.setEditText("128x256")
    assert "20 blocks do not compute each of the 6 tiles" in dialog.why.text()
    assert not dialog.tiles.isEnabled()
    dialog.reject()


def test_nothing_known_is_a_timeline(controller: Controller, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "run.perfetto-trace"
    path.write_bytes(perfetto(gemm_ran(GRID)))
    dialog = given(controller, qtbot, path)
    qtbot.mouseClick(dialog.timeline, Qt.MouseButton.LeftButton)
    settled(qtbot, controller)
    assert not shown(controller).products[0].placed


def test_of_several_launches_one_is_chosen_and_cycles_become_time(
    controller: Controller, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "run.chrome_trace"
    other = [Ran(0, 0, 1, "all", 10**12, 10**12 + 10**6)]
    ran = gemm_ran((7, 1), step=1000)
    path.write_text(proton([("copy", other), ("matmul", ran)], ghz=2.0))
    dialog = given(controller, qtbot, path)
    assert dialog.launch.isVisible()
    assert dialog.clock.isVisible()
    qtbot.keyClicks(dialog.shape, "400x100x64")
    qtbot.keyClicks(dialog.tile.lineEdit(), "400x100")
    assert dialog.tiles.isEnabled(), "one block is one tile"
    dialog.launch.setCurrentText("matmul")
    dialog.launch.activated.emit(dialog.launch.currentIndex())
    assert not dialog.tiles.isEnabled(), "seven are not"
    qtbot.keyClicks(dialog.tile.lineEdit(), "64x128")
    qtbot.keyClicks(dialog.clock, "fast")
    assert "the clock in MHz must be 1 to" in dialog.why.text()
    dialog.clock.clear()
    qtbot.keyClicks(dialog.clock, "2000")
    qtbot.mouseClick(dialog.tiles, Qt.MouseButton.LeftButton)
    settled(qtbot, controller)
    recording = shown(controller)
    assert recording.products[0].gemm.m == 400
    assert "times within a block at a clock of 2000 MHz" in [
        str(remark).replace("\u202f", "") for remark in recording.remarks
    ]


def test_a_window_that_begins_with_one_asks_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran(GRID)))
    application()
    controller = start(read(path), None)
    qtbot.addWidget(controller.window)
    (dialog,) = controller.window.findChildren(PlacingDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.about.text() == "gemm"
    dialog.reject()
    controller.window.close()


def test_a_long_launch_is_looked_through_beside_the_window(
    controller: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No letter that is typed waits for it, and what is said is of the last one."""
    looked_in: list[threading.Thread] = []

    def look(foreign: Foreign, answers: Answers) -> Missing:
        looked_in.append(threading.current_thread())
        return missing(foreign, answers)

    monkeypatch.setattr(placing, "SOON", 0)
    monkeypatch.setattr(placing, "missing", look)
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran(GRID, "columns")))
    dialog = given(controller, qtbot, path)
    qtbot.waitUntil(lambda: "its shape m, n, k is needed" in dialog.why.text())
    qtbot.keyClicks(dialog.shape, SHAPE)
    assert dialog.why.text() == str(placing.LOOKING)
    assert not dialog.tiles.isEnabled()
    qtbot.waitUntil(lambda: "20 blocks fit" in dialog.why.text())
    qtbot.keyClicks(dialog.tile.lineEdit(), "64x128")
    qtbot.waitUntil(lambda: "these rules fit: rows, columns" in dialog.why.text())
    dialog.raster.setCurrentText("columns")
    dialog.raster.activated.emit(dialog.raster.currentIndex())
    qtbot.waitUntil(dialog.tiles.isEnabled)
    assert threading.main_thread() not in looked_in
    qtbot.mouseClick(dialog.tiles, Qt.MouseButton.LeftButton)
    assert shown(controller).products[0].placed
