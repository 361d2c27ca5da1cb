"""The kept chart of a timing run, painted on paper with QPainter; what is said of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from mmviz import units
from mmviz.bench.results import Results
from mmviz.state.clock.curves import Curve, batches, curves
from mmviz.state.clock.series import Floats, log_range, log_ticks
from mmviz.text import N_, NO_DATA, Text, joined, own
from mmviz.ui.look import fonts
from mmviz.ui.look.placing import spread
from mmviz.ui.look.strokes import RIGHT, write_at
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import Tone, conditions, kind_of, machine_line
from mmviz.words.winner import told

LEAST_BESIDE = 620.0  # pixels of width from which names have room beside the plot
_AXIS = 62.0  # for the words left of the plot
TICK = 22.0  # pixels from a tick of the axis of time to the next, at least
_LABELS = 236.0  # for the words right of it
_LABEL = 36.0  # height of a label of two lines
_LEADER = 22.0  # from the end of a line to its label
_TOP_EDGE, _BOTTOM_EDGE = 10.0, 46.0  # above the plot, and below it for its axis

_Align = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels: x linear over `span`, seconds logarithmic over `decades` (log10)."""

    plot: QRectF
    span: tuple[float, float]
    decades: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.span
        return self.plot.left() + self.plot.width() * (value - low) / (high - low)

    def y(self, seconds: float) -> float:
        bottom, top = self.decades
        return self.plot.bottom() - self.plot.height() * (math.log10(seconds) - bottom) / (
            top - bottom
        )

    def line(self, x: Floats, seconds: Floats) -> QPolygonF:
        points = zip(x.tolist(), seconds.tolist(), strict=True)
        return QPolygonF([QPointF(self.x(a), self.y(b)) for a, b in points])


def prose(results: Results) -> tuple[tuple[Tone, Text], ...]:
    """What is said below the chart: the machine, how to read it, what to know of it."""
    said = (machine_line(results.machine), how_to_read(results))
    notes = told(results, ended=True)
    return (
        *((Tone.REMARK, text) for text in said if text),
        *((note.tone, note.text) for note in notes),
    )


def title(results: Results) -> Text:
    """'AlexNet classifier · batch 128 · float32 · inference'."""
    how = conditions(batches(results), results.dtype, results.training)
    return joined((own(results.network), how))


