"""An error in the middle of any painting: the window lives, says so in its place, and recovers.

The classes that paint are found, so that later ones are tried too.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import logging
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtGui import QImage, QPainter, QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QListView,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from recordings import recording

import mmviz.ui
from mmviz.bench.messages import Message
from mmviz.bench.plan import BenchPlan, MadeData, TrainPlan
from mmviz.bench.results import Collector, Results
from mmviz.bench.teaching import teach_plan
from mmviz.bench.timing import time_plan
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.network import Network, from_widths
from mmviz.files import hands, networks
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.learn.course import Course
from mmviz.state.learn.swept import Swept
from mmviz.state.session import open_file
from mmviz.text import NOTHING
from mmviz.ui.clock.track import Track
from mmviz.ui.export.sweep import export_sweep
from mmviz.ui.export.timing import export_chart
from mmviz.ui.lessons.board import Board
from mmviz.ui.lessons.marks import Layer
from mmviz.ui.look import painting
from mmviz.ui.look.painting import UNPAINTED, kept
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.ui.sweep.canvas import SweepCanvas

Open = Callable[..., Controller]
FILES = sorted(Path(mmviz.ui.__file__).parent.rglob("*.py"))
ONE_WAY = ("painting", "kept", "paint_widget", "paint_item")
DRAWS = [name for name in dir(QPainter) if name.startswith(("draw", "fill", "set", "translate"))]


BEFORE = -1  # the first call


def painters() -> list[type]:
    """All classes of mmviz with a paintEvent, or a delegate's paint, that are shown."""
    for module in pkgutil.walk_packages(mmviz.ui.__path__, "mmviz.ui."):
        importlib.import_module(module.name)
    found, left = set[type](), [QWidget, QStyledItemDelegate]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        name = "paint" if issubclass(kind, QStyledItemDelegate) else "paintEvent"
        method = getattr(kind, name)
        own = inspect.isfunction(method) and method.__module__.startswith("mmviz.")
        if kind.__module__.startswith("mmviz.") and own:
            found.add(kind)
    abstract = {base for kind in found for base in kind.__mro__[1:]}
    return sorted(found - abstract, key=lambda kind: (kind.__module__, kind.__name__))


PAINTERS = [kind for kind in painters() if kind.__name__ != "MainWindow"]  # its panels paint


def test_painters_are_made_in_one_place() -> None:
    assert len(PAINTERS) >= 15
    for path in FILES:
        calls = [
            node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
        ]
        names = [ast.unparse(call.func) for call in calls]
        if path.name != "painting.py":
            assert not {"QPainter", "QStylePainter"} & set(names), path
            assert not [name for name in names if name in ("painter.save", "painter.restore")], path


