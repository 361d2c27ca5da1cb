"""The tile a kernel computes in, taken over into the picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.backends.webgpu.adapters import adapters
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.bench.runner import run
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import Unavailable
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
NETWORK = Network("n", 96, (Dense(80), Dense(48)))
SESSION = Session(network=NETWORK, batch=40, device="v100")


@pytest.fixture(scope="module")
def results() -> Results:
    """Of the real child."""
    try:
        adapters()
    except Unavailable as miss:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(miss.cause))
    plan = BenchPlan(network=NETWORK, batches=(40,), backends=("numpy", "wgpu:tiled"), seconds=0.02)
    return run(plan, lambda _: None)


def with_run(controller: Controller, results: Results) -> None:
    timed = Timed(controller.session.timed, results, NOTHING)
    controller.found_out(lambda facts: facts.with_run(timed))


def test_the_picture_takes_the_tile_of_the_kernel_that_ran(
    qtbot: QtBot, open_on: Open, results: Results
) -> None:
    controller = open_on(SESSION, size=(1680, 1050))
    button = controller.window.facts.controls.kernel
    assert not button.isEnabled()
    assert button.text() == "none was timed"
    assert "Run times this pass with wgpu" in button.toolTip()
    with_run(controller, results)
    assert controller.derived.tiling.tile != (16, 16)
    assert button.text() == "show 16 × 16"
    assert "wgpu tiled computed this product in tiles of 16 × 16" in button.toolTip()
    tab_to(button)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert controller.derived.tiling.tile == (16, 16)
    assert controller.derived.trace is not None
    assert controller.derived.trace.tiling.tile == (16, 16)
    assert not button.isEnabled()
    assert "as it is cut here" in button.toolTip()
    controller.window.commands["undo"].trigger()
    assert button.isEnabled()


def test_an_array_keeps_its_own_tiles_and_says_so(open_on: Open, results: Results) -> None:
    controller = open_on(replace(SESSION, device="tpu-v3"), size=(1680, 1050))
    with_run(controller, results)
    button = controller.window.facts.controls.kernel
    assert not button.isEnabled()
    assert "this device cuts tiles to its own size" in button.toolTip()


def test_an_order_with_tiles_of_its_own_is_let_go() -> None:
    asked = replace(SESSION, device="this-machine", order="openblas")
    shown = actions.as_computed(asked, (64, 64))
    assert (shown.tile, shown.order) == ((64, 64), "")
    kept = actions.as_computed(replace(SESSION, order="split-k-3"), (64, 64))
    assert (kept.tile, kept.order) == ((64, 64), "split-k-3")
