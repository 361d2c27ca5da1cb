"""The kept chart of a timing run, painted with QPainter: the same on screen, in SVG and in PDF."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen, QPolygonF

from mmviz import units
from mmviz.bench.results import Results
from mmviz.state.clock.curves import Curve, batches, curves, spread_labels
from mmviz.state.clock.series import Floats, log_range, log_ticks
from mmviz.text import N_, NO_DATA, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.timing import Tone, conditions, kind_of, machine_line, notes

WIDTH = 960.0
_MARGIN = 32.0
_PLOT_HEIGHT = 360.0
_AXIS = 68.0  # for the words left of the plot
_LABELS = 236.0  # for the words right of it
_LINE = 18.0  # from one line of small text to the next
_LABEL = 36.0  # height of a label of two lines
_LEADER = 22.0  # from the end of a line to its label
_TOP_EDGE, _BOTTOM_EDGE = 16.0, 54.0  # from the header to the plot, from the plot to the notes

_Align = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are, in logical pixels, and the lines of text that decide it."""

    header: tuple[str, ...]
    notes: tuple[tuple[Tone, str], ...]
    plot: QRectF
    height: float
    words: Words = ENGLISH


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


def layout(results: Results, words: Words = ENGLISH) -> Layout:
    """Measure the text and place the plot. Needs a QGuiApplication: fonts are measured."""
    room = WIDTH - 2 * _MARGIN
    machine = wrapped(words(machine_line(results.machine)), face(12), room)
    header = (*machine, *wrapped(words(_legend(results)), face(12), room))
    runs, dtype = results.runs, results.dtype
    told = tuple(
        (note.tone, line)
        for note in notes(runs, dtype, results.machine, ended=True)
        for line in wrapped(words(note.text), face(12), room)
    )
    top = _MARGIN + 26 + _LINE * len(header) + _TOP_EDGE
    plot = QRectF(_MARGIN + _AXIS, top, room - _AXIS - _LABELS, _PLOT_HEIGHT)
    height = plot.bottom() + _BOTTOM_EDGE + _LINE * len(told) + _MARGIN
    return Layout(header, told, plot, height, words)


