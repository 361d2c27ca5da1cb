"""The open window is switched to a made language and back: nothing stays behind."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import catalogues
import pytest
from pseudo import LANGUAGE, write
from PyQt6.QtCore import QEvent, QModelIndex, QObject, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)
from quoted import english
from tips import every_view

from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.timing import time_plan
from mmviz.files import networks, settings
from mmviz.state import actions
from mmviz.state.facts import Timed
from mmviz.state.session import Session, open_file
from mmviz.state.workspaces import NAMED
from mmviz.text import NOTHING
from mmviz.ui.help.finder import Finder
from mmviz.ui.look import fonts
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.words.speech import ENGLISH, Words, asked, folders, speak

Open = Callable[..., Controller]
Said = Counter[str]

PROPERTIES = (
    *("text", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription"),
    *("windowTitle", "title", "placeholderText", "specialValueText", "prefix", "suffix"),
)
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)


def texts(root: QWidget) -> Said:
    """All that is said below `root` and by what; what is painted cannot be asked."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return Counter(
        f"{type(thing).__name__} {thing.objectName()} {what}: {text}"
        for thing in (root, *root.findChildren(QObject))
        if not _foreign(thing)
        for what, text in _said_by(thing)
        if text
    )


def _foreign(thing: QObject | None) -> bool:
    """Qt's own parts, which have no texts that are seen here, and pyqtgraph's menus."""
    if thing is None:
        return False
    own = (
        not thing.objectName().startswith(("qt_", "Scroll"))
        and "pyqtgraph" not in type(thing).__module__
    )
    return not own or _foreign(thing.parent())


