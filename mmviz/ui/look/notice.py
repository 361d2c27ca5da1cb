"""A window's one place for a sentence to the user."""

from __future__ import annotations

import os
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QEnterEvent, QHideEvent
from PyQt6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QToolButton, QWidget

from mmviz.errors import passed_on
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look.eliding import FittedLabel
from mmviz.ui.look.free_place import free_place
from mmviz.ui.look.leaving import folder_of, show_folder
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.working import Working

GAP = 8  # pixels to what it lies below, and to the edges of the window
WIDEST = 720
READ_MS, LETTER_MS = 5_000, 70  # to notice it, and to read a letter of it
ERROR_TIMES = 3  # so much longer stays what went wrong
_COMES = frozenset({QEvent.Type.Show, QEvent.Type.Move})  # what goes leaves it where it is read
_AWAY = frozenset({QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate})


class Notice(Told, QFrame):
    """One sentence over the window, beside the field it is about or where it hides the least, near
    the bar at the top.

    It moves nothing and blocks nothing, and goes by itself once there was time to read it: while
    the pointer or the focus is in it, and while the window is not in front, no time passes. field:
    the field somebody types in, where what is refused stands. below: the word that something is
    worked out, which it leaves room for, also where that comes later. left: it took the focus
    along.
    """

    left = pyqtSignal()

    def __init__(self, window: QMainWindow, below: Working) -> None:
        super().__init__(window)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field: Callable[[], QWidget | None] = lambda: None
        self._window = window
        self._said, self._folder = NOTHING, ""
        self._beside: QWidget | None = None
        self._room: Callable[[], QRect] | None = None
        self.below = below
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(8)
        self.text = FittedLabel()
        self.text.setWordWrap(True)
        tell(self.text, name=N_("Message"))
        row.addWidget(self.text, 1)
        tip = N_("Open the folder the file is in")
        self.folder = tell(QToolButton(), text=N_("Show in folder"), tip=tip)
        self.folder.clicked.connect(lambda _: self._open_folder())
        row.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignVCenter)
        close = tell(QToolButton(), text="✕", name=N_("Dismiss the message"))
        close.setObjectName("titlebutton")
        close.setFixedSize(24, 24)
        close.clicked.connect(lambda _: self.hide())
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.hide)
        self._soon = QTimer(self)  # once all in a window has its new place
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._place)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._count)
        window.installEventFilter(self)
        below.installEventFilter(self)
        self.text.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: Text | str | None = None,
        *,
        folder: str | os.PathLike[str] = "",
        beside: QWidget | None = None,
        room: Callable[[], QRect] | None = None,
        error: bool = False,
        unhurried: bool = False,
    ) -> None:
        """Show `text`; NOTHING hides the notice. None: what was said, in the language now.

        folder: a file, or a folder, that is offered to be shown. beside: the field it is about.
        room: where in the window nothing is, which it takes if that is enough. error: something
        went wrong, which is worth more time; unhurried: so is this, to who looks elsewhere first.
        """
        if text is None:
            self._place()
            return
        self._said = text if isinstance(text, Text) else Text(text)
        self._folder, self._beside, self._room = os.fspath(folder), beside, room
        self.folder.setVisible(bool(self._folder))
        if self.property("error") != error:
            self.setProperty("error", error)
            self.setStyleSheet(self.styleSheet())  # looks at the property again
        if not text:
            self.text.clear()
            self.hide()
            return
        letters = len(self.words(self._said))
        times = ERROR_TIMES if error or unhurried else 1
        self.timer.setInterval((READ_MS + LETTER_MS * letters) * times)
        home = self._window if beside is None else beside.window()
        if home is not None and self.parentWidget() is not home:
            self.setParent(home)  # a panel that was taken out is a window of its own
        self._place()
        self.show()
        self.raise_()  # above the tabs of docks that Qt leaves behind where none are now
        self.timer.stop()
        self._count()

    def say_why(self, error: Exception) -> None:
        """Show what went wrong."""
        self.say(passed_on(error), error=True)

    def refuse(self, text: Text, field: QWidget | None = None) -> None:
        """Say why nothing changes, beside the field that asked for it."""
        found = field or self.field()
        if found is not None and not found.isVisible():
            found = None
        self.say(text, beside=found, error=True)

    def dismiss(self) -> bool:
        """Send it away; whether there was anything to read."""
        said = self.isVisible()
        self.hide()
        return said

    def follow(self) -> None:
        """What lies about it stands elsewhere now."""
        if self.isVisible():
            self._soon.start()

    def enterEvent(self, event: QEnterEvent | None) -> None:
        super().enterEvent(event)
        self._count()

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self._count()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self.timer.stop()
        if self._focused() and not event.spontaneous():  # type: ignore[union-attr]  # Qt gives one
            self.left.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and self.isVisible():
            if watched is self.text:
                if event.type() == QEvent.Type.FontChange:  # the type is large now, or ordinary
                    self.follow()
            elif event.type() == QEvent.Type.Resize or (
                watched is self.below and event.type() in _COMES
            ):
                self._place()
                self._soon.start()
            elif event.type() in _AWAY:
                self._count()
        return False

    def _focused(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _count(self, *_: object) -> None:
        """Time passes, or begins anew, or not."""
        window = self.window()
        read = self.underMouse() or self._focused()
        if not self.isVisible() or read or window is None or not window.isActiveWindow():
            self.timer.stop()
        elif not self.timer.isActive():
            self.timer.start()

    def _place(self) -> None:
        """As wide as its words, and where it hides the least."""
        home = self.parentWidget()
        if home is None or not self._said:
            return
        self.raise_()  # panels that came since lie above it
        self.update()  # Qt paints what it moved before the first painting over what lies above
        beside = self._beside
        if beside is not None and (not beside.isVisible() or beside.window() is not home):
            beside = None
        most = min(WIDEST, home.width() - 2 * GAP)
        if self._room is not None:
            room = self._room()
            self._fit(min(most, room.width()), home)
            if room.contains(QRect(room.topLeft(), self.size())):
                self.move(room.topLeft())
                return
        width = self._fit(most, home)
        if beside is None:
            top = GAP
            if home is self._window:
                word = self.below
                top = word.geometry().bottom() + 1 + GAP if word.isVisible() else word.top
            wanted = QPoint((home.width() - width) // 2, top)
            self.move(free_place(home, self.size(), wanted, aside=(self,)))
            return
        corner = beside.mapTo(home, QPoint(0, beside.height() + 4))
        if corner.y() + self.height() > home.height() - GAP:  # no room below it
            corner = beside.mapTo(home, QPoint(0, -4)) - QPoint(0, self.height())
        left = min(max(corner.x(), GAP), max(home.width() - width - GAP, GAP))
        self.move(left, max(corner.y(), 0))

    def _fit(self, most: int, home: QWidget) -> int:
        """Take the size that its words need, of that width at most; how wide that is."""
        self.text.setMinimumWidth(0)
        whole, metrics = self.words(self._said), self.text.fontMetrics()
        wide = max(metrics.horizontalAdvance(line) for line in whole.splitlines() or [""])
        row = self.layout()
        assert row is not None
        wide = min(wide + 2, most - self._around())
        self.text.fit(whole, wide, home.height() * 2 // 3)
        row.activate()
        width = min(row.totalSizeHint().width(), most)
        border = self.contentsMargins().top() + self.contentsMargins().bottom()
        self.resize(width, row.heightForWidth(width) + border)
        return width

    def _around(self) -> int:
        """Pixels of width that stand beside the words."""
        row = self.layout()
        assert row is not None
        buttons = [
            button.sizeHint().width() + row.spacing()
            for button in self.findChildren(QToolButton)
            if not button.isHidden()
        ]
        edges = row.contentsMargins()
        return sum(buttons) + edges.left() + edges.right() + 2 * self.frameWidth() + 2

    def _open_folder(self) -> None:
        if not show_folder(self._folder):
            folder = folder_of(self._folder)
            self.say(Text(N_("no program here shows folders; it is {folder}"), folder=folder))
