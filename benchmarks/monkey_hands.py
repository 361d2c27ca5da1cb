"""What the monkey can do: mouse, wheel, keys, fields, commands, docks, sizes, themes, languages."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import catalogues
import pseudo
from monkey_eyes import Eyes
from monkey_paths import Paths
from PyQt6 import sip
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent, QWindow
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QWidget,
)

from mmviz.files import networks
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH, Words, speak

Key, Modifier, Button = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton
KEYS = (
    *(Key.Key_Space, Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Home),
    *(Key.Key_End, Key.Key_PageUp, Key.Key_PageDown, Key.Key_Return, Key.Key_Tab, Key.Key_Escape),
    *(Key.Key_Backtab, Key.Key_Delete, Key.Key_Backspace, Key.Key_Plus, Key.Key_Minus, Key.Key_0),
    *(Key.Key_F2, Key.Key_Menu, Key.Key_A, Key.Key_Z, Key.Key_9),
)
SHORTCUTS = (
    *(Key.Key_Z, Key.Key_Y, Key.Key_T, Key.Key_R, Key.Key_G, Key.Key_L, Key.Key_D, Key.Key_E),
    *(Key.Key_O, Key.Key_S, Key.Key_1, Key.Key_2),
)
MODIFIERS = (
    *(Modifier.NoModifier,) * 5,
    Modifier.ShiftModifier,
    Modifier.ControlModifier,
    Modifier.AltModifier,
    Modifier.ControlModifier | Modifier.ShiftModifier,
)
GARBAGE = (
    *("", "0", "1", "2", "7", "33", "64", "1000", "16777216", "16777217", "999999999999999999999"),
    *("-1", "−1", "1e400", "1e-320", "nan", "inf", "2,5", "0,5", "1.5", "1 000", "1'000", "1_0"),
    *("１２", "٣", "abc", "a" * 500, "<b>x</b>", "&x", "{n}", "%s", "\t", " 5 ", "5 s", "128x64"),
    *("64×64", "auto", "\u202etxt", "\x1b[31m", "é́́", "𝟛", "../x", "null", "0x10", "+3"),
)
SIZES = ((320, 200), (800, 600), (1012, 520), (1160, 560), (1400, 900), (1920, 1200), (2560, 1440))


class Hands:
    """`act` does one thing to the window it holds, or to what that has opened."""

    def __init__(self, dice: random.Random, paths: Paths, eyes: Eyes) -> None:
        self.dice, self.paths, self.eyes = dice, paths, eyes
        self.words: Words = ENGLISH
        folder = Path(tempfile.mkdtemp(dir=Path.cwd()))
        pseudo.write(folder, catalogues.read(catalogues.TEMPLATE))
        self._languages = (ENGLISH, speak(pseudo.LANGUAGE, (folder,)))
        self.controller: Controller | None = None
        ways: tuple[tuple[int, Callable[[], None]], ...] = (
            (26, self.click),
            (8, self.drag),
            (9, self.wheel),
            (9, self.hover),
            (14, self.press_key),
            (13, self.fill_in),
            (7, self.command),
            (4, self.preset),
            (2, self.run_or_race),
            (3, self.undo),
            (3, self.shortcut),
            (3, self.combo),
            (3, self.dock),
            (2, self.resize),
            (1, self.theme),
            (1, self.language),
            (1, self.reopen),
            (3, self.wait),
        )
        self._weights, self._ways = zip(*ways, strict=True)
        # Qt's own dialogs of the system are not of this process; a person would name some path.
        QFileDialog.getOpenFileName = lambda *_, **__: (paths.any(dice), "")  # type: ignore[method-assign]  # no dialog
        QFileDialog.getSaveFileName = lambda *_, **__: (paths.any(dice), "")  # type: ignore[method-assign]  # no dialog

    def hold(self, controller: Controller | None) -> None:
        self.controller = controller

    def act(self) -> None:
        ways = self.dice.choices(self._ways, self._weights)[0]
        if self._on_top() is not None and self.dice.random() < 0.7:
            ways = self.dice.choice((self.click, self.press_key, self.fill_in, self.leave))
        self.eyes.latest.append(ways.__name__)
        ways()

    def _said(self, text: str) -> None:
        """What is being done, should it not come back."""
        self.eyes.tell(text)

    def click(self) -> None:
        window, widget, place = self._place()
        if window is None:
            return
        button = self.dice.choices(
            (Button.LeftButton, Button.RightButton, Button.MiddleButton), (12, 2, 1)
        )[0]
        modifier = self.dice.choice(MODIFIERS)
        twice = self.dice.random() < 0.1
        said = f"{'double ' if twice else ''}click {button.name} {_name(widget)} at {_at(place)}"
        self._said(said)
        QTest.mousePress(window, button, modifier, place)
        if not sip.isdeleted(window):  # a menu that was open meanwhile may have let it shrink
            place = QPoint(min(place.x(), window.width() - 1), min(place.y(), window.height() - 1))
            QTest.mouseRelease(window, button, modifier, place)
        if twice and not sip.isdeleted(window):
            at = QPointF(place), QPointF(window.mapToGlobal(place))
            double = QMouseEvent(
                QMouseEvent.Type.MouseButtonDblClick, *at, button, button, modifier
            )
            QApplication.sendEvent(window, double)

    def drag(self) -> None:
        window, widget, place = self._place()
        if window is None:
            return
        modifier = self.dice.choice(MODIFIERS)
        button = self.dice.choice((Button.LeftButton, Button.LeftButton, Button.MiddleButton))
        x = min(max(place.x() + self.dice.randint(-200, 200), 0), window.width() - 1)
        y = min(max(place.y() + self.dice.randint(-120, 120), 0), window.height() - 1)
        by = QPoint(x, y) - place
        said = f"drag {button.name} {_name(widget)} from {_at(place)} by {_at(by)}"
        self._said(said)
        QTest.mousePress(window, button, modifier, place)
        for i in range(1, 5):
            if not sip.isdeleted(window):  # pressed, it may have opened a menu
                QTest.mouseMove(window, place + by * i / 4)
        if not sip.isdeleted(window):
            QTest.mouseRelease(window, button, modifier, place + by)

    def wheel(self) -> None:
        window, widget, place = self._place()
        if window is None:
            return
        turned = QPoint(0, self.dice.choice((-1200, -120, -15, 15, 120, 1200)))
        if self.dice.random() < 0.2:
            turned = turned.transposed()
        modifier = self.dice.choice(MODIFIERS)
        said = f"wheel {_at(turned)} on {_name(widget)} at {_at(place)} with {modifier.name}"
        self._said(said)
        event = QWheelEvent(
            QPointF(place),
            QPointF(window.mapToGlobal(place)),
            QPoint(),
            turned,
            Button.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(window, event)

    def hover(self) -> None:
        window, widget, place = self._place()
        if window is None or widget is None:
            return
        said = f"hover {_name(widget)} at {_at(place)}"
        self._said(said)
        QTest.mouseMove(window, place)
        if self.dice.random() < 0.5:
            at = window.mapToGlobal(place)
            QApplication.sendEvent(
                widget, QHelpEvent(QHelpEvent.Type.ToolTip, widget.mapFromGlobal(at), at)
            )

    def press_key(self) -> None:
        target = self._on_top() or QApplication.focusWidget() or self._window()
        key, modifier = self.dice.choice(KEYS), self.dice.choice(MODIFIERS)
        said = f"key {modifier.name}+{key.name} to {_name(target)}"
        self._said(said)
        for _ in range(self.dice.choice((1, 1, 1, 5))):
            _strike(target, key, modifier)

    def leave(self) -> None:
        target = self._on_top()
        self._said(f"Escape from {_name(target)}")
        _strike(target, Key.Key_Escape)

    def fill_in(self) -> None:
        fields = [field for field in self._visible() if isinstance(field, QLineEdit)]
        if not fields:
            return
        field, text = self.dice.choice(fields), self.dice.choice(GARBAGE)
        end = self.dice.choice((Key.Key_Return, Key.Key_Tab, Key.Key_Escape, Key.Key_Up))
        parent = field.parentWidget()
        of = parent if isinstance(parent, QAbstractSpinBox | QComboBox) else field
        said = f"type {text[:40]!r} and {end.name} into {_name(of)}"
        self._said(said)
        field.setFocus()
        field.selectAll()
        if self.dice.random() < 0.5:
            field.insert(text)
        else:
            _write(field, text)
        _strike(field, end)

    def command(self) -> None:
        assert self.controller is not None
        commands = self.controller.window.commands
        # Full screen makes the window as small as the screen of tests, and smaller than its least.
        left_out = ("quit", "full_screen")
        name = self.dice.choice([name for name in commands if name not in left_out])
        self._said(f"command {name}")
        commands[name].trigger()

    def run_or_race(self) -> None:
        assert self.controller is not None
        name = self.dice.choice(("run", "run", "race"))
        self._said(f"command {name}")
        self.controller.window.commands[name].trigger()

    def preset(self) -> None:
        assert self.controller is not None
        name = self.dice.choice(networks.preset_ids())
        self._said(f"preset {name}")
        self.controller.window.top.preset_chosen.emit(name)

    def undo(self) -> None:
        assert self.controller is not None
        name = self.dice.choice(("undo", "undo", "redo"))
        times = self.dice.choice((1, 1, 4))
        self._said(f"{name} {times} times")
        for _ in range(times):
            self.controller.window.commands[name].trigger()

    def shortcut(self) -> None:
        key = self.dice.choice(SHORTCUTS)
        self._said(f"Ctrl+{key.name}")
        handle = _handle(self._window())
        if handle is not None and self._on_top() is None:
            QTest.keyClick(handle, key, Modifier.ControlModifier)

    def combo(self) -> None:
        boxes = [box for box in self._visible() if isinstance(box, QComboBox) and box.count()]
        if not boxes:
            return
        box = self.dice.choice(boxes)
        index = self.dice.randrange(box.count())
        said = f"choose {box.itemText(index)!r} of {_name(box)}"
        self._said(said)
        box.setCurrentIndex(index)
        box.activated.emit(index)

    def dock(self) -> None:
        assert self.controller is not None
        dock = self.dice.choice(list(self.controller.window.docks.all.values()))
        what = self.dice.choice(("float", "show", "hide", "raise", "move"))
        said = f"{what} panel {dock.objectName()}"
        self._said(said)
        match what:
            case "float":
                dock.setFloating(not dock.isFloating())
            case "show" | "hide":
                dock.setVisible(what == "show")
            case "raise":
                dock.raise_()
            case _:
                area = self.dice.choice(list(Qt.DockWidgetArea)[1:5])
                if dock.isAreaAllowed(area):
                    dock.move_to(area)

    def resize(self) -> None:
        kinds = QMainWindow | RaceWindow | QDockWidget | QDialog
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, kinds)]
        window = self.dice.choice(windows)
        size = self.dice.choice(SIZES)
        said = f"resize {_name(window)} to {size[0]}x{size[1]}"
        self._said(said)
        window.resize(*size)

    def theme(self) -> None:
        assert self.controller is not None
        name = self.dice.choice(("theme", "theme_system", "theme_dark", "theme_light"))
        self._said(name)
        self.controller.window.commands[name].trigger()

    def language(self) -> None:
        assert self.controller is not None
        self.words = self.dice.choice(self._languages)
        self._said(f"language {self.words.language}")
        self.controller.window.set_words(self.words)

    def reopen(self) -> None:
        self._said("close, and open again")
        self._window().close()

    def wait(self) -> None:
        time_ms = self.dice.choice((10, 60, 250))
        self._said(f"wait {time_ms} ms")
        QTest.qWait(time_ms)

    def _window(self) -> QWidget:
        assert self.controller is not None
        return self.controller.window

    def _on_top(self) -> QWidget | None:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget()

    def _visible(self) -> list[QWidget]:
        """Widgets that a person could reach, of the dialog that is up or of all windows."""
        top = self._on_top()
        windows = [top] if top is not None else QApplication.topLevelWidgets()
        return [
            widget
            for window in windows
            if window.isVisible() and not isinstance(window, _TIPS)
            for widget in (window, *window.findChildren(QWidget))
            if widget.isVisible() and widget.window() is window and widget.isEnabled()
        ]

    def _place(self) -> tuple[QWindow | None, QWidget | None, QPoint]:
        """A window of the system, a widget in it, and a place on that in the window's pixels."""
        widgets = [
            widget
            for widget in self._visible()
            if not isinstance(widget, QDockWidget) and not widget.visibleRegion().isEmpty()
        ]
        if not widgets:
            return None, None, QPoint()
        widget = self.dice.choice(widgets)
        area = widget.visibleRegion().boundingRect()
        at = QPoint(
            area.x() + self.dice.randrange(max(1, area.width())),
            area.y() + self.dice.randrange(max(1, area.height())),
        )
        return _handle(widget), widget, widget.mapTo(widget.window(), at)


_TIPS = tuple(kind for kind in QWidget.__subclasses__() if kind.__name__ == "QTipLabel")


def _handle(widget: QWidget | None) -> QWindow | None:
    gone = widget is None or sip.isdeleted(widget)  # a menu, by the key before
    window = None if gone or widget is None else widget.window()
    return None if window is None else window.windowHandle()


def _strike(target: QWidget | None, key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
    """Press a key and let it go; QTest's own keys go on to windows that a key has put away."""
    text = chr(key.value).lower() if key.value < 128 else ""
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        handle = _handle(target)
        if handle is not None:
            QApplication.sendEvent(handle, QKeyEvent(kind, key, modifier, text))


def _write(field: QWidget, text: str) -> None:
    """As keys do; QTest's own keys know no letters but ASCII."""
    for letter in text:
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Modifier.NoModifier, letter)
            QApplication.sendEvent(field, event)


def _name(widget: QWidget | None) -> str:
    if widget is None:
        return "nothing"
    named = widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} {named[:40]!r} in {type(widget.window()).__name__}"


def _at(point: QPoint) -> str:
    return f"{point.x()},{point.y()}"
