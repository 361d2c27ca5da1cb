"""What a stranger adds, each from outside the package: how little each of it touches.

CONTRIBUTING.md tells the same step by step. Every test here makes the thing itself: a module, an
entry, a file; nothing in mmviz knows of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.session import Session, open_file
from mmviz.state.snapshot import Part
from mmviz.state.workspaces import WORKSPACES, Place, Workspace
from mmviz.text import N_, Text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]


def preset(name: str) -> Session:
    return open_file(networks.read_preset(name))


# --- a chart beside Live timing: a module with its view and its widget, and one entry -------------


@dataclass(frozen=True, slots=True)
class SpreadView:
    """What the toy chart shows."""

    batch: int


SPREAD = Part("spread", lambda derived: (derived.setup.batch,), SpreadView)


def spread_entry() -> object:
    from PyQt6.QtWidgets import QLabel

    from mmviz.ui.look.tell import Told
    from mmviz.ui.shell.dock import ROWS
    from mmviz.ui.shell.docked import Docked

    class Spread(QLabel, Told):
        def __init__(self) -> None:
            super().__init__()
            self.shown: list[SpreadView] = []

        def show_view(self, view: SpreadView) -> None:
            self.shown.append(view)
            self.setText(self.words(Text(N_("spread at batch {n:group}"), n=view.batch)))

    return Docked("spread", N_("Spread"), lambda _: Spread(), ROWS, SPREAD, beside="timing")


@pytest.mark.qt
def test_a_chart_beside_live_timing_is_a_module_and_an_entry(open_on: Open) -> None:
    from mmviz.ui.shell.docked import DOCKED

    controller = open_on(preset("alexnet"), docked=(*DOCKED, spread_entry()))
    window = controller.window
    dock = window.docks.all["spread"]
    for workspace in ("picture", "clock"):
        window.go_to(workspace)
        assert dock in window.tabifiedDockWidgets(window.docks.all["timing"])
    chart = dock.widget()
    assert chart.text() == "spread at batch 128"
    controller.edit("", actions.set_batch, 64)
    assert chart.text() == "spread at batch 64"
    before = len(chart.shown)
    controller.edit("", actions.set_dtype, "float16")  # nothing it depends on
    assert len(chart.shown) == before
    assert "Spread" in [action.text() for action in window.view_menu.actions()]


# --- a workspace: one entry -----------------------------------------------------------------------

LAB = Workspace(
    "lab",
    N_("Lab"),
    N_("Layers beside the picture"),
    "Ctrl+9",
    centre=True,
    places=(Place("layers", "bottom"), Place("facts", "right"), Place("network", "left")),
)


@pytest.mark.qt
def test_a_workspace_is_an_entry(qtbot: QtBot, open_on: Open) -> None:
    from PyQt6.QtCore import Qt

    window = open_on(preset("alexnet"), workspaces=(*WORKSPACES, LAB)).window
    qtbot.keyClick(window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert window.docks.workspace == "lab"
    shown = {name for name, dock in window.docks.all.items() if not dock.isHidden()}
    assert shown == {"layers", "facts", "network"}
    assert window.picture.isVisible()
    assert window.commands["lab"].isChecked()
    assert "Lab" in [action.text() for action in window.view_menu.actions()]
    window.resize(1024, 560)  # narrow: the workspaces are in one button
    assert "Lab" in [action.text() for action in window.top.places.menu().actions()]
