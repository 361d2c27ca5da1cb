"""Into every field of the open windows: the number meant is taken, or a sentence comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("PyQt6")

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QLineEdit, QSpinBox

from mmviz.text import N_, NOTHING
from mmviz.ui.device.editor import FigureBox
from mmviz.ui.look.number_boxes import CountBox, RealBox
from mmviz.ui.race.window import RaceWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]

ENTRIES = {  # what is typed, what is meant in a field of whole numbers, and of any; None: not sure
    "2,5": (None, 2.5),
    "0,5": (None, 0.5),
    "2.5": (None, 2.5),
    "−1": (None, None),
    "-1": (None, None),
    "2,039": (2039, None),
    "1,000": (1000, None),
    "2.039": (2039, 2.039),
    "1 024": (1024, 1024),
    "1'024": (1024, 1024),
    "1,234.5": (None, 1234.5),
    "1e2": (100, 100),
    "１２": (12, 12),
    "1.000": (None, 1),
    "12x": (None, None),
    "1/2": (None, None),
    "2²": (None, None),
    "nan": (None, None),
    "1e400": (None, None),
    "3,141592653589": (None, None),  # or cut to fewer decimals than were typed
}


@pytest.fixture
def opened(qtbot: QtBot, open_on: Open) -> Iterator[Controller]:
    """A window with its device editor and a race beside it."""
    controller = open_on("alexnet")
    controller.window.top.device.entries()["a100"].trigger()
    controller.window.docks.all["sweep"].raise_()
    qtbot.waitUntil(lambda: controller.window.sweep.controls.axis.isVisible())
    controller.window.commands["edit_device"].trigger()
    controller.window.commands["race"].trigger()
    qtbot.waitUntil(controller.window.device_editor.isVisible)
    yield controller
    for race in controller.window.findChildren(RaceWindow):
        race.close()
    controller.window.device_editor.close()


def boxes(controller: Controller) -> list[CountBox | RealBox]:
    found = controller.window.findChildren(QAbstractSpinBox)
    assert all(isinstance(box, CountBox | RealBox) for box in found), "a box of another reading"
    return [box for box in found if isinstance(box, CountBox | RealBox)]


def said(controller: Controller) -> str:
    window = controller.window
    races = [race.notice.text.text() for race in window.findChildren(RaceWindow)]
    return window.notice.text.text() + "".join(races)


def hush(controller: Controller) -> None:
    controller.window.notice.say(NOTHING)
    for race in controller.window.findChildren(RaceWindow):
        race._refuse(NOTHING)


def test_every_box_takes_what_is_meant_or_says_why_not(opened: Controller) -> None:
    found = boxes(opened)
    kinds = [sum(isinstance(box, kind) for box in found) for kind in (CountBox, FigureBox)]
    assert kinds[0] >= 8  # batch, units, four of the sweep, two of the race
    assert kinds[1] >= 8
    for box in found:
        whole = isinstance(box, QSpinBox) or box.decimals() == 0
        for text, meanings in ENTRIES.items():
            hush(opened)
            before, meant = box.value(), meanings[0 if whole else 1]
            edit = box.lineEdit()
            assert edit is not None
            edit.setText(text)
            box.interpretText()
            where = f"{box.accessibleName()}: {text}"
            if said(opened):
                assert box.value() == before, where
            else:
                assert meant is not None, where
                assert box.value() == pytest.approx(meant, rel=1e-15), where
            assert not box.text() or box.text() != box.prefix() + text or meant is not None, where


def test_a_count_with_a_word_before_it_can_be_typed_over(opened: Controller) -> None:
    (race,) = opened.window.findChildren(RaceWindow)
    race.resize(1700, 900)
    side = race.sides[0]
    side.resize(800, 600)
    assert side.batch.prefix()
    edit = side.batch.lineEdit()
    assert edit is not None
    edit.setText("batch 1,024")
    side.batch.interpretText()
    assert (side.batch.value(), race.race.left.batch) == (1024, 1024)


def test_a_tile_is_read_in_both_windows(qtbot: QtBot, opened: Controller) -> None:
    (race,) = opened.window.findChildren(RaceWindow)
    main = opened.window.facts.controls.tile.lineEdit()
    other = race.sides[0].tile.lineEdit()
    for edit, tile in (
        (main, lambda: opened.session.tile),
        (other, lambda: race.race.left.tile),
    ):
        assert edit is not None
        for text, meant in (("1,024 × 64", (1024, 64)), ("2,5x64", None), ("64x", None)):
            before = tile()
            hush(opened)
            edit.setText(text)
            qtbot.keyClick(edit, Qt.Key.Key_Return)
            assert tile() == (meant or before)
            assert bool(said(opened)) == (meant is None)


def test_a_tile_counts_when_one_goes_elsewhere(open_on: Open) -> None:
    controller = open_on("alexnet")
    box = controller.window.facts.controls.tile
    box.setFocus()
    box.setEditText("96x64")
    controller.window.top.batch.setFocus()
    assert controller.session.tile == (96, 64)


def test_an_entry_under_way_counts_for_a_command(open_on: Open) -> None:
    controller = open_on("alexnet")
    batch = controller.window.top.batch
    batch.setFocus()
    edit = batch.lineEdit()
    assert edit is not None
    edit.setText("1,024")
    controller.window.commands["race"].trigger()
    (race,) = controller.window.findChildren(RaceWindow)
    assert (controller.session.batch, race.race.left.batch) == (1024, 1024)
    race.close()


WRITTEN = ("{:,}", "{:_}", "{}", "{}.0", "{:e}", " {} ")


@given(st.integers(1, 16_777_216), st.sampled_from(WRITTEN), st.sampled_from(",.' \u202f"))
def test_any_count_typed_is_the_one_meant_or_refused(value: int, form: str, mark: str) -> None:
    box = CountBox(N_("Units"))
    box.setValue(7)
    refused: list[object] = []
    box.refused.connect(refused.append)
    text = form.format(value).replace(",", mark)
    edit = box.lineEdit()
    assert edit is not None
    edit.setText(text)
    box.interpretText()
    if form == "{:e}" and float(text) != value:
        value = round(float(text))  # what is written is another number
    assert box.value() == (7 if refused else value), text
    assert not refused or mark == "." or form == "{:e}", text


@pytest.mark.parametrize(
    ("text", "value"),
    [("2,5", 2.5), ("−3", -3), ("1e-3", 0.001), ("2,039", None), ("1 2", None), ("1e31", None)],
)
def test_a_number_of_the_picture(
    qtbot: QtBot, open_on: Open, text: str, value: float | None
) -> None:
    controller = open_on("two-by-two")
    picture, before = controller.window.picture, controller.session
    scene = picture.scene()
    assert scene is not None
    picture.editor.open(scene, 1, 0, 0)
    field = picture.editor.field
    assert isinstance(field, QLineEdit)
    field.setText(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    sentence = controller.window.notice.text.text()
    if value is None:
        assert controller.session == before
        assert text in sentence
    else:
        weights = controller.session.layered.layers[0].weights
        assert weights is not None
        assert weights[0][0] == value
        assert not sentence


def test_a_number_that_is_only_looked_at_stays(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("digits")
    picture, before = controller.window.picture, controller.session
    picture.zoom(40)
    scene = picture.scene()
    assert scene is not None
    picture.editor.open(scene, 1, 0, 0)
    field = picture.editor.field
    if field is None:
        pytest.skip("no cell is large enough here")
    qtbot.keyClick(field, Qt.Key.Key_Return)  # it shows fewer digits than the number has
    assert controller.session.network == before.network


def test_seconds_keep_their_decimals(opened: Controller) -> None:
    spin = opened.window.timing.controls.spin
    assert isinstance(spin, QDoubleSpinBox)
    for text, shown in (("0,25", "0.25 s"), ("2", "2.0 s"), ("1500 ms", "1.5 s"), ("10", "10.0 s")):
        spin.lineEdit().setText(text)  # type: ignore[union-attr]  # a spin box has one
        assert opened.window.timing.seconds == spin.value()
        assert spin.text() == shown
