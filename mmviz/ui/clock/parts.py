"""WHERE A PASS GOES: a bar a backend, split by layer and by what is done in it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from mmviz.state.clock.parts import PartsView
from mmviz.ui.clock.hint import Hint
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import Theme


class PartsPanel(Told, QWidget):
    """Shows its view; owns no process and no file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hint = Hint()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(self.hint)

    def show_view(self, view: PartsView) -> None:
        """Show this instead."""
        self.hint.show_hint(view.why, view.offers)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
