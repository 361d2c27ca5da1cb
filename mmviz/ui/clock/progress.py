"""How far a timing run is, how long it still takes, and the button that pauses it or goes on."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mmviz.state.clock.progress import ProgressView
from mmviz.text import N_
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.plain import PlainLabel, as_label, as_tip
from mmviz.ui.look.progress import ProgressLine
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked

_SPACING = 12
_LINE = 80  # pixels the line has at least


class ProgressRow(Told, QWidget):
    """`pressed`: the button of its view. Not there while there is nothing to tell."""

    pressed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ProgressView | None = None
        self._doing: Eliding = cut_short()
        self._left = PlainLabel()
        self._left.setFont(fonts.words(fonts.SMALL))
        self.line = ProgressLine(N_("Progress of the timing run"))
        self.line.setMinimumWidth(_LINE)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self._doing, 1)
        row.addWidget(self.line, 2)
        row.addWidget(self._left)
        row.addWidget(self.button)
        self.show_view(None)
        self.set_theme(DARK)

    def show_view(self, view: ProgressView | None) -> None:
        """Tell that, or nothing."""
        self._view = view
        self.setVisible(view is not None)
        self.line.show_share(0.0 if view is None else view.done)
        self.say()

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        self._doing.show_text(self.words(view.doing))
        self._left.setText(self.words(view.left))
        self._left.setVisible(bool(view.left))
        self.button.setText(as_label(self.words(view.button)))
        self.button.setToolTip(as_tip(self.words(view.tip)))
        self.button.setAccessibleName(self.words(view.tip))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.line.set_theme(theme)
        inked(self._left, theme.muted)
