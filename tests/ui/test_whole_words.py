"""Large sides, causes and the names of recordings are read to their end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state.session import Session, open_file
from mmviz.ui.recording.listed import ListPanel
from mmviz.ui.shell.controller import Controller
from tests.plugins import recordings

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 20_000
SIZES = (1024, 560), (1280, 720), (1680, 1050)
LARGE = Session(from_widths((1333, 3000, 2500, 700)), device="rtx4090", batch=3_000_000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("batch", [500_000, 3_000_000])
def test_a_card_has_its_whole_shape(
    open_on: Open, drawn: list[str], size: tuple[int, int], batch: int
) -> None:
    window = open_on(replace(LARGE, batch=batch, training=True), size=size).window
    drawn.clear()
    window.strip.grab()
    assert [text for text in drawn if text.endswith("333")]
    assert not [text for text in drawn if "…" in text]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("batch", [500_000, 3_000_000])
def test_a_picture_says_that_it_is_modelled_however_many_tiles_there_are(
    open_on: Open, drawn: list[str], size: tuple[int, int], batch: int
) -> None:
    window = open_on(replace(LARGE, batch=batch), size=size).window
    drawn.clear()
    window.picture.grab()
    assert [text for text in drawn if text.startswith("modelled · ")]
    assert [text for text in drawn if text.endswith(" waiting")]


@pytest.mark.parametrize("size", SIZES)
def test_the_largest_step_of_a_sweep_has_its_whole_cause(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    preset = open_file(networks.read_preset("alexnet"))
    session = replace(preset, device="a100", batch=257, dtype="bfloat16")
    controller = open_on(session, size=size)
    window = controller.window
    window.go_to("clock")
    first = window.sweep.pins.said[0]
    qtbot.waitUntil(lambda: first.text().startswith("largest step"), timeout=WAIT_MS)
    settled(qtbot, controller)
    assert "…" not in first.text()
    assert first.height() >= first.heightForWidth(first.width())
    assert window.sweep.canvas.height() >= 180


@pytest.mark.parametrize("size", [(1024, 700), (1280, 720), (1680, 1050)])
def test_both_recordings_that_are_compared_are_told_whole(
    qtbot: QtBot, open_on: Open, size: tuple[int, int]
) -> None:
    controller = open_on(Session(recordings.product(96, 96, 64)), size=size)
    window = controller.window
    window.go_to("recording")
    shelf = controller.window.findChild(ListPanel)
    assert isinstance(shelf, ListPanel)
    window.docks.all["recordings"].raise_()  # it may lie behind another tab
    qtbot.waitUntil(lambda: len(shelf.model.entries) > 2, timeout=WAIT_MS)
    names = [str(entry.name) for entry in shelf.model.entries]
    quiet = next(i for i, name in enumerate(names) if "nothing else running" in name)
    busy = next(i for i, name in enumerate(names) if "kept busy" in name)
    shelf.table.selectRow(quiet)
    shelf.show_asked.emit(shelf.picked)
    qtbot.waitUntil(lambda: shelf.model.entries[quiet].shown, timeout=WAIT_MS)
    shelf.table.selectRow(busy)
    shelf.against_asked.emit(shelf.picked)
    qtbot.waitUntil(lambda: shelf.model.entries[busy].against, timeout=WAIT_MS)
    about = window.pair.left.about
    assert "on purpose" in about.whole
    qtbot.waitUntil(lambda: about.text() == about.whole)
    for half in window.pair.halves:
        assert half.picture.height() >= 96
