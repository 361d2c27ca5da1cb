"""Three things a newcomer wants, each from a fresh window and by what can be seen alone."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot
from steps import Person
from windows import settled

from mmviz.ui.shell.controller import Controller

StartUp = Callable[..., Controller]


def test_four_cells_are_seen_computed_at_once_within_two_steps(
    start_up: StartUp, qtbot: QtBot
) -> None:
    controller, person = _fresh(start_up, qtbot), Person(qtbot)
    person.pick("Network", "Two neurons, two examples")
    settled(qtbot, controller)
    said = person.reads_in(controller.window.picture)
    assert "4 computing now" in said, said
    assert len(person.steps) <= 2, person.steps


def _fresh(start_up: StartUp, qtbot: QtBot) -> Controller:
    """The window of somebody who starts mmviz for the first time."""
    controller = start_up()
    window = controller.window
    window.resize(1400, 900)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settled(qtbot, controller)
    return controller
