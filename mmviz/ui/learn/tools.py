"""What is over a drawing: clear it, take another, move it, what neurons show, which of them."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted

_ARROWS = (
    ("←", N_("Move the digit to the left"), (-1, 0)),
    ("→", N_("Move the digit to the right"), (1, 0)),
    ("↑", N_("Move the digit up"), (0, -1)),
    ("↓", N_("Move the digit down"), (0, 1)),
)


class Tools(Told, QWidget):
    """times_chosen: pixel × weight in the place of weights. paged: one page on, or back."""

    cleared = pyqtSignal()
    another = pyqtSignal()
    put_back = pyqtSignal()
    moved = pyqtSignal(int, int)
    times_chosen = pyqtSignal(bool)
    paged = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = 0, 1
        self.clear = _button(N_("Clear"), N_("Take all ink away"))
        self.clear.clicked.connect(self.cleared)
        self.sample = _button(
            N_("Another sample"), N_("A drawing that the network never learns from")
        )
        self.sample.clicked.connect(self.another)
        self.weights = _button(N_("Weights"), N_("The weights of each neuron as a picture"))
        self.times = _button(
            N_("Pixel × weight"),
            N_("What each pixel of the drawing adds to a sum, or takes from it"),
        )
        self._shown = QButtonGroup(self)
        for button in (self.weights, self.times):
            button.setCheckable(True)
            self._shown.addButton(button)
        self.weights.setChecked(True)
        self.times.toggled.connect(self.times_chosen)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for button in (self.clear, self.sample):
            line.addWidget(button)
        line.addSpacing(8)
        self.arrows: list[QPushButton] = []
        for sign, said, (right, down) in _ARROWS:
            arrow = tell(QPushButton(sign), name=said, tip=said)
            arrow.setAutoDefault(False)
            arrow.setFont(fonts.words(fonts.SMALL))
            arrow.setFixedWidth(round(30 * fonts.scale()))
            arrow.clicked.connect(lambda _, x=right, y=down: self.moved.emit(x, y))
            self.arrows.append(arrow)
            line.addWidget(arrow)
        self.back = _button(N_("Put back"), N_("As it was before it was moved and pixels changed"))
        self.back.clicked.connect(self.put_back)
        line.addWidget(self.back)
        line.addSpacing(8)
        for button in (self.weights, self.times):
            line.addWidget(button)
        line.addStretch(1)
        self.of = muted()
        line.addWidget(self.of)
        self.before = _page_button("‹", N_("The ten neurons before these"))
        self.next = _page_button("›", N_("The next ten neurons"))
        self.before.clicked.connect(lambda: self.paged.emit(-1))
        self.next.clicked.connect(lambda: self.paged.emit(1))
        for button in (self.before, self.next):
            line.addWidget(button)

    def show_page(self, page: int, pages: int) -> None:
        """Which ten neurons are seen; nothing to turn where there are no more."""
        self._page = page, pages
        for part in (self.of, self.before, self.next):
            part.setVisible(pages > 1)
        self.before.setEnabled(page > 0)
        self.next.setEnabled(page < pages - 1)
        self.say()

    def show_changes(self, *, drawn: bool, changed: bool) -> None:
        """Only what there is can be taken away."""
        self.clear.setEnabled(drawn)
        self.back.setEnabled(changed)
        for arrow in self.arrows:
            arrow.setEnabled(drawn)

    def say(self) -> None:
        page, pages = self._page
        said = Text(N_("{page:group} of {pages:group}"), page=page + 1, pages=pages)
        self.of.setText(self.words(said))


def _button(text: str, tip: str) -> QPushButton:
    button = tell(QPushButton(), text=text, tip=tip)
    button.setAutoDefault(False)
    button.setFont(fonts.words(fonts.SMALL))
    return button


def _page_button(sign: str, said: str) -> QPushButton:
    button = tell(QPushButton(sign), name=said, tip=said)
    button.setAutoDefault(False)
    button.setFixedWidth(round(28 * fonts.scale()))
    return button
