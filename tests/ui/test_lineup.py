"""A race that may last is lined up beside its window, and a race window opens on what is ready."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files.ordinary import no_tick
from mmviz.state import actions
from mmviz.state import derived as derived_state
from mmviz.state.actions import select_product
from mmviz.state.race import race as race_state
from mmviz.state.race.race import Race, race_is_long, resolve_race
from mmviz.state.race.ready_made import batch_race, ready_made, tile_race
from mmviz.state.race.views import WHOLE_PASS
from mmviz.state.session import Session, open_file
from mmviz.ui.race import lineup
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
MEANT = "meant"


class Gates:
    """Races of more than 1,000 examples are long, and are lined up when they are let through."""

    def __init__(self) -> None:
        self.open, self.begun = threading.Event(), list[int]()
        self.error: Exception | None = None

    def resolve(self, race: Race, *rest: Any) -> Any:
        if threading.current_thread().name == "beside":
            self.begun.append(race.left.batch)
            while not self.open.wait(0.001):
                rest[-1](0, 1)
            if self.error is not None:
                raise self.error
        return resolve_race(race, *rest)


@pytest.fixture
def gates(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gates]:
    made = Gates()
    monkeypatch.setattr("mmviz.ui.race.lineup.race_is_long", lambda race: race.left.batch > 1_000)
    monkeypatch.setattr("mmviz.ui.race.lineup.resolve_race", made.resolve)
    yield made
    made.open.set()


def race_of(controller: Controller) -> RaceWindow | None:
    return next(iter(controller.window.findChildren(RaceWindow)), None)


def opened(controller: Controller, qtbot: QtBot) -> RaceWindow:
    controller.window.commands["race"].trigger()
    qtbot.waitUntil(lambda: race_of(controller) is not None)
    window = race_of(controller)
    assert window is not None
    return window


def test_the_window_of_a_long_race_opens_when_it_is_lined_up(
    open_on: Open, gates: Gates, qtbot: QtBot
) -> None:
    controller = open_on("mlp")
    controller.edit("", actions.set_batch, 4_096)
    word = controller.window.working
    controller.window.commands["race"].trigger()
    assert controller.errand.working
    qtbot.waitUntil(word.isVisible)
    assert race_of(controller) is None
    controller.edit("", actions.set_batch, 3)  # the window goes on
    assert controller.derived.session.batch == 3
    gates.open.set()
    qtbot.waitUntil(lambda: race_of(controller) is not None)
    qtbot.waitUntil(lambda: not word.isVisible())
    race = race_of(controller)
    assert race is not None
    assert race.base.batch == 4_096
    race.close()


@pytest.mark.usefixtures("gates")
def test_a_race_can_be_called_off(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    controller.edit("", actions.set_batch, 4_096)
    controller.window.commands["race"].trigger()
    qtbot.waitUntil(controller.window.working.isVisible)
    controller.window.working.cancelled.emit()
    assert not controller.errand.working
    assert not controller.window.working.isVisible()
    assert race_of(controller) is None


def test_edits_of_a_side_while_it_is_lined_up(open_on: Open, gates: Gates, qtbot: QtBot) -> None:
    race = opened(open_on("mlp"), qtbot)
    shown = race.raced
    race.edit(0, "batch", 2_000)
    race.edit(0, "dtype", "float16")
    race.edit(1, "batch", 77)
    race.look(lambda session: actions.colour_by(session, "unit"))
    assert race.working
    assert race.race.left.batch == shown.race.left.batch
    qtbot.waitUntil(race.lineup.word.isVisible)
    gates.open.set()
    qtbot.waitUntil(lambda: not race.working)
    left, right = race.race.left, race.race.right
    assert (left.batch, left.dtype, right.batch) == (2_000, "float16", 77)
    assert left.colour_by == right.colour_by == "unit"
    assert race.sides[0].batch.value() == 2_000
    race.close()


def test_a_small_race_takes_the_place_of_a_long_one(
    open_on: Open, gates: Gates, qtbot: QtBot
) -> None:
    race = opened(open_on("mlp"), qtbot)
    race.edit(0, "batch", 2_000)
    race.edit(0, "batch", 5)
    assert not race.working
    gates.open.set()
    qtbot.wait(30)
    assert race.race.left.batch == race.sides[0].batch.value() == 5
    race.close()


def test_a_race_that_fails_beside_changes_nothing(
    open_on: Open, gates: Gates, qtbot: QtBot
) -> None:
    race = opened(open_on("mlp"), qtbot)
    before = race.race
    gates.error = ZeroDivisionError(MEANT)
    gates.open.set()
    with qtbot.captureExceptions() as heard:
        race.sides[0].batch.setValue(2_000)
        qtbot.waitUntil(lambda: not race.working)
    assert [str(error) for _, error, _ in heard] == [MEANT]
    assert race.race == before
    assert MEANT in race.notice.text.text()
    assert race.sides[0].batch.value() == before.left.batch
    race.close()


@pytest.mark.usefixtures("gates")
def test_a_race_window_that_closes_meanwhile(open_on: Open, qtbot: QtBot) -> None:
    race = opened(open_on("mlp"), qtbot)
    race.edit(0, "batch", 2_000)
    with qtbot.waitSignal(race.destroyed):
        race.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "beside"]


def test_what_is_lined_up_is_ready_to_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one side has no schedule, and the other one is shown for itself."""
    ready: list[object] = []
    monkeypatch.setattr(Trace, "ready", lambda trace: ready.append(trace))
    session = Session(from_widths([64, 64]), batch=64, device="lanes-16")
    undrawn = Session(from_widths([4, 16_777_216]), batch=64, device="lanes-16")
    for race, shown in ((Race(session, session), 2), (Race(session, undrawn), 1)):
        ready.clear()
        raced, _ = lineup._lined_up(session, race, None, no_tick)
        assert len(ready) == shown
        assert ready[0] is raced.left.products[0].trace


