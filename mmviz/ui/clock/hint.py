"""What stands in a panel of the clock that has nothing to show: why, and what brings something."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.offers import Offer
from mmviz.text import NOTHING, Text
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked, muted

_BETWEEN = 8


class Hint(Told, QWidget):
    """A sentence in the middle, its buttons below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = NOTHING
        self.why = muted(wrap=True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offers = Offers(across=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BETWEEN)
        column.addStretch(1)
        column.addWidget(self.why)
        column.addWidget(self.offers)
        column.addStretch(1)

    def show_hint(self, why: Text, offers: Sequence[Offer] = ()) -> None:
        """Show this sentence and these buttons instead."""
        self._why = why
        self.offers.show_offers(offers)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        inked(self.why, theme.muted)

    def say(self) -> None:
        self.why.setText(self.words(self._why))
