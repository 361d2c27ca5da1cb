"""Frames over what is shown: what came out, what was clicked on, what a lesson picks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.laid_over import LaidOver
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.strokes import hatch, write_in
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import Theme

Regions = Callable[[], list[QRectF]]
LEAST = 5.0  # pixels a side of a frame, however thin what it frames
ASTRIDE = 1.4  # heights of a name from which a frame bears it on its edge

ANSWER, CLICKED, LIT, PAST = "answer", "clicked", "lit", "past"
NAMED: Mapping[str, Text] = {
    ANSWER: Text(N_("the answer")),
    CLICKED: Text(N_("your click")),
    LIT: NOTHING,
    PAST: Text(N_("past the edge")),
}
"""What stands beside the first frame of each kind."""


@dataclass(frozen=True, slots=True)
class Mark:
    """kind: one of NAMED. where: asked whenever it is painted. said: instead of its name."""

    kind: str
    where: Regions
    said: Text = NOTHING


class Layer(LaidOver):
    """Lies over all of its parent and lets every click through. theme: that there is now."""

    def __init__(self, over: QWidget, theme: Callable[[], Theme]) -> None:
        super().__init__(over)
        self._theme = theme
        self.marks: tuple[Mark, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tell(self, name=N_("What a lesson marks"))

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show these; none: nothing."""
        self.marks = marks
        self.lay(on=bool(marks))
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        taken: list[QRectF] = []
        for mark in self.marks:
            regions = mark.where()
            for region in regions:
                paint_frame(painter, self._theme(), mark.kind, region)
            said = self.words(mark.said or NAMED[mark.kind])
            if regions and said:
                taken.append(self._name(painter, said, mark.kind, regions[0], taken))

    def _name(
        self, painter: QPainter, said: str, kind: str, by: QRectF, taken: list[QRectF]
    ) -> QRectF:
        """Its name on the edge of a frame, between the numbers of two cells; of a low one above it,
        else where there is room that no other name takes.
        """
        font = fonts.words(fonts.SMALL)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(said) + 10, metrics.height() + 2
        whole = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        left = min(max(by.x(), whole.x()), whole.right() - wide)
        tops = [by.y() - high - 3, by.bottom() + 3, by.bottom() - high - 3, by.y() + 3]
        if by.height() >= ASTRIDE * high:
            tops = [edge - high / 2 for edge in (by.y() - 2, by.bottom() + 2)] + tops
        places = [QRectF(left, top, wide, high) for top in tops]
        places += [QRectF(by.right() + 4, by.center().y() - high / 2, wide, high)]
        free = (
            place
            for place in places
            if whole.contains(place) and not any(place.intersects(one) for one in taken)
        )
        box = next(free, places[0])
        painter.setPen(QPen(QColor(_ink(self._theme(), kind)), 1))
        painter.setBrush(QColor(self._theme().panel))
        painter.drawRoundedRect(box, 3, 3)
        write_in(painter, box, said, font, self._theme().text)
        return box


def paint_frame(painter: QPainter, theme: Theme, kind: str, region: QRectF) -> None:
    """One frame: whole lines about the answer, dashes about a click, lines aslant past an edge."""
    more_x = max(0.0, LEAST - region.width()) / 2
    more_y = max(0.0, LEAST - region.height()) / 2
    box = region.adjusted(-more_x, -more_y, more_x, more_y)
    ink = QColor(_ink(theme, kind))
    if kind == PAST:
        hatch(painter, box, ink)
    thick = 3.0 if kind == ANSWER else 2.0
    if kind == CLICKED:
        box = box.adjusted(3, 3, -3, -3) if min(box.width(), box.height()) > 12 else box
    dashed = Qt.PenStyle.DashLine if kind == CLICKED else Qt.PenStyle.SolidLine
    painter.setPen(QPen(ink, thick, dashed))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)


def _ink(theme: Theme, kind: str) -> str:
    return {ANSWER: theme.agreed, PAST: theme.loss}.get(kind, theme.text)
