"""The painted parts of a race: what a side is, how far it has come, and who finishes where."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.state.race.race import RaceSnapshot
from mmviz.state.race.sides import Axis, Side
from mmviz.state.race.table import SIDES
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.timeline.transport import SLIDER_EDGE

BAR = 8
GAP = 14
LINE = 15


class _Painted(QWidget):
    """As wide as there is room, of fixed height, in a theme."""

    def __init__(self, height: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()


class CaptionLine(_Painted):
    """A heading and a line of text, cut short where it does not fit; the tool tip has it whole."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(20, f"{heading} side", parent)
        self.heading, self.text = heading, ""

    def say(self, text: str) -> None:
        self.text = text
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        box = QRectF(0, 0, self.width(), self.height())
        end = QFontMetricsF(fonts.heading()).horizontalAdvance(self.heading) + GAP
        write_in(painter, box, self.heading, fonts.heading(), self.theme.muted, LEFT)
        write_in(
            painter, box.adjusted(end, 0, 0, 0), self.text, fonts.words(), self.theme.text, LEFT
        )
        painter.end()


class Progress(_Painted):
    """A side's way along the common axis: it ends where the side finishes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(36, f"Progress of the {name} side", parent)
        self._side: Side | None = None
        self._axis: Axis | None = None
        self.t = 0.0
        self.words = ""

    def show_side(self, side: Side, axis: Axis | None) -> None:
        self._side, self._axis = (side, axis) if axis is not None else (None, None)
        self.words = ""
        self.update()

    def show_moment(self, t: float, words: str) -> None:
        """`t` on the axis; `words`: the product computed there, where there are several."""
        self.t, self.words = t, words
        self.setAccessibleDescription(f"{words} {self.state()}".strip())
        self.update()

    @property
    def finished(self) -> bool:
        """Whether this side is done at `t`."""
        return self._side is not None and self.t >= self._side.finish

    def state(self) -> str:
        """'12.0 µs of 191 µs' or 'finished after 191 µs'."""
        side, axis = self._side, self._axis
        if side is None or axis is None:
            return ""
        if not axis.comparable:
            own = side.own_text()
            return f"finished after {own}" if self.finished else f"{axis.text(self.t)} of {own}"
        if self.finished:
            return f"finished after {axis.text(side.finish)}"
        return axis.of_text(self.t, side.finish)

    def bar(self) -> QRectF:
        """Where the side runs, in pixels: its share of the widget's width."""
        if self._side is None or self._axis is None:
            return QRectF()
        width = (self.width() - 2.0) * self._side.finish / self._axis.end
        return QRectF(1, self.height() - BAR - 4, max(2.0, width), BAR)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        side = self._side
        if side is None:
            return
        painter, theme = QPainter(self), self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, font = self.state(), fonts.figures(bold=self.finished)
        wide = QFontMetricsF(font).horizontalAdvance(state) + 4
        line = QRectF(0, 0, self.width(), 20)
        write_in(painter, line, state, font, theme.text, RIGHT)
        room = line.adjusted(0, 0, -wide - GAP, 0)
        write_in(painter, room, self.words, fonts.words(fonts.SMALL), theme.muted, LEFT)
        bar = self.bar()
        painter.setPen(QPen(QColor(theme.line)))
        painter.setBrush(QColor(theme.waiting))
        painter.drawRoundedRect(bar, 3, 3)
        done = QRectF(bar)
        done.setWidth(bar.width() * min(self.t / side.finish, 1.0))
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(QColor(theme.order[2] if self.finished else theme.now))
        if done.width() >= 1:
            painter.drawRoundedRect(done, 3, 3)
        painter.setPen(QPen(QColor(theme.ground), 1.5))
        for leg in side.legs[:-1]:
            x = bar.x() + bar.width() * leg.end / side.finish
            painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        painter.setPen(QPen(QColor(theme.text), 2.0))
        painter.drawLine(
            QPointF(bar.right(), bar.top() - 3), QPointF(bar.right(), bar.bottom() + 3)
        )
        painter.end()


class FinishMarks(_Painted):
    """Below the slider: where each side finishes, the earlier one above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(2 * LINE + 5, "Where each side finishes", parent)
        self.marks: tuple[tuple[float, str], ...] = ()

    def show_race(self, derived: RaceSnapshot) -> None:
        """Follow the race."""
        self.marks = finish_marks(derived)
        self.setAccessibleDescription("; ".join(text for _, text in self.marks))
        self.update()

    def places(self) -> list[tuple[float, QRectF, str]]:
        """For each mark its x, the box of its text and the text, from top to bottom.

        A text ends at its mark, or begins there where there is no room; as the later mark lies
        further right, its stroke crosses no text.
        """
        metrics = QFontMetricsF(fonts.words(fonts.SMALL))
        room, found = self.width() - 2.0 * SLIDER_EDGE, []
        for line, (share, text) in enumerate(self.marks):
            x, wide = SLIDER_EDGE + share * room, metrics.horizontalAdvance(text) + 2
            left = x - wide - 6 if x - wide - 6 >= 0 else x + 6
            found.append((x, QRectF(left, 3.0 + line * LINE, wide, LINE), text))
        return found

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, theme = QPainter(self), self.theme
        for x, box, text in self.places():
            painter.setPen(QPen(QColor(theme.text), 2.0))
            painter.drawLine(QPointF(x, 0), QPointF(x, box.bottom() - 2))
            write_in(painter, box, text, fonts.words(fonts.SMALL), theme.muted, LEFT)
        painter.end()


def finish_marks(derived: RaceSnapshot) -> tuple[tuple[float, str], ...]:
    """Share of the axis and words for each finish, the earlier first; one where they coincide."""
    axis, left, right = derived.axis, derived.left, derived.right
    if axis is None:
        return ()
    if not axis.comparable:
        return (
            (1.0, f"left after {left.own_text()}, right after {right.own_text()}: no common time"),
        )
    texts = [axis.text(side.finish) for side in (left, right)]
    if abs(left.finish - right.finish) <= 1e-9 * axis.end:
        return ((1.0, f"both finish after {texts[0]}"),)
    marks = [
        (side.finish / axis.end, f"{name} finishes after {text}")
        for side, name, text in zip((left, right), SIDES, texts, strict=True)
    ]
    return tuple(sorted(marks))
