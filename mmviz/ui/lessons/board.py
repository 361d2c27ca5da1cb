"""Over the picture, where the panel it belongs to is not in sight: units or products, marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from mmviz.text import N_, NOTHING, Text
from mmviz.ui.lessons.marks import ANSWER, CLICKED, NAMED, paint_frame
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme

HIGH, LINE, MARGIN = 64, 18.0, 8.0
LARGEST = 26.0  # pixels of a unit's square


@dataclass(frozen=True, slots=True)
class BoardView:
    """said: what it shows. items: in their order, each with its name, NOTHING for a square. right:
    what came out or is picked out, `named` so; clicked: what was clicked on.
    """

    said: Text
    items: Sequence[Hashable] = ()
    names: Sequence[Text] = ()
    right: Collection[Hashable] = ()
    clicked: Collection[Hashable] = ()
    named: Text = NOTHING


class Board(Told, QWidget):
    """At the lower edge of its parent. theme: that there is now."""

    def __init__(self, over: QWidget, theme: Callable[[], Theme]) -> None:
        super().__init__(over)
        self._theme = theme
        self.view: BoardView | None = None
        tell(self, name=N_("What a lesson marks"))
        over.installEventFilter(self)
        self.hide()

    def show_view(self, view: BoardView | None) -> None:
        """Show this; None: nothing."""
        self.view = view
        self._place()
        if view is not None:
            self.raise_()
        self.setVisible(view is not None)
        self.say()

    def say(self) -> None:
        self.setAccessibleDescription("" if self.view is None else self.words(self.view.said))
        self.update()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        over = self.parentWidget()
        if over is not None:
            self.setGeometry(4, over.height() - HIGH - 2, over.width() - 8, HIGH)

    def boxes(self) -> list[QRectF]:
        """Where each item is."""
        view = self.view
        if view is None or not view.items:
            return []
        room = QRectF(self.rect()).adjusted(MARGIN, LINE + 6, -MARGIN, -6)
        count = len(view.items)
        if any(view.names):
            wide = room.width() / count
            return [
                QRectF(room.x() + i * wide, room.y(), wide - 4, room.height()) for i in range(count)
            ]
        side = min(LARGEST, room.height(), math.sqrt(room.width() * room.height() / count))
        while (across := max(1, int(room.width() // side))) * int(room.height() // side) < count:
            side *= 0.97
        gap = 2.0 if side > 6 else 1.0
        return [
            QRectF(
                room.x() + i % across * side, room.y() + i // across * side, side - gap, side - gap
            )
            for i in range(count)
        ]

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        view, theme = self.view, self._theme()
        if view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.edge)))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        left = self._paint_key(painter, view)
        head = QRectF(MARGIN, 3, left - MARGIN - 6, LINE)
        write_in(painter, head, self.words(view.said), fonts.words(bold=True), theme.text, LEFT)
        boxes = self.boxes()
        for i, (item, box) in enumerate(zip(view.items, boxes, strict=True)):
            self._paint_item(painter, view, i, item, box)

    def _paint_item(
        self, painter: QPainter, view: BoardView, i: int, item: Hashable, box: QRectF
    ) -> None:
        theme, small = self._theme(), box.width() < 12
        right, clicked = item in view.right, item in view.clicked
        named = self.words(view.names[i]) if any(view.names) else ""
        busy = not named and not right
        painter.setPen(QPen(QColor(theme.edge)))
        painter.setBrush(QColor(theme.order[2] if busy else theme.panel))
        painter.drawRoundedRect(box, 2, 2)
        if named:
            write_in(
                painter, box.adjusted(5, 0, -5, 0), named, fonts.words(fonts.SMALL), theme.text
            )
        if right and small:  # a frame of its own would leave nothing of it
            painter.setPen(QPen(QColor(theme.agreed), 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 1, 1)
        elif right:
            paint_frame(painter, theme, ANSWER, box.adjusted(1, 1, -1, -1))
        if clicked:
            paint_frame(painter, theme, CLICKED, box.adjusted(1, 1, -1, -1))

    def _paint_key(self, painter: QPainter, view: BoardView) -> float:
        """What the frames mean, at the right; returns where that begins."""
        font, right = fonts.words(fonts.SMALL), self.width() - MARGIN
        metrics = QFontMetricsF(font)
        key = [(ANSWER, view.named or NAMED[ANSWER])] if view.right else []
        key += [(CLICKED, NAMED[CLICKED])] if view.clicked else []
        for kind, said in reversed(key):
            text = self.words(said)
            wide = metrics.horizontalAdvance(text) + 4
            box = QRectF(right - wide, 3, wide, LINE)
            write_in(painter, box, text, font, self._theme().muted, LEFT)
            paint_frame(painter, self._theme(), kind, QRectF(box.x() - 19, 7, 13, 10))
            right = box.x() - 30
        return right
