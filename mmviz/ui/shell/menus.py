"""What can be done with what is pointed at: go there, race it, sweep it, change it, export it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMenu

from mmviz.errors import passed_on
from mmviz.state import actions
from mmviz.state.race.race import Race, in_full
from mmviz.state.race.ready_made import ready_made
from mmviz.state.session import Session
from mmviz.text import N_, Text
from mmviz.ui.look.thing_menus import ThingMenus
from mmviz.ui.look.things import HasThings, Thing
from mmviz.ui.shell.controller import Controller
from mmviz.words.products import layer_name


class Menus(QObject):
    """A panel knows what is where, the menu what can be done with it, the controller how."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self.controller, self.window = controller, controller.window
        self.menus = ThingMenus(self.window, lambda: self.window.words, self._more)

    def _more(self, menus: ThingMenus, menu: QMenu, source: HasThings, thing: Thing) -> None:
        menu.addSeparator()
        self._ways(menu, thing)
        if thing.kind == "layer" and thing.layer is not None:
            menu.addSeparator()
            self._layer(menu, thing.layer)
        if part := source.part:
            window = self.window
            menu.addSeparator()
            menus.add(menu, Text(N_("Export …")), lambda: window.export_asked.emit(part))
            menus.add(menu, Text(N_("Copy as picture")), lambda: window.copy_asked.emit(part))

    def _ways(self, menu: QMenu, thing: Thing) -> None:
        """Elsewhere in time, in the pass, in the sweep; and the race."""
        controller = self.controller
        if thing.point is not None:
            self._point(menu, thing.name, *thing.point)
        if thing.kind == "tile" and thing.start is None:
            return  # a number of X or W
        if thing.product is None and thing.kind != "tile":
            return
        self.menus.add(menu, Text(N_("Go to its start")), lambda: self._go(thing))
        session = controller.session
        network = session.network.layered
        if network is None:
            self.menus.add(menu, Text(N_("Open alone")), lambda: self._alone(thing))
        self._races(menu, thing)
        if network is not None:
            self.menus.add(menu, Text(N_("Sweep the batch")), lambda: self._sweep(None))
        if network is not None:
            product = session.product if thing.product is None else thing.product
            layer = network.lower(session.batch, session.training)[product].layer
            said = N_("Sweep the width of {layer}")
            name = layer_name(network.layers, layer)
            self.menus.add(menu, Text(said, layer=name), lambda: self._sweep(layer))

    def _point(
        self, menu: QMenu, name: Text, batch: int, layer: int | None, width: int | None
    ) -> None:
        """A point of a sweep."""
        controller = self.controller

        def entered(now: Session) -> Session:
            return actions.enter(now, batch, layer, width)

        def pinned(pin: int) -> Callable[[Session], Session]:
            return lambda now: actions.set_sweep(now, now.sweep.pinned(pin, batch, width))

        self.menus.add(menu, Text(N_("Go to this pass")), lambda: controller.edit("", entered))
        for pin, sign in enumerate("AB"):
            said = Text(N_("Pin as {pin}"), pin=sign)
            self.menus.add(menu, said, lambda pin=pin: controller.edit("", pinned(pin)))
        against = Text(N_("Race against {point}"), point=name)
        self.menus.add(
            menu, against, lambda: controller.open_race(lambda now: Race(now, entered(now)))
        )

    def _races(self, menu: QMenu, thing: Thing) -> None:
        """The product, as it is, against something else."""
        try:
            session = in_full(self._at(thing))
            found = ready_made(session)
        except Exception as error:  # a device whose file is gone: the menu opens all the same
            passed_on(error)
            return
        against = self.menus.add_menu(menu, Text(N_("Race")))
        for ready in found:
            self.menus.add(against, ready.name, lambda make=ready.make: self._race(thing, make))

    def _layer(self, menu: QMenu, layer: int) -> None:
        panel, last = self.window.network, len(self.controller.session.layered.layers) - 1
        insert = Text(N_("Insert a layer behind\tInsert"))
        self.menus.add(menu, insert, lambda: panel.insert_asked.emit(layer + 1))
        for text, by, can in (
            (N_("Move up"), -1, layer > 0),
            (N_("Move down"), 1, layer < last),
        ):
            move = self.menus.add(
                menu, Text(text), lambda by=by: panel.move_asked.emit(layer, layer + by)
            )
            move.setEnabled(can)
        remove = self.menus.add(
            menu, Text(N_("Remove\tDelete")), lambda: panel.remove_asked.emit(layer)
        )
        remove.setEnabled(last > 0)

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