class Sabotage:
    """While a widget of `kind` is painted, call number `at` of all that it draws raises."""

    def __init__(self, kind: type) -> None:
        self.kind, self.at, self.calls, self.paints = kind, 0, 0, 0
        self.inside = False
        self.guarded = painting._guarded

    def counting(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        def call(painter: QPainter, *arguments: Any) -> Any:
            if self.inside:
                self.calls += 1
                if self.calls == self.at:
                    raise ZeroDivisionError("made for a test")
            return draw(painter, *arguments)

        return call

    def guard(self, widget: QWidget, painter: QPainter, place: Any, words: Any, paint: Any) -> bool:
        delegates = paint.__qualname__.startswith(f"{self.kind.__name__}.paint")
        if not (type(widget) is self.kind or delegates):
            return self.guarded(widget, painter, place, words, paint)
        self.paints += 1
        self.calls, self.inside = 0, True

        def inner(on: QPainter) -> None:
            try:
                if self.at == BEFORE:
                    raise ZeroDivisionError("made for a test")
                paint(on)
            finally:
                self.inside = False

        return self.guarded(widget, painter, place, words, inner)


@pytest.fixture
def sabotage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sabotage:
    made = Sabotage(request.param)

    # On the class: Qt hands out painters of its own, and of one it may be another object each time.
    for name in DRAWS:
        monkeypatch.setattr(QPainter, name, made.counting(getattr(QPainter, name)))
    monkeypatch.setattr(painting, "_guarded", made.guard)
    return made


def results() -> Results:
    plan = BenchPlan(
        network=from_widths((2, 2)), batches=(1,), backends=("numpy", "loop"), seconds=0.01
    )
    collector = Collector(plan)
    time_plan(plan, collector.add)
    return collector.results()


def shown(kind: type, controller: Controller) -> QWidget:
    """A visible widget that is painted by that class."""
    window = controller.window
    of = controller.derived.setup.timed
    for began in (1e9, 2e9):  # a run, and what became of it since
        run = Timed(of, results(), NOTHING, began=began)
        controller.learn(controller.facts.with_run(run))
    if kind.__module__.startswith("mmviz.ui.learn"):
        controller.open(networks.read_preset("digits-hidden"))
        window.go_to("learn")
        course = lesson(controller.session.layered)
        swept = Swept((course.plan,), (course,))
        controller.learn(replace(controller.facts.with_lesson(course), swept=swept))
    if kind.__module__.startswith("mmviz.ui.recording"):
        window.go_to("recording")
        ran = recording(controller.session.network, "a100", controller.session.batch)
        controller.learn(controller.facts.with_recording(ran))
    if kind.__module__.startswith("mmviz.ui.lessons"):
        walk = controller.findChild(WalkControl)
        assert walk is not None
        walk.open("lanes", 0)  # which asks for something that panels tell
        if kind in (Board, Layer):  # what came out is marked where it is seen
            window.resize(1024, 560)
            step = "idle" if kind is Board else "read"
            walk.open("batch", walk.read().find("batch").number(step))
            settle(controller)
            window.card.answering.dunno.click()
            settle(controller)
    if kind is Dock:
        window.docks.all["advice"].setFloating(True)
    if kind.__module__.startswith("mmviz.ui.race"):
        window.commands["race"].trigger()
    if kind.__module__ == "mmviz.ui.export.dialog":
        window.commands["export"].trigger()
    if kind.__module__ == "mmviz.ui.help.finder":
        window.commands["find"].trigger()
    for dock in window.docks.all.values():
        dock.show()
        dock.raise_()
        settle()
        for widget in QApplication.allWidgets():
            if widget.isVisible() and not widget.visibleRegion().isEmpty() and paints(kind, widget):
                return widget
    raise AssertionError(f"no {kind.__name__} is shown")


def paints(kind: type, widget: QWidget) -> bool:
    if isinstance(widget, QListView | QTableView):
        return type(widget.itemDelegate()) is kind
    return type(widget) is kind and (kind is not Dock or widget.isWindow())


def lesson(network: Network) -> Course:
    """It learnt a few steps."""
    data = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=64, unseen=20)
    plan = TrainPlan(network=network, recipe=Recipe(), data=data, backend="numpy", steps=3)
    told: list[Message] = []
    teach_plan(plan, told.append)
    return functools.reduce(Course.heard, told, Course(plan, 1.0))


def settle(controller: Controller | None = None) -> None:
    """All that is to be shown is, what is made beside the window of `controller`, too."""
    while controller is not None and (controller.errand.working or controller.working):
        QApplication.processEvents()
    for _ in range(5):
        QApplication.processEvents()


def painted(widget: QWidget) -> QImage:
    """What it looks like, painted now."""
    target = widget.viewport() if isinstance(widget, QAbstractItemView) else widget
    assert target is not None
    target.repaint()
    return target.grab().toImage()


