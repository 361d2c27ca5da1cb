"""What a stranger adds, each from outside the package: how little each of it touches.

CONTRIBUTING.md tells the same step by step. Every test here makes the thing itself: a module, an
entry, a file; nothing in mmviz knows of it.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import catalogues
import numpy as np
import pytest
from babel.messages.catalog import Catalog
from numpy.typing import NDArray
from platformdirs import user_data_path
from recordings import recording_as

from mmviz import cli
from mmviz.backends import registry
from mmviz.backends.numpy_blas import NumpyBlas
from mmviz.bench import runner
from mmviz.bench.memory import check_memory
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.timing import time_plan
from mmviz.cli import backends
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule import orders
from mmviz.core.schedule.faults import faults
from mmviz.core.schedule.raster import Raster, RowByRow
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.whole_tiles import RowOrder
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.choice import tile_product
from mmviz.errors import Unavailable
from mmviz.files import networks
from mmviz.files.devices import make_own_folder, read_device
from mmviz.state import actions
from mmviz.state.session import Session, open_file
from mmviz.state.snapshot import Part
from mmviz.state.workspaces import WORKSPACES, Place, Workspace
from mmviz.text import N_, Text, own
from mmviz.words.speech import ENGLISH, speak
from mmviz.words.timing import long_name

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]
Places = NDArray[np.integer[Any]]


def preset(name: str) -> Session:
    return open_file(networks.read_preset(name))


# --- a chart beside Live timing: a module with its view and its widget, and one entry -------------


@dataclass(frozen=True, slots=True)
class SpreadView:
    """What the toy chart shows."""

    batch: int


SPREAD = Part("spread", lambda derived: (derived.setup.batch,), SpreadView)


def spread_entry() -> object:
    from PyQt6.QtWidgets import QLabel

    from mmviz.ui.look.tell import Told
    from mmviz.ui.shell.dock import ROWS
    from mmviz.ui.shell.docked import Docked

    class Spread(QLabel, Told):
        def __init__(self) -> None:
            super().__init__()
            self.shown: list[SpreadView] = []

        def set_theme(self, theme: object) -> None:
            self.theme = theme

        def show_view(self, view: SpreadView) -> None:
            self.shown.append(view)
            self.say()

        def say(self) -> None:
            if self.shown:
                batch = self.shown[-1].batch
                self.setText(self.words(Text(N_("spread at batch {n:group}"), n=batch)))

    return Docked("spread", N_("Spread"), lambda _: Spread(), ROWS, SPREAD, beside="timing")


@pytest.mark.qt
def test_a_chart_beside_live_timing_is_a_module_and_an_entry(open_on: Open) -> None:
    from mmviz.ui.shell.docked import DOCKED

    controller = open_on(preset("alexnet"), docked=(*DOCKED, spread_entry()))
    window = controller.window
    dock = window.docks.all["spread"]
    for workspace in ("picture", "clock"):
        window.go_to(workspace)
        assert dock in window.tabifiedDockWidgets(window.docks.all["timing"])
    chart = dock.widget()
    assert chart.text() == "spread at batch 128"
    controller.edit("", actions.set_batch, 64)
    assert chart.text() == "spread at batch 64"
    assert chart.theme is window.theme
    before = len(chart.shown)
    controller.edit("", actions.set_dtype, "float16")  # nothing it depends on
    assert len(chart.shown) == before
    assert "Spread" in [action.text() for action in window.view_menu.actions()]


# --- a workspace: one entry -----------------------------------------------------------------------

LAB = Workspace(
    "lab",
    N_("Lab"),
    N_("Layers beside the picture"),
    "Ctrl+9",
    centre=True,
    places=(Place("layers", "bottom"), Place("facts", "right"), Place("network", "left")),
)


@pytest.mark.qt
def test_a_workspace_is_an_entry(qtbot: QtBot, open_on: Open) -> None:
    from PyQt6.QtCore import Qt

    window = open_on(preset("alexnet"), workspaces=(*WORKSPACES, LAB)).window
    qtbot.keyClick(window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert window.docks.workspace == "lab"
    shown = {name for name, dock in window.docks.all.items() if not dock.isHidden()}
    assert shown == {"layers", "facts", "network"}
    assert window.picture.isVisible()
    assert window.commands["lab"].isChecked()
    assert "Lab" in [action.text() for action in window.view_menu.actions()]
    window.resize(1024, 560)  # narrow: the workspaces are in one button
    assert "Lab" in [action.text() for action in window.top.places.menu().actions()]


# --- a schedule order: a module with the class, and one line in the table -------------------------


class Backwards(RowOrder):
    """Tiles from the last one to the first."""

    name = "backwards"
    about = Text(N_("tiles from the last to the first"))
    bodies = (Gpu,)

    def raster(self, tiling: Tiling) -> Raster:
        return LastFirst(tiling.tiles_m, tiling.tiles_n)


class LastFirst(RowByRow):
    """The way of the rows, from its end."""

    def tile(self, place: Places) -> tuple[Places, Places]:
        return super().tile(self.tiles_m * self.tiles_n - 1 - place)

    def place(self, m: Places, n: Places) -> Places:
        return self.tiles_m * self.tiles_n - 1 - super().place(m, n)


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line, for this test."""
    monkeypatch.setattr(orders, "ORDERS", (*orders.ORDERS, Backwards))


