"""The numbers in the cells of a matrix: none is left out, all in one size of type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PyQt6.QtCore import QRectF, QSizeF
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter

from mmviz.core.shapes.network import from_widths
from mmviz.state import actions
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.ui.look import fonts, strokes
from mmviz.ui.picture import cells, lanes, words
from mmviz.ui.picture.numbers import written
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, QRectF, QFont]]:
    """Each number that is written in a cell, where, and in which type."""
    found: list[tuple[str, QRectF, QFont]] = []
    write = strokes.write_at

    def heard(
        painter: QPainter, font: QFont, ink: str, area: QRectF, text: str, *more: Any
    ) -> None:
        found.append((text, area, font))
        write(painter, font, ink, area, text, *more)

    monkeypatch.setattr(cells, "write_at", heard)
    return found


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written around the matrices."""
    found: list[str] = []
    write = strokes.write_in

    def heard(painter: QPainter, box: QRectF, text: str, *look: Any) -> None:
        found.append(text)
        write(painter, box, text, *look)

    monkeypatch.setattr(words, "write_in", heard)
    return found


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("width", [360, 520, 1000])
@pytest.mark.parametrize("widths", [[20, 12, 4], [784, 10], [2, 3]])
def test_no_cell_leaves_its_number_out(
    open_on: Open, told: list[Any], widths: list[int], width: int, large: bool
) -> None:
    controller = open_on(Session(from_widths(widths), batch=1))
    controller.set_playback(Playback(position=1.0))
    picture = controller.window.picture
    fonts.set_large(large)
    try:
        picture.resize(width, 420)
        told.clear()
        picture.grab()
        k, n = min(8, widths[0]), widths[1]
        assert told
        assert len(told) % (k + k * n + n) == 0  # it may be painted more than once
        assert any(text.startswith("−") for text, _, _ in told)
        assert len({font.pointSizeF() for _, _, font in told}) <= 3  # one for X, W and Y each
        for text, where, font in told:
            assert any(sign.isdigit() for sign in text)
            assert QFontMetricsF(font).horizontalAdvance(text) <= where.width() + 0.5
    finally:
        fonts.set_large(False)


def test_the_type_of_y_stays_while_its_sums_grow(open_on: Open, told: list[Any]) -> None:
    controller = open_on(Session(from_widths([784, 10]), batch=1))
    picture = controller.window.picture
    sizes = set()
    for share in range(1, 9):
        controller.set_playback(Playback(position=share / 8))
        told.clear()
        picture.grab()
        sizes.add(told[-1][2].pointSizeF())
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("width", "said"),
    [(80.0, ("−0.31", "0.020")), (24.0, ("−0.31", "0.020")), (19.0, ("−.31", ".02"))],
)
@pytest.mark.usefixtures("qtbot")
def test_digits_go_before_numbers_do(width: float, said: tuple[str, str]) -> None:
    how = written((-0.31, 0.02), QSizeF(width, 30.0))
    assert (how.say(-0.31), how.say(0.02)) == said


@pytest.mark.usefixtures("qtbot")
def test_zero_is_told_from_what_is_near_it() -> None:
    how = written((-5.5, 0.0, -0.02), QSizeF(18.0, 30.0))
    assert [how.say(x) for x in (-5.5, 0.0, -0.02)] == ["−5.5", "0", "−0.0"]
    big = written((-531.4, 123456.0, -2.5e9), QSizeF(18.0, 30.0))
    assert [big.say(x) for x in (-531.4, 123456.0, -2.5e9)] == ["−531", "1e5", "−2e9"]


def test_a_cut_matrix_says_that_it_is_a_part(open_on: Open, said: list[str]) -> None:
    controller = open_on(Session(from_widths([784, 10]), batch=1))
    picture = controller.window.picture
    picture.resize(900, 420)
    controller.set_playback(Playback(position=0.0))
    picture.grab()
    assert any(text.startswith("here columns 0–7 · ") for text in said)
    assert "here rows 0–7" in said


def test_a_whole_matrix_does_not(open_on: Open, said: list[str]) -> None:
    open_on(Session(from_widths([4, 3]), batch=1)).window.picture.grab()
    assert said
    assert not any("here" in text for text in said)


def test_what_is_about_nothing_does_not_equal_about_nothing(
    open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    write = strokes.write

    def heard(painter: QPainter, x: float, y: float, text: str, *look: Any) -> float:
        found.append(text)
        return write(painter, x, y, text, *look)

    monkeypatch.setattr(lanes, "write", heard)
    session = Session(from_widths([1, 1]), batch=1, device="lanes-16")
    controller = open_on(actions.set_number(session, 1, 0, 0, 1e-7))
    controller.set_playback(Playback(position=1.0))
    controller.window.picture.resize(1000, 420)
    controller.window.picture.grab()
    assert any("≈ 0" in text for text in found)
    assert not any("= ≈" in text for text in found)
