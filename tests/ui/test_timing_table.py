"""A row of the timing table leads to the picture of what took longest in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import settled, tab_to

from mmviz.backends.base import Part
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.state import actions
from mmviz.state.clock.enter import CHANGED, enter
from mmviz.state.clock.rows import IDS
from mmviz.state.facts import Facts, Timed
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
SESSION = Session(from_widths([64, 512, 256, 10]), batch=32, device="v100")


def run(backend: str, *seconds: float, batch: int = 32, **more: object) -> Run:
    samples = (sum(seconds),) * 30
    parts = tuple(Part("forward", i, each) for i, each in enumerate(seconds))
    return Run(backend, batch, samples, False, summarize(samples), parts=parts, **more)  # type: ignore[arg-type]


def shown(controller: Controller, *runs: Run) -> None:
    made = Results(network="n", dtype="float32", training=False, seed=1, machine=None, runs=runs)
    timed = Timed(controller.session.timed, made, NOTHING)
    controller.window.go_to("clock")
    controller.found_out(lambda facts: facts.with_run(timed))
    QApplication.processEvents()


def place(controller: Controller, row: int) -> QPoint:
    table = controller.window.timing.table
    return table.visualRect(table.model().index(row, IDS.index("p50"))).center()


def click(qtbot: QtBot, controller: Controller, row: int) -> None:
    viewport = controller.window.timing.table.viewport()
    qtbot.mouseClick(viewport, LEFT, pos=place(controller, row))
    settled(qtbot, controller)


def test_a_click_shows_the_slowest_product_in_the_tile_of_its_kernel(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    tiles = ((32, 32), (32, 64), (16, 16))
    shown(controller, run("numpy", 1e-3, 2e-3, 1e-3), run("wgpu", 1e-3, 1e-3, 4e-3, tiles=tiles))
    click(qtbot, controller, 1)
    assert controller.window.docks.workspace == "picture"
    assert (controller.session.product, controller.session.tile) == (2, (16, 16))
    controller.window.go_to("clock")
    click(qtbot, controller, 0)
    assert controller.session.product == 1
    assert controller.session.tile == (16, 16), "a library keeps its tile to itself"


def test_by_keys_it_is_enter_on_a_row(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    shown(controller, run("numpy", 1e-3, 2e-3, 1e-3), run("wgpu", 1e-3, 1e-3, 4e-3))
    table = controller.window.timing.table
    tab_to(table)
    assert table.currentIndex().row() == 0
    qtbot.keyClick(table, Qt.Key.Key_Down)
    at_hand = table.thing_at_hand()
    assert at_hand is not None
    assert str(at_hand[0].name).startswith("wgpu")
    qtbot.keyClick(table, Qt.Key.Key_Return)
    settled(qtbot, controller)
    assert controller.session.product == 2
    assert controller.window.docks.workspace == "picture"


def test_where_no_product_was_timed_alone_it_is_the_one_of_most_flop(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    samples = (1e-3,) * 30
    shown(controller, Run("loop", 32, samples, False, summarize(samples)))
    click(qtbot, controller, 0)
    assert controller.session.product == 1


def test_of_a_sweep_the_batch_of_the_row_is_looked_at(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    shown(controller, run("numpy", 1e-3, batch=16), run("numpy", 2e-3))
    click(qtbot, controller, 0)
    assert controller.session.batch == 16


def test_a_row_of_another_network_says_so_and_stays(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    shown(controller, run("numpy", 1e-3, 2e-3, 1e-3))
    controller.edit("", actions.set_units, 0, 100)
    settled(qtbot, controller)
    before = controller.session
    click(qtbot, controller, 0)
    assert controller.session == before
    assert controller.window.docks.workspace == "clock"
    assert CHANGED in controller.window.notice.text.text()


def test_before_the_first_run_is_over_there_is_nothing_to_enter() -> None:
    with pytest.raises(InputError, match="still on"):
        enter(SESSION, Facts(), "numpy", 32)


def test_its_menu_gives_the_samples_and_the_machine_away(open_on: Open) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    shown(controller, run("numpy", 1e-3, 2e-3, 1e-3))
    thing = controller.window.timing.table.thing_at(place(controller, 0).toPointF())
    assert thing is not None
    also = {str(text): give() for text, give in thing.also}
    assert also["Copy its 30 samples"].splitlines() == ["0.004"] * 30
    assert also["Copy its machine"] == "machine: no data"