def paint_chart(painter: QPainter, results: Results, theme: Theme, where: Layout) -> None:
    """Paint the whole chart in logical pixels, WIDTH wide and `where.height` high."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, WIDTH, where.height), QColor(theme.panel))
    _paint_header(painter, results, theme, where)
    found = curves(results)
    if found:
        scale = _scale(found, batches(results), where.plot)
        _paint_axes(painter, theme, scale, batches(results), where.words)
        for curve in found:
            _paint_curve(painter, theme, scale, curve)
        _paint_labels(painter, theme, scale, found, where.words)
    else:
        painter.setPen(QColor(theme.line))
        painter.drawRect(where.plot)
        nothing = where.words(Text(NO_DATA))
        write_at(painter, face(16), theme.muted, where.plot, nothing, _Align.AlignCenter)
    _paint_notes(painter, theme, where)


def face(pixels: int, *, bold: bool = False, figures: bool = False) -> QFont:
    """A face of the interface in pixels, the same on every device, by its real family's name."""
    font = QFont(fonts.figures(bold=bold) if figures else fonts.words(bold=bold))
    # a file is read where "Sans Serif" may mean nothing: name the family that is really used
    font.setFamily(QFontInfo(font).family())
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def wrapped(text: str, font: QFont, width: float) -> tuple[str, ...]:
    """`text` broken at spaces into lines of at most `width` pixels (longer words stay whole)."""
    metrics, lines, line = QFontMetricsF(font), [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and metrics.horizontalAdvance(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return (*lines, line)


def _legend(results: Results) -> Text:
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


def _paint_header(painter: QPainter, results: Results, theme: Theme, where: Layout) -> None:
    how = where.words(conditions(batches(results), results.dtype, results.training))
    title = f"{results.network} · {how}"
    room = WIDTH - 2 * _MARGIN
    font = face(16, bold=True)
    title = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideMiddle, room)
    write_at(painter, font, theme.text, QRectF(_MARGIN, _MARGIN - 4, room, 24), title)
    for i, line in enumerate(where.header):
        area = QRectF(_MARGIN, _MARGIN + 26 + i * _LINE, room, _LINE)
        write_at(painter, face(12), theme.muted, area, line)


def _paint_axes(
    painter: QPainter, theme: Theme, scale: Scale, sizes: Sequence[int], words: Words
) -> None:
    plot, side = scale.plot, RIGHT
    painter.setPen(QPen(QColor(theme.line), 1.0))
    ticks = log_ticks(*scale.decades, most=9)
    for exponent, _ in ticks:
        y = scale.y(10.0**exponent)
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    for exponent, text in ticks:
        area = QRectF(_MARGIN - 8, scale.y(10.0**exponent) - 9, _AXIS - 2, 18)
        write_at(painter, face(12, figures=True), theme.muted, area, text, side)
    for x, text in _x_ticks(sizes, scale):
        area = QRectF(x - 40, plot.bottom() + 6, 80, 18)
        write_at(painter, face(12, figures=True), theme.muted, area, text, _Align.AlignCenter)
    name = N_("batch") if len(sizes) > 1 else N_("share of each backend's samples, in order")
    area = QRectF(plot.left(), plot.bottom() + 24, plot.width(), 18)
    write_at(painter, face(12), theme.muted, area, words(Text(name)), _Align.AlignCenter)


def _x_ticks(sizes: Sequence[int], scale: Scale) -> Iterable[tuple[float, str]]:
    """Position and text; a batch whose text would touch the one before is left out."""
    if len(sizes) == 1:
        for share in (0.0, 0.5, 1.0):
            yield scale.x(share), f"{100 * share:.0f} %"
        return
    metrics, edge = QFontMetricsF(face(12, figures=True)), -math.inf
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
    centres = spread_labels(ends, _LABEL, plot.top() - _LABEL / 2, plot.bottom() + _LABEL / 2)
    for curve, end, centre in zip(found, ends, centres, strict=True):
        painter.setPen(QPen(QColor(backend_colour(theme, curve.backend)), 1.0))
        start = QPointF(scale.x(float(curve.x[-1])) + 4, end)
        painter.drawLine(start, QPointF(plot.right() + _LEADER - 6, centre))
        room = _LABELS - _LEADER + 8
        area = QRectF(plot.right() + _LEADER, centre - _LABEL / 2, room, _LABEL / 2)
        write_at(painter, face(13, bold=True), theme.text, area, words(curve.name))
        below = area.translated(0, _LABEL / 2 - 1)
        write_at(painter, face(12), theme.muted, below, words(curve.told))


def tone_colours(theme: Theme) -> dict[Tone, str]:
    """What a note is written in."""
    return {
        Tone.AGREED: theme.agreed,
        Tone.WARNING: theme.now_text,
        Tone.FAILURE: theme.loss,
        Tone.REMARK: theme.muted,
    }


def _paint_notes(painter: QPainter, theme: Theme, where: Layout) -> None:
    colours = tone_colours(theme)
    for i, (tone, line) in enumerate(where.notes):
        top = where.plot.bottom() + _BOTTOM_EDGE + i * _LINE
        area = QRectF(_MARGIN, top, WIDTH - 2 * _MARGIN, _LINE)
        write_at(painter, face(12), colours[tone], area, line)


def write_at(
    painter: QPainter,
    font: QFont,
    colour: str,
    area: QRectF,
    text: str,
    side: Qt.AlignmentFlag = LEFT,
) -> None:
    """Text in its place, never cut."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(area, side | Qt.TextFlag.TextDontClip, printable(text))


def printable(text: str) -> str:
    """`text` with a space for every control character: XML forbids most of them."""
    return "".join(c if c.isprintable() else " " for c in text)
