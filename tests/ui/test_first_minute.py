"""The first minute: mmviz is started, Run is pressed, and one sentence says who won and why."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mmviz.backends import registry
from mmviz.state.first import first_session
from mmviz.ui.shell.controller import Controller
from mmviz.words.timing import Tone

Start = Callable[..., Controller]
PATIENCE_MS = 120_000  # a loaded machine is slow, not wrong


def test_run_times_all_that_can_compute_here_and_says_who_won(
    start_up: Start, qtbot: QtBot
) -> None:
    """With the real child, who looks for a GPU and times; nothing was chosen but Run, and less
    than the two seconds each backend has by itself.
    """
    controller = start_up()
    window = controller.window
    assert window.docks.workspace == "picture"
    assert controller.session == first_session(), "the first view is what it is"
    window.timing.controls.spin.setValue(0.3)
    qtbot.mouseClick(window.top.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: not controller.run.running and bool(controller.facts.runs), timeout=PATIENCE_MS
    )
    results = controller.facts.runs[-1].results
    able = [
        entry.id
        for entry in controller.facts.backends
        if entry.available and not registry.records(entry.id)  # they are there to be recorded
    ]
    assert [run.backend for run in results.runs] == able
    assert {"loop", "numpy"} <= set(able)
    assert all(run.stats is not None for run in results.runs), "side by side"
    loop = next(run for run in results.runs if run.backend == "loop")
    assert loop.estimated, "for-loops have their seconds, and no minutes"
    first = window.timing.notes[0]
    assert first.tone is Tone.VERDICT
    said = window.words(first.text)
    assert " won: " in said
    assert "× as fast as Python for-loops (estimated)" in said
    assert window.timing.read or window.notice.text.text().startswith(said[:40]), "in sight"
    for run in results.runs:
        if run.place is not None and run.place.software:
            assert f"{run.backend} (software, no GPU" in said
    parts = window.parts
    window.docks.all["parts"].raise_()
    assert {bar.backend for bar in parts.canvas.bars} == set(able)
    assert all(bar.pieces or bar.why for bar in parts.canvas.bars)
