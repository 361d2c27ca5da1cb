"""How long the window stands still, action by action: the longest blocks of its event loop.

    uv run python benchmarks/blocks.py [--walk W] [--most N] [--seconds S]

The real window on Qt's offscreen platform, all panels, 1680×1050. Every action goes the way it goes
when it is clicked; the next one follows once nothing is worked at any more. A timer of 2 ms beats
in the event loop: the longest pause between two beats is the block. `cpu` is what the window's
thread computed in it; a block that is much longer than that waited, for another thread of
mmviz (Python runs one at a time) or for other programs. `all` is until the action's result was
shown. Milliseconds are of this computer.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.core.schedule.orders import orders_of
from mmviz.core.shapes.network import Dense, Network
from mmviz.core.shapes.products import MAX_PRODUCTS
from mmviz.files import networks
from mmviz.files.devices import device_ids
from mmviz.files.networks import NetworkFile
from mmviz.state import actions
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.race.ready_made import ready_made
from mmviz.state.race.views import WHOLE_PASS
from mmviz.state.session import device_of, open_file
from mmviz.state.sweep.chart import EXAMPLE, PASS, PEAK
from mmviz.state.sweep.choice import AXES, SweepChoice
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application, build
from mmviz.ui.start.collecting import Collecting

BEAT_MS = 2
LARGE = 16_777_216
Step = tuple[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Block:
    """Milliseconds of the longest pause of an action, the thread's part of it, and of all of it."""

    action: str
    longest: float
    cpu: float
    whole: float


class Beats:
    """The event loop's heart; `pause` is the longest since `begin`."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT_MS)
        self.begin()

    def begin(self) -> None:
        self.began = self._last = time.perf_counter()
        self._cpu = time.thread_time()
        self.pause = self.cpu = 0.0

    def _beat(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        if now - self._last > self.pause:
            self.pause, self.cpu = now - self._last, cpu - self._cpu
        self._last, self._cpu = now, cpu

    def stop(self) -> None:
        self._timer.stop()


class Walk:
    """Does one step after the other in a running event loop, and notes the blocks of each."""

    def __init__(self, controller: Controller, steps: Iterator[Step], seconds: float) -> None:
        self.controller, self.steps = controller, steps
        self.found: list[Block] = []
        self._beats = Beats()
        self._name = ""
        self._quiet = 0
        self._until = time.perf_counter() + seconds
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(BEAT_MS)

    def _look(self) -> None:
        self._quiet = 0 if working(self.controller) else self._quiet + 1
        if self._quiet < 4:  # what is painted late belongs to the action, too
            return
        self._quiet = 0
        beats = self._beats
        if self._name:
            whole = time.perf_counter() - beats.began
            self.found.append(Block(self._name, beats.pause * 1e3, beats.cpu * 1e3, whole * 1e3))
        self._name, act = next(self.steps, ("", None))
        if act is None or time.perf_counter() > self._until:
            self._timer.stop()
            beats.stop()
            application().quit()
            return
        beats.begin()
        act()


def working(controller: Controller) -> bool:
    """Whether something is under way, in the window or in a race's."""
    races = controller.window.findChildren(RaceWindow)
    at_work = [getattr(one, "working", False) for one in (controller, *races)]
    return controller.window.sweep.sweeper.working or any(at_work)


def steps_of(controller: Controller, walk: str) -> Iterator[Step]:
    """What is done, by name."""
    return WALKS[walk](controller)


def devices(controller: Controller) -> Iterator[Step]:
    """Every preset on every device in every order, at small and at extreme batches."""
    window = controller.window
    for preset in ("alexnet", "vgg16", "digits", "two-by-two", "llama-7b-ffn", "resnet50"):
        yield f"open {preset}", lambda preset=preset: window.top.preset_chosen.emit(preset)
        for device in device_ids():
            where = f"{preset}, {device}"
            yield where, lambda device=device: window.top.device_chosen.emit(device)
            layered = controller.session.network.layered is not None
            for batch in (1, 65_537, LARGE) if layered else (1,):
                if layered:
                    yield (
                        f"{where}: batch {batch:,}",
                        lambda batch=batch: window.top.batch_chosen.emit(batch),
                    )
                chosen = window.facts.controls.order_chosen
                for order in orders_of(device_of(controller.session)):
                    yield (
                        f"{where}: batch {batch:,}, {order}",
                        lambda order=order, chosen=chosen: chosen.emit(order),
                    )
                    yield from moments(controller, f"{where}: batch {batch:,}, {order}")


