"""Over a panel whose figures are what a question asks for, until a guess is made."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.laid_over import LaidOver
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import DARK, Theme

SAYS = Text(N_("after your guess"))


class Veil(LaidOver):
    """Lies over all of its parent, and takes its clicks."""

    def __init__(self, over: QWidget, *, ground: bool = False) -> None:
        """ground: that panel stands on the window's ground."""
        super().__init__(over)
        self.theme: Theme = DARK
        self._ground = ground
        tell(self, name=SAYS)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        colour = self.theme.ground if self._ground else self.theme.panel
        painter.fillRect(self.rect(), QColor(colour))
        painter.setFont(fonts.words(fonts.SMALL))
        painter.setPen(QColor(self.theme.muted))
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(self.rect()).adjusted(8, 8, -8, -8), flags, self.words(SAYS))
