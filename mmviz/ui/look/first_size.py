"""How large a window is first."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QSize
from PyQt6.QtWidgets import QWidget

# Pixels that edges and a title bar take beside the window's own: the system says how many they are
# only once it is shown.
FRAME = QSize(4, 40)


def first_size(wanted: QSize, room: QSize) -> QSize:
    """What a window is first given of a screen's free room: its frame has to fit, too."""
    return wanted.boundedTo(room - FRAME)


def inside(frame: QRect, window: QRect, room: QRect) -> QRect:
    """Where a window has to be so that its whole frame is in the room: as large as it was if that
    can be, and no further from there than needed.
    """
    around = frame.size() - window.size()
    size = window.size().boundedTo(room.size() - around)
    whole = QRect(frame.topLeft(), size + around)
    whole.moveRight(min(whole.right(), room.right()))
    whole.moveBottom(min(whole.bottom(), room.bottom()))
    whole.moveLeft(max(whole.left(), room.left()))
    whole.moveTop(max(whole.top(), room.top()))
    return QRect(whole.topLeft() + (window.topLeft() - frame.topLeft()), size)


def keep_inside(window: QWidget) -> None:
    """Move a shown window, and make it smaller where needed, so that its frame is on the screen."""
    screen = window.screen()
    if screen is None or window.isMaximized() or window.isFullScreen():
        return
    wanted = inside(window.frameGeometry(), window.geometry(), screen.availableGeometry())
    if wanted != window.geometry():
        window.setGeometry(wanted)
