"""The sweep of the batch size in the window, with the real child."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mmviz.backends.registry import entry, find
from mmviz.bench.plan import MadeData
from mmviz.bench.rates import Rate
from mmviz.files import hands
from mmviz.ui.learn.rates import GO_ON, PAUSE, SWEEP, RatesPanel
from mmviz.ui.learn.rates_painter import drawing_of, paint_rates
from mmviz.ui.look.theme import LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 60_000
FEW = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=640, unseen=100)


@pytest.fixture
def sweeping(open_on: Open, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Controller]:
    """A window on Learn, with few drawings and two short courses."""
    monkeypatch.setattr("mmviz.ui.shell.rates_control.made", lambda: FEW)

    def call(preset: str) -> Controller:
        controller = open_on(preset)
        controller.window.go_to("learn")
        controller.window.docks.all["rates"].raise_()
        controller.rates.batches, controller.rates.seconds = (16, 160), 0.05
        who = panel(controller).who
        who.setCurrentIndex(who.findData("numpy"))
        return controller

    return call


def panel(controller: Controller) -> RatesPanel:
    found = controller.window.panels["rates"]
    assert isinstance(found, RatesPanel)
    return found


def test_it_is_swept_and_read_by_mouse_and_keys(
    sweeping: Callable[[str], Controller], qtbot: QtBot
) -> None:
    controller = sweeping("digits")
    rates = panel(controller)
    assert rates.hint.isVisible()
    assert rates.button.text() == SWEEP
    qtbot.mouseClick(rates.button, LEFT)
    assert rates.button.text() == PAUSE
    assert "batch 16, 1 of 2" in rates.of.whole
    qtbot.waitUntil(lambda: not controller.rates.running, timeout=WAIT_MS)
    assert [rate.batch for rate in rates.canvas.rates] == [16, 160]
    assert all(rate.step_s and rate.by_drawings for rate in rates.canvas.rates)
    assert rates.button.text() == SWEEP
    assert rates.lines[1].whole.startswith("after the same ")
    last = rates.canvas.drawing().xs[-1]
    QTest.mouseMove(rates.canvas, QPoint(round(last), 40))
    qtbot.waitUntil(lambda: rates.readings[0].whole.startswith("batch 160 · a step "))
    rates.canvas.setFocus()
    qtbot.keyClick(rates.canvas, Qt.Key.Key_Left)
    assert rates.readings[0].whole.startswith("batch 16 · a step ")
    assert rates.canvas.accessibleDescription() == rates.readings[0].whole
    assert controller.facts.lessons == (), "what was learnt before is not touched"


def test_a_sweep_that_rests_keeps_what_is_over_and_goes_on_in_another_window(
    sweeping: Callable[[str], Controller], qtbot: QtBot
) -> None:
    controller = sweeping("digits")
    rates = panel(controller)
    controller.rates.batches = (16, 32, 160)
    qtbot.mouseClick(rates.button, LEFT)
    qtbot.waitUntil(lambda: "2 of 3" in rates.of.whole, timeout=WAIT_MS)
    qtbot.mouseClick(rates.button, LEFT)
    qtbot.waitUntil(lambda: not controller.rates.running, timeout=WAIT_MS)
    assert [rate.batch for rate in rates.canvas.rates] == [16]
    assert rates.button.text() == GO_ON
    assert rates.anew.isVisible()
    (first,) = rates.canvas.rates
    other = sweeping("digits")
    again = panel(other)
    other.rates.look()
    qtbot.waitUntil(lambda: again.button.text() == GO_ON, timeout=WAIT_MS)
    assert again.canvas.rates == (first,), "as it was kept on disk"
    qtbot.mouseClick(again.button, LEFT)
    qtbot.mouseClick(rates.button, LEFT)
    assert "is being written by another mmviz" in controller.window.notice.text.text()
    qtbot.waitUntil(lambda: not other.rates.running, timeout=WAIT_MS)
    assert [rate.batch for rate in again.canvas.rates] == [16, 32, 160]
    assert again.canvas.rates[0].step_s == first.step_s, "it was not taught again"
    assert again.button.text() == SWEEP
    qtbot.mouseClick(rates.button, LEFT)
    assert not controller.rates.running, "the other window left nothing to do"
    assert [rate.batch for rate in rates.canvas.rates] == [16, 32, 160]


@pytest.mark.usefixtures("qapp")
def test_a_figure_at_the_foot_of_the_chart_leaves_what_is_below_its_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes: list[tuple[str, QRectF]] = []

    def write_in(_: object, box: QRectF, text: str, *_how: object) -> None:
        boxes.append((text, QRectF(box)))

    monkeypatch.setattr("mmviz.ui.learn.rates_painter.write_in", write_in)
    one = Rate(1, "numpy", step_s=1e-5, epoch_s=0.1, by_time=0.0774, by_drawings=0.0774)
    picture = QImage(900, 460, QImage.Format.Format_RGB32)
    area = QRectF(0, 0, 900, 460)
    with QPainter(picture) as painter:
        paint_rates(painter, LIGHT, drawing_of((one,), area, LIGHT), ENGLISH, None)
    assert "0.05" in dict(boxes), "that is where the chart ends"
    (below,) = [box for text, box in boxes if text == "batch"]
    others = [text for text, box in boxes if text != "batch" and box.intersects(below)]
    assert not others


def test_two_backends_stand_side_by_side(
    sweeping: Callable[[str], Controller], qtbot: QtBot
) -> None:
    """Who plays a GPU in software is never called one."""
    if not entry("wgpu").available:
        pytest.skip("no adapter")
    controller = sweeping("digits")
    rates = panel(controller)
    controller.rates.batches = (64, 640)
    rates.who.setCurrentIndex(rates.who.findData(""))
    qtbot.mouseClick(rates.button, LEFT)
    qtbot.waitUntil(lambda: rates.button.text() == PAUSE, timeout=WAIT_MS)
    assert rates.who.count() == 3, "they were looked for"
    qtbot.waitUntil(lambda: not controller.rates.running, timeout=2 * WAIT_MS)
    drawing = rates.canvas.drawing()
    assert drawing.batches == (64, 640)
    assert [rate.backend for rate, _ in drawing.legend] == ["numpy", "wgpu"]
    said = "\n".join(line.whole for line in rates.lines)
    name = name_of_wgpu()
    assert f"NumPy wins over {name}" in said or f"{name} wins over NumPy" in said, said
    rates.canvas.setFocus()
    qtbot.keyClick(rates.canvas, Qt.Key.Key_Right)
    both = [line.whole for line in rates.readings if line.isVisible()]
    assert both[0].startswith("NumPy · batch 64 · a step ")
    assert both[1].startswith(f"{name} · batch 64 · a step ")


def name_of_wgpu() -> str:
    place = find("wgpu").place()
    assert place is not None
    return "wgpu (software, no GPU)" if place.software else "wgpu"


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_child_that_dies_costs_one_batch_size(
    sweeping: Callable[[str], Controller], qtbot: QtBot
) -> None:
    controller = sweeping("digits")
    rates = panel(controller)
    controller.rates.seconds = 0.1
    qtbot.mouseClick(rates.button, LEFT)
    qtbot.waitUntil(lambda: controller.desk.worker.pid > 0, timeout=WAIT_MS)
    os.kill(controller.desk.worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not controller.rates.running, timeout=WAIT_MS)
    killed, whole = rates.canvas.rates
    assert "killed by signal 9" in str(killed.failure)
    assert whole.step_s
    assert any("batch 16: the timing process died" in line.whole for line in rates.lines)


def test_a_network_that_tells_no_digits_has_no_button(
    sweeping: Callable[[str], Controller],
) -> None:
    rates = panel(sweeping("alexnet"))
    assert not rates.button.isEnabled()
    assert "784" in rates.hint.why.text()
