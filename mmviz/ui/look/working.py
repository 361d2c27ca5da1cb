"""The word that says that something is worked out beside the window, and how to do without it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QToolButton, QVBoxLayout, QWidget

from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.progress import ProgressLine
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme

SOON_MS = 150  # what is done sooner is not worth a word
BELOW = 8
WORKING = Text(N_("working …"))


class Working(Told, QFrame):
    """Lies over its window, in the middle below the bar at the top, and takes no room; `cancelled`
    by its button. below: what it lies below in a window that has no such bar.
    """

    cancelled = pyqtSignal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("working")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self.below: QWidget | None = None
        self._text = PlainLabel()
        self._text.setFont(fonts.words())
        self._line = ProgressLine(N_("How much is done"))
        self.cancel = tell(QToolButton(), text=N_("Cancel"), tip=N_("Leave everything as it is"))
        self.cancel.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it comes and goes by itself
        self.cancel.clicked.connect(lambda _: self.cancelled.emit())
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 4, 6, 4)
        rows.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self.cancel)
        rows.addLayout(row)
        rows.addWidget(self._line)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._come)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_work(self, on: bool, text: Text = WORKING) -> None:
        """Say `text` soon, or nothing any more."""
        if not on:
            self._soon.stop()
            self._window.removeEventFilter(self)
            self.hide()
            return
        tell(self._text, self.words, text=text)
        self._line.hide()
        if self.isVisible():
            self._place()
        else:
            self._soon.start()

    def show_done(self, done: int, whole: int) -> None:
        """How far it is."""
        self._line.setVisible(whole > 0)
        self._line.show_share(done / max(whole, 1))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self._line.set_theme(theme)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and self.isVisible() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _come(self) -> None:
        self._place()
        self._window.installEventFilter(self)
        self.show()
        self.raise_()

    @property
    def top(self) -> int:
        """Where in the window it begins, below what is at the top."""
        bar = self._window.menuWidget() or self.below
        return BELOW + (
            0 if bar is None else bar.mapTo(self._window, bar.rect().bottomLeft()).y() + 1
        )

    def _place(self) -> None:
        self.adjustSize()
        self.move(max(0, (self._window.width() - self.width()) // 2), self.top)
