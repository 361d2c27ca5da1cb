"""Both schedules of a product on paper: at one instant, units over time, and why they differ."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.state.export import ExportChoice
from mmviz.state.recording.view import HalfView, PairView
from mmviz.text import N_, Text, joined
from mmviz.ui.export.figure import GAP, Body, Figure
from mmviz.ui.export.legend import paint_words, words_height
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.stage import Stage
from mmviz.ui.recording.lanes_painter import (
    names_width,
    paint_cursor,
    paint_lanes,
    paint_scale,
    sides_of,
)
from mmviz.words.speech import Words

LOWEST = 140.0, 110.0  # logical pixels of a picture, of units over time
SHAPE = 0.4  # height of a picture that suits, of the width of both
LOWER = 0.42  # share of the height that units over time are given


def recording_figure(
    view: PairView, position: float, title: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """position: 0 … 1 of the common scale."""
    halves = view.halves

    def paint(painter: QPainter, area: QRectF) -> None:
        lower = area.height() * LOWER if choice.units else 0.0
        high = area.height() - lower
        wide = (area.width() - 2 * GAP * (len(halves) - 1)) / len(halves)
        head = max(_head_height(view, half, position, words, wide) for half in halves)
        for i, half in enumerate(halves):
            box = QRectF(area.x() + i * (wide + 2 * GAP), area.y(), wide, high - GAP)
            _paint_half(painter, box, view, half, position, head, theme, words)
        if lower:
            below = QRectF(area.x(), area.y() + high, area.width(), lower)
            _paint_lanes(painter, below, view, position, theme, words)

    def least(width: float) -> float:
        wide = (width - 2 * GAP * (len(halves) - 1)) / len(halves)
        head = max(_head_height(view, half, position, words, wide) for half in halves)
        return head + LOWEST[0] + (LOWEST[1] if choice.units else 0.0) + GAP

    body = Body(paint, wanted=lambda width: max(least(width), SHAPE * width), least=least)
    heading, evidence = (words(one) for one in view.said)
    prose = [(theme.now_text, heading), (theme.text, evidence)] if choice.prose else []
    told = tuple((colour, text) for colour, text in prose if text)
    return Figure("recording", title, theme, body, told, choice.title)


def _told(view: PairView, half: HalfView, position: float) -> Text:
    frame = view.frame_of(half, position)
    done = Text(N_("{done:group} of {n:group} done"), done=frame.done, n=len(frame.trace))
    return joined((half.about, done))


def _head_height(
    view: PairView, half: HalfView, position: float, words: Words, width: float
) -> float:
    name = words_height(words(half.name), width, fonts.TEXT)
    return name + words_height(words(_told(view, half, position)), width) + 4


def _paint_half(
    painter: QPainter,
    box: QRectF,
    view: PairView,
    half: HalfView,
    position: float,
    head: float,
    theme: Theme,
    words: Words,
) -> None:
    """head: pixels above the picture, the same on both sides."""
    y = paint_words(painter, box, words(half.name), theme.text, fonts.TEXT, bold=True)
    told = words(_told(view, half, position))
    paint_words(painter, QRectF(box.x(), y, box.width(), 0), told, theme.muted)
    room = box.adjusted(0, head, 0, 0)
    if half.why:
        paint_words(painter, room, words(half.why), theme.muted)
        return
    stage = Stage(room.width(), room.height(), alone=True)
    scene = stage.scene(half.picture, view.frame_of(half, position), theme, words)
    with kept(painter):
        painter.translate(room.topLeft())
        stage.paint(painter, scene)


def _paint_lanes(
    painter: QPainter, area: QRectF, view: PairView, position: float, theme: Theme, words: Words
) -> None:
    left = names_width(view, words)
    sides = sides_of(view, area.adjusted(left, 0, 0, -6), position)
    for lanes in sides:
        paint_lanes(painter, theme, words, lanes, left)
    paint_scale(painter, theme, words, view, sides, area)
    paint_cursor(painter, theme, sides)
