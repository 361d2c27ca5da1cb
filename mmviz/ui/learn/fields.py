"""The fields of a lesson's recipe: small boxes for numbers, and choices of a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PyQt6.QtCore import QEvent, QObject, QSignalBlocker
from PyQt6.QtWidgets import QAbstractSpinBox, QComboBox, QSizePolicy

from mmviz import numerals
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import CountBox, RealBox
from mmviz.ui.look.tell import tell

_USUAL = "00 000"
_FRAME = 24  # pixels of a field beside its digits
MOST_SEED = 2**31 - 1


class SeedBox(CountBox):
    """A seed: a whole number from 0 on."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__(name)
        self._seed = Text(name)
        self.setRange(0, MOST_SEED)
        tell(self, tip=tip)
        _small(self)

    def read(self, text: str) -> int:
        return numerals.whole(text, getattr(self, "_seed", Text(N_("Seed"))), MOST_SEED, least=0)


class CountField(CountBox):
    """A count from 1 to `most`."""

    def __init__(self, name: str, tip: str, most: int) -> None:
        self._said, self._most = Text(name), most
        super().__init__(name)
        self.setRange(1, most)
        tell(self, tip=tip)
        _small(self)

    def bound(self, most: int) -> None:
        """From now on at most so many."""
        self._most = most
        self.setRange(1, most)

    def read(self, text: str) -> int:
        return numerals.whole(text, self._said, self._most)


class AmountBox(RealBox):
    """A number from 0 to below `most`, with up to 8 decimals."""

    DECIMALS = 8

    def __init__(self, name: str, tip: str, value: float, most: float) -> None:
        self._said, self._most = Text(name), most
        super().__init__()
        self.setDecimals(self.DECIMALS)
        self.setRange(0.0, most)
        self.setSingleStep(value / 5)
        self.setValue(value)
        tell(self, name=name, tip=tip)
        _small(self)

    def textFromValue(self, value: float) -> str:
        return f"{value:.{self.DECIMALS}f}".rstrip("0").rstrip(".")

    def read(self, text: str) -> float:
        must = Text(N_("a number from 0 to below {most:g}"), most=self._most)
        value = numerals.real(text, self._said, must, lambda x: 0 <= x < self._most)
        return self.kept(value, self._said, text)


class ChoiceBox(QComboBox):
    """One of a few; what each is called and what it stands for."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        tell(self, name=name, tip=tip)
        self.setFont(fonts.words(fonts.SMALL))
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_choices(self, entries: Iterable[tuple[object, str]]) -> None:
        """Offer these; what was chosen stays so, where it is among them."""
        chosen, found = self.currentData(), list(entries)
        now = [(self.itemData(i), self.itemText(i)) for i in range(self.count())]
        if found == now:
            return
        with QSignalBlocker(self):
            self.clear()
            for data, text in found:
                self.addItem(text, data)
            self.choose(chosen)

    def choose(self, data: object) -> None:
        """Choose this one, where it is among them."""
        at = self.findData(data)
        if at >= 0:
            self.setCurrentIndex(at)


def finish(boxes: Sequence[CountBox | RealBox]) -> None:
    """Take in what is typed; raises InputError for what cannot be read."""
    for box in boxes:
        line = box.lineEdit()
        if line is None:
            continue
        box.read(line.text().removesuffix(box.suffix()).strip())
        box.interpretText()


class _Fit(QObject):
    """A box in small type asks for no more room than its usual numbers take, in type of any size.

    Its own hint of size would be that of the longest number it can hold.
    """

    def __init__(self, box: QAbstractSpinBox) -> None:
        super().__init__(box)
        self._fit(box)
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        changed = event is not None and event.type() == QEvent.Type.FontChange
        if changed and isinstance(watched, QAbstractSpinBox):
            self._fit(watched)
        return super().eventFilter(watched, event)

    def _fit(self, box: QAbstractSpinBox) -> None:
        box.setMinimumWidth(box.fontMetrics().horizontalAdvance(_USUAL) + _FRAME)


def _small(box: QAbstractSpinBox) -> None:
    box.setFont(fonts.figures(fonts.SMALL))
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    _Fit(box)
