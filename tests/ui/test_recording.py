"""The workspace Recording, with the real child and the files of a person."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz import units
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.sampling import sampled
from mmviz.files.recordings import npz as files
from mmviz.files.recordings import shelf
from mmviz.state.picture.selection import tile_of
from mmviz.state.recording.against import AGAINST
from mmviz.state.recording.asked import Asked
from mmviz.state.recording.opening import looking_at
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.recording.against import AgainstPanel
from mmviz.ui.recording.lanes import LanesPanel
from mmviz.ui.recording.lanes_painter import NAMED, places
from mmviz.ui.recording.listed import ListPanel
from mmviz.ui.recording.pair import BETWEEN
from mmviz.ui.recording.placing import PlacingDialog
from mmviz.ui.recording.ran import RanPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.opening import Opening
from mmviz.ui.shell.record_control import RecordControl
from tests.plugins import recordings
from tests.plugins.foreign_traces import gemm_ran, intra_kernel

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 60_000
DEALT = "tiles dealt out beforehand"
QUIET_BUSY = "nothing else running", "kept busy"
SMALL = recordings.product(96, 96, 64)
SHAPE = recordings.product(512, 512, 256)


@pytest.fixture
def opened(open_on: Open) -> Callable[..., Controller]:
    """A window on Recording, on a small product."""

    def call(session: Session | None = None, recording: Recording | None = None) -> Controller:
        controller = open_on(session or Session(SMALL, device="v100", tile=(32, 32)))
        controller.window.go_to("recording")
        if recording is not None:
            controller.found_out(lambda facts: facts.with_recording(recording))
        return controller

    return call


@pytest.fixture
def made() -> Recording:
    """A recording that a person may have."""
    return recordings.recording(SHAPE, "v100", tile=(64, 64), noise=0.2)


def on(recording: Recording) -> Session:
    return Session(recording.of.workload, device="v100", tile=(64, 64))


def control(controller: Controller) -> RecordControl:
    found = controller.findChild(RecordControl)
    assert isinstance(found, RecordControl)
    return found


def panel(controller: Controller, kind: type, name: str) -> object:
    found = controller.window.panels[name]
    assert isinstance(found, kind)
    return found


def listed(controller: Controller) -> ListPanel:
    found = panel(controller, ListPanel, "recordings")
    assert isinstance(found, ListPanel)
    return found


def lanes(controller: Controller) -> LanesPanel:
    found = panel(controller, LanesPanel, "lanes")
    assert isinstance(found, LanesPanel)
    return found


def settled(controller: Controller, qtbot: QtBot) -> None:
    """It is recorded, kept, and listed."""
    qtbot.waitUntil(lambda: not control(controller).running, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not control(controller).keeping, timeout=WAIT_MS)


def test_a_pass_is_recorded_shown_kept_and_found_in_the_picture(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = opened()
    window = controller.window
    assert window.pair.hint.isVisible()
    assert lanes(controller).hint.why.text() != window.pair.hint.why.text()
    window.recording_controls.choose(Asked("cpu-tiles", (32, 32)))
    offers = window.pair.hint.offers
    qtbot.mouseClick(offers.buttons[0], LEFT)
    assert window.recording_controls.record.text() == "■ Stop"
    settled(controller, qtbot)
    assert window.recording_controls.record.text() == "● Record"
    [recording] = controller.facts.recordings
    assert recording.by == "cpu-tiles"
    assert len(recording.products[0].trace) == 9
    assert not window.pair.hint.isVisible()
    assert window.pair.right.about.whole
    [kept] = [one for one in controller.facts.kept_recordings if not one.shipped]
    assert kept.tiles == 9
    first, *others = listed(controller).model.entries
    assert first.shown
    assert first.kept == kept
    assert not any(entry.shown for entry in others)
    window.go_to("picture")
    bar = window.picture.bar
    assert bar.schedules["modelled"].isChecked()
    assert controller.derived.trace is not recording.products[0].trace
    qtbot.mouseClick(bar.schedules["recorded"], LEFT)
    assert controller.derived.trace is recording.products[0].trace
    assert bar.schedules["recorded"].isChecked()
    qtbot.mouseClick(bar.schedules["modelled"], LEFT)
    assert controller.derived.trace is not recording.products[0].trace


def test_recording_is_stopped(opened: Callable[..., Controller], qtbot: QtBot) -> None:
    controller = opened(Session(recordings.product(1024, 1024, 1024), device="v100"))
    controls = controller.window.recording_controls
    qtbot.mouseClick(controls.record, LEFT)
    qtbot.waitUntil(lambda: bool(controller.desk.worker.pid), timeout=WAIT_MS)
    qtbot.mouseClick(controls.record, LEFT)
    settled(controller, qtbot)
    assert controller.facts.recordings == ()
    assert controls.record.text() == "● Record"
    assert controller.window.pair.hint.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_child_that_is_killed_is_said_and_the_window_goes_on(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = opened(Session(recordings.product(1024, 1024, 1024), device="v100"))
    controls = controller.window.recording_controls
    qtbot.mouseClick(controls.record, LEFT)
    qtbot.waitUntil(lambda: bool(controller.desk.worker.pid), timeout=WAIT_MS)
    os.kill(controller.desk.worker.pid, signal.SIGKILL)
    settled(controller, qtbot)
    assert controller.window.notice.isVisible()
    assert controls.record.text() == "● Record"
    assert controller.facts.recordings == ()


def test_who_has_the_child_already_is_said(opened: Callable[..., Controller], qtbot: QtBot) -> None:
    controller = opened()
    controls = controller.window.recording_controls
    controls.choose(Asked("cpu-tiles", (32, 32)))
    qtbot.mouseClick(controls.record, LEFT)
    controller.window.commands["run"].trigger()
    qtbot.waitUntil(lambda: controller.window.notice.isVisible(), timeout=WAIT_MS)
    assert not controller.run.running
    settled(controller, qtbot)


def test_what_cannot_be_recorded_is_one_sentence(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = opened()
    controller.window.recording_controls.choose(Asked("loop"))
    qtbot.mouseClick(controller.window.recording_controls.record, LEFT)
    settled(controller, qtbot)
    assert controller.window.notice.isVisible()
    assert controller.facts.recordings == ()


def test_one_cursor_runs_through_both_and_a_click_goes_there(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    controller = opened(on(made), made)
    window, canvas = controller.window, lanes(controller).canvas
    chart = canvas.chart()
    at = QPoint(round(chart.x() + 0.6 * chart.width()), round(canvas.sides()[0].chart.center().y()))
    qtbot.mouseClick(canvas, LEFT, pos=at)
    position = controller.playback.position
    assert position == pytest.approx(0.6, abs=0.01)
    upper, lower = canvas.sides()
    pair = window.pair.left.picture.scene(), window.pair.right.picture.scene()
    assert pair[0] is not None
    assert pair[1] is not None
    assert pair[0].frame.t == upper.frame.t
    assert (
        pair[1].frame.t
        == lower.frame.t
        == position * max(side.frame.trace.duration for side in (upper, lower))
    )
    counts = [label.text() for label in window.pair.counts]
    assert counts == [f"{side.frame.done} of 64 done" for side in (upper, lower)]
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: controller.playback.position > position, timeout=WAIT_MS)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not controller.playback.playing


def test_a_place_in_the_lanes_tells_its_tile_and_its_unit_by_name(
    opened: Callable[..., Controller], made: Recording
) -> None:
    controller = opened(on(made), made)
    canvas = lanes(controller).canvas
    side = canvas.sides()[1]
    trace = side.frame.trace
    middle = (trace.start[0] + trace.end[0]) / 2
    pitch = side.chart.height() / trace.tiling.units
    y = side.chart.y() + (trace.unit[0] + 0.5) * pitch
    said = canvas.words(canvas.about(QPointF(side.x(middle), y)))
    assert f"core {trace.unit[0]}" in said
    assert "recorded" in said
    assert canvas.words(canvas.about(QPointF(2.0, 2.0))) == ""


def test_where_tiles_were_left_out_nobody_is_called_idle(
    opened: Callable[..., Controller], made: Recording, drawn: list[str]
) -> None:
    few = replace(made, products=(sampled(made.products[0], 3),))
    canvas = lanes(opened(on(made), few)).canvas
    drawn.clear()
    canvas.grab()
    assert "only some tiles are kept: what is hatched may be idle or others" in drawn
    side = canvas.sides()[1]
    busy, units = set(side.frame.trace.unit.tolist()), side.frame.trace.tiling.units
    unit = next(n for n in range(units) if n not in busy)
    y = side.chart.y() + (unit + 0.5) * side.chart.height() / units
    said = canvas.words(canvas.about(QPointF(side.chart.center().x(), y)))
    assert said == f"core {unit} is idle, or computes a tile that was not kept"


def test_the_step_of_the_clock_is_as_wide_as_it_is(
    opened: Callable[..., Controller], made: Recording
) -> None:
    coarse = replace(made, timer_s=made.products[0].trace.duration / 20)
    controller = opened(on(made), coarse)
    upper, lower = lanes(controller).canvas.sides()
    assert upper.error == 0.0, "a model has no clock"
    assert lower.error == pytest.approx(lower.chart.width() * lower.until / 20)
    assert "timer step" in controller.window.pair.right.about.whole


def test_figures_and_the_residual_tell_of_a_tile(
    opened: Callable[..., Controller], made: Recording
) -> None:
    controller = opened(on(made), made)
    against = panel(controller, AgainstPanel, "against")
    assert isinstance(against, AgainstPanel)
    assert against.rows.rowCount() == 8
    assert against.costs.isVisible()
    grid = against.residual.grid()
    assert not grid.isEmpty()
    said = against.residual.words(against.residual.about(grid.center()))
    assert said.startswith("tile (4, 4): ")
    shown = AGAINST.of(controller.derived).residual
    assert shown is not None
    against.residual.show_residual(replace(shown, share=np.full_like(shown.share, -4.0)))
    said = against.residual.words(against.residual.about(grid.center()))
    assert said.replace("\u202f", " ") == "tile (4, 4): −80.0 %", "a fifth of the time, not −400 %"
    assert not against.residual.about(QPointF(-5, -5))


def test_a_recording_of_the_list_is_shown_and_compared(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    controller = opened(on(made), made)
    other = replace(made, when=1_700_000_500.0)
    controller.found_out(lambda facts: facts.with_recording(other))
    shelf = listed(controller)
    shelf.table.selectRow(1)
    qtbot.mouseClick(shelf.against_button, LEFT)
    assert controller.facts.against is made
    assert controller.window.pair.left.name.text() == "Another recording"
    assert shelf.against_button.text() == "Against the model"
    qtbot.mouseClick(shelf.against_button, LEFT)
    assert controller.facts.against is None
    assert controller.window.pair.left.name.text() == "Modelled"
    shelf.table.selectRow(1)
    shelf.table.setFocus()
    QTest.keyClick(shelf.table, Qt.Key.Key_Return)
    assert controller.derived.recording is made


def test_after_a_click_in_the_list_the_arrows_are_the_clocks(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    """And the list's own for who walked there."""
    controller = opened(on(made), made)
    controller.found_out(lambda facts: facts.with_recording(replace(made, when=1_700_000_500.0)))
    shelf = listed(controller)
    model = shelf.table.model()
    assert model is not None
    at = shelf.table.visualRect(model.index(0, 1)).center()
    qtbot.mouseClick(shelf.table.viewport(), LEFT, pos=at)
    assert shelf.table.hasFocus()
    before, picked = controller.playback.position, shelf.picked
    QTest.keyClick(shelf.table, Qt.Key.Key_Down)
    assert shelf.picked is picked
    QTest.keyClick(shelf.table, Qt.Key.Key_Right)
    assert controller.playback.position > before
    QTest.keyClick(shelf.table, Qt.Key.Key_End)
    assert controller.playback.position == 1.0
    QTest.keyClick(shelf.table, Qt.Key.Key_Home)
    assert controller.playback.position == 0.0
    QTest.keyClick(shelf.table, Qt.Key.Key_PageDown)
    assert shelf.picked is picked
    controller.window.rest()
    tab_to(shelf.table)
    position = controller.playback.position
    QTest.keyClick(shelf.table, Qt.Key.Key_Down)
    assert controller.playback.position == position
    assert shelf.picked is not picked


