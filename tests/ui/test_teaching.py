"""Teaching in the window as a person does it, with the real child."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from digits import taught
from mnist import write_mnist
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from mmviz.bench.messages import Message
from mmviz.bench.plan import Learnt, MadeData, TrainPlan
from mmviz.bench.runner import carry_out
from mmviz.core.learning.digits.made import Digits, make
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.network import from_widths
from mmviz.files import courses, hands, networks
from mmviz.state import actions
from mmviz.state.learn.choice import AT_FIRST
from mmviz.state.learn.course import Course
from mmviz.state.learn.kept import as_course
from mmviz.state.learn.teaching import TeachingView
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session
from mmviz.text import Text
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.teach_control import TeachControl

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
WAIT_MS = 60_000
CLOSE = Camera(0.0, 0.0, 0.05, 0.05)
FEW = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=640, unseen=100)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer drawings than mmviz makes, for a child that is soon ready."""
    monkeypatch.setattr("mmviz.ui.shell.teach_control.made", lambda: FEW)


def panel(controller: Controller) -> TeachingPanel:
    found = controller.window.panels["teaching"]
    assert isinstance(found, TeachingPanel)
    return found


def learning(open_on: Open, preset: str | Session = "digits") -> Controller:
    controller = open_on(preset)
    controller.window.go_to("learn")
    return controller


def course(controller: Controller) -> Course:
    return controller.facts.lessons[-1]


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def settle(qtbot: QtBot, controller: Controller) -> None:
    control = controller.findChild(TeachControl)
    assert isinstance(control, TeachControl)
    qtbot.waitUntil(lambda: not control.running and not control.keeping, timeout=WAIT_MS)


def uninterrupted(plan: TrainPlan) -> Learnt:
    """What a child learns that nobody stops."""
    told: list[Message] = []
    _, reason = carry_out(plan, told.append, None)
    assert not reason
    return [message for message in told if isinstance(message, Learnt)][-1]


