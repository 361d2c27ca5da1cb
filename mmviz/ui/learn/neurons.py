"""Neurons as pictures: the weights of each, or pixel × weight, its sum, and who wins."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.learn.neurons import EACH, Neuron, NeuronsView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.diverging import sign_colour, signed_image
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, draw_image
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing

GAP, INSET, BAR = 8.0, 6.0, 10.0
LEAST = 120  # pixels of height
FIVE = 5
_ACROSS = (FIVE, 10, 2)  # cards in a row: the first that gives the largest pictures


class Neurons(Told, QWidget):
    """Ten cards. With the focus arrows walk from card to card.

    paged: another ten, where there are more.
    """

    paged = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Neurons and their weights"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, LEAST)
        self.theme: Theme = DARK
        self._view: NeuronsView | None = None
        self.at = 0

    @property
    def cards(self) -> tuple[Neuron, ...]:
        """What is shown."""
        return () if self._view is None else self._view.cards

    def sizeHint(self) -> QSize:
        return QSize(640, 300)

    def show_view(self, view: NeuronsView) -> None:
        """Show these instead."""
        self._view = view
        self.at = min(self.at, len(view.cards) - 1)
        self.say()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        self.setAccessibleDescription(self.words(self._told(self.at)))

    def _told(self, number: int) -> Text:
        return self.cards[number].told if number < len(self.cards) else NOTHING

    def boxes(self) -> list[QRectF]:
        """Where each card stands."""
        across = max(_ACROSS, key=lambda n: (round(self._side(n)), -_ACROSS.index(n)))
        down = -(-EACH // across)
        wide = (self.width() - (across - 1) * GAP) / across
        high = (self.height() - (down - 1) * GAP) / down
        high = min(high, self._picture(wide, high) + self._line() + 3 * INSET)
        return [
            QRectF((i % across) * (wide + GAP), (i // across) * (high + GAP), wide, high)
            for i in range(len(self.cards))
        ]

    def _line(self) -> float:
        return 16.0 * fonts.scale()

    def _side(self, across: int) -> float:
        down = -(-EACH // across)
        wide = (self.width() - (across - 1) * GAP) / across
        return self._picture(wide, (self.height() - (down - 1) * GAP) / down)

    def _picture(self, wide: float, high: float) -> float:
        """Side of a picture in a card of that size."""
        return max(8.0, min(wide - BAR - 4 * INSET, high - self._line() - 3 * INSET))

    def resizeEvent(self, event: object) -> None:
        """Rows of five need no more height than their pictures are wide."""
        wide = (self.width() - (FIVE - 1) * GAP) / FIVE
        rows = EACH // FIVE
        tall = rows * (wide - BAR - INSET + self._line()) + (rows - 1) * GAP
        self.setMaximumHeight(max(round(tall), LEAST))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        for number, (card, box) in enumerate(zip(self.cards, self.boxes(), strict=True)):
            self._card(painter, card, box, at=number == self.at and self.hasFocus())

    def _card(self, painter: QPainter, card: Neuron, box: QRectF, *, at: bool) -> None:
        theme = self.theme
        painter.setBrush(QColor(theme.raised))
        edge = theme.now_text if card.wins else theme.muted if at else theme.line
        painter.setPen(QPen(QColor(edge), 2.0 if card.wins or at else 1.0))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        side = self._picture(box.width(), box.height())
        left = box.left() + max(INSET, (box.width() - side - BAR - INSET) / 2)
        picture = QRectF(left, box.top() + INSET, side, side)
        most = 0.0 if self._view is None else self._view.most
        draw_image(painter, picture, signed_image(card.image, most, theme))
        self._bar(painter, card, QRectF(picture.right() + INSET, picture.top(), BAR, side))
        line = QRectF(box.left() + INSET, picture.bottom(), box.width() - 2 * INSET, self._line())
        line.moveBottom(box.bottom() - 3)
        painter.setFont(fonts.figures(fonts.SMALL, bold=card.wins))
        painter.setPen(QColor(theme.now_text if card.wins else theme.text))
        score = self.words(card.score)
        painter.drawText(line, RIGHT, score)
        room = line.width() - painter.fontMetrics().horizontalAdvance(score) - 4
        painter.setFont(fonts.words(fonts.SMALL, bold=card.wins))
        painter.setPen(QColor(theme.text if card.wins else theme.muted))
        metrics = painter.fontMetrics()
        name = self.words(card.name)
        if metrics.horizontalAdvance(name) > room:
            name = self.words(card.short)
        painter.drawText(line, LEFT, name)

    def _bar(self, painter: QPainter, card: Neuron, area: QRectF) -> None:
        """The sum, up or down from the middle, as long as its share of the largest."""
        theme, middle = self.theme, area.center().y()
        tall = card.height * area.height() / 2
        bar = QRectF(area.left() + 1, middle - max(tall, 0.0), area.width() - 2, abs(tall))
        colour = QColor(theme.now) if card.wins else sign_colour(card.height, theme)
        painter.fillRect(bar, colour)
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))

    def card_at(self, at: QPointF) -> int | None:
        """The number of the card there."""
        found = (i for i, box in enumerate(self.boxes()) if box.contains(at))
        return next(found, None)

    part = ""

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def thing_at(self, at: QPointF) -> Thing | None:
        """The neuron there."""
        found = self.card_at(at)
        return None if found is None else self._thing(found)

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The neuron the keys stand at."""
        boxes = self.boxes()
        return (self._thing(self.at), boxes[self.at].center().toPoint()) if boxes else None

    def _thing(self, number: int) -> Thing:
        card = self.cards[number]
        return Thing("row", card.name, card.score, (card.told,))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self.card_at(event.pos().toPointF())
            tip = "" if found is None else as_tip(self.words(self._told(found)))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        key = None if event is None else event.key()
        boxes = self.boxes()
        across = sum(1 for box in boxes if box.top() == boxes[0].top()) if boxes else 1
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -across,
            Qt.Key.Key_Down: across,
        }
        if key in steps and boxes:
            to = self.at + steps[Qt.Key(key)]
            if 0 <= to < len(boxes):
                self.at = to
                self.say()
                self.update()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.paged.emit(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.update()
