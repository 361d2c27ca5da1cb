"""The card of a lesson: a question, a guess, what came out beside it, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mmviz.state.lessons.card import Card, Summed
from mmviz.text import N_, Text, joined, own
from mmviz.ui.lessons.answering import Answering
from mmviz.ui.lessons.past import Past, judged
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import cut_short, inked, lead, quiet
from mmviz.ui.look.wrapped import Wrapped
from mmviz.words.lesson_card import CAME_OUT, LEADS
from mmviz.words.lessons import Sayable, Spoken, say

_HIGH = 210  # pixels: a question, its options, what came out
_WIDE = 760  # pixels a line of text may have to be read with ease
NEXT, NEXT_LESSON, TO_LIST = N_("next ›"), N_("next lesson ›"), N_("to the lessons")


class CardPanel(Told, QWidget):
    """Shows its view. guessed: an option's index, "" for who does not know, or what was typed.

    axis_chosen: (matrix, axis). noted: the learner's own sentence. The others are buttons.
    """

    guessed = pyqtSignal(object)
    typed = pyqtSignal(str)
    unsure = pyqtSignal()
    noted = pyqtSignal(str)
    again_asked = pyqtSignal()
    place_asked = pyqtSignal()
    back_asked = pyqtSignal()
    on_asked = pyqtSignal()
    skip_asked = pyqtSignal()
    stay_asked = pyqtSignal()
    leave_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._card: Card | None = None
        self._over: tuple[Spoken, Sequence[Summed], Spoken | None] | None = None
        self.theme: Theme = DARK
        self.title, self.where = cut_short(), PlainLabel()
        self.title.setFont(fonts.words(bold=True))
        self.lead, self.ask = PlainLabel(), Wrapped(fonts.TITLE)
        self.lead.setFont(fonts.heading())
        self.recalled = Past()
        self.answering = Answering()
        self.line, self.told, self.note = Wrapped(), Wrapped(), Wrapped()
        self.line.setFont(fonts.words(bold=True))
        self.summary = Past()
        self.back = quiet(N_("‹ previous"), N_("To the step before"))
        self.on = quiet(NEXT, N_("To the next step"))
        self.skip = quiet(N_("skip"), N_("To the next step; this one is neither done nor failed"))
        self.stay = quiet(
            N_("leave for free play"),
            N_("Go on with what is on screen, outside the lesson; undo brings yours back"),
        )
        self.leave = quiet(N_("close"), N_("Back to what you had before the lesson"))
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self.heading = QWidget()  # stands in the bar of the panel's place
        head = QHBoxLayout(self.heading)
        head.setContentsMargins(0, 0, 8, 0)
        head.setSpacing(14)
        head.addWidget(self.title, 1)
        head.addWidget(self.lead)
        head.addWidget(self.where)
        inside = QWidget()
        inside.setMaximumWidth(round(_WIDE * fonts.scale()))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (
            *(self.recalled, self.ask, self.answering, self.line, self.told),
            *(self.note, self.summary),
        ):
            column.addWidget(part)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tell(self.area, name=N_("The step of the lesson"))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.back, self.on, self.skip):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.stay, self.leave):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 2, 18, 8)
        whole.setSpacing(6)
        whole.addWidget(self.area, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        for button, asked in (
            (self.back, self.back_asked),
            (self.on, self.on_asked),
            (self.skip, self.skip_asked),
            (self.stay, self.stay_asked),
            (self.leave, self.leave_asked),
        ):
            button.clicked.connect(lambda _, asked=asked: asked.emit())
        self.answering.guessed.connect(self.guessed)
        self.answering.typed.connect(self.typed)
        self.answering.unsure.connect(self.unsure)
        self.answering.noted.connect(self.noted)
        self.answering.again_asked.connect(self.again_asked)
        self.answering.place_asked.connect(self.place_asked)

    def sizeHint(self) -> QSize:
        return QSize(640, round(_HIGH * fonts.scale()))

    def show_card(self, card: Card) -> None:
        """Show a step."""
        before, self._card, self._over = self._card, card, None
        self.answering.show_card(card)
        self.say()
        bar = self.area.verticalScrollBar()
        if bar is not None and (before is None or before.number != card.number):
            bar.setValue(0)
        elif bar is not None and card.line is not None and before is not None and not before.line:
            self.area.ensureWidgetVisible(self.told)

    def show_over(self, title: Spoken, rows: Sequence[Summed], then: Spoken | None = None) -> None:
        """Show the last card of a lesson: all guesses and results. then: title of the next."""
        self._card, self._over = None, (title, rows, then)
        self.say()

    def leads_to(self) -> QWidget:
        """Where who walks by keys goes on: to the guess, from what came out to the next step; to
        the step itself where the picture or a panel is to be worked with, which has the keys then.
        """
        card = self._card
        if card is None or card.passable:
            return self.on
        first = self.answering.first() if card.kind == "predict" else None
        return first or self.area

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.setStyleSheet(f"#panel {{ background: {theme.panel}; }}")
        inked(self.lead, theme.now_text)
        inked(self.where, theme.muted)
        inked(self.title, theme.text)
        inked(self.note, theme.muted)
        self.answering.set_theme(theme)
        self.recalled.set_theme(theme)
        self.summary.set_theme(theme)
        self._ink()

    def _ink(self) -> None:
        """What agrees, and a change that counts, is not read as what does not."""
        other = self._card is not None and self._card.line is not None and not self._card.line.equal
        inked(self.line, self.theme.text if other else self.theme.agreed)

    def say(self) -> None:
        card, over = self._card, self._over
        for part in (self.ask, self.answering, self.line, self.told, self.note, self.recalled):
            part.setVisible(card is not None)
        self.summary.setVisible(over is not None)
        self.skip.setVisible(card is not None)
        self.stay.setVisible(card is not None)
        self.setVisible(True)
        if card is not None:
            self._say_card(card)
        elif over is not None:
            self.title.show_text(self._said(over[0]))
            self.where.setText("")
            self.lead.setText(self.words(Text(N_("What you said, and what came out"))).upper())
            self.summary.show_rows(over[1], self.words)
            self._tell_on(over[2])
            self.on.setEnabled(True)
            self.back.setEnabled(True)
            lead(self.on, True)

    def _tell_on(self, then: Spoken | None) -> None:
        """What follows a lesson: another, or the list of them."""
        if then is None:
            tell(self.on, self.words, text=TO_LIST, tip=N_("Which lessons there are"))
            return
        tip = Text(N_("On to “{title}”"), title=own(self._said(then)))
        tell(self.on, self.words, text=NEXT_LESSON, tip=tip)

    def _say_card(self, card: Card) -> None:
        self.title.show_text(self._said(card.title), self._said(card.idea))
        self.where.setText(self.words(Text(N_("step {n} of {of}"), n=card.number, of=card.count)))
        asked = CAME_OUT if card.line is not None else LEADS[card.kind]
        self.lead.setText(self.words(Text(asked)).upper())
        self._show(self.ask, card.ask)
        line = judged(card.line, self.words) if card.line is not None else ""
        if not line and card.met:
            line = self.words(Text(N_("Done.")))
        self._show(self.line, own(line))
        self._ink()
        self._show(self.told, card.tell)
        self._show(self.note, card.note or joined((*card.unmet, card.busy), "lines"))
        self.recalled.show_recalled(card.recalled, self.words)
        self.answering.say_in(self.words)
        self.back.setEnabled(card.number > 1)
        tell(self.on, self.words, text=NEXT, tip=N_("To the next step"))
        self.on.setEnabled(card.passable)
        self.skip.setEnabled(not card.passable)
        lead(self.on, card.passable)

    def _said(self, sayable: Sayable) -> str:
        return say(sayable, self.words)

    def _show(self, label: PlainLabel, sayable: Sayable) -> None:
        text = self._said(sayable) if sayable else ""
        label.setText(text)
        label.setVisible(bool(text))
