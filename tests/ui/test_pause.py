"""A timing run that is paused, stopped or killed, and goes on, with the real timing child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mmviz.bench.messages import Checked, Samples, encode
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.core.shapes.network import from_widths
from mmviz.files import journal
from mmviz.files.journal import Head, Journal, kept_runs, read
from mmviz.state.clock.live import Live
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
PATIENCE_MS = 60_000  # a loaded machine is slow, not wrong
TINY = from_widths([64, 32, 8], "tiny")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def small(open_on: Open) -> Controller:
    controller = open_on(Session(TINY, batch=16))
    for name, box in controller.window.timing.controls.boxes.items():
        box.setChecked(name == "numpy")
    controller.window.timing.controls.spin.setValue(0.4)
    return controller


def press(qtbot: QtBot, controller: Controller) -> None:
    qtbot.mouseClick(controller.window.timing.progress_row.button, LEFT)


def row_text(controller: Controller) -> str:
    return controller.window.timing.progress_row._doing.whole


def whole(qtbot: QtBot, controller: Controller) -> None:
    qtbot.waitUntil(lambda: not controller.run.running, timeout=PATIENCE_MS)


def test_a_run_is_paused_and_goes_on(qtbot: QtBot, small: Controller) -> None:
    row, worker = small.window.timing.progress_row, small.desk.worker
    assert not row.isVisible()
    qtbot.mouseClick(small.window.top.run, LEFT)
    assert row.isVisible()
    assert row.button.text() == "Pause"
    qtbot.waitUntil(lambda: small.desk.collector.has_samples, timeout=PATIENCE_MS)
    press(qtbot, small)
    assert row.button.text() == "Go on"
    assert row_text(small).startswith("paused at ")
    qtbot.waitUntil(lambda: worker.pid == 0, timeout=PATIENCE_MS)
    qtbot.wait(100)
    assert worker.pid == 0, "no child computes while it is paused"
    anew = "paused at 0 % · what was begun is timed anew"
    qtbot.waitUntil(lambda: row_text(small) == anew, timeout=PATIENCE_MS)
    assert row.line.value() == 0
    assert len(small.window.timing.chart.series("numpy")) == 0, "the chart says what the table says"
    assert small.run.running
    press(qtbot, small)
    whole(qtbot, small)
    results = small.run.results()
    assert results is not None
    assert results.runs[0].failure is None
    assert results.runs[0].max_error is not None
    assert not row.isVisible()
    (kept,) = kept_runs()[0]
    assert read(kept.path).results.runs == results.runs
    assert not kept.unfinished


def test_a_run_taken_up_again_is_at_the_batch_it_has_left() -> None:
    plan = BenchPlan(network=TINY, batches=(1, 2), backends=("numpy",))
    kept = Collector(plan)
    for message in (Samples("numpy", 1, [1e-5] * 40), Checked("numpy", 1, 1e-7)):
        kept.add(message)
    live = Live(plan, kept=kept)
    assert (live.batch, live.done) == (2, 0.5)


def test_a_run_that_was_stopped_goes_on(qtbot: QtBot, small: Controller) -> None:
    small.window.timing.controls.spin.setValue(60.0)
    qtbot.mouseClick(small.window.top.run, LEFT)
    qtbot.waitUntil(lambda: small.desk.collector.has_samples, timeout=PATIENCE_MS)
    qtbot.mouseClick(small.window.top.run, LEFT)
    whole(qtbot, small)
    row = small.window.timing.progress_row
    assert row.button.text() == "Go on"
    assert row_text(small).startswith("ended at ")
    press(qtbot, small)
    qtbot.waitUntil(lambda: small.run.running, timeout=PATIENCE_MS)
    assert small.desk.collector.plan.seconds == 60.0, "as it was asked for"
    qtbot.waitUntil(lambda: small.desk.worker.pid != 0, timeout=PATIENCE_MS)
    qtbot.mouseClick(small.window.top.run, LEFT)
    whole(qtbot, small)
    assert len(kept_runs()[0]) == 1, "it is one run"


def test_what_a_killed_mmviz_had_timed_is_not_timed_again(qtbot: QtBot, small: Controller) -> None:
    plan = BenchPlan(network=TINY, batches=(16, 32), backends=("numpy",), seconds=0.2)
    killed = Journal(plan, 1e9)
    killed.add(Samples("numpy", 16, [0.5, 0.25]))
    killed.add(Checked("numpy", 16, 0.0))
    killed.add(Samples("numpy", 32, [9.0]))
    killed._file.close()
    small.run.journal.look()
    (kept,) = kept_runs()[0]
    assert kept.unfinished
    small.run.journal.open(kept)
    qtbot.waitUntil(lambda: not small.errand.working, timeout=PATIENCE_MS)
    press(qtbot, small)
    qtbot.waitUntil(lambda: small.run.running, timeout=PATIENCE_MS)
    whole(qtbot, small)
    results = read(kept.path).results
    assert results.runs[0].samples_s == (0.5, 0.25)
    assert 9.0 not in results.runs[1].samples_s, "it was cut off, and timed anew"
    assert results.runs[1].max_error is not None
    assert small.run.results().runs == results.runs
    (kept,) = kept_runs()[0]
    assert not kept.unfinished


def test_what_another_mmviz_is_writing_does_not_go_on_here(qtbot: QtBot, small: Controller) -> None:
    plan = BenchPlan(network=TINY, batches=(16, 32), backends=("numpy",), seconds=0.2)
    other = Journal(plan, 1e9)
    other.add(Samples("numpy", 16, [0.5]))
    small.run.journal.look()
    (kept,) = kept_runs()[0]
    small.run.journal.open(kept)
    qtbot.waitUntil(lambda: not small.errand.working, timeout=PATIENCE_MS)
    before = kept.path.read_bytes()
    press(qtbot, small)
    qtbot.waitUntil(lambda: not small.errand.working, timeout=PATIENCE_MS)
    assert not small.run.running
    assert small.window.notice.text.text() == f"{kept.path.name} is being written by another mmviz"
    other.end(NOTHING, 0.5)
    assert kept.path.read_bytes().startswith(before)
    press(qtbot, small)
    qtbot.waitUntil(lambda: small.run.running, timeout=PATIENCE_MS)
    whole(qtbot, small)


def test_without_a_run_there_is_nothing_to_pause(small: Controller) -> None:
    small.window.commands["pause"].trigger()
    assert "no timing run is going on" in small.window.notice.text.text()


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    plan = BenchPlan(network=TINY, batches=(16, 32), backends=("numpy",))
    path = tmp_path / "20010909-014640000000-00000000.jsonl"
    whole_lines = Head(when=1e9, plan=plan), Samples("numpy", 16, [0.5])
    head = journal.msgspec.json.encode(whole_lines[0]) + b"\n"
    path.write_bytes(head + encode(whole_lines[1]) + b'{"type":"samp')
    again = Journal(plan, 1e9, path)
    again.add(Samples("numpy", 32, [0.25]))
    again.end(NOTHING, 1.0)
    found = read(path)
    assert [run.samples_s for run in found.results.runs] == [(0.5,), (0.25,)]
    assert found.unread == 1
    assert found.over.done == 1.0
