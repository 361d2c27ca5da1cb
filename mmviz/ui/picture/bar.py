"""The small bar at the picture's corner: modelled or recorded, colour, orientation, zoom."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from mmviz.core.provenance import Kind
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.words.provenance import KINDS

RAN = N_("The schedule that really ran, as it was recorded")


class PictureBar(QWidget, Told):
    """Announces how the user wants to see the picture."""

    colour_chosen = pyqtSignal(str)
    turn_chosen = pyqtSignal(bool)
    schedule_chosen = pyqtSignal(str)
    zoom_asked = pyqtSignal(int)  # +1 closer, -1 farther, 0 the whole

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)  # what is painted below it shows through nowhere
        self._note = self._unchanged = self._ran = NOTHING
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.schedules = {
            "modelled": self._schedule(
                "modelled", N_("The schedule as the model of the device has it")
            ),
            "recorded": self._schedule("recorded", RAN),
        }
        for button in self.schedules.values():
            row.addWidget(button)
        self._gap = QWidget()
        self._gap.setFixedWidth(10)
        row.addWidget(self._gap)
        row.addWidget(muted(N_("colour by")))
        self.colour = tell(QComboBox(), name=N_("Colour finished tiles by"))
        for colour in COLOURINGS:
            self.colour.addItem("", colour)
        self.colour.activated.connect(lambda i: self.colour_chosen.emit(self.colour.itemData(i)))
        row.addWidget(self.colour)
        self.turn = tell(
            QToolButton(),
            text=N_("W·X"),
            name=N_("Draw W·X, weights left"),
            tip=N_("Draw the same product as W·X, weights left: a second neuron is a second row"),
        )
        self.turn.setCheckable(True)
        self.turn.clicked.connect(self.turn_chosen)
        row.addWidget(self.turn)
        for text, name, step in (
            (Text("−"), N_("Farther (-)"), -1),
            (Text("+"), N_("Closer (+)"), 1),
            (Text(N_("all")), N_("The whole matrix (0)"), 0),
        ):
            button = tell(QToolButton(), text=text, tip=name, name=name)
            button.clicked.connect(lambda _, step=step: self.zoom_asked.emit(step))
            row.addWidget(button)
        self.say()

    def _schedule(self, kind: Kind, tip: str) -> QToolButton:
        button = tell(QToolButton(), text=KINDS[kind], name=KINDS[kind], tip=tip)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.schedule_chosen.emit(kind))
        return button

    def show_view(self, view: PictureView) -> None:
        """Follow the picture; announces nothing."""
        for kind, button in self.schedules.items():
            button.setVisible(bool(view.switch))
            button.setChecked(view.switch == kind)
        self._gap.setVisible(bool(view.switch))
        self._ran = view.ran
        self._say_ran()
        with QSignalBlocker(self.colour):
            self.colour.setCurrentIndex(self.colour.findData(view.colour_by))
        self.colour.setEnabled(not view.small)  # cells wear the colour of their lane
        self.turn.setChecked(view.turned)
        self._note, self._unchanged = view.colour_note, view.unchanged
        self._offer_change()
        self.colour.setToolTip(as_tip(self.words(self._note)))

    def say(self) -> None:
        for i, colouring in enumerate(COLOURINGS.values()):
            self.colour.setItemText(i, self.words(colouring.name))
        self.colour.setToolTip(as_tip(self.words(self._note)))
        self._offer_change()
        self._say_ran()

    def _say_ran(self) -> None:
        """The recorded schedule tells of which machine it is."""
        tip = joined((Text(RAN), self._ran), "lines")
        self.schedules["recorded"].setToolTip(as_tip(self.words(tip)))

    def _offer_change(self) -> None:
        """The change of W can be chosen where there is one; else its entry says why not."""
        model = self.colour.model()
        if not isinstance(model, QStandardItemModel):
            return
        item = model.item(self.colour.findData("change"))
        if item is not None:
            item.setEnabled(not self._unchanged)
            item.setToolTip(as_tip(self.words(self._unchanged)))
