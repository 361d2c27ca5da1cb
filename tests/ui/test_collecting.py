"""All is looked at for cycles while nothing goes on, and never in the middle of a click."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mmviz.ui.shell.controller import Controller
from mmviz.ui.start import collecting
from mmviz.ui.start.collecting import NEVER, Collecting

Open = Callable[..., Controller]


def test_all_is_looked_at_when_nothing_goes_on(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = gc.get_threshold()
    controller = open_on("mlp")
    watch = Collecting(controller)
    assert gc.get_threshold()[2] == NEVER
    looked: list[int] = []
    monkeypatch.setattr(collecting.gc, "collect", lambda: looked.append(1))
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (0, 0, 3))
    assert not watch.look()  # next to nothing was made
    monkeypatch.setattr(collecting.gc, "get_count", lambda: (0, 0, 10))
    controller.set_playback(replace(controller.playback, playing=True))
    assert not watch.look()
    controller.set_playback(replace(controller.playback, playing=False))
    qtbot.waitUntil(watch.look, timeout=60_000)  # what a new window does first may not be over
    assert looked == [1]
    monkeypatch.undo()
    controller.window.close()
    assert gc.get_threshold() == before
