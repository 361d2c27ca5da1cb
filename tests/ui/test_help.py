"""The window of F1: every key, every word, what this is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import catalogues
import pytest
from pseudo import LANGUAGE, write
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot
from quoted import english

from mmviz import __version__
from mmviz.core.shapes.dtype import BYTES
from mmviz.files import folders
from mmviz.ui.help.finder import Finder
from mmviz.ui.help.window import ABOUT, KEYS, WORDS, HelpWindow
from mmviz.ui.look.theme import LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.key_names import COMMANDS
from mmviz.ui.shell.keys_told import chapters
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.glossary import TERMS, find
from mmviz.words.speech import Words, speak

Open = Callable[..., Controller]


def opened(window: MainWindow) -> HelpWindow:
    (found,) = window.findChildren(HelpWindow)
    return found


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def test_f1_and_the_question_mark_open_it_and_escape_closes_it(open_on: Open) -> None:
    window = open_on("alexnet").window
    press(window, Qt.Key.Key_F1)
    asked = opened(window)
    assert asked.isVisible()
    assert asked.tabs.currentIndex() == KEYS
    assert asked.search.hasFocus() or asked.focusWidget() is asked.search
    QTest.keyClick(asked.search, Qt.Key.Key_Escape)
    assert not asked.isVisible()
    QTest.mouseClick(window.top.help, Qt.MouseButton.LeftButton)
    assert asked.isVisible()
    assert opened(window) is asked
    right = window.top.help.mapTo(window, QPoint(window.top.help.width(), 0))
    assert window.width() - right.x() < 20


def test_every_key_of_a_command_is_listed(open_on: Open) -> None:
    window = open_on("alexnet").window
    native = QKeySequence.SequenceFormat.NativeText
    rows = [row for chapter in chapters(window) for row in chapter.rows]
    listed = {key.strip() for row in rows for key in str(row.left).split(", ")}
    for action in window.commands.values():
        for keys in action.shortcuts():
            assert keys.toString(native) in listed, action.objectName()
    assert {"Space", "←", "Shift+→", "↑"} <= listed
    said = {str(row.right) for row in rows}
    for command in COMMANDS.values():
        assert window.commands[command].text() in said
    assert all(str(row.right) and str(row.left) for row in rows)
    assert "Dark or light" in said  # whose own text is a sign


def test_all_words_are_there_and_can_be_searched(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.commands["help"].trigger()
    asked = opened(window)
    shown = asked.words_page.toPlainText().replace("\xa0", " ")
    assert [term.word for term in TERMS.values() if term.meaning not in shown] == []
    assert asked.tabs.currentIndex() == KEYS
    QTest.keyClicks(asked.search, "wave")  # a wave on is a key, too
    assert asked.tabs.currentIndex() == KEYS
    asked.search.clear()
    QTest.keyClicks(asked.search, "idle last")  # which is said on the other page alone
    assert asked.tabs.currentIndex() == WORDS
    shown = asked.words_page.toPlainText()
    assert find("wavequant").meaning in shown
    assert find("batch").meaning not in shown
    assert "Space" not in asked.keys.toPlainText()
    QTest.keyClicks(asked.search, " <b>zzz")
    assert "nothing here has “idle last <b>zzz” in it" in asked.words_page.toPlainText()


def test_f1_over_a_term_opens_it(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("alexnet")
    window = controller.window
    window.top.preset.setFocus()
    QTest.keyClick(window.top.preset, Qt.Key.Key_Tab)
    while QApplication.focusWidget() is not window.top.inference:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    press(window, Qt.Key.Key_F1)
    asked = opened(window)
    assert asked.tabs.currentIndex() == WORDS
    bar = asked.words_page.verticalScrollBar()
    assert bar is not None
    before = bar.value()
    asked.open_at("p99")
    assert bar.value() > before


def test_f1_in_a_field_opens_what_is_typed_there(open_on: Open) -> None:
    window = open_on("alexnet").window
    QTest.mouseClick(window.top.batch.lineEdit(), Qt.MouseButton.LeftButton)
    press(window, Qt.Key.Key_F1)
    asked = opened(window)
    assert asked.tabs.currentIndex() == WORDS
    assert asked._marked == "batch"


def test_it_follows_theme_and_language(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.commands["help"].trigger()
    asked = opened(window)
    window.set_theme(LIGHT)
    assert LIGHT.text in asked.words_page.toHtml()
    window.set_words(Words("de", lambda one, many, n: f"«{one if n == 1 or not many else many}»"))
    assert asked.tabs.tabText(WORDS) == "«Words»"
    assert f"«{find('wave').meaning}»" in asked.words_page.toPlainText()
    assert asked.windowTitle() == "«Help»"


def test_no_english_is_left_in_it(open_on: Open, tmp_path: Path) -> None:
    window = open_on("alexnet").window
    window.set_words(speak(LANGUAGE, [write(tmp_path, catalogues.extract())]))
    window.commands["help"].trigger()
    asked = opened(window)
    shown = [asked.keys.toPlainText(), asked.words_page.toPlainText()]
    shown += [label.text() for label in asked.about.findChildren(QLabel)][1:-1]  # name, versions
    shown += [asked.search.placeholderText(), asked.about.copy.text(), asked.about.folder.toolTip()]
    window.commands["find"].trigger()
    (finder,) = window.findChildren(Finder)
    model = finder.list.model()
    assert model is not None
    shown += [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    shown += [finder.field.placeholderText(), finder.nothing.text()]
    for text in shown:
        for line in text.splitlines():
            assert english(line, *BYTES) == set(), line


def test_about_says_what_this_is_and_where_things_are(
    open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_on("alexnet").window
    window.commands["help"].trigger()
    asked = opened(window)
    asked.tabs.setCurrentIndex(ABOUT)
    assert not asked.search.isEnabled()
    said = "\n".join(label.text() for label in asked.about.findChildren(QLabel))
    for part in (__version__, "GNU General Public License, version 3", str(folders.data())):
        assert part in said
    asked.about.copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert f"version: {__version__}\n" in clipboard.text()
    assert str(folders.config()) in clipboard.text()
    went: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: went.append(Path(url.toLocalFile())) or True
    )
    asked.about.folder.click()  # nothing is kept yet
    assert went == []
    assert str(folders.data()) in window.notice.text.text()
    folders.data().mkdir(parents=True)
    asked.about.folder.click()
    assert went == [folders.data()]


def test_a_page_of_other_keys_shows_no_markup(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.commands["race"].setText("<b>&&</b>")
    window.commands["help"].trigger()
    assert "<b>&</b>" in opened(window).keys.toPlainText()
