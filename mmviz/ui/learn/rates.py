"""BATCH SIZE: a course at one batch size after the other, what it gains and what it costs."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmviz.state.learn.rates import RatesView
from mmviz.state.offers import LEARNERS
from mmviz.text import N_, Text
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.fields import ChoiceBox
from mmviz.ui.learn.rates_canvas import RatesCanvas, nothing
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import as_label
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked
from mmviz.words.rates import told

SWEEP = N_("Sweep the batch size")
PAUSE = N_("Pause the sweep")
GO_ON = N_("Go on")
ANEW = N_("Sweep anew")
ALL = N_("all of them")
LINES = 10  # that are said below the chart
READ = 3  # backends of a batch size that are read, a line each


class RatesPanel(Told, QWidget):
    """Shows its view; owns no process. asked: begin, let what is on rest, or go on with it.
    anew_asked: begin, whatever waits to go on.
    """

    asked = pyqtSignal()
    anew_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view, self._theme = RatesView(), DARK
        self.hint, self.canvas = Hint(), RatesCanvas()
        self.button, self.anew = _button(), _button()
        self.button.clicked.connect(self.asked)
        self.anew.clicked.connect(self.anew_asked)
        self.who = ChoiceBox(N_("Backends of the sweep"), N_("Who computes, side by side"))
        self.who.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.who.setMinimumContentsLength(12)
        self.who.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.of, self.readings = cut_short(), [cut_short() for _ in range(READ)]
        self.lines = [cut_short() for _ in range(LINES)]
        self.canvas.looked.connect(self._read)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.button, self.anew, self.who):
            head.addWidget(widget)
        head.addWidget(self.of, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.canvas, 1)
        for line in (*self.readings, *self.lines):
            column.addWidget(line)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.hint)
        self._pages.addWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 4, 16, 8)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self._pages, 1)

    @property
    def backends(self) -> tuple[str, ...]:
        """Who is to compute; () for all that teach here."""
        chosen = self.who.currentData()
        return (chosen,) if chosen else ()

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
        text = Text(PAUSE if view.doing else GO_ON if view.resumable else SWEEP)
        tell(self.button, self.words, text=text, name=text, tip=_tip(view))
        self.button.setText(as_label(self.words(text)))
        self.button.setEnabled(view.can or bool(view.doing) or view.resumable)
        tell(self.anew, self.words, text=Text(ANEW), name=Text(ANEW), tip=Text(_ANEW_TIP))
        self.anew.setVisible(view.resumable)
        self.anew.setEnabled(view.can)
        teachers = ((id, self.words(name)) for id, name in view.backends)
        self.who.show_choices([("", self.words(Text(ALL))), *teachers])
        self.who.setEnabled(not view.doing)
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
        said = [told(rate, named=self.canvas.several) for rate in at] or [nothing()]
        for i, line in enumerate(self.readings):
            line.show_text(self.words(said[i]) if i < len(said) else "")
            line.setVisible(i < len(said))
            inked(line, self._theme.text if at else self._theme.muted)

    def _ink(self) -> None:
        """What was swept stands out where it is not what is shown elsewhere."""
        theme = self._theme
        inked(self.of, theme.now_text if self._view.stale else theme.muted)
        for i, line in enumerate(self.lines):
            inked(line, theme.text if i < self._view.compared else theme.muted)


def _tip(view: RatesView) -> Text:
    if view.doing:
        return Text(N_("What is over stays; the batch size that is on begins again"))
    if view.resumable:
        return Text(N_("Go on where it was left"))
    if not view.can:
        return view.why
    return Text(
        N_(
            "Teach the network anew at each batch size, by the recipe chosen in Teaching; nothing "
            "it has learnt is lost"
        )
    )


_ANEW_TIP = N_("Begin another sweep; the one that waits is left as it is")


def _button() -> QPushButton:
    made = QPushButton()
    made.setAutoDefault(False)
    made.setFont(fonts.words(fonts.SMALL))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
