"""From word to word on screen by keys: each is ringed, and a card beside it says what it means.

What a mouse learns by resting on a word, for who has none; and for who wants to be shown around.
"""

from __future__ import annotations

from collections.abc import Iterator

from PyQt6 import sip
from PyQt6.QtCore import QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QKeyEvent
from PyQt6.QtWidgets import QApplication, QDockWidget, QFrame, QVBoxLayout, QWidget

from mmviz.text import N_
from mmviz.ui.help.terms import Place, bound, places, within
from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.words.glossary import find
from mmviz.words.speech import Words

WIDTH, BESIDE = 320, 8  # pixels of the card in ordinary type; between it and the word
LINE = 12  # pixels of height within which words are read from left to right
_NEXT = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Space)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backtab)
WAYS = N_("← → to other words · Enter: all words · Esc")


class Walk(Told, QFrame):
    """The card; the ring lies over the word. asked: an id, whose place among all words is wanted.

    A click anywhere closes it, as any menu.
    """

    asked = pyqtSignal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setObjectName("card")
        self._window = window
        self._places: list[Place] = []
        self._at = 0
        self.ring = QFrame(window)
        self.ring.setObjectName("ring")
        self.ring.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.ring.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(4)
        self.word, self.meaning = PlainLabel(), PlainLabel()
        self.word.setFont(fonts.words(fonts.TITLE, bold=True))
        self.meaning.setFont(fonts.words())
        self.meaning.setWordWrap(True)
        self.ways = tell(muted(wrap=True), text=WAYS)
        for part in (self.word, self.meaning, self.ways):
            column.addWidget(part)

    def open(self) -> bool:
        """Begin at what has the focus, else at the first word; whether there is any."""
        active, focus = QApplication.activeWindow(), QApplication.focusWidget()
        home = self._window
        # A panel outside the window is walked with it.
        if active is not None and not isinstance(active, QDockWidget) and within(active, home):
            home = active
        self._places = on_screen(home, focus if within(focus, home) else None, self.words)
        if not self._places:
            return False
        ours = (i for i, place in enumerate(self._places) if place.widget is focus)
        self._go(next(ours, 0))
        return True

    def say(self) -> None:
        if self.isVisible():
            self._go(self._at)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self._places:  # a key may come after what closed it
            return
        key = Qt.Key(event.key())
        if key in _NEXT:
            self._go(self._at + 1)
        elif key in _BACK:
            self._go(self._at - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F1):
            id = self._places[self._at].id
            self.hide()
            self.asked.emit(id)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return False  # Tab is a key as any other here

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self.ring.hide()
        self._places = []  # no panel is kept alive by what was said of it

    def _go(self, to: int) -> None:
        """To the word of that number, round and round; what it stood in may be gone by now."""
        self._places = [place for place in self._places if not sip.isdeleted(place.widget)]
        if not self._places:
            self.hide()
            return
        self._at = to % len(self._places)
        place = self._places[self._at]
        word, meaning = find(place.id).said(self.words)
        self.word.setText(word)
        self.meaning.setText(meaning)
        self.setAccessibleName(self.words(find(place.id).line))
        home = place.widget.window() or self._window
        rect = QRect(place.widget.mapTo(home, place.rect.topLeft()), place.rect.size())
        self.ring.setParent(home)
        self.ring.setGeometry(rect.adjusted(-4, -3, 4, 3))
        self.ring.show()
        self.ring.raise_()
        self.setFixedWidth(round(WIDTH * fonts.scale()))
        column = self.layout()
        assert column is not None
        self.setFixedHeight(column.totalHeightForWidth(self.width()))
        self.move(home.mapToGlobal(_beside(rect, self.size().width(), self.height(), home)))
        self.show()
        self.setFocus()


def on_screen(window: QWidget, first: QWidget | None, words: Words) -> list[Place]:
    """Each term that can be seen in a window and its panels, at one place: in `first` if it is
    there, else where it is met first, read from the top of each widget.
    """
    found = {place.id: place for place in reversed(list(_seen(window, words)))}
    if first is not None:
        found |= {place.id: place for place in reversed(list(_in(first, words)))}
    return sorted(found.values(), key=lambda place: _order(window, place))


def _seen(window: QWidget, words: Words) -> Iterator[Place]:
    floating = (dock for dock in window.findChildren(QDockWidget) if dock.isFloating())
    homes: set[QWidget | None] = {window, *floating}
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() in homes:
            yield from _in(widget, words)


def _in(widget: QWidget, words: Words) -> Iterator[Place]:
    """What is seen of the terms a widget paints, or is bound to itself."""
    whole = widget.visibleRegion().boundingRect()
    if whole.isEmpty():
        return
    for id in bound(widget, below=False):
        yield Place(widget, whole, id)
    for place in places(widget, words):
        if widget.visibleRegion().contains(place.rect.center()):
            yield place


def _order(window: QWidget, place: Place) -> tuple[int, int, int, int]:
    """Panel after panel, from the left; each read as a page."""
    panel: QWidget = place.widget
    while not isinstance(panel, QDockWidget):
        above = panel.parentWidget()
        if above is None or above is window:
            break
        panel = above
    corner = window.mapFromGlobal(panel.mapToGlobal(QPoint()))
    at = place.widget.mapTo(panel, place.rect.topLeft())
    return corner.x(), corner.y(), at.y() // LINE, at.x()


def _beside(rect: QRect, width: int, height: int, home: QWidget) -> QPoint:
    """Below the word, above it where there is no room; within the window."""
    left = min(max(rect.left() - 4, BESIDE), max(home.width() - width - BESIDE, 0))
    below = rect.bottom() + BESIDE
    top = below if below + height <= home.height() else rect.top() - BESIDE - height
    return QPoint(left, max(top, 0))
