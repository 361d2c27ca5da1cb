"""Where the window stood and how large it was, with its panels: kept as texts, and taken back."""

from __future__ import annotations

import base64
import hashlib

from PyQt6.QtCore import QByteArray, QRect

from mmviz.state.settings import Settings
from mmviz.ui.look.first_size import first_size, keep_inside
from mmviz.ui.shell.main_window import MainWindow


def show(window: MainWindow, settings: Settings) -> None:
    """Where and as large as it was, with its panels where they were."""
    first = not window.restoreGeometry(QByteArray(unsealed(settings.geometry)))
    if first:
        screen = window.screen()
        room = QRect(0, 0, 1680, 1050) if screen is None else screen.availableGeometry()
        window.resize(first_size(window.sizeHint(), room.size()))
    window.show()
    window.settle()
    layouts = {name: unsealed(text) for name, text in settings.layouts.items()}
    window.docks.restore_all(layouts, settings.workspace)
    window.follow_workspace()
    if first:
        _keep_inside_as_it_is(window)


def _keep_inside_as_it_is(window: MainWindow) -> None:
    """Once its frame is known; a window that was given another size meanwhile keeps that."""
    given = window.size()

    def look() -> None:
        if window.size() == given:
            keep_inside(window)

    window.first_painted.connect(look)


def sealed(data: bytes) -> str:
    """Bytes of Qt's own as text, with a digest: Qt's readers crash on bytes they did not write."""
    return f"{hashlib.sha256(data).hexdigest()[:32]}:{base64.b64encode(data).decode('ascii')}"


def unsealed(text: str) -> bytes:
    """What `sealed` was given; nothing for a text that is none of its own."""
    try:
        data = base64.b64decode(text.partition(":")[2], validate=True)
    except ValueError:
        return b""
    return data if sealed(data) == text else b""
