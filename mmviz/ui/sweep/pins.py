"""A and B: where two pins stand along a sweep, and what the sweep says of the two."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mmviz.state.sweep.choice import BATCH, BOTH, Range, SweepChoice
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding, Wrapping
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked
from mmviz.ui.sweep.boxes import PinBox
from mmviz.words.pins import NAMES

HOW = Text(N_("to compare two points type them, or click them with Shift"))
HALF = Text(N_("one more pin compares the two"))
OUTSIDE = Text(N_("a pin stands outside the range that is swept"))


class SweepPins(QWidget, Told):
    """`asked`: pin 0 or 1 and the count typed for it, 0 for none. `armed`: the pin that the next
    click in the chart places, None for neither. `cleared`: both are taken off.
    """

    asked = pyqtSignal(int, int)
    armed = pyqtSignal(object)
    cleared = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Text, ...] = ()
        self._tip = NOTHING
        self.setObjectName("pins")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        tips = (N_("Place A: then click a point"), N_("Place B: then click a point"))
        boxes = (N_("Where A stands"), N_("Where B stands"))
        self.buttons = (_button(NAMES[0], tips[0]), _button(NAMES[1], tips[1]))
        self.boxes = (PinBox(boxes[0]), PinBox(boxes[1]))
        for pin, (button, box) in enumerate(zip(self.buttons, self.boxes, strict=True)):
            tell(box, tip=N_("Type where it stands; empty takes it off"))
            row.addWidget(button)
            row.addWidget(box)
            button.toggled.connect(partial(self._arm, pin))
            box.valueChanged.connect(partial(self.asked.emit, pin))
        self.clear = QPushButton("✕")
        self.clear.setObjectName("pin")
        tell(self.clear, name=N_("Take both pins off"), tip=N_("Take both pins off (Delete)"))
        self.clear.clicked.connect(lambda _: self.cleared.emit())
        row.addWidget(self.clear)
        said = QVBoxLayout()
        said.setContentsMargins(6, 0, 0, 0)
        said.setSpacing(0)
        self.said = (Wrapping(), Eliding())  # the first is a sentence with a cause
        for label in self.said:
            label.setFont(fonts.words(fonts.SMALL))
            said.addWidget(label)
        row.addLayout(said, 1)

    def show_pins(
        self, choice: SweepChoice, lines: tuple[Text, ...], steps: tuple[Text, ...] = ()
    ) -> None:
        """Show where the pins stand, and the lines said of them, none where one is missing.

        steps: the largest one, which stands there until then, and all that its tip says of them.
        """
        self._lines, self._tip = lines, NOTHING
        counts = choice.pinned_batches if choice.axis == BATCH else choice.pinned_widths
        for box, count in zip(self.boxes, counts, strict=True):
            box.setVisible(choice.axis != BOTH)
            box.show_value(count)
        pairs: tuple[Range, ...] = (counts,)
        if choice.axis == BOTH:
            pairs = (choice.pinned_batches, choice.pinned_widths)
        placed = any(one or other for one, other in pairs)
        self.clear.setVisible(placed)
        if not lines:
            both_placed = all(one and other for one, other in pairs)
            why = OUTSIDE if both_placed else HALF if placed else HOW
            largest, *more = steps or (NOTHING,)
            self._lines, self._tip = (largest, why), joined(more, "lines")
        self.say()

    def disarm(self) -> None:
        """The click was made, or is not wanted any more."""
        for button in self.buttons:
            button.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Escape: the next click places no pin."""
        armed = any(button.isChecked() for button in self.buttons)
        if event is not None and event.key() == Qt.Key.Key_Escape and armed:
            self.disarm()
        else:
            super().keyPressEvent(event)

    def say(self) -> None:
        """The lines, in the language there is now."""
        first, second = self.said
        above, below, *_ = (*self._lines, NOTHING, NOTHING)
        first.show_text(self.words(above))
        second.show_text(self.words(below))
        first.setVisible(bool(above))
        second.setVisible(bool(below))
        tip = self.words(self._tip)
        first.setAccessibleName(tip or first.whole)
        more = tip.removeprefix(first.whole).removeprefix("\n")
        first.setToolTip(as_tip(tip if more else ""))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        first, second = self.said
        inked(first, theme.text)
        inked(second, theme.muted)

    def _arm(self, pin: int, on: bool) -> None:
        if on:
            self.buttons[1 - pin].setChecked(False)
        chosen = next((i for i, button in enumerate(self.buttons) if button.isChecked()), None)
        self.armed.emit(chosen)


def _button(name: str, tip: str) -> QPushButton:
    button = tell(QPushButton(name), tip=tip)
    button.setObjectName("pin")
    button.setCheckable(True)
    button.setFont(fonts.words(fonts.SMALL, bold=True))
    button.setFixedWidth(26)
    return button
