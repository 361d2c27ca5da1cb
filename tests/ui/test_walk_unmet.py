"""A change in a lesson that does not count yet, as its card tells of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.here import Timing
from mmviz.state.lessons.stage import changed
from mmviz.text import NOTHING
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.words.speech import speak

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def begun(open_on: Open, qtbot: QtBot, lesson: str, step: str, **how: object) -> WalkControl:
    controller = open_on("digits", **how)
    control = controller.findChild(WalkControl)
    assert control is not None
    control.open(lesson, control.read().find(lesson).number(step))
    settled(qtbot, controller)
    return control


def test_another_device_is_to_be_put_back_where_units_alone_are_free(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "neurons", "all-busy")
    card, controller = control.window.card, control.controller
    controller.edit("", lambda session: actions.set_device(session, "lane-1"))
    controller.edit("", lambda session: actions.set_units(session, 0, 1))
    settled(qtbot, controller)
    qtbot.waitUntil(card.note.isVisible)
    assert (
        card.note.text() == "Not free in this step, so put it back first: the device (at the top)."
    )
    assert not card.on.isEnabled()
    controller.edit("", lambda session: actions.set_device(session, "lanes-16"))
    controller.edit("", lambda session: actions.set_units(session, 0, 16))
    settled(qtbot, controller)
    qtbot.waitUntil(card.on.isEnabled)
    assert not card.note.isVisible()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "NumPy, measured: 500 ms. Asked for: 2.00 ms to 33.3 ms."),
        ("zh_CN", "NumPy 实测：500 ms。要求：2.00 ms 到 33.3 ms。"),
    ],
)
def test_a_measured_condition_tells_what_came_out_and_is_measured_again(
    open_on: Open,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    said: str,
) -> None:
    lasts = [0.5, 0.01]

    def wish(control: WalkControl, walk: walks.Walk) -> None:
        if isinstance(walk.wish, Timing):
            seconds = lasts.pop(0)
            run = timed(walk.wish, [seconds] * 40)
            facts = control.controller.facts.with_run(run)
            control.controller.learn(facts)
            control._take(walks.learnt(walk, facts))

    monkeypatch.setattr(WalkControl, "_wish", wish)
    control = begun(open_on, qtbot, "latency", "widen", words=speak(language))
    card, controller = control.window.card, control.controller
    assert control.walk is not None
    wider = changed(control.walk.stage, (("network", "512-512"),)).session
    controller.edit("", lambda _: wider)
    settled(qtbot, controller)
    qtbot.waitUntil(card.note.isVisible)
    assert card.note.text() == said
    assert not card.on.isEnabled()
    again = card.answering.again
    assert again.isVisible()
    QTest.mouseClick(again, LEFT)
    qtbot.waitUntil(card.on.isEnabled)
    assert not again.isVisible()
    assert not card.note.isVisible()


def timed(wish: Timing, samples: Sequence[float]) -> Timed:
    """A run of these seconds."""
    of = replace(wish.of, batch=wish.batches[0])
    stats = summarize(samples)
    runs = tuple(Run(one, of.batch, tuple(samples), stats=stats) for one in wish.backends)
    results = Results(
        network=of.workload.name,
        dtype=of.dtype,
        training=of.training,
        seed=0,
        machine=None,
        runs=runs,
    )
    return Timed(of, results, NOTHING)


def test_who_guessed_near_it_reads_what_they_guessed(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "lanes", "idle")
    card = control.window.card
    QTest.keyClicks(card.answering.field, "950")
    QTest.mouseClick(card.answering.say_it, LEFT)
    assert card.line.text() == "✓ You said 950. Modelled: 980. That is near enough."


def test_a_condition_is_measured_in_the_child_and_once_more_when_asked(
    open_on: Open, qtbot: QtBot
) -> None:
    """Twelve multiplications are never thirty times as quick: what came out is told each time."""
    control = begun(open_on, qtbot, "loop", "calls")
    card, controller = control.window.card, control.controller
    controller.edit("", lambda session: actions.set_batch(session, 2))
    settled(qtbot, controller)
    qtbot.waitUntil(lambda: card.note.text().startswith("Measured: "), timeout=60_000)
    assert "Asked for: at least 30." in card.note.text()
    before = len(controller.facts.runs)
    QTest.mouseClick(card.answering.again, LEFT)
    assert card.answering.to_do.text() == "measuring on this computer …"
    qtbot.waitUntil(lambda: len(controller.facts.runs) > before, timeout=60_000)
    qtbot.waitUntil(lambda: card.note.text().startswith("Measured: "), timeout=60_000)
    assert not card.on.isEnabled()


def test_a_change_while_the_child_measures_is_measured_after_it(
    open_on: Open, qtbot: QtBot
) -> None:
    """Nobody says who wins by the shape of before, and the card waits for nothing that is over."""
    control = begun(open_on, qtbot, "loop", "calls")
    card, controller = control.window.card, control.controller
    controller.edit("", lambda session: actions.set_batch(session, 2))
    settled(qtbot, controller)
    qtbot.waitUntil(lambda: controller.run.running, timeout=60_000)
    controller.edit("", lambda session: actions.set_batch(session, 3))
    settled(qtbot, controller)
    qtbot.waitUntil(lambda: bool(controller.facts.runs), timeout=60_000)
    assert controller.facts.runs[-1].of.batch == 2
    assert control.window.notice.isHidden()
    qtbot.waitUntil(lambda: card.note.text().startswith("Measured: "), timeout=60_000)
    assert controller.facts.runs[-1].of.batch == 3


def test_who_stops_a_measurement_reads_so_and_has_it_measured_again(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "loop", "calls")
    card, controller = control.window.card, control.controller
    controller.edit("", lambda session: actions.set_batch(session, 2))
    settled(qtbot, controller)
    qtbot.waitUntil(lambda: controller.run.running, timeout=60_000)
    controller.run.toggle()
    qtbot.waitUntil(card.answering.again.isVisible, timeout=60_000)
    assert card.note.text() == "stopped before it was measured"
    assert not card.answering.to_do.text().startswith("measuring")
    QTest.mouseClick(card.answering.again, LEFT)
    assert card.answering.to_do.text() == "measuring on this computer …"
    qtbot.waitUntil(lambda: card.note.text().startswith("Measured: "), timeout=60_000)


def test_what_waits_for_somebody_elses_work_has_its_turn_when_that_is_over(
    open_on: Open, qtbot: QtBot
) -> None:
    """A sweep that is stopped finds nothing out, and is over all the same."""
    control = begun(open_on, qtbot, "loop", "calls")
    card, controller = control.window.card, control.controller
    controller.look_around()
    qtbot.waitUntil(lambda: bool(controller.facts.backends), timeout=60_000)
    controller.run.toggle()
    assert controller.run.running
    controller.edit("", lambda session: actions.set_batch(session, 2))
    settled(qtbot, controller)
    controller.run.toggle()
    qtbot.waitUntil(lambda: card.note.text().startswith("Measured: "), timeout=60_000)


def test_a_second_weight_and_a_batch_too_large_are_told_as_they_are_made(
    open_on: Open, qtbot: QtBot
) -> None:
    """All that was asked for but one thing: the card says which."""
    control = begun(open_on, qtbot, "neuron", "zero")
    card, controller = control.window.card, control.controller
    assert not card.note.isVisible()  # nothing was tried yet
    controller.edit("", lambda session: actions.set_number(session, 1, 0, 0, 2.0))
    controller.edit("", lambda session: actions.set_number(session, 1, 1, 0, 3.0))
    settled(qtbot, controller)
    qtbot.waitUntil(card.note.isVisible)
    assert "Changed weights, computed: 2. Asked for: 1." in card.note.text()
    assert "Y(0, 0), computed: " in card.note.text()
    control.open("batch", control.read().find("batch").number("full"))
    settled(qtbot, controller)
    controller.edit("", lambda session: actions.set_batch(session, 16))
    settled(qtbot, controller)
    qtbot.waitUntil(card.note.isVisible)
    assert card.note.text() == "Steps, modelled: 8. Asked for: 4."
    controller.edit("", lambda session: actions.set_batch(session, 8))
    settled(qtbot, controller)
    qtbot.waitUntil(card.on.isEnabled)
    assert not card.note.isVisible()


def test_what_has_no_name_on_the_card_is_said_not_to_hold(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "neurons", "same")
    card, controller = control.window.card, control.controller
    controller.edit("", lambda session: actions.set_number(session, 1, 0, 1, 7.0))
    settled(qtbot, controller)
    qtbot.waitUntil(card.note.isVisible)
    assert card.note.text() == "What is asked for does not hold yet."


def test_a_click_beside_what_is_asked_for_says_what_is(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "neuron", "where")
    assert control.walk is not None
    assert control.walk.step.on == "output"
    picture = control.window.picture
    scene = picture.scene()
    assert scene is not None
    x = scene.layout.a
    QTest.mouseClick(picture, LEFT, pos=QPoint(int(x.x + x.w / 2), int(x.y + x.h / 2)))
    assert control.window.notice.text.text() == "Click on a cell of Y."
    assert control.walk.asks