@pytest.mark.usefixtures("backwards")
def test_an_order_is_a_module_and_a_line() -> None:
    lines = said("schedule", "4x6x8", "--units", "4", "--tile", "2x2", "--order", "backwards")
    assert "tiles from the last to the first" in lines
    assert "wave 1: unit0 (1,2) unit1 (1,1) unit2 (1,0) unit3 (0,2)" in lines
    found = json.loads(
        said("plan", "alexnet", "--device", "a100", "--order", "backwards", "--json")
    )
    rows = json.loads(said("plan", "alexnet", "--device", "a100", "--order", "rows", "--json"))
    assert (
        found["total"]["predicted_s"] == rows["total"]["predicted_s"]
    )  # the same waves, the other way round
    trace = schedule(
        tile_product(Gemm("", "forward", 300, 500, 64), a100(), order="backwards"),
        a100(),
        "float32",
    )
    assert not list(faults(trace))


@pytest.mark.qt
@pytest.mark.usefixtures("backwards")
def test_the_window_offers_the_new_order(open_on: Open) -> None:
    controller = open_on(actions.set_device(preset("alexnet"), "a100"))
    controller.edit("", actions.set_order, "backwards")
    assert controller.derived.tiling.order.id == "backwards"
    assert "backwards" in texts_of(controller.window)


def test_an_unknown_order_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", "alexnet", "--device", "a100", "--order", "backwards"]) == 2
    assert "unknown order 'backwards'" in capsys.readouterr().err


# --- a device: one TOML file ----------------------------------------------------------------------

PHI = """
name = "Phi 9000"
kind = "gpu"
about = "A device of a stranger."
status = "assumed"
source = "made up for a test"
units = 12
unit_name = "cluster"
bandwidth_gbs = 100
tiles = [[64, 64], [32, 32]]
k_step = 32
resident = [{ cells = 1, tiles = 1 }]

[peaks_tflops]
float32 = 2.4
"""


@pytest.fixture
def phi() -> str:
    """Its id, once the file lies in the user's folder."""
    folder = make_own_folder()
    (folder / "phi.toml").write_text(PHI)
    return "phi"


def test_a_device_is_a_file(phi: str) -> None:
    assert "Phi 9000" in said("devices")
    found = json.loads(said("plan", "alexnet", "--device", phi, "--json"))
    assert found["total"]["predicted_s"] > 0
    assert "cluster0 (0,0)" in said("schedule", "64x64x64", "--device", phi)


