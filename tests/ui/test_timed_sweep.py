"""A sweep that is timed: pressed, seen growing, stopped, read and entered, with the real child."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from mmviz.bench.plan import MadeData
from mmviz.core.shapes.network import from_widths
from mmviz.files import hands, networks
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.choice import WIDTH, SweepChoice
from mmviz.state.sweep.values import ENERGY, RATE
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.sweep.panel import SweepPanel

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
PATIENCE_MS = 60_000  # a loaded machine is slow, not wrong


def opened(open_on: Open, device: str = "h100", high: int = 8) -> Controller:
    """A network that is timed in a moment, its sweep in sight, NumPy alone chosen."""
    choice = SweepChoice(batches=(1, high), log_x=True)
    session = Session(from_widths([64, 32, 8], "tiny"), batch=3, device=device, sweep=choice)
    controller = open_on(session, size=(1680, 1050))
    window = controller.window
    for name, box in window.timing.controls.boxes.items():
        box.setChecked(name == "numpy")
    window.timing.controls.spin.setValue(0.1)
    window.go_to("clock")
    window.docks.all["sweep"].raise_()
    return controller


def choose(
    controller: Controller, monkeypatch: pytest.MonkeyPatch, *backends: str, seconds: float = 0.1
) -> None:
    """Backends no box is for."""
    monkeypatch.setattr(controller.window.timing, "selected_backends", lambda: backends)
    controller.window.timing.controls.spin.setValue(seconds)


def press(qtbot: QtBot, controller: Controller) -> None:
    qtbot.mouseClick(controller.window.sweep.controls.time, LEFT)


def over(qtbot: QtBot, controller: Controller) -> None:
    qtbot.waitUntil(lambda: not controller.run.running, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not controller.window.sweep.sweeper.working)


def curves(panel: SweepPanel) -> dict[str, list[float]]:
    return {} if panel.chart is None else {c.backend: c.x.tolist() for c in panel.chart.curves}


def dot(panel: SweepPanel, batch: int) -> QPoint:
    """Where the chart has that batch."""
    axes, chart = panel.canvas.axes(), panel.chart
    assert axes is not None
    assert chart is not None
    return axes.place(chart.found.points.batches.tolist().index(batch)).toPoint()


def test_a_press_times_the_sweep_and_its_points_come_one_by_one(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = opened(open_on)
    window, panel = controller.window, controller.window.sweep
    choose(controller, monkeypatch, "numpy", "fake")
    assert "Time 5 batches from 1 to 8" in panel.controls.time.toolTip()  # 3 is the session's own
    seen: list[list[float]] = []
    controller.changed.connect(lambda: seen.append(curves(panel).get("numpy", [])))
    press(qtbot, controller)
    qtbot.waitUntil(lambda: controller.facts.sweeping is not None, timeout=PATIENCE_MS)
    assert "of 5" in panel.controls.time.text()
    assert panel.isVisible()  # no other tab comes before it
    over(qtbot, controller)
    assert panel.controls.time.text() == "▶ Time"
    assert [x for i, x in enumerate(seen) if x and x not in seen[:i]] == [
        [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 8]
    ]  # fmt: skip
    assert curves(panel) == {"numpy": [1, 2, 3, 4, 8], "fake": [1, 2, 3, 4, 8]}
    (told,) = panel.verdicts.lines
    assert str(told).startswith("NumPy wins over fake at every batch")  # which takes 1 ms a pass
    assert not window.notice.text.text().startswith("fake")
    kept = controller.facts.runs[-1]
    assert kept.kept
    assert kept.covers(replace(controller.session.timed, batch=8))


def test_a_click_on_a_point_shows_its_batch_and_its_samples(qtbot: QtBot, open_on: Open) -> None:
    controller = opened(open_on)
    panel, timing = controller.window.sweep, controller.window.timing
    press(qtbot, controller)
    over(qtbot, controller)
    runs = {run.batch: run for run in controller.facts.runs[-1].results.runs}
    qtbot.mouseMove(panel.canvas, dot(panel, 8) - QPoint(3, 0))  # near is near enough
    qtbot.waitUntil(lambda: panel.canvas.read is not None)
    told = panel.canvas.accessibleDescription()
    assert told.startswith("batch 8, NumPy: ")
    assert "measured" in told
    assert "core" in told  # the machine
    qtbot.mouseClick(panel.canvas, LEFT, pos=dot(panel, 8))
    assert controller.session.batch == 8
    assert timing.results() is controller.facts.runs[-1].results
    assert timing.chart.series("numpy").values.tolist() == list(runs[8].samples_s)
    controller.edit("", actions.set_dtype, "float64")
    qtbot.waitUntil(lambda: curves(panel) == {})
    controller.edit("", actions.set_dtype, "float32")
    qtbot.waitUntil(lambda: curves(panel) == {"numpy": [1, 2, 3, 4, 8]})


def test_stopped_it_keeps_what_was_timed_and_says_so(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = opened(open_on)
    panel = controller.window.sweep
    choose(controller, monkeypatch, "fake", seconds=0.5)
    press(qtbot, controller)
    qtbot.waitUntil(lambda: bool(curves(panel)), timeout=PATIENCE_MS)
    press(qtbot, controller)  # the same button stops it
    over(qtbot, controller)
    assert 1 in curves(panel)["fake"]
    assert 8 not in curves(panel)["fake"]
    assert controller.facts.sweeping is None
    assert controller.facts.runs[-1].done < 1


def test_one_that_dies_takes_no_other(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = opened(open_on, high=2)
    choose(controller, monkeypatch, "fake:die", "numpy")
    press(qtbot, controller)
    over(qtbot, controller)
    assert curves(controller.window.sweep) == {"numpy": [1, 2]}
    assert "fake:die" in controller.window.notice.text.text()


def test_without_a_prediction_what_was_measured_stands_alone(qtbot: QtBot, open_on: Open) -> None:
    controller = opened(open_on, THIS_MACHINE)  # which nobody calibrated
    panel = controller.window.sweep
    qtbot.waitUntil(lambda: bool(panel.canvas.offers.offers))
    assert panel.chart is None
    press(qtbot, controller)
    over(qtbot, controller)
    assert panel.chart is not None
    assert not panel.chart.predicted
    assert curves(panel) == {"numpy": [1, 2, 3, 4, 8]}
    panel.canvas.grab()
    qtbot.mouseClick(panel.canvas, LEFT, pos=dot(panel, 4))
    assert controller.session.batch == 4
    controller.edit("", lambda s: replace(s, sweep=replace(s.sweep, value=RATE)))
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.value == RATE)
    panel.canvas.grab()
    controller.edit("", lambda s: replace(s, sweep=replace(s.sweep, value=ENERGY)))
    energy = {run.energy_j for run in controller.facts.runs[-1].results.runs}
    if energy == {None}:  # no sensor here may be read
        qtbot.waitUntil(lambda: "no data" in panel.canvas.accessibleDescription())


def test_a_budget_is_typed_and_answered(qtbot: QtBot, open_on: Open) -> None:
    controller = opened(open_on)
    panel = controller.window.sweep
    press(qtbot, controller)
    over(qtbot, controller)
    box = panel.verdicts.box
    assert box.isVisible()
    assert panel.verdicts.lines == ()
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "5000")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert controller.session.budget_s == 5.0
    (told,) = panel.verdicts.lines
    assert str(told) == "5 s: largest batch within it: NumPy at least 8"
    box.selectAll()
    qtbot.keyClicks(box, "-4")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert controller.session.budget_s == 5.0
    assert "a number of milliseconds" in controller.window.notice.text.text()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert controller.session.budget_s is None
    assert panel.verdicts.lines == ()


def test_a_network_that_was_taught_has_its_budget_in_inference(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taught in Learn, asked in Clock; its passes are forward alone again."""
    few = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=640, unseen=100)
    monkeypatch.setattr("mmviz.ui.shell.teach_control.made", lambda: few)
    controller = opened(open_on, high=4)
    controller.edit("", lambda s: open_file(networks.read_preset("digits"), s))
    window, panel = controller.window, controller.window.sweep
    window.go_to("learn")
    (teaching,) = window.findChildren(TeachingPanel)
    teaching.recipe.pace.choose(None)
    qtbot.mouseClick(teaching.teach, LEFT)
    network = controller.session.network.layered
    assert network is not None
    qtbot.waitUntil(lambda: knows_it(controller), timeout=PATIENCE_MS)
    assert controller.session.training, "as it was taught"
    controller.edit("", actions.set_training, False)
    window.go_to("clock")
    window.docks.all["sweep"].raise_()
    choice = SweepChoice(batches=(1, 4), log_x=True)
    controller.edit("", actions.set_sweep, choice)
    controller.edit("", actions.set_budget, 5.0)
    press(qtbot, controller)
    over(qtbot, controller)
    assert str(panel.verdicts.lines[0]).startswith("5 s: largest batch within it: NumPy at least ")
    assert not controller.facts.runs[-1].results.training
    assert controller.facts.knows(network) is not None, "what it learnt is still known"


