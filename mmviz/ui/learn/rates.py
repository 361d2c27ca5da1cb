"""What a batch size gains and what learning loses by it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.learn.rates import RatesView
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look.theme import Theme


class RatesPanel(QWidget):
    """Shows its view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hint = Hint()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 8)
        column.addWidget(self.hint)

    def show_view(self, view: RatesView) -> None:
        """Show this instead."""
        self.hint.show_hint(view.why)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
