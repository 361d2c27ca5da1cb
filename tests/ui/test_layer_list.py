"""Layers are removed, added and put in another order under the hand; all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmviz.core.shapes.network import from_widths
from mmviz.state.session import Session
from mmviz.ui.network.layer_list import LayerList
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
FOUR = Session(from_widths([8, 7, 6, 5, 4]), batch=3, device="a100")


def units(controller: Controller) -> list[int]:
    return [layer.units for layer in controller.session.layered.layers]


def at_hand(controller: Controller) -> str:
    panel = controller.window.network
    return panel.words(panel.model.rows[panel.list.currentIndex().row()].name)


def place(cards: LayerList, row: int) -> QPoint:
    model = cards.model()
    assert model is not None
    return cards.visualRect(model.index(row, 0)).center()


def drag(cards: LayerList, row: int, to: QPoint) -> None:
    """Take the card of `row` by the mouse, past what lies between, and let it go at a place."""
    viewport, start = cards.viewport(), place(cards, row)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(viewport, start + (to - start) * share)
    assert cards.dragging
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=to)
    assert not cards.dragging


@pytest.mark.parametrize(
    ("row", "target", "below", "after"),
    [
        (1, 3, True, [6, 5, 7, 4]),  # the input is row 0
        (1, 3, False, [6, 7, 5, 4]),
        (4, 1, False, [4, 7, 6, 5]),
        (4, 0, False, [4, 7, 6, 5]),  # the input stays the first
        (2, 4, True, [7, 5, 4, 6]),
        (2, 2, True, [7, 6, 5, 4]),
        (2, 1, True, [7, 6, 5, 4]),
    ],
)
def test_a_card_is_dragged_to_another_place(
    open_on: Open, row: int, target: int, below: bool, after: list[int]
) -> None:
    controller = open_on(FOUR, size=(1680, 1050))
    cards = controller.window.network.list
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=place(cards, row))
    name = at_hand(controller)
    drag(cards, row, place(cards, target) + QPoint(9, 15 if below else -15))
    assert units(controller) == after
    assert at_hand(controller) == name  # it is the one in hand still
    if after != [7, 6, 5, 4]:
        controller.window.commands["undo"].trigger()
    assert units(controller) == [7, 6, 5, 4]
    assert not controller.window.commands["undo"].isEnabled()


def test_what_is_dropped_beside_the_list_or_is_the_input_stays(open_on: Open) -> None:
    controller = open_on(FOUR, size=(1680, 1050))
    cards = controller.window.network.list
    drag(cards, 1, place(cards, 3) + QPoint(cards.width(), 0))
    assert units(controller) == [7, 6, 5, 4]
    viewport = cards.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place(cards, 0))
    QTest.mouseMove(viewport, place(cards, 3))
    assert not cards.dragging
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place(cards, 3))
    assert units(controller) == [7, 6, 5, 4]
    assert cards.currentIndex().row() == 0


def test_delete_and_insert_change_the_layer_at_hand(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(FOUR, size=(1680, 1050))
    cards = controller.window.network.list
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=place(cards, 2))
    focus = controller.window.focusWidget()
    assert focus is cards
    qtbot.keyClick(focus, Qt.Key.Key_Delete)
    assert units(controller) == [7, 5, 4]
    assert at_hand(controller) == "layer 1"
    qtbot.keyClick(cards, Qt.Key.Key_Insert)
    assert units(controller) == [7, 7, 5, 4]
    assert cards.currentIndex().row() == 2
    for before in ([7, 5, 4], [7, 6, 5, 4]):
        controller.window.commands["undo"].trigger()
        assert units(controller) == before


def test_a_layer_is_put_in_behind_the_input_which_cannot_be_removed(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on(FOUR, size=(1680, 1050))
    cards = controller.window.network.list
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=place(cards, 0))
    qtbot.keyClick(cards, Qt.Key.Key_Delete)
    assert units(controller) == [7, 6, 5, 4]
    qtbot.keyClick(cards, Qt.Key.Key_Insert)
    assert units(controller) == [8, 7, 6, 5, 4]


def test_the_last_layer_stays_and_a_list_cannot_be_changed(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(Session(from_widths([4, 3]), device="a100"))
    cards = controller.window.network.list
    qtbot.keyClick(cards, Qt.Key.Key_Delete)
    assert units(controller) == [3]
    assert "keeps at least one layer" in controller.window.notice.text.text()
    listed = open_on("gpt2-small")
    before, cards = listed.session.network, listed.window.network.list
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Insert):
        qtbot.keyClick(cards, key)
    viewport = cards.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=place(cards, 0))
    QTest.mouseMove(viewport, place(cards, 2))
    assert not cards.dragging
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place(cards, 2))
    assert listed.session.network == before
