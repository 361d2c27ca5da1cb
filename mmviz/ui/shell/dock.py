"""One panel as a dock: its title bar, its menu, and where it may be put."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygon,
)
from PyQt6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QScrollArea,
    QToolButton,
    QWidget,
)

from mmviz.text import N_, Text
from mmviz.ui.look.painting import paint_widget, painting
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import heading

Area = Qt.DockWidgetArea
SIDES = Area.LeftDockWidgetArea | Area.RightDockWidgetArea
ROWS = Area.TopDockWidgetArea | Area.BottomDockWidgetArea
AREA_NAMES = {
    Area.LeftDockWidgetArea: N_("Move to the left"),
    Area.RightDockWidgetArea: N_("Move to the right"),
    Area.TopDockWidgetArea: N_("Move to the top"),
    Area.BottomDockWidgetArea: N_("Move to the bottom"),
}
AREAS: dict[str, Area] = {
    "left": Area.LeftDockWidgetArea,
    "right": Area.RightDockWidgetArea,
    "top": Area.TopDockWidgetArea,
    "bottom": Area.BottomDockWidgetArea,
}


class TitleBar(Told, QWidget):
    """Heading at the left, what the panel wants beside it, buttons to float and to hide."""

    def __init__(self, dock: Dock, beside: QWidget | None, headed: bool) -> None:
        super().__init__(dock)
        self.setObjectName("title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock = dock
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 2)
        row.setSpacing(2)
        self._heading = heading(dock.title) if headed else None
        if self._heading is not None:
            row.addWidget(self._heading)
        if beside is None:
            row.addStretch(1)
        else:
            right = Qt.AlignmentFlag.AlignRight if headed else Qt.AlignmentFlag(0)
            row.addWidget(beside, 1, right)
            row.addSpacing(10)
            row.addStretch(0)  # the buttons stay at the edge where the panel hides what is beside
        self.float_button = self._button(lambda: dock.setFloating(not dock.isFloating()))
        self.close_button = self._button(dock.close)
        row.addWidget(self.float_button)
        row.addWidget(self.close_button)
        dock.topLevelChanged.connect(lambda _: self.say())
        self.say()

    def set_theme(self, theme: Theme) -> None:
        self.float_button.setIcon(_icon("float", theme.muted))
        self.close_button.setIcon(_icon("close", theme.muted))

    def show_heading(self, shown: bool) -> None:
        """Without it the tab above says what the panel is."""
        if self._heading is not None:
            self._heading.setVisible(shown)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None:
            self.open_menu(event.globalPos())

    def open_menu(self, where: QPoint) -> None:
        """What a mouse does by dragging, for the keyboard too."""
        menu = self._dock.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def _button(self, slot: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setObjectName("titlebutton")
        button.setIconSize(QSize(10, 10))
        button.setFixedSize(20, 20)
        button.clicked.connect(lambda _: slot())
        return button

    def say(self) -> None:
        back = N_("Put {title:small} back into the window")
        way = back if self._dock.isFloating() else N_("Take {title:small} out of the window")
        hide = N_("Hide {title:small}; View brings it back")
        for button, msgid in ((self.float_button, way), (self.close_button, hide)):
            text = Text(msgid, title=Text(self._dock.title))
            tell(button, self.words, tip=text, name=text)


class Dock(Told, QDockWidget):
    """A panel with a title bar of its own; `areas` are where it may be put. title: a msgid.

    came_up: it can be seen now, and could not before.
    """

    came_up = pyqtSignal()

    def __init__(
        self,
        window: QMainWindow,
        name: str,
        title: str,
        panel: QWidget,
        areas: Area,
        *,
        beside: QWidget | None = None,
        headed: bool = True,
        ground: bool = False,
    ) -> None:
        super().__init__(window)
        self.title = title
        tell(self, title=title)
        self.setObjectName(name)
        self.setProperty("ground", ground)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAllowedAreas(areas)
        for label in panel.findChildren(QLabel, "heading") if headed else ():
            label.hide()  # the title bar says it
        for scroll in panel.findChildren(QScrollArea):  # keys scroll it, so it has to have a name
            if not scroll.accessibleName():
                tell(scroll, name=title)
        if beside is not None:
            beside.setParent(self)  # Tab comes to what stands at the top before what is below it
        self.setWidget(panel)
        self._edge = QColor()
        self.bar = TitleBar(self, beside, headed)
        self.setTitleBarWidget(self.bar)
        action = self.toggleViewAction()
        assert action is not None
        self.view_action = action
        self.seen = False  # hidden, and behind another tab, it is not
        self.moving = False  # whether it is seen is settled once all panels have their places
        self.visibilityChanged.connect(self._see)
        action.triggered.connect(lambda shown: self.raise_() if shown else None)

    def set_theme(self, theme: Theme) -> None:
        self._edge = QColor(theme.muted)
        self.bar.set_theme(theme)

    def _see(self, seen: bool) -> None:
        before, self.seen = self.seen, seen
        if seen and not before and not self.moving:
            self.came_up.emit()

    def arrive(self) -> None:
        """All panels have their places."""
        self.moving = False
        if self.seen:
            self.came_up.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Plain keys mean the same in a panel outside the window."""
        window = self.parent()
        if self.isFloating() and isinstance(window, QMainWindow):
            window.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self.isFloating():  # no system draws an edge around a window with its own title bar
            paint_widget(self, self._paint_edge)

    def _paint_edge(self, painter: QPainter) -> None:
        painter.setPen(self._edge)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def make_menu(self) -> QMenu:
        """Where this panel can go from where it is."""
        menu = QMenu(self.windowTitle(), self)
        window = self.parent()
        for area, text in AREA_NAMES.items():
            if area & self.allowedAreas() and isinstance(window, QMainWindow):
                there = not self.isFloating() and window.dockWidgetArea(self) == area
                said = self.words(Text(text))
                action = menu.addAction(said, lambda area=area: self.move_to(area))
                assert action is not None
                action.setEnabled(not there)
        menu.addSeparator()
        back, out = N_("Put back into the window"), N_("Take out of the window")
        way = Text(back if self.isFloating() else out)
        menu.addAction(self.words(way), lambda: self.setFloating(not self.isFloating()))
        menu.addAction(self.words(Text(N_("Hide"))), self.close)
        return menu

    def move_to(self, area: Area) -> None:
        """Dock at another edge, below or beside what is there."""
        window = self.parent()
        if isinstance(window, QMainWindow):
            self.setFloating(False)
            window.addDockWidget(area, self, Qt.Orientation.Vertical)
            self.show()


def _icon(name: str, colour: str) -> QIcon:
    """Two small drawings: a window taken out of another, and a cross."""
    pixmap = QPixmap(40, 40)
    pixmap.fill(Qt.GlobalColor.transparent)
    with painting(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), 4.0))
        if name == "float":
            painter.drawRect(3, 13, 24, 24)
            corners = ((13, 10), (13, 3), (37, 3), (37, 27), (30, 27))
            painter.drawPolyline(QPolygon([QPoint(x, y) for x, y in corners]))
        else:
            painter.drawLine(5, 5, 35, 35)
            painter.drawLine(35, 5, 5, 35)
    return QIcon(pixmap)
