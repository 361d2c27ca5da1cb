"""Large type, and keys and names for everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from windows import tab_stops

from mmviz.files import networks
from mmviz.state.session import open_file
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.start.app import application, build
from mmviz.words.speech import Words

Open = Callable[..., Controller]
CONTROLS = (
    QAbstractButton,
    QComboBox,
    QAbstractSpinBox,
    QLineEdit,
    QAbstractSlider,
    QAbstractItemView,
    QTabBar,
)


def sizes(window: MainWindow) -> list[float]:
    return [round(part.font().pointSizeF(), 3) for part in window.findChildren(QWidget)]


def test_large_type_enlarges_every_face_and_goes_again(open_on: Open) -> None:
    window = open_on("alexnet").window
    before = sizes(window)
    large = window.commands["large_type"]
    large.trigger()
    assert sizes(window) == pytest.approx([size * 1.25 for size in before], abs=2e-3)
    assert fonts.words().pointSizeF() == pytest.approx(fonts.TEXT * 0.75 * 1.25)
    large.trigger()
    assert sizes(window) == pytest.approx(before, abs=2e-3)
    assert fonts.scale() == 1


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_large_type_holds_on_the_smallest_screen(open_on: Open, theme: object) -> None:
    window = open_on("alexnet", theme, size=(1280, 720)).window
    window.commands["large_type"].trigger()
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1280, 720)
    assert window.picture.height() >= 200
    assert window.centre.width() >= 640
    cut = (window.top.preset, window.top.run)  # the first elides, the second has a fixed width
    for button in window.top.findChildren(QAbstractButton):
        if button.isVisible() and button not in cut:
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    window.commands["large_type"].trigger()


def test_a_window_built_large_is_large(qtbot: QtBot) -> None:
    application()
    controller = build(open_file(networks.read_preset("mlp")), DARK, large=True)
    qtbot.addWidget(controller.window)
    assert controller.window.font().pointSizeF() == pytest.approx(12.5 * 0.75 * 1.25)
    controller.window.close()
    fonts.set_large(False)


def controls(window: QWidget) -> list[QWidget]:
    """Every control a person can see, without the parts of another control."""
    found = []
    for kind in CONTROLS:
        for part in window.findChildren(kind):
            of_another = isinstance(part.parent(), (QAbstractSpinBox, QComboBox))
            inner = isinstance(part, (QHeaderView, QScrollBar)) or of_another
            if part.isVisible() and not inner and not part.inherits("QComboBoxListView"):
                found.append(part)
    return found


@pytest.mark.parametrize("workspace", ["picture", "clock"])
@pytest.mark.parametrize("size", [(1280, 720), (1680, 1050)])
def test_every_control_has_a_name_in_words(
    open_on: Open, workspace: str, size: tuple[int, int]
) -> None:
    window = open_on("alexnet", size=size).window
    window.go_to(workspace)
    window.notice.say("one sentence")
    QApplication.processEvents()
    found = controls(window)
    assert len(found) > 20
    for control in found:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        name = control.accessibleName() or text
        assert any(letter.isalpha() for letter in name), (control, control.objectName(), name)


def other_of_a_choice(control: QWidget) -> bool:
    """Tab stops at the chosen one of several; arrows lead to the others."""
    group = control.group() if isinstance(control, QAbstractButton) else None
    return group is not None and group.exclusive() and not control.isChecked()


def test_tab_reaches_every_control_in_the_order_of_the_window(open_on: Open) -> None:
    window = open_on("alexnet", size=(1680, 1050)).window
    window.top.preset.setFocus()
    stops = list(tab_stops())
    missed = [
        control
        for control in controls(window)
        if control.isEnabled()
        and control not in stops
        and not window.docks.is_behind(control)
        and control is not window.transport.slider  # arrows, Home and End do what it does
        and not other_of_a_choice(control)
    ]
    assert not [stop for stop in stops if window.docks.is_behind(stop)]  # where nobody sees it
    assert not missed, [(control, control.accessibleName()) for control in missed]
    parts = (window.top, window.network, window.strip, window.picture, window.transport)
    parts += (window.timing.controls, window.facts)
    firsts = [
        next(i for i, stop in enumerate(stops) if stop is part or part.isAncestorOf(stop))
        for part in parts
    ]
    assert firsts == sorted(firsts)


def test_who_comes_by_tab_sees_that_the_picture_has_the_keys(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.top.preset.setFocus()
    window.picture.setFocus(Qt.FocusReason.TabFocusReason)
    window.units.hide()
    image = window.centre.grab().toImage()
    middle = image.height() // 2
    assert image.pixelColor(0, middle).name() == DARK.now_text
    window.top.preset.setFocus()
    window.picture.setFocus(Qt.FocusReason.MouseFocusReason)
    assert window.centre.grab().toImage().pixelColor(0, middle).name() == DARK.ground


def test_the_view_menu_shows_how_things_are(open_on: Open) -> None:
    window = open_on("alexnet").window
    menu = window.commands["view"].menu()
    menu.aboutToShow.emit()
    words = {action.text(): action for action in menu.actions() if action.text()}
    assert list(words) == [
        "Picture", "Clock", "Recording", "Learn",
        "Network", "Shape advice", "Matrix multiplications", "Time", "Sweep", "Live timing",
        "Layers", "Where a pass goes", "Since last run", "Schedules side by side",
        "Units over time", "Products", "Figures side by side", "Recordings", "Lessons", "A digit",
        "Loop or matmul", "Ladder",
        "Batch size", "Teaching", "Lesson", "Peak", "Reset layout", "Race",
        "Large type", "Full screen", "Theme", "Language", "This computer …",
    ]  # fmt: skip
    assert words["Picture"].isChecked()
    assert words["Peak"].isChecked()
    assert not words["Large type"].isChecked()
    assert window.commands["theme_dark"].isChecked()
    window.commands["theme_light"].trigger()
    assert window.theme is LIGHT
    window.commands["theme"].trigger()
    menu.aboutToShow.emit()
    assert window.commands["theme_dark"].isChecked()


def test_longer_words_have_room_in_the_top_bar(open_on: Open) -> None:
    """In a language of longer words the bar gives way earlier, and cuts nothing."""
    window = open_on("alexnet", size=(1366, 768)).window
    window.set_words(
        Words("long", lambda one, many, n: f"«{one if n == 1 or not many else many}»~")
    )
    QApplication.processEvents()
    assert window.width() == 1366
    for button in window.top.findChildren(QAbstractButton):
        if button.isVisible() and button is not window.top.preset:  # which elides
            assert button.width() >= button.minimumSizeHint().width(), button.text()
