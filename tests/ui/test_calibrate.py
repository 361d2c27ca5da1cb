"""Calibrating from the window as a person would, with the real child and a short time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from calibrations import measured_here
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QMessageBox

from mmviz.bench.measured import Measured
from mmviz.bench.messages import Calibrated, Finished, Progress, Started, encode
from mmviz.files import calibration
from mmviz.files.devices import read_device
from mmviz.files.this_machine import keep
from mmviz.state.device.calibration import CalibrateView
from mmviz.state.offers import AGAIN, CALIBRATE, CANCEL
from mmviz.text import Text
from mmviz.ui.device.calibrate import BREAK
from mmviz.ui.shell import worker_process

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]


def taken(who: str) -> str:
    return f"{who}, and two measurements would disturb each other: stop it first"


@pytest.fixture
def here(open_on: Open) -> Controller:
    """A window on a network, on this machine, whose calibration takes two seconds and a half."""
    controller = open_on("alexnet")
    assert controller.session.device == "this-machine"
    controller.calibrate.seconds = 2.5
    return controller


Finds = Callable[[Measured], None]


@pytest.fixture
def finds(
    script: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Finds:
    """Have a child find this and nothing else: how busy the machine is does not matter then."""

    def write(measured: Measured) -> None:
        said = (Started(measured.machine), Progress(0.5), Calibrated(measured), Finished())
        messages = tmp_path / "messages"
        messages.write_bytes(b"".join(map(encode, said)))
        command = script(
            f"sys.stdin.buffer.readline(); "
            f"sys.stdout.buffer.write(open({str(messages)!r}, 'rb').read())"
        )
        monkeypatch.setattr(worker_process, "worker_command", lambda: command)

    return write


def test_a_click_turns_steps_into_seconds(here: Controller, finds: Finds, qtbot: QtBot) -> None:
    finds(measured_here())
    panel = here.window.facts.calibrate
    assert panel.isVisible()
    assert panel.button.text() == str(CALIBRATE.text)
    assert panel.said.text().startswith("Not calibrated")
    assert here.derived.timeline.clock == "steps"
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
        assert panel.bar.isVisible()
        assert panel.button.text() == str(CANCEL.text)
    assert here.derived.timeline.clock == "s"
    assert here.derived.device == read_device("this-machine")
    assert panel.button.text() == str(AGAIN.text)
    assert not panel.bar.isVisible()
    assert calibration.read(calibration.place()) is not None
    assert not here.history.past  # nothing that could be undone


@pytest.mark.parametrize("replaced", [True, False])
def test_a_doubtful_result_replaces_a_better_one_only_after_a_question(
    here: Controller, finds: Finds, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    good = measured_here()
    bad = msgspec.structs.replace(good, fitted=(), took_s=3.0)
    keep(good)
    finds(bad)
    asked: list[str] = []

    def answer(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        assert box.textFormat() == Qt.TextFormat.PlainText
        assert box.defaultButton() is box.button(QMessageBox.StandardButton.No)
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        return yes if replaced else no

    monkeypatch.setattr(QMessageBox, "exec", answer)
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        here.window.facts.calibrate.button.click()
    assert len(asked) == 1
    assert asked[0].startswith("How far the new calibration is off is not known")
    assert asked[0].endswith(". Replace it?")
    assert calibration.read(calibration.place()) == (bad if replaced else good)
    assert here.window.notice.text.text().endswith("it stays") is not replaced


def test_the_keyboard_reaches_it(here: Controller, qtbot: QtBot) -> None:
    button = here.window.facts.calibrate.button
    for _ in range(200):
        if QApplication.focusWidget() is button:
            break
        qtbot.keyClick(QApplication.focusWidget() or here.window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is button
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert here.calibrate.running
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.text() == str(CALIBRATE.text)
    assert button.accessibleName() == "Calibrate this machine, at most 10 seconds"
    assert calibration.read(calibration.place()) is None
    assert here.window.notice.text.text() == ""


def test_progress_moves_and_says_what_is_measured(here: Controller, qtbot: QtBot) -> None:
    panel, said = here.window.facts.calibrate, set()
    here.desk.worker.message.connect(lambda _: said.add((panel.said.text(), panel.bar.value())))
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        panel.button.click()
    assert "a single call" in {words for words, _ in said}
    assert len({value for _, value in said}) > 1


def test_neither_measures_beside_the_other(here: Controller, qtbot: QtBot) -> None:
    here.calibrate.seconds = 60.0
    panel, notice = here.window.facts.calibrate, here.window.notice
    panel.button.click()
    here.window.commands["run"].trigger()
    assert notice.text.text() == taken("this machine is being calibrated")
    assert not here.run.running
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        panel.button.click()
    here.window.commands["run"].trigger()
    assert here.run.running
    panel.button.click()
    assert notice.text.text() == taken("a timing run is going on")
    assert not here.calibrate.running
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        here.window.commands["run"].trigger()


def test_what_cannot_be_kept_is_said(here: Controller, finds: Finds, qtbot: QtBot) -> None:
    finds(measured_here())
    calibration.place().mkdir(parents=True)
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        here.window.facts.calibrate.button.click()
    assert "it is a folder" in here.window.notice.text.text()
    assert here.derived.device.peaks == ()


def test_a_child_that_finds_nothing_is_said(here: Controller, qtbot: QtBot) -> None:
    here.calibrate.seconds = 0.0
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        here.window.facts.calibrate.button.click()
    assert "measured nothing" in here.window.notice.text.text()


def test_closing_the_window_ends_the_child(here: Controller, qtbot: QtBot) -> None:
    here.calibrate.seconds = 60.0
    with qtbot.waitSignal(here.desk.worker.message, timeout=60_000):
        here.window.facts.calibrate.button.click()
    here.window.close()
    assert not here.calibrate.running


def test_a_long_path_can_be_broken(here: Controller) -> None:
    panel = here.window.facts.calibrate
    panel.show_view(CalibrateView(Text("/home/me/this-machine.toml"), button=CALIBRATE))
    assert panel.said.text().count(f"/{BREAK}") == 3


def test_beside_a_gpu_it_is_offered_quietly_until_it_is_done(
    here: Controller, finds: Finds, qtbot: QtBot
) -> None:
    here.window.top.device_chosen.emit("a100")
    panel, roofline = here.window.facts.calibrate, here.window.facts.roofline
    assert panel.button.isVisible()
    assert len(roofline.shown.roofs) == 1
    finds(measured_here())
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        panel.button.click()
    assert not panel.isVisible()
    assert here.session.device == "a100"
    assert len(roofline.shown.roofs) == 2


def test_while_it_runs_it_stays_in_sight_on_any_device(
    here: Controller, finds: Finds, qtbot: QtBot
) -> None:
    finds(measured_here())
    with qtbot.waitSignal(here.desk.worker.ended, timeout=60_000):
        here.window.facts.calibrate.button.click()
        here.window.top.device_chosen.emit("a100")
        assert here.window.facts.calibrate.isVisible()
        assert here.window.facts.calibrate.button.text() == str(CANCEL.text)
    assert not here.window.facts.calibrate.isVisible()
    assert here.derived.device.id == "a100"
    assert read_device("this-machine").peaks, here.window.notice.text.text()


def test_a_look_or_an_edit_reads_no_file(here: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    from mmviz.files import devices
    from mmviz.state import actions

    read = []
    real = devices.this_machine
    monkeypatch.setattr(devices, "this_machine", lambda: read.append(True) or real())
    here.edit("", actions.set_batch, 64)
    here.look_at(2)
    here.look(actions.turn, True)
    assert read == []
    here.window.top.device_chosen.emit("a100")
    read.clear()
    here.edit("", actions.set_batch, 32)
    here.found_out(lambda facts: replace(facts, climbing=True))
    assert read == [], "nor beside another device"
    here.window.top.device_chosen.emit("this-machine")
    assert read, "it is read when it is turned to"
