"""One rung as a widget: who computes, its lines, its cells, what was loaded, its time."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.core.learning.rungs import Moment, Shape
from mmviz.state.learn.rungs import RungView
from mmviz.text import N_, Text, joined, own
from mmviz.ui.learn.rung_painter import (
    LINE,
    code_height,
    code_width,
    matrices_height,
    paint_code,
    paint_matrices,
    side_of,
)
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.words import rungs as words

_ROWS = 4  # of words: name and time, step, loads so far, what it loads in all
_PICTURE = 120.0  # the least height of its cells
_APART, _WIDE = 24.0, 144.0  # between lines and cells, and the least width of both together


class RungCanvas(Told, QWidget):
    """Shows a rung at one of its moments."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("One way to compute the layer"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.theme: Theme = DARK
        self.rung: RungView | None = None
        self._small: Shape = (1, 1, 1)
        self._step = self._lines = 0
        self._beside: tuple[RungView, ...] = ()

    def show_rung(self, rung: RungView, small: Shape, beside: Sequence[RungView] = ()) -> None:
        """Show this one instead. beside: those at its sides, whose cells are level with its own and
        whose lines are in type of the same size.
        """
        self.rung, self._small, self._beside = rung, small, tuple(beside)
        self._lines = max(len(one.rung.code) for one in (rung, *beside))
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

    def _code_width(self) -> float:
        return 0.0 if self.rung is None else code_width(self.rung.rung.code)

    def _places(self, room: QRectF) -> tuple[QRectF, QRectF]:
        """Where lines and cells stand: below each other or beside, whichever shows larger cells."""
        high = code_height(self._lines)
        wide = self._code_width() + _APART
        above = QRectF(room.x(), room.y(), room.width(), high), room.adjusted(0, high + 8, 0, 0)
        left = QRectF(room.x(), room.y(), wide - _APART, high), room.adjusted(wide, 0, 0, 0)
        return max((above, left), key=lambda places: side_of(self._small, places[1]))

    def minimumSizeHint(self) -> QSize:
        """All its lines, its cells small."""
        if self.rung is None:
            return QSize(160, 160)
        high = code_height(self._lines) + _ROWS * LINE * fonts.scale()
        return QSize(180, round(high + _PICTURE * (self.width() < self._code_width() + _WIDE)))

    def sizeHint(self) -> QSize:
        return QSize(round(max(240.0, self._code_width())), self.minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        rung, moment = self.rung, self.moment
        if rung is None or moment is None:
            return
        theme, area = self.theme, QRectF(self.rect())
        high = LINE * fonts.scale()
        small, figures = fonts.words(fonts.SMALL), fonts.figures(fonts.SMALL)
        head = joined((rung.time, rung.faster))
        rows = (
            (rung.name, fonts.words(fonts.SMALL, bold=True), theme.text),
            (head, figures, theme.text),
        )
        y = area.y()
        for text, font, ink in rows:
            box = QRectF(area.x(), y, area.width(), high)
            write_in(painter, box, self.words(text), font, ink, LEFT)
            y += high
        code = rung.rung.code
        foot = area.bottom() - 2 * high
        room = QRectF(area.x(), y + 3, area.width(), foot - y - 3)
        lines, picture = self._places(room)
        wide = max((code_width(one.rung.code) for one in self._beside), default=0.0)
        paint_code(painter, theme, lines, code, moment.line, wide)
        paint_matrices(painter, theme, picture, self._small, moment)
        foot = min(foot, picture.y() + matrices_height(self._small, picture) + 8)
        step = words.step(moment, self.at, len(rung.moments))
        for text in (step, words.counted(moment)):
            box = QRectF(area.x(), foot, area.width(), high)
            write_in(painter, box, self.words(text), small, theme.muted, LEFT)
            foot += high
