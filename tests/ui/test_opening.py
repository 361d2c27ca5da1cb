"""How a network comes into the window: from the menu, by its widths, from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmviz.files import networks
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
    [field] = controller.window.findChildren(WidthsField)
    if not field.isVisible():
        controller.window.commands["widths"].trigger()
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
