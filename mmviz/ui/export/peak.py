"""The roofline and where the peak goes, on paper: the panels' own painting, in other sizes."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.state.export import ExportChoice
from mmviz.state.peak.roofline import RooflineView
from mmviz.state.peak.waterfall import Waterfall
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.legend import (
    SIDE_ROW,
    nothing_body,
    paint_side_name,
    paint_words,
    words_height,
)
from mmviz.ui.look.painting import kept
from mmviz.ui.look.theme import Theme
from mmviz.ui.peak.roofline_drawing import EDGE, RooflineDrawing
from mmviz.ui.peak.waterfall import WaterfallCanvas
from mmviz.words.speech import Words

SHAPE = 0.5  # height of a roofline's plot, of its width
LOWEST = 110.0
SIDE = 14.0  # pixels for the name of the axis upwards, beside what its ticks leave
LARGEST, STEP = 1.5, 1.03


def roofline_figure(
    view: RooflineView, title: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """Products by intensity and rate, below the roof of the device."""
    if not view.roofs:
        body = nothing_body(words(view.problem), theme)
        return Figure("roofline", title, theme, body, (), choice.title, ground=theme.panel)

    def canvas(width: float, plot: float) -> RooflineDrawing:
        made = RooflineDrawing()
        made.theme, made.plot_height = theme, plot
        made.set_words(words)
        made.show_view(view)
        made.resize(round(width + 2 * EDGE), made.sizeHint().height())
        return made

    def around(width: float) -> float:
        return canvas(width, 0.0).sizeHint().height()

    def paint(painter: QPainter, area: QRectF) -> None:
        left = area.x() - EDGE + SIDE  # the ticks stand right of the name of their axis
        made = canvas(area.width() - SIDE, area.height() - around(area.width()))
        with kept(painter):
            painter.translate(left, area.y())
            made.paint_on(painter)
            plot = made.plot().translated(left, area.y())
        side = QRectF(area.x() - 2, plot.y(), SIDE_ROW, plot.height())
        paint_side_name(painter, theme, side, "FLOP/s")

    body = Body(
        paint,
        wanted=lambda width: SHAPE * width + around(width),
        least=lambda width: LOWEST + around(width),
        width=300.0,
    )
    return Figure("roofline", title, theme, body, (), choice.title, ground=theme.panel)


def peak_figure(
    shown: Waterfall, title: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """What each loss leaves of the peak."""

    head = words(shown.title)

    def canvas(width: float) -> WaterfallCanvas:
        made = WaterfallCanvas()
        made.theme, made.prose, made.headed = theme, choice.prose, False
        made.set_words(words)
        made.show_waterfall(shown)
        made.resize(round(width + 2 * EDGE), made.height_at(round(width + 2 * EDGE)))
        return made

    def paint(painter: QPainter, area: QRectF) -> None:
        larger = 1.0  # the lines have a height of their own: on a large page they are larger
        while larger < LARGEST and high(area.width() / larger) * larger < area.height() / STEP:
            larger *= STEP
        made = canvas(area.width() / larger)
        with kept(painter):
            painter.translate(area.x(), area.y())
            painter.scale(larger, larger)
            room = QRectF(0, 0, area.width() / larger, area.height() / larger)
            y = paint_words(painter, room, head, theme.text)
            painter.translate(-EDGE, y + 6)
            made.paint_on(painter)

    def high(width: float) -> float:
        return float(canvas(width).height()) + words_height(head, width) + 6

    body = Body(paint, high, high, width=240.0)
    return Figure("peak", title, theme, body, (), choice.title, ground=theme.panel)
