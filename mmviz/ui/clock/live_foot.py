"""Below the live chart: where its axis begins and ends, and between that what is read."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout

from mmviz import units
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked
from mmviz.words.speech import ENGLISH, Words

SAYS = Text(N_("time spent in passes, each backend"))
_GAP = 24  # pixels between its words
_LEAST_GAP = 8
_SIDES = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignHCenter,
    Qt.AlignmentFlag.AlignRight,
)


class LiveFoot:
    """Three labels in row 1 of a grid, in columns 1 to 3; what is read lies over all of them."""

    words: Words = ENGLISH

    def __init__(self, grid: QGridLayout) -> None:
        self.labels = [PlainLabel("0 s"), tell(PlainLabel(), text=SAYS), PlainLabel("")]
        self.reading = Eliding(grid.parentWidget())
        self.reading.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reading.hide()
        self._read = NOTHING
        for column, (label, side) in enumerate(zip(self.labels, _SIDES, strict=True), start=1):
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, 1, column)

    def show_foot(self, start: float, end: float, read: Text) -> None:
        """start, end: seconds; read: what is read of the chart, NOTHING for nothing."""
        self._read = read
        self.labels[0].setText(units.tick(start) if start else "0 s")
        self.labels[2].setText(units.tick(end))
        tell(self.labels[1], self.words, text=SAYS)
        self.reading.setVisible(bool(read))
        self.reading.show_text(self.words(read))

    def fit(self, left: int, width: int, whole: int) -> None:
        """So many pixels from `left` for the three, and `whole` of them for what is read; the words
        in the middle give way, and where even the ends would touch the first of them.
        """
        start, middle, end = self.labels
        both = start.sizeHint().width() + end.sizeHint().width()
        start.setVisible(both + _LEAST_GAP <= width)
        middle.setVisible(middle.sizeHint().width() < width - 2 * end.sizeHint().width() - _GAP)
        self.reading.setGeometry(left, end.y(), whole, end.height())
        self.reading.raise_()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        small = fonts.words(fonts.SMALL)
        for label in (*self.labels, self.reading):
            label.setFont(small)
        for label in self.labels:
            inked(label, theme.muted)
        self.reading.setObjectName("reading")
        self.reading.setStyleSheet(
            f"#reading {{ color: {theme.text}; background: {theme.panel}; }}"
        )
