"""WHERE A PASS GOES: a bar a backend, split by layer and by what is done in it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.clock.parts import PartsView
from mmviz.text import N_
from mmviz.ui.clock.hint import Hint
from mmviz.ui.clock.parts_canvas import PartsCanvas
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked, muted


class PartsPanel(Told, QWidget):
    """Shows its view; owns no process and no file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = PartsView(), DARK
        self.hint, self.canvas = Hint(), PartsCanvas()
        self.of, self.remarks = cut_short(), muted(wrap=True)
        self.scaled = tell(
            QCheckBox(),
            text=N_("to scale"),
            tip=N_("Every bar as long as its pass, else all of one length, for their shares"),
            name=N_("Bars to scale"),
        )
        self.scaled.setObjectName("scaled")
        self.scaled.setFont(fonts.words(fonts.SMALL))
        self.scaled.toggled.connect(lambda on: self.canvas.show_equal(not on))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.of, 1)
        head.addWidget(self.scaled)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.canvas)
        column.addWidget(self.remarks)
        column.addStretch(1)
        self._scroll = tell(QScrollArea(), name=N_("Where a pass goes"))
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 0, 16, 8)
        whole.addWidget(self._pages)

    def show_view(self, view: PartsView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, view.offers)
        self.canvas.show_view(view)
        self._pages.setCurrentIndex(0 if view.why else 1)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
            f"#scaled {{ color: {theme.muted}; border: 1px solid transparent; padding: 1px 3px; }}"
            f"#scaled:focus {{ border-color: {theme.now_text}; border-radius: 4px; }}"
            "#scaled::indicator { width: 9px; height: 9px; border-radius: 3px;"
            f" border: 2px solid {theme.muted}; background: transparent; }}"
            f"#scaled::indicator:checked {{ background: {theme.muted}; }}"
        )
        self.hint.set_theme(theme)
        self.canvas.set_theme(theme)
        self._ink()

    def say(self) -> None:
        view = self._view
        self.of.show_text(self.words(view.of))
        self.remarks.setText("\n".join(map(self.words, view.remarks)))
        self.remarks.setVisible(bool(view.remarks))
        self._ink()

    def _ink(self) -> None:
        """What was timed stands out where it is not what is looked at."""
        theme = self._theme
        inked(self.of, theme.now_text if self._view.stale else theme.muted)
        inked(self.remarks, theme.muted)
