"""Small fields for counts, as wide as what they hold."""

from __future__ import annotations

from PyQt6.QtCore import QEvent

from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import CountBox

NOWHERE = "–"
_USUAL = "00 000"  # what a field has room for at least
_FRAME = 24  # pixels of a field beside its digits


class FittedBox(CountBox):
    """A count in small type; wider where it has many digits, or type is large."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setFont(fonts.figures(fonts.SMALL))
        self.valueChanged.connect(lambda _: self._fit())
        self._fit()

    def show_value(self, value: int) -> None:
        super().show_value(value)
        self._fit()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        wide = max(self.fontMetrics().horizontalAdvance(text) for text in (_USUAL, self.text()))
        self.setFixedWidth(wide + _FRAME)


class PinBox(FittedBox):
    """A count, or none: the field is left empty then."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setMinimum(0)
        self.setSpecialValueText(NOWHERE)

    def read(self, text: str) -> int:
        return 0 if text.strip() in ("", NOWHERE) else super().read(text)
