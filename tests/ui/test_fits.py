"""Nothing is cut off: every text has its room, or ends in … and is whole in its tip.

In every workspace, in ordinary and in large type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fitting import cut, overlapping
from PyQt6.QtCore import QRect
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.timing import time_plan
from mmviz.core.shapes.network import from_widths
from mmviz.state.facts import Timed
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.state.workspaces import NAMED
from mmviz.text import NOTHING
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application, build

Open = Callable[..., Controller]
NETWORK = Session(
    from_widths([4096, 11008, 4096, 1000]), batch=2048, device="h100", dtype="float16"
)
TRAINING = replace(NETWORK, training=True, device="v100", product=4)
SIZES = [(1024, 560), (1280, 720), (1366, 768), (1680, 1050)]


@pytest.fixture(autouse=True)
def ordinary_type() -> Iterator[None]:
    yield
    fonts.set_large(False)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("session", [NETWORK, TRAINING], ids=["inference", "training"])
@pytest.mark.parametrize("workspace", NAMED, ids=lambda workspace: workspace.id)
def test_every_text_has_its_room(
    open_on: Open,
    monkeypatch: pytest.MonkeyPatch,
    workspace: Any,
    session: Session,
    size: tuple[int, int],
    large: bool,
) -> None:
    controller = open_on(session, size=size, large=large)
    window = controller.window
    window.go_to(workspace.id)
    window.settle()
    controller.set_playback(Playback(position=0.55))
    QTest.qWait(50)  # the bars of tabs come with the layout
    found: list[str] = []
    tabs = [bar for bar in window.findChildren(QTabBar) if bar.isVisible()]
    for turn in range(max([1, *(bar.count() for bar in tabs)])):
        for bar in tabs:
            bar.setCurrentIndex(min(turn, bar.count() - 1))
        QTest.qWait(50)
        found += cut(window, monkeypatch)
    assert found == []


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("size", [(1024, 560), (1400, 900)], ids=str)
def test_every_text_of_a_race_has_its_room(
    open_on: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], large: bool
) -> None:
    window = open_on(NETWORK, large=large).window
    window.commands["race"].trigger()
    (race,) = window.findChildren(RaceWindow)
    race.resize(*size)
    QTest.qWait(100)
    assert cut(race, monkeypatch) == []


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)], ids=str)
def test_every_text_of_what_was_measured_has_its_room(
    open_on: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], large: bool
) -> None:
    session = Session(from_widths([4, 3, 2]), batch=4, device="a100")
    controller = open_on(session, size=size, large=large)
    window = controller.window
    of = controller.derived.setup.timed
    plan = BenchPlan(
        network=session.network, batches=(4,), backends=("numpy", "loop"), seconds=0.02
    )
    collector = Collector(plan)
    time_plan(plan, collector.add)
    controller.learn(controller.facts.with_run(Timed(of, collector.results(), NOTHING)))
    for workspace in NAMED:
        window.go_to(workspace.id)
        for panel in ("timing", "layers"):
            window.docks.all[panel].raise_()
            QTest.qWait(100)
            assert cut(window, monkeypatch) == [], (workspace.id, panel)


@pytest.mark.parametrize("large", [False, True])
def test_what_is_painted_first_is_laid_out(qtbot: QtBot, large: bool) -> None:
    """Before the event loop had a turn."""
    application()
    controller = build(NETWORK, DARK, large=large, survey=False)
    window = controller.window
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    window.settle()
    assert overlapping(window) == []

    def places() -> list[QRect]:
        docks = [dock for dock in window.docks.all.values() if dock.seen]
        return [part.geometry() for part in (*docks, *window.top.tabs, window.top.preset)]

    at_once = places()
    qtbot.wait(100)
    assert places() == at_once
    window.close()
