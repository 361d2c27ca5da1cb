"""Neurons as pictures: the weights of each, or pixel × weight, its sum, and who wins."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.learn.neurons import Neuron, NeuronsView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.learn.neurons_painter import boxes_of, height_of_fives, paint_neurons
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing

LEAST = 120  # pixels of height


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
        return boxes_of(QRectF(self.rect()), len(self.cards))

    def resizeEvent(self, event: object) -> None:
        """Rows of five need no more height than their pictures are wide."""
        self.setMaximumHeight(max(round(height_of_fives(self.width())), LEAST))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        if self._view is not None:
            at = self.at if self.hasFocus() else None
            paint_neurons(painter, self.theme, self._view, self.boxes(), self.words, at)

    def card_at(self, at: QPointF) -> int | None:
        """The number of the card there."""
        found = (i for i, box in enumerate(self.boxes()) if box.contains(at))
        return next(found, None)

    part = "filters"

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
            told = "" if found is None else self.words(self._told(found))
            QToolTip.showText(event.globalPos(), as_tip(told), self)
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
