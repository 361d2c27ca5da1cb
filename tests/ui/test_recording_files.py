"""The schedule that is shown leaves the window as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from recordings import recording
from windows import settled

from mmviz.files import networks
from mmviz.files.recordings import npz
from mmviz.state import actions
from mmviz.state.session import open_file
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]


@pytest.fixture
def controller(open_on: Open) -> Controller:
    session = open_file(networks.find("96-64-10"))
    return open_on(replace(session, batch=32, device="v100"))


def export(
    controller: Controller, qtbot: QtBot, path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Choose it in the menu, and this file in the dialog: what is said then."""
    answer = staticmethod(lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    controller.window.commands["export_trace"].trigger()
    settled(qtbot, controller)
    return controller.window.notice.text.text()


def test_the_modelled_schedule_leaves_as_a_trace(
    controller: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "made.json"
    assert export(controller, qtbot, path, monkeypatch) == f"saved {path}"
    told = json.loads(path.read_text())
    assert told["otherData"]["kind"] == "modelled"
    assert told["otherData"]["machine"] == "NVIDIA V100 SXM2"
    assert sum(event.get("cat") == "tile" for event in told["traceEvents"]) == sum(
        cost.tiling.tiles for cost in controller.derived.costs
    )


def test_the_recorded_one_leaves_where_it_is_shown(
    controller: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = recording(controller.session.network, "v100", batch=32, machine="mine")
    controller.learn(controller.facts.with_recording(ran))
    path = tmp_path / "made.npz"
    export(controller, qtbot, path, monkeypatch)
    assert not npz.read(path).ran, "the picture shows the model"
    controller.look(actions.set_schedule, "recorded")
    export(controller, qtbot, path, monkeypatch)
    assert npz.as_bytes(npz.read(path)) == npz.as_bytes(ran)
    controller.look(actions.set_schedule, "modelled")
    controller.window.go_to("recording")
    trace = tmp_path / "made.json"
    export(controller, qtbot, trace, monkeypatch)
    assert json.loads(trace.read_text())["otherData"]["machine"] == "mine"


def test_what_cannot_be_written_says_why(
    controller: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = export(controller, qtbot, tmp_path / "no" / "made.json", monkeypatch)
    assert said.startswith(f"cannot write {tmp_path / 'no' / 'made.json'}: there is no folder")
    assert list(tmp_path.iterdir()) == []
