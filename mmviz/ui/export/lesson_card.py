"""The card of a lesson's step on paper: what is asked, and what may be answered."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.state.export import ExportChoice
from mmviz.state.lessons.card import Card
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.legend import paint_words, words_height
from mmviz.ui.look.strokes import printable
from mmviz.ui.look.theme import Theme
from mmviz.words.lesson_card import FREE, LEADS, TO_CLICK
from mmviz.words.lessons import Sayable, say
from mmviz.words.speech import Words

LEAD, ASKED, OPTION = 14.0, 24.0, 18.0  # logical pixels of type
APART, INSIDE = 9.0, 7.0  # between blocks; from the edge of a box to what stands in it
FIELD = 120.0  # a box for a number
FIRST = Text(N_("what may be answered is measured first, in the window"))


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph. boxed: within an edge, as an option is; field: an empty box stands before it."""

    text: str
    size: float
    colour: str
    boxed: bool = False
    field: bool = False

    def room(self, width: float) -> float:
        """What its words have of a width."""
        return width - (2 * INSIDE if self.boxed else FIELD + INSIDE if self.field else 0.0)

    def height(self, width: float) -> float:
        high = words_height(self.text or " ", self.room(width), self.size)
        return high + (2 * INSIDE if self.boxed or self.field else 0.0)


def card_figure(card: Card, theme: Theme, words: Words, choice: ExportChoice) -> Figure:
    """A step: its question with the options or what to do. Hint and idea, which may tell what is
    asked, are left out.
    """
    blocks = _blocks(card, theme, words)

    def high(width: float) -> float:
        return sum(block.height(width) + APART for block in blocks)

    def paint(painter: QPainter, area: QRectF) -> None:
        y = area.y()
        for block in blocks:
            box = QRectF(area.x(), y, area.width(), block.height(area.width()))
            _paint(painter, theme, block, box)
            y = box.bottom() + APART

    step = Text(N_("step {n} of {of}"), n=card.number, of=card.count)
    title = words(joined((own(say(card.title, words)), step)))
    body = Body(paint, high, high, width=300.0)
    return Figure("lesson", printable(title), theme, body, (), choice.title, theme.panel)


def _blocks(card: Card, theme: Theme, words: Words) -> list[_Block]:
    def block(said: Sayable, size: float, colour: str, **how: bool) -> _Block:
        return _Block(printable(say(said, words)) if said else "", size, colour, **how)

    asked = [
        block(Text(LEADS[card.kind]), LEAD, theme.now_text),
        block(card.ask, ASKED, theme.text),
    ]
    asked += [block(option.said, OPTION, theme.text, boxed=True) for option in card.options]
    if card.form == "choice" and not card.options and not card.note:
        asked.append(block(FIRST, OPTION, theme.muted))
    if card.form == "number":
        asked.append(block(own(card.unit), OPTION, theme.text, field=True))
    if card.form == "click" and card.on in TO_CLICK:
        asked.append(block(Text(TO_CLICK[card.on]), OPTION, theme.muted))
    asked += [block(said, OPTION, theme.muted) for said in (_free(card), card.note) if said]
    if card.tell:
        asked.append(block(card.tell, OPTION, theme.text))
    return asked


def _free(card: Card) -> Text:
    """What may be changed, where something is to be."""
    free = tuple(Text(FREE[name]) for name in card.free if name in FREE)
    return Text(N_("You may change: {what:items}."), what=free) if free else NOTHING


def _paint(painter: QPainter, theme: Theme, block: _Block, box: QRectF) -> None:
    inside = box
    if block.boxed or block.field:
        edge = box if block.boxed else QRectF(box.x(), box.y(), FIELD, box.height())
        painter.setPen(QPen(QColor(theme.edge), 1.0))
        painter.setBrush(QColor(theme.raised if block.boxed else theme.ground))
        painter.drawRoundedRect(edge.adjusted(0.5, 0.5, -0.5, -0.5), 5.0, 5.0)
        left = INSIDE if block.boxed else FIELD + INSIDE
        inside = box.adjusted(left, INSIDE, -INSIDE if block.boxed else 0.0, 0.0)
    paint_words(painter, inside, block.text, block.colour, block.size)
