"""Beside the facts: what is known of this machine's speed, and the button that measures it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mmviz.state.device.calibration import CalibrateView
from mmviz.state.offers import CANCEL
from mmviz.text import N_, Text
from mmviz.ui.look.offers import Offers
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.progress import ProgressLine
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import muted

STARTING = Text(N_("starting"))
BREAK = "\u200b"  # lets a line end where there is no space
EDGE = 16


class CalibratePanel(Told, QWidget):
    """Announces that the button was pressed: to begin, or while one is running to cancel."""

    pressed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self._view = CalibrateView()
        self._doing: Text | str = STARTING
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, 6, EDGE, 0)
        column.setSpacing(6)
        self.said = tell(muted(wrap=True), name=N_("Calibration of this machine"))
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        self.button.clicked.connect(self.pressed)
        self.bar = ProgressLine(N_("Progress of the calibration"))
        self.bar.hide()
        self.others = Offers()
        for part in (self.said, self.bar, self.button, self.others):
            column.addWidget(part)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.bar.set_theme(theme)

    def show_view(self, view: CalibrateView) -> None:
        """Follow the session; a calibration that runs stays in sight."""
        self._view = view
        self.say()

    def begin(self) -> None:
        """A calibration is on: the button cancels it."""
        self.running, self._doing = True, STARTING
        self.bar.show_share(0.0)
        self.say()

    def show_progress(self, done: float, doing: Text | str) -> None:
        """How much of its time is gone, 0 … 1, and what is measured now."""
        self.bar.show_share(done)
        self._doing = doing
        self.say()

    def finish(self) -> None:
        """No calibration is on any more."""
        self.running = False
        self.say()

    def say(self) -> None:
        button = CANCEL if self.running else self._view.button
        self.bar.setVisible(self.running)
        self.others.show_offers(self._view.others)
        self.setVisible(button is not None or bool(self._view.others))
        self.button.setVisible(button is not None)
        if button is not None:
            self.button.setText(self.words(button.text))
            self.button.setAccessibleName(self.words(button.tip))
            self.button.setToolTip(as_tip(self.words(button.tip)))
        text = self.words(self._doing if self.running else self._view.text)
        self.said.setText(text.replace("/", f"/{BREAK}"))
        self.said.setVisible(bool(text))
        self.said.setToolTip(as_tip("" if self.running else self.words(self._view.tip)))
        self._make_room()

    def _make_room(self) -> None:
        """All lines of the words, which a layout that scrolls below them would not give.

        While something runs always two, so that nothing jumps when its words change.
        """
        width = self.width() - 2 * EDGE
        least = 2 * self.said.fontMetrics().lineSpacing() if self.running else 0
        self.said.setMinimumHeight(max(least, self.said.heightForWidth(width)))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._make_room()
