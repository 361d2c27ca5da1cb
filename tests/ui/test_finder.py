"""Ctrl+F finds a layer, a product, a word, a panel, a command, and goes there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.session import open_file
from mmviz.text import own
from mmviz.ui.help.findable import MOST, Findable, found, said
from mmviz.ui.help.finder import Finder
from mmviz.ui.help.window import WORDS, HelpWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.speech import ENGLISH, Words

Open = Callable[..., Controller]


def key(widget: QWidget | None, which: Qt.Key, *, control: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget, which, held)


def open_finder(window: MainWindow, typed: str = "") -> Finder:
    key(window, Qt.Key.Key_F, control=True)
    (finder,) = window.findChildren(Finder)
    assert finder.isVisible()
    assert QApplication.focusWidget() is finder.field
    QTest.keyClicks(finder.field, typed)
    return finder


def shown(finder: Finder) -> list[str]:
    model = finder.list.model()
    assert model is not None
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def test_a_layer_is_found_and_gone_to(open_on: Open) -> None:
    controller = open_on("alexnet")
    finder = open_finder(controller.window, "fc8")
    assert shown(finder)[0].startswith("fc8 · 1\u202f000 units")
    key(finder.field, Qt.Key.Key_Return)
    assert controller.session.product == 2
    assert not finder.isVisible()
    before = controller.playback.playing
    key(QApplication.focusWidget(), Qt.Key.Key_Space)  # the transport has the keys again
    assert controller.playback.playing != before


def test_in_training_products_are_found_too(open_on: Open) -> None:
    session = actions.set_training(open_file(networks.read_preset("alexnet")), True)
    controller = open_on(session)
    finder = open_finder(controller.window, "fc7 wgrad")
    key(finder.field, Qt.Key.Key_Return)
    gemm = session.network.lower(session.batch, True)[controller.session.product]
    assert (gemm.name, gemm.role) == ("fc7", "wgrad")


def test_a_word_opens_in_the_glossary(open_on: Open) -> None:
    window = open_on("alexnet").window
    finder = open_finder(window, "stream-k")
    assert shown(finder)[0].startswith("stream-K")
    key(finder.field, Qt.Key.Key_Return)
    (asked,) = window.findChildren(HelpWindow)
    assert asked.isVisible()
    assert asked.tabs.currentIndex() == WORDS


def test_a_command_is_given_and_a_panel_comes_up(open_on: Open) -> None:
    window = open_on("alexnet").window
    finder = open_finder(window, "large type")
    assert "Ctrl+L" in shown(finder)[0]
    key(finder.field, Qt.Key.Key_Return)
    assert window.commands["large_type"].isChecked()
    window.commands["large_type"].trigger()
    sweep = window.docks.all["sweep"]
    assert not sweep.seen
    finder = open_finder(window, "sweep pan")
    key(finder.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert sweep.seen


def test_every_command_that_can_be_given_is_found_by_its_name(open_on: Open) -> None:
    window = open_on("alexnet").window
    finder = open_finder(window)
    for action in window.commands.values():
        name = action.text().removesuffix(" …")
        if action.isEnabled() and action.menu() is None and name[:1].isalpha() and name != "Find":
            finder.field.setText(name)
            assert any(line.startswith(name) for line in shown(finder)), name


def test_arrows_choose_and_escape_leaves_all_as_it_was(open_on: Open) -> None:
    controller = open_on("alexnet")
    session, playback = controller.session, controller.playback
    finder = open_finder(controller.window, "fc")
    key(finder.field, Qt.Key.Key_Down)
    assert finder.list.currentIndex().row() == 1
    key(finder.field, Qt.Key.Key_Up)
    key(finder.field, Qt.Key.Key_Up)
    assert finder.list.currentIndex().row() == 0
    key(finder.field, Qt.Key.Key_PageDown)
    assert finder.list.currentIndex().row() == len(shown(finder)) - 1
    key(finder.field, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert (controller.session, controller.playback) == (session, playback)


def test_a_click_on_a_line_goes_there_and_one_elsewhere_closes(open_on: Open) -> None:
    controller = open_on("alexnet")
    window = controller.window
    finder = open_finder(window, "fc7")
    port = finder.list.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert controller.session.product == 1
    assert not finder.isVisible()
    finder = open_finder(window)
    window.picture.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not finder.isVisible()


def test_nothing_is_said_where_nothing_is_found(open_on: Open) -> None:
    window = open_on("alexnet").window
    finder = open_finder(window, "zzz")
    assert finder.nothing.isVisible()
    assert not finder.list.isVisible()
    key(finder.field, Qt.Key.Key_Return)  # leads nowhere
    assert finder.isVisible()


@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1680, 1050)])
def test_it_stays_in_its_window(open_on: Open, size: tuple[int, int]) -> None:
    window = open_on("alexnet", size=size).window
    finder = open_finder(window)
    assert window.rect().contains(finder.geometry())
    window.resize(size[0] + 200, size[1])
    QApplication.processEvents()
    middle = finder.geometry().center().x()
    assert abs(middle - window.rect().center().x()) <= 2


def test_it_speaks_the_language_of_the_window(open_on: Open) -> None:
    window = open_on("alexnet").window
    finder = open_finder(window, "")
    window.set_words(Words("de", lambda one, many, n: f"«{one if n == 1 or not many else many}»"))
    assert shown(finder)[0].endswith("«layer»")


lines = st.lists(st.text("ab ", min_size=1, max_size=8), max_size=80)


@given(lines, st.text("ab ", max_size=4))
def test_what_is_found_has_all_that_was_typed(titles: list[str], typed: str) -> None:
    things = [Findable(own(title), own("kind"), lambda: None, own("more")) for title in titles]
    all_lines = said(things, ENGLISH)
    got = found(all_lines, typed)
    assert len(got) <= MOST
    assert set(map(id, got)) <= set(map(id, all_lines))
    for line in got:
        assert all(part in f"{line.title} kind" for part in typed.split())
    wanted = " ".join(typed.split())
    if wanted in {line.title.strip() for line in all_lines}:
        assert got[0].title.strip() == wanted
