"""The small bar at the picture's corner: colour, orientation, zoom."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from mmviz.state.derived import Derived
from mmviz.state.session import COLOURS
from mmviz.ui.look.widgets import muted

TEXTS = {"state": "state", "wave": "wave", "unit": "unit", "start": "start time", "value": "value"}


class PictureBar(QWidget):
    """Announces how the user wants to see the picture."""

    colour_chosen = pyqtSignal(str)
    turn_chosen = pyqtSignal(bool)
    zoom_asked = pyqtSignal(int)  # +1 closer, -1 farther, 0 the whole

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(muted("colour by"))
        self.colour = QComboBox()
        self.colour.setAccessibleName("Colour finished tiles by")
        for colour in COLOURS:
            self.colour.addItem(TEXTS[colour], colour)
        self.colour.activated.connect(lambda i: self.colour_chosen.emit(self.colour.itemData(i)))
        row.addWidget(self.colour)
        self.turn = QToolButton()
        self.turn.setCheckable(True)
        self.turn.setText("W·X")
        self.turn.setAccessibleName("Draw W·X, weights left")
        self.turn.setToolTip(
            "Draw the same product as W·X, weights left: a second neuron is a second row"
        )
        self.turn.clicked.connect(self.turn_chosen)
        row.addWidget(self.turn)
        for text, name, step in (
            ("−", "Farther (-)", -1),
            ("+", "Closer (+)", 1),
            ("all", "The whole matrix (0)", 0),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _, step=step: self.zoom_asked.emit(step))
            row.addWidget(button)

    def show_derived(self, derived: Derived) -> None:
        """Follow the session; announces nothing."""
        with QSignalBlocker(self.colour):
            self.colour.setCurrentIndex(COLOURS.index(derived.session.colour_by))
        self.colour.setToolTip(derived.colour_note)
        self.colour.setEnabled(not derived.small)  # cells wear the colour of their lane
        self.turn.setChecked(derived.session.turned)
