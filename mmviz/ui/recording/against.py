"""MODEL AGAINST RECORDING: figure by figure, tile by tile, and what recording itself costs."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.recording.against import AgainstView
from mmviz.text import N_
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import heading, inked, muted
from mmviz.ui.recording.figures import Figures
from mmviz.ui.recording.residual import Residual


class AgainstPanel(Told, QWidget):
    """Shows its view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = AgainstView()
        self.why = muted(wrap=True)
        self.rows = Figures(N_("Both schedules, figure by figure"), both=True)
        self.costs = Figures(N_("What recording costs"), both=False)
        self.residual, self.offers = Residual(), Offers()
        self.said = [muted(wrap=True) for _ in range(3)]
        self._heads = [self._head(N_("Residual by tile")), self._head(N_("What recording costs"))]
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 12, 8)
        column.setSpacing(4)
        column.addWidget(self.why)
        column.addWidget(self.rows)
        column.addSpacing(6)
        column.addWidget(self._heads[0])
        column.addWidget(self.residual, 1)
        for label in self.said:
            column.addWidget(label)
        column.addWidget(self.offers)
        column.addSpacing(6)
        column.addWidget(self._heads[1])
        column.addWidget(self.costs)
        column.addStretch(0)

    def _head(self, text: str) -> QWidget:
        """Named apart from a panel's own heading, which its title bar has in its place."""
        label = heading(text)
        label.setObjectName("muted")
        return label

    def show_view(self, view: AgainstView) -> None:
        """Show this instead."""
        self._view = view
        self.rows.show_rows(view.rows, view.heads)
        self.rows.setVisible(bool(view.rows))
        self.costs.show_rows(view.costs)
        self.costs.setVisible(bool(view.costs))
        self._heads[1].setVisible(bool(view.costs))
        self.residual.show_residual(view.residual)
        self.offers.show_offers(view.offers)
        self._heads[0].setVisible(bool(view.residual or view.no_residual))
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        for part in (self.rows, self.costs, self.residual):
            part.set_theme(theme)
        for label in (self.why, *self.said):
            inked(label, theme.muted)

    def say(self) -> None:
        view = self._view
        self.why.setText(self.words(view.why))
        self.why.setVisible(bool(view.why))
        told = view.residual.said if view.residual is not None else (view.no_residual,)
        for i, label in enumerate(self.said):
            said = self.words(told[i]) if i < len(told) else ""
            label.setText(said)
            label.setVisible(bool(said))
