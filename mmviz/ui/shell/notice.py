"""The window's one place for a sentence to the user."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from mmviz.errors import passed_on
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell


class Notice(Told, QFrame):
    """One sentence under the top bar, with a button to send it away; it blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._said = NOTHING
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        tell(self.text, name=N_("Message"))
        row.addWidget(self.text, 1)
        close = QToolButton()
        tell(close, text="✕", name=N_("Dismiss the message"))
        close.clicked.connect(self.hide)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, text: Text | None = None) -> None:
        """Show `text`; NOTHING hides the notice. None: what was said, in the language now."""
        if text is not None:
            self._said = text
            self.setVisible(bool(text))
            if (head := self.parentWidget()) is not None:
                head.raise_()  # above the tabs of docks that Qt leaves behind where none are now
        self.text.setText(self.words(self._said))

    def dismiss(self) -> bool:
        """Send it away; whether there was anything to read."""
        said = self.isVisible()
        self.hide()
        return said

    def say_why(self, error: Exception) -> None:
        """Show what went wrong."""
        self.say(passed_on(error))
