"""Lessons in the window, as a learner walks them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import pytest
from clicking import clicked
from fitting import cut
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from walking import answered, found, guess_of, solved
from windows import settled

from mmviz.files.lessons import progress as kept
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.state import actions
from mmviz.state.lessons.guesses import Choice, Click, Guess, Number, Unsure
from mmviz.state.session import Session
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.lessons.clicks import places
from mmviz.ui.lessons.listed import LessonsPanel
from mmviz.ui.picture import lanes
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.walk_control import WalkControl
from mmviz.words.speech import speak

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
LESSONS = read_folder(shipped_folder(), "").lessons
SMALL, LARGE = (1024, 560), (1680, 1050)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a step wishes for comes at once: made-up times, and courses as a child would give."""

    def wish(control: WalkControl, _walk: object) -> None:
        if control.walk is None or control.walk.wish is None:
            return
        now, facts = answered(control.walk, control.controller.facts)
        control.controller.learn(facts)
        control._take(now)

    monkeypatch.setattr(WalkControl, "_wish", wish)


def walks_of(controller: Controller) -> WalkControl:
    found = controller.findChild(WalkControl)
    assert found is not None
    return found


def begun(open_on: Open, qtbot: QtBot, lesson: str, step: str = "", **how: object) -> WalkControl:
    controller = open_on("digits", **how)
    control = walks_of(controller)
    shelf = control.read()
    number = shelf.find(lesson).number(step) if step else 0
    control.open(lesson, number)
    settled(qtbot, controller)
    QTest.qWait(20)
    return control


def click(widget: object) -> None:
    QTest.mouseClick(widget, LEFT)  # type: ignore[call-overload]


def guess(control: WalkControl, what: Guess) -> None:
    """As somebody makes it: by a button, by typing, by a click on what is seen."""
    answering = control.window.card.answering
    match what:
        case Choice(index):
            card = answering._card
            assert card is not None
            place = [one.index for one in card.options].index(index)
            click(answering.options[place])
        case Number(value):
            assert control.walk is not None
            scale = 100 if control.walk.step.unit == "%" else 1
            answering.field.setText(f"{value * scale:.12g}")
            QTest.keyClick(answering.field, Qt.Key.Key_Return)
        case Click(items):
            click_on(control, items)
        case Unsure():
            click(answering.dunno)


def click_on(control: WalkControl, items: frozenset[Hashable]) -> None:
    """Click on an answer if one of these is, else on something that is none."""
    walk, window, card = control.walk, control.window, control.window.card
    assert walk is not None
    if card.answering.place.isVisible():
        click(card.answering.place)
        QTest.qWait(20)
    products = [(gemm.layer, gemm.role) for gemm in control.controller.derived.gemms]
    to = places(walk.step.on, window, products)
    value = found(walk, control.controller.facts)[0].value
    right = value if isinstance(value, frozenset) else frozenset()
    wanted = bool(items & right)
    done = clicked(window, to, lambda item: (item in right) == wanted)
    if not done and not wanted:  # all that can be clicked on is right
        click(card.answering.dunno)
        return
    assert done, f"{walk.lesson.id}/{walk.step.id}: {items} can be clicked on nowhere"


def test_a_lesson_is_walked_and_the_own_session_is_there_again(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("alexnet")
    controller.edit("", lambda session: session)
    own, card = controller.history, controller.window.card
    control = walks_of(controller)
    panel = controller.window.findChild(LessonsPanel)
    assert panel is not None
    controller.window.go_to("learn")
    control.look()
    rows = [row.id for row in panel.model.rows]
    assert rows[:2] == ["neuron", "neurons"]
    place = panel.list.visualRect(panel.model.index(rows.index("lanes")))
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=place.center())
    settled(qtbot, controller)
    assert controller.session.preset == "digits"
    assert controller.to_keep is own.now
    assert card.ask.text().startswith("Two drawings come in")
    assert not card.told.isVisible()
    assert not card.on.isEnabled()
    guess(control, Choice(2))
    assert card.line.text() == "✓ As you said: 20."
    assert card.told.isVisible()
    click(card.on)
    assert card.where.text() == "step 2 of 8"
    guess(control, Choice(3))
    assert card.line.text() == "You said 20. Modelled: 2."
    click(card.leave)
    settled(qtbot, controller)
    assert controller.history is own or controller.history.now == own.now
    assert controller.window.docks.workspace == "learn"
    assert kept.read().done("lanes") == 1
    control.open("lanes")
    assert control.walk is not None
    assert control.walk.number == 1  # where it was left


