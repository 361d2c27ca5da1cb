"""Learn on screens of several sizes: what is said is seen to its last word."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from digits import DRAWN, single, taught
from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QImage, QPainter
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mmviz.core.learning.digits.drawing import Point
from mmviz.core.learning.rungs import SIDE_BY_SIDE, RungId
from mmviz.state.learn.neurons import Neuron, NeuronsView
from mmviz.state.session import Session
from mmviz.text import Text, own
from mmviz.ui.learn.bars import Bar, Bars
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.learn.neurons_painter import paint_neurons
from mmviz.ui.learn.pad import Pad
from mmviz.ui.learn.rung_painter import broken
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding, Wrapping
from mmviz.ui.look.theme import DARK
from mmviz.ui.shell.controller import Controller
from mmviz.words.digit import signed
from mmviz.words.speech import ENGLISH, speak

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
SIZES = [(1024, 560), (1280, 720), (1680, 1050)]


def draw(pad: Pad, strokes: Sequence[Sequence[Point]]) -> None:
    for stroke in strokes:
        at = [pad.point_of(*point).toPoint() for point in stroke]
        QTest.mousePress(pad, LEFT, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, LEFT, pos=at[-1])


def learning(open_on: Open, size: tuple[int, int], language: str, part: str) -> QWidget:
    controller = open_on(Session(single(), batch=32), size=size)
    controller.window.set_words(speak(language))
    controller.window.go_to("learn")
    controller.window.docks.all[part].raise_()
    course = taught(single())
    controller.found_out(lambda facts: facts.with_lesson(course))
    QApplication.processEvents()
    return controller.window.panels[part]


def cut(panel: QWidget) -> Iterator[str]:
    """What is not seen whole."""
    for line in panel.findChildren(Eliding):
        if line.isVisible() and line.text() != line.whole:
            yield line.whole
    for text in panel.findChildren(Wrapping):
        room = QRect(0, 0, text.width(), 1_000)
        lines = text.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text.whole)
        seen = text.visibleRegion().boundingRect()
        if text.isVisible() and (lines.height() > text.height() or seen != text.rect()):
            yield text.whole


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_said_of_a_digit_is_cut(
    open_on: Open, qtbot: QtBot, drawn: list[str], size: tuple[int, int], language: str
) -> None:
    panel = learning(open_on, size, language, "digit")
    assert isinstance(panel, DigitPanel)
    draw(panel.pad, DRAWN[3])
    qtbot.mouseClick(panel.tools.arrows[1], LEFT)
    qtbot.waitUntil(lambda: panel.comparing.shares is not None, timeout=10_000)
    QApplication.processEvents()
    assert all(note.whole for note in panel.notes)
    assert panel.captions[3].isVisible()
    assert list(cut(panel)) == []
    drawn.clear()
    panel.grab()
    assert sum(text.endswith(" %") for text in drawn) >= 5
    assert not any("…" in text for text in drawn)
    high = panel.verdict.height()
    panel.tools.sample.click()  # of which more is said: what it truly is
    assert len(panel.verdict.whole) > 30
    QApplication.processEvents()
    assert list(cut(panel)) == []
    assert panel.verdict.height() == high, "what is below stays where it is"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
def test_every_line_of_the_loops_is_read_and_so_is_what_a_step_does(
    open_on: Open, qtbot: QtBot, drawn: list[str], size: tuple[int, int], language: str
) -> None:
    panel = learning(open_on, size, language, "loops")
    assert isinstance(panel, LoopsPanel)
    assert list(cut(panel)) == []
    for _ in range(3):
        qtbot.mouseClick(panel.stepper.on, LEFT)
    panel.stepper.finish()
    drawn.clear()
    panel.grab()
    assert not any("…" in text for text in drawn)
    written = "".join("".join(drawn).split())
    for way in panel.ways:
        assert way.rung is not None
        for line in way.rung.rung.code:
            assert "".join(line.split()) in written
        assert way.visibleRegion().boundingRect() == way.rect(), "nothing lies below the edge"


@pytest.mark.parametrize("size", SIZES)
def test_where_a_course_stands_is_read_to_its_end(open_on: Open, size: tuple[int, int]) -> None:
    panel = learning(open_on, size, "en", "teaching")
    assert isinstance(panel, TeachingPanel)
    panel.status.show_text("Digits, one layer was taught 94 of 94 steps · unseen right 97.1 %")
    QApplication.processEvents()
    assert list(cut(panel)) == []


def test_whether_outputs_are_the_same_is_read_in_each_column(
    open_on: Open, drawn: list[str]
) -> None:
    panel = learning(open_on, (1280, 720), "en", "loops")
    assert isinstance(panel, LoopsPanel)
    view = panel._view
    same: dict[RungId, Text] = {
        id: own(f"same outputs, to {i}e-7") for i, id in enumerate(SIDE_BY_SIDE)
    }
    rungs = tuple(replace(rung, agrees=same[rung.rung.id]) for rung in view.rungs)
    panel.show_view(replace(view, rungs=rungs))
    drawn.clear()
    panel.grab()
    for said in same.values():
        assert str(said) in drawn


@pytest.mark.usefixtures("qapp")
def test_a_line_goes_on_below_and_an_index_is_never_parted() -> None:
    metrics = QFontMetricsF(fonts.figures(fonts.SMALL))
    line = "    Z[i, j] = np.dot(A_in[i], W[:, j]) + B[j]"
    wide = metrics.horizontalAdvance("    Z[i, j] = np.dot(A_in[i], W[:,")
    assert broken(line, metrics, wide) == [
        "    Z[i, j] = np.dot(A_in[i],", "        W[:, j]) + B[j]"
    ]  # fmt: skip
    assert broken(line, metrics, 10_000) == [line]
    shape = "step 2: A_in 4 × 6"
    wide = metrics.horizontalAdvance("step 2: A_in 4 ×")
    assert broken(shape, metrics, wide) == ["step 2: A_in", "    4 × 6"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("score", [3.852e21, -1e300, 99_999.0, float("inf")])
def test_a_huge_score_is_read_whole_beside_no_name(score: float, drawn: list[str]) -> None:
    card = Neuron(
        np.zeros((28, 28), np.float32),
        1.0,
        own("neuron 3"),
        own("3"),
        signed(score),
        own("all"),
        True,
    )
    image = QImage(400, 200, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    where = QRectF(0, 0, 72, 72)  # as small as it is in a small window
    paint_neurons(painter, DARK, NeuronsView((card,), 1.0), [where], ENGLISH)
    metrics = painter.fontMetrics()
    painter.end()
    assert str(signed(score)) in drawn
    assert metrics.horizontalAdvance("".join(drawn)) <= where.width()


def test_scores_of_ten_digits_are_read_in_a_narrow_row(qtbot: QtBot, drawn: list[str]) -> None:
    bars = Bars("Scores of the ten digits", signed=True)
    qtbot.addWidget(bars)
    bars.resize(400, 60)
    score = -3.852e21
    bars.show_bars(
        [Bar(own(f"{i}"), 1.0, signed(score), signed(score, 0), own("all")) for i in range(10)]
    )
    bars.grab()
    assert drawn.count("−4e21") == 10


def test_what_is_said_stands_where_there_is_room(open_on: Open, qtbot: QtBot) -> None:
    """Below pad and row where these are side by side, and below the neurons in a tall window."""
    panel = learning(open_on, SIZES[0], "en", "digit")
    assert isinstance(panel, DigitPanel)
    draw(panel.pad, DRAWN[3])

    def place(part: QWidget) -> QPoint:
        return part.mapTo(panel, QPoint(0, 0))

    def settled(right: bool) -> bool:
        said = place(panel.notes[0])
        beside = said.x() >= place(panel.neurons).x()
        return beside is right and (right or said.y() >= place(panel.pad).y() + panel.pad.height())

    for size, right in ((SIZES[0], False), (SIZES[2], True), (SIZES[0], False)):
        window = panel.window()
        assert window is not None
        window.resize(*size)
        qtbot.waitUntil(functools.partial(settled, right))


def test_what_is_said_of_a_network_that_was_taught_nothing_is_read_on_two_lines(
    open_on: Open,
) -> None:
    controller = open_on("digits-hidden", size=SIZES[0])
    controller.window.go_to("learn")
    controller.window.docks.all["digit"].raise_()
    QApplication.processEvents()
    panel = controller.window.panels["digit"]
    assert isinstance(panel, DigitPanel)
    at = panel.pad.mapTo(panel, QPoint(0, 0))
    draw(panel.pad, DRAWN[3])
    QApplication.processEvents()
    assert "random" in panel.verdict.whole
    assert "wins: its score is" in panel.verdict.whole
    assert list(cut(panel)) == []
    assert panel.pad.mapTo(panel, QPoint(0, 0)) == at, "the pad stays under the pen"
