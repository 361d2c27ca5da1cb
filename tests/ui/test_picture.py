"""The picture seen closer, turned, coloured and picked apart, as a person would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit, QToolTip
from pytestqt.qtbot import QtBot

from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state.picture.camera import WHOLE
from mmviz.state.picture.playback import Playback
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session, open_file
from mmviz.ui.picture import words
from mmviz.ui.picture.tiles import _card_beside
from mmviz.ui.picture.window import window_of
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
GRID = Session(from_widths([4096, 1536]), batch=2304, device="v100", tile=(256, 128))


def wheel(controller: Controller, at: QPointF, notches: int) -> None:
    picture = controller.window.picture
    for _ in range(abs(notches)):
        event = QWheelEvent(
            at,
            picture.mapToGlobal(at),
            QPoint(),
            QPoint(0, 120 if notches > 0 else -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(picture, event)


def test_the_wheel_goes_closer_about_the_pointer_and_back(open_on: Open) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    at = picture.tile_rect(30).center()
    wheel(controller, at, 6)
    assert controller.session.camera.width == pytest.approx(1.25**-6)
    assert picture.tile_rect(30).contains(at)  # what was under the pointer still is
    assert not controller.window.commands["undo"].isEnabled()  # looking is nothing to undo
    wheel(controller, at, -20)
    assert controller.session.camera == WHOLE


def test_from_the_whole_matrix_to_numbers(open_on: Open) -> None:
    session = Session(from_widths([300, 200]), batch=400, device="a100", tile=(64, 64))
    controller = open_on(session)
    picture = controller.window.picture
    seen = []
    for _ in range(30):
        scene = picture.scene()
        assert scene is not None
        window = window_of(scene)
        seen.append(None if window is None else (window.rows, window.columns))
        picture.grab()
        picture.zoom(1.25)
    assert seen[0] is None
    assert seen[-1] is not None
    assert seen[-1] <= (6, 6)


def test_numbers_of_a_larger_product_are_the_real_ones(open_on: Open) -> None:
    controller = open_on(Session(from_widths([300, 200]), batch=400, device="a100"))
    picture = controller.window.picture
    for _ in range(40):
        picture.zoom(1.25)
    controller.set_playback(Playback(position=1.0))
    scene = picture.scene()
    assert scene is not None
    cells, window = scene.view.cells(), window_of(scene)
    assert cells is not None
    assert window is not None
    assert cells.value(window.row, window.column, [(0, 300)]) == pytest.approx(
        float(cells.a[window.row] @ cells.b[:, window.column])
    )
    picture.grab()


def test_keys_zoom_and_pan_and_show_all(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    qtbot.keyClick(picture, Qt.Key.Key_Plus)
    qtbot.keyClick(picture, Qt.Key.Key_Plus)
    closer = controller.session.camera
    assert closer.width == pytest.approx(1.25**-2)
    qtbot.keyClick(picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert controller.session.camera.left > closer.left
    qtbot.keyClick(picture, Qt.Key.Key_Minus)
    qtbot.keyClick(picture, Qt.Key.Key_0)
    assert controller.session.camera == WHOLE


def test_a_drag_moves_what_is_in_view(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    picture.zoom(4.0)
    before = controller.session.camera
    middle = picture.rect().center()
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(picture, middle + QPoint(-40, -30))
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=middle + QPoint(-40, -30))
    after = controller.session.camera
    assert after.left > before.left
    assert after.top > before.top
    assert controller.session.selection is None


@pytest.mark.parametrize("notches", [0, 4])
@pytest.mark.parametrize("steps", [[40, 2], [40, 0], [3, 6, 9, 10, 11], [40, 1]])
def test_a_drag_selects_nothing_wherever_it_ends(
    open_on: Open, notches: int, steps: list[int]
) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    at = picture.tile_rect(40).center().toPoint()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at)
    before = controller.session.selection
    assert before is not None
    wheel(controller, QPointF(at), notches)
    camera = controller.session.camera
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=at + QPoint(90, 40))
    for step in steps:
        QTest.mouseMove(picture, at + QPoint(90 - step, 40))
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=at + QPoint(90 - steps[-1], 40))
    assert controller.session.selection == before
    assert (controller.session.camera != camera) == (notches > 0 and steps[-1] > 0)
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at + QPoint(90, 40))
    assert controller.session.selection != before  # a click still does


def test_a_click_selects_a_tile_and_it_survives_scrubbing(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(GRID)
    picture = controller.window.picture
    where = picture.tile_rect(80).center().toPoint()
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=where)
    assert controller.session.selection == Selection("tile", 80)
    controller.window.transport.slider.setValue(9_000)
    assert controller.session.selection == Selection("tile", 80)
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    assert controller.session.selection is None


def test_a_selected_unit_keeps_its_tiles_bright_and_dims_the_others(open_on: Open) -> None:
    controller = open_on(replace(GRID, selection=Selection("unit", 3)))
    controller.set_playback(Playback(position=1.0))
    image = controller.window.picture.grab().toImage()
    rects = [controller.window.picture.tile_rect(row) for row in range(108)]

    def lightness(row: int) -> int:
        where = QPointF(rects[row].center().x(), rects[row].y() + rects[row].height() * 0.2)
        return QColor(image.pixelColor(where.toPoint())).lightness()

    mine = {3, 83}  # 80 SMs: tile 83 is the second one of SM 3
    assert min(lightness(row) for row in mine) > max(
        lightness(row) for row in range(108) if row not in mine
    )


def test_units_and_waves_are_picked_where_they_stand(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(Session(from_widths([16, 8]), batch=4, device="lanes-16"))
    window = controller.window
    chart = window.units.chart()
    where = QPointF(chart.x() + 50, chart.y() + chart.height() * 3.5 / 16).toPoint()
    qtbot.mouseDClick(window.units, Qt.MouseButton.LeftButton, pos=where)
    assert controller.session.selection == Selection("unit", 3)
    window.units.grab()
    window.transport.ticks.grab()
    ticks = window.transport.ticks
    qtbot.mouseClick(
        ticks, Qt.MouseButton.LeftButton, pos=QPoint(round(7 + (ticks.width() - 14) * 0.5) + 6, 12)
    )
    assert controller.session.selection == Selection("wave", 2)
    window.grab()
    qtbot.mouseClick(
        ticks, Qt.MouseButton.LeftButton, pos=QPoint(round(7 + (ticks.width() - 14) * 0.5) + 6, 12)
    )
    assert controller.session.selection is None


def test_a_loop_plays_on(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("two-by-two")
    qtbot.mouseClick(controller.window.transport.loop, Qt.MouseButton.LeftButton)
    controller.set_playback(replace(controller.playback, position=0.999, playing=True))
    qtbot.waitUntil(lambda: controller.playback.position < 0.5)
    assert controller.playback.playing


def test_turned_a_second_neuron_is_a_second_row(open_on: Open) -> None:
    controller = open_on("two-neurons")
    picture = controller.window.picture
    scene = picture.scene()
    assert scene is not None
    assert scene.sides == (1, 2)
    picture.bar.turn.click()
    scene = picture.scene()
    assert scene is not None
    assert scene.sides == (2, 1)
    assert [matrix.name for matrix in scene.names] == ["W", "X", "Y"]
    picture.grab()
    large = open_on(GRID)
    large.window.picture.bar.turn.click()
    box = large.window.picture.tile_rect(1)  # the second tile of the first row of tiles
    first = large.window.picture.tile_rect(0)
    assert box.y() > first.y()
    assert box.x() == first.x()


@pytest.mark.parametrize("colour", ["state", "wave", "unit", "start", "value"])
def test_every_colouring_paints(open_on: Open, colour: str) -> None:
    for session in (GRID, open_file(networks.read_preset("digits"))):
        controller = open_on(replace(session, colour_by=colour))
        controller.set_playback(Playback(position=0.6))
        assert not controller.window.picture.grab().isNull()


def test_colours_by_unit_tell_two_cores_apart(open_on: Open) -> None:
    controller = open_on(Session(from_widths([64, 256]), batch=128, device="lane-1", tile=(64, 64)))
    controller.look(lambda session: replace(session, colour_by="unit"))
    controller.set_playback(Playback(position=1.0))
    picture = controller.window.picture
    image = picture.grab().toImage()
    where = picture.tile_rect(0).center().toPoint()
    assert image.pixelColor(where).name() == controller.window.theme.identity[0]


def test_a_number_can_be_edited_and_everything_follows(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("two-by-two")
    picture = controller.window.picture
    scene = picture.scene()
    assert scene is not None
    w, h = scene.layout.cell or (0, 0)
    box = scene.layout.b
    where = QPointF(box.x + 1.5 * w, box.y + 0.5 * h).toPoint()  # W[0, 1], which is -1
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=where)
    field = picture.editor.field
    assert isinstance(field, QLineEdit)
    assert field.text() == "-1"
    field.setText("3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    cells = picture_view(controller.derived).cells()
    assert cells is not None
    assert cells.b[0, 1] == 3.0
    assert controller.session.network.name.endswith(", edited")
    controller.window.commands["undo"].trigger()
    restored = picture_view(controller.derived).cells()
    assert restored is not None
    assert restored.b[0, 1] == -1.0


def test_what_is_no_number_is_refused(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("two-by-two")
    before, picture = controller.session, controller.window.picture
    scene = picture.scene()
    assert scene is not None
    picture.editor.open(scene, 0, 0, 0)
    assert picture.editor.field is not None
    picture.editor.field.setText("many")
    qtbot.keyClick(picture.editor.field, Qt.Key.Key_Return)
    assert controller.session == before
    assert "must be a number of at most 1e30" in controller.window.notice.text.text()


def test_tile_and_order_are_chosen_at_the_right(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    top, controls = controller.window.top, controller.window.facts.controls
    top.device.entries()["a100"].trigger()
    controls.order.setCurrentIndex(controls.order.findData("columns"))
    controls.order.activated.emit(controls.order.currentIndex())
    assert controller.session.order == "columns"
    trace = controller.derived.trace
    assert trace is not None
    assert trace.n[:2].tolist() == [0, 0] or trace.tiling.tiles_m == 1
    entry = controls.tile.lineEdit()
    assert entry is not None
    entry.setText("96 x 64")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert controller.session.tile == (96, 64)
    entry.setText("96")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert "must look like 96x64" in controller.window.notice.text.text()
    assert controls.tile.currentText() == "96 × 64"
    entry.setText("auto")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert controller.session.tile is None


@pytest.mark.parametrize("order", ["swizzle-8", "split-k-4", "stream-k", "persistent"])
def test_every_order_plays(open_on: Open, order: str) -> None:
    controller = open_on(replace(GRID, device="a100", tile=(128, 128), order=order))
    for position in (0.0, 0.3, 0.97, 1.0):
        controller.set_playback(Playback(position=position))
        assert not controller.window.grab().isNull()
    for by in ("k-step", "wave"):
        controller.step(-1, by)
        controller.step(1, by)


def test_what_is_cut_below_the_picture_is_whole_in_its_tip(open_on: Open) -> None:
    controller = open_on(GRID)
    controller.set_playback(Playback(position=0.75))
    picture = controller.window.picture
    lines = "52 of 80 SMs idle in the last wave", "Y = X·W"
    for width, told in ((1800, (False, False)), (680, (False, True)), (400, (True, True))):
        picture.resize(width, 500)
        scene = picture.scene()
        assert scene is not None
        below = QPoint(round(scene.layout.c.x) + 20, round(scene.layout.c.bottom) + 12)
        event = QHelpEvent(QEvent.Type.ToolTip, below, picture.mapToGlobal(below))
        QApplication.sendEvent(picture, event)
        assert tuple(line in QToolTip.text() for line in lines) == told, width
        QToolTip.hideText()


def test_a_count_stands_beside_its_mark(open_on: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number has room before it, and none moves while it changes."""
    session = Session(from_widths([64, 4096]), batch=4096, device="v100", tile=(32, 32))
    controller = open_on(session)
    controller.window.resize(1680, 1000)
    said: list[tuple[str, float]] = []
    write = words.write

    def heard(painter: QPainter, x: float, y: float, text: str, *look: Any) -> float:
        if text.endswith(("done", "now", "waiting")):
            said.append((text, x))
        return write(painter, x, y, text, *look)

    monkeypatch.setattr(words, "write", heard)
    for position in (0.0, 0.5):
        controller.set_playback(Playback(position))
        controller.window.picture.grab()
    first, later = said[:3], said[-3:]
    assert [text for text, _ in first] != [text for text, _ in later]
    assert [x for _, x in first] == [x for _, x in later]
    assert all(text[0].isdigit() for text, _ in said)


@pytest.mark.parametrize("x", [4.0, 150.0, 260.0])
@pytest.mark.parametrize("y", [4.0, 180.0, 350.0])
def test_the_card_of_a_tile_leaves_it_in_sight_in_a_narrow_picture(x: float, y: float) -> None:
    spot = QRectF(x, y, 40, 40)
    card = _card_beside(spot, 310, 400, 266, 92)
    assert not card.intersects(spot)
    assert QRectF(0, 0, 310, 400).contains(card)
