"""The dialog that takes a part out of the window: what is chosen, previewed, saved and copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QSize, Qt
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from mmviz import units
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.export import LEARNT, PARTS, ExportChoice
from mmviz.state.session import open_file
from mmviz.ui.export.dialog import IN_IT, ExportDialog
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.export_control import ExportControl

Open = Callable[..., Controller]
SESSION = actions.set_batch(
    actions.set_device(open_file(networks.read_preset("alexnet")), "a100"), 700
)


@pytest.fixture
def asking(open_on: Open, qtbot: QtBot) -> Callable[[], tuple[Controller, ExportDialog]]:
    """Ctrl+E in a window, and the dialog that comes."""
    controller = open_on(SESSION)

    def ask() -> tuple[Controller, ExportDialog]:
        window = controller.window
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        dialog = window.findChild(ExportDialog)
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.preview.shown is not None)
        return controller, dialog

    return ask


def closed(dialog: ExportDialog) -> None:
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def choose(dialog: ExportDialog, field: str, text: str) -> None:
    """An entry of one of its lists."""
    box = {"size": dialog.size_box, "part": dialog.part, "format": dialog.kind}[field]
    index = box.findText(text)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_the_preview_follows_what_is_chosen(
    asking: Callable[[], tuple[Controller, ExportDialog]],
) -> None:
    _, dialog = asking()
    assert dialog.told.text() == f"{units.group(1920)} × {units.group(1080)} pixels"
    dialog.preview.grab()
    wide = dialog.preview.shown
    assert isinstance(wide, QImage)
    assert wide.width() / wide.height() == pytest.approx(16 / 9, rel=0.02)
    assert dialog.pixels.isHidden()
    choose(dialog, "size", "Column of 85 mm")
    choose(dialog, "format", "PDF")
    dialog.preview.grab()
    narrow = dialog.preview.shown
    assert isinstance(narrow, QImage)
    assert narrow.height() > narrow.width()
    assert dialog.told.text().startswith("85 × ")
    choose(dialog, "size", "In pixels")
    choose(dialog, "format", "PNG")
    assert dialog.pixels.isVisible()
    dialog.width_box.setValue(640)
    dialog.height_box.setValue(640)
    dialog.preview.grab()
    assert dialog.told.text() == "640 × 640 pixels"
    for field, check in dialog.checks.items():
        before = dialog.preview.shown
        QTest.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(9, check.height() // 2))
        assert not getattr(dialog.choice, field)
        dialog.preview.grab()
        assert dialog.preview.shown != before, field
    assert set(dialog.checks) == set(IN_IT)
    closed(dialog)


def test_a_part_with_nothing_to_show_says_so_and_cannot_be_saved(
    asking: Callable[[], tuple[Controller, ExportDialog]],
) -> None:
    _, dialog = asking()
    choose(dialog, "part", "Timing")
    dialog.preview.grab()
    assert dialog.preview.shown == "no data to export yet: press Run first"
    assert not dialog.save.isEnabled()
    assert not dialog.copy.isEnabled()
    empty = {PARTS[part] for part in ("timing", "parts", "recording", *LEARNT) if part != "ladder"}
    for name in PARTS.values():
        choose(dialog, "part", name)
        dialog.preview.grab()
        assert dialog.save.isEnabled() == (name not in empty), name
    closed(dialog)


def test_what_is_saved_is_said_and_wanted_again(
    asking: Callable[[], tuple[Controller, ExportDialog]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    controller, dialog = asking()
    asked: list[str] = []

    def name(_parent: object, _title: str, offered: str, _kinds: str) -> tuple[str, str]:
        asked.append(offered)
        return str(tmp_path / "slide.svg"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    choose(dialog, "part", "Roofline")
    choose(dialog, "format", "SVG")
    dialog.preview.grab()
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert asked == ["roofline.svg"]
    assert (tmp_path / "slide.svg").read_bytes().startswith(b"<?xml")
    assert "slide.svg" in controller.window.notice.text.text()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    _, dialog = asking()
    assert dialog.choice == ExportChoice(part="roofline", kind="svg")
    closed(dialog)


def test_a_picture_and_a_table_go_onto_the_clipboard(
    asking: Callable[[], tuple[Controller, ExportDialog]],
) -> None:
    controller, dialog = asking()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert dialog.text.isHidden()
    dialog.preview.grab()
    dialog.copy.click()
    assert clipboard.image().size() == QSize(1920, 1080)
    choose(dialog, "part", "Layers")
    dialog.preview.grab()
    dialog.text.click()
    assert clipboard.text().startswith("product\trole\t")
    closed(dialog)
    clipboard.clear()
    controller.window.copy_asked.emit("units")
    assert clipboard.image().size() == QSize(1920, 1080)
    assert controller.window.notice.text.text().startswith("Units over time: copied")


def test_a_picture_too_large_to_hold_is_refused_where_it_is_asked_for(
    asking: Callable[[], tuple[Controller, ExportDialog]],
) -> None:
    _, dialog = asking()
    choose(dialog, "size", "In pixels")
    for box in (dialog.width_box, dialog.height_box):
        box.setValue(16_384)
    dialog.preview.grab()
    assert dialog.save.isEnabled()
    dialog.scale.setCurrentIndex(3)
    dialog.scale.activated.emit(3)
    dialog.preview.grab()
    assert "is too large" in str(dialog.preview.shown)
    assert not dialog.save.isEnabled()
    choose(dialog, "format", "SVG")
    dialog.preview.grab()
    assert dialog.save.isEnabled(), "it has no pixels"
    closed(dialog)


def test_the_dialog_closes_with_its_window(
    asking: Callable[[], tuple[Controller, ExportDialog]], qtbot: QtBot
) -> None:
    controller, dialog = asking()
    gone: list[bool] = []
    dialog.destroyed.connect(lambda: gone.append(True))
    controller.window.close()
    qtbot.waitUntil(lambda: bool(gone))


def test_what_was_refused_is_forgotten_when_it_is_tried_again(
    asking: Callable[[], tuple[Controller, ExportDialog]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, dialog = asking()
    names = iter((str(tmp_path / "none" / "x.png"), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (next(names), ""))
    dialog.save.click()
    assert "there is no folder" in dialog.told.text()
    dialog.save.click()  # and called off
    dialog.preview.grab()
    assert dialog.told.text() == f"{units.group(1920)} × {units.group(1080)} pixels"
    closed(dialog)


def test_a_race_that_is_open_is_exported_where_it_stands(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on(SESSION)
    window = controller.window
    window.commands["race"].trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(RaceWindow)))
    race = window.findChildren(RaceWindow)[0]
    qtbot.waitUntil(lambda: race.isVisible() and not race.working)
    race.seek(0.75)
    race.export.click()
    dialog = race.findChild(ExportDialog)
    assert dialog is not None
    assert dialog.choice.part == "race"
    dialog.preview.grab()
    assert isinstance(dialog.preview.shown, QImage)
    exports = controller.findChild(ExportControl)
    assert exports is not None
    found = exports.shown().race  # what the figure is made of
    assert found is not None
    assert found[0] is race.view
    assert found[1] == pytest.approx(0.75)
    closed(dialog)
    race.close()
