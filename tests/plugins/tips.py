"""What is said where a mouse rests, asked for as Qt asks; and all that can be pointed at."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QPoint
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip, QWidget

if TYPE_CHECKING:
    from mmviz.ui.shell.main_window import MainWindow


def tip(widget: QWidget, at: QPoint) -> str:
    """What is shown where a mouse rests there, its markup as it is; "" for nothing."""
    for shown in QApplication.topLevelWidgets():
        if shown.inherits("QTipLabel"):
            shown.hide()  # at once
    event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, event)
    return html.unescape(QToolTip.text()) if QToolTip.isVisible() else ""


def in_sight(window: QWidget) -> Iterator[QWidget]:
    """Every widget of a window that can be seen now, also in a panel outside it."""
    QApplication.processEvents()
    for widget in window.findChildren(QWidget):
        # Tips come and go while this goes on, and are widgets themselves.
        if not sip.isdeleted(widget) and widget.isVisible() and not widget.inherits("QTipLabel"):
            yield widget


def every_view(window: MainWindow, workspace: str) -> Iterator[str]:
    """The workspace with each of its panels in front once; ids of the panels."""
    window.go_to(workspace)
    for name, dock in window.docks.all.items():
        if name in window.docks.now:
            dock.raise_()
            QApplication.processEvents()
            yield name