def test_a_change_is_looked_at_as_it_is_made(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "lanes", "fill")
    card, controller = control.window.card, control.controller
    assert not card.on.isEnabled()
    controller.window.top.batch_chosen.emit(100)
    settled(qtbot, controller)
    qtbot.waitUntil(card.on.isEnabled)
    assert "100" in card.told.text()
    controller.undo()
    settled(qtbot, controller)
    qtbot.waitUntil(lambda: not card.on.isEnabled())


def test_a_cell_of_the_picture_is_clicked(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "neuron")
    picture = control.window.picture
    scene = picture.scene()
    assert scene is not None
    box = scene.layout.c
    at = QPointF(box.x + box.w / 2, box.y + box.h / 2)
    QTest.mouseClick(picture, LEFT, pos=at.toPoint())
    assert control.walk is not None
    assert control.walk.equal
    assert control.window.card.line.text() == "✓ As you said: Y(0, 0)."


def test_what_has_to_be_measured_is_measured_in_the_child(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "loop", "tiny")
    guess(control, Unsure())
    card = control.window.card
    qtbot.waitUntil(
        lambda: card.line.isVisible() and "Measured" in card.line.text(), timeout=60_000
    )


def test_to_stay_keeps_the_lessons_session_and_undo_brings_the_own_one_back(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "waves")
    controller = control.controller
    click(control.window.card.stay)
    settled(qtbot, controller)
    assert control.walk is None
    assert controller.session.batch == 2304
    controller.undo()
    settled(qtbot, controller)
    assert controller.session.preset == "digits"


def test_a_guess_that_is_no_number_is_refused(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "lanes", "idle")
    card = control.window.card
    card.answering.field.setText("many")
    click(card.answering.say_it)
    assert control.walk is not None
    assert control.walk.guess is None
    assert "many" in control.window.notice.text.text()
    assert focused() is card.answering.field  # and is typed over


def test_a_number_is_typed_at_once_and_once_more_where_it_was_none(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "lanes", "idle")
    card = control.window.card
    field = card.answering.field
    assert focused() is field
    QTest.keyClicks(field, "many")
    press(Qt.Key.Key_Return)
    assert focused() is field
    assert not card.line.isVisible()
    QTest.keyClicks(field, "980")
    press(Qt.Key.Key_Return)
    assert card.line.text() == "✓ As you said: 980."


def test_what_agrees_is_not_written_as_what_does_not(open_on: Open, qtbot: QtBot) -> None:
    inks = []
    for value, mark in ((980.0, True), (8.0, False)):
        control = begun(open_on, qtbot, "lanes", "idle")
        card = control.window.card
        guess(control, Number(value))
        assert card.line.text().startswith("✓") == mark
        inks.append(card.line.palette().color(card.line.foregroundRole()).name())
    assert inks[0] != inks[1]


def test_a_change_that_counts_moves_nothing_away_from_who_writes(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "neurons", "all-busy")
    card = control.window.card
    sentence = card.answering.sentence
    before = sentence.mapTo(card, QPoint())
    control.controller.edit("", lambda session: actions.set_units(session, 0, 16))
    settled(qtbot, control.controller)
    qtbot.waitUntil(card.on.isEnabled)
    QTest.qWait(20)
    assert sentence.mapTo(card, QPoint()) == before


def test_the_window_closes_with_the_own_session(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "lanes")
    controller = control.controller
    own = controller.to_keep
    controller.window.close()
    assert controller.history.now is own


