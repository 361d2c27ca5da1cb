"""Menus about what is pointed at, and, by the menu key, about what the keyboard stands at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF
from PyQt6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence, QShortcut
from PyQt6.QtWidgets import QAbstractScrollArea, QApplication, QMenu

from mmviz.errors import passed_on
from mmviz.state import actions
from mmviz.state.race.race import Race, in_full
from mmviz.state.race.ready_made import ready_made
from mmviz.state.session import Session
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import tell
from mmviz.ui.look.things import HasThings, Thing
from mmviz.ui.shell.controller import Controller
from mmviz.units import plain
from mmviz.words.products import layer_name

KEYS = "Shift+F10"  # beside the key made for it, which the system turns into the same event
LONGEST = 40  # characters of a value that a menu has room for


class Menus(QObject):
    """Finds every part of the window that has things, later ones too, and offers what can be done.

    A panel knows what is where, the menu what can be done with it, the controller how.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        found = (x for x in self.window.findChildren(QObject) if hasattr(x, "thing_at"))
        self.sources = [cast(HasThings, source) for source in found]
        self._of: dict[QObject, HasThings] = {}
        for source in self.sources:
            ground = source.ground
            parts = [ground]
            if isinstance(ground, QAbstractScrollArea) and (inside := ground.viewport()):
                parts.append(inside)
            for part in parts:
                self._of[part] = source
                part.installEventFilter(self)
        by_key = QShortcut(QKeySequence(KEYS), self.window)
        by_key.activated.connect(self.open_at_hand)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if watched is None or not isinstance(event, QContextMenuEvent):
            return False
        source = self._of.get(watched)
        if source is None:
            return False
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._open_at_hand(source)
        else:
            thing = source.thing_at(QPointF(event.pos()))
            if thing is not None:
                self._open(source, thing, event.globalPos())
        return True

    def open_at_hand(self) -> None:
        """About what the keyboard stands at, in the part that has the focus."""
        source = self._of.get(QApplication.focusWidget() or self.window)
        if source is not None:
            self._open_at_hand(source)

    def _open_at_hand(self, source: HasThings) -> None:
        found = source.thing_at_hand()
        if found is not None:
            thing, place = found
            ground = source.ground
            if isinstance(ground, QAbstractScrollArea) and (inside := ground.viewport()):
                ground = inside
            self._open(source, thing, ground.mapToGlobal(place))

    def _open(self, source: HasThings, thing: Thing, at: QPoint) -> None:
        menu = self.menu_of(source, thing)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_of(self, source: HasThings, thing: Thing) -> QMenu:
        """What can be done with a thing; whoever asks shows it, and puts it away."""
        menu = QMenu(self.window)
        menu.setObjectName("thing")
        head = self._add(menu, thing.name, None)
        head.setFont(fonts.words(fonts.SMALL, bold=True))  # a name keeps its letters
        head.setEnabled(False)
        self._copies(menu, thing)
        menu.addSeparator()
        self._ways(menu, thing)
        if thing.kind == "layer" and thing.layer is not None:
            menu.addSeparator()
            self._layer(menu, thing.layer)
        if source.part:
            menu.addSeparator()
            self._exports(menu, source.part)
        return menu

    def _copies(self, menu: QMenu, thing: Thing) -> None:
        if thing.value:
            value = plain(self.window.words(thing.value))
            shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
            said = Text(N_("Copy value\t{value}"), value=shown)
            self._add(menu, said, lambda: _copy(value))
        if thing.row:
            cells = [plain(self.window.words(part)) for part in thing.row]
            self._add(menu, Text(N_("Copy row")), lambda: _copy("\t".join(cells)))

    def _ways(self, menu: QMenu, thing: Thing) -> None:
        """Elsewhere in time, in the pass, in the sweep; and the race."""
        controller = self.controller
        if thing.point is not None:
            self._point(menu, thing.name, *thing.point)
        if thing.kind == "tile" and thing.start is None:
            return  # a number of X or W
        if thing.product is None and thing.kind != "tile":
            return
        self._add(menu, Text(N_("Go to its start")), lambda: self._go(thing))
        session = controller.session
        network = session.network.layered
        if network is None:
            self._add(menu, Text(N_("Open alone")), lambda: self._alone(thing))
        self._races(menu, thing)
        if network is not None:
            self._add(menu, Text(N_("Sweep the batch")), lambda: self._sweep(None))
        if network is not None:
            product = session.product if thing.product is None else thing.product
            layer = network.lower(session.batch, session.training)[product].layer
            said = N_("Sweep the width of {layer}")
            name = layer_name(network.layers, layer)
            self._add(menu, Text(said, layer=name), lambda: self._sweep(layer))

    def _point(
        self, menu: QMenu, name: Text, batch: int, layer: int | None, width: int | None
    ) -> None:
        """A point of a sweep."""
        controller = self.controller

        def entered(now: Session) -> Session:
            return actions.enter(now, batch, layer, width)

        def pinned(pin: int) -> Callable[[Session], Session]:
            return lambda now: actions.set_sweep(now, now.sweep.pinned(pin, batch, width))

        self._add(menu, Text(N_("Go to this pass")), lambda: controller.edit("", entered))
        for pin, sign in enumerate("AB"):
            said = Text(N_("Pin as {pin}"), pin=sign)
            self._add(menu, said, lambda pin=pin: controller.edit("", pinned(pin)))
        against = Text(N_("Race against {point}"), point=name)
        self._add(menu, against, lambda: controller.open_race(lambda now: Race(now, entered(now))))

    def _races(self, menu: QMenu, thing: Thing) -> None:
        """The product, as it is, against something else."""
        try:
            session = in_full(self._at(thing))
            found = ready_made(session)
        except Exception as error:  # a device whose file is gone: the menu opens all the same
            passed_on(error)
            return
        against = QMenu(self.window.words(Text(N_("Race"))), menu)
        for ready in found:
            self._add(against, ready.name, lambda make=ready.make: self._race(thing, make))
        menu.addMenu(against)

    def _layer(self, menu: QMenu, layer: int) -> None:
        panel, last = self.window.network, len(self.controller.session.layered.layers) - 1
        insert = Text(N_("Insert a layer behind\tInsert"))
        self._add(menu, insert, lambda: panel.insert_asked.emit(layer + 1))
        for text, by, can in (
            (N_("Move up"), -1, layer > 0),
            (N_("Move down"), 1, layer < last),
        ):
            move = self._add(
                menu, Text(text), lambda by=by: panel.move_asked.emit(layer, layer + by)
            )
            move.setEnabled(can)
        remove = self._add(menu, Text(N_("Remove\tDelete")), lambda: panel.remove_asked.emit(layer))
        remove.setEnabled(last > 0)

    def _exports(self, menu: QMenu, part: str) -> None:
        window = self.window
        self._add(menu, Text(N_("Export …")), lambda: window.export_asked.emit(part))
        self._add(menu, Text(N_("Copy as picture")), lambda: window.copy_asked.emit(part))

    # --- what is done ---------------------------------------------------------------------------

    def _at(self, thing: Thing) -> Session:
        """The session that looks at the thing."""
        session = self.controller.session
        if thing.product is None:
            return session
        return actions.select_product(session, thing.product)

    def _go(self, thing: Thing) -> None:
        controller = self.controller
        if thing.product is not None:
            controller.look_at(thing.product)
        start = thing.start or 0.0
        controller.set_playback(replace(controller.playback, position=start, playing=False))

    def _alone(self, thing: Thing) -> None:
        if thing.product is not None:
            self.controller.look_at(thing.product)
        self.window.network.alone_asked.emit()

    def _race(self, thing: Thing, make: Callable[[Session], Race]) -> None:
        if thing.product is not None:
            self.controller.look_at(thing.product)
        self.controller.open_race(make)

    def _sweep(self, layer: int | None) -> None:
        """Sweep the width of a layer, or the batch, and show it."""

        def swept(session: Session) -> Session:
            axis = "batch" if layer is None else "width"
            choice = replace(session.sweep, axis=axis, layer=layer or 0, widths=(0, 0))
            return actions.set_sweep(session, choice)

        self.controller.edit("", swept)
        dock = self.window.docks.all["sweep"]
        dock.show()
        dock.raise_()

    def _add(self, menu: QMenu, text: Text, slot: Callable[..., object] | None) -> QAction:
        action = tell(QAction(menu), self.window.words, text=text)
        if slot is not None:
            action.triggered.connect(lambda _=False: slot())
        menu.addAction(action)
        return action


def _copy(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