def moments(controller: Controller, where: str) -> Iterator[Step]:
    """Into the time of what is shown."""
    window = controller.window
    yield f"{where}: seek", lambda: window.key_sought.emit(0.37)
    yield f"{where}: k-step", window.commands["step_on"].trigger
    yield f"{where}: tile", window.commands["tile_on"].trigger
    yield f"{where}: wave", window.commands["wave_on"].trigger
    yield f"{where}: unit", lambda: window.units.unit_picked.emit(0)
    yield f"{where}: wave picked", lambda: window.transport.wave_picked.emit(1)


def tiles(controller: Controller) -> Iterator[Step]:
    """Small tiles: as many of them as can be drawn."""
    window = controller.window
    yield from start(controller, "alexnet", "a100", 262_144)
    for tile in ((16, 16), (64, 64), (128, 1), (1, 128), (32, 32), (LARGE, 1)):
        where = f"tile {tile[0]:,}×{tile[1]:,}"
        yield where, lambda tile=tile: window.facts.controls.tile_chosen.emit(tile)
        for order in orders_of(device_of(controller.session)):
            chosen = window.facts.controls.order_chosen
            yield f"{where}: {order}", lambda order=order, chosen=chosen: chosen.emit(order)
            yield from moments(controller, f"{where}: {order}")
            yield from pointing(window.picture, f"{where}: {order}: picture")
            yield from pointing(window.units, f"{where}: {order}: units")
            for colour in COLOURINGS:
                paint = window.picture.bar.colour_chosen
                yield (
                    f"{where}: {order}: by {colour}",
                    lambda colour=colour, paint=paint: paint.emit(colour),
                )


def start(controller: Controller, preset: str, device: str, batch: int) -> Iterator[Step]:
    """To a preset on a device."""
    top = controller.window.top
    yield f"open {preset}", lambda: top.preset_chosen.emit(preset)
    yield f"{preset} on {device}", lambda: top.device_chosen.emit(device)
    yield f"{preset} on {device}, batch {batch:,}", lambda: top.batch_chosen.emit(batch)


def pointing(widget: QWidget, where: str) -> Iterator[Step]:
    """The mouse over a widget, its wheel, a press."""
    for x, y in ((0.3, 0.4), (0.5, 0.5), (0.9, 0.8)):
        yield f"{where}: hover", lambda x=x, y=y: mouse(widget, QEvent.Type.MouseMove, x, y)
    yield f"{where}: wheel", lambda: wheel(widget, 120)
    yield f"{where}: press", lambda: mouse(widget, QEvent.Type.MouseButtonPress, 0.5, 0.5)
    yield f"{where}: release", lambda: mouse(widget, QEvent.Type.MouseButtonRelease, 0.5, 0.5)
    yield f"{where}: wheel back", lambda: wheel(widget, -1200)


def mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float) -> None:
    """At a share of the widget's width and height."""
    at = QPointF(x * widget.width(), y * widget.height())
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    held = none if kind == QEvent.Type.MouseMove else left
    where = QPointF(widget.mapToGlobal(at.toPoint()))
    event = QMouseEvent(kind, at, where, held, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def wheel(widget: QWidget, by: int) -> None:
    """With Ctrl, in the middle."""
    at = QPointF(widget.width() / 2, widget.height() / 2)
    event = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def races(controller: Controller) -> Iterator[Step]:
    """Every ready-made race, of one product and of whole passes, and edits of a side."""
    window = controller.window
    for preset, device, batch in (
        ("alexnet", "a100", LARGE),
        ("vgg16", "a100", 262_144),
        ("digits", "lanes-16", LARGE),
        ("two-by-two", "lane-1", 4_000_000),
        ("alexnet", "tpu-v4", LARGE),
        ("alexnet", "this-machine", LARGE),
    ):
        yield from start(controller, preset, device, batch)
        yield "training", lambda: window.top.training_chosen.emit(True)
        where = f"race {preset} on {device}, batch {batch:,}"
        yield where, window.commands["race"].trigger
        race = next(iter(window.findChildren(RaceWindow)), None)
        if race is None:
            continue
        for number, ready in enumerate(ready_made(race.base)):
            made = f"{where}: {ready.name}"
            yield made, lambda number=number, race=race: race.ready.activated.emit(number)
            for product in (WHOLE_PASS, 0):
                named = f"{made}, product {product}"
                yield named, lambda product=product, race=race: race.look_at(product)
                yield f"{named}: seek", lambda race=race: race.seek(0.4)
                yield f"{named}: wave", lambda race=race: race.step(1, "wave")
        for field, value in (
            ("device", "a100"),
            ("tile", "64x64"),
            ("tile", "128x1"),
            ("order", "stream-k"),
            ("order", "split-k-8"),
            ("batch", 100_001),
            ("dtype", "float16"),
            ("device", "systolic-8"),
        ):
            named = f"{where}: {field} {value}"
            yield named, lambda race=race, f=field, v=value: race.edit(0, f, v)
            yield f"{named}, whole", lambda race=race: race.look_at(WHOLE_PASS)
            yield f"{named}: seek", lambda race=race: race.seek(0.6)
        yield from pointing(race.sides[0].picture, f"{where}: picture")
        yield f"{where}: closed", race.close
        del race


def sweeps(controller: Controller) -> Iterator[Step]:
    """Every axis of a sweep, with as many points as there may be."""
    window = controller.window
    yield "clock", lambda: window.go_to("clock")
    sweep = window.docks.all["sweep"]
    yield "sweep", lambda: (sweep.show(), sweep.raise_())
    for device in ("a100", "this-machine", "tpu-v4", "rtx4090", "lanes-16"):
        yield from start(controller, "alexnet", device, 64)
        for axis in AXES:
            for value, log_x in ((PASS, False), (EXAMPLE, True), (PEAK, False)):
                choice = replace(SweepChoice(), axis=axis, value=value, log_x=log_x)
                named = f"sweep {device} {axis} {value}"
                yield named, lambda choice=choice: window.sweep.chosen.emit(choice)
            yield from pointing(window.sweep.canvas, f"sweep {device} {axis}")


def longest(controller: Controller) -> Iterator[Step]:
    """The longest networks and lists there may be."""
    window = controller.window
    deep = Network("deep", 512, tuple(Dense(512, "relu", f"layer {i}") for i in range(1_000)))
    rows = "".join(
        f"row {i},{1 + i % 4096},{64 + i % 512},{128 + i % 77}\n" for i in range(MAX_PRODUCTS)
    )
    listed = networks.parse_list(f"name,m,n,k\n{rows}".encode(), "the list")
    for name, file in (("10,000 rows", listed), ("1,000 layers", NetworkFile("", deep, 64))):
        yield name, lambda file=file: controller.open(file)
        for device in ("a100", "this-machine", "tpu-v4", "lane-1"):
            where = f"{name} on {device}"
            yield where, lambda device=device: window.top.device_chosen.emit(device)
            if file.network.layered is not None:
                yield f"{where}: training", lambda: window.top.training_chosen.emit(True)
                yield f"{where}: units", lambda: window.network.units_chosen.emit(3, 777)
                yield f"{where}: add", window.network.add_asked.emit
                yield f"{where}: remove", lambda: window.network.remove_asked.emit(500)
                yield f"{where}: move", lambda: window.network.move_asked.emit(3, 700)
                yield f"{where}: name", lambda: window.network.name_chosen.emit(3, "new")
            yield f"{where}: product", lambda: window.strip.product_selected.emit(500)
            yield f"{where}: dtype", lambda: window.top.dtype_chosen.emit("float16")
            for panel in ("layers", "advice", "facts", "sweep", "timing"):
                dock = window.docks.all[panel]
                yield f"{where}: {panel}", lambda dock=dock: (dock.show(), dock.raise_())
            yield f"{where}: undo", window.commands["undo"].trigger
            yield f"{where}: redo", window.commands["redo"].trigger
            yield f"{where}: theme", window.commands["theme"].trigger
            yield f"{where}: large", window.commands["large_type"].trigger
            yield f"{where}: large", window.commands["large_type"].trigger
            yield f"{where}: clock", lambda: window.go_to("clock")
            yield f"{where}: picture", lambda: window.go_to("picture")
            yield f"{where}: 4K", lambda: window.resize(3840, 2160)
            yield from pointing(window.passes, f"{where}: pass")
            yield from pointing(window.strip, f"{where}: strip")
            yield from pointing(window.facts.roofline, f"{where}: roofline")
            yield f"{where}: small", lambda: window.resize(1680, 1050)
            yield f"{where}: race", window.commands["race"].trigger
            race = next(iter(window.findChildren(RaceWindow)), None)
            if race is not None and file.network.layered is not None:
                yield f"{where}: race of the pass", lambda race=race: race.look_at(WHOLE_PASS)
            if race is not None:
                yield f"{where}: race closed", race.close
            del race


def numbers(controller: Controller) -> Iterator[Step]:
    """One number of a large X, of large weights."""
    edited = controller.window.picture.editor.edited
    for preset, batch in (("digits", 48), ("digits", 1_024), ("mlp", 1_024), ("alexnet", 64)):
        yield from start(controller, preset, "a100", batch)
        where = f"{preset}, batch {batch:,}"
        yield f"{where}: a number of X", lambda: edited.emit(0, 0, 0, 1.5)
        yield f"{where}: another", lambda: edited.emit(0, 1, 0, 2.5)
        yield f"{where}: a weight", lambda: edited.emit(1, 0, 0, 1.5)
        yield f"{where}: undo", controller.window.commands["undo"].trigger


def looks(controller: Controller) -> Iterator[Step]:
    """Everything that is only looks, on a 4K screen."""
    window = controller.window
    yield "4K", lambda: window.resize(3840, 2160)
    for preset, device, batch in (("alexnet", "a100", 4_096), ("digits", "tpu-v4", 64)):
        yield from start(controller, preset, device, batch)
        for name in ("theme", "large_type", "theme", "large_type"):
            yield name, window.commands[name].trigger
        for theme in (LIGHT, DARK):
            yield "theme", lambda theme=theme: window.set_theme(theme)
        for workspace in ("clock", "picture"):
            yield workspace, lambda workspace=workspace: window.go_to(workspace)
        yield "reset layout", window.commands["reset_layout"].trigger
        for turned in (True, False):
            yield "turn", lambda turned=turned: window.picture.bar.turn_chosen.emit(turned)
        for _ in range(6):
            yield "zoom", lambda: wheel(window.picture, 240)
        for product in range(3):
            yield "product", lambda product=product: window.strip.product_selected.emit(product)
        yield "edit device", window.commands["edit_device"].trigger
        yield "editor closed", window.device_editor.close
        for widget in (window.picture, window.units, window.passes, window.strip, window.transport):
            yield from pointing(widget, type(widget).__name__)
    yield "small", lambda: window.resize(1680, 1050)


WALKS: dict[str, Callable[[Controller], Iterator[Step]]] = {
    "looks": looks,
    "numbers": numbers,
    "races": races,
    "sweeps": sweeps,
    "tiles": tiles,
    "longest": longest,
    "devices": devices,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--walk", choices=WALKS, action="append", help="all, where none is named")
    parser.add_argument("--most", type=int, default=12, help="blocks that are printed")
    parser.add_argument("--seconds", type=float, default=3600.0, help="a walk at most")
    options = parser.parse_args()
    qInstallMessageHandler(lambda *_: None)  # what the offscreen platform says of itself
    app = application()
    for name in options.walk or WALKS:
        session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
        controller = build(session, DARK)
        window = controller.window
        window.resize(1680, 1050)
        window.show()
        window.settle()
        gc.freeze()
        Collecting(controller)
        walk = Walk(controller, steps_of(controller, name), options.seconds)
        app.exec()
        window.close()
        over = sum(block.longest > 100 for block in walk.found)
        print(f"{name}: {len(walk.found):,} actions, {over} of them with a block above 100 ms")
        print("   block     cpu      all  ms")
        for block in sorted(walk.found, key=lambda block: -block.longest)[: options.most]:
            print(f"{block.longest:8.0f}{block.cpu:8.0f}{block.whole:9.0f}  {block.action}")
        del controller, window, walk


if __name__ == "__main__":
    main()
