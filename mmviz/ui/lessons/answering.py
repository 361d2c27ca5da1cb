"""How a step is answered: options, a number, a click elsewhere, a sentence of the learner's own."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mmviz.state.lessons.card import Card
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.flowing import Flowing
from mmviz.ui.look.plain import PlainLabel, as_label
from mmviz.ui.look.tell import tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.look.widgets import inked, quiet
from mmviz.ui.look.wrapped import Wrapped
from mmviz.words.lesson_card import FREE, TO_CLICK
from mmviz.words.lessons import DO_NOT_KNOW, say
from mmviz.words.speech import ENGLISH, Words

CHOSEN, RIGHT = "● ", "✓ "
_OPTIONS = 6  # buttons at hand
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
NOTE = 400  # characters of a sentence


class Answering(QWidget):
    """guessed: an option's index, or a set of items; typed: into the field of a number."""

    guessed = pyqtSignal(object)
    typed = pyqtSignal(str)
    unsure = pyqtSignal()
    noted = pyqtSignal(str)
    again_asked = pyqtSignal()
    place_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.words: Words = ENGLISH
        self._card: Card | None = None
        self.options: list[QPushButton] = []
        self._flow = QWidget()
        self._across = Flowing(self._flow)
        self._spare = [self._option(place) for place in range(_OPTIONS)]
        self.field, self.unit = QLineEdit(), PlainLabel()
        self.field.setMaximumWidth(140)
        tell(self.field, name=N_("Your guess, a number"))
        self.field.installEventFilter(self)
        self.say_it = quiet(N_("That is my guess"), N_("What came out is shown beside it"))
        self.say_it.clicked.connect(lambda _: self._type())
        self.dunno = quiet(DO_NOT_KNOW, N_("A guess as well: what comes out is shown"))
        self.dunno.clicked.connect(lambda _: self.unsure.emit())
        self.hint_button = quiet(N_("hint"), N_("A word that helps"))
        self.hint_button.setCheckable(True)
        self.hint_button.toggled.connect(lambda _: self.say_in(self.words))
        self.again = quiet(N_("measure again"), N_("Time the same once more, when less runs"))
        self.again.clicked.connect(lambda _: self.again_asked.emit())
        self.place = quiet(N_("show where"), N_("Brings up the panel that is to be clicked on"))
        self.place.clicked.connect(lambda _: self.place_asked.emit())
        self.behind = False  # that panel is a tab behind this one
        self.to_do, self.hint, self.best = (Wrapped(fonts.SMALL) for _ in range(3))
        self.sentence = QLineEdit()
        self.sentence.setMaxLength(NOTE)
        tell(
            self.sentence,
            name=N_("A sentence of your own"),
            hint=N_("a sentence of your own; it is kept, and nobody judges it"),
        )
        self.sentence.editingFinished.connect(lambda: self.noted.emit(self.sentence.text()))
        number = QHBoxLayout()
        number.setSpacing(8)
        for part in (self.field, self.unit, self.say_it, self.place, self.dunno):
            number.addWidget(part)
        for part in (self.hint_button, self.again):
            number.addWidget(part)
        number.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._flow)
        column.addLayout(number)
        for part in (self.to_do, self.hint, self.sentence, self.best):
            column.addWidget(part)  # what comes once a change counts stands below where one writes
        column.addStretch(1)

    def show_card(self, card: Card) -> None:
        """Ask as this card does."""
        before, self._card = self._card, card
        if before is None or before.number != card.number or before.title != card.title:
            self.field.clear()
            self.hint_button.setChecked(False)
            self.sentence.setText(card.own_note)
        self._make_options(card)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Enter in the field is a guess, and not handed on: the window would take the focus from
        who typed no number.
        """
        enter = isinstance(event, QKeyEvent) and event.key() in _ENTER
        if watched is not self.field or not enter or not self.field.text().strip():
            return False
        if event is not None and event.type() == QEvent.Type.KeyPress:
            self._type()
            return True
        return False

    def correct(self) -> None:
        """What was typed is no number: it is typed over."""
        self.field.setFocus()
        self.field.selectAll()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        for label in (self.to_do, self.hint, self.best, self.unit):
            inked(label, theme.muted)

    def say_in(self, words: Words) -> None:
        """Say all of it in a language."""
        self.words = words
        card = self._card
        if card is None:
            return
        asked = card.form is not None and card.line is None and not card.passable
        texts = self._option_texts(card)
        for button, text in zip(self.options, texts, strict=True):
            button.setText(as_label(text))
            button.setVisible(card.form == "choice" or bool(asked))
            button.setEnabled(asked and not card.measuring)
        self._flow.setVisible(bool(self.options))
        by_number = asked and card.form == "number"
        for part in (self.field, self.say_it):
            part.setVisible(by_number)
            part.setEnabled(not card.measuring)
        self.unit.setText(card.unit)
        self.unit.setVisible(by_number and bool(card.unit))
        self.place.setVisible(asked and card.form == "click" and self.behind)
        self.dunno.setVisible(asked)
        self.dunno.setEnabled(not card.measuring)
        self.hint_button.setVisible(bool(card.hint))
        self.again.setVisible(card.again)
        self._set(self.hint, say(card.hint, words) if self.hint_button.isChecked() else "")
        self._set(self.to_do, words(self._to_do(card, asked=asked)))
        best = Text(N_("Your best so far: {best}."), best=card.best) if card.best else NOTHING
        self._set(self.best, words(best))
        self.sentence.setVisible(card.takes_note)

    def _to_do(self, card: Card, *, asked: bool) -> Text:
        if card.measuring:
            return Text(N_("measuring on this computer …"))
        if asked and card.form == "click" and card.on in TO_CLICK:
            return Text(TO_CLICK[card.on])
        if card.free:  # once it counts, too: nothing moves away under who writes a sentence
            words = tuple(Text(FREE[name]) for name in card.free if name in FREE)
            return Text(N_("You may change: {what:items}."), what=words)
        return NOTHING

    def _make_options(self, card: Card) -> None:
        """As many buttons as there are options."""
        wanted = self._choices(card)
        while len(self.options) > len(wanted):
            button = self.options.pop()
            self._across.removeWidget(button)
            button.hide()
        while len(self.options) < len(wanted):
            place = len(self.options)
            if place == len(self._spare):
                self._spare.append(self._option(place))
            self.options.append(self._spare[place])
            self._across.addWidget(self._spare[place])

    def _option(self, place: int) -> QPushButton:
        """A button for the option at that place. Those that are there from the first come before
        the other controls as Tab walks.
        """
        button = QPushButton(self._flow)
        button.hide()
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _: self._choose(place))
        return button

    def first(self) -> QWidget | None:
        """What a guess begins with, None where nothing is asked."""
        controls = (*self.options, self.field, self.place, self.dunno)
        open_ones = (one for one in controls if one.isVisibleTo(self) and one.isEnabled())
        return next(open_ones, None)

    def _choices(self, card: Card) -> list[Callable[[], None]]:
        if card.form == "choice":
            return [functools.partial(self.guessed.emit, one.index) for one in card.options]
        return []

    def _choose(self, place: int) -> None:
        if self._card is not None:
            self._choices(self._card)[place]()

    def _option_texts(self, card: Card) -> list[str]:
        return [
            (RIGHT if one.right else CHOSEN if one.chosen else "") + say(one.said, self.words)
            for one in card.options
        ]

    def _type(self) -> None:
        if self.field.text().strip():
            self.typed.emit(self.field.text())

    def _set(self, label: PlainLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))
