"""What each tile takes more or less than on the other side, painted on the grid it computes."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmviz.state.picture.layout import alone_layout
from mmviz.state.recording.against import ResidualView, of_left
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.diverging import signed_image
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, draw_image, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme

KEY = 8.0  # height of the bar of colours
SEEN = 5.0  # pixels of a tile from which there is a line around it


class Residual(Told, QWidget):
    """Shows a residual; its tip tells of the tile under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Residual by tile"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(110, 90)
        self._theme: Theme = DARK
        self._view: ResidualView | None = None

    def sizeHint(self) -> QSize:
        return QSize(150, 160)

    def show_residual(self, view: ResidualView | None) -> None:
        """Show this instead."""
        self._view = view
        self.setVisible(view is not None)
        self.resizeEvent(None)
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """No higher than its tiles need, so that its words stand below them."""
        if self._view is not None:
            rows, columns = self._view.share.shape
            box = alone_layout(self.width(), 10_000.0, rows, columns).c
            self.setMaximumHeight(round(box.bottom + KEY + 20 * fonts.scale()))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.update()

    def grid(self) -> QRectF:
        """Where the tiles are, in pixels of this widget."""
        if self._view is None:
            return QRectF()
        foot = KEY + 18 * fonts.scale()
        rows, columns = self._view.share.shape
        box = alone_layout(self.width(), self.height() - foot, rows, columns).c
        return QRectF(box.x, box.y, box.w, box.h)

    def about(self, at: QPointF) -> Text:
        """What is said of a place."""
        view, grid = self._view, self.grid()
        if view is None or not grid.contains(at):
            return NOTHING
        rows, columns = view.share.shape
        m = min(rows - 1, int((at.y() - grid.y()) / grid.height() * rows))
        n = min(columns - 1, int((at.x() - grid.x()) / grid.width() * columns))
        share = of_left(float(view.share[m, n]))
        if np.isnan(share):
            return Text(N_("tile ({m}, {n}) is not in both"), m=m, n=n)
        said = N_("tile ({m}, {n}): {sign}{share:percent}")
        return Text(said, m=m, n=n, sign="+" if share >= 0 else "−", share=abs(share))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        view, theme, grid = self._view, self._theme, self.grid()
        if view is None:
            return
        draw_image(painter, grid, signed_image(view.share, view.most, theme))
        rows, columns = view.share.shape
        if min(grid.width() / columns, grid.height() / rows) >= SEEN:
            painter.setPen(QPen(QColor(theme.line), 1.0))
            for i in range(1, rows):
                y = grid.y() + i * grid.height() / rows
                painter.drawLine(QPointF(grid.left(), y), QPointF(grid.right(), y))
            for i in range(1, columns):
                x = grid.x() + i * grid.width() / columns
                painter.drawLine(QPointF(x, grid.top()), QPointF(x, grid.bottom()))
        painter.setPen(QPen(QColor(theme.edge), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(grid)
        self._paint_key(painter, view, grid)

    def _paint_key(self, painter: QPainter, view: ResidualView, grid: QRectF) -> None:
        """From as much less to as much more as the deepest colours stand for: a third to thrice."""
        bar = QRectF(grid.x(), grid.bottom() + 6, max(grid.width(), 96.0), KEY)
        draw_image(painter, bar, signed_image(np.linspace(-1, 1, 64)[np.newaxis], 1.0, self._theme))
        small, line = fonts.figures(fonts.SMALL), bar.adjusted(0, KEY + 1, 0, 15 * fonts.scale())
        for sign, side in (("−", LEFT), ("+", RIGHT)):
            most = abs(of_left(view.most if sign == "+" else -view.most))
            said = self.words(Text("{sign}{most:percent2}", sign=sign, most=most))
            write_in(painter, line, said, small, self._theme.muted, side)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent):
            said = self.words(self.about(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), as_tip(said), self)
            return True
        return super().event(event)
