"""Cards of neurons, on any device: a picture of each, its sum as a bar, its name and its score."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.state.learn.neurons import EACH, Neuron, NeuronsView
from mmviz.ui.look import fonts
from mmviz.ui.look.diverging import sign_colour, signed_image
from mmviz.ui.look.strokes import LEFT, RIGHT, draw_image
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

GAP, INSET, BAR = 8.0, 6.0, 10.0
FIVE = 5
_ACROSS = (FIVE, 10, 2)  # cards in a row: the first that gives the largest pictures


def boxes_of(area: QRectF, count: int) -> list[QRectF]:
    """Where each of so many cards stands; there is room for EACH."""

    def side(across: int) -> float:
        down = -(-EACH // across)
        wide = (area.width() - (across - 1) * GAP) / across
        return _picture(wide, (area.height() - (down - 1) * GAP) / down)

    across = max(_ACROSS, key=lambda n: (round(side(n)), -_ACROSS.index(n)))
    down = -(-EACH // across)
    wide = (area.width() - (across - 1) * GAP) / across
    high = (area.height() - (down - 1) * GAP) / down
    high = min(high, _picture(wide, high) + _line() + 3 * INSET)
    return [
        QRectF(
            area.x() + (i % across) * (wide + GAP), area.y() + (i // across) * (high + GAP),
            wide, high,
        )
        for i in range(count)
    ]  # fmt: skip


def height_of_fives(width: float) -> float:
    """Of rows of five cards within a width."""
    wide = (width - (FIVE - 1) * GAP) / FIVE
    rows = EACH // FIVE
    return rows * (wide - BAR - INSET + _line()) + (rows - 1) * GAP


def paint_neurons(
    painter: QPainter,
    theme: Theme,
    view: NeuronsView,
    boxes: Sequence[QRectF],
    words: Words,
    at: int | None = None,
) -> None:
    """at: the card that has a frame of its own."""
    for number, (card, box) in enumerate(zip(view.cards, boxes, strict=True)):
        _card(painter, theme, card, box, view.most, words, at=number == at)


def _line() -> float:
    return 16.0 * fonts.scale()


def _picture(wide: float, high: float) -> float:
    """Side of a picture in a card of that size."""
    return max(8.0, min(wide - BAR - 4 * INSET, high - _line() - 3 * INSET))


def _card(
    painter: QPainter,
    theme: Theme,
    card: Neuron,
    box: QRectF,
    most: float,
    words: Words,
    *,
    at: bool,
) -> None:
    painter.setBrush(QColor(theme.raised))
    edge = theme.now_text if card.wins else theme.muted if at else theme.line
    painter.setPen(QPen(QColor(edge), 2.0 if card.wins or at else 1.0))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
    side = _picture(box.width(), box.height())
    left = box.left() + max(INSET, (box.width() - side - BAR - INSET) / 2)
    picture = QRectF(left, box.top() + INSET, side, side)
    draw_image(painter, picture, signed_image(card.image, most, theme))
    _bar(painter, theme, card, QRectF(picture.right() + INSET, picture.top(), BAR, side))
    line = QRectF(box.left() + INSET, picture.bottom(), box.width() - 2 * INSET, _line())
    line.moveBottom(box.bottom() - 3)
    score = words(card.score)
    painter.setFont(fonts.figures(fonts.SMALL, bold=card.wins))
    if painter.fontMetrics().horizontalAdvance(score) > line.width():
        painter.setFont(fonts.figures(fonts.tiny(), bold=card.wins))
    painter.setPen(QColor(theme.now_text if card.wins else theme.text))
    painter.drawText(line, RIGHT, score)
    room = line.width() - painter.fontMetrics().horizontalAdvance(score) - 4
    painter.setFont(fonts.words(fonts.SMALL, bold=card.wins))
    painter.setPen(QColor(theme.text if card.wins else theme.muted))
    metrics = painter.fontMetrics()
    name = words(card.name)
    if metrics.horizontalAdvance(name) > room:
        name = words(card.short)
    if metrics.horizontalAdvance(name) <= room:  # the number is worth more
        painter.drawText(line, LEFT, name)


def _bar(painter: QPainter, theme: Theme, card: Neuron, area: QRectF) -> None:
    """The sum, up or down from the middle, as long as its share of the largest."""
    middle = area.center().y()
    tall = card.height * area.height() / 2
    bar = QRectF(area.left() + 1, middle - max(tall, 0.0), area.width() - 2, abs(tall))
    colour = QColor(theme.now) if card.wins else sign_colour(card.height, theme)
    painter.fillRect(bar, colour)
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
