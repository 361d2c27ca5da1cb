"""How a network comes into the window: from the menu, by its widths, from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from recordings import recording
from windows import settled

from mmviz.files import network_writer, networks, recent
from mmviz.files.recordings import chrome_trace, npz
from mmviz.state.network.presets import preset_groups
from mmviz.state.session import open_file
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.network_menu import NetworkMenu
from mmviz.ui.shell.widths_field import WidthsField

Open = Callable[..., Controller]


def menu_of(controller: Controller) -> NetworkMenu:
    menu = controller.window.top.preset.menu()
    assert isinstance(menu, NetworkMenu)
    return menu


def test_the_menu_says_level_and_size_and_opens(open_on: Open) -> None:
    controller = open_on("mlp")
    entries = [action for action in menu_of(controller).actions() if not action.isSeparator()]
    said = [action.text() for action in entries]
    for group in preset_groups():
        at = said.index(str(group.title))
        assert not entries[at].isEnabled()
        below = said[at + 1 : at + 1 + len(group.presets)]
        assert below == [f"{entry.name}\t{entry.size}" for entry in group.presets]
    entries[said.index("One neuron\t4-1 · 4 weights")].trigger()
    assert controller.session.preset == "one-neuron"


def type_widths(qtbot: QtBot, controller: Controller, typed: str) -> WidthsField:
    if not any(x.isVisible() for x in controller.window.findChildren(WidthsField)):
        controller.window.commands["widths"].trigger()
    [field] = controller.window.findChildren(WidthsField)
    qtbot.waitUntil(field.isVisible)
    field.field.selectAll()
    qtbot.keyClick(field.field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field.field, typed)
    qtbot.keyClick(field.field, Qt.Key.Key_Return)
    return field


def test_widths_are_typed_as_on_the_command_line(open_on: Open, qtbot: QtBot) -> None:
    start = replace(open_file(networks.read_preset("mlp")), batch=96, device="rtx4090")
    controller = open_on(start)
    field = type_widths(qtbot, controller, "4096-11008-4096")
    assert field.isHidden()
    session = controller.session
    assert session.network == networks.find("4096-11008-4096").network
    assert (session.batch, session.device, session.preset) == (96, "rtx4090", "")
    controller.window.commands["undo"].trigger()
    assert controller.session.network == start.network


def test_widths_that_are_none_say_why_beside_the_field(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("mlp")
    before = controller.session
    for typed, why in (
        ("4096", "widths are whole numbers with dashes between"),
        ("alexnet", "widths are whole numbers with dashes between"),
        ("4096-0-3", "a width must be a whole number from 1 to"),
        ("", "widths are whole numbers with dashes between"),
    ):
        field = type_widths(qtbot, controller, typed)
        assert field.isVisible()
        assert field.why.isVisible()
        assert field.why.text().startswith(why)
        assert field.rect().contains(field.why.geometry())
        assert controller.window.notice.isHidden()
    qtbot.keyClicks(field.field, "8")
    assert field.why.isHidden()  # it is of another text
    qtbot.keyClick(field.field, Qt.Key.Key_Escape)
    assert field.isHidden()
    assert controller.session is before


def test_a_list_has_no_batch_to_be_kept(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("gpt2-small")
    type_widths(qtbot, controller, "64-32")
    assert controller.session.batch == 1
    assert QApplication.activePopupWidget() is None


# --- files ------------------------------------------------------------------------------------


def recent_menu(controller: Controller) -> list[str]:
    """What the menu of recent files offers as it opens now, without its last entry."""
    menu = menu_of(controller)
    menu.aboutToShow.emit()
    entries = [x.text() for x in menu.recent.actions() if not x.isSeparator()]
    assert entries[-1] == "Clear this list"
    assert menu.recent.isEnabled() == (len(entries) > 1)
    return [entry.partition("\t")[0] for entry in entries[:-1]]


def choose_recent(controller: Controller, at: int) -> None:
    menu_of(controller).aboutToShow.emit()
    menu_of(controller).recent.actions()[at].trigger()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A network, a list, a device, and what is none of them."""
    found = {name: tmp_path / name for name in ("net.toml", "list.csv", "gpu.toml", "photo.png")}
    network_writer.save(networks.find("64-32"), found["net.toml"])
    found["list.csv"].write_text("m,n,k\n64,32,16\n")
    found["gpu.toml"].write_text('name = "mine"\nlike = "a100"\n')
    found["photo.png"].write_bytes(b"\x89PNG\r\n\x1a\n")
    return found


