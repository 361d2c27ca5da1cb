"""Units over time on paper: with axes of time and of units, and what colours mean."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontMetricsF, QPainter

from mmviz.core.device.body import Noun
from mmviz.core.device.device import Device
from mmviz.core.schedule.trace import Frame, Trace
from mmviz.state.export import ExportChoice
from mmviz.state.picture.pass_span import Span, ticks
from mmviz.state.picture.time_views import UnitsView
from mmviz.text import N_, Text, joined
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.legend import (
    AXIS,
    Swatch,
    paint_axis,
    paint_side,
    paint_swatches,
    paint_words,
    swatches_height,
    words_height,
)
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme
from mmviz.ui.timeline.units_painter import paint_instant, paint_units
from mmviz.words.schedule import unit_text
from mmviz.words.speech import Words

SHAPE = 0.42  # height of the chart, of its width
LOWEST = 40.0
DETAIL = 3.0  # points of time looked at in a logical pixel, as a page is printed finer
TICK = 70.0  # logical pixels from tick to tick, at least


def units_figure(
    view: UnitsView,
    frame: Frame,
    device: Device,
    title: str,
    theme: Theme,
    words: Words,
    choice: ExportChoice,
) -> Figure:
    """Who is busy when."""
    prose = ((theme.muted, words(joined((view.units, view.busy, view.kind, view.idle)))),)
    body = units_body(view, frame, device, theme, words, legend=choice.legend)
    return Figure("units", title, theme, body, prose if choice.prose else (), choice.title)


def units_body(
    view: UnitsView,
    frame: Frame,
    device: Device,
    theme: Theme,
    words: Words,
    *,
    legend: bool,
    headed: bool = False,
) -> Body:
    """The chart with its axes. headed: with a line above that says what it is."""
    head = words(joined((Text(N_("units over time")), view.units, view.idle))) if headed else ""
    swatches = _swatches(theme, words) if legend else ()
    trace = frame.trace
    side = [words(unit_text(view.noun, i)) for i in (0, trace.tiling.units - 1)]

    def beside() -> float:
        """Width that the names of the first and the last unit take."""
        metrics = QFontMetricsF(fonts.figures(fonts.SMALL))
        return max(metrics.horizontalAdvance(text) for text in side) + 10

    def around(width: float) -> float:
        high = words_height(head, width) + (4.0 if head else 0.0)
        return high + AXIS + 6 + swatches_height(swatches, width - beside())

    def paint(painter: QPainter, area: QRectF) -> None:
        y = paint_words(painter, area, head, theme.text)
        top = y + (10.0 if head else 6.0)
        low = swatches_height(swatches, area.width() - beside())
        left = area.x() + beside()
        chart = QRectF(left, top, area.right() - 2 - left, area.bottom() - low - AXIS - top)
        paint_units(painter, theme, view, frame, chart, DETAIL)
        paint_instant(painter, theme, frame, chart)
        ends = ((chart.top() + 5, side[0]), (chart.bottom() - 5, side[1]))
        paint_side(painter, theme, chart, ends[: trace.tiling.units], area.x())
        paint_axis(painter, theme, chart, *_time(trace, chart, device.tick, words))
        below = QRectF(chart.x(), area.bottom() - low, area.right() - chart.x(), low)
        paint_swatches(painter, theme, swatches, below)

    return Body(
        paint,
        wanted=lambda width: SHAPE * width + around(width),
        least=lambda width: LOWEST + around(width),
        width=240.0,
    )


def _time(
    trace: Trace, chart: QRectF, tick: Noun, words: Words
) -> tuple[list[tuple[float, str]], str]:
    """Ticks of the axis of time, as places and texts, and its name."""
    most = max(1, int(chart.width() / TICK))
    found = ticks(Span(0.0, trace.duration), trace.clock, most, tick)
    at = [(chart.x() + chart.width() * one.t / trace.duration, words(one.text)) for one in found]
    return at, words(Text(N_("time since the product began")))


def _swatches(theme: Theme, words: Words) -> tuple[Swatch, ...]:
    return (
        Swatch(words(Text(N_("computed, by wave"))), theme.order[0], others=theme.order[1:]),
        Swatch(words(Text(N_("computing now"))), theme.now),
        Swatch(words(Text(N_("to come"))), theme.waiting),
        Swatch(words(Text(N_("idle"))), theme.loss, hatched=True),
    )
