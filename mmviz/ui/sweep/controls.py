"""What is swept, over which range, and how it is drawn: a row of small controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mmviz.state.sweep.choice import AXES, BATCH, BOTH, WIDTH, SweepChoice
from mmviz.state.sweep.values import PASS, PEAK, VALUES
from mmviz.text import N_, P_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked, muted
from mmviz.ui.sweep.boxes import FittedBox

AXIS_NAMES = {BATCH: N_("batch"), WIDTH: N_("width"), BOTH: N_("batch and width")}
SCALE_NAMES = {False: N_("linear"), True: N_("log")}
TIME = N_("▶ Time")
STOP = N_("■ {number} of {count}")
_LISTED = 1_000  # layers a network can have, all of them to choose from


class SweepControls(QWidget, Told):
    """`chosen`: a SweepChoice, whenever the user changed one. `timed`: the sweep is to be timed, or
    no more.
    """

    chosen = pyqtSignal(object)
    timed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = SweepChoice()
        self._layers: tuple[Text, ...] = ()
        self.axis = _combo(N_("What is swept"), AXIS_NAMES)
        self.layer = _combo(N_("Layer whose width is swept"), {})
        self.value = _combo(N_("What is drawn"), VALUES)
        self.scale = _combo(N_("Axis of the batch or width"), SCALE_NAMES)
        self.batches = (_count(N_("Sweep from batch")), _count(N_("Sweep to batch")))
        self.widths = (_count(N_("Sweep from units")), _count(N_("Sweep to units")))
        self._of_batch, self._of_width = muted(N_("batch")), muted(N_("units"))
        self._to = (muted(N_("to")), muted(N_("to")))
        self.time = tell(QPushButton(), text=TIME)
        self.time.setObjectName("time")
        self.time.setFont(fonts.words(fonts.SMALL, bold=True))
        self.time.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        self.time.clicked.connect(lambda _: self.timed.emit())
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
            if parts[-1] is self.scale:
                row.insertWidget(row.count() - 1, self.time)
        self._show_parts(BATCH)
        for combo in (self.axis, self.layer, self.value):
            combo.activated.connect(lambda _: self._announce())
        self.scale.activated.connect(lambda _: self._choose_scale())
        for box in (*self.batches, *self.widths):
            box.valueChanged.connect(lambda _: self._announce())

    def show_choice(self, choice: SweepChoice, layers: tuple[Text, ...]) -> None:
        """Show a settled choice for a network of these layers; announces nothing."""
        before, self._choice = self._choice, choice
        with QSignalBlocker(self.layer), QSignalBlocker(self.axis):
            if layers != self._layers:
                self._layers = layers
                self._list_layers()
            self.layer.setCurrentIndex(choice.layer)
            self.axis.setCurrentIndex(AXES.index(choice.axis))
            self.value.setCurrentIndex(self.value.findData(choice.value))
            if (before.log_x, choice.log_x) != (None, None):  # else it is as drawn: `show_scale`
                self.scale.setCurrentIndex(int(bool(choice.log_x)))
        for boxes, values in ((self.batches, choice.batches), (self.widths, choice.widths)):
            for box, value in zip(boxes, values, strict=True):
                box.show_value(value)
        self._show_parts(choice.axis)

    def show_scale(self, log_x: bool) -> None:
        """The scale that is drawn, where none was chosen."""
        self.scale.setCurrentIndex(int(log_x))

    def show_timing(
        self, batches: tuple[int, ...], untimed: Text, done: tuple[int, int] | None
    ) -> None:
        """What the button would time, why it cannot, or how far the sweep that is on has come.

        done: the number of the batch that is timed, and of how many.
        """
        text, tip = Text(TIME), untimed
        if done is not None:
            text = Text(STOP, number=done[0], count=done[1])
            tip = Text(N_("Stop the sweep; what was measured until then stays"))
        elif batches:
            tip = Text(
                P_(
                    "Time {n:group} batch, {low:group} to {high:group}, on this computer, with the "
                    "backends that are checked",
                    "Time {n:group} batches from {low:group} to {high:group} on this computer, "
                    "with the backends that are checked",
                ),
                n=len(batches),
                low=batches[0],
                high=batches[-1],
            )
        tell(self.time, self.words, text=text, name=text, tip=tip)
        self.time.setEnabled(bool(batches) or done is not None)

    def _list_layers(self) -> None:
        self.layer.clear()
        for i, name in enumerate(self._layers[:_LISTED]):
            self.layer.addItem(self.words(name), i)

    def say(self) -> None:
        """All entries in the language there is now."""
        for combo, names in (
            (self.axis, AXIS_NAMES),
            (self.value, VALUES),
            (self.scale, SCALE_NAMES),
        ):
            for i, name in enumerate(names.values()):
                combo.setItemText(i, self.words(Text(name)))
        with QSignalBlocker(self.layer):
            self._list_layers()
            self.layer.setCurrentIndex(self._choice.layer)
        self._show_parts(self._choice.axis)

    def _show_parts(self, axis: str) -> None:
        """Only what the axis needs."""
        wide, batch = axis != BATCH, axis != WIDTH
        for part in (self.layer, self._of_width, *self.widths, self._to[1]):
            part.setVisible(wide)
        for part in (self._of_batch, *self.batches, self._to[0]):
            part.setVisible(batch)
        tell(self._of_batch, self.words, text=N_("batch") if wide else N_("from"))
        tell(self._of_width, self.words, text=N_("units") if batch else N_("from"))
        self.scale.setVisible(axis != BOTH)
        self._fold()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """All of it in one row, also while there are two: else it would never unfold."""
        return QSize(self._in_one_row(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider of two rows."""
        needed = max(row.sizeHint().width() for row in self._halves())
        return QSize(needed, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fold()

    def showEvent(self, event: QShowEvent | None) -> None:
        """A size it was given while hidden is announced before it counts as visible."""
        super().showEvent(event)
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
        return sum(row.sizeHint().width() for row in self._halves()) + self._rows.spacing()

    def _halves(self) -> list[QLayoutItem]:
        items = (self._rows.itemAt(i) for i in range(self._rows.count()))
        return [item for item in items if item is not None]

    def set_theme(self, theme: Theme) -> None:
        for label in (self._of_batch, self._of_width, *self._to):
            inked(label, theme.muted)

    def _choose_scale(self) -> None:
        """The one that was picked stays, whatever is measured."""
        choice = replace(self._choice, log_x=bool(self.scale.currentData()))
        if choice != self._choice:
            self.chosen.emit(choice)

    def _announce(self) -> None:
        choice = replace(
            self._choice,
            axis=self.axis.currentData(),
            layer=max(0, self.layer.currentIndex()),
            batches=(self.batches[0].value(), self.batches[1].value()),
            widths=(self.widths[0].value(), self.widths[1].value()),
            value=self.value.currentData(),
        )
        if choice.layer != self._choice.layer:
            choice = replace(choice, widths=(0, 0))  # what suits the other layer
        if choice.axis == BOTH != self._choice.axis and choice.value == PASS:
            choice = replace(choice, value=PEAK)  # the time mostly grows; the share shows the tiles
        if choice != self._choice:
            self.chosen.emit(choice)


def _combo(name: str, entries: Mapping[Any, str]) -> QComboBox:
    combo = tell(QComboBox(), name=name, tip=name)
    combo.setFont(fonts.words(fonts.SMALL))
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    for data, text in entries.items():
        combo.addItem(text, data)
    return combo


def _count(name: str) -> CountBox:
    return tell(FittedBox(name), tip=name)
