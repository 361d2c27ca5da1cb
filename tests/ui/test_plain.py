"""What files say is shown as it is: no tag, no key and no sign that steers is taken for one."""

from __future__ import annotations

import ast
import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPoint, Qt
from PyQt6.QtGui import QAction, QHelpEvent, QTextDocument
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QMenu,
    QToolTip,
    QWidget,
)

from mmviz.core.shapes.network import Dense, Network
from mmviz.files.devices import own_folder
from mmviz.state.session import Session
from mmviz.text import STEERING
from mmviz.ui.clock.panel import TimingPanel
from mmviz.ui.look.plain import PlainLabel, as_label, as_tip
from mmviz.ui.look.theme import DARK
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application

UI = Path(__file__).parents[2] / "mmviz" / "ui"
BAD = "<b>&A</b>"
SOURCE = f"\\u001b[2J\\u202e{BAD}<img src='/x'>"
DEVICE = f"""name = "evil {BAD}"
kind = "gpu"
units = 4
bandwidth_gbs = 1000
launch_us = {{ value = 4, source = "{SOURCE}" }}
price_hour = 1.0
about = "{SOURCE}"
source = "{SOURCE}"
unit_name = "\\u009b{BAD}"
currency = "\\u001b{BAD}"
compute_capability = "\\u001b{BAD}"
[peaks_tflops]
float32 = 10
"""


@pytest.fixture
def session() -> Session:
    """A network and an own device that say such things everywhere."""
    own_folder().mkdir(parents=True)
    (own_folder() / "evil.toml").write_text(DEVICE, encoding="utf-8")
    layers = (Dense(64, "relu", f"one {BAD}"), Dense(8, "linear", f"two {BAD}"))
    network = Network(f"net {BAD}", 32, layers)
    session = Session(network, 16, False, "float32", "evil", about=f"about {BAD}")
    return replace(session, source=f"source {BAD}")


@pytest.fixture
def controller(open_on: Callable[..., Controller], session: Session) -> Controller:
    return open_on(session, size=(1800, 1200))


@pytest.fixture
def race(session: Session) -> Iterator[RaceWindow]:
    application()
    window = RaceWindow(session, DARK)
    window.resize(1500, 900)
    window.show()
    yield window
    window.close()


def seen(tip: str) -> str:
    """What a tool tip shows, as Qt takes it: HTML where its first line has a tag."""
    if "<" not in tip.split("\n")[0] and "&lt;" not in tip:
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


def everything(root: QWidget) -> Iterator[QObject]:
    for top in (root, *QApplication.topLevelWidgets()):
        yield from (top, *top.findChildren(QObject))


def cells(model: QAbstractItemModel, role: int) -> Iterator[str]:
    for row in range(model.rowCount(QModelIndex())):
        column = 0
        while (index := model.index(row, column, QModelIndex())).isValid():
            if isinstance(said := model.data(index, role), str):
                yield said
            column += 1


def sound(shown: str, raw: str) -> None:
    """No tag was eaten, and no sign that steers is in it (a line may end)."""
    assert not STEERING.search(shown.replace("\n", "")), ascii(shown)
    for part in ("A</b>", "&A<"):  # where one half of a tag is seen, the other is
        assert (part in shown) == (BAD in shown), (shown, raw)
    assert ("b>" in raw or "b&gt;" in raw) == (BAD in shown), (shown, raw)


def test_tool_tips_show_texts_as_they_are(controller: Controller) -> None:
    tips = [one.toolTip() for one in everything(controller.window) if hasattr(one, "toolTip")]
    for view in controller.window.findChildren(QAbstractItemView):
        tips += cells(view.model(), Qt.ItemDataRole.ToolTipRole)
    entries = controller.window.top.device.entries()
    tips.append(entries["evil"].toolTip())
    bad = [tip for tip in tips if hostile(tip)]
    assert len(bad) > 5
    for tip in tips:
        if tip in bad:
            sound(seen(tip), tip)