@pytest.mark.usefixtures("few")
def test_a_lesson_paused_killed_and_gone_on_with_is_the_same_to_the_last_bit(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = learning(open_on)
    window, teaching = controller.window, panel(controller)
    teaching.recipe.lasts.setValue(4)
    press(qtbot, teaching.teach)
    qtbot.waitUntil(lambda: course(controller).step >= 9, timeout=WAIT_MS)
    assert teaching.teach.text() == "■ Stop"
    assert not teaching.recipe.rate.isEnabled()
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    rested = course(controller)
    assert rested.doing == "paused"
    assert 0 < rested.step < 40
    press(qtbot, teaching.pause)
    qtbot.waitUntil(lambda: course(controller).step > rested.step, timeout=WAIT_MS)
    os.kill(controller.desk.worker.pid, signal.SIGKILL)
    settle(qtbot, controller)
    killed = course(controller)
    assert killed.doing == "paused"
    assert "killed by signal 9" in window.notice.text.text()
    assert "killed by signal 9" in teaching.ended.whole
    assert rested.step <= killed.step < 40
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    done = course(controller)
    assert (done.step, done.doing, done.complete) == (40, "over", True)
    assert len(controller.facts.lessons) == 1
    assert not teaching.pause.isEnabled()
    assert not teaching.ended.isVisible()
    assert done.plan.begin is None
    whole = uninterrupted(done.plan).weights(done.plan.network)
    assert done.weights is not None
    for ours, theirs in (
        (done.weights.weights, whole.weights),
        (done.weights.biases, whole.biases),
        (done.weights.moving_weights, whole.moving_weights),
    ):
        assert all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert controller.facts.knows(done.plan.network) is done.weights
    kept = courses.kept()[-1].learnt.weights(done.plan.network)
    assert np.array_equal(kept.weights[0], whole.weights[0])


@pytest.mark.usefixtures("few")
def test_the_speed_is_changed_while_it_learns_and_no_number(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    teaching.recipe.lasts.setValue(40)
    choose_pace(teaching, 1.0)
    press(qtbot, teaching.teach)
    choose_pace(teaching, 4.0)  # before the child said a word
    qtbot.waitUntil(lambda: course(controller).step >= 2, timeout=WAIT_MS)
    child = controller.desk.worker.pid
    assert course(controller).plan.pace == 4.0
    assert "slow motion" in teaching.facts.accessibleDescription()
    choose_pace(teaching, None)
    qtbot.waitUntil(lambda: course(controller).step >= 100, timeout=WAIT_MS)
    assert controller.desk.worker.pid in (child, 0), "the same child, or it is done"
    settle(qtbot, controller)
    done = course(controller)
    assert (done.step, done.plan.pace) == (400, None)
    whole = uninterrupted(done.plan).weights(done.plan.network)
    assert done.weights is not None
    assert np.array_equal(done.weights.weights[0], whole.weights[0])
    assert np.array_equal(done.weights.moving_weights[0], whole.moving_weights[0])


def choose_pace(teaching: TeachingPanel, pace: float | None) -> None:
    """As somebody does who opens the list."""
    box = teaching.recipe.pace
    assert box.isEnabled()
    box.choose(pace)
    box.activated.emit(box.currentIndex())


@pytest.mark.usefixtures("few")
def test_what_is_seen_while_it_learns(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    teaching.recipe.lasts.setValue(3)
    teaching.recipe.pace.choose(None)
    press(qtbot, teaching.teach)
    assert "starting" in teaching.status.whole  # until its child says something
    settle(qtbot, controller)
    assert "30 of 30 steps" in teaching.status.whole
    chart = teaching.canvas.chart
    assert chart is not None
    assert chart.loss.values[-1] < chart.loss.values[0]
    assert chart.unseen.values[-1] > chart.unseen.values[0]
    told = teaching.facts.accessibleDescription()
    for word in ("unseen right, strength 0.5: ", "time per step, NumPy: ", "wgrad: ", "forward: "):
        assert word in told
    teaching.canvas.setFocus()
    QTest.keyClick(teaching.canvas, Qt.Key.Key_Left)
    assert "30 steps" in teaching.reading.whole
    QTest.keyClick(teaching.canvas, Qt.Key.Key_Left)
    assert "29 steps" in teaching.reading.whole
    at_hand = teaching.canvas.thing_at_hand()
    assert at_hand is not None
    assert str(at_hand[0].row[0]) == "29 steps"
    copied = at_hand[0].also[0][1]().splitlines()
    assert copied[0].split("\t") == ["step", "seconds", "loss"]
    assert [line.split("\t")[0] for line in copied[1:]] == [str(n) for n in range(1, 31)]
    before = teaching.canvas.grab().toImage()
    teaching.along.setCurrentIndex(1)
    teaching.along.activated.emit(1)
    assert teaching.canvas.grab().toImage() != before


@pytest.mark.usefixtures("few")
def test_a_loss_that_is_lost_stops_it_and_says_what_to_try(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on, "digits-hidden")
    teaching = panel(controller)
    teaching.recipe.loss.choose("squared error")
    teaching.recipe.rate.setValue(900.0)
    controller.edit("", actions.set_activation, 1, "linear")
    teaching.recipe.pace.choose(None)
    press(qtbot, teaching.teach)
    settle(qtbot, controller)
    assert "the loss is no number any more" in teaching.ended.whole
    assert "in step " in controller.window.notice.text.text()
    assert course(controller).doing == "over"
    assert " broke off in step " in teaching.status.whole
    assert not teaching.pause.isEnabled(), "the same steps would lose it again"


@pytest.mark.usefixtures("few")
def test_a_course_that_goes_nowhere_says_what_to_try(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    teaching.recipe.rate.setValue(999.0)
    teaching.recipe.pace.choose(None)
    press(qtbot, teaching.teach)
    settle(qtbot, controller)
    assert course(controller).complete
    assert "it learns nothing so; try a learning rate of 0.05 in" in teaching.ended.whole
    teaching.recipe.rate.setValue(0.05)
    press(qtbot, teaching.teach)
    settle(qtbot, controller)
    assert teaching.ended.whole == ""


def test_a_network_that_does_not_fit_and_one_that_does(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on, "alexnet")
    teaching = panel(controller)
    assert not teaching.teach.isEnabled()
    assert "has 9 216 inputs" in teaching.hint.why.text().replace("\u202f", " ")
    button = teaching.hint.offers.buttons[1]
    qtbot.mouseClick(button, LEFT)
    assert controller.session.network.widths == (784, 128, 10)  # type: ignore[union-attr]
    assert teaching.teach.isEnabled()
    assert not teaching.hint.isVisible()
    assert teaching.recipe.choice().recipe.loss == "cross-entropy"


def test_widths_that_are_typed_are_taught_by_the_loss_their_last_layer_allows(
    open_on: Open,
) -> None:
    recipe = panel(learning(open_on, Session(from_widths((784, 10))))).recipe
    assert recipe.choice().recipe.loss == "squared error"
    recipe.show_choice(AT_FIRST)  # remembered of a network whose answers are shares
    assert recipe.choice().recipe.loss == "squared error"
    assert recipe.wished().recipe.loss == "cross-entropy", "what nobody chose is not remembered"
    recipe.loss.choose("squared error")
    recipe.loss.activated.emit(recipe.loss.currentIndex())
    assert recipe.wished().recipe.loss == "squared error"


def test_a_measurement_and_a_lesson_do_not_disturb_each_other(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    controller.run.toggle()
    press(qtbot, panel(controller).teach)
    assert "a timing run is going on" in controller.window.notice.text.text()
    assert controller.facts.lessons == ()
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=WAIT_MS):
        controller.run.toggle()


@pytest.mark.usefixtures("few")
def test_weights_are_saved_and_opened(
    open_on: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "learnt.npz")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (path, ""))
    controller = learning(open_on)
    teaching = panel(controller)
    assert not teaching.save.isEnabled()
    teaching.recipe.lasts.setValue(1)
    teaching.recipe.pace.choose(None)
    press(qtbot, teaching.teach)
    settle(qtbot, controller)
    first = course(controller)
    press(qtbot, teaching.save)
    press(qtbot, teaching.open)
    opened = course(controller)
    assert opened is not first
    assert opened.weights is not None
    assert first.weights is not None
    assert np.array_equal(opened.weights.weights[0], first.weights.weights[0])
    assert "learnt.npz" in teaching.status.whole
    assert "read from a file" in str(picture_view(controller.derived).names[1].what)
    controller.open(networks.read_preset("digits-hidden"))
    press(qtbot, teaching.open)
    assert "weights of another network" in controller.window.notice.text.text()
    assert course(controller) is opened
    controller.open(networks.read_preset("digits"))
    press(qtbot, teaching.open)
    assert course(controller) is not opened
    assert not controller.window.notice.isVisible()  # what was wrong with the last file is over


@pytest.mark.usefixtures("few")
def test_a_lesson_that_was_left_waits_when_the_window_comes_back(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = learning(open_on)
    press(qtbot, panel(controller).teach)
    qtbot.waitUntil(
        lambda: bool(controller.facts.lessons) and course(controller).weights is not None,
        timeout=WAIT_MS,
    )
    left = course(controller)
    controller.window.close()  # in the middle of it
    again = learning(open_on)
    control = again.findChild(TeachControl)
    assert isinstance(control, TeachControl)
    control.look()
    qtbot.waitUntil(lambda: bool(again.facts.lessons), timeout=WAIT_MS)
    found = course(again)
    assert (found.began, found.doing) == (left.began, "paused")
    assert found.step >= left.then.curve.step
    assert panel(again).pause.text() == "▶ Go on"
    assert panel(again).pause.isEnabled()


def mnist(folder: Path) -> Path:
    seen = make(hands.hands()[:2], 128, 0.5, 1)
    return write_mnist(folder, seen, Digits(seen.x[:40], seen.labels[:40]))


def choose_mnist(teaching: TeachingPanel) -> None:
    teaching.recipe.data.setCurrentIndex(teaching.recipe.data.count() - 1)
    teaching.recipe.data.activated.emit(teaching.recipe.data.currentIndex())


@pytest.mark.usefixtures("few")
def test_two_windows_do_not_teach_one_lesson_at_once(open_on: Open, qtbot: QtBot) -> None:
    """Who teaches it holds it; afterwards the other goes on where the first left it."""
    first = learning(open_on)
    one = panel(first)
    one.recipe.lasts.setValue(40)
    one.recipe.pace.setCurrentIndex(one.recipe.pace.findData(64.0))
    press(qtbot, one.teach)
    qtbot.waitUntil(lambda: bool(first.facts.lessons) and course(first).step > 2, timeout=WAIT_MS)
    press(qtbot, one.pause)
    settle(qtbot, first)
    second = learning(open_on)
    other = panel(second)
    control = second.findChild(TeachControl)
    assert isinstance(control, TeachControl)
    control.look()
    qtbot.waitUntil(lambda: bool(second.facts.lessons), timeout=WAIT_MS)
    there = course(second).step
    press(qtbot, one.pause)
    qtbot.waitUntil(lambda: course(first).step > there + 2, timeout=WAIT_MS)
    press(qtbot, other.pause)
    assert second.window.notice.text.text() == str(Text(courses.TAUGHT))
    assert not control.running
    press(qtbot, one.pause)
    settle(qtbot, first)
    left = course(first).step
    assert left > there
    press(qtbot, other.pause)
    qtbot.waitUntil(lambda: control.running, timeout=WAIT_MS)
    assert course(second).step >= left, "from where the first window left it"
    press(qtbot, other.pause)
    settle(qtbot, second)
    assert not list(courses.place().glob("*.lock")), "nobody holds it any more"


def test_drawings_of_the_users_own(
    open_on: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(mnist(tmp_path))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    controller = learning(open_on)
    teaching = panel(controller)
    choose_mnist(teaching)
    teaching.recipe.lasts.setValue(200)
    assert teaching.recipe.choice().folder == folder
    press(qtbot, teaching.teach)
    qtbot.waitUntil(
        lambda: bool(controller.facts.lessons) and course(controller).weights is not None,
        timeout=WAIT_MS,
    )
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    assert f"{folder}: 128" in teaching.more.accessibleDescription()
    assert "unseen drawings right: " in teaching.facts.accessibleDescription()
    rested = course(controller)
    controller.window.close()
    again = learning(open_on)
    control = again.findChild(TeachControl)
    assert isinstance(control, TeachControl)
    control.look()
    qtbot.waitUntil(lambda: bool(again.facts.lessons), timeout=WAIT_MS)
    press(qtbot, panel(again).pause)  # its files are read again
    qtbot.waitUntil(lambda: course(again).step > rested.step, timeout=WAIT_MS)
    press(qtbot, panel(again).teach)  # which stops it
    settle(qtbot, again)
    assert course(again).doing == "over"
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    control._read = None
    press(qtbot, panel(again).pause)
    qtbot.waitUntil(lambda: "has no file" in again.window.notice.text.text(), timeout=WAIT_MS)
    assert not control.running


@pytest.mark.usefixtures("few")
def test_who_pauses_before_the_first_step_can_go_on(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    teaching.recipe.lasts.setValue(1)
    press(qtbot, teaching.teach)
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    assert (course(controller).step, course(controller).doing) == (0, "paused")
    choose_pace(teaching, None)
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    assert course(controller).complete
    assert len(controller.facts.lessons) == 1


@pytest.mark.usefixtures("few")
def test_a_lesson_ends_by_seconds_too(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    recipe = teaching.recipe
    recipe.lasts.setValue(7)
    recipe.until.setCurrentIndex(1)
    recipe.until.activated.emit(1)
    assert recipe.lasts.value() == 7, "what somebody typed stays"
    recipe.lasts.setValue(1)
    recipe.pace.choose(None)
    press(qtbot, teaching.teach)
    qtbot.waitUntil(
        lambda: bool(controller.facts.lessons) and course(controller).weights is not None,
        timeout=WAIT_MS,
    )
    assert not recipe.lasts.isVisible(), "the recipe leaves its room to figures"
    assert teaching.facts.isVisible()
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    rested = course(controller)
    assert (rested.plan.steps, rested.plan.seconds, rested.doing) == (None, 1.0, "paused")
    assert "of 1.00 s of steps" in teaching.status.whole
    (kept,) = courses.kept()
    assert as_course(kept).plan.seconds == 1.0
    press(qtbot, teaching.pause)
    settle(qtbot, controller)
    done = course(controller)
    assert done.complete
    assert done.now.curve.spent_s >= 1.0
    press(qtbot, recipe.fold)
    assert recipe.lasts.isVisible()


def test_what_is_typed_and_is_no_number_is_said(open_on: Open) -> None:
    controller = learning(open_on)
    rate = panel(controller).recipe.rate
    rate.setFocus()
    rate.selectAll()
    QTest.keyClicks(rate, "fast")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    said = controller.window.notice.text.text()
    assert "Learning rate must be a number from 0 to below 1000, not 'fast'" in said
    assert rate.value() == 0.05
    seed = panel(controller).recipe.seed
    seed.setFocus()
    seed.selectAll()
    QTest.keyClicks(seed, "0")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert panel(controller).recipe.choice().recipe.seed == 0


def test_weights_are_taken_can_be_undone_and_edited(open_on: Open, qtbot: QtBot) -> None:
    controller = learning(open_on)
    teaching = panel(controller)
    network = controller.session.layered
    assert not teaching.take.isEnabled()
    taught_course = taught(network)
    controller.found_out(lambda facts: facts.with_lesson(taught_course))
    learnt = taught_course.weights
    assert learnt is not None
    cells = picture_view(controller.derived).cells()
    assert cells is not None
    assert np.array_equal(cells.b, learnt.weights[0]), "the picture has them already"
    press(qtbot, teaching.take)
    mine = controller.session.layered.layers[0]
    assert mine.weights is not None
    assert np.array_equal(mine.weights.array, learnt.weights[0])
    assert not teaching.take.isEnabled()
    controller.undo()
    assert controller.session.layered == network
    assert teaching.take.isEnabled()
    controller.window.picture.editor.edited.emit(1, 2, 3, 7.0)
    changed = controller.session.layered.layers[0].weights
    assert changed is not None
    assert changed.array[2, 3] == 7.0
    assert changed.array[4, 5] == learnt.weights[0][4, 5], "the others are what was learnt"
    on = replace(taught_course, doing="teaching")
    controller.undo()
    controller.found_out(lambda facts: facts.with_lesson(on))
    controller.window.picture.editor.edited.emit(1, 2, 3, 7.0)
    assert "pause the course first" in controller.window.notice.text.text()
    assert controller.session.layered == network


def test_the_change_of_w_is_offered_where_there_is_one(open_on: Open) -> None:
    controller = learning(open_on)
    controller.window.go_to("picture")
    colour = controller.window.picture.bar.colour
    at = colour.findData("change")
    model = colour.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(at)
    assert item is not None
    assert not item.isEnabled()
    assert "taught nothing yet" in item.toolTip()
    before = fresh(controller.session.layered)
    course = replace(taught(controller.session.layered), since=before)
    controller.found_out(lambda facts: facts.with_lesson(course))
    assert item.isEnabled()
    plain = controller.window.picture.grab().toImage()
    colour.setCurrentIndex(at)
    colour.activated.emit(at)
    assert controller.session.colour_by == "change"
    assert controller.window.picture.grab().toImage() != plain
    for turned, camera in ((True, WHOLE), (True, CLOSE), (False, CLOSE)):
        controller.look(actions.turn, turned)
        controller.look(actions.set_camera, camera)
        controller.window.picture.grab()
        assert not controller.window.apart.failed


def test_while_nobody_who_teaches_is_known_the_one_wished_for_is_chosen(
    open_on: Open,
) -> None:
    recipe = panel(learning(open_on)).recipe
    recipe.show_view(replace(TeachingView(), backends=()))
    assert recipe.backend.count() == 0
    recipe.loss.activated.emit(0)
    assert recipe.choice().backend == AT_FIRST.backend
