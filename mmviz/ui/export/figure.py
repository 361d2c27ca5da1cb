"""What every figure has in common: a title, a body, sentences below, on a ground of the theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from mmviz.state.export import Paper
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, in_lines, write_in
from mmviz.ui.look.theme import Theme

MARGIN = 14.0  # logical pixels
GAP = 8.0
TITLE_SIZE = 15.0
STEP, TRIES = 1.06, 40  # how type becomes smaller where a paper is too small for all that is said


@dataclass(frozen=True, slots=True)
class Body:
    """The drawing. wanted, least: height that suits a width, and that it needs at least, in logical
    pixels; width: that it needs at least. paint: within a rectangle of such sides.
    """

    paint: Callable[[QPainter, QRectF], None]
    wanted: Callable[[float], float]
    least: Callable[[float], float]
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """name: of its file. title: of its document, written above it where `titled`; prose: below it,
    each a colour and a paragraph. ground: a colour, "" for the window's own.
    """

    name: str
    title: str
    theme: Theme
    body: Body
    prose: tuple[tuple[str, str], ...] = ()
    titled: bool = True
    ground: str = ""

    def wanted(self, width: float) -> float:
        """Height that suits a width."""
        return self._around(width) + self.body.wanted(width - 2 * MARGIN)

    def least(self, width: float) -> float:
        """Height below which something would be cut."""
        return self._around(width) + self.body.least(width - 2 * MARGIN)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """All of it, in logical pixels."""
        painter.fillRect(area, QColor(self.ground or self.theme.ground))
        room = area.width() - 2 * MARGIN
        y = area.y() + MARGIN
        for line in self._title(room):
            font = fonts.words(TITLE_SIZE, bold=True)
            high = _line(TITLE_SIZE)
            box = QRectF(area.x() + MARGIN, y, room, high)
            write_in(painter, box, line, font, self.theme.text, LEFT)
            y += high
        y += GAP if self.titled else 0.0
        below = self._lines(room)
        foot = len(below) * _line(fonts.SMALL) + (GAP if below else 0.0)
        body = QRectF(area.x() + MARGIN, y, room, area.bottom() - MARGIN - foot - y)
        self.body.paint(painter, body)
        y = body.bottom() + GAP
        for colour, line in below:
            box = QRectF(area.x() + MARGIN, y, room, _line(fonts.SMALL))
            write_in(painter, box, line, fonts.words(fonts.SMALL), colour, LEFT)
            y += box.height()

    def _around(self, width: float) -> float:
        """Height of all but the body."""
        room = width - 2 * MARGIN
        title, below = self._title(room), self._lines(room)
        high = 2 * MARGIN + len(title) * _line(TITLE_SIZE) + (GAP if title else 0.0)
        return high + len(below) * _line(fonts.SMALL) + (GAP if below else 0.0)

    def _title(self, room: float) -> tuple[str, ...]:
        return in_lines(self.title, fonts.words(TITLE_SIZE, bold=True), room) if self.titled else ()

    def _lines(self, room: float) -> list[tuple[str, str]]:
        font = fonts.words(fonts.SMALL)
        return [
            (colour, line) for colour, text in self.prose for line in in_lines(text, font, room)
        ]


def fitted(figure: Figure, paper: Paper) -> tuple[Paper, float]:
    """The paper with the room the figure needs, as type becomes smaller, and the height it has."""
    for _ in range(TRIES):
        height = figure.wanted(paper.width) if paper.height is None else paper.height
        fits = paper.width - 2 * MARGIN >= figure.body.width
        if fits and (paper.height is None or figure.least(paper.width) <= height + 0.5):
            break
        paper = paper.enlarged(STEP)
    return paper, height


def _line(size: float) -> float:
    """From one line of such words to the next."""
    return 1.1 * QFontMetricsF(fonts.words(size)).height()