def drop(
    target: QWidget, *paths: Path, text: str = "", web: str = ""
) -> tuple[bool, Qt.DropAction]:
    """Drag this over the widget and let it go there: taken?, and as what."""
    data = QMimeData()
    if paths or web:
        data.setUrls([*map(QUrl.fromLocalFile, map(str, paths)), *([QUrl(web)] if web else [])])
    data.setText(text or "\n".join(map(str, paths)))
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    at, left = target.rect().center(), Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(at, actions, data, left, none)
    QApplication.sendEvent(target, over)
    dropped = QDropEvent(QPointF(at), actions, data, left, none)
    QApplication.sendEvent(target, dropped)
    return over.isAccepted() and dropped.isAccepted(), dropped.dropAction()


def test_what_is_dropped_opens(open_on: Open, qtbot: QtBot, files: dict[str, Path]) -> None:
    controller = open_on("mlp")
    window = controller.window
    for target in (window, window.top.batch.lineEdit(), window.docks.all["network"]):
        assert target is not None
        for name, opened in (
            ("net.toml", lambda: controller.session.network.name == "64-32"),
            ("list.csv", lambda: controller.session.network.layered is None),
            ("gpu.toml", lambda: controller.session.device == str(files["gpu.toml"])),
        ):
            assert drop(target, files[name]) == (True, Qt.DropAction.CopyAction)
            settled(qtbot, controller)
            assert opened(), name
            assert window.notice.isHidden()
            assert files[name].exists()
        for _ in range(3):
            window.commands["undo"].trigger()
        assert controller.session.preset == "mlp"