@pytest.mark.usefixtures("made_up")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_lesson_is_walked_to_its_end(
    open_on: Open,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    lesson: object,
    size: tuple[int, int],
    language: str,
) -> None:
    how = {(SMALL, "en"): "wrong", (LARGE, "en"): "right", (SMALL, "zh_CN"): "right"}
    id = lesson.id  # type: ignore[attr-defined]
    control = begun(open_on, qtbot, id, size=size, words=speak(language))
    controller, card = control.controller, control.window.card
    controller.window.reduced_motion = True
    short: list[str] = []
    for _ in range(60):
        walk = control.walk
        assert walk is not None
        settled(qtbot, controller)
        if walk.finished:
            break
        assert not walk.why, str(walk.why)
        if walk.asks:
            guess(control, guess_of(walk, controller.facts, how.get((size, language), "unsure")))
            assert control.walk is not None
            assert control.walk.revealed
            QTest.qWait(20)
            short += cut(controller.window, monkeypatch)
        elif walk.passable:
            click(card.on)
        else:
            solution = solved(walk, controller.facts)
            session: Session = solution.session
            control._take(solution)
            controller.edit("", lambda _, session=session: session)
            settled(qtbot, controller)
            qtbot.waitUntil(card.on.isEnabled)
            QTest.qWait(20)
            short += cut(controller.window, monkeypatch)
    assert control.walk is not None
    assert control.walk.finished
    QTest.qWait(20)  # other words have another width
    short += cut(controller.window, monkeypatch)
    assert short == []


@pytest.mark.parametrize("size", [SMALL, (1280, 720), LARGE], ids=str)
def test_the_picture_has_more_room_than_the_card(
    open_on: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "batch", size=size)
    window = control.window
    assert window.card.height() < 0.45 * window.height()
    assert window.picture.height() > 0.4 * window.height()


def test_the_picture_compares_no_lanes_before_a_guess(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "batch", "steps1", size=LARGE)
    scene = control.window.picture.scene()
    assert scene is not None
    assert lanes.compared(scene) == []
    guess(control, Unsure())
    scene = control.window.picture.scene()
    assert scene is not None
    assert lanes.compared(scene) == [1, 4, 1000]


