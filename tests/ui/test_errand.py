"""A file is read beside the window, which goes on: the newest is opened, Cancel calls it off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.core.shapes.products import MAX_PRODUCTS
from mmviz.files import networks
from mmviz.state import actions
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


class Disk:
    """Reads what it is let read; `begun`: names of the files."""

    def __init__(self) -> None:
        self.let, self.begun = threading.Event(), list[str]()
        self.read = networks.read_file

    def __call__(self, path: str, tick: Any) -> Any:
        self.begun.append(Path(path).name)
        assert threading.current_thread() is not threading.main_thread()
        while not self.let.wait(0.001):
            tick(1, 2)
        return self.read(path, tick)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk()
    monkeypatch.setattr(networks, "read_file", made)
    yield made
    made.let.set()


def choose(controller: Controller, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    controller.window.commands["open"].trigger()


def listed(folder: Path, name: str, rows: int = 1) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("m,n,k\n" + "64,48,32\n" * rows)
    return path


def test_the_window_goes_on_while_a_file_is_read(
    open_on: Open, disk: Disk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    word = controller.window.working
    choose(controller, listed(tmp_path, "mine"), monkeypatch)
    qtbot.waitUntil(word.isVisible)
    assert "reading mine.csv" in word.text
    controller.edit("", actions.set_batch, 7)
    assert controller.derived.session.batch == 7
    disk.let.set()
    settled(qtbot, controller)
    assert controller.session.network.name == "mine"
    assert not word.isVisible()
    controller.undo()  # what was edited meanwhile is what it came after
    assert controller.session.batch == 7


def test_the_newest_file_is_opened_and_no_other(
    open_on: Open, disk: Disk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    for name in ("one", "two", "three"):
        choose(controller, listed(tmp_path, name), monkeypatch)
    disk.let.set()
    settled(qtbot, controller)
    assert controller.session.network.name == "three"
    assert len(controller.history.past) == 1
    assert disk.begun[-1] == "three.csv"


@pytest.mark.usefixtures("disk")
def test_reading_can_be_called_off(
    open_on: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    choose(controller, listed(tmp_path, "mine"), monkeypatch)
    word = controller.window.working
    qtbot.waitUntil(word.isVisible)
    word.cancel.click()
    assert not word.isVisible()
    settled(qtbot, controller)
    assert controller.session.preset == "mlp"


@pytest.mark.usefixtures("disk")
def test_a_window_that_closes_while_it_reads(
    open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    choose(controller, listed(tmp_path, "mine"), monkeypatch)
    controller.window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "beside"]


def test_the_longest_list_is_derived_beside_the_window(
    open_on: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    choose(controller, listed(tmp_path, "long", MAX_PRODUCTS), monkeypatch)
    qtbot.waitUntil(lambda: controller.working)
    assert controller.derived.session.preset == "mlp"
    settled(qtbot, controller)
    assert len(controller.derived.gemms) == MAX_PRODUCTS


def test_backends_are_looked_for_beside_the_window(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mmviz.bench import runner

    names: list[str] = []
    probe = runner.probe

    def look(*backends: Any, **more: Any) -> Any:
        names.append(threading.current_thread().name)
        return probe(*backends, **more)

    monkeypatch.setattr(runner, "probe", look)
    controller = open_on("mlp")
    names.clear()
    controller.found_out(lambda facts: facts.__class__(devices=facts.devices))
    controller.look_around()
    qtbot.waitUntil(lambda: bool(controller.facts.backends))
    assert names == ["beside"]


def test_run_before_anybody_looked_waits_for_a_child_that_looks(
    open_on: Open, qtbot: QtBot
) -> None:
    """Nothing of a driver is loaded in the window's own process, and the run begins by itself."""
    controller = open_on("two-by-two", survey=False)
    window = controller.window
    controller.found_out(lambda facts: facts.__class__(devices=facts.devices))
    window.timing.controls.spin.setValue(0.1)
    window.commands["run"].trigger()
    assert not controller.run.running
    assert "finding out what can compute here" in window.notice.text.text()
    qtbot.waitUntil(lambda: controller.run.running, timeout=30_000)
    qtbot.waitUntil(lambda: not controller.run.running, timeout=60_000)
    assert {entry.id for entry in controller.facts.backends} >= {"numpy", "wgpu"}
    results = controller.run.results()
    assert results is not None
    assert {run.backend for run in results.runs} >= {"numpy", "wgpu"}


def test_a_window_that_closes_ends_the_child_that_looks(open_on: Open) -> None:
    controller = open_on("two-by-two", survey=False)
    controller.look_around()
    controller.window.close()
