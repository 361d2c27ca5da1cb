"""What is dropped on the window, wherever on it."""

from __future__ import annotations

import os

from PyQt6.QtCore import QEvent, QMimeData, QObject, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PyQt6.QtWidgets import QDockWidget, QLineEdit

from mmviz.text import N_, Text
from mmviz.ui.shell.main_window import MainWindow

_LONGEST = 4096  # characters of a path
NO_FILE = Text(N_("only files of this computer can be opened"))


class Dropping(QObject):
    """Announces the paths of files, or the text that was dropped; anything else is said.

    What is dropped is copied, never moved: its file stays where it is.
    """

    files_dropped = pyqtSignal(object)
    text_dropped = pyqtSignal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        for part in (window, *window.findChildren(QDockWidget)):  # which may float
            part.setAcceptDrops(True)
            part.installEventFilter(self)
        for field in window.findChildren(QLineEdit):  # else it would write the path into itself
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if not isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            return False
        data = event.mimeData()
        if data is None or (isinstance(watched, QLineEdit) and not data.hasUrls()):
            return False  # a field takes a text
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._take(data)
        return True

    def _take(self, data: QMimeData) -> None:
        if not data.hasUrls():
            path = _path(data.text())
            if path:
                self.files_dropped.emit([path])
            else:
                self.text_dropped.emit(data.text())
            return
        paths = [path for url in data.urls() if (path := url.toLocalFile())]
        if paths:
            self.files_dropped.emit(paths)
        else:
            self.window.notice.say(NO_FILE)


def _path(text: str) -> str:
    """The file a text names, as terminals and editors drop one; "" where it names none."""
    line = text.strip()
    if line.startswith("file:"):
        return QUrl(line).toLocalFile()
    named = len(line) <= _LONGEST and line.isprintable() and os.path.isabs(line)
    return line if named and os.path.exists(line) else ""
