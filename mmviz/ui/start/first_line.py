"""What a first start says: where to begin."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, QSize

from mmviz.state.picture.layout import GAP, LABEL
from mmviz.text import N_, Text
from mmviz.ui.shell.main_window import MainWindow

SAYS = Text(N_("New here? Learn has short lessons; the first begins with one neuron (Ctrl+4)"))


def say(window: MainWindow) -> None:
    """Say it where it covers nothing that explains what is on screen."""
    window.notice.say(SAYS, room=lambda: corner(window), unhurried=True)


def corner(window: MainWindow) -> QRect:
    """Left of W and of the bar, above the name of X, nothing is drawn; empty where those have no
    place.
    """
    picture = window.picture
    scene = picture.scene()
    if scene is None or scene.layout.alone or not picture.isVisible():
        return QRect()
    high = scene.layout.a.y - LABEL
    wide = scene.layout.b.x - 2 * GAP
    if picture.bar.isVisible():
        wide = min(wide, picture.bar.x() - 2 * GAP)
    return QRect(picture.mapTo(window, QPoint(round(GAP), 0)), QSize(round(wide), round(high)))
