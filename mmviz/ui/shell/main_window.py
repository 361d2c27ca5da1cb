"""The window: panels in their places. It shows; deciding is left to the controller."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QChildEvent, QEvent, QObject, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSizePolicy,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.playback import Playback
from mmviz.state.snapshot import Snapshot
from mmviz.state.workspaces import CLOCK, WIDEST, WORKSPACES, Workspace
from mmviz.text import N_, Text
from mmviz.ui.clock.history import HistoryWindow
from mmviz.ui.clock.panel import TimingPanel
from mmviz.ui.clock.parts import PartsPanel
from mmviz.ui.device.editor import DeviceEditor
from mmviz.ui.help.window import HelpWindow
from mmviz.ui.lessons.card import CardPanel
from mmviz.ui.lessons.listed import LessonsPanel
from mmviz.ui.lessons.veil import Veil
from mmviz.ui.look import fonts
from mmviz.ui.look.notice import Notice
from mmviz.ui.look.ring import FocusRing
from mmviz.ui.look.scrolled import Scrolled
from mmviz.ui.look.style import palette, style_sheet
from mmviz.ui.look.tell import Told, tell, tell_again
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import lead
from mmviz.ui.look.working import Working
from mmviz.ui.network.network import NetworkPanel
from mmviz.ui.network.strip import ProductStrip
from mmviz.ui.peak.advice import AdvicePanel
from mmviz.ui.peak.facts import FactsPanel
from mmviz.ui.peak.layers import LayersPanel
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.recording.controls import RecordingControls
from mmviz.ui.recording.pair import PairPanel
from mmviz.ui.shell.apart import Apart
from mmviz.ui.shell.commands import make_actions
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.docked import DOCKED, Docked, placed
from mmviz.ui.shell.docks import Docks
from mmviz.ui.shell.keys import Keys
from mmviz.ui.shell.panels import PANELS, Moves, Shows
from mmviz.ui.shell.top_bar import TopBar
from mmviz.ui.shell.view_menu import ViewMenu
from mmviz.ui.shell.views import Views, name_of
from mmviz.ui.sweep.panel import SweepPanel
from mmviz.ui.timeline.pass_canvas import PassCanvas
from mmviz.ui.timeline.transport import Transport
from mmviz.ui.timeline.units_canvas import UnitsCanvas
from mmviz.words.speech import ENGLISH, Words

LOW = 860  # below this height the pass over time leaves its place to the picture


class MainWindow(QMainWindow):
    """Everything visible; `key_sought` (0 … 1) and `product_stepped` (±1) come from plain keys."""

    key_sought = pyqtSignal(float)
    product_stepped = pyqtSignal(int)
    workspace_changed = pyqtSignal(str)
    export_asked = pyqtSignal(str)  # a part of `state.export.PARTS`, into a file
    copy_asked = pyqtSignal(str)  # the same, onto the clipboard
    first_painted = pyqtSignal()  # whatever takes its time can begin
    closing = pyqtSignal()

    network: NetworkPanel
    advice: AdvicePanel
    strip: ProductStrip
    picture: PictureCanvas
    passes: PassCanvas
    units: UnitsCanvas
    transport: Transport
    timing: TimingPanel
    parts: PartsPanel
    pair: PairPanel
    recording_controls: RecordingControls
    commands: dict[str, QAction]
    sweep: SweepPanel
    layers: LayersPanel
    card: CardPanel
    facts: FactsPanel

    def __init__(
        self,
        theme: Theme,
        *,
        reduced_motion: bool = False,
        docked: Sequence[Docked] = DOCKED,
        workspaces: Sequence[Workspace] = WORKSPACES,
    ) -> None:
        QApplication.setFont(fonts.words())  # before anything is made that has words
        super().__init__()
        self.words = ENGLISH
        self.reduced_motion = reduced_motion  # nothing may play by itself
        self._painted = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.first_painted)
        # Docks put into one place while Qt still lays out a resize have crashed it.
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.timeout.connect(lambda: self.docks.follow_size())
        self.docked, self.workspaces = docked, placed(workspaces, docked)
        self.setObjectName("mmviz")
        self.setWindowTitle("mmviz")
        self.named = tuple(one for one in self.workspaces if not one.within)
        self.commands = make_actions(self, self.named)
        for action in self.commands.values():
            self.addAction(action)
        self.keys = Keys(self)
        self.top = TopBar(self.commands, self.named)
        self.network = NetworkPanel()
        self.advice = AdvicePanel()
        self.strip = ProductStrip()
        self.strip.lamp.still = reduced_motion
        self.picture = PictureCanvas()
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.passes = PassCanvas()
        self.units = UnitsCanvas()
        self.transport = Transport(self.commands)
        self.timing = TimingPanel()
        self.parts = PartsPanel()
        self.pair, self.recording_controls = PairPanel(), RecordingControls()
        self.sweep = SweepPanel()
        self.sweep.offer_room(N_("more room: Ctrl+2"), lambda: self.docks.workspace != CLOCK.id)
        self.sweep.roomier.connect(lambda: self.go_to(CLOCK.id))
        self.facts = FactsPanel()
        self.layers = LayersPanel()
        self.card = CardPanel()
        self.working = Working(self)
        self.notice = Notice(self, self.working)
        self.notice.field = self.keys.field
        self.notice.left.connect(self.rest)
        self.first_painted.connect(self.notice.say)  # what was said so far lies on top
        edits = (self.commands["save_device"], self.commands["device_to_file"])
        self.device_editor = DeviceEditor(*edits, parent=self)
        self.device_editor.addActions([self.commands["undo"], self.commands["redo"]])
        made = {entry.id: entry.make(self) for entry in docked}
        self._arrange(made)
        self._name_workspace()
        self.panels: dict[str, Shows] = {panel.part.id: panel.find(self) for panel in PANELS}
        self.view_parts = [panel.part for panel in PANELS]
        self._added: list[Any] = []  # panels that `docked` brings along
        for entry in docked:
            if entry.part is not None:
                self._added.append(made[entry.id])
                self.panels[entry.part.id] = self._added[-1]
                self.view_parts.append(entry.part)
        self.apart = Apart(self.notice)
        self.views = Views(self.panels, self._late_docks(), self.apart)
        self.view_menu = ViewMenu(self)
        self.set_theme(theme)
        self.view_menu.follow()
        self.workspace_changed.connect(lambda _: self.notice.follow())
        self.keys.plain.heed_choices()
        self.keys.escapes += [self.notice.dismiss, self._leave_full_screen]
        self.rest()

    def sizeHint(self) -> QSize:
        return QSize(1680, 1050)

    def set_theme(self, theme: Theme, choice: str = "") -> None:
        """Dark or light, everywhere at once; `choice` is "system" where the system made it."""
        self.theme, self.theme_choice = theme, choice or theme.name
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(palette(theme))
        sheet = style_sheet(theme)
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        parts = (
            self.network,
            self.advice,
            self.strip,
            self.picture,
            self.passes,
            self.units,
            self.transport,
            self.timing,
            self.parts,
            self.sweep,
            self.facts,
            self.layers,
            self.docks,
            self.working,
            *self._added,
            *self.findChildren(LessonsPanel),
            *self.findChildren(Veil),
            self.card,
            *self.findChildren(RaceWindow),
            *self.findChildren(HelpWindow),
            *self.findChildren(HistoryWindow),
        )
        self._each("theme", parts, lambda part: part.set_theme(theme))

    def set_words(self, words: Words) -> None:
        """Another language, everywhere at once."""
        self.words = words
        everything = (self, *self.findChildren(QObject))
        self._each("told", everything, lambda thing: tell_again(thing, words))
        told = (part for part in everything if isinstance(part, Told))
        self._each("words", told, lambda part: part.set_words(words))
        self._measure_top()  # its texts may be longer now

    def show_view(self, title: Text) -> None:
        """What the window is called."""
        tell(self, self.words, title=title)

    def follow(self, before: Snapshot, after: Snapshot) -> None:
        """Hand each panel its own view, where it is another one; a late one once it is seen."""
        self.views.follow(before, after)

    def show_moment(self, playback: Playback, frame: Frame | None) -> None:
        """Follow the clock."""
        at = playback.position
        if frame is not None:
            self._each("moment", (self.picture, self.units), lambda part: part.show_frame(frame))
        self._each("moment", (self.passes, self.strip), lambda part: part.show_position(at))
        moving = (self.transport, *(part for part in self._added if isinstance(part, Moves)))
        self._each("moment", moving, lambda part: part.show_playback(playback))

    def _each(self, what: str, parts: Iterable[Any], work: Callable[[Any], object]) -> None:
        """The same work with each part; one that fails leaves the others whole."""
        for part in parts:
            name, its_work = functools.partial(name_of, part), functools.partial(work, part)
            self.apart.do((what, id(part)), name, its_work)

    def _arrange(self, made: Mapping[str, QWidget]) -> None:
        self.setMenuWidget(self.top)
        self.centre = QWidget()
        self.centre.setObjectName("centre")
        FocusRing(self.picture, self.centre)
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(18, 4, 18, 4)
        column.addWidget(self.picture)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.passes.hide()  # until the window has its size: a low one has no room
        self.units.setMaximumHeight(WIDEST)  # the dock gives it what it has
        self.transport.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.network.setMinimumWidth(180)
        self.advice.setMinimumWidth(180)
        self.facts.setMinimumWidth(210)
        docks: dict[str, Dock] = {}
        first = self.workspaces[0]
        before = {place.panel for place in first.places if place.area in ("left", "top")}
        for entry in self.docked:
            if self.centralWidget() is None and entry.id not in before:
                self.setCentralWidget(self.centre)  # Tab meets the picture among its panels
            docks[entry.id] = Dock(
                self,
                entry.id,
                entry.title,
                Scrolled(made[entry.id], entry.title) if entry.scrolls else made[entry.id],
                entry.areas,
                beside=None if entry.bar is None else entry.bar(self),
                headed=entry.headed,
                ground=entry.ground,
            )
        self.docks = Docks(self, self.centre, docks, self.workspaces)

    def _late_docks(self) -> dict[str, Dock]:
        """The dock of each panel whose view is made only when it is seen."""
        found: dict[str, Dock] = {}
        for entry in self.docked:
            dock = self.docks.all[entry.id]
            if entry.late:
                inside: set[object] = {dock.widget(), *dock.findChildren(QWidget)}
                found |= {id: dock for id, panel in self.panels.items() if panel in inside}
        return found

    def settle(self) -> None:
        """Give every panel the share that suits the window's size."""
        self._measure_top()
        self.docks.follow_size()
        self.docks.give_sizes()
        self.advice.settle()
        # What is first painted is laid out, too: else the bar has its texts over one another.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def go_to(self, workspace: str) -> None:
        """Picture or Clock: another arrangement of the same panels over the same session."""
        self.docks.go_to(workspace)
        self.rest()
        self.follow_workspace()

    def _name_workspace(self) -> None:
        """One button leads, whichever panels are shown."""
        now = self.docks.now
        self.top.show_workspace(now.title)
        lead(self.top.run, now.leads == "run")
        lead(self.recording_controls.record, now.leads == "record")

    def follow_workspace(self) -> None:
        """Whatever names the workspace names the one that is shown."""
        self._name_workspace()
        self.workspace_changed.emit(self.docks.workspace)

    def rest(self) -> None:
        """No field has the focus: the plain keys are the transport's."""
        self.keys.rest()

    def fill_screen(self, on: bool) -> None:
        """The whole screen, without a frame, or as it was before."""
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave_full_screen(self) -> bool:
        full = self.isFullScreen()
        self.fill_screen(False)
        return full

    def set_large(self, on: bool) -> None:
        """Large type, or ordinary: every face in the window."""
        factor = fonts.set_large(on)
        faces = [(part, part.font()) for part in (self, *self.findChildren(QWidget))]
        QApplication.setFont(fonts.words())  # for what is made from now on
        self.setStyleSheet("")  # under a style sheet faces are not reliably passed on to children
        for part, font in faces:
            font.setPointSizeF(font.pointSizeF() * factor)
            part.setFont(font)
        self.set_theme(self.theme, self.theme_choice)
        self._measure_top()

    def _measure_top(self) -> None:
        """How wide the top bar has to be, with what it can spare and without."""
        self.setMinimumWidth(self.top.give_way.measure())
        self._give_way()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._give_way()
        self._resized.start()

    def _give_way(self) -> None:
        """In a small window what can be had elsewhere gives its place to the rest."""
        self.top.give_way.fit(self.width())
        self.passes.setVisible(self.height() >= LOW)  # the strip shows the products too

    def childEvent(self, event: QChildEvent | None) -> None:
        """Qt makes the tabs of docks itself: the one place to name them is here."""
        super().childEvent(event)
        tabs = event.child() if event is not None and event.polished() else None
        if isinstance(tabs, QTabBar):
            tell(tabs, self.words, name=N_("Panels in one place"))
            tabs.setDrawBase(False)
            tabs.setUsesScrollButtons(False)
            tabs.setElideMode(Qt.TextElideMode.ElideRight)
            self.setTabOrder(self.top.help, tabs)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab passes over what lies behind another tab: Qt keeps it beside the window."""
        for _ in range(len(self.findChildren(QWidget))):
            if not super().focusNextPrevChild(next):
                return False
            if not self.docks.is_behind(QApplication.focusWidget()):
                return True
        return False

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.WindowStateChange:
            self.commands["full_screen"].setChecked(self.isFullScreen())  # the system may do it

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self._soon.start()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not self.keys.press(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self.keys.finish_entry()
        self._soon.stop()
        self._resized.stop()
        self.closing.emit()
        for part in self.findChildren(QWidget):
            part.blockSignals(True)  # hidden, a field tells of its entry, and nobody is there
        super().closeEvent(event)
