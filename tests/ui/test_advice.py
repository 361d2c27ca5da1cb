"""Shape advice as a person uses it: read, applied by mouse and by keys, taken back, measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QHelpEvent, QTextDocument
from PyQt6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from mmviz.core.device.device import Calibration
from mmviz.core.shapes.network import from_widths
from mmviz.files.devices import read_device
from mmviz.files.networks import find
from mmviz.state.session import Session, open_file
from mmviz.text import NOTHING
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.peak.advice_card import CANCEL, MEASURE, TIP_WIDTH, AdviceCard
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
PATIENCE_MS = 60_000
CONTROL = Qt.KeyboardModifier.ControlModifier
GPT2 = replace(open_file(find("gpt2-vocab")), device="a100", dtype="float16")


def seen(controller: Controller) -> list[AdviceCard]:
    return [card for card in controller.window.advice.cards if card.isVisible()]


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def units_of(controller: Controller) -> int:
    return controller.session.layered.layers[0].units


def certain() -> Session:
    """This machine as if calibrated to a hair, mostly launching: a batch of 6 becomes 8."""
    constants = (("t0", 1e-4), ("one", 1e-12), ("all", 1e-12), ("near", 1e-12))
    fitted = Calibration("float32", constants, 20, 10, 0.001, 0.001, "made", True)
    device = replace(
        read_device("this-machine"),
        peaks=(("float32", 1e12),),
        bandwidth=1e11,
        calibrations=(fitted,),
        missing="",
    )
    return Session(from_widths([16, 12, 4], "tiny"), batch=6, edited=device)


def test_a_click_applies_and_control_z_takes_back(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(GPT2)
    card = seen(controller)[0]
    assert plain(card.title.text()) == "units of vocabulary 50 257 → 50 304"
    assert "±" in card.figure.text()
    assert "by alignment, not by tiles" in card.toolTip()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert units_of(controller) == 50304
    assert len(controller.history.past) == 1
    assert not any("50 257" in plain(c.title.text()) for c in seen(controller))
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL)
    assert units_of(controller) == 50257
    assert seen(controller)[0].title.text().startswith("units of vocabulary")


def test_the_tip_stands_beside_the_column_and_breaks_no_number(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on(GPT2)
    card = seen(controller)[0]
    text = QTextDocument()
    text.setHtml(card.toolTip())
    assert "50\u202f257" in text.toPlainText()
    shown: list[QPoint] = []
    hidden: list[bool] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, *_: shown.append(place))
    monkeypatch.setattr(QToolTip, "hideText", lambda: hidden.append(True))
    over = QPoint(10, 10)
    for screen_at, right in ((0, True), (-3_000, False)):
        screen = QRect(card.mapToGlobal(QPoint(0, 0)), QSize(2_000, 2_000)).translated(screen_at, 0)
        monkeypatch.setattr(AdviceCard, "screen", lambda _, room=screen: Room(room))
        QApplication.sendEvent(card, QHelpEvent(QEvent.Type.ToolTip, over, card.mapToGlobal(over)))
        left = card.mapToGlobal(QPoint(0, 0)).x()
        assert shown[-1].x() > left + card.width() if right else shown[-1].x() + TIP_WIDTH < left
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert hidden
    qtbot.mouseClick(seen(controller)[0], Qt.MouseButton.LeftButton)
    assert units_of(controller) == 50304


class Room:
    """A screen, as far as a tip looks at one."""

    def __init__(self, room: QRect) -> None:
        self.availableGeometry = lambda: room


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_reaches_and_applies_it(qtbot: QtBot, open_on: Open, key: Qt.Key) -> None:
    controller = open_on(GPT2)
    card = seen(controller)[0]
    for _ in range(200):
        if QApplication.focusWidget() is card:
            break
        qtbot.keyClick(QApplication.focusWidget() or controller.window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is card
    assert card.accessibleName().startswith("Apply: units of vocabulary")
    qtbot.keyClick(card, key)
    assert units_of(controller) == 50304


def test_remarks_only_say_something(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(GPT2)
    ok = next(card for card in seen(controller) if card.figure.text() == "ok")
    assert ok.focusPolicy() == Qt.FocusPolicy.NoFocus
    before = controller.session
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert controller.session == before
    assert not controller.history.past


def test_where_there_is_none_a_sentence_says_why(open_on: Open) -> None:
    controller = open_on("alexnet")  # this machine, not calibrated
    assert controller.window.advice.empty.isVisible()
    assert "not calibrated" in controller.window.advice.empty.text()
    assert controller.window.advice.offers.buttons[0].isVisible()
    controller.window.top.device_chosen.emit("h100")
    assert seen(controller)
    assert "no time is known" not in controller.window.advice.empty.text()
    assert [offer.does for offer in controller.window.advice.offers.offers] == ["format", "device"]
    controller.window.top.dtype_chosen.emit("float16")
    assert not controller.window.advice.offers.isVisible()


def test_it_follows_every_edit(open_on: Open) -> None:
    controller = open_on(GPT2)
    said = {seen(controller)[0].toolTip()}
    for edit, value in (
        (controller.window.top.batch_chosen, 640),
        (controller.window.top.device_chosen, "h100"),
        (controller.window.top.training_chosen, True),
        (controller.window.network.inputs_chosen, 1024),
    ):
        edit.emit(value)
        assert seen(controller)[0].toolTip() not in said
        said.add(seen(controller)[0].toolTip())


def test_a_long_network_is_advised_about_after_the_paint(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(replace(GPT2, network=from_widths([512] * 120), preset=""))
    panel = controller.window.advice
    cards = [card.title.text() for card in seen(controller)]
    controller.window.top.batch_chosen.emit(300)
    assert [card.title.text() for card in seen(controller)] == cards
    assert not any(card.isEnabled() for card in seen(controller))
    before = controller.session
    for card in seen(controller):
        card.click()
    assert controller.session == before
    qtbot.waitUntil(lambda: all(card.isEnabled() for card in seen(controller)))
    assert [card.title.text() for card in seen(controller)] != cards
    controller.window.top.batch_chosen.emit(301)
    controller.window.close()  # with the timer running: nothing is left of it
    assert not panel._soon.isActive()


def test_a_list_of_products_is_advised_about(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(replace(open_file(find("gpt2-small")), device="a100", dtype="float16"))
    card = seen(controller)[0]
    assert card.title.text().startswith("n of vocabulary")
    before = controller.session
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert controller.session == before
    assert not card.measure.isVisible()


def test_measure_it_runs_both_shapes_in_a_child(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(certain())
    controller.advice.seconds = 0.1
    card = seen(controller)[0]
    assert card.title.text().startswith("batch 6")
    assert card.measure.isVisible()
    assert card.measure.text() == str(MEASURE)
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(card.measure, Qt.MouseButton.LeftButton)
        assert card.measure.text() == str(CANCEL)
        assert card.measured.text().startswith("measuring")
        controller.window.commands["run"].trigger()
        taken = "a change of shape is being measured, and two measurements would disturb each other"
        assert controller.window.notice.text.text() == f"{taken}: stop it first"
        controller.window.notice.say(NOTHING)
        controller.window.facts.calibrate.button.click()
        assert controller.window.notice.text.text() == f"{taken}: stop it first"
    assert card.measured.text().startswith("measured ")
    assert "p50 of" in card.measured.text()
    assert card.measure.text() == str(MEASURE)
    said = card.measured.text()
    controller.window.top.batch_chosen.emit(8)
    assert not any(card.measured.isVisible() for card in seen(controller))
    qtbot.keyClick(controller.window, Qt.Key.Key_Z, CONTROL)
    assert seen(controller)[0].measured.text() == said
    controller.advice.seconds = 60.0  # once more, and cancelled
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        seen(controller)[0].measure.click()
        assert seen(controller)[0].measured.text().startswith("measuring")
        seen(controller)[0].measure.click()
    assert seen(controller)[0].measured.text() == said, "a cancel takes no result"


def test_the_same_change_of_another_pass_is_not_the_one_that_is_measured(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on(certain())
    controller.advice.seconds = 60.0
    card = seen(controller)[0]
    change = card.card.piece.change
    card.measure.click()
    assert controller.advice.running
    controller.window.top.dtype_chosen.emit("float64")
    controller.advice.toggle(change)
    assert controller.advice.running, "it cancels nothing it does not show"
    assert "is being measured" in controller.window.notice.text.text()
    controller.window.top.dtype_chosen.emit("float32")
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        controller.advice.toggle(change)


def test_measuring_can_be_cancelled_and_ends_with_the_window(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(certain())
    controller.advice.seconds = 60.0
    card = seen(controller)[0]
    card.measure.click()
    assert controller.advice.running
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        card.measure.click()
    assert card.measured.text() == ""
    assert controller.window.notice.text.text() == ""
    card.measure.click()
    controller.window.close()
    assert not controller.advice.running


def test_no_measuring_beside_a_run_or_of_what_is_not_here(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(certain())
    controller.window.timing.controls.spin.setValue(30)
    controller.window.commands["run"].trigger()
    seen(controller)[0].measure.click()
    assert controller.window.notice.text.text().startswith("a timing run is going on")
    assert not controller.advice.running
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        controller.window.commands["run"].trigger()
    controller.window.top.device_chosen.emit("h100")
    assert not any(card.measure.isVisible() for card in seen(controller))


def test_what_breaks_while_measuring_is_said(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mmviz.ui.shell import advice_control

    controller = open_on(certain())
    monkeypatch.setattr(advice_control, "measurable", lambda *_: "fake:raise")
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=PATIENCE_MS):
        seen(controller)[0].measure.click()
    assert "RuntimeError" in controller.window.notice.text.text()
    assert seen(controller)[0].measured.text() == ""


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050), (3840, 2160)])
def test_no_word_is_cut(open_on: Open, theme: object, size: tuple[int, int]) -> None:
    controller = open_on(GPT2, theme, size=size)
    window = controller.window
    window.docks.all["advice"].raise_()
    QApplication.processEvents()
    for card in seen(controller):
        for label in (card.title, card.detail):
            assert label.height() == label.heightForWidth(label.width()), label.text()
            assert card.rect().contains(label.geometry())
        assert card.figure.width() >= card.figure.sizeHint().width() * bool(card.figure.text())
        assert not card.figure.geometry().intersects(card.title.geometry())
    bars = window.advice.area.horizontalScrollBar()
    assert bars is not None
    assert bars.maximum() == 0
