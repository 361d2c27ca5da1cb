"""The painted parts of a race: what a side is, how far it has come, and who finishes where."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from mmviz.state.race.views import ClockView, WayView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.timeline.wave_ticks import SLIDER_EDGE
from mmviz.words.race import Name, no_difference, side

BAR = 8
GAP = 14
LINE = 15


class _Painted(Told, QWidget):
    """As wide as there is room, of fixed height, in a theme."""

    def __init__(self, height: int, name: Text | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tell(self, name=name)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def paint_on(self, painter: QPainter) -> None:
        """All of it, on whatever device."""
        self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        raise NotImplementedError


class CaptionLine(_Painted):
    """In what a side differs from the other, large and first; behind it what was chosen for it.

    What does not fit is cut short; the tool tip has all of it.
    """

    def __init__(self, name: Name, parent: QWidget | None = None) -> None:
        super().__init__(24, Text(N_("{side} side"), side=side(name)), parent)
        self.heading, self.differs, self.detail, self.text = side(name), NOTHING, NOTHING, NOTHING

    def show_differs(self, differs: Sequence[Text]) -> None:
        """Follow the race: the settings that are others on the other side."""
        self.differs = joined(differs, "dots") or no_difference()
        self.say()

    def show_text(self, text: Text, detail: Text) -> None:
        """Follow what is shown below: all of it, and what the model chose."""
        self.text, self.detail = text, detail
        self.say()

    def say(self) -> None:
        whole = joined((self.differs, self.detail, self.text), "lines")
        tell(self, self.words, tip=whole, description=whole)
        self.update()

    def face(self) -> QFont:
        """The largest in which all that differs has room; the smallest where none has."""
        room = self.width() - _wide(fonts.heading(), self.words(self.heading)) - GAP
        text = self.words(self.differs)
        faces = [fonts.words(size, bold=True) for size in (fonts.TITLE, fonts.TEXT, fonts.SMALL)]
        faces.append(fonts.words(fonts.SMALL))
        return next((face for face in faces if _wide(face, text) <= room), faces[-1])

    def _paint(self, painter: QPainter) -> None:
        left = 0.0
        for text, font, colour in (
            (self.heading, fonts.heading(), self.theme.muted),
            (self.differs, self.face(), self.theme.text),
            (self.detail, fonts.words(fonts.SMALL), self.theme.muted),
        ):
            words = self.words(text)
            room = QRectF(left, 0, max(0.0, self.width() - left), self.height())
            write_in(painter, room, words, font, colour, LEFT)
            left += _wide(font, words) + GAP


def _wide(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


class WayLine(_Painted):
    """A side's way along the common clock: it ends where the side finishes."""

    def __init__(self, name: Name, parent: QWidget | None = None) -> None:
        super().__init__(36, Text(N_("Progress of the {side} side"), side=side(name)), parent)
        self._way: WayView | None = None
        self.t = 0.0
        self.product = NOTHING

    def show_view(self, view: WayView | None) -> None:
        """Follow the race."""
        self._way, self.product = view, NOTHING
        self.update()

    def show_moment(self, t: float, product: Text) -> None:
        """`t` on the axis; `product`: what is computed there, where there are several."""
        self.t, self.product = t, product
        self.say()

    def say(self) -> None:
        tell(self, self.words, description=joined((self.product, self.state()), "words"))
        self.update()

    @property
    def finished(self) -> bool:
        """Whether this side is done at `t`."""
        return self._way is not None and self.t >= self._way.finish

    def state(self) -> Text:
        """'12.0 µs of 191 µs' or 'finished after 191 µs'."""
        return NOTHING if self._way is None else self._way.state(self.t)

    def bar(self) -> QRectF:
        """Where the side runs, in pixels: its share of the widget's width."""
        if self._way is None:
            return QRectF()
        width = (self.width() - 2.0) * self._way.finish / self._way.axis.end
        return QRectF(1, self.height() - BAR - 4, max(2.0, width), BAR)

    def _paint(self, painter: QPainter) -> None:
        way, theme = self._way, self.theme
        if way is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, font = self.words(self.state()), fonts.figures(bold=self.finished)
        wide = QFontMetricsF(font).horizontalAdvance(state) + 4
        line = QRectF(0, 0, self.width(), 20)
        write_in(painter, line, state, font, theme.text, RIGHT)
        room = line.adjusted(0, 0, -wide - GAP, 0)
        product = self.words(self.product)
        write_in(painter, room, product, fonts.words(fonts.SMALL), theme.muted, LEFT)
        bar = self.bar()
        painter.setPen(QPen(QColor(theme.edge)))
        painter.setBrush(QColor(theme.waiting))
        painter.drawRoundedRect(bar, 3, 3)
        done = QRectF(bar)
        done.setWidth(bar.width() * min(self.t / way.finish, 1.0))
        painter.setPen(QPen(QColor(0, 0, 0, 0)))
        painter.setBrush(QColor(theme.order[2] if self.finished else theme.now))
        if done.width() >= 1:
            painter.drawRoundedRect(done, 3, 3)
        painter.setPen(QPen(QColor(theme.ground), 1.5))
        for end in way.ends:
            x = bar.x() + bar.width() * end / way.finish
            painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        painter.setPen(QPen(QColor(theme.text), 2.0))
        painter.drawLine(
            QPointF(bar.right(), bar.top() - 3), QPointF(bar.right(), bar.bottom() + 3)
        )


class FinishMarks(_Painted):
    """Below the slider: where each side finishes, the earlier one above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(2 * LINE + 5, N_("Where each side finishes"), parent)
        self.marks: tuple[tuple[float, Text], ...] = ()

    def show_view(self, view: ClockView) -> None:
        """Follow the race."""
        self.marks = view.marks
        self.say()

    def say(self) -> None:
        texts = [text for _, text in self.marks]
        tell(self, self.words, description=joined(texts, "semicolons"))
        self.update()

    def places(self) -> list[tuple[float, QRectF, str]]:
        """For each mark its x, the box of its text and the text, from top to bottom.

        A text ends at its mark, or begins there where there is no room; as the later mark lies
        further right, its stroke crosses no text.
        """
        metrics = QFontMetricsF(fonts.words(fonts.SMALL))
        room, found = self.width() - 2.0 * SLIDER_EDGE, []
        for line, (share, mark) in enumerate(self.marks):
            text = self.words(mark)
            x, wide = SLIDER_EDGE + share * room, metrics.horizontalAdvance(text) + 2
            left = x - wide - 6 if x - wide - 6 >= 0 else x + 6
            found.append((x, QRectF(left, 3.0 + line * LINE, wide, LINE), text))
        return found

    def _paint(self, painter: QPainter) -> None:
        theme = self.theme
        for x, box, text in self.places():
            painter.setPen(QPen(QColor(theme.text), 2.0))
            painter.drawLine(QPointF(x, 0), QPointF(x, box.bottom() - 2))
            write_in(painter, box, text, fonts.words(fonts.SMALL), theme.muted, LEFT)
