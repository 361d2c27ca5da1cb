"""Where in a window a message hides the least: no control, no words, and no drawing if possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QTextEdit,
    QWidget,
)

Corners = NDArray[np.int64]  # [n × 2]: left, top
STEP = 12  # pixels from a place that is tried to the next
AIR = 2  # pixels between a message and what it must not hide
_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
    QTextEdit,
)
_HOLDS = QScrollArea, QDockWidget  # they take the focus for what is in them


def free_place(home: QWidget, size: QSize, wanted: QPoint, aside: Sequence[QWidget]) -> QPoint:
    """The place nearest to `wanted`, not above it, where a box of this size hides nothing; else
    where it hides no more than a drawing; else that very place. aside: what may lie below it.
    """
    read, drawn = _things(home, aside)
    places = _places(home, size, wanted)
    for things in (read + drawn, read):
        free = places[~_hit(places, size, things)]
        if len(free):
            x, y = free[0].tolist()
            return QPoint(x, y)
    return wanted


def _places(home: QWidget, size: QSize, wanted: QPoint) -> Corners:
    """The nearest first; lines apart count twice: the eye waits for it at one height."""
    last_x = home.width() - size.width() - AIR
    last_y = home.height() - size.height() - AIR
    lefts = [*range(wanted.x(), AIR, -STEP), *range(wanted.x() + STEP, last_x + 1, STEP)]
    tops = range(wanted.y(), max(wanted.y(), last_y) + 1, STEP)
    corners = np.array([(x, y) for x in lefts or [wanted.x()] for y in tops], np.int64)
    off = np.abs(corners - (wanted.x(), wanted.y())) @ (1, 2)
    return corners[np.argsort(off, kind="stable")]


def _hit(places: Corners, size: QSize, things: Sequence[QRect]) -> NDArray[np.bool_]:
    """Which places hide a part of any of these."""
    edges = [(r.left(), r.top(), r.right() + 1, r.bottom() + 1) for r in things]
    left, top, right, bottom = np.array(edges, np.int64).reshape(-1, 4).T
    x, y = places[:, :1], places[:, 1:]
    across = (x < right) & (x + size.width() > left)
    down = (y < bottom) & (y + size.height() > top)
    return np.asarray((across & down).any(axis=1))


def _things(home: QWidget, aside: Sequence[QWidget]) -> tuple[list[QRect], list[QRect]]:
    """What is used or read, and what is drawn, in sight in a window."""
    read: list[QRect] = []
    drawn: list[QRect] = []
    for part in _in_sight(home, aside):
        used = isinstance(part, (QLabel, *_CONTROLS))
        if not used and not _draws(part):
            continue
        box = _words(part) if isinstance(part, QLabel) else part.rect()
        box &= part.visibleRegion().boundingRect()
        if not box.isEmpty():
            whole = box.translated(part.mapTo(home, QPoint(0, 0)))
            (read if used else drawn).append(whole.adjusted(-AIR, -AIR, AIR, AIR))
    return read, drawn


def _in_sight(home: QWidget, aside: Sequence[QWidget]) -> Iterator[QWidget]:
    for part in home.findChildren(QWidget):
        if not part.isVisible() or part.window() is not home:
            continue
        if not any(one is part or one.isAncestorOf(part) for one in aside):
            yield part


def _draws(part: QWidget) -> bool:
    """Whether there is something to see in it itself, and not only in what it holds."""
    if isinstance(part, _HOLDS):
        return False
    if part.focusPolicy() != Qt.FocusPolicy.NoFocus:
        return True
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return _paints(type(part)) and not part.findChildren(QWidget, options=direct)


def _paints(kind: type[QWidget]) -> bool:
    """Whether a class of ours paints, and not Qt's that it is made of."""
    ours = [one for one in kind.__mro__ if one.__module__.partition(".")[0] == "mmviz"]
    return any("paintEvent" in vars(one) for one in ours)


def _words(label: QLabel) -> QRect:
    """Where its words stand: a label may be larger."""
    text, room = label.text(), label.contentsRect()
    if not text:
        return QRect()
    flags = label.alignment() | (Qt.TextFlag.TextWordWrap if label.wordWrap() else 0)
    return label.fontMetrics().boundingRect(room, int(flags), text)
