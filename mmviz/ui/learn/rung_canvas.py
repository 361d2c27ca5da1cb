"""One rung as a widget: who computes, its lines, its cells, what was loaded, its time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.learning.rungs import Moment, Shape
from mmviz.state.learn.rungs import RungView
from mmviz.text import N_, Text, joined, own
from mmviz.ui.learn.rung_painter import (
    LINE,
    broken,
    code_rows,
    code_width,
    least_of,
    line_height,
    matrices_height,
    paint_code,
    paint_matrices,
    seen,
    side_of,
)
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.words import rungs as words

_APART, _BELOW = 24.0, 6.0  # between lines and cells, beside each other and below
_WIDE = 270.0  # width that what a step does is said in on one line, in ordinary type


class RungCanvas(Told, QWidget):
    """Shows a rung at one of its moments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("One way to compute the layer"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.theme: Theme = DARK
        self.rung: RungView | None = None
        self._small: Shape = (1, 1, 1)
        self._step = 0
        self._ways: tuple[RungCanvas, ...] = (self,)

    def stand_beside(self, ways: Sequence[RungCanvas]) -> None:
        """With these, it among them, cells are level and lines are in type of one size."""
        self._ways = tuple(ways)

    def show_rung(self, rung: RungView, small: Shape) -> None:
        """Show this one instead."""
        self.rung, self._small = rung, small
        self.say()

    def show_step(self, step: int) -> None:
        """As it is after so many steps; a shorter way stays at its end."""
        self._step = step
        self.say()

    @property
    def at(self) -> int:
        """The number of the moment that is shown, from 0."""
        last = 0 if self.rung is None else len(self.rung.moments) - 1
        return min(self._step, last)

    @property
    def moment(self) -> Moment | None:
        """What is shown."""
        return None if self.rung is None else self.rung.moments[self.at]

    @property
    def lit(self) -> str:
        """The line that runs."""
        return "" if self.rung is None else self.rung.rung.code[self.rung.moments[self.at].line]

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    def say(self) -> None:
        rung, moment = self.rung, self.moment
        if rung is None or moment is None:
            return
        line = Text(N_("runs: {line}"), line=own(self.lit.strip()))
        step = words.step(moment, self.at, len(rung.moments))
        now = joined((line, step, words.counted(moment)), "lines")
        code = own("\n".join(rung.rung.code))
        self.setToolTip(as_tip(self.words(joined((rung.told, code), "lines"))))
        self.setAccessibleDescription(self.words(joined((rung.told, now), "lines")))
        self.updateGeometry()
        self.update()

    @property
    def _code(self) -> tuple[str, ...]:
        return () if self.rung is None else self.rung.rung.code

    def _lines(self, size: float) -> float:
        """Height of the lines in type of that size, of the way with the most."""
        rows = (len(code_rows(way._code, size, way.width())) for way in self._ways)
        return max(rows) * line_height(size)

    def _whole(self, size: float) -> bool:
        """Whether every line of every way has room for itself."""
        return all(code_width(way._code, size) <= way.width() for way in self._ways)

    @property
    def _head(self) -> int:
        """Rows above the lines: name, time, and of what was timed whether outputs are the same."""
        timed = any(way.rung is not None and way.rung.agrees for way in self._ways)
        return 3 if timed else 2

    @property
    def _foot(self) -> tuple[float, int]:
        """Below the cells: the size of type, and how many rows of it there are."""
        wide = self.width() >= _WIDE * fonts.scale()
        return (fonts.SMALL, 2) if wide else (fonts.tiny(), 3)

    def _places(self, room: QRectF, size: float) -> tuple[QRectF, QRectF]:
        """Where lines and cells stand: below each other or beside, whichever shows larger cells."""
        high, wide = self._lines(size), code_width(self._code, size) + _APART
        above = (
            QRectF(room.x(), room.y(), room.width(), high),
            room.adjusted(0, high + _BELOW, 0, 0),
        )
        left = QRectF(room.x(), room.y(), wide - _APART, high), room.adjusted(wide, 0, 0, 0)
        return max((above, left), key=lambda places: side_of(self._small, places[1]))

    def _size(self, room: QRectF) -> float:
        """Of the type of the lines: smaller where there is no room for them and the cells."""
        fits = self._lines(fonts.SMALL) <= room.height() and self._whole(fonts.SMALL)
        if fits and seen(self._small, self._places(room, fonts.SMALL)[1]):
            return fonts.SMALL
        return fonts.tiny()

    def minimumSizeHint(self) -> QSize:
        """All its lines, its cells small."""
        if self.rung is None:
            return QSize(160, 160)
        size, (wide, high) = fonts.tiny(), least_of(self._small)
        lines, (foot, rows) = self._lines(size), self._foot
        beside = code_width(self._code, size) + _APART + wide <= self.width()
        both = max(lines, high) if beside and len(self._ways) == 1 else lines + _BELOW + high
        words = self._head * LINE * fonts.scale() + rows * line_height(foot)
        return QSize(180, math.ceil(words + both + 2))

    def sizeHint(self) -> QSize:
        return QSize(round(max(240.0, code_width(self._code))), self.minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self.updateGeometry()  # how high it must be depends on how wide it is

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        rung, moment = self.rung, self.moment
        if rung is None or moment is None:
            return
        theme, area = self.theme, QRectF(self.rect())
        high, (foot, below) = LINE * fonts.scale(), self._foot
        small, figures = fonts.words(fonts.SMALL), fonts.figures(fonts.SMALL)
        rows = (
            (rung.name, fonts.words(fonts.SMALL, bold=True), theme.text),
            (joined((rung.time, rung.faster)), figures, theme.text),
            (rung.agrees, small, theme.muted),
        )
        y = area.y()
        for text, font, ink in rows[: self._head]:
            box = QRectF(area.x(), y, area.width(), high)
            write_in(painter, box, self.words(text), font, ink, LEFT)
            y += high
        end = area.bottom() - below * line_height(foot)
        room = QRectF(area.x(), y + 1, area.width(), end - y - 1)
        size = self._size(room)
        lines, picture = self._places(room, size)
        paint_code(painter, theme, lines, self._code, moment.line, size)
        paint_matrices(painter, theme, picture, self._small, moment)
        under = max(picture.y() + matrices_height(self._small, picture), lines.bottom()) + 8
        self._say_step(painter, QRectF(area.x(), min(end, under), area.width(), 0.0))

    def _say_step(self, painter: QPainter, at: QRectF) -> None:
        """What this step does and what was loaded until then, in rows from `at` on."""
        rung, moment = self.rung, self.moment
        assert rung is not None
        assert moment is not None
        size, most = self._foot
        font, high = fonts.words(size), line_height(size)
        step = self.words(words.step(moment, self.at, len(rung.moments)))
        rows = broken(step, QFontMetricsF(font), at.width())
        if len(rows) >= most:
            rows = [*rows[: most - 2], " ".join(row.strip() for row in rows[most - 2 :])]
        for i, row in enumerate((*rows, self.words(words.counted(moment)))):
            box = QRectF(at.x(), at.y() + i * high, at.width(), high)
            write_in(painter, box, row.strip(), font, self.theme.muted, LEFT)
