"""Three things a newcomer wants, each from a fresh window and by what can be seen alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QLineEdit, QTabBar
from pytestqt.qtbot import QtBot
from steps import Person
from windows import settled

from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device
from mmviz.ui.shell.controller import Controller

StartUp = Callable[..., Controller]


def test_four_cells_are_seen_computed_at_once_within_two_steps(
    start_up: StartUp, qtbot: QtBot
) -> None:
    controller, person = _fresh(start_up, qtbot), Person(qtbot)
    person.pick("Network", "Two neurons, two examples")
    settled(qtbot, controller)
    said = person.reads_in(controller.window.picture)
    assert "4 computing now" in said, said
    assert len(person.steps) <= 2, person.steps


def _fresh(start_up: StartUp, qtbot: QtBot) -> Controller:
    """The window of somebody who starts mmviz for the first time."""
    controller = start_up()
    window = controller.window
    with qtbot.waitSignal(window.first_painted):  # it is put onto the screen then, however small
        pass
    window.resize(1400, 900)
    window.settle()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settled(qtbot, controller)
    # Panels that shared a place have one of their own now: the bar of their tabs goes late.
    qtbot.waitUntil(
        lambda: (
            not any(
                bar.isVisible() and bar.tabText(0) == "Network"
                for bar in window.findChildren(QTabBar)
            )
        )
    )
    return controller


def test_which_batch_is_better_is_found_within_six_steps(start_up: StartUp, qtbot: QtBot) -> None:
    """Is batch 96 or 128 better for 4096-11008-4096 on an A100? What is read is right."""
    controller, person = _fresh(start_up, qtbot), Person(qtbot)
    person.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    person.type("4096-11008-4096 batch 96 device a100 dtype float16")
    settled(qtbot, controller)
    person.press(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    person.waits_for(lambda: "On both sides: " in person.reads())
    person.pick("Ready-made races", "batch 96 against 128")
    person.waits_for(lambda: "batch 96 against 128" in person.reads())
    said = person.reads().replace("\u202f", " ")
    assert len(person.steps) <= 6, person.steps

    # Read off the screen: who takes less per example, by how much and how far that may be off.
    read = re.search(
        r"The whole pass, per example: (left|right) takes ([\d.]+) % ± ([\d.]+) % of", said
    )
    assert read is not None, said
    assert "layer 1 · 4096-11008-4096 · NVIDIA A100" in said
    name, share, error = read[1], float(read[2]) / 100, float(read[3]) / 100

    # What the model says, priced apart from the window.
    network, device = from_widths([4096, 11008, 4096]), read_device("a100")
    dtype = next(d for d in BYTES if f"· {d} ·" in said)
    costs = [price(Setup(network, device, batch, dtype=dtype)) for batch in (96, 128)]
    left, right = ((c.predicted_s or 0) / b for c, b in zip(costs, (96, 128), strict=True))
    assert name == ("left" if left < right else "right")
    assert share == pytest.approx(min(left, right) / max(left, right), abs=5e-4)
    off = share * math.hypot(*(c.error or 0 for c in costs))
    assert error == pytest.approx(off, abs=3e-3)  # to the first order of either error
    assert 1 - share > error, "it is called only beyond its error"


def test_a_slide_on_wave_quantization_is_made_within_eight_steps(
    start_up: StartUp, qtbot: QtBot, tmp_path: Path
) -> None:
    """Tiles that fill no last wave leave units idle in it: as PNG, for a slide."""
    person = Person(qtbot)
    controller = _fresh(start_up, qtbot)
    window = controller.window
    said = person.reads_in(window.picture) + person.reads_in(window.units)
    assert "idle in the last wave" in said
    person.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    person.waits_for(lambda: "1920 × 1080 pixels" in person.reads().replace("\u202f", ""))
    said = person.reads()
    assert "Slide 16:9" in said
    assert "PNG" in said

    def name() -> None:
        person.waits_for(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
        person.type(str(tmp_path / "waves"))

    person.click("Save …", name)
    person.waits_for((tmp_path / "waves.png").exists)
    image = QImage(str(tmp_path / "waves.png"))
    assert (image.width(), image.height()) == (1920, 1080)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1920, 5) for y in range(0, 1080, 5)}
    theme = controller.window.theme
    assert {theme.now, theme.ground} <= colours
    assert theme.loss != theme.now
    assert len(person.steps) <= 8, person.steps