def paint_chart(
    painter: QPainter, results: Results, theme: Theme, area: QRectF, words: Words = ENGLISH
) -> None:
    """Paint the chart within an area: the curves, their axes, and their names beside the ends.

    Below LEAST_BESIDE pixels of width the names are left out: they stand in `names`.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    beside = area.width() >= LEAST_BESIDE
    plot = area.adjusted(_AXIS, _TOP_EDGE, -_LABELS if beside else -8.0, -_BOTTOM_EDGE)
    found = curves(results)
    if found:
        scale = _scale(found, batches(results), plot)
        _paint_axes(painter, theme, scale, batches(results), words, area.right())
        for curve in found:
            _paint_curve(painter, theme, scale, curve)
        if beside:
            _paint_labels(painter, theme, scale, found, words)
    else:
        painter.setPen(QColor(theme.line))
        painter.drawRect(plot)
        write_at(
            painter, fonts.words(16), theme.muted, plot, words(Text(NO_DATA)), _Align.AlignCenter
        )


def names(results: Results) -> tuple[tuple[str, Text], ...]:
    """Backend and name of every curve, with what its last point says."""
    return tuple((curve.backend, joined((curve.name, curve.told))) for curve in curves(results))


def how_to_read(results: Results) -> Text:
    """What lines, bands and dashes are."""
    runs = {run.estimated: kind_of(run) for run in results.runs if run.samples_s}
    parts = []
    if False in runs:
        thin = N_("{kind}: line = median, band = p10 to p90, thin = every sample")
        line = N_("{kind}: line = median, band = p10 to p90")
        parts.append(Text(thin if len(batches(results)) == 1 else line, kind=runs[False]))
    if True in runs:
        parts.append(Text(N_("{kind}: dashed, from the part of a pass that ran"), kind=runs[True]))
    return joined(parts, "semicolons")


def _scale(found: Sequence[Curve], sizes: Sequence[int], plot: QRectF) -> Scale:
    values = np.concatenate([np.concatenate((c.p10, c.p90, c.raw)) for c in found])
    decades = log_range(float(values.min()), float(values.max()))
    span = (0.0, 1.0) if len(sizes) == 1 else (math.log10(sizes[0]), math.log10(sizes[-1]))
    return Scale(plot, span, decades)


def _paint_axes(
    painter: QPainter,
    theme: Theme,
    scale: Scale,
    sizes: Sequence[int],
    words: Words,
    right: float,
) -> None:
    """right: edge beyond which nothing is written."""
    plot, side = scale.plot, RIGHT
    painter.setPen(QPen(QColor(theme.line), 1.0))
    ticks = log_ticks(*scale.decades, most=max(2, min(9, int(plot.height() / TICK))))
    for exponent, _ in ticks:
        y = scale.y(10.0**exponent)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    for exponent, text in ticks:
        area = QRectF(plot.left() - _AXIS, scale.y(10.0**exponent) - 9, _AXIS - 8, 18)
        write_at(painter, fonts.figures(12), theme.muted, area, text, side)
    figures = QFontMetricsF(fonts.figures(12))
    for x, text in _x_ticks(sizes, scale):
        half = figures.horizontalAdvance(text) / 2
        x = min(x, right - half)
        area = QRectF(x - 40, plot.bottom() + 6, 80, 18)
        write_at(painter, fonts.figures(12), theme.muted, area, text, _Align.AlignCenter)
    name = N_("batch") if len(sizes) > 1 else N_("share of each backend's samples, in order")
    area = QRectF(plot.left(), plot.bottom() + 24, plot.width(), 18)
    write_at(painter, fonts.words(12), theme.muted, area, words(Text(name)), _Align.AlignCenter)


def _x_ticks(sizes: Sequence[int], scale: Scale) -> Iterable[tuple[float, str]]:
    """Position and text; a batch whose text would touch the one before is left out."""
    if len(sizes) == 1:
        for share in (0.0, 0.5, 1.0):
            yield scale.x(share), f"{100 * share:.0f} %"
        return
    metrics, edge = QFontMetricsF(fonts.figures(12)), -math.inf
    for size in sizes:
        x, half = scale.x(math.log10(size)), metrics.horizontalAdvance(units.group(size)) / 2
        if x - half > edge + 8:
            yield x, units.group(size)
            edge = x + half


def _paint_curve(painter: QPainter, theme: Theme, scale: Scale, curve: Curve) -> None:
    colour = QColor(backend_colour(theme, curve.backend))
    faint, filled = QColor(colour), QColor(colour)
    faint.setAlphaF(0.35)
    filled.setAlphaF(0.22)
    solid = np.array([not estimated for estimated in curve.estimated])
    if np.count_nonzero(solid) > 1:  # a band of one point is no area; some readers stop at it
        x, low, high = curve.x[solid], curve.p10[solid], curve.p90[solid]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(filled)
        painter.drawPolygon(scale.line(np.append(x, x[::-1]), np.append(low, high[::-1])))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(curve.raw) > 1:
        painter.setPen(QPen(faint, 0.7))
        painter.drawPolyline(scale.line(curve.raw_x, curve.raw))
    for start in range(len(curve.x) - 1):
        guessed = any(curve.estimated[start : start + 2])
        if not guessed and start and not curve.estimated[start - 1]:
            continue  # drawn together with the piece before it
        end = start + 2
        while not guessed and end < len(curve.x) and not curve.estimated[end]:
            end += 1
        pen = QPen(colour, 2.0)
        if guessed:
            pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawPolyline(scale.line(curve.x[start:end], curve.p50[start:end]))
    if not curve.over_samples or len(curve.x) == 1:  # one point makes no line
        _paint_points(painter, theme, scale, curve, colour)


def _paint_points(
    painter: QPainter, theme: Theme, scale: Scale, curve: Curve, colour: QColor
) -> None:
    """A dot at each point, hollow where it is estimated."""
    painter.setPen(QPen(colour, 1.5))
    points = zip(curve.x.tolist(), curve.p50.tolist(), curve.estimated, strict=True)
    for x, seconds, estimated in points:
        painter.setBrush(QColor(theme.panel) if estimated else colour)
        painter.drawEllipse(QPointF(scale.x(x), scale.y(seconds)), 3.0, 3.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_labels(
    painter: QPainter, theme: Theme, scale: Scale, found: Sequence[Curve], words: Words
) -> None:
    """Two lines beside the end of each curve, moved apart where they would touch."""
    plot = scale.plot
    ends = [scale.y(float(curve.p50[-1])) for curve in found]
    centres = spread(ends, _LABEL, plot.top() - _LABEL / 2, plot.bottom() + _LABEL / 2)
    for curve, end, centre in zip(found, ends, centres, strict=True):
        painter.setPen(QPen(QColor(backend_colour(theme, curve.backend)), 1.0))
        start = QPointF(scale.x(float(curve.x[-1])) + 4, end)
        painter.drawLine(start, QPointF(plot.right() + _LEADER - 6, centre))
        room = _LABELS - _LEADER + 8
        area = QRectF(plot.right() + _LEADER, centre - _LABEL / 2, room, _LABEL / 2)
        write_at(painter, fonts.words(13, bold=True), theme.text, area, words(curve.name))
        below = area.translated(0, _LABEL / 2 - 1)
        write_at(painter, fonts.words(12), theme.muted, below, words(curve.told))


def tone_colours(theme: Theme) -> dict[Tone, str]:
    """What a note is written in."""
    return {
        Tone.VERDICT: theme.text,
        Tone.AGREED: theme.agreed,
        Tone.WARNING: theme.now_text,
        Tone.FAILURE: theme.loss,
        Tone.REMARK: theme.muted,
    }
