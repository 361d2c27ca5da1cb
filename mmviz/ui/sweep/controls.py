"""What is swept, over which range, and how it is drawn: a row of small controls."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QSignalBlocker, QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLayoutItem, QSizePolicy, QWidget

from mmviz.core.shapes.network import Network
from mmviz.state.sweep.chart import EXAMPLE, PASS, PEAK
from mmviz.state.sweep.choice import AXES, BATCH, BOTH, WIDTH, SweepChoice
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import CountBox, muted

AXIS_NAMES = {BATCH: "batch", WIDTH: "width", BOTH: "batch and width"}
VALUE_NAMES = {PASS: "time of a pass", EXAMPLE: "time per example", PEAK: "share of the peak"}
_LISTED = 1_000  # layers a network can have, all of them to choose from


class SweepControls(QWidget):
    """`chosen`: a SweepChoice, whenever the user changed one."""

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = SweepChoice()
        self._named: tuple[str, ...] = ()
        self.axis = _combo("What is swept", [(name, axis) for axis, name in AXIS_NAMES.items()])
        self.layer = _combo("Layer whose width is swept", [])
        self.value = _combo("What is drawn", [(name, value) for value, name in VALUE_NAMES.items()])
        self.scale = _combo("Axis of the batch or width", [("linear", False), ("log", True)])
        self.batches = (_count("Sweep from batch"), _count("Sweep to batch"))
        self.widths = (_count("Sweep from units"), _count("Sweep to units"))
        self._of_batch, self._of_width = muted("batch"), muted("units")
        self._to = (muted("to"), muted("to"))
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)
        first = (self.axis, self.layer, self._of_batch, self.batches[0], self._to[0])
        second = (self._of_width, self.widths[0], self._to[1], self.widths[1])
        for parts in ((*first, self.batches[1]), (*second, self.value, self.scale)):
            row = QHBoxLayout()
            row.setSpacing(6)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
            self._rows.addLayout(row)
        self._show_parts(BATCH)
        for combo in (self.axis, self.layer, self.value, self.scale):
            combo.activated.connect(lambda _: self._announce())
        for box in (*self.batches, *self.widths):
            box.valueChanged.connect(lambda _: self._announce())

    def show_choice(self, choice: SweepChoice, network: Network) -> None:
        """Show a settled choice for a network; announces nothing."""
        self._choice = choice
        names = tuple(layer.name or f"layer {i}" for i, layer in enumerate(network.layers, 1))
        with QSignalBlocker(self.layer), QSignalBlocker(self.axis):
            if names != self._named:
                self._named = names
                self.layer.clear()
                for i, name in enumerate(names[:_LISTED]):
                    self.layer.addItem(name, i)
            self.layer.setCurrentIndex(choice.layer)
            self.axis.setCurrentIndex(AXES.index(choice.axis))
            self.value.setCurrentIndex(self.value.findData(choice.value))
            self.scale.setCurrentIndex(int(choice.log_x))
        for boxes, values in ((self.batches, choice.batches), (self.widths, choice.widths)):
            for box, value in zip(boxes, values, strict=True):
                box.show_value(value)
        self._show_parts(choice.axis)

    def _show_parts(self, axis: str) -> None:
        """Only what the axis needs."""
        wide, batch = axis != BATCH, axis != WIDTH
        for part in (self.layer, self._of_width, *self.widths, self._to[1]):
            part.setVisible(wide)
        for part in (self._of_batch, *self.batches, self._to[0]):
            part.setVisible(batch)
        self._of_batch.setText("batch" if wide else "from")
        self._of_width.setText("units" if batch else "from")
        self.scale.setVisible(axis != BOTH)
        self._fold()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """All of it in one row, also while there are two: else it would never unfold."""
        return QSize(self._in_one_row(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of two rows."""
        needed = max(row.minimumSize().width() for row in self._halves())
        return QSize(needed, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """One row where there is room for it, else two."""
        folded = self.isVisible() and self.width() < self._in_one_row()
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if folded else ways.LeftToRight
        if way != self._rows.direction():  # else nobody need place it anew, while docks move
            self._rows.setDirection(way)
            self.updateGeometry()

    def _in_one_row(self) -> int:
        """Pixels that one row needs."""
        return sum(row.minimumSize().width() for row in self._halves()) + self._rows.spacing()

    def _halves(self) -> list[QLayoutItem]:
        items = (self._rows.itemAt(i) for i in range(self._rows.count()))
        return [item for item in items if item is not None]

    def set_theme(self, theme: Theme) -> None:
        for label in (self._of_batch, self._of_width, *self._to):
            label.setStyleSheet(f"color: {theme.muted}; background: transparent;")

    def _announce(self) -> None:
        choice = replace(
            self._choice,
            axis=self.axis.currentData(),
            layer=max(0, self.layer.currentIndex()),
            batches=(self.batches[0].value(), self.batches[1].value()),
            widths=(self.widths[0].value(), self.widths[1].value()),
            value=self.value.currentData(),
            log_x=bool(self.scale.currentData()),
        )
        if choice.layer != self._choice.layer:
            choice = replace(choice, widths=(0, 0))  # what suits the other layer
        if choice.axis == BOTH != self._choice.axis and choice.value == PASS:
            choice = replace(choice, value=PEAK)  # the time mostly grows; the share shows the tiles
        if choice != self._choice:
            self.chosen.emit(choice)


def _combo(name: str, entries: list[tuple[str, object]]) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(name)
    combo.setFont(fonts.words(fonts.SMALL))
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    for text, data in entries:
        combo.addItem(text, data)
    return combo


def _count(name: str) -> CountBox:
    box = CountBox(name)
    box.setToolTip(name)
    box.setFont(fonts.figures(fonts.SMALL))
    box.setFixedWidth(74)
    return box
