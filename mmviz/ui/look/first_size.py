"""How large a window is first."""

from __future__ import annotations

from PyQt6.QtCore import QSize

FRAME = QSize(4, 40)  # pixels that edges and a title bar take beside the window's own


def first_size(wanted: QSize, room: QSize) -> QSize:
    """What a window is first given of a screen's free room: its frame has to fit, too."""
    return wanted.boundedTo(room - FRAME)
