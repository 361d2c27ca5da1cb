"""Loop or matmul, and the ladder, as somebody uses them: step, play, choose, time, kill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.backends.registry import Entry
from mmviz.core.learning.rungs import RUNGS
from mmviz.state.learn import rungs
from mmviz.text import NOTHING
from mmviz.ui.learn.ladder import LadderPanel
from mmviz.ui.learn.loops import LoopsPanel
from mmviz.ui.look.theme import LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH, speak

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
HERE = tuple(rung for rung in RUNGS if not rung.gpu)


def loops(controller: Controller) -> LoopsPanel:
    controller.window.go_to("learn")
    controller.window.docks.all["loops"].raise_()
    QApplication.processEvents()
    found = controller.window.findChild(LoopsPanel)
    assert found is not None
    return found


def timing(panel: LadderPanel, controller: Controller, qtbot: QtBot) -> None:
    """Press the button, where it is known already what can compute here."""
    here = Entry("numpy", NOTHING, ("float32",), True)
    controller.found_out(lambda facts: replace(facts, backends=(here,)))
    qtbot.mouseClick(panel.stepper.time, LEFT)


def ladder(controller: Controller) -> LadderPanel:
    controller.window.go_to("learn")
    controller.window.docks.all["ladder"].raise_()
    QApplication.processEvents()
    found = controller.window.findChild(LadderPanel)
    assert found is not None
    return found


def test_the_line_that_runs_is_lit_in_step_with_the_cells(open_on: Open, qtbot: QtBot) -> None:
    panel = loops(open_on("two-by-two", size=(1680, 1050)))
    by_loops, by_neurons, by_matmul = panel.ways
    seen = [by_loops.lit.strip()]
    for _ in range(6):
        qtbot.mouseClick(panel.stepper.on, LEFT)
        seen.append(by_loops.lit.strip())
    line = "z[j] += A_in[i][k] * W[k][j]"
    head = "for i in range(len(A_in)):"
    assert seen == [
        head,
        "for j in range(len(B)):",
        line,
        line,
        line,
        line,
        "for j in range(len(B)):",
    ]
    assert by_loops.moment is not None
    assert by_loops.moment.sums == (4, 0, 0, 0)  # the first cell has all of its terms
    assert by_neurons.moment is not None
    assert by_neurons.moment.sums[:2] == (4, 4)
    assert by_matmul.moment is not None
    assert by_matmul.moment.sums == (4, 4, 4, 4)
    assert by_matmul.lit.strip() == "A_out = g(Z)"
    assert "runs: for j in range(len(B)):" in by_loops.accessibleDescription()
    qtbot.mouseClick(panel.stepper.back, LEFT)
    assert by_loops.lit.strip() == line
    qtbot.mouseClick(panel.stepper.again, LEFT)
    assert by_loops.at == 0


def test_lines_side_by_side_are_in_type_of_one_size(
    open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: set[float] = set()

    def write_in(_painter: object, _box: object, text: str, font: QFont, *_: object) -> None:
        if text.strip():
            sizes.add(font.pointSizeF())

    monkeypatch.setattr("mmviz.ui.learn.rung_painter.write_in", write_in)
    panel = loops(open_on("two-by-two", size=(1280, 720)))
    for wide in (360, 180, 300):  # all of them fit, none, all but the loop over neurons
        sizes.clear()
        for way in panel.ways:
            way.resize(wide, 500)
        for way in panel.ways:
            way.grab()
        assert len(sizes) == 1, wide


def test_in_another_language_nothing_stays_in_the_one_before(open_on: Open) -> None:
    controller = open_on("digits", size=(1680, 1050))
    for panel in (loops(controller), ladder(controller)):
        assert panel.stepper.said.whole.startswith("classes, batch ")
    controller.window.set_words(speak("zh_CN"))
    panels = loops(controller), ladder(controller)
    for panel in panels:
        assert panel.stepper.said.whole.startswith("类别，批大小 ")
    controller.window.set_words(ENGLISH)
    for panel in panels:
        assert panel.stepper.said.whole.startswith("classes, batch ")


def test_played_it_goes_to_its_end_and_stops_where_nobody_looks(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on("two-by-two", size=(1680, 1050))
    panel = loops(controller)
    panel.stepper.pace.setCurrentIndex(3)
    tab_to(panel.stepper.play)
    qtbot.keyClick(panel.stepper.play, Qt.Key.Key_Space)
    assert panel.stepper.playing
    last = len(panel.ways[0].rung.moments) - 1 if panel.ways[0].rung else 0
    qtbot.waitUntil(lambda: not panel.stepper.playing)
    assert panel.ways[0].at == last
    qtbot.mouseClick(panel.stepper.play, LEFT)
    assert panel.stepper.playing
    assert panel.ways[0].at == 0
    panel.stepper.pace.setCurrentIndex(0)
    ladder(controller)
    qtbot.waitUntil(lambda: not panel.stepper.playing)
    assert panel.ways[0].at < last


def test_a_rung_is_chosen_by_click_and_by_key_and_played(open_on: Open, qtbot: QtBot) -> None:
    panel = ladder(open_on("digits", theme=LIGHT, size=(1680, 1050)))
    bars = panel.bars
    qtbot.mouseClick(bars, LEFT, pos=bars.row(6).center().toPoint())
    assert panel.way.rung is not None
    assert panel.way.rung.rung.id == "tiled"
    assert "load a block together, and all use it" in panel.does.text()
    tab_to(bars)
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert panel.way.rung.rung.id == "naive"
    assert "2.00 numbers loaded per multiply-add" in panel.does.text()
    for _ in range(3):
        qtbot.mouseClick(panel.stepper.on, LEFT)
    assert panel.way.moment is not None
    assert panel.way.moment.added == 2 * 20  # each cell has a thread, and two terms of six
    qtbot.mouseClick(bars, LEFT, pos=QPoint(5, round(bars.row(0).center().y())))
    assert panel.way.at == 0


def test_all_of_them_are_timed_on_the_same_numbers_with_the_same_outputs(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rungs, "RUNGS", HERE)
    monkeypatch.setattr(rungs, "SECONDS", 0.02)
    controller = open_on("digits", size=(1680, 1050))
    panel = ladder(controller)
    timing(panel, controller, qtbot)
    assert controller.ladder.running
    assert panel.stepper.time.text() == "Stop timing"
    qtbot.waitUntil(lambda: not controller.ladder.running, timeout=60_000)
    view = panel.bars.rungs
    assert [one.rung.id for one in view] == [rung.id for rung in HERE]
    assert all(one.seconds for one in view)
    assert all(str(one.agrees).startswith("same outputs") for one in view)
    assert all(panel.bars.bar(i) is not None for i in range(len(view)))
    assert panel.stepper.time.text() == "Time them here"
    side_by_side = loops(controller)  # shows the same times
    assert [way.rung.seconds for way in side_by_side.ways if way.rung] == [
        one.seconds for one in view if one.rung.id in ("loops", "neurons", "matmul")
    ]
    controller.edit("batch", lambda session: replace(session, batch=8))
    ladder(controller)
    assert panel.bars.rungs[0].seconds is None, "a time of another batch"


def test_a_killed_child_is_said_and_nothing_runs_on(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rungs, "RUNGS", HERE[:1])
    monkeypatch.setattr(rungs, "SECONDS", 30.0)
    controller = open_on("digits", size=(1680, 1050))
    panel = ladder(controller)
    timing(panel, controller, qtbot)
    qtbot.waitUntil(lambda: panel.bars.rungs[0].seconds is not None, timeout=60_000)
    psutil.Process(controller.desk.worker.pid).kill()
    qtbot.waitUntil(lambda: not controller.ladder.running, timeout=60_000)
    assert panel.bars.rungs[0].seconds is not None, "what was measured stays"
    assert panel.stepper.time.text() == "Time them here"


def test_it_is_stopped_by_the_same_button_and_refused_beside_another(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rungs, "RUNGS", HERE[:1])
    monkeypatch.setattr(rungs, "SECONDS", 30.0)
    controller = open_on("digits", size=(1680, 1050))
    panel = ladder(controller)
    timing(panel, controller, qtbot)
    controller.calibrate.toggle()
    assert "the rungs of a layer are being timed" in controller.window.notice.text.text()
    qtbot.mouseClick(panel.stepper.time, LEFT)
    qtbot.waitUntil(lambda: not controller.ladder.running, timeout=60_000)
    assert panel.stepper.time.text() == "Time them here"
