"""A DIGIT as somebody uses it: mouse, finger and keys, moved and changed, taught and untaught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from digits import DRAWN, STEPS, WITH_HIDDEN, single, taught
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QEventPoint, QInputDevice, QPointingDevice, QTouchEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import tab_to

from mmviz.core.learning.digits.drawing import Point
from mmviz.core.learning.digits.strokes import SIDE
from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state.session import Session
from mmviz.ui.learn.digit import DigitPanel
from mmviz.ui.learn.pad import Pad
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton


def panel_of(controller: Controller, *, learnt: bool = True) -> DigitPanel:
    controller.window.go_to("learn")
    controller.window.docks.all["digit"].raise_()
    if learnt:
        course = taught(controller.session.layered)
        controller.found_out(lambda facts: facts.with_lesson(course))
    QApplication.processEvents()
    panel = controller.window.panels["digit"]
    assert isinstance(panel, DigitPanel)
    return panel


@pytest.fixture
def panel(open_on: Open) -> DigitPanel:
    return panel_of(open_on(Session(single(), batch=32)))


def draw(pad: Pad, strokes: Sequence[Sequence[Point]]) -> None:
    for stroke in strokes:
        at = [pad.point_of(*point).toPoint() for point in stroke]
        QTest.mousePress(pad, LEFT, pos=at[0])
        for place in at[1:]:
            QTest.mouseMove(pad, place)
        QTest.mouseRelease(pad, LEFT, pos=at[-1])


def winner(panel: DigitPanel) -> int | None:
    assert panel.told is not None
    return panel.told.winner


@pytest.mark.parametrize("digit", DRAWN)
def test_a_digit_drawn_with_the_mouse_is_told(panel: DigitPanel, digit: int) -> None:
    draw(panel.pad, DRAWN[digit])
    assert winner(panel) == digit
    assert panel.verdict.whole.startswith(f"{digit} wins: its score is +")
    assert [card.wins for card in panel.neurons.cards] == [n == digit for n in range(10)]
    assert panel.notes[0].whole.startswith("cropped to ")
    panel.tools.clear.click()
    assert panel.verdict.whole.startswith("Nothing is drawn")
    assert not panel.tools.clear.isEnabled()


def test_a_finger_draws_too(panel: DigitPanel) -> None:
    pad = panel.pad
    device = QPointingDevice(
        "finger",
        7,
        QInputDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        1,
        0,
    )
    states = QEventPoint.State
    for stroke in DRAWN[7]:
        for number, at in enumerate(stroke):
            place = pad.point_of(*at)
            kind, state = (
                (QEvent.Type.TouchBegin, states.Pressed)
                if number == 0
                else (QEvent.Type.TouchUpdate, states.Updated)
            )
            _touch(pad, device, kind, state, place)
        _touch(pad, device, QEvent.Type.TouchEnd, states.Released, place)
    assert winner(panel) == 7
    assert len(panel.drawing.strokes) == 1


def test_what_is_drawn_is_undone_stroke_by_stroke_and_stays_with_the_session(
    open_on: Open, qtbot: QtBot
) -> None:
    controller = open_on(Session(single(), batch=32))
    panel = panel_of(controller)
    draw(panel.pad, DRAWN[7])
    first = panel.drawing
    draw(panel.pad, [[(4.0, 14.0), (20.0, 14.0)]])
    strokes = len(panel.drawing.strokes)
    assert controller.session.drawing == panel.drawing
    panel.tools.arrows[0].click()
    panel.tools.clear.click()
    assert panel.drawing.strokes == ()
    undo, redo = controller.window.commands["undo"], controller.window.commands["redo"]
    undo.trigger()
    assert panel.drawing.moved == (-1, 0)
    undo.trigger()
    assert panel.drawing.moved == (0, 0)
    for left in range(strokes - 1, -1, -1):
        undo.trigger()
        assert len(panel.drawing.strokes) == left
    for _ in range(strokes - 1):
        redo.trigger()
    assert panel.drawing == first
    assert winner(panel) == 7
    tab_to(panel.row)  # a click leaves the keys to the window
    tab_to(panel.pad)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Space)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Down)
    assert len(panel.drawing.strokes) == strokes
    assert controller.session.drawing == first, "the pen is down still"
    course = taught(controller.session.layered)
    controller.found_out(lambda facts: facts.with_lesson(course))
    assert len(panel.drawing.strokes) == strokes, "whatever is found out meanwhile"
    tab_to(panel.row)
    assert controller.session.drawing == panel.drawing
    controller.open(networks.read_preset("digits-hidden"))
    assert controller.session.drawing == panel.drawing


def _touch(
    pad: Pad, device: QPointingDevice, kind: QEvent.Type, state: QEventPoint.State, at: QPointF
) -> None:
    on_screen = QPointF(pad.mapToGlobal(at))
    point = QEventPoint(1, state, at, on_screen)
    QApplication.sendEvent(pad, QTouchEvent(kind, device, Qt.KeyboardModifier.NoModifier, [point]))


def test_keys_draw_move_and_change(panel: DigitPanel, qtbot: QtBot) -> None:
    tab_to(panel.pad)
    assert "the pen is up" in panel.pad.accessibleDescription()
    qtbot.keyClick(panel.pad, Qt.Key.Key_Space)
    assert "the pen is down" in panel.pad.accessibleDescription()
    for _ in range(9):
        qtbot.keyClick(panel.pad, Qt.Key.Key_Down)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Space)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Left)
    assert len(panel.drawing.strokes) == 1
    assert len(panel.drawing.strokes[0]) == 10
    assert winner(panel) == 1
    tab_to(panel.row)
    qtbot.keyClick(panel.row, Qt.Key.Key_Right)
    qtbot.keyClick(panel.row, Qt.Key.Key_Up)
    assert panel.drawing.moved == (1, -1)
    assert panel.notes[1].whole.startswith("moved 1 px right, 1 px up · neuron 1: ink on pink")
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(panel.row, Qt.Key.Key_Left, shift)
    qtbot.keyClick(panel.row, Qt.Key.Key_Space)
    assert len(panel.drawing.flipped) == 1
    assert panel.drawing.moved == (1, -1)
    assert "row 15, column 14" in panel.row.accessibleDescription()
    qtbot.keyClick(panel.row, Qt.Key.Key_Backspace)
    assert panel.drawing.moved == (0, 0)
    assert panel.notes[1].whole == ""
    tab_to(panel.pad)
    qtbot.keyClick(panel.pad, Qt.Key.Key_Backspace)
    assert panel.drawing.strokes == ()


def test_it_is_moved_by_four_pixels_at_most_and_put_back(panel: DigitPanel) -> None:
    assert not panel.tools.arrows[0].isEnabled(), "there is nothing to move yet"
    draw(panel.pad, DRAWN[3])
    before = panel.told
    assert before is not None
    for _ in range(6):
        panel.tools.arrows[1].click()
    assert panel.drawing.moved == (4, 0)
    assert winner(panel) != 3
    panel.tools.back.click()
    assert panel.told is not None
    assert np.array_equal(panel.told.scores, before.scores)
    assert not panel.tools.back.isEnabled()


def test_clicks_change_pixels_until_another_neuron_wins(panel: DigitPanel) -> None:
    draw(panel.pad, DRAWN[3])
    told, knowing = panel.told, panel.knowing
    assert told is not None
    assert knowing is not None
    image = told.placed.image.reshape(-1)
    margin = knowing.filters[:, told.second] - knowing.filters[:, 3]
    gain = np.where(image < 0.5, 1 - image, -image) * margin
    clicks = 0
    while winner(panel) == 3:
        row, column = divmod(int(np.argsort(-gain)[clicks]), SIDE)
        at = panel.row.point_of(column + 0.5, row + 0.5).toPoint()
        QTest.mouseClick(panel.row, LEFT, pos=at)
        clicks += 1
        assert clicks < 200
    assert len(panel.drawing.flipped) == clicks
    assert winner(panel) == told.second


def test_samples_are_unseen_ones_and_say_what_they_are(panel: DigitPanel, qtbot: QtBot) -> None:
    panel.tools.sample.click()
    qtbot.waitUntil(lambda: panel.drawing.picked is not None, timeout=10_000)
    assert panel.verdict.whole.startswith(f"an unseen drawing of a {panel.drawing.label}, t")
    first = panel.drawing
    panel.tools.sample.click()
    assert panel.drawing.picked is not first.picked
    draw(panel.pad, DRAWN[7])
    assert panel.drawing.label is None


def test_the_table_of_moves_and_the_likeness_come_once_a_lesson_rests(
    panel: DigitPanel, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: panel.comparing.shares is not None, timeout=10_000)
    assert panel.comparing.shares is not None
    step, shares = panel.comparing.shares
    assert step == STEPS
    assert [round(bar.height, 6) for bar in panel.moves.bars] == [round(s, 6) for s in shares]
    assert [bar.marked for bar in panel.moves.bars] == [True] + 4 * [False]
    draw(panel.pad, DRAWN[3])
    panel.tools.arrows[3].click()
    panel.tools.arrows[3].click()
    assert [bar.marked for bar in panel.moves.bars].index(True) == 2
    assert panel.notes[2].whole.startswith("filters look like digits by 0.")
    assert panel.notes[2].whole.endswith(f" of 1 after {STEPS} steps")


def test_filters_look_like_digits_for_a_while(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(Session(single(), batch=32))
    panel = panel_of(controller, learnt=False)
    for steps in (1, 20, 600):
        course = taught(single(), steps)
        controller.found_out(lambda facts, course=course: facts.with_lesson(course))
        QApplication.processEvents()
        qtbot.waitUntil(lambda s=steps: s in panel.comparing.likeness, timeout=10_000)
    found = panel.comparing.likeness
    assert found[1] < found[20] > found[600]
    assert panel.notes[2].whole.endswith("after 20, the most seen")


def test_weights_and_what_they_make_of_pixels(panel: DigitPanel) -> None:
    draw(panel.pad, DRAWN[3])
    weights = panel.neurons.cards[3].image
    panel.tools.times.click()
    assert panel.told is not None
    each = panel.neurons.cards[3].image
    assert np.array_equal(each, weights * panel.told.placed.image)
    panel.tools.weights.click()
    assert np.array_equal(panel.neurons.cards[3].image, weights)


def test_a_network_that_answers_with_no_shares_is_said_to_have_none(open_on: Open) -> None:
    for network in (from_widths((784, 10)), from_widths((784, 12, 10))):
        assert network.layers[-1].activation == "linear"
        panel = panel_of(open_on(Session(network, batch=32)))
        draw(panel.pad, DRAWN[3])
        assert "wins: its score is" in panel.verdict.whole
        assert "share" not in panel.verdict.whole
        single = len(network.layers) == 1
        told = [str(card.told) for card in panel.neurons.cards] if single else []
        told += [] if single else [str(bar.told) for bar in panel.scores.bars]
        assert len(told) == 10
        assert not any("share" in text for text in told)


def test_keys_walk_over_neurons(panel: DigitPanel, qtbot: QtBot) -> None:
    draw(panel.pad, DRAWN[3])
    tab_to(panel.neurons)
    for key, at in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 6), (Qt.Key.Key_Up, 1)):
        qtbot.keyClick(panel.neurons, key)
        assert panel.neurons.at == at
    said = panel.neurons.accessibleDescription()
    assert said.startswith("neuron 1: pixels × weights +")
    assert "share" in said
    thing, at = panel.neurons.thing_at_hand() or (None, None)
    assert thing is not None
    assert at is not None
    assert thing == panel.neurons.thing_at(at.toPointF())
    assert (str(thing.name), str(thing.value)) == ("neuron 1", str(panel.neurons.cards[1].score))


def test_hidden_neurons_are_turned_and_scores_stand_by_themselves(
    open_on: Open, qtbot: QtBot
) -> None:
    panel = panel_of(open_on(Session(WITH_HIDDEN, batch=32)))
    draw(panel.pad, DRAWN[0])
    assert winner(panel) == 0
    assert panel.scores.isVisible()
    assert [bar.marked for bar in panel.scores.bars].index(True) == 0
    panel.tools.next.click()
    assert str(panel.neurons.cards[0].name) == "neuron 10"
    tab_to(panel.neurons)
    qtbot.keyClick(panel.neurons, Qt.Key.Key_PageDown)
    assert len(panel.neurons.cards) == 4
    assert not panel.tools.next.isEnabled()


def test_an_untaught_network_says_so_and_one_of_other_widths_says_why(open_on: Open) -> None:
    controller = open_on(Session(single(), batch=32))
    panel = panel_of(controller, learnt=False)
    assert "all its weights are 0" in panel.verdict.whole
    controller.open(networks.read_preset("digits-hidden"))
    assert "its weights are random" in panel.verdict.whole
    assert "0" not in panel.verdict.whole
    controller.undo()
    assert panel.captions[0].whole == "draw a digit here"
    draw(panel.pad, DRAWN[3])
    assert panel.verdict.whole.startswith("It was taught nothing yet")
    assert panel.captions[0].whole == "your drawing"
    assert not any(card.wins for card in panel.neurons.cards)
    assert [offer.does for offer in panel.offers.offers] == ["teach"]
    course = taught(single())
    controller.found_out(lambda facts: facts.with_lesson(course))
    QApplication.processEvents()
    assert winner(panel) == 3, "the drawing stays while the network learns"
    assert not panel.offers.isVisible()
    other = open_on("two-by-two")
    nothing = panel_of(other, learnt=False)
    assert nothing.hint.isVisible()
    assert "784" in nothing.hint.why.text()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_it_fits_the_smallest_screen(open_on: Open, theme: object) -> None:
    controller = open_on(Session(WITH_HIDDEN, batch=32), theme, size=(1280, 720))
    panel = panel_of(controller)
    draw(panel.pad, DRAWN[3])
    QApplication.processEvents()
    window = controller.window
    assert (window.width(), window.height()) == (1280, 720)
    inside = panel.rect()
    for part in (panel.pad, panel.row, panel.neurons, panel.scores, *panel.tools.arrows):
        at = part.mapTo(panel, QPoint(0, 0))
        assert inside.contains(part.rect().translated(at)), part
    assert panel.pad.square().width() >= 84
    boxes = panel.neurons.boxes()
    assert boxes[-1].bottom() <= panel.neurons.height()


def test_drawings_are_moved_only_once_a_lesson_rests(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(Session(single(), batch=32))
    panel = panel_of(controller, learnt=False)
    course = replace(taught(single(), 20), doing="teaching")
    controller.found_out(lambda facts: facts.with_lesson(course))
    panel.tools.sample.click()
    qtbot.waitUntil(lambda: 20 in panel.comparing.likeness, timeout=10_000)
    assert not panel.comparing.resting
    controller.found_out(lambda facts: facts.with_lesson(replace(course, doing="paused")))
    assert panel.comparing.resting
    qtbot.waitUntil(lambda: panel.comparing.shares is not None, timeout=10_000)
