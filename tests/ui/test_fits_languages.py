"""Nothing is cut off in another language: texts that are a third longer, and Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import catalogues
import pytest
from fitting import cut
from pseudo import LANGUAGE, write
from PyQt6.QtTest import QTest
from tips import every_view

from mmviz.core.shapes.network import from_widths
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.state.workspaces import NAMED
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import Words, speak

Open = Callable[..., Controller]
NETWORK = Session(
    from_widths([4096, 11008, 4096, 1000]), batch=2048, device="h100", dtype="float16"
)
TRAINING = replace(NETWORK, training=True, device="v100", product=4)


@pytest.fixture(params=["zh_CN", LANGUAGE])
def words(request: pytest.FixtureRequest, tmp_path: Path) -> Words:
    if request.param == LANGUAGE:
        return speak(LANGUAGE, [write(tmp_path, catalogues.extract())])
    return speak(request.param)


def test_every_text_of_the_open_window_has_its_room(
    open_on: Open,
    monkeypatch: pytest.MonkeyPatch,
    words: Words,
) -> None:
    """In each workspace and in each panel behind a tab, switched while it is open."""
    controller = open_on(TRAINING, size=(1280, 720))
    window = controller.window
    window.set_words(words)
    controller.set_playback(Playback(position=0.55))
    found: dict[str, list[str]] = {}
    for workspace in NAMED:
        for _ in every_view(window, workspace.id):
            QTest.qWait(20)
            for said in cut(window, monkeypatch):
                found.setdefault(workspace.id, []).append(said)
    assert (window.width(), window.height()) == (1280, 720)
    assert found == {}


def test_every_text_of_a_race_has_its_room(
    open_on: Open, monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    window = open_on(NETWORK).window
    window.set_words(words)
    window.commands["race"].trigger()
    (race,) = window.findChildren(RaceWindow)
    race.resize(1280, 720)
    QTest.qWait(100)
    assert cut(race, monkeypatch) == []
