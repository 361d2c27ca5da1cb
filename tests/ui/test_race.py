"""A race as a person drives it: two pictures, one clock, the winner seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import races
from PyQt6 import sip
from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from races import preset
from windows import tab_to

from mmviz.core.shapes.network import from_widths
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.session import Session
from mmviz.ui.look import fonts
from mmviz.ui.look.plain_keys import typing
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.start.app import application
from mmviz.words.speech import ENGLISH, Words

SIZES = [(1280, 720), (1680, 1050), (3840, 2160)]
Open = Callable[..., RaceWindow]
TILES = "tile 64 × 64 against 128 × 128"


# As long a name as there is to be shown.
GPU = replace(races.GPU, name="NVIDIA A100 SXM4 80 GB")
ALEXNET = preset("alexnet", device="a100", dtype="float16", batch=2048, edited=GPU)


@pytest.fixture
def open_race(qtbot: QtBot) -> Iterator[Open]:
    """Call it with a session and perhaps the name of a ready-made race: gives the shown window."""
    opened: list[RaceWindow] = []

    def call(
        session: Session = ALEXNET,
        race: str = TILES,
        theme: Theme = DARK,
        size: tuple[int, int] = (1400, 900),
    ) -> RaceWindow:
        application()
        window = RaceWindow(session, theme)
        opened.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        names = [
            window.ready.itemText(i).replace("\u202f", " ") for i in range(window.ready.count())
        ]
        if race in names:
            choose(window.ready, race)
        return window

    yield call
    while opened:  # closing deletes it
        window = opened.pop()
        if not sip.isdeleted(window):
            window.close()
    del call


def choose(combo: QComboBox, text: str) -> None:
    """As a person chooses from the list."""
    texts = [combo.itemText(i).replace("\u202f", " ") for i in range(combo.count())]
    combo.setCurrentIndex(texts.index(text))
    combo.activated.emit(combo.currentIndex())


def type_into(qtbot: QtBot, box: QWidget, text: str) -> None:
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def plain_text(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def plain(label: QLabel) -> str:
    return plain_text(label.text())


MARKED = Words("marked", lambda one, many, n: f"«{one if n == 1 or not many else many}»")


def said(window: RaceWindow) -> list[str]:
    """All that is to be read in the parts of the race, their tool tips and names too."""
    parts = (window.transport, window.table, window.verdict, window.about, window.ready)
    labels = [label.text() for label in window.findChildren(QLabel)]
    tips = [part.toolTip() for part in (*parts, *window.sides, window.transport.pace)]
    names = [
        control.accessibleName()
        for panel in window.sides
        for control in (panel.device, panel.batch, panel.dtype, panel.tile, panel.order)
    ]
    table = window.table
    cells = [
        item.text()
        for i, j in itertools.product(range(table.rowCount()), range(table.columnCount()))
        if (item := table.item(i, j)) is not None
    ]
    lists = [window.ready.itemText(i) for i in range(window.ready.count())]
    marks = [text for _, _, text in window.transport.marks.places()]
    descriptions = [panel.progress.accessibleDescription() for panel in window.sides]
    return [*labels, *tips, *names, *cells, *lists, *marks, *descriptions, window.windowTitle()]


def all_of(window: RaceWindow) -> QToolButton:
    """The button that shows the whole matrix."""
    return next(b for b in window.bar.findChildren(QToolButton) if b.text() == "all")


def computing(window: RaceWindow) -> list[int]:
    """How many tiles compute at this instant, left and right, in the pictures themselves."""
    scenes = [panel.picture.scene() for panel in window.sides]
    return [-1 if scene is None else scene.frame.computing for scene in scenes]


def test_the_winner_is_seen_to_finish_first(open_race: Open) -> None:
    window = open_race()
    window.seek(0.5)
    assert computing(window) == [432, 216]
    assert not any(panel.progress.finished for panel in window.sides)
    window.seek(0.97)
    assert computing(window) == [0, 80]
    left, right = (panel.progress for panel in window.sides)
    assert str(left.state()) == "finished after 497 µs"
    assert str(right.state()) == "507 of 523 µs"
    for panel, done in zip(window.sides, (True, False), strict=True):
        bar, image = panel.progress.bar(), panel.progress.grab().toImage()
        point = image.pixelColor(int(bar.center().x()), int(bar.center().y()))
        assert (point == QColor(DARK.now)) is not done
    assert "left finishes first, after 95.0 % of right's time" in plain(window.verdict)


def test_both_bars_run_at_one_speed_on_one_scale(open_race: Open) -> None:
    """The same instant is the same distance from the left edge on both sides."""
    window = open_race()
    bars = [panel.progress.bar() for panel in window.sides]
    assert bars[0].width() / bars[1].width() == pytest.approx(0.95, abs=0.005)
    marks = window.transport.marks
    slider = window.transport.slider
    xs = [x for x, _, _ in marks.places()]
    assert (xs[0] - 7) / (slider.width() - 14) == pytest.approx(0.9502, abs=0.002)
    assert xs[1] == pytest.approx(slider.width() - 7, abs=1)


def test_the_keys_drive_the_clock(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    picture = window.sides[0].picture
    assert picture.hasFocus()
    qtbot.keyClick(picture, Qt.Key.Key_End)
    assert window.playback.position == 1.0
    assert computing(window) == [0, 0]
    qtbot.keyClick(picture, Qt.Key.Key_Home)
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert window.playback.position == pytest.approx(0.01)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert window.playback.position == 0.0
    for expected in (0.2, 0.4, 0.6, 0.8, 0.9502, 1.0):
        qtbot.keyClick(picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        # a wave of 64 × 64 is a fifth of the whole; then left's finish, then right's
        assert window.playback.position == pytest.approx(expected, abs=0.003)
    qtbot.keyClick(picture, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert window.playback.position == pytest.approx(0.95, abs=0.003)


def test_playing_and_pausing(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    assert not window.playback.playing
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.playback.position > 0.0)
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Space)
    stood = window.playback.position
    assert not window.playback.playing
    qtbot.mouseClick(window.transport.buttons["play"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.playback.position > stood)
    window.seek(0.9999)
    qtbot.waitUntil(lambda: not window.playback.playing)
    assert window.playback.position == 1.0


def test_a_loop_begins_again(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    qtbot.mouseClick(window.transport.loop, Qt.MouseButton.LeftButton)
    window.seek(0.9999)
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.playback.position < 0.9)
    assert window.playback.playing


def test_scrubbing_and_stepping_by_mouse(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    window.transport.slider.setValue(2_500)
    assert window.playback.position == 0.25
    qtbot.mouseClick(window.transport.buttons["step_on"], Qt.MouseButton.LeftButton)
    assert window.playback.position == pytest.approx(0.26)
    qtbot.mouseClick(window.transport.buttons["wave_back"], Qt.MouseButton.LeftButton)
    assert window.playback.position == pytest.approx(0.2, abs=0.003)


def test_a_click_on_the_slider_goes_to_the_place(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    slider = window.transport.slider
    for share in (0.75, 0.25, 1.0, 0.5):
        at = QPoint(round(7 + share * (slider.width() - 14)), slider.height() // 2)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at)
        assert window.playback.position == pytest.approx(share, abs=0.01)


def test_the_speed_is_stated_and_changes_no_number(open_race: Open) -> None:
    window = open_race()
    time, pace = window.transport.time.text(), window.transport.pace.text()
    assert pace == "1 s shows 50.0 µs"
    window.transport.speed.setCurrentIndex(4)
    assert window.playback.speed == 4.0
    assert window.transport.pace.text() == "1 s shows 200 µs"
    assert window.transport.time.text() == time


def test_lanes_race_on_digits(open_race: Open) -> None:
    window = open_race(preset("digits"), "16 lanes against 1 000")
    window.seek(0.3)
    assert computing(window) == [16, 0]
    assert plain(window.verdict).startswith("Right finishes first, after 5.00 % of left's time")
    bars = [panel.progress.bar().width() for panel in window.sides]
    assert bars[1] / bars[0] == pytest.approx(0.05, abs=0.01)


def test_without_a_common_time_nobody_wins(open_race: Open) -> None:
    window = open_race(race="CPU against GPU: this machine, an A100")
    window.seek(0.5)
    assert plain(window.verdict).startswith("Nobody wins: This machine counts steps")
    assert str(window.sides[1].progress.state()) == (f"50.0 % of {window.raced.right.own_text()}")
    assert window.transport.time.text() == "50.0 % of each"
    assert str(window.transport.marks.marks[0][1]).endswith("no common time")
    window.seek(1.0)
    assert computing(window) == [0, 0]


def test_every_choice_of_a_side(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    left, right = window.sides
    type_into(qtbot, left.batch, "100")
    assert (window.race.left.batch, window.race.right.batch) == (100, 2048)
    assert window.ready.currentIndex() == -1
    assert right.batch.value() == 2048
    edit = right.tile.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "256x128")
    assert window.race.right.tile == (256, 128)
    assert right.tile.currentText().replace("\u202f", " ") == "256 × 128"
    assert "tile 256 × 128" in right.caption.toolTip().replace("\u202f", " ")
    edit = right.order.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "split-k-3")
    assert window.race.right.order == "split-k-3"
    left.dtype.setCurrentIndex(left.dtype.findData("float32"))
    assert window.race.left.dtype == "float32"
    right.device.entries()["v100"].trigger()
    assert (window.race.right.device, window.race.right.tile) == ("v100", None)
    assert right.tile.currentText() == "auto"
    choose(window.ready, "tile 64 × 64 against 128 × 128")
    assert (window.race.left.tile, window.race.right.tile) == ((64, 64), (128, 128))
    assert window.race.left.batch == 2048


def test_a_wrong_entry_is_said_and_changes_nothing(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    before, stood = window.race, window.sides[0].picture.geometry()
    box = window.sides[0].tile
    edit = box.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "64 by 64")
    assert window.notice.isVisible()
    assert "a tile must look like 64 × 128" in window.notice.text.text()
    assert window.sides[0].picture.geometry() == stood  # it lies over the race, beside its field
    assert not window.notice.geometry().intersects(QRect(box.mapTo(window, QPoint()), box.size()))
    assert window.race == before
    assert box.currentText() == "64 × 64"
    edit = window.sides[1].order.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "ws")
    assert "ws" in window.notice.text.text()
    assert window.sides[1].order.currentText() == "auto"
    type_into(qtbot, window.sides[0].batch, "64")
    assert not window.notice.isVisible()


def test_the_order_is_seen_though_it_changes_no_time(open_race: Open) -> None:
    window = open_race(race="order rows against swizzle-8")
    window.seek(0.2)
    scenes = [panel.picture.scene() for panel in window.sides]
    assert all(scene is not None for scene in scenes)
    states = [scene.frame.state() for scene in scenes if scene is not None]
    assert (states[0] != states[1]).any()
    assert "not modelled" in plain(window.verdict)


def test_another_product_and_the_whole_pass(open_race: Open) -> None:
    window = open_race()
    choose(window.product, "fc8")
    assert [side.derived.gemm.name for side in window.raced.sides] == ["fc8", "fc8"]
    assert window.ready.currentText() == "tile 64 × 64 against 128 × 128"
    choose(window.product, "whole pass")
    assert window.race.whole_pass
    names = []
    for share in (0.01, 0.8, 1.0):
        window.seek(share)
        assert "AlexNet classifier, " in window.sides[0].caption.toolTip()
        names.append(str(window.sides[0].progress.product))
    assert names == ["fc6", "fc7", "fc8"]
    window.grab()
    assert "Launches between products are counted" in window.about.whole
    choose(window.ready, "batch 2 047 against 2 048")
    assert window.race.whole_pass
    choose(window.product, "fc7")
    assert not window.race.whole_pass
    assert window.race.left.product == 1


def test_both_pictures_zoom_and_colour_together(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    window.seek(0.5)
    left, right = (panel.picture for panel in window.sides)
    left.zoom(4.0)
    scenes = [picture.scene() for picture in (left, right)]
    cameras = [scene.camera for scene in scenes if scene is not None]
    assert cameras[0] == cameras[1]
    assert cameras[0] != Camera()
    qtbot.mouseClick(all_of(window), Qt.MouseButton.LeftButton)
    scenes = [picture.scene() for picture in (left, right)]
    assert [scene.camera for scene in scenes if scene is not None] == [Camera(), Camera()]
    choose(window.bar.colour, "unit")
    qtbot.mouseClick(window.bar.turn, Qt.MouseButton.LeftButton)
    left.zoom(4.0)
    choose(window.ready, "batch 2 047 against 2 048")
    for picture in (left, right):
        scene = picture.scene()
        assert scene is not None
        assert scene.turned
        assert scene.camera == Camera()
        assert scene.view.colour_by == "unit"
        assert not picture.bar.isVisible()
    assert window.ready.currentText().replace("\u202f", " ") == "batch 2 047 against 2 048"


def test_a_tile_is_picked_on_its_own_side(open_race: Open) -> None:
    window = open_race()
    left, right = (panel.picture for panel in window.sides)
    left.selected.emit(Selection("tile", 7))
    scenes = [picture.scene() for picture in (left, right)]
    assert [scene.selection for scene in scenes if scene is not None] == [
        Selection("tile", 7),
        None,
    ]


def test_a_number_edited_in_one_picture_stays_on_its_side(open_race: Open) -> None:
    window = open_race(preset("two-by-two"))
    window.sides[1].picture.editor.edited.emit(1, 0, 0, 9.0)
    weights = [side.session.network.layers[0].weights for side in window.raced.sides]
    assert weights[0] is not None
    assert weights[1] is not None
    assert weights[0][0][0] != 9.0
    assert weights[1][0][0] == 9.0
    window.sides[0].picture.editor.edited.emit(1, 0, 0, float("nan"))
    assert window.notice.isVisible()


def test_too_many_tiles_are_a_sentence_not_a_freeze(qtbot: QtBot, open_race: Open) -> None:
    window = open_race(Session(from_widths([4, 16_777_216]), batch=64, device="lanes-16"))
    choose(window.ready, "16 lanes against 1 000")
    assert window.raced.axis is None
    assert not window.transport.isEnabled()
    assert plain(window.verdict).startswith("No race: ")
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Space)
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert not window.playback.playing
    window.grab()
    type_into(qtbot, window.sides[0].batch, "1")
    assert window.raced.axis is None  # the right side still has too many


def test_the_table_marks_who_is_better_in_words(open_race: Open) -> None:
    window = open_race()
    table = window.table
    heads = [table.horizontalHeaderItem(i) for i in range(table.columnCount())]
    labels = [head.text() for head in heads if head is not None]
    told = window.raced.rows
    assert labels == [str(r.label) for r in told if r.left != r.right or str(r.label) == "time"]
    assert "FLOP" not in labels, "both do the same work"
    column = labels.index("units busy")
    texts = [item.text() for i in range(5) if (item := table.item(i, column)) is not None]
    assert texts == ["99.8 %", "94.8 %", "1.05 ×", "—", "modelled"]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["alexnet", "digits", "two-by-two"])
def test_nothing_is_squeezed_or_cut(
    open_race: Open, size: tuple[int, int], theme: Theme, name: str
) -> None:
    session = ALEXNET if name == "alexnet" else preset(name)
    window = open_race(session, theme=theme, size=size)
    assert (window.width(), window.height()) == size
    window.seek(0.6)
    table = window.table
    for i, j in itertools.product(range(table.rowCount()), range(table.columnCount())):
        item = table.item(i, j)
        assert item is not None
        assert table.sizeHintForColumn(j) <= table.columnWidth(j)
    for panel in window.sides:
        assert panel.picture.height() >= 200
        controls = (panel.device, panel.batch, panel.dtype, panel.tile, panel.order)
        for a, b in itertools.pairwise(controls):
            assert a.geometry().right() < b.geometry().left()
        for name in (panel.device.text() + " ▾", panel.dtype.currentText()):
            box = panel.device if name.endswith("▾") else panel.dtype
            assert box.fontMetrics().horizontalAdvance(name) + 26 <= box.width()
        for box in (panel.tile, panel.order):
            edit = box.lineEdit()
            assert edit is not None
            assert edit.fontMetrics().horizontalAdvance(box.currentText()) + 4 <= edit.width()
        text = panel.batch.fontMetrics().horizontalAdvance(panel.batch.text())
        assert text + 16 <= panel.batch.width()
    time = window.transport.time
    assert time.fontMetrics().horizontalAdvance(time.text()) <= time.width()
    boxes = [box for _, box, _ in window.transport.marks.places()]
    for box in boxes:
        assert box.left() >= 0
        assert box.right() <= window.transport.marks.width()
    for a, b in itertools.combinations(boxes, 2):
        assert not a.intersects(b)


def test_it_fits_a_small_screen_also_after_a_large_one(open_race: Open) -> None:
    """1366 × 768 at 125 %, less the frame: all controls beside each other, both pictures seen."""
    window = open_race(size=(1680, 1050))
    window.resize(1024, 560)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1024, 560)
    for panel in window.sides:
        assert panel.picture.height() >= 140
        controls = (panel.device, panel.batch, panel.dtype, panel.tile, panel.order)
        for a, b in itertools.pairwise(controls):
            assert a.geometry().right() < b.geometry().left()
        edit = panel.tile.lineEdit()
        assert edit is not None
        assert edit.fontMetrics().horizontalAdvance(edit.text()) + 4 <= edit.width()
    bottom = window.table.mapTo(window, window.table.rect().bottomLeft()).y()
    assert bottom <= window.height()


def share_of(window: RaceWindow, side: int, colour: str) -> float:
    """How much of Y as it is drawn has exactly this colour, 0 … 1."""
    picture = window.sides[side].picture
    scene = picture.scene()
    assert scene is not None
    box = scene.layout.c
    image = picture.grab(QRectF(box.x, box.y, box.w, box.h).toRect()).toImage()
    wanted, w, h = QColor(colour).rgb() & 0xFFFFFF, image.width(), image.height()
    found = sum(image.pixel(x, y) & 0xFFFFFF == wanted for y in range(h) for x in range(w))
    return found / (w * h)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_narrow_tiles_fill_while_they_are_computed(open_race: Open, theme: Theme) -> None:
    """216 tiles at a time, a few pixels wide: amber grows with the time, and stands for it."""
    layers = Session(from_widths([4096, 11008, 4096]), batch=96, device="a100", dtype="bfloat16")
    window = open_race(layers, theme=theme, size=(1280, 720))
    choose(window.ready, "batch 96 against 128")
    found = []
    for share in (0.02, 0.1, 0.2, 0.3):
        window.seek(share)
        assert computing(window)[1] == 216
        found.append(share_of(window, 1, theme.now))
    assert found == sorted(set(found))
    assert found[0] < 0.1
    assert found[-1] > 5 * max(found[0], 0.02)


@pytest.mark.parametrize("order", ["split-k-4", "stream-k"])
def test_parts_along_k_are_seen_done_long_before_the_last_wave(
    qtbot: QtBot, open_race: Open, order: str
) -> None:
    """What is done of a tile, what is computed and what waits, each in its place along k."""
    window = open_race(preset("alexnet", device="a100", dtype="float16", batch=2048))
    edit = window.sides[1].order.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, order)
    right, axis = window.raced.right, window.raced.axis
    assert axis is not None
    parts = []
    for share in (0.05, 0.3, 0.5):
        window.seek(share * right.finish / axis.end)
        scene = window.sides[1].picture.scene()
        assert scene is not None
        assert scene.frame.wave < scene.trace.waves
        parts.append(share_of(window, 1, DARK.order[-1]))
        assert share_of(window, 1, DARK.now) > 0
    assert parts[0] < parts[1]
    assert parts[-1] > 0.01


def colour_of(label: QLabel) -> str:
    return label.palette().color(label.foregroundRole()).name()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_verdict_that_is_open_is_grey(qtbot: QtBot, open_race: Open, theme: Theme) -> None:
    layers = Session(from_widths([4096, 11008, 4096]), batch=96, device="a100", dtype="bfloat16")
    window = open_race(layers, theme=theme)
    choose(window.ready, "batch 96 against 128")
    assert colour_of(window.verdict) == theme.text
    assert plain(window.verdict).startswith("Per example right takes 76.")
    assert "± " in plain(window.verdict)
    assert not re.search(r"± | %|\d µs", window.verdict.text())  # no line ends within a figure
    type_into(qtbot, window.sides[0].batch, "127")
    assert colour_of(window.verdict) == theme.muted
    assert plain(window.verdict).startswith("Per example it is too close to call")
    greens = [
        item.text()
        for i, j in itertools.product(range(4), range(window.table.columnCount()))
        if (item := window.table.item(i, j)) is not None
        and item.foreground().color().name() == theme.agreed
        and (head := window.table.horizontalHeaderItem(j)) is not None
        and head.text() in ("time", "per example", "rate")
    ]
    assert greens == []
    window.sides[1].dtype.setCurrentIndex(window.sides[1].dtype.findData("float64"))
    assert colour_of(window.verdict) == theme.muted
    assert plain(window.verdict).startswith("No verdict, since the error is unknown")


def test_what_differs_stands_first_above_each_picture(qtbot: QtBot, open_race: Open) -> None:
    """Nothing that both share, so that it is not cut where there is little room."""
    layers = Session(from_widths([4096, 11008, 4096]), batch=96, device="a100", dtype="bfloat16")
    window = open_race(layers, size=(1024, 560))
    choose(window.ready, "batch 96 against 128")
    captions = [str(panel.caption.differs) for panel in window.sides]
    assert captions == ["batch 96", "batch 128"]
    edit = window.sides[1].tile.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "128x128")
    captions = [plain_text(str(panel.caption.differs)) for panel in window.sides]
    assert captions == ["batch 96 · tile automatic", "batch 128 · tile 128 × 128"]
    assert window.about.whole.startswith("On both sides: layer 1 · 4096-11008-4096 · NVIDIA A100")
    for panel in window.sides:
        text = f"{panel.caption.heading} {panel.caption.differs}"
        font = fonts.words(fonts.TITLE, bold=True)
        assert QFontMetricsF(font).horizontalAdvance(text) < panel.caption.width()


@pytest.fixture
def large() -> Iterator[None]:
    fonts.set_large(True)
    yield
    fonts.set_large(False)


@pytest.mark.usefixtures("large")
def test_large_type_fits_a_small_screen(open_race: Open) -> None:
    """Nothing pushes the window wider, and the words of a picture stand below it, not over it."""
    layers = Session(from_widths([4096, 11008, 4096]), batch=96, device="a100", dtype="bfloat16")
    window = open_race(layers, race="batch 96 against 128", size=(1024, 560))
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1024, 560)
    for panel in window.sides:
        assert panel.picture.geometry().bottom() < panel.progress.geometry().top()
        assert panel.picture.height() >= 140
    rows = [window.transport, window.verdict, window.about, window.table]
    for a, b in itertools.pairwise(rows):
        assert a.geometry().bottom() < b.geometry().top()
    assert window.table.geometry().bottom() <= window.height()


@pytest.mark.usefixtures("large")
def test_large_type_cuts_no_setting_and_no_cell(open_race: Open) -> None:
    layers = Session(from_widths([4096, 11008, 4096]), batch=96, device="a100", dtype="bfloat16")
    window = open_race(layers, size=(1280, 720))
    changes = {"batch": 128, "dtype": "float16", "tile": "128x256", "order": "swizzle-8"}
    for field, value in changes.items():
        window.edit(1, field, value)
    for panel in window.sides:
        caption = panel.caption
        text = plain_text(str(caption.differs))
        assert len(text.split(" · ")) == 4
        wide = QFontMetricsF(caption.face()).horizontalAdvance(text)
        assert wide + QFontMetricsF(fonts.heading()).horizontalAdvance("RIGHT") < caption.width()
        for box in (panel.tile, panel.order):
            edit = box.lineEdit()
            assert edit is not None
            assert edit.fontMetrics().horizontalAdvance(edit.text()) + 4 <= edit.width()
        name = panel.dtype.currentText()
        assert panel.dtype.fontMetrics().horizontalAdvance(name) + 26 <= panel.dtype.width()
    table = window.table
    for j in range(table.columnCount()):
        assert table.sizeHintForColumn(j) <= table.columnWidth(j)


def test_changing_the_theme_while_open(open_race: Open) -> None:
    window = open_race()
    window.seek(0.5)
    dark = window.grab().toImage().pixelColor(2, 2)
    window.set_theme(LIGHT)
    light = window.grab().toImage().pixelColor(2, 2)
    assert (dark.name(), light.name()) == (DARK.ground, LIGHT.ground)
    corner = window.bar.mapTo(window, window.bar.rect().bottomLeft())
    assert window.grab().toImage().pixelColor(corner).name() == LIGHT.ground


def test_another_language_and_back(qtbot: QtBot, open_race: Open) -> None:
    """Everything that is said is said anew, and what was chosen stays."""
    window = open_race()
    window.seek(0.97)
    before = said(window)
    window.set_words(MARKED)
    names = ("AlexNet classifier, ", "float", "bfloat", "tf32", "order")
    plain_english = [
        text for text in said(window) if re.search("[a-z]{3}", text) and "«" not in text
    ]
    assert [text for text in plain_english if not text.startswith(names)] == []
    tiles = window.ready.currentIndex()
    edit = window.sides[1].tile.lineEdit()
    assert edit is not None
    type_into(qtbot, edit, "«auto»")  # as it stands in the list
    assert window.race.right.tile is None
    window.ready.activated.emit(tiles)
    window.seek(0.97)
    window.set_words(ENGLISH)
    assert said(window) == before


def test_every_control_has_a_name(open_race: Open) -> None:
    window = open_race()
    for kind in (QComboBox, QAbstractSpinBox, QSlider, QToolButton):
        for control in window.findChildren(kind):
            assert control.accessibleName() or control.toolTip(), control


def test_closing_while_playing_leaves_nothing(qtbot: QtBot) -> None:
    """That no timer survives is checked after every test."""
    application()
    parent = QWidget()
    qtbot.addWidget(parent)
    window = RaceWindow(ALEXNET, DARK, parent)
    window.show()
    qtbot.keyClick(window.sides[0].picture, Qt.Key.Key_Space)
    assert window.playback.playing
    with qtbot.waitSignal(window.destroyed):
        window.close()


def test_whatever_was_clicked_space_plays_and_arrows_step(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    clicked = [
        part
        for part in window.findChildren(QWidget)
        if part.isVisible()
        and part.isEnabled()
        and part.focusPolicy() & Qt.FocusPolicy.ClickFocus == Qt.FocusPolicy.ClickFocus
        and not typing(part)
    ]
    assert len(clicked) > 4
    for part in clicked:
        window.seek(0.5)
        part.setFocus(Qt.FocusReason.MouseFocusReason)
        QTest.keyClick(part, Qt.Key.Key_Right)
        assert window.playback.position == pytest.approx(0.51), part.accessibleName()
        QTest.keyClick(part, Qt.Key.Key_Space)
        assert window.playback.playing, part.accessibleName()
        QTest.keyClick(part, Qt.Key.Key_Space)
    tab_to(window.product)
    before = window.product.currentIndex()
    QTest.keyClick(window.product, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.product.currentIndex() == before + 1)
    assert window.product.hasFocus()  # and the next arrow chooses further


def test_escape_lets_go_one_after_the_other_and_closes(qtbot: QtBot, open_race: Open) -> None:
    window = open_race()
    right = window.sides[1].picture
    right.selected.emit(Selection("tile", 7))

    def picked() -> Selection | None:
        scene = right.scene()
        return None if scene is None else scene.selection

    batch = window.sides[1].batch
    before = batch.value()
    batch.setFocus(Qt.FocusReason.MouseFocusReason)
    batch.selectAll()
    qtbot.keyClicks(batch, "77")
    qtbot.keyClick(batch, Qt.Key.Key_Escape)  # what was typed does not count
    assert batch.value() == before == window.race.right.batch
    tile = window.sides[0].tile
    shown = tile.currentText()
    tile.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.keyClicks(tile, "9")
    assert tile.currentText() != shown
    qtbot.keyClick(tile, Qt.Key.Key_Escape)
    assert tile.currentText() == shown
    assert picked() == Selection("tile", 7)
    picture = window.sides[0].picture
    window.setMinimumSize(0, 0)  # the screen of tests is smaller than it
    qtbot.keyClick(picture, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    window.notice.say("one sentence")
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    assert not window.notice.isVisible()
    assert picked() == Selection("tile", 7)
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    assert picked() is None
    assert window.isFullScreen()
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.isVisible()
    qtbot.keyClick(picture, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: sip.isdeleted(window))