def test_tool_tips_of_what_is_painted(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {tip for tip in pointed_at(controller.window, monkeypatch) if hostile(tip)}
    assert len(bad) > 3
    for tip in bad:
        sound(seen(tip), tip)


def test_a_race_shows_texts_as_they_are(race: RaceWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = list(everything(race))
    tips = [part.toolTip() for part in parts if isinstance(part, QWidget | QAction)]
    tips = [*{*tips, *pointed_at(race, monkeypatch)}]
    assert len(list(filter(hostile, tips))) >= 3
    for tip in tips:
        sound(seen(tip), tip)
    labels = [part for part in parts if isinstance(part, QLabel) and part.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    texts = [label.text() for label in labels] + [part.accessibleName() for part in tops(parts)]
    for text in texts:
        sound(text, text)


def tops(parts: list[QObject]) -> Iterator[QWidget]:
    return (part for part in parts if isinstance(part, QWidget))


def hostile(tip: str) -> bool:
    return "&A</b>" in html.unescape(tip)


def pointed_at(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tool tips of all places of a window, as those say them that paint."""
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, *_more: said.append(text))
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        for y in range(2, widget.height(), 9):
            for x in range(2, widget.width(), max(9, widget.width() // 12)):
                at = QPoint(x, y)
                event = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
                QApplication.sendEvent(widget, event)
    return said


def test_labels_are_plain(controller: Controller) -> None:
    notes = controller.window.findChild(TimingPanel)._notes  # escapes what it shows
    labels = [one for one in everything(controller.window) if isinstance(one, QLabel)]
    assert len(labels) > 50
    rich = [one for one in labels if one.textFormat() != Qt.TextFormat.PlainText and one.text()]
    assert [one for one in rich if one is not notes] == []
    assert any(BAD in one.text() for one in labels)


def test_buttons_and_menus_show_an_ampersand(controller: Controller) -> None:
    window = controller.window
    shown = [one.text() for one in everything(window) if isinstance(one, QAction | QAbstractButton)]
    shown += [one.title() for one in everything(window) if isinstance(one, QMenu)]
    shown += [action.text() for action in window.top.device.entries().values()]
    bad = [text for text in shown if "A" in text and "b>" in text]
    assert len(bad) >= 3
    for text in bad:
        assert BAD.replace("&", "&&") in text
        sound(text.replace("&&", "&"), text)


def test_no_text_steers(controller: Controller) -> None:
    for one in everything(controller.window):
        for name in ("text", "accessibleName", "windowTitle", "statusTip", "title"):
            get = getattr(one, name, None)
            said = get() if callable(get) and not isinstance(one, QAbstractItemView) else ""
            if isinstance(said, str):
                plain = said.replace("&&", "&")
                if isinstance(one, QAction):  # a menu has what stands behind one tab at its right
                    plain = plain.replace("\t", "", 1)
                sound(plain, said)


def test_tips_and_labels() -> None:
    assert as_tip("a & b\nc") == "a & b\nc"
    for text in ("<b>x</b>", "a < b\n<i>", "&lt;b&gt;", "<?xml", "x\n<b>y</b>  z"):
        assert seen(as_tip(text)).replace("\xa0", " ") == text
    assert as_label("a & b") == "a && b"
    assert PlainLabel("<b>").textFormat() == Qt.TextFormat.PlainText


MODULES = sorted(path for path in UI.rglob("*.py") if path.name != "plain.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(UI).as_posix())
def test_every_tip_and_label_goes_through_here(path: Path) -> None:
    """A tip by as_tip, a label as a PlainLabel: also those that no test comes upon."""
    missing = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        of = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name == "setToolTip" and not _plain(node.args[0]):
            missing.append(f"line {node.lineno}: a tip")
        if name == "showText" and isinstance(of, ast.Name) and of.id == "QToolTip":
            missing += [] if _plain(node.args[1]) else [f"line {node.lineno}: a tip"]
        if isinstance(node.func, ast.Name) and node.func.id == "QLabel":
            missing += [] if path.name == "panel.py" else [f"line {node.lineno}: a label"]
    assert missing == []


def _plain(node: ast.expr) -> bool:
    """as_tip(…), tip_with(…), wrapped(…), "" or the tip of another thing."""
    if isinstance(node, ast.Constant):
        return node.value == ""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    names = ("as_tip", "tip_with", "wrapped", "toolTip")
    return (
        called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    ) in names
