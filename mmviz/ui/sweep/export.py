"""Keeping a sweep's chart: PNG, SVG or PDF, whole or not at all, with or without a window."""

from __future__ import annotations

import os

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter

from mmviz.state.sweep.chart import SweepChart, caption
from mmviz.text import N_, Text, joined, own
from mmviz.ui.clock.export import ensure_application, export_painting
from mmviz.ui.clock.painter import WIDTH, face, printable, wrapped, write_at
from mmviz.ui.look.strokes import LEFT
from mmviz.ui.look.theme import LIGHT, Theme
from mmviz.ui.sweep.axes import Faces, axes_of, is_filled
from mmviz.ui.sweep.painter import label_room, paint_sweep
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.sweep import place_span, summary_lines
from mmviz.words.timing import mode

_MARGIN = 32.0
_LINE = 18.0
_CHART = 420.0


def export_sweep(
    chart: SweepChart,
    path: str | os.PathLike[str],
    theme: Theme = LIGHT,
    words: Words = ENGLISH,
) -> None:
    """Write the chart with its title, how to read it and its summary to `path`.

    Its suffix decides the format. Needs no window and no display. Raises InputError for another
    suffix or a file that cannot be written, Unavailable where Qt or a font is missing.
    """
    ensure_application(path)
    room = WIDTH - 2 * _MARGIN
    faces = Faces(face(12), face(12, figures=True), face(12, bold=True), words)
    filled = False
    if chart.found.known:
        area = QRectF(_MARGIN, _MARGIN, room, _CHART)
        filled = is_filled(axes_of(chart, area, faces, label_room(chart, faces)))
    above = wrapped(printable(words(caption(chart, filled))), face(12), room)
    told = summary_lines(chart.found, chart.budget_s) if chart.found.known else ()
    below = [line for text in told for line in wrapped(printable(words(text)), face(12), room)]
    top = _MARGIN + 26 + _LINE * len(above) + 14
    end = top + _CHART + 16
    points = chart.found.points
    title = joined((own(points.network.name), place_span(chart.found)))
    how = printable(words(joined((title, own(chart.dtype), mode(points.training)))))

    def paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, WIDTH, height), QColor(theme.panel))
        area = QRectF(_MARGIN, _MARGIN - 4, room, 24)
        write_at(painter, face(16, bold=True), theme.text, area, how, LEFT)
        _lines(painter, theme, above, _MARGIN + 26)
        where = QRectF(_MARGIN, top, room, _CHART)
        if chart.found.known:
            axes = axes_of(chart, where, faces, label_room(chart, faces))
            paint_sweep(painter, theme, axes, faces)
        else:
            painter.setPen(QColor(theme.line))
            painter.drawRect(where)
            why = words(caption(chart))
            write_at(painter, face(14), theme.muted, where, why, Qt.AlignmentFlag.AlignCenter)
        _lines(painter, theme, below, end)

    height = end + _LINE * len(below) + _MARGIN
    document = words(Text(N_("{title}: predicted time"), title=title))
    export_painting(path, document, height, paint)


def _lines(painter: QPainter, theme: Theme, lines: tuple[str, ...] | list[str], top: float) -> None:
    for i, line in enumerate(lines):
        area = QRectF(_MARGIN, top + i * _LINE, WIDTH - 2 * _MARGIN, _LINE)
        write_at(painter, face(12), theme.muted, area, line, LEFT)
