"""The right-hand column: where the peak goes, the roofline, the tiling and the facts."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.peak.column import Fact, FactGroup, FactsView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.device.calibrate import CalibratePanel
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading
from mmviz.ui.peak.roofline import RooflineCanvas
from mmviz.ui.peak.tiling import TilingControls
from mmviz.ui.peak.waterfall import WaterfallPanel

LINE = 24
HEADING = 34
EDGE = 16
HEADING_TEXT = N_("where the peak goes")


class FactsCanvas(Told, QWidget):
    """Paints groups of facts: label left, figure right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        tell(self, name=N_("Facts of the selected product"))
        self.theme: Theme = DARK
        self._groups: tuple[FactGroup, ...] = ()

    def show_view(self, view: FactsView) -> None:
        """Follow the session."""
        self._groups = view.groups
        self.say()

    def say(self) -> None:
        groups = ((group.line, *(fact.line for fact in group.facts)) for group in self._groups)
        lines = tuple(line for group in groups for line in group)
        self.setAccessibleDescription(self.words(joined(lines, "semicolons")))
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        lines = sum(len(group.facts) for group in self._groups)
        return QSize(230, 10 + lines * LINE + len(self._groups) * (HEADING + 10))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        y, width = 6.0, float(self.width() - 2 * EDGE)
        for group in self._groups:
            box = QRectF(EDGE, y, width, HEADING)
            painter.setFont(fonts.words(fonts.SMALL))
            kind = self.words(group.kind)
            source = painter.fontMetrics().horizontalAdvance(kind) + 10
            write_in(
                painter,
                box.adjusted(0, 0, -source, 0),
                self.words(group.title),
                fonts.heading(),
                self.theme.muted,
                left,
            )
            write_in(painter, box, kind, fonts.words(fonts.SMALL), self.theme.muted, right)
            y += HEADING
            for fact in group.facts:
                self._paint_fact(painter, fact, QRectF(EDGE, y, width, LINE))
                y += LINE
            y += 10
            painter.setPen(QPen(QColor(self.theme.line)))
            painter.drawLine(EDGE, int(y - 4), int(EDGE + width), int(y - 4))

    def _paint_fact(self, painter: QPainter, fact: Fact, box: QRectF) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        font, said = fonts.figures(fonts.SMALL), self.words(Text("{value}", value=fact.value))
        painter.setFont(font)
        if painter.fontMetrics().horizontalAdvance(said) > box.width() * 0.66:
            font = fonts.figures(9)
            painter.setFont(font)
        value = min(painter.fontMetrics().horizontalAdvance(said) + 8.0, box.width() * 0.68)
        write_in(
            painter,
            box.adjusted(0, 0, -value, 0),
            self.words(fact.label),
            fonts.words(fonts.SMALL),
            self.theme.muted,
            left,
        )
        colour = self.theme.loss if fact.lost else self.theme.text
        write_in(painter, box.adjusted(box.width() - value, 0, 0, 0), said, font, colour, right)

    def told_at(self, y: float) -> Text:
        """The heading at `y` with what its facts rest on, or the fact with its tip."""
        top = 6.0
        for group in self._groups:
            if top <= y < top + HEADING:
                return group.line
            top += HEADING
            line = int((y - top) // LINE)
            if 0 <= line < len(group.facts):
                fact = group.facts[line]
                return joined((fact.line, fact.tip), "lines")
            top += len(group.facts) * LINE + 10
        return NOTHING

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            told = self.words(self.told_at(event.pos().y()))
            QToolTip.showText(event.globalPos(), as_tip(told), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it


class FactsPanel(QFrame):
    """All of the column in one area that scrolls where the window is low."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("right")
        self.heading = heading(HEADING_TEXT)
        self.waterfall = WaterfallPanel()
        self.calibrate = CalibratePanel()
        self.roofline = RooflineCanvas()
        self.controls = TilingControls()
        self.view = FactsCanvas()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 2, 0, 8)
        column.setSpacing(2)
        column.addWidget(self.waterfall)
        column.addWidget(self.calibrate)
        for title, part in ((N_("roofline"), self.roofline), (N_("tiling"), self.controls)):
            column.addWidget(section := _section(title, part))
            if part is self.roofline:
                self.roofline.wanted.connect(section.setVisible)
        column.addWidget(self.view)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click between its parts rings nothing
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tell(scroll, name=N_("Where the peak goes, roofline, tiling and facts"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def set_theme(self, theme: Theme) -> None:
        self.view.theme = theme
        self.view.update()
        for part in (self.waterfall, self.roofline, self.calibrate):
            part.set_theme(theme)


def _section(text: str, part: QWidget) -> QWidget:
    """A part of the column under its heading, which stands over its left edge."""
    label = heading(text)
    label.setContentsMargins(EDGE, 0, EDGE, 2)
    section = QWidget()
    rows = QVBoxLayout(section)
    rows.setContentsMargins(0, 10, 0, 0)
    rows.setSpacing(2)
    rows.addWidget(label)
    rows.addWidget(part)
    return section
