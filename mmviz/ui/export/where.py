"""Where a pass goes, as a figure: the bars of its panel, all of one length."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.state.clock.parts import PartsView
from mmviz.state.export import ExportChoice
from mmviz.text import joined, own
from mmviz.ui.clock.parts_painter import bars_height, legend_height, paint_bars, paint_legend
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.look.strokes import printable
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

_GAP = 4.0


def where_figure(
    view: PartsView, network: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """A bar a backend. network: what was timed, where the view says nothing else of it."""

    def high(width: float) -> float:
        foot = legend_height(view.bars, width, words) + _GAP if choice.legend else 0.0
        return bars_height(view.bars) + foot

    def paint(painter: QPainter, area: QRectF) -> None:
        paint_bars(painter, theme, view.bars, area, words, equal=True)
        if choice.legend:
            low = area.adjusted(0, bars_height(view.bars) + _GAP, 0, 0)
            paint_legend(painter, theme, view.bars, low, words)

    body = Body(paint, high, high, width=240.0)
    said = tuple((theme.muted, printable(words(text))) for text in view.remarks)
    title = view.of if view.stale else joined((own(network), view.of))
    prose = said if choice.prose else ()
    return Figure("parts", printable(words(title)), theme, body, prose, choice.title, theme.panel)
