"""Shift+F1: from word to word on screen by keys, and what each means."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tips import tip

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.session import open_file
from mmviz.state.workspaces import NAMED
from mmviz.ui.device.editor import DeviceEditor
from mmviz.ui.help.walk import Walk
from mmviz.ui.help.window import WORDS, HelpWindow
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.glossary import find
from mmviz.words.speech import speak

Open = Callable[..., Controller]


def begin(window: MainWindow) -> Walk:
    """Press Shift+F1 where the focus is."""
    focus = QApplication.focusWidget()
    QTest.keyClick(focus or window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    (walk,) = window.findChildren(Walk)
    assert walk.isVisible()
    return walk


def on(walk: Walk, key: Qt.Key = Qt.Key.Key_Right) -> None:
    QTest.keyClick(walk, key)


def ringed(walk: Walk) -> QRect:
    return QRect(walk.ring.mapToGlobal(walk.ring.rect().topLeft()), walk.ring.size())


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1680, 1050)])
@pytest.mark.parametrize("large", [False, True])
def test_every_word_in_sight_has_its_turn(
    open_on: Open, workspace: str, size: tuple[int, int], large: bool
) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = open_on(session, size=size)
    window = controller.window
    if large:
        window.commands["large_type"].trigger()
    window.go_to(workspace)
    QApplication.processEvents()
    walk = begin(window)
    seen: list[str] = []
    here = QRect(window.mapToGlobal(window.rect().topLeft()), window.size())
    while walk.word.text() not in seen:
        seen.append(walk.word.text())
        place = walk._places[walk._at]
        term = find(place.id)
        assert (walk.word.text(), walk.meaning.text()) == (term.word, term.meaning)
        assert walk.accessibleName() == f"{term.word}: {term.meaning}"
        assert here.contains(ringed(walk).center())
        card = QRect(walk.pos(), walk.size())
        assert here.contains(card)
        assert not card.intersects(ringed(walk).adjusted(4, 3, -4, -3))
        for label in (walk.word, walk.meaning, walk.ways):
            assert label.height() >= label.heightForWidth(label.width())
        on(walk)
    assert len(seen) == len(walk._places) > 8
    if large:
        window.commands["large_type"].trigger()


def test_it_begins_where_the_focus_is_and_leaves_all_as_it_was(open_on: Open) -> None:
    controller = open_on("alexnet")
    window = controller.window
    session, playback = controller.session, controller.playback
    window.top.training.setFocus()
    walk = begin(window)
    assert walk.word.text() == "training"
    assert ringed(walk).contains(
        window.top.training.mapToGlobal(window.top.training.rect().center())
    )
    before = walk.word.text()
    on(walk, Qt.Key.Key_Left)
    assert walk.word.text() != before
    on(walk, Qt.Key.Key_Tab)
    assert walk.word.text() == before
    on(walk, Qt.Key.Key_Escape)
    assert not walk.isVisible()
    assert not walk.ring.isVisible()
    assert (controller.session, controller.playback) == (session, playback)
    assert QApplication.focusWidget() is window.top.training


def test_enter_opens_the_word_among_all(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.top.training.setFocus()
    on(begin(window), Qt.Key.Key_Return)
    (asked,) = window.findChildren(HelpWindow)
    assert asked.isVisible()
    assert asked.tabs.currentIndex() == WORDS


def test_a_panel_outside_the_window_is_walked_too(open_on: Open, qtbot: QtBot) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    dock = window.docks.all["network"]
    dock.setFloating(True)
    qtbot.waitUntil(dock.isVisible)
    walk = begin(window)
    homes = set()
    for _ in walk._places:
        homes.add(walk.ring.parent())
        on(walk)
    assert homes == {window, dock}


@pytest.mark.parametrize("command", ["race", "edit_device"])
def test_another_window_is_walked_where_it_has_the_keys(
    open_on: Open, qtbot: QtBot, command: str
) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    window = open_on(session).window
    window.commands[command].trigger()
    kind = RaceWindow if command == "race" else DeviceEditor
    (other,) = window.findChildren(kind)
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    QTest.keyClick(other, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    (walk,) = window.findChildren(Walk)
    assert walk.isVisible()
    assert {place.widget.window() for place in walk._places} == {other}
    place = walk._places[-1]
    assert find(place.id).meaning in tip(place.widget, place.rect.center())
    on(walk, Qt.Key.Key_Escape)
    QTest.keyClick(other, Qt.Key.Key_F1)
    (asked,) = window.findChildren(HelpWindow)
    assert asked.isVisible()


def test_it_speaks_the_language_of_the_window(open_on: Open) -> None:
    window = open_on("alexnet").window
    words = speak("zh_CN")
    window.set_words(words)
    window.top.training.setFocus()
    window.commands["explain"].trigger()
    (walk,) = window.findChildren(Walk)
    said = {find(place.id).said(words) for place in walk._places}
    assert (walk.word.text(), walk.meaning.text()) in said
    assert find("training").said(words) in said


def test_a_key_that_comes_after_it_was_closed_does_nothing(open_on: Open, qtbot: QtBot) -> None:
    window = open_on("alexnet").window
    walk = begin(window)
    with qtbot.assertNotEmitted(walk.asked):
        walk.hide()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Left):
            on(walk, key)
    assert not walk.isVisible()


def test_it_goes_on_past_a_word_whose_widget_is_gone(open_on: Open) -> None:
    window = open_on("alexnet").window
    label = QLabel("ridge of a roofline", window)
    label.setGeometry(0, 0, 200, 20)
    label.show()
    label.raise_()
    walk = begin(window)
    sip.delete(label)
    first = walk.word.text()
    for _ in range(200):
        on(walk)
        if walk.word.text() == first:
            break
    assert walk.isVisible()
