"""Curves of the live chart are named at their ends, while they grow and when they stand still."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmviz.ui.clock.end_names import EndName, Frame, stand
from mmviz.ui.clock.live_chart import LiveChart
from mmviz.ui.look.placing import Taken, pieces
from mmviz.ui.look.theme import DARK, LIGHT, Theme

BACKENDS = ("numpy", "blocked", "cupy")


def drawn(
    qtbot: QtBot, shares: tuple[float, ...], times: tuple[float, ...], size: tuple[int, int],
    theme: Theme = DARK, budget: float | None = None,
) -> LiveChart:  # fmt: skip
    chart = LiveChart()
    qtbot.addWidget(chart)
    chart.set_theme(theme)
    chart.resize(*size)
    chart.show()
    chart.begin(BACKENDS, 2.0, budget)
    QApplication.processEvents()
    noise = np.random.default_rng(1).normal(0, 0.02, 200)
    for backend, share, t in zip(BACKENDS, shares, times, strict=True):
        if share:
            chart.add_samples(backend, (t * np.exp(noise)).tolist(), 2 * share)
    chart.finish()
    QApplication.processEvents()
    chart.say()  # once more, now that the plot has its size
    return chart


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [(380, 140), (700, 220), (1100, 420)])
@pytest.mark.parametrize(
    ("shares", "times"),
    [
        ((1.0, 1.0, 1.0), (1e-2, 1.02e-2, 0.98e-2)),
        ((1.0, 0.3, 0.6), (1e-2, 1e-3, 1.1e-2)),
        ((1.0, 0.02, 0.0), (1e-2, 5e-2, 1.0)),
    ],
)
def test_every_curve_is_named_beside_its_end(
    qtbot: QtBot,
    shares: tuple[float, ...],
    times: tuple[float, ...],
    size: tuple[int, int],
    theme: Theme,
) -> None:
    chart = drawn(qtbot, shares, times, size, theme, 33e-3)
    plot = QRectF(chart._plot.rect())
    boxes = [chart.name_box(b) for b, share in zip(BACKENDS, shares, strict=True) if share]
    for box in boxes:
        assert box.left() > 0
        assert box.right() <= plot.width() + 0.5
    for one, other in itertools.combinations(boxes, 2):
        assert not one.adjusted(0.1, 0.1, -0.1, -0.1).intersects(other)
    for backend, share in zip(BACKENDS, shares, strict=True):
        name = chart._tracks[backend].name
        assert name.text.isVisible() == bool(share)
        if share:
            xs, _ = chart._tracks[backend].line
            low, high = chart._plot.viewRange()[0]
            end = (xs[-1] - low) / (high - low) * plot.width()
            assert name.box.left() == pytest.approx(end + 10, abs=1)


def test_the_foot_ends_where_the_curves_do(qtbot: QtBot) -> None:
    chart = drawn(qtbot, (1.0, 1.0, 1.0), (1e-2, 2e-2, 3e-2), (700, 220))
    last, plot = chart._foot.labels[2], chart._plot
    low, high = plot.viewRange()[0]
    end = plot.sceneBoundingRect().left() + (1.0 - low) / (high - low) * plot.rect().width()
    right = last.mapTo(chart, last.rect().topRight()).x()
    assert abs(right - end) <= 4


heights = st.floats(0, 1)


@given(
    st.lists(st.tuples(st.floats(0.02, 1), heights, heights), min_size=1, max_size=5),
    st.lists(heights, max_size=2),
)
def test_no_name_lies_on_a_curve_while_there_is_room(
    qapp: QApplication, lines: list[tuple[float, float, float]], levels: list[float]
) -> None:
    assert qapp is not None
    frame = Frame(QRectF(0, 0, 600, 400), 1.3, (-3.0, -1.0))
    curves = [
        (EndName(), "NumPy", (np.array([0.0, share]), -3 + 2 * np.array([a, b])))
        for share, a, b in lines
    ]
    at = [400 * level for level in levels]
    stand(frame, curves, at, [])
    every = [pieces(*frame.pixels(*line)) for _, _, line in curves]
    every += [pieces([0, 600], [y, y]) for y in at]
    all_drawn = Taken(lines=np.concatenate(every))
    for (one, *_), (other, *_) in itertools.combinations(curves, 2):
        assert not one.box.adjusted(0.1, 0.1, -0.1, -0.1).intersects(other.box)
    for name, _, line in curves:
        assert not all_drawn.by(name.box.adjusted(0.1, 0.1, -0.1, -0.1))
        assert frame.plot.contains(name.box)
        x, y = frame.values(QPointF(name.box.center()))
        assert frame.pixel(x, y).y() == pytest.approx(name.box.center().y())
        assert name.leader.getData()[0][0] >= line[0][-1]
