"""The chart of a sweep as a figure, with or without a window. Loads no widgets."""

from __future__ import annotations

import os

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.state.export import CHART, ExportChoice
from mmviz.state.sweep.chart import SweepChart, caption
from mmviz.state.sweep.measuring import crossings, even_lines, within_text
from mmviz.state.sweep.values import VALUES
from mmviz.text import Text, joined, own
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.files import ensure_application, write
from mmviz.ui.export.legend import SIDE_ROW, nothing_body, paint_side_name
from mmviz.ui.look.strokes import printable
from mmviz.ui.look.theme import LIGHT, Theme
from mmviz.ui.sweep.axes import axes_of, is_filled
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.names import label_room
from mmviz.ui.sweep.painter import paint_sweep
from mmviz.words.names import spoken
from mmviz.words.pins import summary
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.sweep import place_span, step_lines, summary_lines
from mmviz.words.timing import mode

SHAPE = 0.44  # height of the chart, of its width
LOWEST = 160.0


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
    write(path, sweep_figure(chart, theme, words, ExportChoice()), CHART)


def sweep_figure(chart: SweepChart, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """The staircase, or the heat map of two axes."""
    points, known = chart.found.points, chart.found.known
    how = own(chart.dtype), mode(points.training), own(chart.device)
    named = joined((spoken(points.network.name), place_span(chart.found), *how))
    title = printable(words(named))
    if not known:
        body = nothing_body(printable(words(caption(chart))), theme)
        return Figure("sweep", title, theme, body, (), choice.title, ground=theme.panel)

    def paint(painter: QPainter, area: QRectF) -> None:
        faces = Faces.of_now(words)
        room = area if chart.heat else area.adjusted(SIDE_ROW, 0, 0, 0)
        axes = axes_of(chart, room, faces, label_room(chart, faces))
        paint_sweep(painter, theme, axes, faces)
        if not chart.heat:  # the axes of a heat map are both named below it
            side = QRectF(area.x(), axes.plot.y(), SIDE_ROW, axes.plot.height())
            paint_side_name(painter, theme, side, words(Text(VALUES[chart.value])))

    body = Body(
        paint,
        wanted=lambda width: max(LOWEST, SHAPE * width),
        least=lambda _: LOWEST,
        width=300.0,
    )
    faces = Faces.of_now(words)
    area = QRectF(0, 0, CHART.width, SHAPE * CHART.width)
    filled = is_filled(axes_of(chart, area, faces, label_room(chart, faces)))
    told: tuple[Text, ...] = (caption(chart, filled), *summary_lines(chart.found, chart.budget_s))
    crossed = crossings(chart.measured, chart.budget_s)
    verdicts = (within_text(crossed, chart.budget_s), *even_lines(crossed))
    told = (told[0], *(text for text in verdicts if text), *told[1:])
    a, b = chart.pins
    if a is not None and b is not None:
        told = (told[0], *summary(chart.found, (a, b)), *told[1:])
    prose = tuple((theme.muted, printable(words(text))) for text in told) if choice.prose else ()
    steps = step_lines(chart.found)
    first = told.index(steps[0]) if steps else 0
    spare = tuple(reversed(range(first, first + len(steps)))) if prose else ()  # the smallest first
    ground = theme.panel
    return Figure("sweep", title, theme, body, prose, choice.title, ground=ground, spare=spare)
