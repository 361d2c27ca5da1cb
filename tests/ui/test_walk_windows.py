"""A lesson beside what else there is: a race, panels taken out, files that are opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.core.learning.weights import fresh
from mmviz.files.lessons import progress as kept
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.course import Course
from mmviz.state.picture.learnt import learning_of
from mmviz.ui.lessons.clicks import places
from mmviz.ui.race.lesson_row import LessonRow
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.opening import Opening
from mmviz.ui.shell.walk_control import WalkControl

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
SHIPPED = Path(__file__).parents[2] / "assets"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def begun(open_on: Open, qtbot: QtBot, lesson: str, step: str) -> WalkControl:
    controller = open_on("alexnet")
    control = controller.findChild(WalkControl)
    assert control is not None
    control.open(lesson, control.read().find(lesson).number(step))
    settled(qtbot, controller)
    return control


def raced(control: WalkControl, qtbot: QtBot) -> RaceWindow:
    """The race that the step opens after a guess."""
    QTest.mouseClick(control.window.card.answering.options[0], LEFT)
    settled(qtbot, control.controller)
    qtbot.waitUntil(lambda: bool(control.window.findChildren(RaceWindow)))
    return control.window.findChildren(RaceWindow)[0]


def test_a_race_closes_while_a_cell_is_asked_for(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "lanes", "faster")
    window, card, own = control.window, control.window.card, control.own
    assert own is not None
    race = raced(control, qtbot)
    QTest.mouseClick(card.on, LEFT)
    settled(qtbot, control.controller)
    assert control.walk is not None
    assert control.walk.form == "click"
    cell = race.sides[0].picture
    QTest.mouseClick(cell, LEFT, pos=cell.rect().center())
    assert control.walk.asks  # what is clicked on elsewhere is no answer
    race.close()
    qtbot.waitUntil(lambda: not window.findChildren(RaceWindow))
    scene = window.picture.scene()
    assert scene is not None
    box = scene.layout.c
    at = QPointF(box.x + box.w - 4, box.y + box.h - 4).toPoint()
    QTest.mouseClick(window.picture, LEFT, pos=at)
    assert card.line.isVisible()
    QTest.mouseClick(card.on, LEFT)
    settled(qtbot, control.controller)
    QTest.mouseClick(card.leave, LEFT)
    settled(qtbot, control.controller)
    assert control.walk is None
    assert control.controller.history.now == own.now


@pytest.mark.parametrize("still", [False, True])
def test_a_race_says_what_came_out_runs_by_itself_and_leads_back(
    open_on: Open, qtbot: QtBot, still: bool
) -> None:
    control = begun(open_on, qtbot, "lanes", "faster")
    control.window.reduced_motion = still
    race, card = raced(control, qtbot), control.window.card
    (row,) = race.findChildren(LessonRow)
    qtbot.waitUntil(row.isVisible)
    assert row.line.text() == f"{card.line.text()}\n{card.told.text()}"
    assert race.playback.playing != still
    if still:
        assert race.playback.position == 1.0
    assert "Esc" in row.back.text()
    QTest.mouseClick(row.back, LEFT)
    qtbot.waitUntil(lambda: not control.window.findChildren(RaceWindow))
    assert card.told.isVisible()


@pytest.mark.parametrize("late", [False, True])
def test_a_lesson_has_its_own_numbers_whatever_was_taught_before(
    open_on: Open, qtbot: QtBot, late: bool
) -> None:
    controller = open_on("digits")
    network = controller.session.layered
    course = Course(plan_of(network, "float32", Choice(), made()), 5.0, doing="over")
    course = replace(course, weights=fresh(network))

    def tell() -> None:
        controller.found_out(lambda facts: facts.with_lesson(course))

    if not late:  # late: it was kept on disk, and read since
        tell()
    control = controller.findChild(WalkControl)
    assert control is not None
    control.open("lanes", 0)
    settled(qtbot, controller)
    if late:
        tell()
    assert learning_of(controller.derived).weights is None
    control.leave()
    settled(qtbot, controller)
    assert learning_of(controller.derived).weights is course.weights


def test_leaving_brings_the_own_session_back_whatever_becomes_of_the_card(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = begun(open_on, qtbot, "waves", "tail")
    own = control.own
    assert own is not None

    def broken() -> None:
        raise RuntimeError("a card that is gone")

    monkeypatch.setattr(control._scene, "clear", broken)
    with pytest.raises(RuntimeError, match="gone"):
        control.leave()
    settled(qtbot, control.controller)
    assert control.controller.history.now == own.now
    assert control.controller.aside is None


def test_a_panel_that_was_taken_out_is_clicked_on_still(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "batch", "idle")
    dock = control.window.docks.all["time"]
    dock.setFloating(True)
    assert control.window.units.window() is dock
    assert list(places("units", control.window, ())) == [control.window.units]
    dock.setFloating(False)


def opened(control: WalkControl, qtbot: QtBot, path: Path) -> None:
    opening = control.controller.findChild(Opening)
    assert opening is not None
    opening.open(str(path))
    settled(qtbot, control.controller)


def test_a_file_that_is_opened_in_a_lesson_stays(
    open_on: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    control = begun(open_on, qtbot, "waves", "tail")
    controller, window = control.controller, control.window
    QTest.mouseClick(window.card.skip, LEFT)
    settled(qtbot, controller)
    mine = tmp_path / "mine.toml"
    mine.write_text((SHIPPED / "presets" / "bert-ffn.toml").read_text())
    opened(control, qtbot, mine)
    assert control.walk is None
    assert not window.card.isVisible()
    assert controller.to_keep.network == controller.session.network
    assert "BERT" in controller.session.network.name
    assert window.notice.text.text().startswith("the lesson is left for what you opened")
    tail = kept.read().of("waves", "tail")
    assert tail is not None
    assert tail.skipped
    controller.undo()
    settled(qtbot, controller)
    assert controller.session.preset == "alexnet"
    control.open("waves")
    settled(qtbot, controller)
    assert controller.session.preset != "alexnet"


def test_another_network_that_is_chosen_in_a_lesson_stays(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "waves", "tail")
    control.window.top.preset_chosen.emit("vgg16")
    settled(qtbot, control.controller)
    assert control.walk is None
    assert control.controller.session.preset == "vgg16"
    assert control.window.notice.isVisible()


def test_where_the_network_is_to_be_changed_another_one_is_chosen_in_the_lesson(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "latency", "own")
    control.window.top.preset_chosen.emit("mlp")
    settled(qtbot, control.controller)
    assert control.walk is not None
    assert control.controller.session.preset == "mlp"
    assert control.own is not None
    assert control.own.now.preset == "alexnet"


def test_a_recording_that_is_opened_in_a_lesson_stays(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "waves", "tail")
    opened(control, qtbot, SHIPPED / "recordings" / "cpu-alexnet-128.npz")
    assert control.walk is None
    assert control.window.docks.workspace == "recording"
    assert control.controller.session.batch == 128


def test_outside_a_lesson_nothing_is_said_of_one(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "waves", "tail")
    control.leave()
    settled(qtbot, control.controller)
    control.window.top.preset_chosen.emit("vgg16")
    settled(qtbot, control.controller)
    assert not control.window.notice.isVisible()
