"""Choosing a device from the menu, changing its figures and saving it, as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mmviz.core.time.constants import CONSTANT_NAMES
from mmviz.files.devices import device_ids, own_file, own_folder, read_device

pytest.importorskip("PyQt6")

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QLabel, QMenu, QPushButton

from mmviz.state.device.edit import EDITABLE
from mmviz.words.speech import ENGLISH, Words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.device.editor import DeviceEditor
    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]
SAVE = "getSaveFileName"
MARKED = Words("marked", lambda one, many, n: f"«{one if n == 1 or not many else many}»")


@pytest.fixture
def opened(qtbot: QtBot, open_on: Open) -> tuple[Controller, DeviceEditor]:
    """A window on an A100 with its editor open."""
    controller = open_on("alexnet")
    controller.window.top.device.entries()["a100"].trigger()
    controller.window.commands["edit_device"].trigger()
    editor = controller.window.device_editor
    qtbot.waitUntil(editor.isVisible)
    return controller, editor


def enter(qtbot: QtBot, editor: DeviceEditor, name: str, text: str) -> None:
    """Type over a figure, and Tab on."""
    box = editor.box(name)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    if not text:
        qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Tab)


def button(editor: DeviceEditor, text: str) -> QPushButton:
    return next(b for b in editor.findChildren(QPushButton) if b.text().startswith(text))


def put(name: str, text: str) -> None:
    own_folder().mkdir(parents=True, exist_ok=True)
    own_file(name).write_text(text)


def test_the_menu_has_every_device_once(open_on: Open) -> None:
    button = open_on("alexnet").window.top.device
    assert tuple(button.entries()) == device_ids()
    menu = button.menu()
    assert menu is not None
    titles = [action.text() for action in menu.actions() if not action.isSeparator()]
    edits = ["Edit device …", "Save as own device …", "Back to the file"]
    assert titles == ["This machine", "GPUs", "TPUs", "Teaching devices", *edits]


def test_the_menu_marks_where_we_are(open_on: Open) -> None:
    controller = open_on("alexnet")
    button = controller.window.top.device
    button.entries()["tpu-v3"].trigger()
    assert controller.session.device == button.shown == "tpu-v3"
    assert [id for id, action in button.entries().items() if action.isChecked()] == ["tpu-v3"]
    menu = button.menu()
    assert menu is not None
    assert "TPUs  ·  TPU v3" in [action.text() for action in menu.actions()]


def test_own_files_are_found_when_the_menu_opens(open_on: Open) -> None:
    controller = open_on("alexnet")
    button = controller.window.top.device
    assert "mine" not in button.entries()
    put("mine", 'like = "a100"\nname = "Mine"\nunits = 7\n')
    button.entries()["mine"].trigger()
    assert controller.derived.device.units == 7
    assert button.text() == "Mine"


def test_a_bad_own_file_is_said_and_harms_nothing(open_on: Open) -> None:
    controller = open_on("alexnet")
    put("bad", "units = x\n")
    assert tuple(controller.window.top.device.entries()) == device_ids()
    assert "bad.toml: not valid TOML" in controller.window.notice.text.text()


def test_menus_do_not_pile_up(open_on: Open, qtbot: QtBot) -> None:
    button = open_on("alexnet").window.top.device
    for _ in range(3):
        button.entries()
    menu = button.menu()
    assert menu is not None
    qtbot.waitUntil(lambda: len(menu.findChildren(QMenu)) == 3)


def test_a_change_is_seen_at_once_and_undone(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    enter(qtbot, editor, "units", "54")
    assert controller.derived.device.units == 54
    assert controller.window.top.device.text() == "NVIDIA A100 SXM4 80 GB (changed)"
    assert editor.name.text() == "NVIDIA A100 SXM4 80 GB (changed)"
    enter(qtbot, editor, "bandwidth", "3000")
    assert controller.derived.device.bandwidth == 3e12
    controller.window.commands["undo"].trigger()
    assert (editor.box("bandwidth").figure, editor.box("units").figure) == (2039, 54)
    controller.window.commands["undo"].trigger()
    assert controller.session.edited is None
    assert editor.box("units").figure == 108


def test_ctrl_z_in_a_field_takes_the_change_back(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    enter(qtbot, editor, "units", "54")
    assert controller.derived.device.units == 54
    qtbot.keyClick(editor.box("units"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert controller.derived.device.units == 108


def test_steps_of_one_field_are_undone_together(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    box = editor.box("bandwidth")
    box.setFocus()
    for _ in range(3):
        qtbot.keyClick(box, Qt.Key.Key_Up)
    assert controller.derived.device.bandwidth == 2339e9
    controller.window.commands["undo"].trigger()
    assert controller.session.edited is None


def test_an_emptied_field_is_not_known(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    enter(qtbot, editor, "launch", "")
    assert controller.derived.device.launch_s is None
    enter(qtbot, editor, "launch", "2,5")
    assert controller.derived.device.launch_s == pytest.approx(2.5e-6)


@pytest.mark.parametrize(
    ("name", "text"), [("units", "12.5"), ("units", "many"), ("bandwidth", "-3"), ("L2", "nan")]
)
def test_what_is_no_figure_is_refused_in_words(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor], name: str, text: str
) -> None:
    controller, editor = opened
    before = editor.box(name).figure
    enter(qtbot, editor, name, text)
    assert controller.session.edited is None
    assert editor.box(name).figure == before
    assert f"not '{text}'" in controller.window.notice.text.text() == editor.note.text()


def test_another_name(qtbot: QtBot, opened: tuple[Controller, DeviceEditor]) -> None:
    controller, editor = opened
    editor.name.setFocus()
    editor.name.selectAll()
    qtbot.keyClicks(editor.name, "Dream")
    qtbot.keyClick(editor.name, Qt.Key.Key_Return)
    assert controller.derived.device.name == controller.window.top.device.text() == "Dream"
    editor.name.selectAll()
    qtbot.keyClick(editor.name, Qt.Key.Key_Delete)
    qtbot.keyClick(editor.name, Qt.Key.Key_Return)
    assert "one line of 1 to 60" in controller.window.notice.text.text()
    assert editor.name.text() == "Dream"


def test_back_to_the_file(qtbot: QtBot, opened: tuple[Controller, DeviceEditor]) -> None:
    controller, editor = opened
    back = button(editor, "Back")
    assert not back.isEnabled()
    enter(qtbot, editor, "units", "54")
    assert back.isEnabled()
    back.click()
    assert controller.session.edited is None
    assert not back.isEnabled()
    assert editor.box("units").figure == 108


def test_a_changed_device_says_that_its_error_is_not_known(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    put(
        "fitted",
        'like = "a100"\n[calibration.tf32]\nrows = 9\nheld_out = 3\nerror = 0.1\nsource = "s"\n'
        f"constants = {{ {', '.join(f'{name} = 1.0' for name in CONSTANT_NAMES)} }}\n",
    )
    controller.window.top.device.entries()["fitted"].trigger()
    enter(qtbot, editor, "price per hour", "2")
    assert "Ctrl+Z" in editor.note.text()
    enter(qtbot, editor, "units", "54")
    assert editor.note.text().endswith("their error is not known.")


def test_saving_makes_it_an_own_device(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, editor = opened
    enter(qtbot, editor, "units", "54")
    asked: list[str] = []

    def choose(_parent: object, _title: str, suggested: str, _kinds: str) -> tuple[str, str]:
        asked.append(suggested)
        return str(own_file("half").with_suffix("")), ""

    monkeypatch.setattr(QFileDialog, SAVE, choose)
    button(editor, "Save").click()
    assert Path(asked[0]) == own_file("nvidia-a100-sxm4-80-gb-changed")
    assert (controller.session.device, controller.session.edited) == ("half", None)
    assert "half.toml" in controller.window.notice.text.text()
    assert "half" in controller.window.top.device.entries()


def test_a_figure_that_is_not_shown_yet_is_saved_too(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, editor = opened
    with monkeypatch.context() as slow:
        slow.setattr("mmviz.ui.shell.wishes.is_long", lambda *_: True)
        slow.setattr(controller.beside, "ask", lambda *_: None)
        enter(qtbot, editor, "units", "54")
        assert controller.working
        slow.setattr(QFileDialog, SAVE, lambda *_: (str(own_file("half")), ""))
        button(editor, "Save").click()
    controller.let_go()
    assert read_device("half").units == 54


def test_a_device_whose_file_is_gone_can_be_saved_still(
    opened: tuple[Controller, DeviceEditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, editor = opened
    put("mine", 'like = "a100"\nunits = 54\n')
    controller.window.top.device.entries()["mine"].trigger()
    own_file("mine").unlink()
    monkeypatch.setattr(QFileDialog, SAVE, lambda *_: (str(own_file("half")), ""))
    button(editor, "Save").click()
    assert read_device("half").units == 54


def test_what_cannot_be_saved_is_said(
    opened: tuple[Controller, DeviceEditor], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, editor = opened
    monkeypatch.setattr(QFileDialog, SAVE, lambda *_: (str(own_file("h100")), ""))
    button(editor, "Save").click()
    assert "an own device needs a name" in controller.window.notice.text.text()
    monkeypatch.setattr(QFileDialog, SAVE, lambda *_: ("", ""))
    button(editor, "Save").click()
    assert controller.session.device == "a100"


def test_it_follows_the_device_that_is_chosen(opened: tuple[Controller, DeviceEditor]) -> None:
    controller, editor = opened
    controller.window.top.device.entries()["mi300x"].trigger()
    assert (editor.name.text(), editor.box("units").figure) == ("AMD MI300X", 304)
    assert editor.box("units").accessibleName() == "CUs"
    assert editor.box("launch").figure is None
    assert editor.box("launch").text() == ""


def test_every_field_has_a_name_and_comes_by_tab(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    _, editor = opened
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    editor.name.setFocus()
    seen = []
    fields = len(EDITABLE) + 1
    for _ in range(fields):
        focus = editor.focusWidget()
        assert focus is not None
        seen.append(focus.accessibleName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert seen[:3] == ["Name of the device", "SMs", "peak float64 in TFLOP/s"]
    assert seen[-1] == "price per hour in USD"
    assert len(set(seen)) == fields


def test_words_fit(opened: tuple[Controller, DeviceEditor]) -> None:
    _, editor = opened
    for box in (editor.box(name) for name in ("units", "peak float16", "bandwidth", "L2")):
        edit = box.lineEdit()
        assert edit is not None
        assert edit.fontMetrics().horizontalAdvance("1234567.89") <= edit.width()


def test_a_file_that_has_gone_refuses_undo_in_words(open_on: Open) -> None:
    controller = open_on("alexnet")
    put("mine", 'like = "a100"\n')
    button = controller.window.top.device
    button.entries()["mine"].trigger()
    button.entries()["h100"].trigger()
    own_file("mine").unlink()
    controller.window.commands["undo"].trigger()
    assert "unknown device 'mine'" in controller.window.notice.text.text()
    assert controller.session.device == "h100"


def test_the_tiles_to_choose_from_are_those_of_the_number_format(open_on: Open) -> None:
    controller = open_on("alexnet")
    top, tile = controller.window.top, controller.window.facts.controls.tile
    top.device.entries()["a100"].trigger()
    for dtype in ("float16", "float32"):
        top.dtype.setCurrentIndex(top.dtype.findData(dtype))
        shown = [tile.itemText(i) for i in range(tile.count())]
        shapes = controller.derived.device.tiles_for(dtype)
        m, n = controller.derived.tiling.tile
        assert shown == [f"auto: {m} × {n}", *(f"{m} × {n}" for m, n in shapes)]
    assert "256 × 128" not in shown


def test_the_editor_comes_by_its_keys(qtbot: QtBot, open_on: Open) -> None:
    window = open_on("alexnet").window
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.device_editor.isVisible()
    qtbot.keyClick(window.device_editor, Qt.Key.Key_Escape)
    assert not window.device_editor.isVisible()


def test_the_editor_in_another_language_and_back(
    qtbot: QtBot, opened: tuple[Controller, DeviceEditor]
) -> None:
    controller, editor = opened
    enter(qtbot, editor, "units", "54")

    def said() -> list[str]:
        labels = [label.text() for label in editor.findChildren(QLabel)]
        buttons = [button.text() for button in editor.findChildren(QPushButton)]
        names = [editor.box(name).accessibleName() for name in ("units", "bandwidth")]
        return [*labels, *buttons, *names, editor.windowTitle(), editor.name.accessibleName()]

    before = said()
    controller.window.set_words(MARKED)
    units = ("", "µs", "USD", "GB", "W", "GB/s", "MiB", "TFLOP/s")
    assert [text for text in said() if text not in units and "«" not in text] == []
    assert editor.box("units").figure == 54
    enter(qtbot, editor, "units", "many")
    assert controller.window.notice.text.text().startswith("««SMs» must be")
    controller.window.set_words(ENGLISH)
    assert said() == before
