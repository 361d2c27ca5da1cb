"""Curves of a sweep are named at their ends, on nothing that is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QApplication

from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import points_of, sweep
from mmviz.files.devices import read_device
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.values import ENERGY, EXAMPLE, FASTER, PEAK, VALUES
from mmviz.text import own
from mmviz.ui.look import fonts
from mmviz.ui.look.placing import distance
from mmviz.ui.look.theme import DARK
from mmviz.ui.sweep.axes import Axes, axes_of
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.levels import level_words, levels_of
from mmviz.ui.sweep.names import drawn, label_room, names

NETWORK = from_widths((4096, 4096, 1000))
FOUND = sweep(
    points_of(NETWORK, range(1, 1025)), Setup(NETWORK, read_device("a100"), dtype="float16")
)
BACKENDS = ("numpy", "loop", "blocked", "cupy")


@pytest.fixture(scope="module")
def faces(qapp: QApplication) -> Faces:
    assert qapp is not None
    small = fonts.SMALL
    return Faces(fonts.words(small), fonts.figures(small), fonts.words(small, bold=True))


def charted(
    measured: Sequence[tuple[str, int, float]], value: str, log_x: bool, budget: float | None
) -> SweepChart:
    points = [
        MeasuredPoint(Run(backend, batch, (t, t * 1.1), stats=summarize((t, t * 1.1))), None)
        for backend, batch, t in measured
    ]
    return SweepChart(FOUND, own("it"), "float16", budget, curves_of(FOUND, points), value, log_x)


def placed(chart: SweepChart, faces: Faces, width: float, height: float) -> Axes:
    return axes_of(chart, QRectF(0, 0, width, height), faces, label_room(chart, faces))


points = st.lists(
    st.tuples(st.sampled_from(BACKENDS), st.integers(1, 1024), st.floats(5e-5, 5e-2)), max_size=12
)


@given(
    points,
    st.sampled_from(tuple(VALUES)),
    st.booleans(),
    st.one_of(st.none(), st.floats(1e-4, 1e-2)),
    st.sampled_from([(700.0, 300.0), (460.0, 130.0), (1400.0, 700.0)]),
    st.one_of(st.none(), st.tuples(st.integers(0, 500), st.integers(505, 1023))),
)
@settings(max_examples=60, deadline=None)
def test_no_name_lies_on_anything(
    faces: Faces,
    measured: list[tuple[str, int, float]],
    value: str,
    log_x: bool,
    budget: float | None,
    size: tuple[float, float],
    piece: tuple[int, int] | None,
) -> None:
    chart = charted(measured, value, log_x, budget)
    if piece is not None:
        chart = chart.between(*piece)
    axes = placed(chart, faces, *size)
    found, all_drawn = names(DARK, axes, faces), drawn(axes)
    assert ("predicted" in {name.text for name in found}) == (value not in (ENERGY, FASTER))
    for name in found:
        assert name.box.left() >= 0
        assert name.box.right() <= size[0] + 0.5
        inner = name.box.adjusted(0.1, 0.1, -0.1, -0.1)
        assert name.box.left() > axes.plot.right() or not all_drawn.by(inner)
        assert axes.plot.left() - 1 <= name.end.x() <= axes.plot.right() + 1
        if name.box.left() <= axes.plot.right():  # within the chart it stands at its end
            assert distance(name.box, name.end) < 90
    if len(found) * faces.line < axes.plot.height():
        for one, other in itertools.combinations(found, 2):
            assert not one.box.adjusted(0.1, 0.1, -0.1, -0.1).intersects(other.box)
    for told in level_words(axes, faces, levels_of(axes)):
        if told is not None:
            assert axes.plot.contains(told[1])
            assert not all_drawn.by(told[1].adjusted(0.1, 0.1, -0.1, -0.1))


def test_every_curve_has_its_name_at_its_own_end(faces: Faces) -> None:
    measured = [("numpy", batch, 1e-3 + batch * 1e-6) for batch in (1, 64, 512)]
    measured += [("loop", batch, 2e-3 + batch * 1e-6) for batch in (1, 1024)]
    axes = placed(charted(measured, EXAMPLE, True, 5e-3), faces, 900, 400)
    found = {name.text: name for name in names(DARK, axes, faces)}
    assert list(found) == ["NumPy", "predicted", "Python for-loops"]
    numpy, loops = found["NumPy"], found["Python for-loops"]
    assert numpy.end.x() == pytest.approx(axes.x(512))
    assert numpy.box.left() - numpy.end.x() < 20
    assert numpy.box.right() < axes.plot.right()
    assert loops.end.x() == pytest.approx(axes.plot.right())
    assert loops.box.left() > axes.plot.right()
    (told,) = level_words(axes, faces, levels_of(axes))
    assert told is not None
    least = "NumPy at least 512, Python for-loops at least 1\u202f024"
    assert told[0] == f"5 ms budget: largest batch {least}"


def test_a_curve_that_leaves_at_the_top_is_named_there(faces: Faces) -> None:
    measured = [("numpy", batch, 3e-4 + batch * 1e-4) for batch in (1, 200)]
    axes = placed(charted(measured, "pass", False, None), faces, 900, 400)
    name = next(name for name in names(DARK, axes, faces) if "NumPy" in name.text)
    assert "above" in name.text
    assert name.end.y() == pytest.approx(axes.plot.top())
    assert name.end.x() < axes.x(200)
    assert np.hypot(name.box.left() - name.end.x(), name.box.center().y() - name.end.y()) < 60


def test_a_share_of_the_peak_names_the_prediction_alone(faces: Faces) -> None:
    axes = placed(charted([("numpy", 5, 1e-3)], PEAK, False, None), faces, 900, 400)
    assert [name.text for name in names(DARK, axes, faces)] == ["predicted"]


@pytest.mark.parametrize("width", [300.0, 420.0, 600.0, 1400.0])
@pytest.mark.parametrize("piece", [None, (217, 900), (99, 140)])
def test_ticks_of_a_linear_axis_are_evenly_round(
    faces: Faces, width: float, piece: tuple[int, int] | None
) -> None:
    chart = charted([], "pass", False, None)
    axes = placed(chart if piece is None else chart.between(*piece), faces, width, 300)
    counts = [int("".join(filter(str.isdigit, text))) for _, text in axes.x_ticks]
    steps = {b - a for a, b in itertools.pairwise(counts[1:])}
    assert len(counts) >= 2
    assert len(steps) <= 1  # the first says where the axis begins
    for step in steps:
        assert all(count % step == 0 for count in counts[1:])
    for (a, one), (b, other) in itertools.pairwise(axes.x_ticks):
        assert b - a > (faces.figure_width(one) + faces.figure_width(other)) / 2
