"""The panels around the picture, and the arrangements they take."""

from __future__ import annotations

from PyQt6 import sip
from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QMainWindow, QWidget

from mmviz.ui.look.theme import Theme
from mmviz.ui.shell.dock import BESIDE_TIMING, SIDES, Area, Dock

PICTURE, CLOCK = "picture", "clock"
WORKSPACES = (PICTURE, CLOCK)
NARROW = 1400  # below this the panels at the sides share one as tabs
LOW = 800  # below this the panels under the picture share one place as tabs, those left too
LAYOUT_VERSION = 2  # of what saveState writes: another set of docks is another version
THREE_TABS = 300  # pixels of width that three tabs at a side need
UNLIMITED = 16_777_215  # Qt's own largest size


class Docks:
    """All docks of a window, and the arrangements they take."""

    def __init__(self, window: QMainWindow, centre: QWidget, docks: dict[str, Dock]) -> None:
        self.window, self.centre, self.all = window, centre, docks
        self.workspace = PICTURE
        self.tabbed = False  # by us, because the window is narrow
        self.stacked = False  # by us, because the window is low
        self.piled = False  # network and advice, for the same reason
        self.parted = False  # the sweep above live timing, in a Clock with room for both
        self.layouts: dict[str, bytes] = {}  # of the workspaces that were left
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks)  # and nothing animated
        for corner, area in (
            (Qt.Corner.TopLeftCorner, Area.LeftDockWidgetArea),
            (Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea),
            (Qt.Corner.TopRightCorner, Area.RightDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)
        for dock in docks.values():
            for moved in (dock.topLevelChanged, dock.dockLocationChanged, dock.visibilityChanged):
                moved.connect(lambda _: self.limit())
        self.reset()

    def reset(self) -> None:
        """Every dock of the workspace in its own place."""
        window, docks = self.window, self.all
        self._take_down()
        for name, area in (
            ("network", Area.LeftDockWidgetArea),
            ("advice", Area.LeftDockWidgetArea),
            ("facts", Area.RightDockWidgetArea),
            ("strip", Area.TopDockWidgetArea),
            ("time", Area.BottomDockWidgetArea),
            ("timing", Area.BottomDockWidgetArea),
            *((name, Area.BottomDockWidgetArea) for name in BESIDE_TIMING),
        ):
            dock = docks[name]
            dock.setFloating(False)
            window.removeDockWidget(dock)
            window.addDockWidget(area, dock, Qt.Orientation.Vertical)
            dock.setVisible(self.workspace == PICTURE or name not in ("strip", "time"))
        self._gather()
        self.centre.setVisible(self.workspace == PICTURE)
        self.tabbed = self.stacked = self.piled = self.parted = False
        self.follow_size()
        self.give_sizes()

    def _gather(self) -> None:
        """What stands beside live timing goes where that is."""
        for name in BESIDE_TIMING:
            self.window.tabifyDockWidget(self.all["timing"], self.all[name])
        self.all["timing"].raise_()

    def _part(self, apart: bool) -> None:
        """The sweep above live timing, or one of the tabs beside it, where nobody moved them."""
        window, sweep, timing = self.window, self.all["sweep"], self.all["timing"]
        below = Area.BottomDockWidgetArea
        docks = [timing, *(self.all[name] for name in BESIDE_TIMING)]
        if any(dock.isFloating() or window.dockWidgetArea(dock) != below for dock in docks):
            return
        self.parted = apart
        shown = {dock: not dock.isHidden() for dock in docks}
        for dock in docks:
            window.removeDockWidget(dock)
        for dock in (sweep, timing) if apart else (timing, sweep):
            window.addDockWidget(below, dock, Qt.Orientation.Vertical)
        for dock in docks[1:]:
            if dock is not sweep or not apart:
                window.tabifyDockWidget(timing, dock)
        for dock, was_shown in shown.items():
            dock.setVisible(was_shown)
        timing.raise_()
        self.give_sizes()

    def _take_down(self) -> None:
        """Nothing shown: Qt puts the bars of tabs away only of docks that are hidden."""
        for dock in self.all.values():
            dock.hide()
        layout = self.window.layout()
        if layout is not None:
            layout.activate()

    def give_sizes(self) -> None:
        """The share of the window that suits its size."""
        window, docks = self.window, self.all
        width, height = window.width(), window.height()
        left = min(max(196, width * 15 // 100), 320)
        right = min(max(226, width * 17 // 100), 360)
        if self.tabbed and self.piled:
            right = max(right, THREE_TABS)
        window.resizeDocks(
            [docks["network"], docks["facts"]],
            [right if self.tabbed else left, right],
            Qt.Orientation.Horizontal,
        )
        layers = min(max(610, height // 2), height * 62 // 100)  # a few of them, and their editor
        window.resizeDocks(
            [docks["network"], docks["advice"]], [layers, height - layers], Qt.Orientation.Vertical
        )
        if self.workspace == CLOCK:  # with no picture between them the sides would take its room
            side = max(right, THREE_TABS * self.piled)
            middle, sizes = [docks["network"], docks["timing"]], [side, width - side]
            if not self.tabbed:
                middle, sizes = [*middle, docks["facts"]], [left, width - left - right, right]
            window.resizeDocks(middle, sizes, Qt.Orientation.Horizontal)
        if self.parted:
            sizes = [height * 50 // 100, height * 40 // 100]
            window.resizeDocks([docks["sweep"], docks["timing"]], sizes, Qt.Orientation.Vertical)
            return
        below = min(max(150, height * 20 // 100), 440)
        window.resizeDocks(
            [docks["time"], docks["timing"]],
            [min(max(130, height * 19 // 100), 260), below],
            Qt.Orientation.Vertical,
        )

    def follow_size(self) -> None:
        """In a small window panels that stand where we put them share their place as tabs."""
        self.limit()
        if not self.window.isVisible():
            return  # it has not its size yet, and Qt leaves bars of tabs behind that it undoes
        roomy = self.workspace == CLOCK and self.window.height() >= LOW
        if roomy != self.parted:
            self._part(roomy)
        narrow = self.window.width() < NARROW
        low = self.window.height() < LOW and self.workspace == PICTURE
        sides = (Area.LeftDockWidgetArea, Area.RightDockWidgetArea)
        below = (Area.BottomDockWidgetArea, Area.BottomDockWidgetArea)
        if narrow != self.tabbed and self._share("network", "facts", sides, narrow):
            self.tabbed = narrow
            self.give_sizes()
        left = (Area.LeftDockWidgetArea, Area.LeftDockWidgetArea)
        short = self.window.height() < LOW
        if short != self.piled and self._share("network", "advice", left, short):
            self.piled = short
            self.give_sizes()
        if low != self.stacked and self._share("time", "timing", below, low):
            self.stacked = low
            self.give_sizes()

    def _share(self, first: str, second: str, places: tuple[Area, Area], share: bool) -> bool:
        """Put two docks into one place, or the second back into its own; False: they were moved."""
        window, one, other = self.window, self.all[first], self.all[second]
        if one.isFloating() or other.isFloating():
            return False
        shown = not other.isHidden()
        beside = [self.all[name] for name in BESIDE_TIMING] if second == "timing" else []
        with_it = [dock for dock in beside if dock in window.tabifiedDockWidgets(other)]
        if share and (window.dockWidgetArea(one), window.dockWidgetArea(other)) == places:
            window.tabifyDockWidget(one, other)
        elif not share and other in window.tabifiedDockWidgets(one):
            window.removeDockWidget(other)
            window.addDockWidget(places[1], other, Qt.Orientation.Vertical)
            other.setVisible(shown)
        else:
            return False
        for dock in with_it:
            window.tabifyDockWidget(other, dock)
        other.raise_()
        one.raise_()
        return True

    def limit(self) -> None:
        """The panels at the sides together leave the picture half of the width.

        And a panel among tabs needs no heading of its own.
        """
        if sip.isdeleted(self.window):  # its panels tell of their hiding while it goes
            return
        most = self.window.width() // 4
        for dock in self.all.values():
            beside = dock.allowedAreas() == SIDES and not dock.isFloating()
            limited = beside and self.workspace == PICTURE
            room = max(most, dock.minimumSizeHint().width()) if limited else UNLIMITED
            dock.setMaximumWidth(room)
            tabs = [
                other for other in self.window.tabifiedDockWidgets(dock) if not other.isHidden()
            ]
            dock.bar.show_heading(not tabs)

    def go_to(self, workspace: str) -> None:
        """Another arrangement of the same docks, as it was left; nothing else changes."""
        if workspace == self.workspace or workspace not in WORKSPACES:
            return
        self.layouts[self.workspace] = self.saved()
        self.workspace = workspace
        self.restore(self.layouts.get(workspace, b""))

    def all_saved(self) -> dict[str, bytes]:
        """The arrangements of all workspaces that were used."""
        return {**self.layouts, self.workspace: self.saved()}

    def restore_all(self, layouts: dict[str, bytes], workspace: str) -> None:
        """Begin in `workspace`, every workspace arranged as `all_saved` gave it."""
        self.layouts = {name: layouts[name] for name in WORKSPACES if name in layouts}
        if workspace in WORKSPACES:
            self.workspace = workspace
        if self.layouts or self.workspace != PICTURE:
            self.restore(self.layouts.get(self.workspace, b""))

    def saved(self) -> bytes:
        """The arrangement as it is, for `restore`."""
        return bytes(self.window.saveState(LAYOUT_VERSION).data())

    def restore(self, layout: bytes) -> None:
        """Take the arrangement `saved` gave; one that is not understood is the workspace's own."""
        self.centre.setVisible(self.workspace == PICTURE)  # before the others share the room
        self._take_down()
        if not layout or not self.window.restoreState(QByteArray(layout), LAYOUT_VERSION):
            self.reset()
            return
        network, facts = self.all["network"], self.all["facts"]
        self.tabbed = facts in self.window.tabifiedDockWidgets(network)
        self.piled = self.all["advice"] in self.window.tabifiedDockWidgets(network)
        timing = self.all["timing"]
        self.stacked = timing in self.window.tabifiedDockWidgets(self.all["time"])
        self.parted = self.all["sweep"] not in self.window.tabifiedDockWidgets(timing)
        self.follow_size()

    def set_theme(self, theme: Theme) -> None:
        for dock in self.all.values():
            dock.set_theme(theme)
