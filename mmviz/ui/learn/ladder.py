"""THE LADDER: from a Python loop to a GPU's registers, each rung timed, played and counted."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mmviz.state.learn.rungs import RungsView
from mmviz.state.offers import LEARNERS
from mmviz.text import N_, joined
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.rung_bars import RungBars
from mmviz.ui.learn.rung_canvas import RungCanvas
from mmviz.ui.learn.stepper import Stepper
from mmviz.ui.look.eliding import Wrapping
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import inked, muted


class LadderPanel(Told, QWidget):
    """Shows its view; owns no process. timing_asked: time every rung here, or stop that."""

    timing_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._at = RungsView(), 0
        self.hint, self.stepper = Hint(), Stepper()
        self.bars, self.way = RungBars(), RungCanvas()
        self.arrays, self.does = Wrapping(), muted(wrap=True)
        self.bars.chosen.connect(self.choose)
        self.stepper.moved.connect(self.way.show_step)
        self.stepper.timing_asked.connect(self.timing_asked)
        self._scroll = tell(QScrollArea(), name=N_("The rungs of the ladder"))
        self._scroll.setWidget(self.bars)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.does)
        right.addWidget(self.way, 1)
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(self._scroll, 1)
        across.addLayout(right, 1)
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
        self._show_chosen()
        self.stepper.show_timing(view.on)
        self.say()

    def choose(self, at: int) -> None:
        """Look at that rung, from its beginning."""
        self._at = at
        self._show_chosen()
        self.stepper.seek(0)
        self.say()

    def _show_chosen(self) -> None:
        view = self._view
        if not view.rungs:
            return
        rung = view.rungs[self._at]
        self.bars.show_rungs(view.rungs, self._at)
        row = self.bars.row(self._at)
        self._scroll.ensureVisible(0, round(row.center().y()), 0, round(row.height()))
        self.way.show_rung(rung, view.small)
        self.stepper.show_length(len(rung.moments))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(
            f"#panel {{ background: {theme.panel}; }}"
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        inked(self.arrays, theme.muted)
        inked(self.does, theme.muted)
        for part in (self.hint, self.stepper, self.bars, self.way):
            part.set_theme(theme)

    def say(self) -> None:
        view = self._view
        self.stepper.show_said(view.layer)
        self.arrays.show_text(self.words(joined((view.arrays, view.of or view.drawn))))
        if view.rungs:
            rung = view.rungs[self._at]
            told = joined((rung.does, rung.loads, rung.blocks), "lines")
            self.does.setText(self.words(told))