@pytest.mark.parametrize("sabotage", PAINTERS, indirect=True, ids=lambda kind: kind.__name__)
def test_an_error_in_a_painting_stays_in_its_place(
    sabotage: Sabotage, open_on: Open, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = open_on(session, size=(1800, 1300))
    widget = shown(sabotage.kind, controller)
    if sabotage.kind is SweepCanvas:
        qtbot.waitUntil(lambda: controller.window.sweep.chart is not None)
    settle()
    good = painted(widget)
    assert good == painted(widget)
    whole = sabotage.calls  # none where Qt draws the whole of it
    for at in {BEFORE, *((1, whole // 2, whole) if whole > 1 else ())}:
        sabotage.at = at
        caplog.clear()
        assert painted(widget) != good, at
        assert painted(widget) != good, at
        (record,) = caplog.records  # once, though it was painted several times
        assert record.levelno == logging.ERROR
        assert "this cannot be drawn: " in record.getMessage()
        assert "ZeroDivisionError: made for a test" in str(widget.property(UNPAINTED))
        settle()
        before = sabotage.paints
        settle()
        assert sabotage.paints == before  # it does not ask for itself again and again
        sabotage.at = 0
        assert painted(widget) == good
        assert widget.property(UNPAINTED) is None
    controller.edit("batch", actions.set_batch, 3)
    assert controller.session.batch == 3


PICTURES = [  # tiles, cells and lanes, an array, a large one, a list
    ("alexnet", "a100"),
    ("two-by-two", "lane-1"),
    ("digits", "systolic-8"),
    ("mlp", "tpu-v1"),
    ("llama-7b-decode", "h100"),
]


@pytest.mark.parametrize(
    "sabotage",
    [kind for kind in PAINTERS if kind.__name__ in ("PictureCanvas", "UnitsCanvas", "PassCanvas")],
    indirect=True,
    ids=lambda kind: kind.__name__,
)
@pytest.mark.parametrize(("preset", "device"), PICTURES)
def test_every_picture_survives_an_error_at_each_of_its_strokes(
    sabotage: Sabotage,
    open_on: Open,
    caplog: pytest.LogCaptureFixture,
    preset: str,
    device: str,
) -> None:
    session = actions.set_device(open_file(networks.read_preset(preset)), device)
    widget = shown(sabotage.kind, open_on(session, size=(1700, 1000)))
    good = painted(widget)
    whole = sabotage.calls
    for at in range(1, whole + 1, max(1, whole // 25)):
        sabotage.at = at
        if hasattr(widget, "_redraw"):  # a picture of it is kept: painted anew
            widget._redraw()
        painted(widget)
        assert widget.property(UNPAINTED) is not None, at
    sabotage.at = 0
    assert painted(widget) == good
    caplog.clear()


def test_a_chart_that_cannot_be_drawn_says_so_once_and_goes_on(
    open_on: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = open_on("alexnet").window.timing.chart
    with monkeypatch.context() as broken:
        broken.setattr(Track, "redraw", lambda *_: 1 / 0)
        chart.show_runs(results().runs, None)
        for _ in range(3):
            chart.say()
    (record,) = caplog.records
    assert "this cannot be drawn: " in record.getMessage()
    assert any("this cannot be drawn: " in label.text() for label in chart.findChildren(QLabel))
    chart.say()
    assert not [
        label
        for label in chart.findChildren(QLabel)
        if label.isVisibleTo(chart) and "this cannot be drawn: " in label.text()
    ]


def test_a_painter_ends_and_its_states_are_undone_whatever_happens() -> None:
    pixmap = QPixmap(10, 10)
    pixmap.fill()
    painter = None
    try:
        with painting.painting(pixmap) as painter, kept(painter):
            painter.setOpacity(1 / 0)
    except ZeroDivisionError:
        assert painter is not None
        assert not painter.isActive()
    assert not pixmap.paintingActive()


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_an_error_while_a_chart_is_exported_leaves_no_file(
    suffix: str, tmp_path: Path, open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(QPainter):
        def drawText(self, *_: Any) -> None:
            raise ZeroDivisionError

    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = open_on(session)
    controller.window.go_to("clock")
    qtbot.waitUntil(lambda: controller.window.sweep.chart is not None)
    chart = controller.window.sweep.chart
    assert chart is not None
    path = tmp_path / f"chart{suffix}"
    with monkeypatch.context() as broken:
        broken.setattr(painting, "QPainter", Failing)
        with pytest.raises(ZeroDivisionError):
            export_chart(results(), path)
        with pytest.raises(ZeroDivisionError):
            export_sweep(chart, path)
    assert list(tmp_path.iterdir()) == []


ALONE = """
from mmviz.files import networks
from mmviz.state.session import open_file
from mmviz.ui.look.theme import DARK
from mmviz.ui.start.app import application, build
from mmviz.ui.timeline import pass_canvas

app = application()
good = pass_canvas.paint_words
pass_canvas.paint_words = lambda painter, *_: (painter.save(), 1 / 0)  # in a pixmap, not restored
from PyQt6 import sip

window = build(open_file(networks.read_preset("alexnet")), DARK).window
window.resize(1680, 1050)
window.show()
window.settle()
for _ in range(20):
    window.passes.repaint()
    app.processEvents()
pass_canvas.paint_words = good
window.passes.repaint()
window.close()
sip.delete(window)  # as `open_window` does, and why stands there
print("alive")
"""


@pytest.mark.qt
def test_nobody_who_catches_errors_is_needed() -> None:
    """Without a hook of ours an exception that reaches Qt ends the process."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
    assert done.stderr.count("PassCanvas: this cannot be drawn") == 1
    assert done.stderr.count("Traceback") == 1
