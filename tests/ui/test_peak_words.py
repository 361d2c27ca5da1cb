"""Panels of the network and of the peak in another language: also what they paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PyQt6.QtCore import QAbstractItemModel, QEvent, QPoint, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip

from mmviz.files import networks
from mmviz.state.session import open_file
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.speech import ENGLISH, Words

Open = Callable[..., Controller]
SESSION = replace(
    open_file(networks.read_preset("alexnet")), device="a100", dtype="float16", batch=2304
)


def quoted(one: str, many: str, n: int) -> str:
    """A language in which everything stands in brackets."""
    return f"⟦{one if n == 1 or not many else many}⟧"


MADE = Words("made", quoted)


def rows(model: QAbstractItemModel | None, role: Qt.ItemDataRole) -> Iterator[str]:
    assert model is not None
    for row in range(model.rowCount()):
        said = model.data(model.index(row, 0), role)
        if said is not None:
            yield str(said)


def said_in(window: MainWindow) -> Iterator[str]:
    facts = window.facts
    yield from rows(window.network.list.model(), Qt.ItemDataRole.DisplayRole)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        yield from rows(window.strip.list.model(), role)
    yield window.strip.summary.text()
    yield window.network.weights.text()
    for name, _, tip in facts.waterfall.view.lines():
        yield from (name, tip)
    yield facts.waterfall.view.said()
    yield facts.waterfall.whole.text()
    yield facts.waterfall.view.accessibleDescription()
    yield facts.roofline.accessibleDescription()
    yield facts.view.accessibleDescription()
    yield facts.controls.tile.itemText(0)
    yield facts.controls.order.itemText(0)
    for card in window.advice.cards:
        if card.card is not None:
            yield card.measure.accessibleName()


def test_all_of_them_follow_the_language_and_come_back(open_on: Open) -> None:
    window = open_on(SESSION, size=(1680, 1050)).window
    before = list(said_in(window))
    window.set_words(MADE)
    after = list(said_in(window))
    assert len(after) == len(before)
    for was, now in zip(before, after, strict=True):
        # a layer of the user's own with its shape says no word
        assert "⟦" in now or was == now, now
    assert sum("⟦" in now for now in after) > 0.8 * len(after)
    window.set_words(ENGLISH)
    assert list(said_in(window)) == before


def test_what_is_painted_is_said_in_the_language(open_on: Open, drawn: list[str]) -> None:
    window = open_on(SESSION, size=(1680, 1050)).window
    window.set_words(MADE)
    for painted, word in (
        (window.facts.waterfall.view, "peak"),
        (window.facts.roofline, "ridge"),
        (window.facts.view, "slots"),
        (window.network.list, "dense"),
    ):
        drawn.clear()
        painted.grab()
        assert any("⟦" in text and word in text for text in drawn), type(painted).__name__


def test_a_tip_of_the_facts_is_of_what_is_pointed_at(
    open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_on(SESSION, size=(1680, 1050)).window.facts.view
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, *__: shown.append(text))
    for y in (50, 10):  # the first line, then the heading above it
        over = QPoint(8, y)  # beside its words, of which some are terms
        QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, over, view.mapToGlobal(over)))
    assert shown[0].splitlines()[1] == "rows · columns · terms a cell"
    assert shown[1] == "fc6 · forward, computed"
    assert "Tiles and waves, modelled; tile: " in view.accessibleDescription()
