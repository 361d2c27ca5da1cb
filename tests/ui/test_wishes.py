"""What may last is derived beside the window, and what a newer wish replaces is never seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.ahead import MOST_PRODUCTS, MOST_ROWS, all_shown, is_long, pass_is_long
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.session import open_file, setup_of
from mmviz.text import N_
from mmviz.ui.look.beside import Beside
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
LARGE = 16_777_216
MEANT = "meant"


@dataclass
class Slow:
    """Derives beside the window as it is told to: `begun` batches, each let through by `let`."""

    begun: list[int]
    gates: dict[int, threading.Event]
    errors: dict[int, Exception]

    def let(self, batch: int) -> None:
        self.gates.setdefault(batch, threading.Event()).set()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """Batches above 1,000 are long, and last until they are let through."""
    made = Slow([], {}, {})

    def long(session: Any, _facts: Facts, before: Any) -> bool:
        return session.batch > 1_000 and before.session.batch != session.batch

    def found(session: Any, *rest: Any) -> Any:
        if threading.current_thread().name == "beside":
            made.begun.append(session.batch)
            made.gates.setdefault(session.batch, threading.Event()).wait(20)
            if session.batch in made.errors:
                raise made.errors[session.batch]
        return all_shown(session, *rest)

    monkeypatch.setattr("mmviz.ui.shell.wishes.is_long", long)
    monkeypatch.setattr("mmviz.ui.shell.wishes.all_shown", found)
    yield made
    for gate in made.gates.values():
        gate.set()


def batches(controller: Controller) -> tuple[int, int, int]:
    """What is shown, what is wanted, and what stands in the bar."""
    bar = controller.window.top.batch.value()
    return controller.derived.session.batch, controller.session.batch, bar


def edit(controller: Controller, batch: int) -> None:
    controller.window.top.batch.setValue(batch)


def test_the_window_goes_on_while_it_is_derived(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    before = controller.derived
    edit(controller, 5_000)
    assert controller.working
    assert batches(controller) == (before.session.batch, 5_000, 5_000)
    qtbot.waitUntil(controller.window.working.isVisible)
    controller.look(actions.set_camera, Camera(0.1, 0.1, 0.5, 0.5))  # seen at once
    assert controller.derived.session.camera.width == 0.5
    slow.let(5_000)
    qtbot.waitUntil(lambda: not controller.working)
    assert batches(controller) == (5_000, 5_000, 5_000)
    assert not controller.window.working.isVisible()
    assert [session.batch for session in controller.history.past] == [before.session.batch]


def test_the_newest_wish_is_shown_and_no_other(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    shown: list[int] = []
    controller.window.views.follow = lambda *_: shown.append(  # type: ignore[method-assign]
        controller.derived.session.batch
    )
    for batch in (2_000, 3_000, 4_000):
        edit(controller, batch)
    for batch in (2_000, 3_000, 4_000):
        slow.let(batch)
    qtbot.waitUntil(lambda: not controller.working)
    assert shown == [4_000]
    assert slow.begun in ([2_000, 4_000], [4_000])  # what waited behind was never begun


def test_an_edit_meanwhile_is_made_of_what_is_wanted(
    open_on: Open, slow: Slow, qtbot: QtBot
) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    controller.edit("", actions.set_dtype, "float16")
    controller.window.network.add_asked.emit()
    layers = len(controller.derived.session.network.layers)
    slow.let(2_000)
    qtbot.waitUntil(lambda: not controller.working)
    now = controller.derived.session
    assert (now.batch, now.dtype, len(now.network.layers)) == (2_000, "float16", layers + 1)
    controller.undo()
    controller.undo()
    qtbot.waitUntil(lambda: not controller.working)
    assert controller.session.dtype != "float16"
    assert controller.session.batch == 2_000


def test_a_small_wish_meanwhile_is_shown_at_once(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    edit(controller, 3)
    assert not controller.working
    assert batches(controller) == (3, 3, 3)
    slow.let(2_000)
    qtbot.wait(50)
    assert batches(controller) == (3, 3, 3)


def test_undo_meanwhile_takes_the_wish_back(open_on: Open, slow: Slow) -> None:
    controller = open_on("mlp")
    batch = controller.session.batch
    edit(controller, 2_000)
    assert controller.window.commands["undo"].isEnabled()
    controller.window.commands["undo"].trigger()
    assert not controller.working
    assert batches(controller) == (batch, batch, batch)
    assert controller.window.commands["redo"].isEnabled()
    slow.let(2_000)  # the window waits for it as it closes


def test_cancel_leaves_everything_as_it_is(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    history, batch = controller.history, controller.session.batch
    edit(controller, 2_000)
    qtbot.waitUntil(controller.window.working.isVisible)
    controller.window.working.cancelled.emit()
    assert controller.history is history
    assert batches(controller) == (batch, batch, batch)
    assert not controller.window.working.isVisible()
    slow.let(2_000)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError(N_("such a batch is meant")), "such a batch is meant"),
        (ZeroDivisionError(MEANT), "an error in mmviz itself: ZeroDivisionError: meant"),
    ],
)
def test_an_error_comes_back_as_if_it_had_been_derived_at_once(
    error: Exception, said: str, open_on: Open, slow: Slow, qtbot: QtBot
) -> None:
    controller = open_on("mlp")
    history, batch = controller.history, controller.session.batch
    slow.errors[2_000] = error
    slow.let(2_000)
    with qtbot.captureExceptions() as heard:
        edit(controller, 2_000)
        qtbot.waitUntil(lambda: not controller.working)
    assert len(heard) == (0 if isinstance(error, InputError) else 1)
    assert controller.history is history
    assert batches(controller) == (batch, batch, batch)
    assert controller.window.notice.text.text() == said


def test_a_look_for_backends_that_fails_leaves_what_is_wanted(
    open_on: Open, slow: Slow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def probe(*_: object, **__: object) -> None:
        raise InputError(N_("meant"))

    controller = open_on("mlp", survey=False)
    monkeypatch.setattr("mmviz.bench.runner.probe", probe)
    edit(controller, 2_000)
    controller.look_around()
    qtbot.waitUntil(lambda: controller.window.notice.text.text() == MEANT)
    assert controller.working
    slow.let(2_000)
    qtbot.waitUntil(lambda: not controller.working)
    assert batches(controller) == (2_000, 2_000, 2_000)


def test_what_goes_wrong_at_the_very_end_ends_the_wish(
    open_on: Open, slow: Slow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    batch = controller.session.batch
    edit(controller, 2_000)

    def wrong(session: Any, *rest: Any) -> Any:
        if threading.current_thread() is threading.main_thread() and session.batch == 2_000:
            raise ZeroDivisionError(MEANT)
        return all_shown(session, *rest)

    with qtbot.captureExceptions() as heard:
        monkeypatch.setattr("mmviz.ui.shell.wishes.all_shown", wrong)
        slow.let(2_000)
        qtbot.waitUntil(lambda: not controller.working)
    assert len(heard) == 1
    assert batches(controller) == (batch, batch, batch)


def test_what_is_found_out_meanwhile_is_kept(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    controller.found_out(lambda facts: replace(facts, gains={}, backends=()))
    known = controller.facts
    slow.let(2_000)
    qtbot.waitUntil(lambda: not controller.working)
    assert controller.facts.gains is known.gains
    assert controller.derived.facts is controller.facts


def test_a_device_that_is_read_again_meanwhile_is_derived_anew(
    open_on: Open, slow: Slow, qtbot: QtBot
) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    device = controller.session.device
    other = replace(controller.facts.devices[device], about="another one")
    controller.found_out(lambda facts: replace(facts, devices={device: other}))
    slow.let(2_000)
    qtbot.waitUntil(lambda: not controller.working)
    assert controller.derived.device == other


def test_colours_chosen_meanwhile_stay(open_on: Open, slow: Slow, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    controller.look(actions.colour_by, "unit")
    controller.look(actions.select, Selection("unit", 0))
    slow.let(2_000)
    qtbot.waitUntil(lambda: not controller.working)
    assert controller.session.colour_by == "unit"
    assert controller.session.selection is None  # of what is gone


def test_a_window_that_closes_meanwhile(open_on: Open, slow: Slow) -> None:
    controller = open_on("mlp")
    edit(controller, 2_000)
    slow.let(2_000)
    controller.window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "beside"]
    assert controller.derived.session.batch != 2_000


def test_while_it_plays_the_next_product_is_awaited(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("mmviz.ui.shell.wishes.is_long", lambda *_: True)
    monkeypatch.setattr(Beside, "ask", lambda _self, *rest: asked.append(rest))
    controller = open_on("mlp")
    controller.set_playback(replace(controller.playback, position=0.999, playing=True))
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(60)
    assert len(asked) == 1
    assert controller.playback.position > 0.9
    controller.player.stop()


def test_what_is_long_is_told_by_its_size() -> None:
    facts = Facts().knowing("a100").knowing("lanes-16")
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    now = derive(session, facts)
    assert not is_long(session, facts, None)
    assert not is_long(actions.select_product(session, 1), facts, now)
    vast = actions.set_tile(actions.set_batch(session, 262_144), (32, 32))
    assert is_long(vast, facts, now)
    assert not is_long(vast, facts, derive(vast, facts))  # what is there costs nothing
    assert pass_is_long(setup_of(vast, facts.devices["a100"]))
    undrawn = actions.set_tile(actions.set_batch(session, LARGE), (1, 1))
    assert not is_long(undrawn, facts, now)  # too many for a schedule to be made
    deep = session
    for _ in range(MOST_PRODUCTS):
        deep = actions.add_layer(deep)
    assert is_long(deep, facts, now)
    assert MOST_ROWS < 16_777_216
