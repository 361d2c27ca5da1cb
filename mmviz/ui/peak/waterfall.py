"""WHERE THE PEAK GOES: what each loss leaves of the peak, as bars, and one sentence."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from mmviz import units
from mmviz.bench.results import Results
from mmviz.state.derived import Derived
from mmviz.state.peak.measured import NONE, Measured, measured_here
from mmviz.state.peak.waterfall import SEEN, Waterfall, unit_for, waterfall
from mmviz.state.session import Session
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.theme import DARK, Theme

EDGE = 16
TITLE, LINE, BAR = 22.0, 28.0, 5.0
UNTIMED = Measured(None, "")
WRAP = int(Qt.TextFlag.TextWordWrap)


class WaterfallView(QWidget):
    """Paints a waterfall; a tool tip on each line says what it is and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Where the peak goes")
        self.theme: Theme = DARK
        self._shown: Waterfall | None = None
        self._measured = UNTIMED

    def show_waterfall(self, shown: Waterfall, measured: Measured) -> None:
        """Follow the derived."""
        self._shown, self._measured = shown, measured
        said = [f"{name} {text}" for name, text, _ in self.lines()]
        words = (shown.title, f"in {shown.unit}: {', '.join(said)}" if said else "")
        self.setAccessibleDescription("; ".join(filter(None, (*words, self.words()))))
        self._fit()
        self.update()

    def lines(self) -> list[tuple[str, str, str]]:
        """Name, figure and tool tip of every line; none where nothing is predicted."""
        shown = self._shown
        if shown is None or not shown.steps:
            return []
        rate = self._measured.rate
        _, factor = unit_for(shown.peak)
        here = NONE if rate is None else units.sig(rate / factor)
        tip = f"measured here: {self._measured.tip}" if self._measured.tip else ""
        found = [(step.name, step.text, step.tip) for step in shown.steps]
        basis = f"predicted {shown.time_text}, modelled: {shown.basis}"
        return [*found, ("predicted", shown.rate_text, basis), ("measured here", here, tip)]

    def words(self) -> str:
        """The prediction, the sentence and the price, or why there is none."""
        shown = self._shown
        if shown is None:
            return ""
        if shown.problem:
            return shown.problem
        said = f"{shown.time_text}, modelled. {shown.sentence}"
        return f"{said}\n{shown.price}" if shown.price else said

    def sizeHint(self) -> QSize:
        return QSize(230, self._height(230))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self._height(self.width())
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _height(self, width: int) -> int:
        return round(TITLE + LINE * len(self.lines()) + self._words_box(width).height() + 16)

    def _words_box(self, width: int) -> QRect:
        room = QRect(0, 0, max(40, width - 2 * EDGE), 10_000)
        self.setFont(fonts.words(fonts.SMALL))
        return self.fontMetrics().boundingRect(room, WRAP, self.words())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        shown = self._shown
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width = self.theme, float(self.width() - 2 * EDGE)
        small = fonts.words(fonts.SMALL)
        write_in(painter, QRectF(EDGE, 0, width, TITLE), shown.title, small, theme.text, LEFT)
        for i, (name, text, _) in enumerate(self.lines()):
            box = QRectF(EDGE, TITLE + LINE * i, width, LINE)
            self._paint_line(painter, box, i, name, text)
        y = TITLE + LINE * len(self.lines()) + 6
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(EDGE, y, width, self.height() - y), WRAP, self.words())
        painter.end()

    def _paint_line(self, painter: QPainter, box: QRectF, i: int, name: str, text: str) -> None:
        shown, theme = self._shown, self.theme
        if shown is None:
            return
        step = shown.steps[i] if i < len(shown.steps) else None
        quiet = step is not None and step.id != "peak" and abs(step.lost) < SEEN
        label = box.adjusted(0, 2, 0, -BAR - 4)
        dim = quiet or (step is None and text == NONE)
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
        elif name == "predicted":
            _fill(painter, bar, 0.0, shown.rate / shown.peak, theme.agreed)
        elif self._measured.rate is not None:
            _fill(painter, bar, 0.0, self._measured.rate / shown.peak, theme.text)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            lines = self.lines()
            i = int((event.pos().y() - TITLE) // LINE)
            tip = lines[i][2] if 0 <= i < len(lines) else self._title_tip()
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def _title_tip(self) -> str:
        return "" if self._shown is None else f"{self._shown.title}\n{self._shown.basis}"


class WaterfallPanel(QWidget):
    """The waterfall of the product looked at or of the whole pass, and the switch between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = WaterfallView()
        self.product, self.whole = QPushButton("product"), QPushButton("whole pass")
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(EDGE, 0, EDGE, 0)
        row.setSpacing(6)
        for button, name in (
            (self.product, "Where the peak goes in the product looked at"),
            (self.whole, "Where the peak goes in the whole pass"),
        ):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
            button.setAccessibleName(name)
            button.setToolTip(name)
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.product.setChecked(True)
        group.buttonClicked.connect(lambda _: self._show())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.view)
        self._snapshot: Derived | None = None
        self._timed: Session | None = None
        self._results: Results | None = None

    def set_theme(self, theme: Theme) -> None:
        self.view.theme = theme
        self.view.update()

    def show_derived(self, derived: Derived) -> None:
        """Follow the session."""
        self._snapshot = derived
        listed = derived.gemm.role == "product"
        self.whole.setText("whole list" if listed else "whole pass")
        self._show()

    def show_results(self, timed: Session | None, results: Results | None) -> None:
        """What the last run measured, and of which session."""
        self._timed, self._results = timed, results
        self._show()

    def _show(self) -> None:
        if self._snapshot is not None:
            whole = self.whole.isChecked()
            measured = measured_here(self._snapshot, whole, self._timed, self._results)
            self.view.show_waterfall(waterfall(self._snapshot, whole), measured)


def _fill(painter: QPainter, bar: QRectF, start: float, end: float, colour: str) -> None:
    """The part of a bar from one share of it to another, both kept inside of it."""
    start, end = (min(max(share, 0.0), 1.0) for share in (start, end))
    if end > start:
        width = max((end - start) * bar.width(), 1.0)
        left = min(bar.x() + start * bar.width(), bar.right() - width)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(left, bar.y(), width, bar.height()), 1.5, 1.5)
