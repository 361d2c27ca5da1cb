"""What every figure has in common: a title, a body, sentences below, on a ground of the theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from mmviz.state.export import Paper
from mmviz.ui.look import fonts
from mmviz.ui.look.lines import in_lines
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.theme import Theme

MARGIN = 14.0  # logical pixels
GAP = 8.0
TITLE_SIZE = 15.0
STEP, TRIES = 1.06, 40  # how type becomes smaller where a paper is too small for all that is said


Prose = tuple[tuple[str, str], ...]


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
    each a colour and a paragraph. ground: a colour, "" for the window's own. spare: indices of
    paragraphs that are left out, one after another, where the drawing would have less than half.
    """

    name: str
    title: str
    theme: Theme
    body: Body
    prose: Prose = ()
    titled: bool = True
    ground: str = ""
    spare: tuple[int, ...] = ()

    def wanted(self, width: float) -> float:
        """Height that suits a width."""
        prose = self._kept(width, None)
        return self._around(width, prose) + self.body.wanted(width - 2 * MARGIN)

    def least(self, width: float) -> float:
        """Height below which something would be cut."""
        prose = self._without(len(self.spare))
        return self._around(width, prose) + self.body.least(width - 2 * MARGIN)

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
        below = self._lines(room, self._kept(area.width(), area.height()))
        foot = len(below) * _line(fonts.SMALL) + (GAP if below else 0.0)
        body = QRectF(area.x() + MARGIN, y, room, area.bottom() - MARGIN - foot - y)
        self.body.paint(painter, body)
        y = body.bottom() + GAP
        for colour, line in below:
            box = QRectF(area.x() + MARGIN, y, room, _line(fonts.SMALL))
            write_in(painter, box, line, fonts.words(fonts.SMALL), colour, LEFT)
            y += box.height()

    def _kept(self, width: float, height: float | None) -> Prose:
        """Paragraphs that leave the body half of the height; None: of the one that suits."""
        for gone in range(len(self.spare) + 1):
            prose = self._without(gone)
            around = self._around(width, prose)
            body = self.body.wanted(width - 2 * MARGIN) if height is None else height - around
            if body >= around:
                break
        return prose

    def _without(self, gone: int) -> Prose:
        left_out = self.spare[:gone]
        return tuple(one for i, one in enumerate(self.prose) if i not in left_out)

    def _around(self, width: float, prose: Prose) -> float:
        """Height of all but the body."""
        room = width - 2 * MARGIN
        title, below = self._title(room), self._lines(room, prose)
        high = 2 * MARGIN + len(title) * _line(TITLE_SIZE) + (GAP if title else 0.0)
        return high + len(below) * _line(fonts.SMALL) + (GAP if below else 0.0)

    def _title(self, room: float) -> tuple[str, ...]:
        font = fonts.words(TITLE_SIZE, bold=True)
        return in_lines(self.title, font, room, parted=True) if self.titled else ()

    def _lines(self, room: float, prose: Prose) -> list[tuple[str, str]]:
        font = fonts.words(fonts.SMALL)
        return [(colour, line) for colour, text in prose for line in in_lines(text, font, room)]


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