def test_to_show_a_recording_leaves_the_list_and_what_is_picked_out_as_they_are(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = opened()
    shelf = listed(controller)
    qtbot.waitUntil(lambda: len(shelf.model.entries) > 2, timeout=WAIT_MS)
    before = [str(entry.name) for entry in shelf.model.entries]
    for row in (2, 1):
        shelf.table.selectRow(row)
        qtbot.mouseClick(shelf.show_button, LEFT)
        settled_on = before[row]
        qtbot.waitUntil(
            lambda name=settled_on: any(  # type: ignore[misc]
                entry.shown and str(entry.name) == name for entry in shelf.model.entries
            ),
            timeout=WAIT_MS,
        )
        assert [str(entry.name) for entry in shelf.model.entries] == before
        assert shelf.picked is not None
        assert str(shelf.picked.name) == settled_on


def test_what_it_is_held_against_is_marked_and_large_type_cuts_no_name(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    controller = opened()
    controller.window.set_large(True)
    shelf = listed(controller)
    qtbot.waitUntil(lambda: len(shelf.model.entries) > 2, timeout=WAIT_MS)
    names = [str(entry.name) for entry in shelf.model.entries]
    quiet, busy = (next(i for i, name in enumerate(names) if word in name) for word in QUIET_BUSY)
    shelf.table.selectRow(busy)
    qtbot.mouseClick(shelf.show_button, LEFT)
    qtbot.waitUntil(lambda: shelf.model.entries[busy].shown, timeout=WAIT_MS)
    shelf.table.selectRow(quiet)
    qtbot.mouseClick(shelf.against_button, LEFT)
    qtbot.waitUntil(lambda: shelf.model.entries[quiet].against, timeout=WAIT_MS)
    assert shelf.against_button.text() == "Against the model"
    assert "fell behind" in controller.window.pair.heading.text()
    against = panel(controller, AgainstPanel, "against")
    assert isinstance(against, AgainstPanel)
    rows = against.rows
    metrics = rows.fontMetrics()
    for line in range(rows.rowCount()):
        item = rows.item(line, 0)
        assert item is not None
        assert metrics.horizontalAdvance(item.text()) <= rows.columnWidth(0)
        assert rows.rowHeight(line) >= metrics.height()
    controller.window.set_large(False)


def test_one_button_leads_in_every_workspace(opened: Callable[..., Controller]) -> None:
    window = opened().window
    run, record = window.top.run, window.recording_controls.record
    for workspace, leads in (("recording", record), ("clock", run), ("recording", record)):
        window.go_to(workspace)
        found = window.findChildren(QPushButton, "primary")
        assert [button for button in found if button.isVisible()] == [leads]


def test_two_cores_keep_room_for_their_names_beside_eighty() -> None:
    (_, many), (_, few) = places(QRectF(0, 0, 900, 280), [80, 2])
    assert few.height() >= 2 * NAMED
    assert many.bottom() < few.top() < few.bottom() <= 280
    (_, one), (_, other) = places(QRectF(0, 0, 900, 280), [40, 60])
    assert one.height() / 40 == pytest.approx(other.height() / 60)


def test_a_tile_that_is_pointed_at_is_marked_wherever_it_is(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    controller = opened(on(made), made)
    pair, canvas = controller.window.pair, lanes(controller).canvas
    left, right = (half.picture for half in pair.halves)
    trace = made.products[0].trace
    row = 7
    scene = right.scene()
    assert scene is not None
    middle = scene.tile_rect(row).center().toPoint()
    QTest.mouseMove(right, middle)
    qtbot.waitUntil(lambda: right.scene().hover == row)  # type: ignore[union-attr]
    there = left.scene()
    assert there is not None
    tile = tile_of(trace, row)
    assert tile_of(there.trace, there.hover) == tile
    assert canvas.marked == tile
    assert left.hovered_facts()
    _, lower = canvas.sides()
    t = (trace.start[row] + trace.end[row]) / 2
    pitch = lower.chart.height() / trace.tiling.units
    y = lower.chart.y() + (trace.unit[row] + 0.5) * pitch
    QApplication.sendEvent(right, QEvent(QEvent.Type.Leave))
    assert canvas.marked is None
    assert left.scene().hover == -1  # type: ignore[union-attr]
    QTest.mouseMove(canvas, QPointF(lower.x(t), y).toPoint())
    qtbot.waitUntil(lambda: canvas.marked == tile)
    assert left.scene().hover == there.hover  # type: ignore[union-attr]


def test_a_count_of_a_million_tiles_is_not_cut(opened: Callable[..., Controller]) -> None:
    count = opened().window.pair.counts[0]
    count.setText("1 000 000 of 1 000 000 done")
    assert count.heightForWidth(BETWEEN) > count.fontMetrics().height() * 1.5


def test_only_tiles_that_can_be_recorded_are_offered(opened: Callable[..., Controller]) -> None:
    controls = opened().window.recording_controls

    def offered() -> list[str]:
        controls.fill()
        texts = [action.text() for action in controls.menu.actions()]
        return [text.replace("\u202f", "").replace("\xa0", "") for text in texts]

    controls.choose(Asked("cpu-tiles", (1024, 1024)))
    assert "tile 1024 × 1024" in offered()
    title = "CUDA tiles (mmviz's own programs on the GPU, by CuPy)"
    next(one for one in controls.menu.actions() if one.text() == title).trigger()
    assert controls.asked == Asked("cuda-tiles", None)
    found = offered()
    assert "tile 256 × 128" in found
    assert not {"tile 256 × 256", "tile 512 × 512", "tile 1024 × 1024"} & set(found)


def test_a_recording_of_another_pass_brings_its_pass_and_undo_goes_back(
    opened: Callable[..., Controller], made: Recording
) -> None:
    controller = opened()
    before = controller.session
    control(controller).show(made)
    assert controller.session.network == made.of.workload
    assert not controller.window.pair.hint.isVisible()
    controller.undo()
    assert controller.session.network == before.network
    assert controller.window.pair.hint.isVisible()


def test_it_is_saved_and_opened_again(
    opened: Callable[..., Controller],
    made: Recording,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    controller = opened(on(made), made)
    path = str(tmp_path / "one.npz")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    shelf = listed(controller)
    shelf.table.selectRow(0)
    qtbot.mouseClick(shelf.save_button, LEFT)
    assert len(files.read(path).products[0].trace) == 64
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    qtbot.mouseClick(controller.window.recording_controls.open, LEFT)
    qtbot.waitUntil(lambda: len(controller.facts.recordings) == 2, timeout=WAIT_MS)
    assert controller.derived.recording is controller.facts.recordings[-1]


def test_how_it_is_recorded_is_chosen_from_a_menu(opened: Callable[..., Controller]) -> None:
    controls = opened().window.recording_controls
    controls.fill()
    actions = {action.text(): action for action in controls.menu.actions() if action.text()}
    assert actions["tile chosen for each product"].isChecked()
    assert not any(actions[heading].isEnabled() for heading in ("Recorded by", "Tile"))
    actions["tile 256 × 256"].trigger()
    actions[DEALT].trigger()
    assert controls.asked.order == "static"
    controls.fill()
    again = {action.text(): action for action in controls.menu.actions() if action.text()}
    assert again[DEALT].isChecked()
    assert DEALT in controls.said.whole


@pytest.fixture
def foreign(tmp_path: Path) -> str:
    """A trace of another tool: 20 blocks, of which product it does not say."""
    path = tmp_path / "gemm.json"
    path.write_text(intra_kernel(gemm_ran((5, 4), "columns")), encoding="utf-8")
    return str(path)


def asked(controller: Controller, path: str, qtbot: QtBot) -> PlacingDialog:
    """The dialog that opens on a file."""
    opening = controller.findChild(Opening)
    assert isinstance(opening, Opening)
    opening.open(path)
    window = controller.window
    qtbot.waitUntil(lambda: bool(window.findChildren(PlacingDialog)), timeout=WAIT_MS)
    return window.findChildren(PlacingDialog)[0]


def test_the_tiles_of_another_tool_s_blocks_are_asked_for(
    opened: Callable[..., Controller], foreign: str, qtbot: QtBot
) -> None:
    controller = opened()
    dialog = asked(controller, foreign, qtbot)
    assert "shape" in dialog.why.text()
    assert not dialog.tiles.isEnabled()
    qtbot.keyClicks(dialog.shape, "300x")
    assert "must look like" in dialog.why.text()
    qtbot.keyClicks(dialog.shape, "500x64")
    assert "tile" in dialog.why.text()
    dialog.tile.setEditText("64x128")
    rules = [dialog.raster.itemText(i) for i in range(dialog.raster.count())]
    assert {"rows", "columns"} <= set(rules)
    dialog.raster.setCurrentText("columns")
    dialog.raster.activated.emit(dialog.raster.currentIndex())
    assert dialog.tiles.isEnabled(), dialog.why.text()
    qtbot.mouseClick(dialog.tiles, LEFT)
    [recording] = controller.facts.recordings
    assert recording.order == "columns"
    assert recording.products[0].placed
    assert controller.window.pair.right.picture.isVisible()


def test_nobody_has_to_know_for_a_timeline(
    opened: Callable[..., Controller], foreign: str, qtbot: QtBot
) -> None:
    controller = opened()
    dialog = asked(controller, foreign, qtbot)
    qtbot.mouseClick(dialog.timeline, LEFT)
    [recording] = controller.facts.recordings
    assert not recording.products[0].placed
    [entry] = [one for one in listed(controller).model.entries if one.shown]
    assert str(entry.detail).endswith("20 blocks")
    pair = controller.window.pair
    assert "timeline alone" in pair.right.why.text()
    assert not pair.right.picture.isVisible()
    [only] = lanes(controller).canvas.sides()
    assert only.frame.trace is recording.products[0].trace


def test_a_question_is_left_without_an_answer(
    opened: Callable[..., Controller], foreign: str, qtbot: QtBot
) -> None:
    controller = opened()
    dialog = asked(controller, foreign, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert controller.facts.recordings == ()
    qtbot.waitUntil(lambda: not controller.window.findChildren(PlacingDialog), timeout=WAIT_MS)


def test_a_trace_whose_clock_stood_is_refused_in_a_notice(
    opened: Callable[..., Controller], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "still.json"
    still = [replace(one, start=100, end=100) for one in gemm_ran((5, 4))]
    path.write_text(intra_kernel(still))
    controller = opened()
    dialog = asked(controller, str(path), qtbot)
    qtbot.mouseClick(dialog.timeline, LEFT)
    assert "begin and end at one moment" in controller.window.notice.text.text()
    assert controller.facts.recordings == ()


def test_more_tiles_than_can_be_drawn_are_told_while_they_are_typed(
    opened: Callable[..., Controller], foreign: str, qtbot: QtBot
) -> None:
    controller = opened()
    dialog = asked(controller, foreign, qtbot)
    dialog.shape.setText("16777216x16777216x16777216")
    dialog.tile.setEditText("1x1")
    assert "at most 8 388 608 can be drawn" in dialog.why.text().replace("\u202f", " ")
    assert not dialog.tiles.isEnabled()


def test_the_product_is_named_and_the_next_is_one_click_away(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    """Of a pass of three, of which the last one was not recorded."""
    whole = recordings.recording(noise=0.1)
    recording = replace(whole, products=whole.products[:1])
    session = Session(recording.of.workload, device="v100")
    controller = opened(session, recording)
    pair = controller.window.pair
    assert pair.product.text() == "layer 1"
    assert "product 1 of 2" in pair.shape.whole
    qtbot.mouseClick(pair.steps[1], LEFT)
    assert controller.session.product == 1
    assert pair.product.text() == "layer 2"
    assert "ends before this product" in pair.hint.why.text()
    qtbot.mouseClick(pair.steps[0], LEFT)
    assert pair.product.text() == "layer 1"
    assert not pair.hint.isVisible()


def test_a_table_tells_both_sides_of_every_product(
    opened: Callable[..., Controller], qtbot: QtBot
) -> None:
    whole = recordings.recording(noise=0.1)
    recording = replace(whole, products=whole.products[:1])
    controller = opened(Session(recording.of.workload, device="v100"), recording)
    ran = controller.window.panels["ran"]
    assert isinstance(ran, RanPanel)
    controller.window.docks.all["ran"].raise_()
    qtbot.waitUntil(lambda: ran.table.isVisible())
    model = ran.model
    heads = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert heads[2:4] == ["time\nmodelled", "time\nrecorded"]
    said = [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    wall = recording.products[0].wall_s
    assert said[0][0] == "layer 1"
    assert said[0][3] == units.seconds(wall)
    assert all(text and text != "–" for text in said[0])
    assert said[1][2:4] == ["–", "not recorded"]
    at = ran.table.visualRect(model.index(1, 0)).center()
    qtbot.mouseClick(ran.table.viewport(), LEFT, pos=at)
    assert controller.session.product == 1
    assert ran.table.currentIndex().row() == 1


def test_in_the_picture_what_ran_is_cut_where_each_unit_took_a_tile(
    opened: Callable[..., Controller], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line of a wave runs through a tile that lasted longer than those of other units."""
    large = recordings.product(2048, 2048, 256)
    many = recordings.recording(large, "v100", tile=(64, 64), noise=0.2)
    controller = opened(on(many), many)
    window = controller.window
    window.go_to("picture")
    drawn: list[QLineF] = []
    draw = QPainter.drawLines

    def listen(painter: QPainter, *lines: object) -> object:
        drawn.extend(line for line in lines if isinstance(line, QLineF))
        return draw(painter, *lines)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawLines", listen)

    def across() -> list[QLineF]:
        drawn.clear()
        window.units.grab()
        high = window.units.chart().height()
        return [line for line in drawn if line.dx() == 0 and line.length() >= high]

    assert across()
    assert window.transport.ticks.starts
    qtbot.mouseClick(window.picture.bar.schedules["recorded"], LEFT)
    assert not across()
    assert not window.transport.ticks.starts
    tip = window.picture.bar.schedules["recorded"].toolTip()
    assert "a made machine, not on NVIDIA V100" in tip
    assert "recorded on a made machine" in window.strip.summary.whole


def test_the_last_recording_of_the_pass_comes_back_at_the_next_start(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    older, newer = replace(made, when=100.0), replace(made, when=200.0)
    for one in (newer, older):
        shelf.keep(one)
    controller = opened(on(made))
    qtbot.waitUntil(lambda: not controller.window.pair.hint.isVisible(), timeout=WAIT_MS)
    [found] = controller.facts.recordings
    assert found.when == 200.0
    [shown] = [entry for entry in listed(controller).model.entries if entry.shown]
    assert shown.kept is not None
    assert shown.kept.when == 200.0


def test_another_pass_in_recording_brings_its_own_recording_by_itself(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    shelf.keep(made)
    controller = opened()
    settled(controller, qtbot)
    assert controller.window.pair.hint.isVisible()
    controller.set_out(looking_at, made, told=NOTHING)
    qtbot.waitUntil(lambda: not controller.window.pair.hint.isVisible(), timeout=WAIT_MS)


def test_a_kept_recording_that_is_broken_is_said_once(
    opened: Callable[..., Controller], made: Recording, qtbot: QtBot
) -> None:
    kept = shelf.keep(made)
    controller = opened()
    settled(controller, qtbot)
    kept.path.unlink()
    controller.set_out(looking_at, made, told=NOTHING)
    notice = controller.window.notice
    qtbot.waitUntil(lambda: kept.path.name in notice.text.text(), timeout=WAIT_MS)
    assert controller.window.pair.hint.isVisible()
