"""The recipe of a lesson as somebody sets it: drawings, backend, batch, rate and the rest."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import cast

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.losses import LOSSES, Loss
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.state.learn.choice import AT_FIRST, EPOCHS, MOST_EPOCHS, MOST_SECONDS, SECONDS, Choice
from mmviz.state.learn.teaching import TeachingView
from mmviz.text import N_, Text
from mmviz.ui.learn.field_grid import APART, FieldGrid
from mmviz.ui.learn.fields import AmountBox, ChoiceBox, CountField, SeedBox, finish
from mmviz.ui.look import fonts
from mmviz.ui.look.eliding import both_ends
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.words.training import LOSS_NAMES

PACES = (None, 64.0, 16.0, 4.0, 1.0)  # steps a second
MADE = N_("made by mmviz")
MNIST = N_("MNIST's files …")
_WIDE = 3  # fields of a row each, before the numbers
_LEAST = Recipe()
FOLD, UNFOLD = N_("▾ Recipe"), N_("▸ Recipe")
EPOCHS_SAID, SECONDS_SAID = "epochs", "seconds"
_OTHER = object()  # in place of a folder: another one is to be chosen


class RecipeFields(Told, QWidget):
    """folder_asked: somebody wants to say where MNIST's files are. pace_chosen: steps a second,
    None for full speed, which can be changed while a lesson goes on. changed: anything is
    chosen otherwise.
    """

    folder_asked = pyqtSignal()
    pace_chosen = pyqtSignal(object)
    changed = pyqtSignal()
    refused = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TeachingView()
        self._folder = ""
        self._backend = AT_FIRST.backend  # that is wished for
        self._loss: Loss = _LEAST.loss  # so, too: some last layers allow one alone
        self.data = ChoiceBox(N_("Drawings"), N_("What the network learns from"))
        self.backend = ChoiceBox(N_("Backend that teaches"), N_("Who computes the steps"))
        self.loss = ChoiceBox(N_("Loss"), N_("How far off an answer is"))
        self.pace = ChoiceBox(N_("Speed"), N_("Steps a second: in slow motion one sees it learn"))
        self.lasts = CountField(N_("How long it lasts"), N_("How long it lasts"), MOST_EPOCHS)
        self.lasts.setValue(EPOCHS)
        self.until = ChoiceBox(
            N_("What it lasts for"),
            N_(
                "Epochs: times every drawing is shown. Seconds: those of the steps themselves, "
                "without the rests of slow motion"
            ),
        )
        self.batch = CountField(N_("Drawings a step"), N_("Drawings a step"), MAX_COUNT)
        self.batch.setValue(_LEAST.batch)
        self.seed = SeedBox(N_("Seed"), N_("Of drawings, first weights and order"))
        self.seed.setValue(_LEAST.seed)
        self.rate = AmountBox(
            N_("Learning rate"), N_("How far weights move in a step"), _LEAST.rate, 1_000.0
        )
        self.momentum = AmountBox(
            N_("Momentum"), N_("Share of the last move that is kept"), _LEAST.momentum, 1.0
        )
        self.decay = AmountBox(
            N_("Decay"), N_("How much weights shrink by themselves"), _LEAST.decay, 1_000.0
        )
        # How wide it must be depends on how its fields stand, and that on how wide it is: what it
        # stands in is asked for no width, else both go on and on until Qt's stack is full.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.fields = FieldGrid(
            (
                (N_("drawings"), self.data),
                (N_("loss"), self.loss),
                (N_("backend"), self.backend),
                (N_("lasts"), self.lasts),
                (N_("batch"), self.batch),
                (N_("rate"), self.rate),
                (N_("momentum"), self.momentum),
                (N_("decay"), self.decay),
                (N_("seed"), self.seed),
            ),
            wide=_WIDE,
            beside={self.lasts: self.until},
        )
        self.fold = tell(
            QPushButton(),
            text=FOLD,
            name=N_("Recipe"),
            tip=N_("Show the recipe, or leave its room to figures and chart"),
        )
        self.fold.setFont(fonts.words(fonts.SMALL))
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self._fold)
        speed = muted(N_("steps/s"))
        speed.setBuddy(self.pace)
        self.pace.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        first = QHBoxLayout()
        first.setSpacing(APART)
        first.addWidget(self.fold, 1)
        first.addWidget(speed)
        first.addWidget(self.pace, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(first)
        rows.addWidget(self.fields)
        self.numbers = (
            self.lasts, self.batch, self.rate, self.momentum, self.decay, self.seed
        )  # fmt: skip
        for box in self.numbers:
            box.refused.connect(self.refused)
            box.valueChanged.connect(lambda _: self.changed.emit())
        self.say()
        self.until.activated.connect(lambda _: self._until())
        for wish in (self.backend, self.loss):
            wish.activated.connect(lambda _: self._wish())
        for choice in (self.data, self.loss, self.backend, self.until, self.pace):
            choice.activated.connect(lambda _: self.changed.emit())
        self.pace.choose(AT_FIRST.pace)
        self.data.activated.connect(lambda _: self._chosen())
        self.pace.activated.connect(lambda _: self.pace_chosen.emit(self.pace.currentData()))
        self.show_view(self._view)

    def choice(self) -> Choice:
        """All as it stands; raises InputError for what is typed and is no number."""
        finish(self.numbers)
        wished = self.wished()
        recipe = replace(wished.recipe, loss=cast(Loss, self.loss.currentData()))
        return replace(wished, recipe=recipe, backend=self._teacher())

    def wished(self) -> Choice:
        """The same without what is being typed, on a backend that may not be here, by a loss that
        the last layer may not allow.
        """
        epochs = self.until.currentData() == EPOCHS_SAID
        lasts = self.lasts.value()
        return Choice(
            recipe=Recipe(
                loss=self._loss,
                batch=self.batch.value(),
                rate=self.rate.value(),
                momentum=self.momentum.value(),
                decay=self.decay.value(),
                seed=self.seed.value(),
            ),
            folder=self._folder,
            backend=self._backend,
            epochs=lasts if epochs else None,
            seconds=None if epochs else float(lasts),
            pace=self.pace.currentData(),
        )

    def show_choice(self, choice: Choice) -> None:
        """How it was last wanted; the last layer that is shown may allow one loss alone."""
        recipe, natural = choice.recipe, self._view.loss
        self.show_folder(choice.folder)
        self._loss = recipe.loss
        self.loss.choose(natural if natural == "squared error" else recipe.loss)
        self._backend = choice.backend
        self.backend.choose(choice.backend)
        self.pace.choose(choice.pace)
        self.until.choose(SECONDS_SAID if choice.epochs is None else EPOCHS_SAID)
        self._until()
        self.lasts.setValue(round(choice.seconds or 1) if choice.epochs is None else choice.epochs)
        for box, value in (
            (self.rate, recipe.rate),
            (self.momentum, recipe.momentum),
            (self.decay, recipe.decay),
        ):
            box.setValue(value)
        self.batch.setValue(recipe.batch)
        self.seed.setValue(recipe.seed)

    def unfold(self, *, on: bool) -> None:
        """Show all of it, or only how fast it goes."""
        self.fold.setChecked(on)

    def show_view(self, view: TeachingView) -> None:
        """Offer who teaches here; the loss is the one of the last layer, where that is another."""
        before, self._view = self._view, view
        self.backend.show_choices((id, self.words(name)) for id, name in view.backends)
        self.backend.choose(self._backend)
        if view.loss != before.loss:
            self.loss.choose(view.loss)
            if view.loss != "squared error":
                self._loss = view.loss
        self.fields.setEnabled(not view.teaching)

    def show_folder(self, folder: str) -> None:
        """Where MNIST's files are, "" for drawings mmviz makes."""
        self._folder = folder
        self._list_data()
        self.changed.emit()

    def say(self) -> None:
        self._list_data()
        self.loss.show_choices((loss, self.words(Text(LOSS_NAMES[loss]))) for loss in LOSSES)
        self.until.show_choices(
            (
                (EPOCHS_SAID, self.words(Text(N_("epochs")))),
                (SECONDS_SAID, self.words(Text(N_("seconds of steps")))),
            )
        )
        tell(self.fold, self.words, text=FOLD if self.fold.isChecked() else UNFOLD)
        full = self.words(Text(N_("full")))
        self.pace.show_choices(
            (pace, full if pace is None else self.words(Text("{n:d}", n=round(pace))))
            for pace in PACES
        )
        self.backend.show_choices((id, self.words(name)) for id, name in self._view.backends)

    def _fold(self, on: bool) -> None:
        self.fields.setVisible(on)
        tell(self.fold, self.words, text=FOLD if on else UNFOLD)

    def _until(self) -> None:
        """Another thing is counted; a number that was not chosen for it is the usual one."""
        epochs = self.until.currentData() == EPOCHS_SAID
        most, usual, other = (
            (MOST_EPOCHS, EPOCHS, SECONDS) if epochs else (MOST_SECONDS, SECONDS, EPOCHS)
        )
        self.lasts.bound(most)
        if self.lasts.value() == other:
            self.lasts.setValue(usual)

    def _wish(self) -> None:
        self._backend, self._loss = self._teacher(), self.loss.currentData()

    def _teacher(self) -> str:
        """Who is chosen; who is wished for while nobody who teaches is known."""
        return cast(str, self.backend.currentData() or self._backend)

    def _list_data(self) -> None:
        own = self._folder and [(self._folder, both_ends(os.path.basename(self._folder), 24))]
        entries = [("", self.words(Text(MADE))), *(own or ()), (_OTHER, self.words(Text(MNIST)))]
        self.data.show_choices(entries)
        self.data.choose(self._folder)

    def _chosen(self) -> None:
        if self.data.currentData() is _OTHER:
            self.data.choose(self._folder)
            self.folder_asked.emit()
        else:
            self._folder = self.data.currentData()
