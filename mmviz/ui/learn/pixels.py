"""28 × 28 pixels as a square, and a mark among them that keys move."""

from __future__ import annotations

from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.learning.digits.strokes import SIDE, Floats
from mmviz.ui.look.diverging import ink_image
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.strokes import draw_image
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import DARK, Theme

LEAST, GRID = 84, 5.0  # pixels of a side; pixels of a cell from which on lines part them
_EDGE = 2.0  # for the mark of the focus
STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Pixels(Told, QWidget):
    """at: column and row that keys are at. A subclass marks more in `mark`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST, LEAST)
        self.theme: Theme = DARK
        self.image: Floats | None = None
        self.at = SIDE // 2, SIDE // 2

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def square(self) -> QRectF:
        """Where the pixels are."""
        side = min(self.width(), self.height()) - 2 * _EDGE
        return QRectF(_EDGE, _EDGE, side, side)

    def place_of(self, at: QPointF) -> tuple[float, float]:
        """In pixels of the picture, also beyond it."""
        area = self.square()
        cell = area.width() / SIDE
        return (at.x() - area.left()) / cell, (at.y() - area.top()) / cell

    def point_of(self, x: float, y: float) -> QPointF:
        """Where a place of the picture is on the widget."""
        area = self.square()
        cell = area.width() / SIDE
        return QPointF(area.left() + x * cell, area.top() + y * cell)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        area, theme = self.square(), self.theme
        if self.image is not None:
            draw_image(painter, area, ink_image(self.image, theme))
        cell = area.width() / SIDE
        if cell >= GRID:
            colour = QColor(theme.line)
            colour.setAlphaF(0.6)
            painter.setPen(QPen(colour, 0))
            for i in range(1, SIDE):
                painter.drawLine(QLineF(self.point_of(i, 0), self.point_of(i, SIDE)))
                painter.drawLine(QLineF(self.point_of(0, i), self.point_of(SIDE, i)))
        self.mark(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = theme.now_text if self.hasFocus() else theme.edge
        painter.setPen(QPen(QColor(edge), 1.5 if self.hasFocus() else 1))
        painter.drawRect(area)

    def mark(self, painter: QPainter) -> None:
        """What stands over the pixels."""

    def dashed(self, painter: QPainter, area: QRectF) -> None:
        """A box, given in pixels of the picture."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.x), 1, Qt.PenStyle.DashLine))
        box = QRectF(
            self.point_of(area.left(), area.top()), self.point_of(area.right(), area.bottom())
        )
        painter.drawRect(box)

    def cross(self, painter: QPainter, x: float, y: float) -> None:
        """A centre of mass, in pixels of the picture."""
        painter.setPen(QPen(QColor(self.theme.x), 1.5))
        at, arm = self.point_of(x, y), 4.0
        painter.drawLine(QLineF(at.x() - arm, at.y(), at.x() + arm, at.y()))
        painter.drawLine(QLineF(at.x(), at.y() - arm, at.x(), at.y() + arm))

    def walk(self, right: int, down: int) -> None:
        """The mark goes to another pixel."""
        x, y = self.at
        self.at = min(max(x + right, 0), SIDE - 1), min(max(y + down, 0), SIDE - 1)
        self.update()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self.update()
