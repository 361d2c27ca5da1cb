"""LOOP OR MATMUL: a dense layer as loops and as one product, side by side."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mmviz.core.learning.rungs import SIDE_BY_SIDE
from mmviz.state.learn.rungs import RungsView
from mmviz.state.offers import LEARNERS
from mmviz.text import joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.rung_canvas import RungCanvas
from mmviz.ui.learn.stepper import Stepper
from mmviz.ui.look.eliding import Wrapping
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked


class LoopsPanel(Told, QWidget):
    """Shows its view; owns no process. timing_asked: time every rung here, or stop that."""

    timing_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = RungsView()
        self.hint, self.stepper = Hint(), Stepper()
        self.arrays = Wrapping()
        self.ways = [RungCanvas() for _ in SIDE_BY_SIDE]
        across = QHBoxLayout()
        across.setSpacing(12)
        for way in self.ways:
            way.stand_beside(self.ways)
            across.addWidget(way, 1)
            self.stepper.moved.connect(way.show_step)
        self.stepper.timing_asked.connect(self.timing_asked)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.stepper)
        column.addWidget(self.arrays)
        column.addLayout(across, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.addWidget(self._pages)

    def show_view(self, view: RungsView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, LEARNERS if view.why else ())
        self._pages.setCurrentIndex(0 if view.why else 1)
        for way, rung in zip(self.ways, view.rungs, strict=False):
            way.show_rung(rung, view.small)
        self.stepper.show_length(max((len(rung.moments) for rung in view.rungs), default=0))
        self.stepper.show_timing(view.on)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        inked(self.arrays, theme.muted)
        self.hint.set_theme(theme)
        self.stepper.set_theme(theme)
        for way in self.ways:
            way.set_theme(theme)

    def say(self) -> None:
        view = self._view
        self.stepper.show_said(view.layer)
        self.arrays.show_text(self.words(joined((view.arrays, view.of or view.drawn))))
