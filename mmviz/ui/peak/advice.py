"""Shape advice under the network: cards with their gain; a click applies one, others confirm."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mmviz.core.advice.advice import MOST
from mmviz.core.time.setup import Setup
from mmviz.state.peak.advice import AdviceView, Advised
from mmviz.text import N_, NOTHING
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading, muted
from mmviz.ui.peak.advice_card import AdviceCard

REMARKS = 4  # on each side of the roofline one, one at an edge, one to spare
SOON_MS = 30  # after an edit: the window is painted first


class AdvicePanel(Told, QFrame):
    """Announces what was chosen. Cards of long networks come after the window is painted.

    `chosen` and `measure_asked` carry a `Change`.
    """

    chosen = pyqtSignal(object)
    measure_asked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._theme = DARK
        self._view: AdviceView | None = None
        self._advised: Advised | None = None
        self._of: Setup | None = None  # what all the cards are of
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 4, 8)
        column.setSpacing(6)
        column.addWidget(heading(N_("shape advice")))
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(8)
        self.empty = muted(wrap=True)
        self.column.addWidget(self.empty)
        self.offers = Offers()
        self.column.addWidget(self.offers)
        self.cards = [AdviceCard() for _ in range(MOST + REMARKS)]
        for card in self.cards:
            card.chosen.connect(self.chosen)
            card.measure_asked.connect(self.measure_asked)
            self.column.addWidget(card)
        self.column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab scrolls it, card by card
        self.area.setWidget(inside)
        column.addWidget(self.area, 1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.say()

    def show_view(self, view: AdviceView) -> None:
        """Follow the session; until the cards of a long network are there, the old ones dimmed."""
        self._view = view
        if self._of == view.setup:
            self._say_measured()
            return
        if view.quick:
            self._ask()
        else:
            for card in self.cards:
                card.setEnabled(False)
            self._soon.start()

    def settle(self) -> None:
        """Wait no longer for the window to be painted."""
        if self._soon.isActive():
            self._ask()

    def stop(self) -> None:
        """Nothing is asked any more: the window closes."""
        self._soon.stop()

    def _ask(self) -> None:
        """The cards of the session as it is now."""
        self._soon.stop()
        if self._view is not None:
            self._of = None
            self._advised = self._view.advised()
            self.say()
            self._of = self._view.setup

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        for card in self.cards:
            card.setDown(False)

    def say(self) -> None:
        found = self._advised
        if found is None:
            return
        self.empty.setText(self.words(found.why))
        self.empty.setVisible(bool(found.why))
        self.offers.show_offers(found.offers)
        shown = found.cards[: len(self.cards)]
        cards = (*shown, *[None] * (len(self.cards) - len(shown)))
        for widget, card in zip(self.cards, cards, strict=True):
            widget.setEnabled(not self._soon.isActive())
            widget.show_card(card, self._theme, self.words)
        self._say_measured()

    def _say_measured(self) -> None:
        view = self._view
        if view is None:
            return
        measured = dict(view.measured)
        for widget in self.cards:
            change = widget.change
            said = NOTHING if change is None else measured.get(change, NOTHING)
            running = change is not None and change == view.running
            widget.show_measured(said, view.offered, running)
