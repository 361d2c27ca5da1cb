"""Every empty panel, in every workspace, has the button that fills it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from calibrations import measured_here
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from steps import Person
from windows import settled

from mmviz.files.networks import read_preset
from mmviz.files.this_machine import keep
from mmviz.state.session import Session, open_file
from mmviz.state.workspaces import NAMED, Workspace
from mmviz.ui.look.offers import Offers
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.docked import DOCKED

Open = Callable[..., Controller]

FULL = {"network", "strip", "time", "layers", "loops", "ladder", "recordings", "lessons"}
"""Panels that are never empty: what they show is computed, or comes with mmviz. A new one is among
them or offers."""

LEFT = Qt.MouseButton.LeftButton


def offers_in(part: QWidget) -> dict[str, QWidget]:
    """The buttons that can be seen there, by what they do."""
    return {
        offer.does: button
        for offers in part.findChildren(Offers)
        for offer, button in zip(offers.offers, offers.buttons, strict=False)
        if button.isVisible() and button.isEnabled()
    }


@pytest.mark.parametrize("workspace", NAMED, ids=lambda workspace: workspace.id)
@pytest.mark.parametrize("size", [(1024, 560), (1400, 900), (1680, 1050)], ids=str)
def test_every_empty_panel_has_its_button(
    open_on: Open, workspace: Workspace, size: tuple[int, int], qtbot: QtBot
) -> None:
    """On this machine, which is not calibrated, before any run."""
    controller = open_on("alexnet", size=size)
    window = controller.window
    window.go_to(workspace.id)
    for entry in DOCKED:
        if entry.id not in workspace or entry.id in FULL:
            continue
        dock = window.docks.all[entry.id]
        dock.raise_()
        qtbot.waitUntil(lambda dock=dock: bool(offers_in(dock)) or dock.findChild(Offers) is None)
        found = offers_in(dock)
        assert found, f"{entry.id} is empty and offers nothing"
        for button in found.values():
            assert button.accessibleName()
            qtbot.waitUntil(lambda b=button: b.width() >= b.minimumSizeHint().width())
            qtbot.waitUntil(lambda b=button: b.visibleRegion().boundingRect() == b.rect())


def test_no_empty_panel_tells_to_type_a_command(open_on: Open, qtbot: QtBot) -> None:
    controller, person = open_on("alexnet"), Person(qtbot)
    for workspace in NAMED:
        controller.window.go_to(workspace.id)
        for dock in controller.window.docks.all.values():
            dock.raise_()
            QApplication.processEvents()
            said = person.reads() + "".join(
                person.reads_in(part) + part.accessibleDescription() + part.toolTip()
                for part in dock.findChildren(QWidget)
                if part.isVisible()
            )
            assert "mmviz calibrate" not in said


@pytest.mark.parametrize("panel", ["sweep", "advice", "facts"])
def test_calibrate_is_carried_out_from_each(open_on: Open, qtbot: QtBot, panel: str) -> None:
    controller = open_on("alexnet")
    controller.calibrate.seconds = 60.0
    dock = controller.window.docks.all[panel]
    dock.raise_()
    button = offers_in(dock).get("calibrate", controller.window.facts.calibrate.button)
    qtbot.mouseClick(button, LEFT)
    assert controller.calibrate.running
    assert controller.window.facts.calibrate.bar.isVisible()  # and can be cancelled there
    if panel != "facts":
        qtbot.mouseClick(button, LEFT)
        assert controller.calibrate.running, "a second click does not end it"
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=60_000):
        controller.calibrate.toggle()


def test_choosing_a_gpu_fills_them(open_on: Open, qtbot: QtBot) -> None:
    controller, person = open_on("alexnet"), Person(qtbot)
    window = controller.window
    button = offers_in(window.docks.all["facts"])["device"]

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        window.top.device.entries()["h100"].trigger()
        menu.close()

    with person._meanwhile(choose):
        qtbot.mouseClick(button, LEFT)
    settled(qtbot, controller)
    assert controller.session.device == "h100"
    assert not offers_in(window.docks.all["facts"])


def test_run_stands_where_the_samples_come(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("two-by-two")
    dock = controller.window.docks.all["timing"]
    dock.raise_()
    qtbot.mouseClick(offers_in(dock)["run"], LEFT)
    assert controller.run.running
    assert not offers_in(dock)
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=60_000):
        controller.run.toggle()


def test_after_a_run_the_product_says_what_was_measured(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("two-by-two", size=(1680, 1050))
    window = controller.window
    window.timing.controls.spin.setValue(0.1)
    dock = window.docks.all["timing"]
    dock.raise_()
    with qtbot.waitSignal(controller.desk.worker.ended, timeout=60_000):
        qtbot.mouseClick(offers_in(dock)["run"], LEFT)
    said = Person(qtbot).reads_in(window.facts.waterfall.view).replace("\n", " ")
    assert "The pass, timed here: " in said
    assert "measured (median of " in said


def test_a_list_is_opened_alone_where_it_cannot_be_swept(open_on: Open, qtbot: QtBot) -> None:
    controller = open_on("gpt2-small")
    dock = controller.window.docks.all["sweep"]
    dock.raise_()
    qtbot.waitUntil(lambda: "alone" in offers_in(dock))
    qtbot.mouseClick(offers_in(dock)["alone"], LEFT)
    settled(qtbot, controller)
    assert controller.session.network.layered is not None


def test_another_number_format_is_offered_where_the_device_has_one(
    open_on: Open, qtbot: QtBot
) -> None:
    session: Session = open_file(read_preset("alexnet"))
    controller = open_on(session)
    controller.window.top.device_chosen.emit("t4")
    controller.window.top.dtype_chosen.emit("bfloat16")
    settled(qtbot, controller)
    button = offers_in(controller.window.docks.all["facts"])["format"]
    qtbot.mouseClick(button, LEFT)
    assert controller.window.top.dtype.view().isVisible()
    controller.window.top.dtype.hidePopup()


def test_a_calibrated_machine_is_offered_nothing(open_on: Open) -> None:
    keep(measured_here())
    controller = open_on("alexnet")
    assert not offers_in(controller.window.docks.all["facts"])
    assert not offers_in(controller.window.docks.all["advice"])