def test_neither_do_its_words_before_the_last_guess_of_them(
    open_on: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real = lanes.write

    def write(*arguments: Any) -> float:
        said.append(arguments[3])
        return real(*arguments)

    monkeypatch.setattr(lanes, "write", write)
    control = begun(open_on, qtbot, "batch", "steps16", size=LARGE)
    alone = "one lane alone would need 16 steps"  # as the step after it asks
    guess(control, Unsure())
    control.window.picture.grab()
    assert any(text.startswith("step ") for text in said)
    assert alone not in said


@pytest.mark.parametrize("size", [SMALL, (1280, 720), LARGE], ids=str)
def test_what_a_network_is_for_is_told_outside_of_a_lesson_alone(
    open_on: Open, qtbot: QtBot, size: tuple[int, int]
) -> None:
    control = begun(open_on, qtbot, "batch", "steps16", size=size)
    window = control.window
    window.docks.all["network"].raise_()
    assert not window.network.about.isVisible()
    guess(control, Unsure())
    assert not window.network.about.isVisible()  # another step may ask it
    control.leave()
    settled(qtbot, control.controller)
    window.docks.all["network"].raise_()
    assert window.network.about.isVisible()


def test_in_a_low_window_the_card_brings_up_what_is_clicked_on(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "batch", "idle", size=SMALL)
    docks, place = control.window.docks.all, control.window.card.answering.place
    assert docks["step"].seen
    click(place)
    qtbot.waitUntil(lambda: docks["time"].seen)
    control._guess(Click(frozenset({7})))
    qtbot.waitUntil(lambda: docks["step"].seen)
    assert not place.isVisible()


def test_the_last_card_leads_to_the_next_lesson_and_that_of_the_last_to_the_list(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "neuron", "tell-apart")
    card = control.window.card
    own = control.own
    click(card.skip)
    assert card.on.text() == "next lesson ›"
    click(card.on)
    settled(qtbot, control.controller)
    assert control.walk is not None
    assert control.walk.lesson.id == "neurons"
    assert control.own is own
    control.open("array", len(LESSONS[-1].steps) - 1)
    click(card.skip)
    assert card.on.text() == "to the lessons"
    click(card.on)
    settled(qtbot, control.controller)
    assert control.walk is None
    assert control.window.docks.workspace == "learn"


def test_a_lesson_is_walked_by_keys(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("digits")
    control, window = walks_of(controller), controller.window
    card = window.card
    window.go_to("learn")
    control.look()
    panel = next(panel for panel in control.listed.lists if panel.isVisible())
    panel.list.setCurrentIndex(panel.model.index(0))
    window.keys.plain.walk_to(panel.list)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    settled(qtbot, controller)
    assert control.walk is not None
    assert control.walk.lesson.id == "batch"
    assert control.walk.asks  # the same Enter guessed nothing
    assert focused() is card.answering.field
    QTest.keyClicks(card.answering.field, "4")
    press(Qt.Key.Key_Return)
    assert card.line.text() == "✓ As you said: 4."
    assert control.walk.number == 0  # nor did that go on
    assert focused() is card.on
    press(Qt.Key.Key_Space)
    options = card.answering.options
    assert focused() is options[0]
    press(Qt.Key.Key_Tab)
    assert focused() is options[1]
    press(Qt.Key.Key_Space)
    assert card.line.text() == "✓ As you said: 4."
    press(Qt.Key.Key_Return)
    assert control.walk.number == 2
    assert focused() is card.answering.field


def test_where_something_is_to_be_tried_the_arrows_are_the_pictures(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "neuron", "sum")
    card, plain = control.window.card, control.window.keys.plain
    guess(control, Unsure())
    plain.walk_to(card.on)
    press(Qt.Key.Key_Space)
    settled(qtbot, control.controller)
    assert card.lead.text() == "LOOK CLOSER"
    before = control.controller.playback.position
    press(Qt.Key.Key_Right)
    assert control.controller.playback.position > before
    press(Qt.Key.Key_Tab)
    assert focused() is card.answering.options[0]


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def test_of_filters_nothing_is_told_but_their_pictures_before_a_guess(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "filters", "winner")
    card, controller = control.window.card, control.controller
    digit = next(panel for panel in control.window.findChildren(DigitPanel))
    qtbot.waitUntil(lambda: control.walk is not None and control.walk.wish is None, timeout=60_000)
    settled(qtbot, controller)
    assert all(one.image.any() for one in digit.neurons.cards)
    assert not any(one.wins or one.height for one in digit.neurons.cards)
    assert digit.verdict.text() == ""
    guess(control, Unsure())
    assert card.line.isVisible()
    assert [one.wins for one in digit.neurons.cards].count(True) == 1


def test_what_was_taught_in_no_step_is_looked_at_too(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "learning", "zero")
    guess(control, Unsure())
    qtbot.waitUntil(control.window.card.line.isVisible, timeout=60_000)


def test_a_systolic_array_tells_no_share_before_a_guess(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "array", size=LARGE)
    picture = control.window.picture
    before = picture.grab().toImage()
    picture.hide_parts(frozenset())
    assert picture.grab().toImage() != before


def test_who_comes_back_to_learn_is_in_the_lesson_still(open_on: Open, qtbot: QtBot) -> None:
    control = begun(open_on, qtbot, "neurons", "depends")
    control.window.go_to("clock")
    assert not control.window.card.isVisible()
    control.window.go_to("learn")
    settled(qtbot, control.controller)
    assert control.window.card.isVisible()
    assert control.walk is not None
    assert control.walk.number == 1
    click(control.window.card.leave)
    control.window.go_to("learn")
    assert control.window.docks.workspace == "learn"


def test_previous_shows_what_was_said_and_what_came_out_and_next_leads_on(
    open_on: Open, qtbot: QtBot
) -> None:
    control = begun(open_on, qtbot, "lanes", "idle")
    card, controller = control.window.card, control.controller
    guess(control, Number(8.0))
    said, told = card.line.text(), card.told.text()
    click(card.on)
    settled(qtbot, controller)
    assert not card.line.isVisible()
    click(card.back)
    settled(qtbot, controller)
    assert (card.line.text(), card.told.text()) == (said, told)
    assert card.line.isVisible()
    assert not card.skip.isEnabled()
    click(card.on)
    settled(qtbot, controller)
    assert control.walk is not None
    assert control.walk.asks
