"""Earlier runs in the window: kept while they are measured, offered, opened, exported."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mmviz.bench.messages import Message, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.core.shapes.network import from_widths
from mmviz.files import journal
from mmviz.files.journal import Journal, KeptRun, kept_runs, place, read
from mmviz.state.session import Session
from mmviz.text import NOTHING, Text
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.desk import Outcome
from mmviz.words.earlier import HISTORY

Open = Callable[..., Controller]
PATIENCE_MS = 60_000
TINY = from_widths([64, 32, 8], "tiny & small")


def kept() -> tuple[KeptRun, ...]:
    return kept_runs()[0]


@pytest.fixture
def window(open_on: Open) -> Controller:
    controller = open_on(Session(TINY, batch=16))
    for name, box in controller.window.timing.controls.boxes.items():
        box.setChecked(name == "numpy")
    return controller


class Run:
    """A run of the window without a child: what it says is handed in by the test."""

    def __init__(self, controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
        self.controller, self.desk = controller, controller.desk
        self.collector: Collector | None = None

        def start(plan: BenchPlan, before: Collector | None = None) -> None:
            self.collector = before or Collector(plan)

        monkeypatch.setattr(self.desk.worker, "start", start)

    def begin(self) -> None:
        self.controller.run.toggle()
        assert self.controller.run.running, self.controller.window.notice.text.text()

    def say(self, *messages: Message) -> None:
        assert self.collector is not None
        for message in messages:
            self.collector.add(message)
            self.desk._heard(message)

    def end(self, reason: Text = NOTHING, done: float = 1.0) -> None:
        assert self.collector is not None
        loan, self.desk._loan = self.desk._loan, None
        assert loan is not None
        loan.ended(Outcome(reason, done < 1, self.collector.results(), None, done))

    def whole(self, *seconds: float) -> None:
        self.begin()
        self.say(Samples("numpy", 16, list(seconds)))
        self.end()


@pytest.fixture
def run(window: Controller, monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(window, monkeypatch)


def shown(controller: Controller) -> tuple[float, ...]:
    results = controller.run.results()
    return () if results is None else results.runs[0].samples_s


def entries(controller: Controller) -> list[str]:
    menu = controller.run.journal.menu
    controller.run.journal.fill()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    return [text for text in texts if text != str(HISTORY)]


def choose(controller: Controller, place: int) -> None:
    """Choose an entry of the menu."""
    controller.run.journal.fill()
    actions = [a for a in controller.run.journal.menu.actions() if not a.isSeparator()]
    actions[place].trigger()
    settled(controller)


def settled(controller: Controller) -> None:
    """Once it was read, beside the window."""
    end = time.monotonic() + PATIENCE_MS / 1e3
    while controller.errand.working:
        assert time.monotonic() < end
        QApplication.processEvents()


def test_a_run_is_on_disk_before_it_ends(run: Run) -> None:
    run.begin()
    assert kept() == ()
    run.say(Progress(0.1), Samples("numpy", 16, [0.5, 0.25]))
    (one,) = kept()
    assert read(one.path).results.runs[0].samples_s == (0.5, 0.25)
    run.say(Samples("numpy", 16, [0.75]))
    assert read(one.path).results.runs[0].samples_s == (0.5, 0.25, 0.75)
    run.end()
    assert read(one.path).over.done == 1.0


def test_stopping_at_once_keeps_the_samples_that_were_there(window: Controller, run: Run) -> None:
    run.whole(0.5, 0.25)
    run.begin()
    run.end(done=0.0)
    assert shown(window) == (0.5, 0.25)
    assert window.window.notice.text.text() == "stopped before the first sample"
    assert len(kept()) == 1
    run.begin()
    run.say(Samples("numpy", 16, [0.125]))
    run.end(done=0.1)
    assert shown(window) == (0.125,)
    assert len(kept()) == 2
    assert len(entries(window)) == 2
    choose(window, 1)  # the one before
    assert shown(window) == (0.5, 0.25)


def test_that_it_is_kept_is_said_and_nothing_is_asked_at_the_end(
    window: Controller, run: Run
) -> None:
    run.whole(0.5)
    said = [str(note.text) for note in window.window.timing.notes]
    assert "kept on this computer: “Earlier runs” brings it back" in said
    assert not any("in this window alone" in note for note in said)
    run.begin()
    run.say(Samples("numpy", 16, [0.25]))
    assert window.window.close()
    newest = max(kept(), key=lambda one: len(read(one.path).results.runs[0].samples_s))
    assert {read(one.path).over.ended for one in kept()} == {NOTHING}, "closing is no accident"
    assert newest.head.plan.network.name == "tiny & small"


def test_an_earlier_run_is_shown_with_its_machine_and_date(
    window: Controller, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Journal(BenchPlan(network=TINY, batches=(4,), backends=("loop",)), 1_000_000_000.0)
    old.add(Samples("loop", 4, [3.0, 5.0, 4.0]))
    old.end(NOTHING, 0.5)
    run.whole(0.5)
    timing = window.window.timing
    first, second = entries(window)
    assert first.startswith("today ")
    assert "tiny && small · batch 16 · float32 · inference · NumPy" in first
    assert second.startswith("2001-09-0")
    choose(window, 1)
    assert shown(window) == (3.0, 5.0, 4.0)
    assert timing._caption.toolTip().startswith("measured 2001-09-0")
    assert "on a machine that is not known · tiny & small · batch 4" in timing._caption.toolTip()
    assert "stopped at 50 %" in " ".join(str(note.text) for note in timing.notes)
    facts = window.window.facts
    assert facts is not None
    assert window.facts.run_of(window.derived.setup.timed).results.runs[0].samples_s == (0.5,)
    path = tmp_path / "r.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.window.commands["export_json"].trigger()
    assert json.loads(path.read_text())["runs"][0]["samples_s"] == [3.0, 5.0, 4.0]
    assert entries(window)[0] == "Back to what this window measured"
    choose(window, 0)
    assert shown(window) == (0.5,)
    assert len(entries(window)) == 2
    choose(window, 1)
    run.whole(0.75)  # a new run takes its place
    assert shown(window) == (0.75,)


def test_they_are_offered_where_nothing_was_measured_yet(window: Controller) -> None:
    timing = window.window.timing
    window.run.journal.look()
    assert not timing.empty.earlier.isVisibleTo(timing)
    assert not timing.controls.earlier.isVisibleTo(timing)
    assert entries(window) == ["no run is kept yet"]
    made = Journal(BenchPlan(network=TINY, batches=(4,), backends=("loop",)), time.time())
    made.add(Samples("loop", 4, [3.0]))
    made.end(NOTHING, 1.0)
    window.run.journal.look()
    assert timing.empty.earlier.text().startswith("1 earlier run is kept, of 20")
    assert timing.empty.earlier.isVisibleTo(timing)
    assert timing.controls.earlier.isVisibleTo(timing)


def test_what_is_damaged_is_named(window: Controller, run: Run) -> None:
    run.whole(0.5)
    (one,) = kept()
    broken = one.path.with_name("20260101-000000000000-00000000.jsonl")
    broken.write_bytes(b"nonsense\n" + one.path.read_bytes())
    assert entries(window)[1:] == [f"{broken.name} is no run that mmviz kept"]
    one.path.write_bytes(one.path.read_bytes() + b"nonsense\n")
    choose(window, 0)
    assert window.window.notice.text.text() == (
        f"{one.path}: 1 line was not understood and is left out"
    )
    assert shown(window) == (0.5,)
    window.run.journal.fill()
    (action,) = (a for a in window.run.journal.menu.actions() if "tiny" in a.text())
    one.path.unlink()  # by another window, while the menu is open
    action.trigger()
    settled(window)
    assert "No such file" in window.window.notice.text.text()


def test_a_run_too_large_is_said_each_time(
    window: Controller, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "RUN_BYTES", 2_000)
    notice = window.window.notice
    for _ in range(2):
        run.begin()
        run.say(Samples("numpy", 16, [0.5]), Samples("numpy", 16, [0.5] * 999))
        assert "which is full" in notice.text.text()
        run.end()
        assert len(shown(window)) == 1_000
    assert not any("kept on this" in str(note.text) for note in window.window.timing.notes)


def test_where_nothing_can_be_kept_it_is_said_once_and_runs_go_on(
    window: Controller, run: Run
) -> None:
    place().parent.mkdir(parents=True, exist_ok=True)
    place().write_text("in the way")
    run.begin()
    run.say(Samples("numpy", 16, [0.5]))
    notice = window.window.notice
    assert "samples are not kept on disk: cannot write" in notice.text.text()
    assert "export them" in notice.text.text()
    notice.say(NOTHING)
    run.say(Samples("numpy", 16, [0.25]))
    run.end()
    run.whole(0.75)
    assert notice.text.text() == ""
    assert shown(window) == (0.75,)
    said = [str(note.text) for note in window.window.timing.notes]
    assert not any("kept on this" in note for note in said)
    assert "the samples are in this window alone: export them before you close it" in said


def test_the_menu_is_among_the_exports_too(window: Controller) -> None:
    top = window.window.top
    for button in top._exports:
        menu = button.menu()
        assert menu is not None
        assert "Earlier runs" in [action.text() for action in menu.actions()]


@pytest.mark.skipif(os.name != "posix", reason="the real child")
def test_a_real_run_is_kept_whole(qtbot: QtBot, window: Controller) -> None:
    window.window.timing.controls.spin.setValue(0.2)
    window.run.toggle()
    qtbot.waitUntil(lambda: not window.run.running, timeout=PATIENCE_MS)
    (one,) = kept()
    assert read(one.path).results == window.run.results()
