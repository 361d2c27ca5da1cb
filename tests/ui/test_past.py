"""The window of the history of runs, as a person uses it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from mmviz.bench.machine import read_machine
from mmviz.bench.messages import Samples, Started
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import Network, from_widths
from mmviz.files.journal import Journal, kept_runs, place
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.clock.history import EMPTY, HistoryWindow
from mmviz.ui.clock.since import SincePanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.history_control import HistoryControl
from mmviz.words.earlier import HISTORY

Open = Callable[..., Controller]
TINY, OTHER = from_widths([64, 32, 8], "tiny"), from_widths([16, 8], "other")


def keep(ago_s: float, seconds: float, network: Network = TINY) -> None:
    plan = BenchPlan(network=network, batches=(16,), backends=("numpy",))
    made = Journal(plan, time.time() - ago_s)
    made.add(Started(read_machine({})))
    made.add(Samples("numpy", 16, [seconds] * 40))
    made.end(NOTHING, 1.0)


@pytest.fixture
def window(open_on: Open) -> Controller:
    return open_on(Session(TINY, batch=16))


def show(controller: Controller, qtbot: QtBot) -> HistoryWindow:
    """As the menu of earlier runs shows it."""
    journal = controller.run.journal
    journal.fill()
    last = journal.menu.actions()[-1]
    assert last.text() == str(HISTORY)
    last.trigger()
    control = controller.findChild(HistoryControl)
    assert control is not None
    qtbot.waitUntil(lambda: "reading" not in control.opened.said.whole)
    return control.opened


def cells(dialog: HistoryWindow, column: int) -> list[str]:
    return [str(row.cells[column]) for row in dialog.model.rows]


def pick(dialog: HistoryWindow, *numbers: int) -> None:
    selection = dialog.table.selectionModel()
    assert selection is not None
    selection.clearSelection()
    how = QItemSelectionModel.SelectionFlag
    for number in numbers:
        selection.select(dialog.model.index(number, 0), how.Select | how.Rows)


def test_every_kept_run_has_a_line_with_its_verdict(window: Controller, qtbot: QtBot) -> None:
    for ago, seconds, network in ((9000, 1.0, TINY), (6000, 5.0, OTHER), (60, 1.2, TINY)):
        keep(ago, seconds, network)
    dialog = show(window, qtbot)
    assert cells(dialog, 1) == [
        "tiny · batch 16 · float32 · inference",
        "other · batch 16 · float32 · inference",
        "tiny · batch 16 · float32 · inference",
    ]
    assert cells(dialog, 2) == ["NumPy 1.20 s", "NumPy 5.00 s", "NumPy 1.00 s"]
    assert cells(dialog, 3) == ["NumPy slower", "first of its kind", "first of its kind"]
    tip = dialog.model.index(0, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "NumPy slower: +20 %" in tip
    assert dialog.said.whole.startswith("3 runs are kept")


def test_enter_opens_a_run_in_the_window(window: Controller, qtbot: QtBot) -> None:
    keep(9000, 1.0)
    keep(60, 1.2)
    dialog = show(window, qtbot)
    dialog.table.selectRow(1)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.facts.opened is not None)
    assert window.facts.opened is not None
    assert window.facts.opened.results.runs[0].samples_s[0] == 1.0


def test_two_of_one_pass_are_compared_and_two_of_different_ones_cannot_be(
    window: Controller, qtbot: QtBot
) -> None:
    for ago, seconds in ((9000, 2.0), (6000, 1.0), (60, 1.2)):
        keep(ago, seconds)
    keep(30, 5.0, OTHER)
    dialog = show(window, qtbot)
    pick(dialog, 0, 1)
    assert not dialog.compare_button.isEnabled()
    assert "cannot be compared" in dialog.said.whole
    pick(dialog, 1, 3)  # the last of the pass and the first, not the one between
    qtbot.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    panel = window.window.panels["since"]
    assert isinstance(panel, SincePanel)
    qtbot.waitUntil(lambda: [row.outcome for row in panel.table.rows] == ["faster"])
    assert str(panel.table.rows[0].reason) == "−40 %"


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_a_run_is_exported_with_all_its_samples(
    window: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    keep(60, 0.5)
    dialog, target = show(window, qtbot), tmp_path / f"run.{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    pick(dialog, 0)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(target.exists)
    text = target.read_text(encoding="utf-8")
    if suffix == "json":
        assert json.loads(text)["runs"][0]["samples_s"] == [0.5] * 40
    else:
        assert len(text.splitlines()) == 41


@pytest.mark.parametrize("yes", [True, False])
def test_runs_are_deleted_only_after_a_question(
    window: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    keep(9000, 1.0)
    keep(60, 1.2)
    dialog = show(window, qtbot)
    answer = QMessageBox.StandardButton.Yes if yes else QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "exec", lambda _: answer)
    pick(dialog, 1)
    qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert len(list(place().iterdir())) == (1 if yes else 2)
    assert len(dialog.model.rows) == (1 if yes else 2)
    assert len(window.facts.kept) == (1 if yes else 2)


def test_a_damaged_run_says_why_and_without_runs_it_says_so(
    window: Controller, qtbot: QtBot
) -> None:
    keep(60, 1.0)
    (path,) = place().iterdir()
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n" + b"," * 3_000_000 + b"\n")
    dialog = show(window, qtbot)
    assert "is no run that mmviz kept" in cells(dialog, 2)[0]
    path.unlink()
    control = window.findChild(HistoryControl)
    assert control is not None
    control.show()
    assert kept_runs() == ((), ())
    assert dialog.said.whole == str(EMPTY)
    assert not any(button.isEnabled() for button in dialog.buttons)
