"""The chart of a timing run as a figure, with or without a window. Loads no widgets."""

from __future__ import annotations

import os

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.bench.results import Results
from mmviz.state.export import CHART, ExportChoice
from mmviz.text import N_, Text
from mmviz.ui.clock.painter import (
    LEAST_BESIDE,
    names,
    paint_chart,
    prose,
    title,
    tone_colours,
)
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.files import ensure_application, write
from mmviz.ui.export.legend import (
    SIDE_ROW,
    Swatch,
    paint_side_name,
    paint_swatches,
    swatches_height,
)
from mmviz.ui.look.strokes import printable
from mmviz.ui.look.theme import LIGHT, Theme, backend_colour
from mmviz.words.speech import ENGLISH, Words

SHAPE = 0.42  # height of the chart, of its width
LOWEST = 150.0


def export_chart(
    results: Results,
    path: str | os.PathLike[str],
    theme: Theme = LIGHT,
    words: Words = ENGLISH,
) -> None:
    """Write the chart of `results` to `path`; its suffix decides the format.

    Needs no window and no display. Raises InputError for another suffix or a file that cannot be
    written (an old one stays whole), Unavailable where Qt or a font is missing.
    """
    ensure_application(path)
    write(path, timing_figure(results, theme, words, ExportChoice()), CHART)


def timing_figure(results: Results, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """Latency of a pass, by sample or by batch, of every backend."""

    def swatches(width: float) -> tuple[Swatch, ...]:
        """The names of the curves, where they have no room beside them."""
        if width - SIDE_ROW >= LEAST_BESIDE:
            return ()
        return tuple(
            Swatch(words(name), backend_colour(theme, backend)) for backend, name in names(results)
        )

    def low(width: float) -> float:
        return swatches_height(swatches(width), width)

    def paint(painter: QPainter, area: QRectF) -> None:
        foot = low(area.width())
        chart = area.adjusted(SIDE_ROW, 0, 0, -foot)
        paint_chart(painter, results, theme, chart, words)
        name = words(Text(N_("time of a pass")))
        paint_side_name(painter, theme, area.adjusted(0, 0, 0, -foot - 2 * SIDE_ROW), name)
        below = QRectF(area.x(), area.bottom() - foot, area.width(), foot)
        paint_swatches(painter, theme, swatches(area.width()), below)

    body = Body(
        paint,
        wanted=lambda width: max(LOWEST, SHAPE * width) + low(width),
        least=lambda width: LOWEST + low(width),
        width=300.0,
    )
    colours = tone_colours(theme)
    said = tuple((colours[tone], printable(words(text))) for tone, text in prose(results))
    how = printable(words(title(results)))
    said = said if choice.prose else ()
    return Figure("timing", how, theme, body, said, choice.title, ground=theme.panel)
