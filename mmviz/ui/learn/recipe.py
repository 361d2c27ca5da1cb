"""The recipe of a lesson as somebody sets it: drawings, backend, batch, rate and the rest."""

from __future__ import annotations

import os
from typing import cast

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.losses import LOSSES, Loss
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.state.learn.choice import EPOCHS, MOST_EPOCHS, Choice
from mmviz.state.learn.teaching import LOSS_NAMES, TeachingView
from mmviz.text import N_, Text
from mmviz.ui.learn.fields import ChoiceBox, CountField, FigureBox, SeedBox, finish
from mmviz.ui.look.eliding import both_ends
from mmviz.ui.look.tell import Told
from mmviz.ui.look.widgets import muted

PACES = (None, 64.0, 16.0, 4.0, 1.0)  # steps a second
USUAL = 64.0  # so that one sees it learn
MADE = N_("made by mmviz")
MNIST = N_("MNIST's files …")
_WIDE = 4  # fields of a row each, before the numbers
_APART = 8
_FITTED = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest)
_LEAST = Recipe()
_OTHER = object()  # in place of a folder: another one is to be chosen


class RecipeFields(Told, QWidget):
    """folder_asked: somebody wants to say where MNIST's files are. pace_chosen: steps a second,
    None for full speed, which can be changed while a lesson goes on.
    """

    folder_asked = pyqtSignal()
    pace_chosen = pyqtSignal(object)
    refused = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TeachingView()
        self._folder = ""
        self.data = ChoiceBox(N_("Drawings"), N_("What the network learns from"))
        self.backend = ChoiceBox(N_("Backend that teaches"), N_("Who computes the steps"))
        self.loss = ChoiceBox(N_("Loss"), N_("How far off an answer is"))
        self.pace = ChoiceBox(N_("Speed"), N_("Steps a second: in slow motion one sees it learn"))
        self.epochs = CountField(N_("Epochs"), N_("Times every drawing is shown"), MOST_EPOCHS)
        self.epochs.setValue(EPOCHS)
        self.batch = CountField(N_("Drawings a step"), N_("Drawings a step"), MAX_COUNT)
        self.batch.setValue(_LEAST.batch)
        self.seed = SeedBox(N_("Seed"), N_("Of drawings, first weights and order"))
        self.seed.setValue(_LEAST.seed)
        self.rate = FigureBox(
            N_("Learning rate"), N_("How far weights move in a step"), _LEAST.rate, 1_000.0
        )
        self.momentum = FigureBox(
            N_("Momentum"), N_("Share of the last move that is kept"), _LEAST.momentum, 1.0
        )
        self.decay = FigureBox(
            N_("Decay"), N_("How much weights shrink by themselves"), _LEAST.decay, 1_000.0
        )
        # How wide it must be depends on how its fields stand, and that on how wide it is: what it
        # stands in is asked for no width, else both go on and on until Qt's stack is full.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fields: tuple[tuple[QLabel, QWidget], ...] = tuple(
            (muted(name), field)
            for name, field in (
                (N_("drawings"), self.data),
                (N_("loss"), self.loss),
                (N_("backend"), self.backend),
                (N_("steps/s"), self.pace),
                (N_("epochs"), self.epochs),
                (N_("batch"), self.batch),
                (N_("rate"), self.rate),
                (N_("momentum"), self.momentum),
                (N_("decay"), self.decay),
                (N_("seed"), self.seed),
            )
        )
        for label, field in self._fields:
            label.setBuddy(field)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_APART)
        self._grid.setVerticalSpacing(4)
        self._paired: bool | None = None
        self._place(paired=True)
        self.numbers = (
            self.epochs, self.batch, self.rate, self.momentum, self.decay, self.seed
        )  # fmt: skip
        for box in self.numbers:
            box.refused.connect(self.refused)
        self.say()
        self.pace.choose(USUAL)
        self.data.activated.connect(lambda _: self._chosen())
        self.pace.activated.connect(lambda _: self.pace_chosen.emit(self.pace.currentData()))
        self.show_view(self._view)

    def choice(self) -> Choice:
        """All as it stands; raises InputError for what is typed and is no number."""
        finish(self.numbers)
        return Choice(
            recipe=Recipe(
                loss=cast(Loss, self.loss.currentData()),
                batch=self.batch.value(),
                rate=self.rate.value(),
                momentum=self.momentum.value(),
                decay=self.decay.value(),
                seed=self.seed.value(),
            ),
            folder=self._folder,
            backend=self.backend.currentData(),
            epochs=self.epochs.value(),
            pace=self.pace.currentData(),
        )

    def show_view(self, view: TeachingView) -> None:
        """Offer who teaches here; the loss is the one of the last layer, where that is another."""
        before, self._view = self._view, view
        self.backend.show_choices((id, self.words(name)) for id, name in view.backends)
        if view.loss != before.loss:
            self.loss.choose(view.loss)
        for label, field in self._fields:
            for part in (label, field):
                part.setEnabled(not view.teaching or field is self.pace)

    def show_folder(self, folder: str) -> None:
        """Where MNIST's files are, "" for drawings mmviz makes."""
        self._folder = folder
        self._list_data()

    def say(self) -> None:
        self._list_data()
        self.loss.show_choices((loss, self.words(Text(LOSS_NAMES[loss]))) for loss in LOSSES)
        full = self.words(Text(N_("full")))
        self.pace.show_choices(
            (pace, full if pace is None else self.words(Text("{n:d}", n=round(pace))))
            for pace in PACES
        )
        self.backend.show_choices((id, self.words(name)) for id, name in self._view.backends)

    def event(self, event: QEvent | None) -> bool:
        done = super().event(event)
        if event is not None and event.type() in _FITTED:
            self._fit()
        return done

    def _fit(self) -> None:
        pairs = self._fields[_WIDE:]
        first = max(label.sizeHint().width() for label, _ in self._fields)
        name = max(label.sizeHint().width() for label, _ in pairs)
        number = max(field.minimumWidth() for _, field in pairs)
        self._place(paired=first + name + 2 * number + 3 * _APART <= self.width())

    def _place(self, *, paired: bool) -> None:
        """Two numbers a row where there is room, else one."""
        if paired == self._paired:
            return
        self._paired = paired
        for label, field in self._fields:
            self._grid.removeWidget(label)
            self._grid.removeWidget(field)
        row = column = 0
        for at, (label, field) in enumerate(self._fields):
            two = paired and at >= _WIDE
            self._grid.addWidget(label, row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1, 1, 1 if two else 3)
            column = 1 - column if two else 0
            row += not column
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, int(paired))

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
