"""What the measured curves say: which batches keep a budget, and who overtakes whom from where."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmviz import numerals
from mmviz.state.sweep.choice import MOST_BUDGET_S
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.number_boxes import RealBox
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked, muted

NAME = N_("Budget of time for a pass")
TIP = N_("Milliseconds a pass may take; empty for no budget")
_NONE = "–"
_DECIMALS = 3
_WIDE = 84


class BudgetBox(RealBox):
    """Milliseconds a pass may take; empty, or 0, for no budget."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0.0, 1e3 * MOST_BUDGET_S)
        self.setDecimals(_DECIMALS)
        self.setSpecialValueText(_NONE)
        self.setFont(fonts.figures(fonts.SMALL))
        self.setFixedWidth(_WIDE)
        tell(self, name=NAME, tip=TIP, suffix=N_(" ms"))

    def textFromValue(self, value: float) -> str:
        return f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")

    def read(self, text: str) -> float:
        if text.strip() in ("", _NONE):
            return 0.0
        must = Text(N_("a number of milliseconds up to {most:g}"), most=1e3 * MOST_BUDGET_S)
        value = numerals.real(text, Text(NAME), must, self._fits, unit="ms")
        return self.kept(value, Text(NAME), text)

    def _fits(self, value: float) -> bool:
        return 0.0 <= value <= 1e3 * MOST_BUDGET_S


class SweepVerdicts(QWidget, Told):
    """`budget_chosen`: seconds, None for no budget."""

    budget_chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Text, ...] = ()
        self.box = BudgetBox()
        self.box.valueChanged.connect(lambda ms: self.budget_chosen.emit(ms / 1e3 or None))
        self._name = muted(N_("budget"))
        self._name.setBuddy(self.box)
        self.said = (Eliding(), Eliding())
        for label in self.said:
            label.setFont(fonts.words(fonts.SMALL))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        row.addWidget(self._name)
        row.addWidget(self.box)
        column = QVBoxLayout()
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(0)
        for label in self.said:
            column.addWidget(label)
        row.addLayout(column, 1)

    def show_verdicts(self, budget_s: float | None, within: Text, even: tuple[Text, ...]) -> None:
        """The budget there is, what is within it, and who overtakes whom, a sentence each."""
        self.box.blockSignals(True)
        self.box.setValue(1e3 * (budget_s or 0.0))
        self.box.blockSignals(False)
        self.lines = tuple(line for line in (within, *even) if line)
        self.say()

    def say(self) -> None:
        """The sentences, in the language there is now."""
        first, second, *_ = (*self.lines, NOTHING, NOTHING)
        more = self.words(joined(self.lines[1:], "lines")) if len(self.lines) > 2 else ""
        for label, text, tip in zip(self.said, (first, second), ("", more), strict=True):
            label.show_text(self.words(text), tip)
            label.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        inked(self._name, theme.muted)
        inked(self.said[0], theme.text)
        inked(self.said[1], theme.text)
