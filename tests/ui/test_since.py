"""The panel Since last run, as a person uses it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmviz.backends.base import Part
from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Message, Parted, Samples, Sensing, Started
from mmviz.bench.plan import BenchPlan
from mmviz.bench.sensed import Sensed
from mmviz.bench.sensors_cpu import NO_ENERGY
from mmviz.core.shapes.network import from_widths
from mmviz.files.journal import Journal, kept_runs, place
from mmviz.state.clock.since import SinceRow
from mmviz.state.session import Session
from mmviz.text import NOTHING, Text
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.clock.verdict_table import ROW, VerdictTable, ink
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
TINY = from_widths([64, 32, 8], "tiny")


def keep(ago_s: float, seconds: float, *more: Message) -> None:
    plan = BenchPlan(network=TINY, batches=(16,), backends=("numpy",))
    made = Journal(plan, time.time() - ago_s)
    for message in (Started(read_machine({})), Samples("numpy", 16, [seconds] * 40), *more):
        made.add(message)
    made.end(NOTHING, 1.0)


def layers(first: float) -> Parted:
    return Parted("numpy", 16, (Part("forward", 0, first, 0.01), Part("forward", 1, 0.5, 0.01)))


@pytest.fixture
def window(open_on: Open) -> Controller:
    controller = open_on(Session(TINY, batch=16))
    controller.window.go_to("clock")
    controller.window.docks.all["since"].raise_()
    QApplication.processEvents()
    return controller


def panel(controller: Controller) -> SincePanel:
    found = controller.window.panels["since"]
    assert isinstance(found, SincePanel)
    return found


def told(controller: Controller) -> list[tuple[str, str]]:
    return [(str(row.name), row.outcome) for row in panel(controller).table.rows]


def look_at_last(controller: Controller, qtbot: QtBot) -> None:
    journal = controller.run.journal
    journal.look()
    journal.open(kept_runs()[0][0])
    qtbot.waitUntil(lambda: controller.facts.opened is not None)


def test_the_run_before_is_read_and_held_against_it(window: Controller, qtbot: QtBot) -> None:
    assert panel(window).pages.currentWidget() is panel(window).hint
    keep(7200, 1.0, layers(0.4))
    keep(60, 1.2, layers(0.6))
    look_at_last(window, qtbot)
    qtbot.waitUntil(lambda: bool(told(window)))
    assert told(window) == [("NumPy", "slower"), ("layer 1", "slower"), ("layer 2", "same")]
    assert panel(window).against.whole.endswith("this machine")
    model = panel(window).table.model()
    assert model is not None
    said = model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "NumPy, slower, +20 %"
    assert "since then" in model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole)


def test_what_sensors_told_of_the_run_stands_at_its_foot(window: Controller, qtbot: QtBot) -> None:
    missing = {"energy_cpu_j": Text(NO_ENERGY)}
    keep(3600, 1e-3)
    keep(60, 2e-3, Sensing("numpy", 16, Sensed(cpu_clock_mhz=900.0, missing=missing)))
    look_at_last(window, qtbot)
    qtbot.waitUntil(lambda: bool(told(window)))
    shown = [label.toolTip() or label.text() for label in panel(window).sensed if label.isVisible()]
    assert shown[0] == "processor: 900 MHz"
    assert shown[1].startswith("not read: energy of the processor: ")
    assert len(shown) == 2


def test_any_other_run_of_the_pass_can_be_chosen(window: Controller, qtbot: QtBot) -> None:
    keep(7200, 2.0)
    keep(3600, 1.0)
    keep(60, 1.2)
    look_at_last(window, qtbot)
    qtbot.waitUntil(lambda: told(window) == [("NumPy", "slower")])
    panel(window).fill()
    *_, oldest, line, history = panel(window).menu.actions()
    assert line.isSeparator()
    assert history.text() == "History of runs …"
    oldest.trigger()
    qtbot.waitUntil(lambda: told(window) == [("NumPy", "faster")])
    panel(window).fill()
    assert [action.isChecked() for action in panel(window).menu.actions()[1:3]] == [False, True]


def test_a_run_that_is_gone_meanwhile_is_said(window: Controller, qtbot: QtBot) -> None:
    keep(7200, 1.0)
    keep(60, 1.2)
    window.run.journal.look()
    first, _ = sorted(place().iterdir())
    first.unlink()
    window.run.journal.open(kept_runs()[0][0])
    qtbot.waitUntil(lambda: first.name in panel(window).hint.why.text())
    assert told(window) == []


def test_enter_on_a_layer_goes_to_it(window: Controller, qtbot: QtBot) -> None:
    keep(7200, 1.0, layers(0.4))
    keep(60, 1.2, layers(0.6))
    look_at_last(window, qtbot)
    qtbot.waitUntil(lambda: len(told(window)) == 3)
    table = panel(window).table
    assert table.focusPolicy() & Qt.FocusPolicy.TabFocus
    table.selectRow(2)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.product == 1)
    table.selectRow(0)  # a whole pass is no layer
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert window.session.product == 1


def test_a_long_reason_stands_whole_below_where_it_has_no_room_beside(qtbot: QtBot) -> None:
    table = VerdictTable()
    qtbot.addWidget(table)
    long = Text("estimated from the part of a pass that ran: its error is not known")
    rows = (
        SinceRow("loop", Text("Python for-loops"), "", long, long),
        SinceRow("numpy", Text("NumPy"), "same", NOTHING, NOTHING),
    )
    table.show_rows(rows)
    table.resize(1000, 200)
    table.show()
    assert not table.isColumnHidden(2)
    assert table.rowHeight(0) == table.rowHeight(1) == ROW
    table.resize(240, 200)
    assert table.isColumnHidden(2)
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    table.show_rows((SinceRow("numpy", Text("NumPy"), "same", long, long),))  # a short name, too
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    table.show_rows(rows)
    line = table.fontMetrics().height()
    assert table.rowHeight(0) > ROW + line, "in two lines or more"
    assert table.rowHeight(1) == ROW, "nothing stands below"
    QApplication.processEvents()
    shown = table.viewport().grab(table.visualRect(table.model_.index(0, 0)).adjusted(0, ROW, 0, 0))
    seen = shown.toImage()
    colours = {seen.pixel(x, y) for x in range(seen.width()) for y in range(seen.height())}
    assert len(colours) > 2, "something is written there"


def test_green_is_faster_alone_and_each_verdict_has_its_word(window: Controller) -> None:
    for theme in (DARK, LIGHT):
        panel(window).set_theme(theme)
        inks = {
            outcome: ink(theme, outcome) for outcome in ("same", "faster", "slower", "ambiguous")
        }
        assert len(set(inks.values())) == 4
        assert [name for name, colour in inks.items() if colour == theme.agreed] == ["faster"]