def test_a_pass_is_priced_once_a_side(monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_file(networks.read_preset("alexnet"))
    befores: list[bool] = []
    derive = race_state.derive

    def counted(session: Any, facts: Any, before: Any, made: Any) -> Any:
        befores.append(before is not None)
        return derive(session, facts, before, made)

    monkeypatch.setattr(race_state, "derive", counted)
    resolve_race(Race(session, session, whole_pass=True))
    assert befores == [False, True, True] * 2


def test_products_of_one_shape_share_a_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand layers would else take gigabytes."""
    session = Session(from_widths([512] * 101), batch=64, device="lanes-16", training=True)
    other = replace(session, device="lanes-1000")
    made: list[object] = []
    timed = derived_state.timed
    monkeypatch.setattr(derived_state, "timed", lambda *a: (made.append(a), timed(*a))[1])
    raced = resolve_race(Race(session, other, whole_pass=True))
    assert len(made) == 2 * 2  # forward and dgrad, wgrad; both sides
    legs = raced.left.legs
    assert len(legs) == 299
    assert legs[0].trace.starts is legs[1].trace.starts
    assert [leg.trace.tiling.gemm for leg in legs] == list(raced.left.derived.gemms)
    single = resolve_race(Race(select_product(session, 150), select_product(other, 150)))
    assert single.left.legs[0].trace.duration == legs[150].trace.duration


def test_a_pass_of_too_many_tiles_is_refused_before_any_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widths = [2_000 + i for i in range(40)]
    session = Session(from_widths(widths), batch=1_024, device="lanes-16")
    monkeypatch.setattr(derived_state, "timed", lambda *_: pytest.fail("a schedule was made"))
    with pytest.raises(InputError, match=r"pass has 80\u202f\d+\u202f\d+ tiles on .*race one"):
        resolve_race(Race(session, session, whole_pass=True))


def test_naming_the_ready_made_races_makes_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")

    def never(*_: object) -> None:
        raise AssertionError("a schedule was made")

    monkeypatch.setattr("mmviz.state.derived.timed", never)
    assert len(ready_made(session)) == 8


def test_what_race_is_long_is_told_by_its_size() -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    vast = actions.set_batch(session, 1_048_576)
    assert not race_is_long(tile_race(session))
    assert race_is_long(tile_race(vast))
    assert race_is_long(Race(session, batch_race(vast).right))
    whole = tile_race(actions.set_batch(session, 131_072))
    assert not race_is_long(whole)
    assert race_is_long(Race(whole.left, whole.right, whole_pass=True))
    assert WHOLE_PASS < 0


def test_of_many_products_the_race_is_found_beside_the_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which race is worth seeing takes prices of them all, and the window does not wait for it."""
    session = Session(from_widths([64] * 100), batch=96, device="a100", dtype="float16")
    found = lineup.opening(session)
    asked: list[Session] = []
    monkeypatch.setattr(lineup, "opening", lambda s: (asked.append(s), found)[1])
    long, work = lineup.first_race(session, None)
    assert long
    assert not asked
    raced, _ = work(no_tick)
    assert len(asked) == 1
    assert raced.race == found.race