def _said_by(thing: QObject) -> Iterator[tuple[str, str]]:
    if isinstance(thing, QWidget | QAction):
        for name in PROPERTIES:
            if isinstance(text := thing.property(name), str):
                yield name, text
    if isinstance(thing, QComboBox):
        for i in range(thing.count()):
            yield f"item {i}", thing.itemText(i)
            yield f"tip of item {i}", str(thing.itemData(i, Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(thing, QTabBar):
        for i in range(thing.count()):
            yield f"tab {i}", thing.tabText(i)
            yield f"tip of tab {i}", thing.tabToolTip(i)
    if isinstance(thing, QTableView | QTreeView) and (model := thing.model()) is not None:
        rows, columns = model.rowCount(QModelIndex()), model.columnCount(QModelIndex())
        for role in ROLES:
            for column in range(columns):
                head = model.headerData(column, Qt.Orientation.Horizontal, role)
                yield f"column {column} {role.name}", head if isinstance(head, str) else ""
            for row in range(rows):
                for column in range(columns):
                    cell = model.data(model.index(row, column), role)
                    yield f"{row}, {column} {role.name}", cell if isinstance(cell, str) else ""


@pytest.fixture
def made(tmp_path: Path) -> Words:
    return speak(LANGUAGE, [write(tmp_path, catalogues.extract())])


SETUPS = ("alexnet", "two-by-two", "gpt2-small", "digits")


@pytest.mark.parametrize("preset", SETUPS)
def test_the_window_comes_back_to_its_own_language(open_on: Open, made: Words, preset: str) -> None:
    window = open_on(preset).window
    window.set_words(ENGLISH)  # a panel not seen yet says its texts when it is told to
    before = texts(window)
    window.set_words(made)
    assert any("⟦" in text for text in texts(window))
    window.set_words(ENGLISH)
    after = texts(window)
    assert (before - after, after - before) == (Counter(), Counter())


@pytest.mark.parametrize("preset", SETUPS)
def test_no_english_is_left_in_the_window(open_on: Open, made: Words, preset: str) -> None:
    window = open_on(preset).window
    window.set_words(made)
    assert [said for said in sorted(texts(window)) if english(said.partition(": ")[2])] == []


@pytest.mark.parametrize("preset", SETUPS)
def test_no_english_is_painted(open_on: Open, made: Words, preset: str, drawn: list[str]) -> None:
    """In each workspace, and in each panel behind a tab."""
    controller = open_on(actions.set_device(preset_of(preset), "a100"))
    window = controller.window
    window.set_words(made)
    drawn.clear()
    for workspace in NAMED:
        for _ in every_view(window, workspace.id):
            window.grab()
    assert any("⟦" in text for text in drawn)
    assert [said for said in sorted(set(drawn)) if english(said)] == []


def test_a_race_speaks_the_language_of_its_window(open_on: Open, made: Words) -> None:
    controller = open_on("alexnet")
    controller.window.set_words(made)
    controller.window.commands["race"].trigger()
    (race,) = controller.window.findChildren(RaceWindow)
    assert [said for said in sorted(texts(race)) if english(said.partition(": ")[2])] == []
    controller.window.set_words(ENGLISH)
    assert not any("⟦" in said for said in texts(race))


def test_what_was_measured_is_said_anew(open_on: Open, made: Words) -> None:
    controller = open_on("two-by-two")
    window = controller.window
    of = controller.derived.setup.timed
    network = controller.session.network
    plan = BenchPlan(network=network, batches=(of.batch,), backends=("numpy", "loop"), seconds=0.02)
    collector = Collector(plan)
    time_plan(plan, collector.add)
    controller.learn(controller.facts.with_run(Timed(of, collector.results(), NOTHING)))
    window.go_to("clock")
    window.set_words(ENGLISH)
    before = texts(window)
    window.set_words(made)
    assert [said for said in sorted(texts(window)) if english(said.partition(": ")[2])] == []
    window.set_words(ENGLISH)
    assert texts(window) - before == Counter()


def preset_of(name: str) -> Session:
    return open_file(networks.read_preset(name))


@pytest.fixture
def every_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a computer with fonts for every language."""
    monkeypatch.setattr("mmviz.ui.probes.has_font", lambda _="": True)


def pick(window: MainWindow, choice: str) -> None:
    """As a person does: View, Language, the entry."""
    menu = window.view_menu.languages
    menu.aboutToShow.emit()
    (action,) = (entry for entry in menu.actions() if entry.objectName() == f"language_{choice}")
    action.trigger()


@pytest.mark.usefixtures("every_font")
def test_a_language_is_chosen_in_the_open_window(open_on: Open) -> None:
    window = open_on("two-by-two").window
    menu = window.view_menu.languages
    menu.aboutToShow.emit()
    assert [entry.text() for entry in menu.actions()] == ["As the system", "English", "简体中文"]
    pick(window, "zh_CN")
    assert window.words.language == menu.choice == "zh_CN"
    menu.aboutToShow.emit()
    assert [entry.isChecked() for entry in menu.actions()] == [False, False, True]
    field = QLineEdit(window)
    context = field.createStandardContextMenu()
    assert context is not None
    assert any("粘贴" in entry.text() for entry in context.actions())  # Qt speaks it, too
    context.deleteLater()
    pick(window, "en")
    assert window.words is ENGLISH


@pytest.mark.usefixtures("every_font")
def test_a_language_that_was_chosen_is_kept(
    start_up: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the next window and for the command line; one asked for by name counts for a run."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "")
    window = start_up("two-by-two").window
    assert settings.language() == "auto"
    pick(window, "zh_CN")
    window.close()
    assert settings.language() == "zh_CN"
    words = asked(os.environ, settings.language())
    assert words.language == "zh_CN"
    again = start_up("two-by-two", words=words).window
    assert again.words == words
    assert again.view_menu.languages.choice == "zh_CN"
    again.close()
    other = start_up("two-by-two", words=ENGLISH).window  # --language en
    assert other.view_menu.languages.choice == "en"
    other.close()
    assert settings.language() == "zh_CN"
    last = start_up("two-by-two", words=words).window
    pick(last, "auto")
    assert last.words is ENGLISH
    last.close()
    assert settings.language() == "auto"


def test_without_a_font_the_window_stays_in_english_and_says_so(
    open_on: Open, start_up: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("mmviz.ui.probes.has_font", lambda language="": not language)
    window = open_on("two-by-two").window
    pick(window, "zh_CN")
    assert window.words is ENGLISH
    assert window.view_menu.languages.choice == "auto"
    assert "no font here has the signs of zh_CN" in window.notice.text.text()
    assert "fonts-wqy-microhei" in window.notice.text.text()
    other = start_up("two-by-two", words=speak("zh_CN")).window
    assert other.words is ENGLISH
    assert "fonts-wqy-microhei" in other.notice.text.text()


def test_a_spoilt_catalogue_changes_nothing(open_on: Open) -> None:
    folder = folders()[1]
    folder.mkdir(parents=True)
    (folder / "eo.po").write_text("spoilt", encoding="utf-8")
    window = open_on("two-by-two").window
    pick(window, "eo")
    assert window.words is ENGLISH
    assert "cannot read" in window.notice.text.text()


def test_signs_have_the_forms_of_the_language() -> None:
    found = ["Noto Sans CJK JP", "Noto Sans Mono CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei"]
    assert fonts.form_of((" SC", " CN"), found) == "Noto Sans CJK SC"
    assert fonts.form_of((" JP",), found) == "Noto Sans CJK JP"
    assert fonts.form_of((" TC",), found) == fonts.form_of((), ["x"]) == ""


@pytest.mark.usefixtures("every_font")
def test_whoever_is_lost_in_a_language_finds_another_one(open_on: Open) -> None:
    """By Ctrl+F, under the language's own name."""
    controller = open_on("two-by-two")
    window = controller.window
    for typed, language in (("简体", "zh_CN"), ("english", "en")):
        window.commands["find"].trigger()
        finder = next(one for one in window.findChildren(Finder) if one.isVisible())
        finder.field.setText(typed)
        QTest.keyClick(finder.field, Qt.Key.Key_Return)
        assert window.words.language == language
