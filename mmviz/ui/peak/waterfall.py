"""WHERE THE PEAK GOES: what each loss leaves of the peak, as bars, and one sentence."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.peak.waterfall import SEEN, Waterfall, WaterfallView
from mmviz.text import N_
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.things import Thing

EDGE = 16
TITLE, LINE, BAR = 22.0, 28.0, 5.0  # in ordinary type
WRAP = int(Qt.TextFlag.TextWordWrap)


class WaterfallCanvas(Told, QWidget):
    """Paints a waterfall; a tool tip on each line says what it is and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Where the peak goes"))
        self.theme: Theme = DARK
        self.prose = True  # whether it has sentences below its lines
        self.headed = True  # whether it has its own line above them
        self._shown: Waterfall | None = None
        self._lines: tuple[tuple[str, str, str], ...] = ()
        self._said = ""

    def show_waterfall(self, shown: Waterfall) -> None:
        """Paint another one."""
        self._shown = shown
        self.say()

    def say(self) -> None:
        shown = self._shown
        if shown is None:
            return
        self._lines = tuple(
            (self.words(name), self.words(text), self.words(tip)) for name, text, tip in shown.lines
        )
        self._said = self.words(shown.said) if self.prose or not self._lines else ""
        self.setAccessibleDescription(self.words(shown.spoken))
        self._fit()
        self.update()

    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Name, figure and tool tip of every line; none where nothing is predicted."""
        return self._lines

    def said(self) -> str:
        """The prediction, the sentence and the price, or why there is none."""
        return self._said

    def sizeHint(self) -> QSize:
        return QSize(230, self.height_at(230))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self.height_at(self.width())
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def height_at(self, width: int) -> int:
        """What it needs, in pixels."""
        lines = self._title + self._line * len(self._lines)
        return round(lines + self._words_box(width).height() + 16)

    @property
    def _title(self) -> float:
        return TITLE * fonts.scale() if self.headed else 0.0

    @property
    def _line(self) -> float:
        return LINE * fonts.scale()

    def _words_box(self, width: int) -> QRect:
        room = QRect(0, 0, max(40, width - 2 * EDGE), 10_000)
        self.setFont(fonts.words(fonts.SMALL))
        return self.fontMetrics().boundingRect(room, WRAP, self._said)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self.paint_on)

    def paint_on(self, painter: QPainter) -> None:
        """All of it, on whatever device."""
        shown = self._shown
        if shown is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width = self.theme, float(self.width() - 2 * EDGE)
        small = fonts.words(fonts.SMALL)
        if self.headed:
            head = QRectF(EDGE, 0, width, self._title)
            write_in(painter, head, self.words(shown.title), small, theme.text, LEFT)
        for i, (name, text, _) in enumerate(self._lines):
            box = QRectF(EDGE, self._title + self._line * i, width, self._line)
            self._paint_line(painter, box, i, name, text)
        y = self._title + self._line * len(self._lines) + 6
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(EDGE, y, width, self.height() - y), WRAP, self._said)

    def _paint_line(self, painter: QPainter, box: QRectF, i: int, name: str, text: str) -> None:
        shown, theme = self._shown, self.theme
        if shown is None:
            return
        step = shown.steps[i] if i < len(shown.steps) else None
        quiet = step is not None and step.id != "peak" and abs(step.lost) < SEEN
        label = box.adjusted(0, 2, 0, -BAR - 4)
        last = i == len(self._lines) - 1
        measured = shown.measured.rate
        dim = quiet or (last and measured is None)
        write_in(painter, label, name, fonts.words(fonts.SMALL), theme.muted, LEFT)
        colour = theme.muted if dim else theme.text
        write_in(painter, label, text, fonts.figures(fonts.SMALL), colour, RIGHT)
        bar = QRectF(box.x(), box.bottom() - BAR - 2, box.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        _fill(painter, bar, 0.0, 1.0, theme.line)
        if step is not None:
            left = step.rate / shown.peak
            muted = theme.identity[1] if step.id == "peak" else theme.order[1]
            _fill(painter, bar, 0.0, left, muted)
            if step.lost >= SEEN:
                _fill(painter, bar, left, left + step.lost, theme.loss)
            elif step.lost <= -SEEN:  # gained: the end of what is reached, as bright as the peak
                _fill(painter, bar, left + step.lost, left, theme.identity[1])
        elif not last:
            colour = theme.agreed if shown.agreed else theme.muted
            _fill(painter, bar, 0.0, shown.rate / shown.peak, colour)
        elif measured is not None:
            _fill(painter, bar, 0.0, measured / shown.peak, theme.text)

    part = "peak"

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self

    def step_at(self, at: QPointF) -> str | None:
        """The id of the loss, or "peak", whose line is there."""
        steps = () if self._shown is None else self._shown.steps
        i = int((at.y() - self._title) // self._line)
        return steps[i].id if 0 <= i < len(steps) else None

    def place_of(self, id: str) -> QRectF | None:
        """Where the line of a loss, or of "peak", is."""
        ids = [] if self._shown is None else [step.id for step in self._shown.steps]
        if id not in ids:
            return None
        top = self._title + ids.index(id) * self._line
        return QRectF(0, top, self.width(), self._line)

    def thing_at(self, at: QPointF) -> Thing | None:
        """The line there."""
        i, lines = (
            int((at.y() - self._title) // self._line),
            () if self._shown is None else self._shown.lines,
        )
        if not 0 <= i < len(lines):
            return None
        name, figure, why = lines[i]
        return Thing("row", name, figure, (name, figure, why))

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """None: the keyboard does not come here."""
        return None

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            i = int((event.pos().y() - self._title) // self._line)
            tip = self._lines[i][2] if 0 <= i < len(self._lines) else self._about()
            QToolTip.showText(event.globalPos(), as_tip(tip), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def _about(self) -> str:
        """The tip of all of it, with the title where that is cut."""
        if self._shown is None:
            return ""
        title, tip = self.words(self._shown.title), self.words(self._shown.tip)
        metrics = QFontMetricsF(fonts.words(fonts.SMALL))
        cut = metrics.horizontalAdvance(title) > self.width() - 2 * EDGE
        return f"{title}\n{tip}" if cut else tip


class WaterfallPanel(Told, QWidget):
    """The waterfall of the product looked at or of the whole pass, and the switch between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = WaterfallCanvas()
        self.product, self.whole = tell(QPushButton(), text=N_("product")), QPushButton()
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(EDGE, 0, EDGE, 0)
        row.setSpacing(6)
        for button, name in (
            (self.product, N_("Where the peak goes in the product looked at")),
            (self.whole, N_("Where the peak goes in the whole pass")),
        ):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
            tell(button, name=name, tip=name)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.product.setChecked(True)
        group.buttonClicked.connect(lambda _: self.say())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.view)
        self._view: WaterfallView | None = None

    def set_theme(self, theme: Theme) -> None:
        self.view.theme = theme
        self.view.update()

    def show_view(self, view: WaterfallView) -> None:
        """Follow the session."""
        self._view = view
        self.say()

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        tell(self.whole, self.words, text=N_("whole list") if view.listed else N_("whole pass"))
        self.view.show_waterfall(view.whole if self.whole.isChecked() else view.product)


def _fill(painter: QPainter, bar: QRectF, start: float, end: float, colour: str) -> None:
    """The part of a bar from one share of it to another, both kept inside of it."""
    start, end = (min(max(share, 0.0), 1.0) for share in (start, end))
    if end > start:
        width = max((end - start) * bar.width(), 1.0)
        left = min(bar.x() + start * bar.width(), bar.right() - width)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(left, bar.y(), width, bar.height()), 1.5, 1.5)
