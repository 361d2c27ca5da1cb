"""Answering by a click as a learner makes it: on what is seen, at a place that can be hit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # this file is read also where Qt cannot be loaded
    from PyQt6.QtCore import QPoint
    from PyQt6.QtWidgets import QWidget

    from mmviz.ui.lessons.clicks import Find

REACH = 2  # pixels that a hand may be off, to each side
STEPS = (24, 8, 4)  # pixels between places that are tried: the large is found soon


def clicked(window: QWidget, to: dict[QWidget, Find], wanted: Callable[[Hashable], bool]) -> bool:
    """Click on something wanted of what is asked for; False where none of it can be hit."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest

    for widget, find in to.items():
        for at in places(widget):
            if _hits(find, at, wanted) and (there := _seen(window, widget, at)) is not None:
                QTest.mouseClick(there, Qt.MouseButton.LeftButton, pos=there.mapFrom(widget, at))
                return True
    return False


def places(widget: QWidget) -> Iterator[QPoint]:
    """Points all over a widget."""
    from PyQt6.QtCore import QPoint

    for step in STEPS:
        for y in range(step // 2, widget.height(), step):
            for x in range(step // 2, widget.width(), step):
                yield QPoint(x, y)


def _hits(find: Find, at: QPoint, wanted: Callable[[Hashable], bool]) -> bool:
    """Whether this is wanted, and whatever is beside it as well."""
    from PyQt6.QtCore import QPointF

    around = ((0, 0), (-REACH, -REACH), (REACH, -REACH), (-REACH, REACH), (REACH, REACH))
    found = (find(QPointF(at) + QPointF(x, y)) for x, y in around)
    return all(item is not None and wanted(item) for item in found)


def _seen(window: QWidget, widget: QWidget, at: QPoint) -> QWidget | None:
    """What takes a click there: the widget or a part of it, None where something lies over it."""
    if not widget.isVisible():
        return None
    there = window.childAt(widget.mapTo(window, at))
    if there is None or not (there is widget or widget.isAncestorOf(there)):
        return None
    return there
