"""The line of a lesson with more steps than the chart has pixels."""

from __future__ import annotations

import numpy as np

from mmviz.ui.learn.lesson_painter import each_pixel


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
