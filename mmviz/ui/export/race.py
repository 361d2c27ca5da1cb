"""A race on paper: two pictures on one clock, what differs, and who finishes first."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.state.export import ExportChoice
from mmviz.state.race.views import LegView, RaceView, SideView
from mmviz.text import NOTHING, Text, joined, own
from mmviz.ui.export.figure import GAP, Body, Figure
from mmviz.ui.export.legend import (
    Swatch,
    paint_swatches,
    paint_words,
    swatches_height,
    words_height,
)
from mmviz.ui.export.picture import picture_body, states
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.theme import Theme
from mmviz.ui.race.marks import WayLine
from mmviz.words.device import name as device_name
from mmviz.words.race import SIDES, no_difference, side
from mmviz.words.speech import Words

WAY = 40.0  # height of a side's way along the clock


def race_figure(
    view: RaceView, position: float, network: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """position: 0 … 1 of the common time."""
    axis = view.clock.axis
    sides = [
        _Side(name, one, 0.0 if axis is None else position * axis.end, theme, words)
        for name, one in zip(("left", "right"), view.sides, strict=True)
    ]
    swatches = _swatches(sides, theme, words) if choice.legend else ()

    narrowest = max(one.picture.width for one in sides)

    def columns(width: float) -> int:
        return 2 if width >= 2 * narrowest + 2 * GAP else 1

    def paint(painter: QPainter, area: QRectF) -> None:
        foot = swatches_height(swatches, area.width())
        across = columns(area.width())
        wide = (area.width() - 2 * GAP * (across - 1)) / across
        high = (area.height() - foot - GAP * (2 - across)) / (3 - across)
        for i, one in enumerate(sides):
            x = area.x() + (wide + 2 * GAP) * i * (across - 1)
            y = area.y() + (high + GAP) * i * (2 - across)
            one.paint(painter, QRectF(x, y, wide, high))
        low = QRectF(area.x(), area.bottom() - foot, area.width(), foot)
        paint_swatches(painter, theme, swatches, low)

    def height(width: float, wanted: bool) -> float:
        across = columns(width)
        wide = (width - 2 * GAP * (across - 1)) / across
        each = [one.height(wide, wanted) for one in sides]
        both = max(each) if across == 2 else sum(each) + GAP
        return both + swatches_height(swatches, width)

    body = Body(
        paint,
        wanted=lambda width: height(width, True),
        least=lambda width: height(width, False),
        width=narrowest,
    )
    ruled = theme.text if view.ruling.decided else theme.muted  # what is open is grey
    said = ((ruled, words(view.ruling.text)), (theme.muted, words(view.about)))
    prose = tuple(line for line in said if line[1]) if choice.prose else ()
    return Figure("race", _title(view, network, words), theme, body, prose, choice.title)


def _title(view: RaceView, network: str, words: Words) -> str:
    """The network, and the device where it is the same on both sides."""
    left, right = (device_name(one.still.picture.device) for one in view.sides)
    return words(joined((own(network), left))) if left == right else network


class _Side:
    """What a side is, its picture at the instant, its way along the clock."""

    def __init__(self, name: str, view: SideView, t: float, theme: Theme, words: Words) -> None:
        self.name, self.view, self.t = SIDES[name == "right"], view, t
        self.theme, self.words = theme, words
        self.leg: LegView | None = view.leg_at(t)
        shown = view.still if self.leg is None else self.leg.shown
        self.colour_by = shown.picture.colour_by
        trace = shown.picture.trace
        self.frame = None if trace is None else trace.at(0.0)
        if self.leg is not None:
            self.frame = self.leg.frame_at(t)
        what = joined((*(view.differs or (no_difference(),)), shown.detail), "dots")
        self.caption = words(Text("{side}: {what}", side=side(self.name), what=what))
        self.picture = picture_body(shown.picture, self.frame, theme, words, legend=False)

    def height(self, width: float, wanted: bool) -> float:
        picture = self.picture.wanted(width) if wanted else self.picture.least(width)
        return words_height(self.caption, width, fonts.TEXT) + picture + WAY

    def paint(self, painter: QPainter, area: QRectF) -> None:
        y = paint_words(painter, area, self.caption, self.theme.text, fonts.TEXT)
        room = QRectF(area.x(), y, area.width(), area.bottom() - WAY - y)
        self.picture.paint(painter, room)
        way = WayLine(self.name)
        way.set_theme(self.theme)
        way.set_words(self.words)
        way.show_view(self.view.way)
        several = self.leg is not None and len(self.view.legs) > 1
        way.show_moment(self.t, self.leg.shown.name if several and self.leg else NOTHING)
        way.resize(round(area.width()), way.height())
        with kept(painter):
            painter.translate(area.x(), area.bottom() - WAY)
            way.paint_on(painter)


def _swatches(sides: Sequence[_Side], theme: Theme, words: Words) -> tuple[Swatch, ...]:
    """What the colours are; without numbers, which are others on either side."""
    frame = next((one.frame for one in sides if one.frame is not None), None)
    return () if frame is None else states(frame, theme, words, sides[0].colour_by, numbered=False)