def knows_it(controller: Controller) -> bool:
    lessons = controller.facts.lessons
    return bool(lessons) and lessons[-1].complete and not controller.desk.busy


def test_widths_are_not_timed_here_and_the_button_says_so(open_on: Open) -> None:
    controller = opened(open_on)
    button = controller.window.sweep.controls.time
    assert button.isEnabled()
    controller.edit("", actions.set_sweep, SweepChoice(axis=WIDTH))
    assert not button.isEnabled()
    assert "mmviz sweep times widths" in button.toolTip()


def test_a_run_of_one_batch_is_let_alone(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = opened(open_on)
    choose(controller, monkeypatch, "fake", seconds=30)
    controller.run.toggle()
    press(qtbot, controller)
    assert controller.run.running
    assert "a timing run is going on" in controller.window.notice.text.text()
    controller.run.toggle()
    over(qtbot, controller)


def test_a_sweep_past_the_batch_looked_at_shows_the_samples_of_its_last(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = opened(open_on)
    sweep = replace(controller.session.sweep, batches=(4, 8))
    controller.edit("", actions.set_sweep, sweep)
    over(qtbot, controller)
    press(qtbot, controller)
    qtbot.waitUntil(lambda: controller.run.running)
    over(qtbot, controller)
    results = controller.run.results()
    assert results is not None
    assert [run.batch for run in results.runs] == [4, 8], "the session's is 3"
    series = controller.window.timing.chart.series("numpy")
    assert len(series) == len(results.runs[-1].samples_s)