def test_a_recording_that_is_dropped_is_looked_at(
    open_on: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    """With the pass it is of, in the room of recordings; undone as any edit, and recent."""
    controller = open_on("mlp")
    found = recording(networks.find("96-64-10").network, batch=32, training=True)
    path = tmp_path / "ran.npz"
    npz.save(path, found)
    drop(controller.window, path)
    settled(qtbot, controller)
    assert controller.session.timed == found.of
    assert controller.derived.recording is controller.facts.recordings[-1]
    assert controller.window.docks.workspace == "recording"
    assert controller.session.schedule == "modelled", "the picture is not changed unasked"
    assert recent.read() == (str(path),)
    controller.window.commands["undo"].trigger()
    assert controller.session.preset == "mlp"
    trace = tmp_path / "ran.json"
    chrome_trace.save(trace, found)
    drop(controller.window, trace)
    settled(qtbot, controller)
    assert controller.session.timed == found.of, "as the trace that mmviz writes for others, too"
    path.write_bytes(path.read_bytes()[:900])
    drop(controller.window, path)
    settled(qtbot, controller)
    said = controller.window.notice.text.text()
    assert said == f"{path} is no recording that can be read: it is cut off or was changed"
    assert len(controller.facts.recordings) == 2


def test_what_cannot_be_opened_says_why(
    open_on: Open, qtbot: QtBot, files: dict[str, Path]
) -> None:
    controller = open_on("mlp")
    window, before = controller.window, controller.session
    for thing, why in (
        ({"web": "https://example.org/net.toml"}, "only files of this computer can be opened"),
        ({"text": "a sentence"}, "what was dropped is no file; widths are whole numbers"),
    ):
        drop(window, **thing)
        assert window.notice.text.text().startswith(why)
    for path, why in (
        (files["photo.png"], f"{files['photo.png']}: this is a picture; a network is a TOML file"),
        (files["net.toml"].parent, "cannot read"),
    ):
        drop(window, path)
        settled(qtbot, controller)
        assert window.notice.isVisible()
        assert window.notice.text.text().startswith(why)
    assert controller.session == before
    assert recent_menu(controller) == []


def test_widths_are_dropped_and_of_several_files_the_first(
    open_on: Open, qtbot: QtBot, files: dict[str, Path]
) -> None:
    controller = open_on("mlp")
    drop(controller.window, text="64-48-32")
    assert controller.session.network == networks.find("64-48-32").network
    drop(controller.window, text="64 × 48 × 32")
    assert controller.session.network == networks.find("64x48x32").network
    assert controller.session.batch == 1, "one product has none"
    drop(controller.window, files["list.csv"], files["net.toml"], files["gpu.toml"])
    settled(qtbot, controller)
    assert controller.session.network.layered is None
    said = controller.window.notice.text.text()
    assert said == "one file is opened at a time: 2 that were dropped with it are left"


def test_a_text_that_names_a_file_opens_it(
    open_on: Open, qtbot: QtBot, files: dict[str, Path]
) -> None:
    controller = open_on("mlp")
    path = files["net.toml"]
    for text in (str(path), f"{path}\n", QUrl.fromLocalFile(str(path)).toString()):
        drop(controller.window, text=text)
        settled(qtbot, controller)
        assert controller.session.network.name == "64-32"
        controller.window.commands["undo"].trigger()
        assert controller.session.preset == "mlp"
    for text in (f"{path}.none", "x" * 9_000, "/" + "x" * 5_000, "https://example.org/net.toml"):
        drop(controller.window, text=text)
        said = controller.window.notice.text.text()
        assert said.startswith("what was dropped is no file"), text
    drop(controller.window, text=path.with_name("gone.toml").as_uri())
    settled(qtbot, controller)
    assert "cannot read" in controller.window.notice.text.text()
    assert controller.session.preset == "mlp"


def test_recent_files_are_offered_by_every_window_the_last_one_first(
    open_on: Open, qtbot: QtBot, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    assert recent_menu(controller) == []
    for name in ("net.toml", "list.csv", "net.toml"):
        path = str(files[name])
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=path: (path, ""))
        controller.window.commands["open"].trigger()
        settled(qtbot, controller)
    assert recent_menu(controller) == ["net.toml", "list.csv"]
    other = open_on("digits")
    assert recent_menu(other) == ["net.toml", "list.csv"]
    choose_recent(other, 1)
    settled(qtbot, other)
    assert other.session.network.layered is None
    assert recent_menu(controller) == ["list.csv", "net.toml"]


def test_a_saved_network_is_a_recent_one(
    open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on("mlp")
    path = str(tmp_path / "mine.toml")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    controller.window.commands["save"].trigger()
    assert recent_menu(controller) == ["mine.toml"]


def test_a_file_that_is_gone_is_said_and_forgotten(
    open_on: Open, qtbot: QtBot, files: dict[str, Path]
) -> None:
    for name in ("net.toml", "list.csv"):
        recent.add(files[name])
    files["list.csv"].unlink()
    controller = open_on("mlp")
    before = controller.session
    choose_recent(controller, 0)
    settled(qtbot, controller)
    said = controller.window.notice.text.text()
    assert said.startswith(f"{files['list.csv']} is not there any more")
    assert controller.session == before
    assert recent_menu(controller) == ["net.toml"]
    menu_of(controller).recent.actions()[-1].trigger()
    assert recent_menu(controller) == []


def test_strange_names_are_offered_as_they_are(open_on: Open, tmp_path: Path) -> None:
    for name in ("a & b.toml", "<b>x.toml", "tab\there.toml", "n" * 200 + ".toml"):
        recent.add(tmp_path / name)
    names = recent_menu(open_on("mlp"))
    assert names[1:] == ["tab\\there.toml", "<b>x.toml", "a && b.toml"]
    assert len(names[0]) == 49
