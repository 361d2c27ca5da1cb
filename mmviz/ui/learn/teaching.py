"""TEACHING: a network is taught to tell digits; what it cost and what it can is seen as it goes."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mmviz.state.learn.teaching import TeachingView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.clock.hint import Hint
from mmviz.ui.learn.fields import ChoiceBox
from mmviz.ui.learn.lesson_canvas import LessonCanvas
from mmviz.ui.learn.lesson_painter import Drawn
from mmviz.ui.learn.recipe import RecipeFields
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import Wrapping
from mmviz.ui.look.progress import ProgressLine
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import cut_short, inked
from mmviz.ui.peak.facts import FactsCanvas

_EDGE = 16
TEACH, STOP = N_("▶ Teach"), N_("■ Stop")
PAUSE, GO_ON = N_("❚❚ Pause"), N_("▶ Go on")
TEACH_TIP = N_("Teach this network to tell digits, from its first step on")
STOP_TIP = N_("Stop the course; what was learnt stays")
PAUSE_TIP = N_("The course rests; it goes on from the last weights as if it had not")
GO_ON_TIP = N_("Go on from the last weights as if the course had never been stopped")


class TeachingPanel(Told, QWidget):
    """Shows its view; owns no process and no file. What is asked for is heard by who does it."""

    teach_asked = pyqtSignal()
    pause_asked = pyqtSignal()
    save_asked = pyqtSignal()
    open_asked = pyqtSignal()
    take_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = TeachingView()
        self.teach = _button(TEACH, TEACH_TIP)
        self.pause = _button(GO_ON, GO_ON_TIP)
        self.save = _button(N_("Save weights …"), N_("Write what was learnt as npz"))
        self.open = _button(N_("Open weights …"), N_("Weights of this network from an npz file"))
        self.take = _button(
            N_("Take these weights"),
            N_("What was learnt becomes the network's own numbers; undo takes that back"),
        )
        for button, asked in (
            (self.teach, self.teach_asked),
            (self.pause, self.pause_asked),
            (self.save, self.save_asked),
            (self.open, self.open_asked),
            (self.take, self.take_asked),
        ):
            button.clicked.connect(lambda _, asked=asked: asked.emit())
        self.bar = ProgressLine(N_("How much of the course is done"))
        self.status, self.ended, self.reading = Wrapping(), Wrapping(), cut_short()
        self.recipe = RecipeFields()
        self.hint = Hint()
        self.canvas = LessonCanvas()
        self.canvas.read.connect(self._read)
        self.along = ChoiceBox(N_("Axis across"), N_("Over steps, or over the seconds they took"))
        self.scale = ChoiceBox(N_("Axis of the loss"), N_("Axis of the loss"))
        for box in (self.along, self.scale):
            box.activated.connect(lambda _: self._redraw())
        self.facts = FactsCanvas()
        tell(self.facts, name=N_("What was taught, and what came of it"))
        inside = QWidget()
        self.more = FactsCanvas()
        tell(self.more, name=N_("What it was taught with"))
        for facts in (self.facts, self.more):
            facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        upper, lower = _column(_EDGE, 6), _column(_EDGE, 4)
        upper.addWidget(self.recipe)
        lower.addLayout(_row(self.along, self.scale))
        lower.addWidget(self.canvas, 1)
        lower.addWidget(self.reading)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addWidget(self.facts)
        column.addLayout(lower, 1)
        column.addWidget(self.more)
        column.addStretch()  # what a chart leaves that is as high as it may be
        self.rest = QWidget()  # in the place of a chart
        self.rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        column.addWidget(self.rest, 1)
        self.area = QScrollArea()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tell(self.area, name=N_("Recipe, charts and figures of the course"))
        head, foot = _column(_EDGE, 4), _column(_EDGE, 4)
        head.addLayout(_row(self.teach, self.pause))
        for part in (self.bar, self.status, self.ended, self.hint):
            head.addWidget(part)
        foot.addLayout(_row(self.save, self.open))
        foot.addWidget(self.take)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 8)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
        whole.addLayout(foot)
        self.say()
        self.show_view(self._view)

    def show_view(self, view: TeachingView) -> None:
        """Show this instead."""
        before, self._view = self._view, view
        self.recipe.show_view(view)
        if (before.chart is None) != (view.chart is None):  # figures and chart need its room
            self.recipe.unfold(on=view.chart is None)
        self.hint.show_hint(view.why, view.offers)
        self.hint.setVisible(bool(view.why))
        self.canvas.show_chart(view.chart)
        for part in (self.canvas, self.along, self.scale, self.reading):
            part.setVisible(view.chart is not None)
        self.rest.setVisible(view.chart is None)
        for facts, shown in ((self.facts, view.facts), (self.more, view.more)):
            facts.show_view(shown)
            facts.setVisible(bool(shown.groups))
        self.bar.show_share(view.done)
        self.teach.setEnabled(view.teaching or not view.why)
        self.pause.setEnabled(view.teaching or view.resumable)
        self.save.setEnabled(view.known)
        self.take.setEnabled(view.takeable)
        self.open.setEnabled(not view.teaching and not view.why)
        self._say_view()

    def say(self) -> None:
        self.along.show_choices(
            ((False, self.words(Text(N_("steps")))), (True, self.words(Text(N_("seconds")))))
        )
        self.scale.show_choices(
            ((True, self.words(Text(N_("log")))), (False, self.words(Text(N_("linear")))))
        )
        self._say_view()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        for part in (self.hint, self.canvas, self.bar):
            part.set_theme(theme)
        for facts in (self.facts, self.more):
            facts.theme = theme
            facts.update()
        inked(self.ended, theme.loss)

    def _say_view(self) -> None:
        view = self._view
        for button, on, yes, no in (
            (self.teach, view.teaching, (STOP, STOP_TIP), (TEACH, TEACH_TIP)),
            (self.pause, view.teaching, (PAUSE, PAUSE_TIP), (GO_ON, GO_ON_TIP)),
        ):
            text, tip = yes if on else no
            tell(button, self.words, text=text, name=text, tip=tip)
        self.status.show_text(self.words(view.status))
        self.ended.show_text(self.words(view.ended))
        self.ended.setVisible(bool(view.ended))

    def _read(self, text: Text) -> None:
        self.reading.show_text(self.words(text or NOTHING))

    def _redraw(self) -> None:
        drawn = Drawn(bool(self.along.currentData()), bool(self.scale.currentData()))
        self.canvas.show_drawn(drawn)


def _button(text: str, tip: str) -> QPushButton:
    button = tell(QPushButton(), text=text, name=text, tip=tip)
    button.setFont(fonts.words(fonts.SMALL))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
    return button


def _column(edge: int, apart: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(edge, 0, edge, 0)
    column.setSpacing(apart)
    return column


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, 1)
    return row
