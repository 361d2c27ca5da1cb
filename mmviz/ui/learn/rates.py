"""BATCH SIZE: a course at one batch size after the other, what it gains and what it costs."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mmviz.state.learn.rates import RatesView
from mmviz.state.offers import LEARNERS
from mmviz.text import N_, Text
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.rates_canvas import RatesCanvas, nothing
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_label
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked
from mmviz.words.rates import told

SWEEP = N_("Sweep the batch size")
STOP = N_("Stop the sweep")
LINES = 6  # that are said below the chart


class RatesPanel(Told, QWidget):
    """Shows its view; owns no process. asked: begin, or stop what is on."""

    asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = RatesView(), DARK
        self.hint, self.canvas = Hint(), RatesCanvas()
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.setFont(fonts.words(fonts.SMALL))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.asked)
        self.of, self.reading = cut_short(), cut_short()
        self.lines = [cut_short() for _ in range(LINES)]
        self.canvas.looked.connect(self._read)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.button)
        head.addWidget(self.of, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.reading)
        for line in self.lines:
            column.addWidget(line)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self._pages, 1)

    def show_view(self, view: RatesView) -> None:
        """Show this instead."""
        self._view = view
        self.hint.show_hint(view.why, () if view.can else LEARNERS)
        self._pages.setCurrentIndex(0 if view.why else 1)
        self.canvas.show_rates(view.rates)
        self.say()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._theme = theme
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        self.hint.set_theme(theme)
        self.canvas.set_theme(theme)
        self._ink()

    def say(self) -> None:
        view = self._view
        text = Text(STOP if view.doing else SWEEP)
        tell(self.button, self.words, text=text, name=text, tip=_tip(view))
        self.button.setText(as_label(self.words(text)))
        self.button.setEnabled(view.can or bool(view.doing))
        of = view.of
        if view.doing:
            said = N_("{doing} · {done:percent} · {of}")
            of = Text(said, doing=view.doing, done=round(view.done, 2), of=view.of)
        self.of.show_text(self.words(of))
        for i, line in enumerate(self.lines):
            line.show_text(self.words(view.says[i]) if i < len(view.says) else "")
            line.setVisible(i < len(view.says))
        self._read()
        self._ink()

    def _read(self) -> None:
        at = self.canvas.at
        self.reading.show_text(self.words(nothing() if at is None else told(at)))
        inked(self.reading, self._theme.muted if at is None else self._theme.text)

    def _ink(self) -> None:
        """What was swept stands out where it is not what is shown elsewhere."""
        theme = self._theme
        inked(self.of, theme.now_text if self._view.stale else theme.muted)
        for i, line in enumerate(self.lines):
            inked(line, theme.text if i < 3 and len(self._view.rates) > 1 else theme.muted)


def _tip(view: RatesView) -> Text:
    if view.doing:
        return Text(N_("Stop; batch sizes that are over stay"))
    if not view.can:
        return view.why
    return Text(
        N_(
            "Teach the network anew at each batch size, by the recipe chosen in Teaching; nothing "
            "it has learnt is lost"
        )
    )
