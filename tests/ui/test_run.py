"""Run, Stop, a killed child and Export, with the real timing child."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.session import Session
from mmviz.state.sweep.choice import SweepChoice
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
PATIENCE_MS = 60_000  # a loaded machine is slow, not wrong


@pytest.fixture
def small(open_on: Open) -> Controller:
    """A window on a network that numpy times in a moment, with numpy alone chosen."""
    controller = open_on(Session(from_widths([64, 32, 8], "tiny"), batch=16))
    for name, box in controller.window.timing.controls.boxes.items():
        box.setChecked(name == "numpy")
    assert controller.window.timing.selected_backends() == ("numpy",)
    set_seconds(controller, 0.3)
    return controller


def set_seconds(controller: Controller, seconds: float) -> None:
    controller.window.timing.controls.spin.setValue(seconds)


def press_run(qtbot: QtBot, controller: Controller) -> None:
    qtbot.mouseClick(controller.window.top.run, Qt.MouseButton.LeftButton)


def run_to_the_end(qtbot: QtBot, controller: Controller) -> None:
    press_run(qtbot, controller)
    assert "Stop" in controller.window.top.run.text()
    qtbot.waitUntil(lambda: not controller.run.running, timeout=PATIENCE_MS)


def test_run_times_the_network_live(qtbot: QtBot, small: Controller) -> None:
    run_to_the_end(qtbot, small)
    results = small.run.results()
    assert results is not None
    (run,) = results.runs
    assert (run.backend, run.batch, run.estimated, run.failure) == ("numpy", 16, False, None)
    assert run.stats is not None
    assert run.stats.n == len(run.samples_s) > 0
    assert run.max_error is not None
    assert 0 < run.max_error < 1e-4
    assert results.machine is not None
    assert "Run" in small.window.top.run.text()
    assert not small.window.notice.isVisible()


def test_a_run_moves_no_panel_of_a_small_window(qtbot: QtBot, small: Controller) -> None:
    window = small.window
    window.resize(1024, 560)
    window.settle()  # by then panels share a place, and the window may be lower
    window.resize(1024, 560)
    window.docks.all["timing"].raise_()
    QApplication.processEvents()
    docks = [dock for dock in window.docks.all.values() if dock.seen]
    places = [dock.geometry() for dock in docks]
    run_to_the_end(qtbot, small)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1024, 560)
    assert [dock.geometry() for dock in docks] == places
    table = window.timing.table
    assert table.mapTo(window.timing, table.rect().bottomRight()).x() < window.timing.width()


def test_the_window_stays_alive_while_it_runs(qtbot: QtBot, small: Controller) -> None:
    set_seconds(small, 30)
    press_run(qtbot, small)
    qtbot.waitUntil(lambda: bool(small.run.results().runs[0].samples_s), timeout=PATIENCE_MS)
    qtbot.keyClick(small.window.picture, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: small.playback.position > 0)
    small.window.top.training.click()
    assert small.run.running  # an edit does not stop the run, it marks it
    press_run(qtbot, small)  # Stop
    qtbot.waitUntil(lambda: not small.run.running, timeout=PATIENCE_MS)
    assert small.run.results().runs[0].samples_s  # what was measured stays
    assert not small.window.notice.isVisible()  # cancelling is no failure
    run_to_the_end_again(qtbot, small)


def run_to_the_end_again(qtbot: QtBot, controller: Controller) -> None:
    set_seconds(controller, 0.2)
    run_to_the_end(qtbot, controller)
    assert controller.run.results().training


def test_one_that_dies_is_named_and_the_other_is_timed(
    qtbot: QtBot, small: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small.window.timing, "selected_backends", lambda: ("fake:die", "numpy"))
    run_to_the_end(qtbot, small)
    results = small.run.results()
    assert results is not None
    dead, timed = results.runs
    assert dead.failure is not None
    assert timed.samples_s
    assert timed.failure is None
    assert timed.max_error is not None
    said = "fake:die: the timing process stopped with exit code 3"
    assert small.window.notice.text.text() == said
    kept = small.facts.run_of(small.derived.setup.timed)
    assert kept is not None
    assert str(kept.ended) == said
    assert kept.results == results


LATER = {
    "a list": lambda controller: controller.open(networks.read_preset("gpt2-small")),
    "fewer layers": lambda controller: controller.window.network.remove_asked.emit(1),
    "another product": lambda controller: controller.look_at(1),
    "another batch": lambda controller: controller.window.top.batch_chosen.emit(8),
    "swept widths": lambda controller: controller.edit(
        "", actions.set_sweep, SweepChoice("width", 1, (0, 0), (1, 64))
    ),
}


@pytest.mark.parametrize("later", LATER)
def test_a_run_that_breaks_after_an_edit_says_why_and_stays_with_its_network(
    qtbot: QtBot, small: Controller, monkeypatch: pytest.MonkeyPatch, later: str
) -> None:
    small.edit("", actions.set_sweep, SweepChoice("width", 1, (0, 0), (1, 64)))
    small.look_at(1)
    before = small.derived.setup.timed
    monkeypatch.setattr(small.window.timing, "selected_backends", lambda: ("fake:die",))
    press_run(qtbot, small)
    for name in dict.fromkeys((later, "a list", later)):  # a network, no network, a network
        if small.session.network.layered is None:
            small.window.commands["undo"].trigger()
        LATER[name](small)
    qtbot.waitUntil(lambda: not small.run.running, timeout=PATIENCE_MS)
    said = "fake:die: the timing process stopped with exit code 3"
    assert small.window.notice.text.text() == said
    kept = small.facts.run_of(before)
    assert kept is not None
    assert str(kept.ended) == said
    assert [run.of for run in small.facts.runs] == [before]


def test_what_was_measured_is_found_again(qtbot: QtBot, small: Controller) -> None:
    run_to_the_end(qtbot, small)
    first = small.facts.last
    small.window.top.batch_chosen.emit(8)
    run_to_the_end(qtbot, small)
    assert small.facts.last is not first
    small.window.top.batch_chosen.emit(16)
    assert small.facts.run_of(small.derived.setup.timed) is first


def test_a_killed_child_does_not_take_the_window_down(qtbot: QtBot, small: Controller) -> None:
    set_seconds(small, 30)
    press_run(qtbot, small)
    qtbot.waitUntil(lambda: bool(small.run.results().runs[0].samples_s), timeout=PATIENCE_MS)
    os.kill(small.desk.worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not small.run.running, timeout=PATIENCE_MS)
    notice = small.window.notice
    assert notice.isVisible()
    assert "killed" in notice.text.text()
    assert small.run.results().runs[0].samples_s
    set_seconds(small, 0.2)
    run_to_the_end(qtbot, small)
    assert not notice.isVisible()


def test_closing_the_window_ends_the_run(qtbot: QtBot, small: Controller) -> None:
    set_seconds(small, 30)
    press_run(qtbot, small)
    small.window.close()
    assert not small.run.running


def test_a_network_too_large_for_memory_is_refused_before_anything_starts(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on(Session(from_widths([16_777_216, 16_777_216]), batch=1))
    press_run(qtbot, controller)
    assert not controller.run.running
    assert "free" in controller.window.notice.text.text()


def test_no_backend_has_the_dtype(qtbot: QtBot, small: Controller) -> None:
    small.window.top.dtype.setCurrentIndex(small.window.top.dtype.findData("bfloat16"))
    press_run(qtbot, small)
    assert not small.run.running
    assert "computes in bfloat16" in small.window.notice.text.text()


def test_export(
    qtbot: QtBot, small: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands, notice = small.window.commands, small.window.notice
    commands["export_csv"].trigger()
    assert "no data to export" in notice.text.text()
    run_to_the_end(qtbot, small)
    results = small.run.results()

    def save_as(name: str) -> Path:
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        return path

    path = save_as("r.csv")
    commands["export_csv"].trigger()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    hot = [row for row in rows if row["way"] == "hot"]
    assert len(hot) == len(results.runs[0].samples_s)
    assert len(rows) == len(hot) + len(results.runs[0].cold)
    path = save_as("r.json")
    commands["export_json"].trigger()
    assert json.loads(path.read_text())["runs"][0]["stats"]["n"] == len(hot)
    assert {p.name for p in tmp_path.iterdir()} == {"r.csv", "r.json"}
