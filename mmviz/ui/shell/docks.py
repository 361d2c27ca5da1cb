"""The panels around the picture, put where the table of workspaces says.

Panels are moved only from the event loop, never while Qt lays out a resize, and only where they
stand as this module put them: what somebody moved by hand stays.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator, Sequence

from PyQt6 import sip
from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QApplication, QMainWindow, QTabBar, QWidget

from mmviz.state.workspaces import (
    WIDEST,
    Group,
    Place,
    Workspace,
    arranged,
    every_arrangement,
)
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme
from mmviz.ui.shell.dock import AREAS, SIDES, Area, Dock

DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
TAB = 100  # pixels of width that a tab at a side needs, in ordinary type


class Docks:
    """All docks of a window, and the arrangements they take."""

    def __init__(
        self,
        window: QMainWindow,
        centre: QWidget,
        docks: dict[str, Dock],
        workspaces: Sequence[Workspace],
    ) -> None:
        self.window, self.centre, self.all = window, centre, docks
        self.workspaces = {workspace.id: workspace for workspace in workspaces}
        self.now = workspaces[0]
        self._placing = False
        self.layouts: dict[str, bytes] = {}  # of the workspaces that were left
        # Of what is saved: in a layout of another set of docks a new one would have no place.
        self._version = zlib.crc32(" ".join(sorted(docks)).encode()) & 0x7FFF_FFFF
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

    @property
    def workspace(self) -> str:
        """Id of the workspace shown."""
        return self.now.id

    def reset(self) -> None:
        """Every dock of the workspace in its own place."""
        with self._moving():
            self._reset()

    def _reset(self) -> None:
        self._take_down()
        for name, dock in self.all.items():
            dock.setFloating(False)
            dock.setVisible(name in self.now)
        self._show_centre()
        self._place(self._wanted())

    def follow_size(self) -> None:
        """In a small window panels that stand where we put them share their place as tabs."""
        self.limit()
        if not self.window.isVisible():
            return  # it has not its size yet, and Qt leaves bars of tabs behind that it undoes
        wanted, standing = self._wanted(), self._standing()
        if _as_sets(wanted) != standing and standing in map(_as_sets, every_arrangement(self.now)):
            self._place(wanted)

    def give_sizes(self) -> None:
        """The share of the window that suits its size."""
        groups = self._wanted()
        places = {place.panel: place for place in self.now.places}
        for area in ("left", "right", "bottom"):
            firsts = [places[group.panels[0]] for group in groups if group.area == area]
            self._give_heights(firsts)
        widths: dict[str, int] = {}
        for area in ("left", "right"):
            beside = [group for group in groups if group.area == area]
            if beside:
                widths[beside[0].panels[0]] = max(self._width(places, group) for group in beside)
        if not self.now.centre:  # with no picture between them the sides would take its room
            middle = next(group.panels[0] for group in groups if group.area == "bottom")
            widths[middle] = self.window.width() - sum(widths.values())
        self.window.resizeDocks(
            [self.all[name] for name in widths], list(widths.values()), Qt.Orientation.Horizontal
        )

    def is_behind(self, part: QWidget | None) -> bool:
        """Whether it is in a panel behind another tab, or a bar of tabs that Qt left over."""
        if isinstance(part, QTabBar) and part.parent() is self.window:
            return not part.geometry().intersects(self.window.rect())
        while part is not None and not isinstance(part, Dock):
            part = part.parentWidget()
        return part is not None and not part.seen and not part.isFloating()

    def limit(self) -> None:
        """The panels at the sides together leave the picture half of the width.

        And a panel among tabs needs no heading of its own.
        """
        # The panels tell of their hiding while the window goes, too.
        if self._placing or sip.isdeleted(self.window):
            return
        most = self.window.width() // 4
        for dock in self.all.values():
            beside = dock.allowedAreas() == SIDES and not dock.isFloating()
            limited = beside and self.now.centre and not dock.isHidden()  # others keep their width
            tabs = [
                other for other in self.window.tabifiedDockWidgets(dock) if not other.isHidden()
            ]
            least = max(dock.minimumSizeHint().width(), _tabs(1 + len(tabs)))
            dock.setMaximumWidth(max(most, least) if limited else WIDEST)
            dock.bar.show_heading(not tabs)

    def go_to(self, workspace: str) -> None:
        """Another arrangement of the same docks, as it was left; nothing else changes."""
        if workspace == self.workspace or workspace not in self.workspaces:
            return
        self.layouts[self.workspace] = self.saved()
        self.now = self.workspaces[workspace]
        self.restore(self.layouts.get(workspace, b""))

    def all_saved(self) -> dict[str, bytes]:
        """The arrangements of all workspaces that were used."""
        return {**self.layouts, self.workspace: self.saved()}

    def restore_all(self, layouts: dict[str, bytes], workspace: str) -> None:
        """Begin in `workspace`, every workspace arranged as `all_saved` gave it."""
        self.layouts = {name: layouts[name] for name in self.workspaces if name in layouts}
        first = self.workspace
        self.now = self.workspaces.get(workspace, self.now)
        if self.layouts or self.workspace != first:
            self.restore(self.layouts.get(self.workspace, b""))

    def saved(self) -> bytes:
        """The arrangement as it is, for `restore`."""
        return bytes(self.window.saveState(self._version).data())

    def restore(self, layout: bytes) -> None:
        """Take the arrangement `saved` gave; one that is not understood is the workspace's own."""
        with self._moving():
            self._restore(layout)

    def _restore(self, layout: bytes) -> None:
        if not layout:
            self._reset()
            return
        # While they come back one by one, no limit of a few of them may cut what all are given.
        self._placing = True
        self._take_down()  # beside what is shown now the picture could make the window grow
        self._show_centre()  # before the others share the room
        for dock in self.all.values():
            dock.setMaximumWidth(WIDEST)
        done = self.window.restoreState(QByteArray(layout), self._version)
        self._placing = False
        if not done:
            for dock in self.all.values():  # hidden twice, they would come back without their tabs
                dock.show()
            self._reset()
            return
        self.follow_size()

    @contextlib.contextmanager
    def _moving(self) -> Iterator[None]:
        """While panels come and go one by one, each lies on top for a moment: what nobody sees at
        the end did not come up.
        """
        for dock in self.all.values():
            dock.moving = True
        yield
        for dock in self.all.values():
            dock.arrive()

    def set_theme(self, theme: Theme) -> None:
        for dock in self.all.values():
            dock.set_theme(theme)

    def _wanted(self) -> tuple[Group, ...]:
        return arranged(self.now, self.window.width(), self.window.height())

    def _standing(self) -> Groups:
        """The panels of the workspace as they stand."""
        found = set()
        for name, dock in self.all.items():
            if name in self.now and not dock.isFloating():
                tabs = {other.objectName() for other in self.window.tabifiedDockWidgets(dock)}
                panels = frozenset(tab for tab in (name, *tabs) if tab in self.now)
                found.add((self.window.dockWidgetArea(dock), panels))
        return frozenset(found)

    def _place(self, groups: Sequence[Group]) -> None:
        """Put every panel of the workspace anew; what is shown, and who has the keys, stays."""
        focus = QApplication.focusWidget()
        self._placing = True  # every single step tells, and the last one counts
        panels = [(group, self.all[name]) for group in groups for name in group.panels]
        shown = {dock: not dock.isHidden() for _, dock in panels}
        for _, dock in panels:
            self.window.removeDockWidget(dock)
        for group, dock in panels:
            first = self.all[group.panels[0]]
            if dock is first:
                self.window.addDockWidget(AREAS[group.area], dock, Qt.Orientation.Vertical)
            else:
                self.window.tabifyDockWidget(first, dock)
        for dock, was_shown in shown.items():
            dock.setVisible(was_shown)
        for group in groups:
            self.all[group.panels[0]].raise_()
        if focus is not None and focus.isVisible():
            focus.setFocus()
        self._placing = False
        self.limit()
        self.give_sizes()

    def _show_centre(self) -> None:
        """Without its picture it has no height. It is not hidden: beside a hidden centre Qt lets
        the docks at the side grow by a separator whenever it lays them out.
        """
        for child in self.centre.findChildren(QWidget, options=DIRECT):
            child.setVisible(self.now.centre)
        self.centre.setMaximumHeight(WIDEST if self.now.centre else 0)

    def _take_down(self) -> None:
        """Nothing shown: Qt puts the bars of tabs away only of docks that are hidden."""
        for dock in self.all.values():
            dock.hide()
        layout = self.window.layout()
        if layout is not None:
            layout.activate()

    def _width(self, places: dict[str, Place], group: Group) -> int:
        """The widest that one of the group asks for, and room for their tabs."""
        shares = (places[name].width for name in group.panels)
        asked = [share.of(self.window.width()) for share in shares if share]
        tabs = len(group.panels)
        return max([*asked, _tabs(tabs) if tabs > 2 else 1])

    def _give_heights(self, places: Sequence[Place]) -> None:
        """What each panel below another is given; one without a share has what is left."""
        height = self.window.height()
        sizes = {place.panel: place.height.of(height) for place in places if place.height}
        rest = [place.panel for place in places if place.panel not in sizes]
        alone = len(places) < 2 and not (
            self.now.within and self.now.centre and places and places[0].area == "bottom"
        )
        if alone or not sizes:  # nothing beside it to take room from, or to leave it to
            return
        sizes |= dict.fromkeys(rest, (height - sum(sizes.values())) // max(len(rest), 1))
        docks = [self.all[name] for name in sizes]
        self.window.resizeDocks(docks, list(sizes.values()), Qt.Orientation.Vertical)


Groups = frozenset[tuple[Area, frozenset[str]]]


def _tabs(n: int) -> int:
    """Pixels of width that so many tabs need."""
    return round(TAB * fonts.scale()) * n


def _as_sets(groups: Sequence[Group]) -> Groups:
    """Which panels share which place, whatever their order."""
    return frozenset((AREAS[group.area], frozenset(group.panels)) for group in groups)
