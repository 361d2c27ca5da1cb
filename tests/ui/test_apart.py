"""One panel that fails leaves the others, and the session, whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.snapshot import Part
from mmviz.text import own
from mmviz.ui.look.tell import Told
from mmviz.ui.look.theme import LIGHT
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.docked import DOCKED
from mmviz.ui.shell.panels import PANELS
from mmviz.ui.start.remember import broken
from mmviz.words.speech import Words

Open = Callable[..., Controller]
IDS = [panel.part.id for panel in PANELS]
MEANT = "meant"
THEMED = [
    *("network", "advice", "strip", "picture", "passes", "units", "transport"),
    *("timing", "sweep", "facts", "layers", "docks"),
]


def fail(*_: object) -> None:
    raise ZeroDivisionError(MEANT)


@contextmanager
def one_error(qtbot: QtBot) -> Iterator[None]:
    """Who hears of every error hears of this one, and of no other."""
    with qtbot.captureExceptions() as heard:
        yield
    assert [str(error) for _, error, _ in heard] == [MEANT]


def see_all(controller: Controller) -> None:
    """Every panel in sight, so that none is late."""
    for dock in controller.window.docks.all.values():
        dock.show()
        dock.raise_()
    for dock in controller.window.docks.all.values():
        dock.seen = True


def said(controller: Controller) -> str:
    return controller.window.notice.text.text()


@pytest.mark.parametrize("id", IDS)
def test_a_panel_that_fails_to_show_its_view(
    id: str, open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    see_all(controller)
    window, panels = controller.window, controller.window.panels
    shown: dict[str, Any] = {}
    for other, panel in panels.items():
        broken = fail if other == id else lambda view, other=other: shown.update({other: view})
        monkeypatch.setattr(panel, "show_view", broken)
    with one_error(qtbot):
        controller.edit("", actions.set_batch, 0)  # refused: every panel shows again what is so
        controller.edit("", actions.set_batch, 77)
        controller.edit("", actions.set_dtype, "float16")
        controller.edit("", actions.set_device, "a100")
        controller.open(read_preset("two-by-two"))
    assert set(shown) >= {"network", "strip", "facts", "roofline", "picture", "pass"} - {id}
    assert id not in shown
    assert (controller.session.preset, controller.session.dtype) == ("two-by-two", "float16")
    assert f"ZeroDivisionError: {MEANT}; everything else goes on" in said(controller)
    assert window.notice.isVisible()
    monkeypatch.setattr(panels[id], "show_view", lambda view: shown.update({id: view}))
    controller.look(actions.turn, True)  # whether its own view differs by that or not
    assert shown[id] == controller.snapshot[id].get()
    assert not window.apart.failed
    window.commands["undo"].trigger()
    assert (controller.session.preset, controller.session.batch) == ("mlp", 77)


@pytest.mark.parametrize("id", IDS)
def test_a_view_that_cannot_be_made(id: str, open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    see_all(controller)
    parts = controller.window.view_parts
    place = next(i for i, part in enumerate(parts) if part.id == id)
    good = parts[place]
    other: Part[Any] = replace(good, needs=lambda derived: (derived.session,), view=fail)
    parts[place] = other
    with one_error(qtbot):
        controller.edit("", actions.set_batch, 77)
    assert controller.session.batch == 77
    assert f"ZeroDivisionError: {MEANT}" in said(controller)
    parts[place] = good
    controller.edit("", actions.set_batch, 78)
    assert not controller.window.apart.failed
    assert not controller.window.notice.isVisible()


def test_a_panel_that_comes_into_sight_and_fails(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp", size=(1400, 900))
    window = controller.window
    window.docks.all["layers"].hide()
    controller.edit("", actions.set_batch, 77)
    monkeypatch.setattr(window.layers.table, "show_view", fail)
    with one_error(qtbot):
        window.docks.all["layers"].show()
        window.docks.all["layers"].raise_()
        qtbot.waitUntil(lambda: MEANT in said(controller))
    assert said(controller).startswith("Layers cannot be shown as it should be")


@pytest.mark.parametrize("name", THEMED)
def test_a_part_that_cannot_take_a_theme(
    name: str, open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    window = controller.window
    taken: list[str] = []
    for other in THEMED:
        part = getattr(window, other)
        broken = fail if other == name else lambda _, other=other: taken.append(other)
        monkeypatch.setattr(part, "set_theme", broken)
    with one_error(qtbot):
        window.set_theme(LIGHT)
    assert set(taken) == {*THEMED} - {name}
    assert window.theme is LIGHT
    assert MEANT in said(controller)


@pytest.mark.parametrize("entry", DOCKED, ids=lambda entry: entry.id)
def test_a_part_that_cannot_take_a_language(
    entry: Any, open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    window = controller.window
    parts = [window.docks.all[entry.id], window.top, window.transport, window.notice]
    assert all(isinstance(part, Told) for part in parts)
    monkeypatch.setattr(parts[0], "say", fail)
    with one_error(qtbot):
        window.set_words(Words("es"))
    assert all(part.words == Words("es") for part in parts)
    assert MEANT in said(controller)


@pytest.mark.parametrize("error", [ZeroDivisionError, MemoryError, RecursionError, KeyError])
def test_an_edit_that_fails_leaves_everything_as_it_was(
    error: type[Exception], open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on("mlp")
    history, derived = controller.history, controller.derived
    batch = controller.window.top.batch
    batch.lineEdit().setText("12")  # somebody is typing there

    def wrong(_: object) -> None:
        raise error(MEANT)

    for ask in (
        lambda: controller.edit("", wrong),
        lambda: controller.look(wrong),
        lambda: controller.edit("", lambda session: replace(session, order=object())),
    ):
        with qtbot.captureExceptions() as heard:
            ask()
        assert heard
        assert controller.history is history
        assert controller.derived is derived
        assert "an error in mmviz itself" in said(controller)
    assert batch.value() == controller.session.batch
    controller.edit("", actions.set_batch, 5)
    assert controller.session.batch == 5


def test_facts_that_cannot_be_shown_are_not_learnt(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    facts = controller.facts
    monkeypatch.setattr("mmviz.ui.shell.wishes.all_shown", fail)
    with one_error(qtbot):
        controller.found_out(lambda facts: replace(facts, runs=()))
    assert controller.facts is facts


def test_a_race_that_cannot_open(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    monkeypatch.setattr(RaceWindow, "_show", fail)
    with one_error(qtbot):
        controller.window.commands["race"].trigger()
    assert MEANT in said(controller)
    qtbot.waitUntil(lambda: not controller.window.findChildren(RaceWindow))


def test_a_picture_that_fails_while_it_plays_is_told_of_once(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    window = controller.window
    monkeypatch.setattr(window.picture, "show_frame", fail)
    moved: list[float] = []
    monkeypatch.setattr(window.strip, "show_position", moved.append)
    with one_error(qtbot):
        for at in (0.1, 0.2, 0.3):
            controller.set_playback(controller.playback.at(at))
    assert moved == [0.1, 0.2, 0.3]
    assert said(controller).startswith("the picture cannot be shown")


@pytest.mark.parametrize(
    ("id", "broken", "shown"),
    [
        ("network", "mmviz.ui.network.rows.RowsModel.show", "network.model.rows"),
        ("strip", "mmviz.ui.network.rows.RowsModel.show", "strip.model.rows"),
        ("layers", "mmviz.ui.peak.layers.LayersModel.show_layers", "layers.table.lines.layers"),
        ("advice", "mmviz.state.peak.advice.AdviceView.advised", "advice._advised"),
    ],
)
def test_what_failed_halfway_is_not_taken_for_shown(
    id: str, broken: str, shown: str, open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    see_all(controller)
    controller.open(read_preset("two-by-two"))
    window = controller.window
    right = attrgetter(shown)(window)
    controller.open(read_preset("mlp"))
    with qtbot.captureExceptions() as heard, monkeypatch.context() as wrong:
        wrong.setattr(broken, fail)
        controller.undo()
    assert heard
    assert ("view", id) in window.apart.failed
    controller.refuse(own("again"))
    assert not window.apart.failed
    assert attrgetter(shown)(window) == right


def test_what_failed_out_of_sight_keeps_nothing_from_being_stored(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    see_all(controller)
    window = controller.window
    with qtbot.captureExceptions() as heard, monkeypatch.context() as wrong:
        wrong.setattr(window.sweep, "show_view", fail)
        controller.edit("", actions.set_batch, 77)
        assert broken(window)
        window.docks.all["sweep"].seen = False
        controller.edit("", actions.set_batch, 78)
        assert not broken(window)
        window.docks.all["sweep"].seen = True
        window.docks.all["sweep"].came_up.emit()
        assert broken(window)
    assert len(heard) == 2


def test_half_of_a_race_leaves_nothing_behind(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    with one_error(qtbot), monkeypatch.context() as wrong:
        wrong.setattr("mmviz.ui.race.window.SidePanel", fail)
        controller.window.commands["race"].trigger()
        assert not controller.window.findChildren(RaceWindow)
        controller.window.set_theme(LIGHT)
    assert not controller.window.apart.failed
