"""The line of a lesson with more steps than the chart has pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from mmviz.state.learn.chart import LessonChart, Line
from mmviz.ui.learn import lesson_painter
from mmviz.ui.learn.lesson_painter import Drawn, each_pixel, paint_lesson
from mmviz.ui.look.theme import DARK
from mmviz.words.speech import ENGLISH


def test_of_each_pixel_its_lowest_and_its_highest_stay() -> None:
    x = np.linspace(0, 99.99, 10_000)
    y = np.sin(np.arange(10_000.0))
    y[5_432] = 7.0
    xs, ys = each_pixel(x, y)
    assert len(xs) == len(ys) == 200
    assert (np.diff(xs) >= 0).all()
    assert ys.max() == 7.0
    assert ys.min() == y.min()
    assert xs[ys.argmax()] // 1 == x[5_432] // 1


def test_a_line_of_few_points_stays_as_it_is() -> None:
    x, y = np.array([0.2, 0.7, 5.0, 9.0]), np.array([1.0, 3.0, 2.0, 5.0])
    assert all(map(np.array_equal, each_pixel(x, y), (x, y)))
    none = np.zeros(0)
    assert len(each_pixel(none, none)[0]) == 0


@pytest.mark.usefixtures("qapp")
def test_a_line_in_pieces_covers_what_it_does_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = np.arange(1.0, 1_501.0)
    losses = 0.1 * np.exp(np.random.default_rng(1).standard_normal(1_500))
    none = Line(np.zeros(0), np.zeros(0), np.zeros(0))
    chart = LessonChart(Line(steps, steps / 1e4, losses), none, none)

    def inked() -> np.ndarray:
        image = QImage(400, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_lesson(painter, DARK, chart, Drawn(), QRectF(image.rect()), ENGLISH)
        painter.end()
        bits = image.constBits()
        assert bits is not None
        pixels = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8)
        return pixels.reshape(300, 400, 4)[..., 2] > 128  # the line's red

    pieces = inked()
    monkeypatch.setattr(lesson_painter, "_on_pixels", lambda _: False)
    whole = inked()
    assert whole.sum() > 5_000
    assert (pieces != whole).sum() < 0.1 * whole.sum()
