"""The buttons of an empty panel, that fill it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QPushButton, QWidget

from mmviz.state.offers import Offer
from mmviz.ui.look.plain import as_label, as_tip
from mmviz.ui.look.tell import Told

MOST = 3  # more would be no way out, but a menu


class Offers(Told, QWidget):
    """`asked` carries what an offer does; the shell finds all of these and carries it out.

    across: beside each other, in a panel that is wide; else below.
    """

    asked = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None, *, across: bool = False) -> None:
        super().__init__(parent)
        self.offers: tuple[Offer, ...] = ()
        way = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        box = QBoxLayout(way, self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.buttons = [QPushButton() for _ in range(MOST)]
        if across:
            box.addStretch(1)
        for i, button in enumerate(self.buttons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
            button.clicked.connect(lambda _, i=i: self.asked.emit(self.offers[i].does))
            box.addWidget(button)
        if across:
            box.addStretch(1)
        self.show_offers(())

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these instead, and nothing where there is none."""
        self.offers = tuple(offers[:MOST])
        self.setVisible(bool(self.offers))
        for i, button in enumerate(self.buttons):
            button.setVisible(i < len(self.offers))
        self.say()

    def say(self) -> None:
        for button, offer in zip(self.buttons, self.offers, strict=False):
            button.setText(as_label(self.words(offer.text)))
            button.setToolTip(as_tip(self.words(offer.tip)))
            button.setAccessibleName(self.words(offer.tip))
