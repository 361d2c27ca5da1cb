"""The table of layers on paper: as many columns and lines as can be read, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QLineF, QRectF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mmviz.state.export import ExportChoice
from mmviz.state.peak.layer_columns import LayerColumn, Line
from mmviz.state.peak.layers import Layers
from mmviz.text import N_, Text
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import Theme
from mmviz.words.speech import Words

ROW, GAP = 19.0, 16.0
LARGEST, STEP = 1.8, 1.04
NAME = 0.36  # of the width: the most that words of a column have
SHORT = 112.0  # logical pixels that they have at least
MOST = 60  # lines: of more a picture is not read
FIRST = ("product", "role", "predicted s", "error share", "share", "limiter", "m x n x k")
"""Columns by what they are worth where there is no room for all."""


def layers_figure(
    table: Layers, product: int, title: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """The totals, then a line a product in the order of computing; one is looked at."""
    lines = (*table.totals, *table.lines)
    made = _Table(table.columns, lines, product, theme, words)
    body = Body(made.paint, made.wanted, made.least, width=240.0)
    return Figure("layers", title, theme, body, (), choice.title, ground=theme.panel)


class _Table:
    """Columns that hold nothing are left out, and those there is no room for."""

    def __init__(
        self,
        columns: Sequence[LayerColumn],
        lines: Sequence[Line],
        product: int,
        theme: Theme,
        words: Words,
    ) -> None:
        self.product, self.theme, self.words = product, theme, words
        self.lines = lines
        self.columns = [one for one in columns if self._holds(one)]
        self._cells: dict[tuple[int, int], str] = {}

    def wanted(self, _: float) -> float:
        return ROW * (min(len(self.lines), MOST) + 1 + (len(self.lines) > MOST)) + 6

    def least(self, _: float) -> float:
        return ROW * (min(len(self.lines), 12) + 2)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """As large as shows the same: a short table on a large page is read from afar."""
        larger = 1.0
        columns = len(self._kept(self._widths(self.lines[:MOST], area.width()), area.width()))
        while larger < LARGEST:
            next, room = larger * STEP, area.width() / (larger * STEP)
            if self.wanted(room) * next > area.height():
                break
            if len(self._kept(self._widths(self.lines[:MOST], room), room)) < columns:
                break
            larger = next
        with kept(painter):
            painter.translate(area.topLeft())
            painter.scale(larger, larger)
            self._paint(painter, QRectF(0, 0, area.width() / larger, area.height() / larger))

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        fit = max(1, int(area.height() // ROW) - 1)
        shown = list(self.lines)
        if len(shown) > fit:
            shown = shown[: fit - 1]
        widths = self._widths(shown, area.width())
        those = self._kept(widths, area.width())
        free = (area.width() - sum(widths[i] for i in those)) / max(1, len(those) - 1)
        places, x = {}, area.x()
        for i in those:
            places[i] = QRectF(x, 0, widths[i], ROW)
            x += widths[i] + min(free, 48.0)
        right = min(area.right(), x)
        head = fonts.words(fonts.SMALL)
        for i in those:
            self._write(painter, places[i], area.y(), i, self._head(i), head, self.theme.muted)
        y = area.y() + ROW
        for line in shown:
            self._rule(painter, area.x(), right, y)
            if line.product >= 0 and line.product == self.product:
                ground = QRectF(area.x() - 4, y + 1, right - area.x() + 8, ROW - 1)
                painter.fillRect(ground, QColor(self.theme.selected))
            for i in those:
                ink = self.theme.text
                self._write(painter, places[i], y, i, self._text(i, line), self._font(i, line), ink)
            y += ROW
        self._rule(painter, area.x(), right, y)
        if len(shown) < len(self.lines):
            more = Text(N_("and {n:group} more"), n=len(self.lines) - len(shown))
            box = QRectF(area.x(), y, area.width(), ROW)
            write_in(painter, box, self.words(more), head, self.theme.muted, LEFT)

    def _rule(self, painter: QPainter, left: float, right: float, y: float) -> None:
        painter.setPen(QPen(QColor(self.theme.line), 1.0))
        painter.drawLine(QLineF(left, y, right, y))

    def _write(
        self, painter: QPainter, box: QRectF, y: float, i: int, text: str, font: QFont, ink: str
    ) -> None:
        side = LEFT if self.columns[i].wordy else RIGHT
        write_in(painter, box.translated(0, y), text, font, ink, side)

    def _holds(self, column: LayerColumn) -> bool:
        return any(column.value(line) not in (None, Text("")) for line in self.lines[:MOST])

    def _head(self, i: int) -> str:
        return self.words(self.columns[i].name)

    def _text(self, i: int, line: Line) -> str:
        column = self.columns[i]
        return self.words(column.text(column.value(line)))

    def _font(self, i: int, line: Line) -> QFont:
        face = fonts.words if self.columns[i].wordy else fonts.figures
        return face(fonts.SMALL, bold=line.product < 0)

    def _widths(self, lines: Sequence[Line], room: float) -> list[float]:
        """Of every column; a name gets no more than its share, and is cut with an ellipsis."""
        heads = QFontMetricsF(fonts.words(fonts.SMALL))
        widths = []
        for i in range(len(self.columns)):
            texts = (
                QFontMetricsF(self._font(i, line)).horizontalAdvance(self._text(i, line))
                for line in lines
            )
            head = heads.horizontalAdvance(self._head(i))
            wanted = max(head, *texts, 0.0) + 3
            most = max(NAME * room, SHORT) if self.columns[i].wordy else wanted
            widths.append(min(wanted, most))
        return widths

    def _kept(self, widths: Sequence[float], room: float) -> list[int]:
        """Indices of the columns there is room for, in their order."""
        names = [column.plain for column in self.columns]
        ranked = [names.index(name) for name in FIRST if name in names]
        ranked += [i for i in range(len(names)) if i not in ranked]
        those: list[int] = []
        used = -GAP
        for i in ranked:
            if used + GAP + widths[i] <= room or not those:
                those.append(i)
                used += GAP + widths[i]
        return sorted(those)
