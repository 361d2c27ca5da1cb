"""In a small window words of a lesson are read whole, and its marks cover no number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF, QPainter
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mmviz.ui.lessons import marks
from mmviz.ui.lessons.listed import LessonsPanel
from mmviz.ui.lessons.marks import ANSWER, CLICKED, Layer, Mark
from mmviz.ui.look import strokes
from mmviz.ui.look.theme import DARK
from mmviz.ui.picture import words
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_in_a_narrow_list_a_long_name_has_two_lines(open_on: Open) -> None:
    controller = open_on("digits", size=(1280, 720))
    controller.window.go_to("learn")
    panel = controller.window.findChild(LessonsPanel)
    assert panel is not None
    panel.setParent(None)
    panel.resize(210, 620)
    panel.show()
    panel.grab()
    rows = [panel.list.visualRect(panel.model.index(i)) for i in range(panel.model.rowCount())]
    names = [str(panel.model.data(panel.model.index(i))) for i in range(len(rows))]
    short, long = names.index("Tiles"), names.index("A second neuron: two sums at once")
    assert rows[long].height() >= rows[short].height() + 12
    assert panel.said.text() == panel.said.whole != ""
    panel.resize(420, 620)
    panel.grab()
    heights = {panel.list.visualRect(panel.model.index(i)).height() for i in range(len(names))}
    assert len(heights) == 1
    panel.close()
    panel.deleteLater()


def test_the_name_of_a_mark_lies_between_two_numbers(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(300, 300)
    layer = Layer(over, lambda: DARK)
    said: list[QRectF] = []
    monkeypatch.setattr(marks, "write_in", lambda _painter, box, *_look: said.append(box))
    cells = {(i, j): QRectF(60 + 62 * j, 60 + 41 * i, 58, 37) for i in range(4) for j in range(2)}
    layer.show_marks((Mark(ANSWER, lambda: [cells[2, 1]]), Mark(CLICKED, lambda: [cells[2, 0]])))
    over.show()
    over.grab()
    assert len(said) >= 2
    for name in said:
        for cell in cells.values():
            number = QRectF(cell.x(), cell.center().y() - 8, cell.width(), 16)
            assert not name.intersects(number), (name, number)


@pytest.mark.parametrize("preset", ["two-by-two", "one-neuron", "sigmoid-101"])
def test_the_caption_and_what_w_is_are_read_whole(
    open_on: Open, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    controller = open_on(preset, size=(1280, 720))
    told: dict[str, QRectF] = {}
    fonts: dict[str, Any] = {}
    write = strokes.write_in

    def heard(painter: QPainter, box: QRectF, text: str, font: Any, *look: Any) -> None:
        told[text], fonts[text] = QRectF(box), font
        write(painter, box, text, font, *look)

    monkeypatch.setattr(words, "write_in", heard)
    controller.window.picture.resize(946, 380)
    controller.window.picture.grab()
    assert any(text.startswith("weights of") for text in told)
    assert any("nothing to do" in text or "busy" in text for text in told)
    for text, box in told.items():
        assert QFontMetricsF(fonts[text]).horizontalAdvance(text) <= box.width() + 1, text
