"""A thin line that says how much of something is done."""

from __future__ import annotations

from PyQt6.QtWidgets import QProgressBar, QWidget

from mmviz.text import Text
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import Theme

_STEPS = 1_000
_HEIGHT = 2


class ProgressLine(QProgressBar):
    """As wide as its place and without figures; `name` is for who does not see it."""

    def __init__(self, name: Text | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT)
        tell(self, name=name)

    def show_share(self, done: float) -> None:
        """0 … 1 of it is done; painted with all else that is new, not at once, as Qt does."""
        value = round(_STEPS * done)
        if value != self.value():
            self.setUpdatesEnabled(False)
            self.setValue(value)
            self.setUpdatesEnabled(True)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(
            f"QProgressBar {{ background: {theme.line}; border: none; }}"
            f"QProgressBar::chunk {{ background: {theme.now}; }}"
        )
