"""A tip says what the thing it belongs to does not say already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QModelIndex, Qt
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QListView,
    QMenu,
    QTableView,
    QWidget,
)
from tips import every_view, in_sight, tip

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.session import open_file
from mmviz.state.workspaces import NAMED
from mmviz.ui.help.painted import words_painted
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
Said = tuple[str, str, str]
"""Whose tip, what it says, what stands there already."""

TIP, TEXT = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DisplayRole
MEANING = re.compile("<p [^>]*><b>.*?</p>", re.DOTALL)  # of a term, added below the tip
LONG = 7  # spaces of what is a sentence
KEYS = re.compile(r" \(((Ctrl|Shift|Alt)\+.+|F\d+|Space|[←→↑↓])\)$")


def bare(text: str) -> str:
    """Its words alone, without markup, keys and signs, in small letters."""
    text = re.sub("<[^>]*>", " ", MEANING.sub("", text))
    return " ".join(re.findall(r"\w+", KEYS.sub("", text.strip()).lower()))


def pointed_at(root: QWidget) -> Iterator[Said]:
    """What is painted, and the tip there; what is cut short stands whole in its tip."""
    for widget in in_sight(root):
        for line in words_painted(widget):
            at = line.place.toRect().intersected(widget.rect()).center()
            if "…" not in line.text and widget.visibleRegion().contains(at):
                yield type(widget).__name__, tip(widget, at), line.text


def beside(root: QWidget) -> Iterator[Said]:
    """The tip of a control, and the label before it."""
    for widget in in_sight(root):
        above = widget.parentWidget()
        for label in [] if above is None else above.findChildren(QLabel):
            near = label.isVisible() and abs(label.y() - widget.y()) < 20 and label is not widget
            if near and label.parentWidget() is above:
                yield type(widget).__name__, widget.toolTip(), label.text()


def in_menus(root: QWidget) -> Iterator[Said]:
    for menu in root.findChildren(QMenu):
        if menu.toolTipsVisible():
            menu.aboutToShow.emit()
            menu.resize(menu.sizeHint())
            for action in menu.actions():
                said = tip(menu, menu.actionGeometry(action).center())
                yield f"menu: {action.text()}", said, action.text()


def in_lists(root: QWidget) -> Iterator[Said]:
    for combo in root.findChildren(QComboBox):
        for i in range(combo.count()):
            yield combo.accessibleName(), str(combo.itemData(i, TIP) or ""), combo.itemText(i)
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        if model is None or isinstance(view.parent(), QComboBox):
            continue
        columns = 1 if isinstance(view, QListView) else model.columnCount(QModelIndex())
        for column in range(columns):
            if isinstance(view, QTableView):
                head = (model.headerData(column, Qt.Orientation.Horizontal, r) for r in (TIP, TEXT))
                yield (view.accessibleName(), *(str(one or "") for one in head))  # type: ignore[misc]
            for row in range(min(model.rowCount(QModelIndex()), 30)):
                cell = (model.data(model.index(row, column), role) for role in (TIP, TEXT))
                yield (view.accessibleName(), *(str(one or "") for one in cell))  # type: ignore[misc]


def repeating(said: Iterator[Said]) -> set[Said]:
    """A tip that is what stands there, or begins with all of a sentence that does."""
    found = set()
    for one in said:
        says, there = bare(one[1]), bare(one[2])
        if says and (says == there or (there.count(" ") >= LONG and says.startswith(there))):
            found.add(one)
    return found


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
@pytest.mark.parametrize(("preset", "device"), [("alexnet", "a100"), ("two-by-two", "lane-1")])
def test_no_tip_repeats_what_it_belongs_to(
    open_on: Open, workspace: str, preset: str, device: str
) -> None:
    session = actions.set_device(open_file(networks.read_preset(preset)), device)
    window = open_on(session, size=(1680, 1050)).window
    found: set[Said] = set()
    for _ in every_view(window, workspace):
        found |= repeating(pointed_at(window)) | repeating(beside(window))
    found |= repeating(in_menus(window)) | repeating(in_lists(window))
    assert sorted(found) == []


@pytest.mark.parametrize("workspace", [workspace.id for workspace in NAMED])
def test_no_style_of_a_widget_is_that_of_its_tip_too(open_on: Open, workspace: str) -> None:
    """A rule for no name is one for the tip, whose words are then grey on a ground of nothing."""
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    window = open_on(session, size=(1680, 1050)).window
    window.commands["race"].trigger()
    for _ in every_view(window, workspace):
        for part in (window, *window.findChildren(QWidget)):
            assert "{" in part.styleSheet() or not part.styleSheet(), part.accessibleName()


def test_no_tip_of_a_race_repeats(open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    window.commands["race"].trigger()
    (race,) = window.findChildren(RaceWindow)
    race.resize(1500, 900)
    found = repeating(pointed_at(race)) | repeating(beside(race)) | repeating(in_lists(race))
    assert sorted(found) == []


@pytest.mark.parametrize("command", ["edit_device", "export", "help", "find", "widths"])
def test_no_tip_of_another_window_repeats(open_on: Open, command: str) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    window = open_on(session, size=(1680, 1050)).window
    window.commands[command].trigger()
    found = repeating(pointed_at(window)) | repeating(beside(window)) | repeating(in_lists(window))
    assert sorted(found) == []


def test_a_tip_that_repeats_is_found(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.top.training.setToolTip("Training (Ctrl+X)")
    assert len(repeating(pointed_at(window))) == 1
    menu = window.commands["view"].menu()
    assert menu is not None
    menu.setToolTipsVisible(True)
    assert not repeating(in_menus(window))  # what was told nothing shows nothing
    window.commands["race"].setToolTip("a race")
    window.commands["race"].setText("A race")
    assert {said for _, said, _ in repeating(in_menus(window))} == {"a race"}
    assert (
        bare("A <b>k-step</b> back (Shift+←)<p style='margin:0'><b>k-step</b>: a stretch</p>")
        == "a k step back"
    )
