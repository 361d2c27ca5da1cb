"""A person at a window, who acts on what can be seen alone, and counts the steps."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from PyQt6.QtCore import QBuffer, QPoint, QPointF, Qt, QTimer
from PyQt6.QtGui import QAction
from PyQt6.QtSvg import QSvgGenerator
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

TRIES, PAUSE_MS = 400, 15


class Person:
    """A click, a press of a key, a text typed and a drag are one step each.

    What is named is found by the text it shows or, where it shows a sign, by its accessible name,
    in the window in front; it must be visible, enabled and covered by nothing.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.steps: list[str] = []

    def click(self, name: str, then: Callable[[], object] | None = None) -> None:
        """Click what is called `name`. then: what is done once a menu or dialog has come up."""
        part, at = self._find(name)
        self.steps.append(f"click {name}")
        if then is None:
            QTest.mouseClick(part, Qt.MouseButton.LeftButton, pos=at)
        else:
            with self._meanwhile(then):
                QTest.mouseClick(part, Qt.MouseButton.LeftButton, pos=at)
        QApplication.processEvents()

    def click_at(self, part: QWidget, at: QPointF | QPoint, *, right: bool = False) -> None:
        """Click a place of a picture or a chart."""
        self.steps.append(f"click in {part.accessibleName() or type(part).__name__}")
        place = at if isinstance(at, QPoint) else at.toPoint()
        self._see(part, place)
        button = Qt.MouseButton.RightButton if right else Qt.MouseButton.LeftButton
        QTest.mouseClick(part, button, pos=place)
        QApplication.processEvents()

    def pick(self, button: str, *path: str) -> None:
        """Click a button or a box, and in the menu or list that comes up what `path` names."""

        def choose() -> None:
            for name in path:
                self._choose(name)

        self.click(button, choose)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press a key, perhaps with one that is held."""
        self.steps.append(f"press {key.name}")
        to = QApplication.focusWidget() or self._front()
        QTest.keyClick(to, key, modifier or Qt.KeyboardModifier.NoModifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type `text` where the focus is, and Enter."""
        self.steps.append(f"type {text}")
        focus = QApplication.focusWidget()
        assert focus is not None, f"nobody takes {text!r}"
        QTest.keyClicks(focus, text)
        QTest.keyClick(focus, Qt.Key.Key_Return)
        QApplication.processEvents()

    def retype(self, name: str, text: str) -> None:
        """Double-click the field called `name`, which marks what it holds, and type over it."""
        part, at = self._find(name)
        self.steps.append(f"click {name}")
        field = part.findChild(QLineEdit) or part
        QTest.mouseDClick(field, Qt.MouseButton.LeftButton, pos=field.mapFrom(part, at))
        self.type(text)

    def reads(self) -> str:
        """All words in the window in front that are in labels and on buttons; a space is a space,
        whether a line may end there or not."""
        parts = [part for part in self._front().findChildren(QWidget) if part.isVisible()]
        return "\n".join(filter(None, map(_shown, parts))).replace("\u00a0", " ")

    def reads_in(self, part: QWidget) -> str:
        """All words painted in a picture or a chart."""
        out = QBuffer()
        svg = QSvgGenerator()
        svg.setOutputDevice(out)
        svg.setSize(part.size())
        part.render(svg)
        del svg
        found = ElementTree.fromstring(bytes(out.data())).iter("{http://www.w3.org/2000/svg}text")
        return "\n".join("".join(text.itertext()) for text in found)

    def waits_for(self, what: Callable[[], bool], ms: int = 20_000) -> None:
        """Wait until something can be seen; no step."""
        self._qtbot.waitUntil(what, timeout=ms)

    def _front(self) -> QWidget:
        for found in (
            QApplication.activePopupWidget(),
            QApplication.activeModalWidget(),
            QApplication.activeWindow(),
        ):
            if found is not None:
                return found
        raise AssertionError("no window is in front")

    def _find(self, name: str) -> tuple[QWidget, QPoint]:
        """The one part called so, and where to press it."""
        found: list[tuple[QWidget, QPoint]] = []
        front = self._front()
        for part in front.findChildren(QWidget):
            if not part.isVisible() or part.window() is not front:
                continue
            if isinstance(part, QTabBar):
                for index in range(part.count()):
                    if part.tabText(index) == name:
                        found.append((part, part.tabRect(index).center()))
            elif _pressed(part) and name in (_shown(part), part.accessibleName()):
                found.append((part, part.rect().center()))
        assert found, f"nobody sees {name!r} among:\n{self.reads()}"
        assert len(found) == 1, f"{name!r} is there {len(found)} times: {found}"
        part, at = found[0]
        assert part.isEnabled(), f"{name!r} is grey"
        self._see(part, at)
        return part, at

    def _see(self, part: QWidget, at: QPoint) -> None:
        """Nothing may lie over the place; a press on something inside counts as on it."""
        under = QApplication.widgetAt(part.mapToGlobal(at))
        inside = under is not None and (under is part or part.isAncestorOf(under))
        assert inside, f"{part.objectName() or part!r} is covered by {under!r}"

    def _choose(self, name: str) -> None:
        """Click an entry of the menu or list that is open."""
        popup = self._front()
        self.steps.append(f"click {name}")
        if isinstance(popup, QMenu):
            while (further := popup.findChild(QMenu)) is not None and further.isVisible():
                popup = further
            action = _entry(popup, name)
            QTest.mouseClick(
                popup, Qt.MouseButton.LeftButton, pos=popup.actionGeometry(action).center()
            )
        else:
            box = next(
                part for part in QApplication.allWidgets() if _lists(part) and part.isVisible()
            )
            assert isinstance(box, QComboBox)
            rows = [row for row in range(box.count()) if box.itemText(row) == name]
            assert rows, [box.itemText(row) for row in range(box.count())]
            view = box.view()
            assert view is not None
            index = box.model().index(rows[0], 0)  # type: ignore[union-attr]  # it has a model
            view.scrollTo(index)
            self._qtbot.wait(QApplication.doubleClickInterval())  # sooner the list takes none
            port = view.viewport()
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())

    @contextlib.contextmanager
    def _meanwhile(self, then: Callable[[], object]) -> Iterator[None]:
        """Run `then` once a menu or dialog is up, which may keep the caller until it is gone."""
        before = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        done: list[bool] = []
        timer = QTimer()
        tries = iter(range(TRIES))

        def look() -> None:
            now = QApplication.activePopupWidget(), QApplication.activeModalWidget()
            if now != before and any(now):
                timer.stop()
                done.append(True)
                then()
            elif next(tries, None) is None:
                timer.stop()

        timer.timeout.connect(look)
        timer.start(PAUSE_MS)
        yield
        self._qtbot.waitUntil(lambda: bool(done) or not timer.isActive(), timeout=10_000)
        assert done, "no menu and no dialog came up"


def _entry(menu: QMenu, name: str) -> QAction:
    """The entry of an open menu that says `name`."""
    actions = [action for action in menu.actions() if action.isVisible()]
    said = [action.text().replace("&", "").split("\t")[0] for action in actions]
    found = [at for at, text in enumerate(said) if text == name] or [
        at
        for at, text in enumerate(said)
        if text.startswith(name)  # what follows tells of it
    ]
    assert len(found) == 1, f"{name!r} among {said}"
    assert actions[found[0]].isEnabled(), f"{name!r} is grey"
    return actions[found[0]]


def _pressed(part: QWidget) -> bool:
    """Whether it is a thing one presses or types into, and no part of such a one."""
    kinds = (QAbstractButton, QComboBox, QLineEdit, QListWidget, QMenuBar)
    return isinstance(part, kinds) or part.focusPolicy() != Qt.FocusPolicy.NoFocus


def _lists(part: QWidget) -> bool:
    view = part.view() if isinstance(part, QComboBox) else None
    return view is not None and view.isVisible()


def _shown(part: QWidget) -> str:
    """The words it shows."""
    if isinstance(part, QAbstractButton | QLabel | QLineEdit):
        return part.text().replace("&", "")
    return part.currentText() if isinstance(part, QComboBox) else ""
