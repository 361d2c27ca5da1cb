"""What a lesson told, above the race that it opened, and the way back to it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from mmviz.text import N_
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.words.speech import Words


class LessonRow(Told, QWidget):
    """told: what came out there, in the language of the window."""

    def __init__(self, told: Callable[[Words], str]) -> None:
        super().__init__()
        self._told = told
        self.line = PlainLabel()
        self.line.setWordWrap(True)
        self.line.setFont(fonts.words(bold=True))
        tell(self.line, name=N_("What came out in the lesson"))
        self.back = tell(QToolButton(), text=N_("back to the lesson (Esc)"))
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.line, 1)
        row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)

    def say(self) -> None:
        self.line.setText(self._told(self.words))
