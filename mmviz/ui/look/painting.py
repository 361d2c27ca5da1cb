"""How all of it is painted: a painter ends, and an error in a painting stays in its place.

Where a painter of Qt's is left active, or in a state that was saved and not restored, Qt ends the
process. So nobody makes one but here.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator

from PyQt6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QPaintDevice, QPaintEngine, QPainter
from PyQt6.QtWidgets import QLabel, QStyleOptionViewItem, QWidget

from mmviz.errors import cause_of
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.words.speech import ENGLISH, Words

UNPAINTED = "unpainted"  # property of a widget that could not be painted: why
_ROW = "unpainted row"  # of a list or a table: where that was the last time
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_CENTRED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


@contextlib.contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter on a picture, a file or a widget; it ends in all cases."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


@contextlib.contextmanager
def kept(painter: QPainter) -> Iterator[None]:
    """What is set within, as a clip or a pen, is in all cases undone after it."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


CLIP, END = "clip-from-here", "clip-to-here"


@contextlib.contextmanager
def clipped(painter: QPainter, area: QRectF) -> Iterator[None]:
    """Of what is painted within only what lies in `area` is seen; all is undone after it.

    Qt's writer of SVG leaves clips out. There marks stand around, of which whoever writes the file
    makes clips.
    """
    engine = painter.paintEngine()
    svg = engine is not None and engine.type() == QPaintEngine.Type.SVG
    marked = svg and fonts.is_paper()  # nobody else makes anything of the marks
    if marked:
        box = painter.worldTransform().mapRect(area)
        sides = (box.x(), box.y(), box.width(), box.height())
        _mark(painter, " ".join((CLIP, *(f"{side:.2f}" for side in sides))))
    with kept(painter):
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        yield
    if marked:
        _mark(painter, END)


def _mark(painter: QPainter, text: str) -> None:
    """In a pen of its own, so that Qt writes it as a group of its own."""
    with kept(painter):
        painter.setPen(QColor(1, 2, 3))
        painter.drawText(QPointF(0, 0), text)


def paint_widget(widget: QWidget, paint: Callable[[QPainter], None]) -> None:
    """Paint a widget, from its paintEvent. What fails is said in its place, and logged once.

    The next painting tries anew.
    """
    words = getattr(widget, "words", ENGLISH)
    with painting(widget) as painter:
        if _guarded(widget, painter, widget.rect(), words, paint):
            widget.setProperty(UNPAINTED, None)


def paint_item(
    painter: QPainter | None,
    option: QStyleOptionViewItem,
    index: QModelIndex | QPersistentModelIndex,
    paint: Callable[[QPainter], None],
) -> None:
    """Paint a row of a list or a cell of a table, from its delegate, as `paint_widget` does.

    The others say nothing of the one that failed, unless it is there no more.
    """
    widget, model = option.widget, index.model()
    if painter is None or widget is None or model is None:
        return
    here, failed = (index.row(), index.column()), widget.property(_ROW)
    if not _guarded(widget, painter, option.rect, getattr(model, "words", ENGLISH), paint):
        widget.setProperty(_ROW, here)
    elif failed is not None and (failed == here or failed[0] >= model.rowCount()):
        widget.setProperty(_ROW, None)
        widget.setProperty(UNPAINTED, None)


def undrawn(widget: QWidget, error: Exception) -> Text:
    """What to say in the place of a widget that cannot be drawn; the same error is logged once."""
    why = Text(N_("this cannot be drawn: {reason}"), reason=cause_of(error))
    if widget.property(UNPAINTED) != why:
        widget.setProperty(UNPAINTED, why)
        logging.getLogger(__name__).error("%s: %s", type(widget).__name__, why, exc_info=error)
    return why


def _guarded(
    widget: QWidget,
    painter: QPainter,
    place: QRect,
    words: Words,
    paint: Callable[[QPainter], None],
) -> bool:
    """Whether it could be painted."""
    try:
        with kept(painter):
            paint(painter)
    except Exception as error:
        why = undrawn(widget, error)
        with contextlib.suppress(Exception):  # whatever it was may keep this from being drawn too
            _say(widget, painter, place, words(why))
        return False
    return True


def _say(widget: QWidget, painter: QPainter, place: QRect, why: str) -> None:
    colours, room = widget.palette(), place.adjusted(4, 0, -4, 0)
    with kept(painter):
        painter.setClipRect(place)
        painter.fillRect(place, colours.window())
        if widget.findChildren(QLabel, options=_DIRECT):
            return  # its words are widgets of their own, and still there
        painter.setFont(fonts.words(fonts.SMALL))
        painter.setPen(colours.windowText().color())
        metrics = painter.fontMetrics()
        if metrics.boundingRect(room, _CENTRED, why).height() > room.height():
            why = metrics.elidedText(why, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _CENTRED, why)
