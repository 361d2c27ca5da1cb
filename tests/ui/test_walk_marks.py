"""What stands in the window after a guess: the answer, the click, and what is lit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.state.lessons.guesses import Click, Unsure
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.lessons.lights import Lights
from mmviz.ui.lessons.marks import ANSWER, CLICKED, LIT, PAST, Layer
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.words.speech import speak

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
SMALL, MIDDLE, LARGE = (1024, 560), (1280, 720), (1680, 1050)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def press(widget: object, at: QPoint | None = None) -> None:
    more = {} if at is None else {"pos": at}
    QTest.mouseClick(widget, LEFT, **more)  # type: ignore[call-overload]


def begun(
    open_on: Open, qtbot: QtBot, lesson: str, step: str, size: tuple[int, int] = LARGE
) -> WalkControl:
    controller = open_on("digits", size=size)
    control = controller.findChild(WalkControl)
    assert control is not None
    control.open(lesson, control.read().find(lesson).number(step))
    settled(qtbot, controller)
    QTest.qWait(20)
    controller.window.reduced_motion = True
    return control


def lights_of(control: WalkControl) -> Lights:
    found = control.window.findChild(Lights)
    assert found is not None
    return found


def regions(control: WalkControl, widget: QWidget, kind: str) -> list[QRectF]:
    """What is framed so on a widget."""
    layer = lights_of(control).layers.get(widget)
    if not isinstance(layer, Layer) or layer.isHidden():
        return []
    return [one for mark in layer.marks if mark.kind == kind for one in mark.where()]


def unsure(control: WalkControl, qtbot: QtBot) -> None:
    press(control.window.card.answering.dunno)
    settled(qtbot, control.controller)


def card_at(control: WalkControl, product: int) -> QRectF:
    strip = control.window.strip
    return QRectF(strip.list.visualRect(strip.model.index(product)))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=str)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_strip_tells_no_time_and_all_its_products_are_in_sight(
    open_on: Open, qtbot: QtBot, size: tuple[int, int], language: str
) -> None:
    control = begun(open_on, qtbot, "training", "longest", size)
    window = control.window
    window.set_words(speak(language))
    docks, strip = window.docks.all, window.strip
    if not docks["strip"].seen:
        press(window.card.answering.place)
        qtbot.waitUntil(lambda: docks["strip"].seen)
    count, viewport = strip.model.rowCount(), strip.list.viewport()
    assert count == 8
    assert viewport is not None
    QTest.qWait(20)
    for product in range(count):
        assert QRectF(viewport.rect()).contains(card_at(control, product).adjusted(1, 1, -9, -1))
        thing = strip.thing_of(product)
        assert thing is not None
        spoken = strip.model.data(strip.model.index(product), Qt.ItemDataRole.ToolTipRole)
        assert not str(thing.value)
        assert "µs" not in str(spoken)
    assert strip.summary.text() == ""
    at = card_at(control, 7).center().toPoint()
    press(viewport, at)  # fc6 wgrad, the last of all
    settled(qtbot, control.controller)
    assert control.walk is not None
    assert control.walk.equal
    thing = strip.thing_of(7)
    assert thing is not None
    assert str(thing.value)


def test_the_right_product_and_the_click_are_both_framed(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "training", "longest")
    strip = control.window.strip
    viewport = strip.list.viewport()
    assert viewport is not None
    press(viewport, card_at(control, 5).center().toPoint())
    settled(qtbot, control.controller)
    QTest.qWait(20)
    (right,) = regions(control, strip.list, ANSWER)
    assert right.center().x() == pytest.approx(
        card_at(control, 7).adjusted(1, 1, -9, -1).center().x() + viewport.x(), abs=1
    )
    assert QRectF(strip.list.rect()).contains(right)
    strip.bring_up(5)
    (mine,) = regions(control, strip.list, CLICKED)
    assert mine != right


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=str)
def test_the_right_cell_and_the_click_are_framed_in_the_picture(
    open_on: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "batch", "read", size)
    picture = control.window.picture
    scene = picture.scene()
    assert scene is not None
    assert regions(control, picture, ANSWER) == []
    w, h = scene.layout.cell or (0.0, 0.0)
    box = scene.layout.b
    at = QPointF(box.x + w / 2, box.y + h / 2)  # W(0, 0); W(2, 1) is read
    before = picture.grab().toImage()
    press(picture, at.toPoint())
    settled(qtbot, control.controller)
    assert regions(control, picture, CLICKED) == [QRectF(box.x, box.y, w, h)]
    assert regions(control, picture, ANSWER) == [QRectF(box.x + w, box.y + 2 * h, w, h)]
    assert picture.grab().toImage() != before
    press(control.window.card.on)
    settled(qtbot, control.controller)
    assert regions(control, picture, ANSWER) == []


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=str)
def test_lanes_are_framed_where_they_are_seen(
    open_on: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "batch", "idle", size)
    window, board = control.window, lights_of(control).board
    control._guess(Click(frozenset({2})))
    settled(qtbot, control.controller)
    QTest.qWait(20)
    if window.docks.all["time"].seen:
        assert not board.isVisible()
        (idle,) = regions(control, window.units, ANSWER)
        (mine,) = regions(control, window.units, CLICKED)
        assert mine.bottom() <= idle.y() + 1
        assert idle.bottom() == pytest.approx(window.units.chart().bottom())
    else:
        assert board.isVisible()
        assert board.view is not None
        assert board.view.right == frozenset(range(4, 16))
        assert board.view.clicked == frozenset({2})
        assert len(board.boxes()) == 16
        assert all(QRectF(board.rect()).contains(box) for box in board.boxes())
        scene = window.picture.scene()
        assert scene is not None
        assert scene.layout.c.bottom < board.y()  # it covers nothing of Y


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
def test_what_is_lit_as_idle_is_what_idles(
    open_on: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "tiles", "idle", size)
    unsure(control, qtbot)
    QTest.qWait(20)
    window, board = control.window, lights_of(control).board
    assert control.controller.session.selection is None
    if size == LARGE:
        (idle,) = regions(control, window.units, ANSWER)
        chart = window.units.chart()
        assert idle.height() == pytest.approx(chart.height() * 72 / 80, rel=0.01)
    else:
        assert board.view is not None
        assert len(board.view.right) == 72
        assert str(board.view.said) == "72 of 80 SMs idle"


def test_a_row_is_lit_not_a_tile(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "shape", "axis", SMALL)
    options = control.window.card.answering.options
    assert next(one.text() for one in options if one.isVisible()) == "the rows of X and of Y"
    press(options[0])
    settled(qtbot, control.controller)
    assert control.walk is not None
    assert control.walk.equal
    scene = control.window.picture.scene()
    assert scene is not None
    of_x, of_y = regions(control, control.window.picture, LIT)
    for row, box in ((of_x, scene.layout.a), (of_y, scene.layout.c)):
        assert (row.x(), row.width()) == (box.x, box.w)
        assert row.height() == pytest.approx(box.h / 128)
    assert control.controller.session.selection is None


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=str)
@pytest.mark.parametrize("step", ["edge", "quarter"])
def test_what_sticks_out_past_the_edge_is_drawn(
    open_on: Open, qtbot: QtBot, step: str, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "tiles", step, size)
    unsure(control, qtbot)
    picture = control.window.picture
    scene = picture.scene()
    assert scene is not None
    (past,) = regions(control, picture, PAST)
    assert QRectF(picture.rect()).contains(past)
    tile = scene.x(128.0) - scene.x(0.0), scene.y(128.0) - scene.y(0.0)
    if step == "edge":
        assert past.width() == pytest.approx(tile[0] * 24 / 128, abs=1)
    else:
        assert past.height() == pytest.approx(tile[1] * 127 / 128, abs=1)


def test_the_code_stands_at_its_end_once_it_is_shown(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "loop", "shape")
    control._guess(Unsure())
    settled(qtbot, control.controller)
    panels = [one for one in control.window.findChildren(LoopsPanel) if one.isVisible()]
    (panel,) = panels
    qtbot.waitUntil(lambda: panel.stepper.step == 9)


def test_sums_are_not_told_before_they_are_asked_for(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "neuron", "steps")
    picture = control.window.picture
    unsure(control, qtbot)
    scene = picture.scene()
    assert scene is not None
    assert scene.hides == frozenset({"sums"})
    box = scene.layout.c
    thing = picture.thing_at(QPointF(box.x + box.w / 2, box.y + box.h / 2))
    assert thing is not None
    assert not str(thing.value)
    press(control.window.card.on)
    settled(qtbot, control.controller)
    unsure(control, qtbot)
    scene = picture.scene()
    assert scene is not None
    assert "sums" not in scene.hides
