"""Beside the facts: what is known of this machine's speed, and the button that measures it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from mmviz.state.calibration import CalibrationNote, calibration_note
from mmviz.state.resolve import Snapshot
from mmviz.ui.look.widgets import muted

CANCEL = "Cancel the calibration"
_STEPS = 1_000  # of the progress bar


class CalibratePanel(QWidget):
    """Announces that the button was pressed: to begin, or while one is running to cancel."""

    pressed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self._note = CalibrationNote()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 6, 16, 0)
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

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the session; a calibration that runs stays in sight."""
        self._note = calibration_note(snapshot.device, snapshot.session.dtype)
        self._show()

    def begin(self) -> None:
        """A calibration is on: the button cancels it."""
        self.running = True
        self.bar.setValue(0)
        self._show()
        self.words.setText("starting")

    def show_progress(self, done: float, doing: str) -> None:
        """How much of its time is gone, 0 … 1, and what is measured now."""
        self.bar.setValue(round(_STEPS * done))
        self.words.setText(doing)

    def finish(self) -> None:
        """No calibration is on any more."""
        self.running = False
        self._show()

    def _show(self) -> None:
        self.bar.setVisible(self.running)
        text = CANCEL if self.running else self._note.button
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.setVisible(self.running or bool(self._note.button))
        if not self.running:
            self.words.setText(self._note.text)
            self.words.setToolTip(self._note.tip)
