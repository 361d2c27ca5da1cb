"""The words within a sweep's chart: whose curve each is, at its end.

None lies on a curve, a dot or another; see `ui.look.placing`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.state.sweep.chart import SweepChart, above, thinned
from mmviz.state.sweep.curves import Floats, MeasuredCurve
from mmviz.state.sweep.readout import called
from mmviz.text import N_, Text
from mmviz.ui.look.placing import Taken, beside, pieces, placed, spread
from mmviz.ui.look.strokes import LEFT, write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.ui.sweep.axes import Axes
from mmviz.ui.sweep.faces import Faces

PREDICTED = Text(N_("predicted"))
_PAD = 8.0
_LEADER = 14.0  # pixels from the plot to the names beside it
_DOT = 5.0  # pixels that a measured point takes
_INSIDE = 24.0  # pixels from the end of the plot from which a name has its place within
_FAR = 60.0
_STEP = 8.0


@dataclass(frozen=True, slots=True)
class Name:
    """What a curve is called, in a box; end: of the curve, to which a line in its colour leads."""

    text: str
    colour: str
    box: QRectF
    end: QPointF


def predicted_colour(theme: Theme) -> str:
    """Of the predicted curve: no backend's, whichever is measured."""
    return theme.text


def label_room(chart: SweepChart, faces: Faces) -> float:
    """How much room beside the plot the names of the curves need."""
    if chart.heat:
        return 0.0
    names = [PREDICTED] if chart.predicted else []
    names += [curve_name(chart, curve) for curve in chart.drawn]
    widths = (faces.bold_width(faces.say(name)) for name in names)
    return max(widths, default=0.0) + _LEADER + _PAD


def curve_name(chart: SweepChart, curve: MeasuredCurve) -> Text:
    """'NumPy'; and where it lies above the chart 'Python for-loops ≈ 47.0 s, above'."""
    name, far = called(curve), above(chart, curve)
    if not far.any():
        return name
    values = curve.scaled(chart.value)[1]
    most = int(values.argmax())
    far_off = N_("{name} {seconds:seconds}, above")
    about = N_("{name} ≈ {seconds:seconds}, above")
    seconds = float(values[most])
    return Text(about if curve.estimated[most] else far_off, name=name, seconds=seconds)


def names(theme: Theme, axes: Axes, faces: Faces) -> tuple[Name, ...]:
    """Of every curve that is seen: beside the plot where it goes on to there, else within it."""
    chart, plot = axes.chart, axes.plot
    ends = []
    if chart.predicted:
        timed = np.isfinite(chart.y)
        end = _end(axes, axes.xs[timed], axes.ys(chart.y[timed]))
        ends.append((PREDICTED, predicted_colour(theme), end))
    for curve in chart.drawn:
        end = _end(axes, *_pixels(axes, curve))
        ends.append((curve_name(chart, curve), backend_colour(theme, curve.backend), end))
    found: list[Name] = []
    out: list[tuple[str, str, QPointF]] = []
    taken = drawn(axes)
    for said, colour, end in ends:
        if end is None:
            continue
        text, box = faces.say(said), None
        if end.x() < plot.right() - _INSIDE:
            size = QSizeF(faces.bold_width(text) + 2, faces.line)
            (box,) = placed([beside(end, size, _PAD, _FAR)], plot, taken)
        if box is None:
            out.append((text, colour, end))
        else:
            taken = taken.with_box(box)
            found.append(Name(text, colour, box, end))
    height, left = faces.line, plot.right() + _LEADER
    heights = [end.y() for *_, end in out]
    centres = spread(heights, height, plot.top() - height / 2, plot.bottom())
    for (text, colour, end), centre in zip(out, centres, strict=True):
        box = QRectF(left, centre - height / 2, faces.bold_width(text) + 2, height)
        found.append(Name(text, colour, box, end))
    return tuple(found)


def paint_names(painter: QPainter, theme: Theme, named: tuple[Name, ...], faces: Faces) -> None:
    """Whose curve each is, tied to its end."""
    for name in named:
        painter.setPen(QPen(QColor(name.colour), 1.5))
        start, middle = name.end + QPointF(4, 0), name.box.center().y()
        if name.box.left() - name.end.x() > 2 * _LEADER + _INSIDE:  # no line through the chart
            start = QPointF(name.box.left() - _LEADER + 4, middle)
        tied = QPointF(name.box.left() - 2, middle)
        if tied.x() > start.x():
            painter.drawLine(start, tied)
        write_at(painter, faces.bold, theme.text, name.box, name.text, LEFT)


def drawn(axes: Axes) -> Taken:
    """All curves and dots of a chart, as what words must not touch."""
    chart = axes.chart
    lines, dots = [np.empty((0, 4))], [np.empty((0, 3))]
    if chart.predicted:
        x, low, high = thinned(axes.xs, chart.y, chart.y)
        lines += [pieces(x, axes.ys(low)), pieces(x, axes.ys(high))]
    for curve in chart.drawn:
        xs, ys = _pixels(axes, curve)
        lines.append(pieces(xs, ys))
        dots.append(np.stack((xs, ys, np.full(len(xs), _DOT)), axis=1))
    return Taken(lines=np.concatenate(lines), dots=np.concatenate(dots))


def _pixels(axes: Axes, curve: MeasuredCurve) -> tuple[Floats, Floats]:
    """Of the medians, as far as they lie in the chart: up to where they leave it at the top."""
    xs = axes.columns(curve.x)
    ys, top = axes.ys(curve.scaled(axes.chart.value)[1]), axes.plot.top()
    inside = np.flatnonzero(ys >= top)
    if len(inside) and inside[-1] + 1 < len(xs):
        last = int(inside[-1])
        out = float(np.interp(top, ys[[last + 1, last]], xs[[last + 1, last]]))
        xs, ys = np.append(xs[: last + 1], out), np.append(ys[: last + 1], top)
    return xs, np.maximum(ys, top)


def _end(axes: Axes, xs: Floats, ys: Floats) -> QPointF | None:
    """The last place of a curve that is seen; None where nothing is."""
    left, right = axes.plot.left() - 1, axes.plot.right() + 1
    if float(xs[-1]) < left or float(xs[0]) > right:
        return None
    x = min(float(xs[-1]), axes.plot.right())
    return QPointF(x, float(np.interp(x, xs, ys)))