@pytest.mark.qt
def test_the_window_knows_the_new_device(phi: str, open_on: Open) -> None:
    controller = open_on(actions.set_device(preset("alexnet"), phi))
    spoken = texts_of(controller.window)
    assert "Phi 9000" in spoken
    assert "12 clusters" in spoken


# --- a backend: a module with make() and a line in the registry -----------------------------------


class Abacus(NumpyBlas):
    """The toy: computes as NumPy does, and tells all that is known of it."""

    id = "abacus"
    name = own("Abacus")
    title = own("Abacus (beads on the desk)")
    colour = "yellow"
    is_gpu = True
    library = "libbeads"
    missing = False

    def check(self) -> None:
        if self.missing:
            raise Unavailable(N_("there are no beads"), N_("go and buy some"))

    def facts(self) -> dict[str, str]:
        return {"gpu": "Beads 3000"}


@pytest.fixture
def abacus(monkeypatch: pytest.MonkeyPatch) -> type[Abacus]:
    """The module and the line, for this test."""
    module = types.ModuleType("abacus_backend")
    module.make = Abacus  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "abacus_backend", module)
    monkeypatch.setitem(registry.MODULES, "abacus", "abacus_backend")
    return Abacus


def test_a_backend_is_a_module_and_a_line(
    abacus: type[Abacus], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = registry.survey()[-1]
    assert (entry.id, entry.available, entry.gpu) == ("abacus", True, "Beads 3000")
    network = from_widths((6, 5, 4))
    plan = BenchPlan(network=network, batches=(2,), backends=("abacus", "numpy"), seconds=0.01)
    check_memory(plan)
    collector = Collector(plan)
    time_plan(plan, collector.add)
    results = collector.results()
    assert results.machine is not None
    assert results.machine.gpu == "Beads 3000"
    assert [bool(run.samples_s) for run in results.runs] == [True, True]
    assert str(long_name("abacus", None)) == "Abacus · libbeads"
    from mmviz.ui.look.theme import DARK, backend_colour

    assert backend_colour(DARK, "abacus") == DARK.identity[5]
    monkeypatch.setattr(abacus, "missing", True)
    monkeypatch.setattr(backends, "probe", lambda _: registry.survey())  # a child knows no toy
    listed = said("backends")
    assert "Abacus (beads on the desk)" in listed
    assert "not available: there are no beads; go and buy some\n" in listed


@pytest.mark.qt
def test_the_window_offers_the_new_backend(abacus: type[Abacus], open_on: Open) -> None:
    from mmviz.ui.look.theme import DARK

    controller = open_on(preset("alexnet"))
    box = controller.window.timing.controls.boxes["abacus"]
    assert box.text() == "Abacus"
    assert box.isEnabled() is not abacus.missing
    assert DARK.identity[5] in box.styleSheet()


TOY = """
from mmviz.backends.numpy_blas import NumpyBlas
from mmviz.errors import Unavailable
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH, speak

class Toy(NumpyBlas):
    id = "toy"
    name = Text(N_("Toy"))
    title = Text(N_("Toy (borrowed arithmetic)"))
    colour = "purple"
    is_gpu = True
    proves = ""

def make():
    return Toy()
"""
CHILD = """
import sys
sys.path.insert(0, {folder!r})
from mmviz.backends import registry
registry.MODULES["toy"] = "stranger_toy"
from mmviz.bench.worker import main
main()
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module and the line, here and in the timing child."""
    (tmp_path / "stranger_toy.py").write_text(TOY)
    child = tmp_path / "child.py"
    child.write_text(CHILD.format(folder=str(tmp_path)))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(registry.MODULES, "toy", "stranger_toy")
    command = [sys.executable, "-P", str(child)]
    monkeypatch.setattr(runner, "worker_command", lambda: command)


@pytest.mark.usefixtures("toy")
def test_the_timing_child_runs_the_new_backend(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    line = ("bench", "8-4", "--batch", "2", "--backend", "toy", "--seconds", "0.05")
    assert "toy " in said(*line, "--json", str(file))
    (run,) = json.loads(file.read_text())["runs"]
    assert run["backend"] == "toy"
    assert run["samples_s"]


# --- a language: one catalogue --------------------------------------------------------------------


@pytest.fixture
def esperanto() -> str:
    """A catalogue of three texts in the user's folder; all else is said in English."""
    made = Catalog(locale="eo")
    made.add("Network", "Reto")
    made.add("list the networks that come with mmviz", "listigi la retojn de mmviz")
    made.add("unknown device {device!r:.60}; {known}", "nekonata aparato {device!r:.60}")
    path = user_data_path("mmviz", appauthor=False) / "languages"
    path.mkdir(parents=True)
    (path / "eo.po").write_text(catalogues.text_of(made), encoding="utf-8")
    return "eo"


def test_a_language_is_a_catalogue(esperanto: str) -> None:
    assert "listigi la retojn de mmviz" in said("--language", esperanto, "--help")
    assert "listigi" not in said("--help")


@pytest.mark.qt
def test_the_open_window_takes_the_new_language(esperanto: str, open_on: Open) -> None:
    window = open_on("digits").window
    window.set_words(speak(esperanto))
    assert window.docks.all["network"].windowTitle() == "Reto"
    window.set_words(ENGLISH)
    assert window.docks.all["network"].windowTitle() == "Network"


# --- a Trace that was recorded: no file at all ----------------------------------------------------


@pytest.mark.qt
def test_a_recorded_trace_is_called_recorded_everywhere(open_on: Open) -> None:
    controller = open_on(actions.set_device(preset("alexnet"), "a100"))
    derived, facts = controller.derived, controller.facts
    assert derived.trace is not None
    window = controller.window
    spoken = texts_of(window).count("recorded")
    recording = recording_as(derived.setup, derived.trace)
    recorded = recording.products[0].trace
    controller.learn(facts.with_recording(recording))
    assert controller.derived.trace is derived.trace, "never without being asked for"
    controller.look(actions.set_schedule, "recorded")
    assert controller.derived.trace is recorded
    for panel in (window.picture, window.units, window.transport, window.facts):
        assert "recorded" in texts_of(panel), type(panel).__name__
    assert texts_of(window).count("recorded") > spoken
    assert "modelled" not in texts_of(window.units) + texts_of(window.transport)
    controller.edit("", actions.set_batch, 64)  # another setup, that nobody recorded
    assert controller.derived.trace.provenance.kind == "modelled"
    controller.edit("", actions.set_batch, 128)  # found again
    assert controller.derived.trace is recorded


# --- what the tests above read with ---------------------------------------------------------------


def said(*line: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):  # --help ends so
        assert cli.run(line) == 0
    return out.getvalue()


def a100() -> Device:
    return read_device("a100")


def texts_of(widget: object) -> str:
    """All that a widget and those below it say: texts, painted too, tool tips, spoken names."""
    from PyQt6.QtGui import QPainter
    from PyQt6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

    assert isinstance(widget, QWidget)
    found: list[str] = []
    for part in (widget, *widget.findChildren(QWidget)):
        found += [part.toolTip(), part.accessibleName(), part.accessibleDescription()]
        if isinstance(part, QLabel | QAbstractButton | QLineEdit):
            found.append(part.text())
        if isinstance(part, QComboBox):
            found += [part.itemText(i) for i in range(part.count())]
    with pytest.MonkeyPatch.context() as patch:
        draw = QPainter.drawText

        def spied(painter: QPainter, *given: Any) -> Any:
            found.extend(one for one in given if isinstance(one, str))
            return draw(painter, *given)

        patch.setattr(QPainter, "drawText", spied)
        widget.grab()
    return "\n".join(filter(None, found))
