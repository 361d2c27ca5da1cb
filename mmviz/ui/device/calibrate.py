"""Beside the facts: what is known of this machine's speed, and the button that measures it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from mmviz.state.derived import Derived
from mmviz.state.device.calibration import AGAIN, FIRST, CalibrationNote, calibration_note
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import muted

CANCEL = "Cancel"
NAMES = {
    CANCEL: "Cancel the calibration",
    FIRST: "Calibrate this machine, at most 10 seconds",
    AGAIN: "Calibrate this machine again, at most 10 seconds",
}
EDGE = 16
_STEPS = 1_000  # of the progress bar


class CalibratePanel(QWidget):
    """Announces that the button was pressed: to begin, or while one is running to cancel."""

    pressed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self._note = CalibrationNote()
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, 6, EDGE, 0)
        column.setSpacing(6)
        self.words = muted(wrap=True)
        self.words.setAccessibleName("Calibration of this machine")
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to others
        self.button.clicked.connect(self.pressed)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(2)
        self.bar.setAccessibleName("Progress of the calibration")
        self.bar.hide()
        for part in (self.words, self.bar, self.button):
            column.addWidget(part)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {theme.line}; border: none; }}"
            f"QProgressBar::chunk {{ background: {theme.now}; }}"
        )

    def show_derived(self, derived: Derived) -> None:
        """Follow the session; a calibration that runs stays in sight."""
        self._note = calibration_note(derived.device, derived.session.dtype)
        self._show()

    def begin(self) -> None:
        """A calibration is on: the button cancels it."""
        self.running = True
        self.bar.setValue(0)
        self._show()
        self._say("starting")

    def show_progress(self, done: float, doing: str) -> None:
        """How much of its time is gone, 0 … 1, and what is measured now."""
        self.bar.setValue(round(_STEPS * done))
        self._say(doing)

    def finish(self) -> None:
        """No calibration is on any more."""
        self.running = False
        self._show()

    def _show(self) -> None:
        self.bar.setVisible(self.running)
        text = CANCEL if self.running else self._note.button
        self.button.setText(text)
        self.button.setAccessibleName(NAMES.get(text, text))
        self.button.setToolTip(NAMES.get(text, text))
        self.setVisible(self.running or bool(self._note.button))
        if not self.running:
            self._say(self._note.text)
            self.words.setToolTip(self._note.tip)

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self._make_room()

    def _make_room(self) -> None:
        """All lines of the words, which a layout that scrolls below them would not give.

        While something runs always two, so that nothing jumps when its words change.
        """
        width = self.width() - 2 * EDGE
        least = 2 * self.words.fontMetrics().lineSpacing() if self.running else 0
        self.words.setMinimumHeight(max(least, self.words.heightForWidth(width)))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._make_room()
