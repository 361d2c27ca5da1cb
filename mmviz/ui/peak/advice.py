"""Shape advice under the network: cards with their gain; a click applies one, others confirm."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mmviz.core.advice.advice import MOST
from mmviz.core.advice.neighbours import Change
from mmviz.state.derived import Derived
from mmviz.state.peak.advice import Card, advice_of, cards_of, quick, why_none
from mmviz.state.session import Session
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import heading, muted
from mmviz.ui.peak.advice_card import AdviceCard

REMARKS = 4  # on each side of the roofline one, one at an edge, one to spare
SOON_MS = 30  # after an edit: the window is painted first


class AdvicePanel(QFrame):
    """Announces what was chosen; asks `state.advice` itself, since nothing else needs it.

    `chosen` and `measure_asked` carry a `Change`.
    """

    chosen = pyqtSignal(object)
    measure_asked = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self._theme = DARK
        self._session: Session | None = None
        self._asked: tuple[object, ...] = ()
        self._cards: tuple[Card, ...] = ()
        self._offered = False
        self._measured: dict[Change, str] = {}
        self._running: Change | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.settle)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 4, 8)
        column.setSpacing(6)
        column.addWidget(heading("shape advice"))
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(8)
        self.empty = muted(wrap=True)
        self.column.addWidget(self.empty)
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
        self._fill()

    def show_derived(self, derived: Derived) -> None:
        """Follow the session; long networks after the window is painted, their old cards dimmed."""
        session = derived.session
        asked = (
            *(session.network, session.batch, session.training, session.dtype),
            *(derived.device, session.tile, session.order),
        )
        if asked == self._asked:
            return
        self._asked, self._session = asked, session
        if quick(session):
            self.settle()
        else:
            for card in self.cards:
                card.setEnabled(False)
            self._soon.start()

    def settle(self) -> None:
        """The cards of the session as it is now."""
        self._soon.stop()
        if self._session is None:
            return
        session, self._session = self._session, None
        advice = advice_of(session)
        self._cards = cards_of(advice)[: len(self.cards)]
        self.empty.setText(why_none(advice, session))
        self._fill()

    def stop(self) -> None:
        """Nothing is asked any more: the window closes."""
        self._session = None
        self._soon.stop()

    def show_measured(
        self, measured: dict[Change, str], offered: bool, running: Change | None
    ) -> None:
        """What was measured of each change; offered: this computer is the device."""
        self._measured, self._offered, self._running = measured, offered, running
        self._fill_measured()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        for card in self.cards:
            card.setDown(False)

    def _fill(self) -> None:
        self.empty.setVisible(bool(self.empty.text()))
        cards = (*self._cards, *[None] * (len(self.cards) - len(self._cards)))
        for widget, card in zip(self.cards, cards, strict=True):
            widget.setEnabled(True)
            widget.show_card(card, self._theme)
        self._fill_measured()

    def _fill_measured(self) -> None:
        for widget in self.cards:
            change = widget.change
            text = "" if change is None else self._measured.get(change, "")
            widget.show_measured(
                text, self._offered, change is not None and change == self._running
            )
