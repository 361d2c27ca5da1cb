"""Whatever path a dialog gives: the work is done, or one sentence says why.

And nothing is replaced that nobody was asked about.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nobody import as_nobody
from PyQt6.QtCore import QEvent, QTimer
from PyQt6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from windows import settled

from mmviz.bench.machine import Blas, Machine
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.files.devices import own_folder
from mmviz.state.session import Session
from mmviz.text import NOTHING
from mmviz.ui.export.dialog import ExportDialog
from mmviz.ui.shell import dialogs
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dialogs import written_as

Open = Callable[..., Controller]
BLAS = Blas("openblas", "0.3", "Haswell", 1)
MACHINE = Machine(
    cpu="A CPU",
    cores=1,
    logical_cores=1,
    memory=8 * 10**9,
    system="Linux",
    blas=BLAS,
    variables={},
    gpu=None,
    versions={},
)
RUN = Run("numpy", 1, (1e-3, 2e-3), False, summarize((1e-3, 2e-3)))
SAVES = {
    "save": ".toml",
    "save_device": ".toml",
    "export_timing": ".png",
    "export_sweep": ".png",
    "export_csv": ".csv",
    "export_json": ".json",
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="files as POSIX has them")


@pytest.fixture
def opened(
    qtbot: QtBot, open_on: Open, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Controller]:
    """A window with something to save by every command."""
    controller = open_on(Session(from_widths([64, 32]), device="a100"))
    controller.window.docks.all["sweep"].raise_()
    results = Results(
        network="mlp", dtype="float32", training=False, seed=1, machine=MACHINE, runs=(RUN,)
    )
    monkeypatch.setattr(type(controller.run), "results", lambda _: results)
    qtbot.waitUntil(lambda: controller.window.sweep.chart is not None)
    return lambda: controller


def choose(monkeypatch: pytest.MonkeyPatch, *paths: object) -> list[str]:
    """The dialogs give these paths, one after another, then none; what each of them suggested."""
    left, suggested = [*map(str, paths)], []

    def ask(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        suggested.append(name)
        return (left.pop(0) if left else ""), ""

    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, ask)
    return suggested


def asks(controller: Controller, command: str) -> str:
    """A command, and "Save …" where that opens a dialog first; what was said then."""
    controller.window.commands[command].trigger()
    dialog = controller.window.findChild(ExportDialog)
    if dialog is None:
        return controller.window.notice.text.text()
    dialog.preview.grab()
    dialog.save.click()
    said = dialog.told.text() if dialog.isVisible() else controller.window.notice.text.text()
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    return said


def answer(*presses: QMessageBox.StandardButton) -> list[str]:
    """Press these buttons of the questions to come; what the questions were."""
    asked: list[str] = []

    def press(left: tuple[QMessageBox.StandardButton, ...]) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, ExportDialog):  # which comes before the question
            QTimer.singleShot(0, lambda: press(left))
            return
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        button = box.button(left[0])
        assert button is not None
        if left[1:]:
            QTimer.singleShot(0, lambda: press(left[1:]))
        button.click()

    QTimer.singleShot(0, lambda: press(presses))
    return asked


YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mine", "mine.toml"),
        ("mine.toml", "mine.toml"),
        ("MINE.TOML", "MINE.TOML"),
        ("llama-3.1-8b", "llama-3.1-8b.toml"),
        ("result v1.2", "result v1.2.toml"),
        ("a.csv", "a.csv.toml"),
        ("a.toml.bak", "a.toml.bak.toml"),
        ("ends in toml", "ends in toml.toml"),
        ("n" * 300, "n" * 300 + ".toml"),
        ("\0", "\0.toml"),
    ],
)
def test_a_dot_alone_makes_no_suffix(typed: str, written: str) -> None:
    assert written_as(typed, (".toml",), ".toml") == written


@pytest.mark.parametrize("command", SAVES)
def test_nothing_is_replaced_that_nobody_was_asked_about(
    opened: Callable[[], Controller],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = tmp_path / f"v1.2{SAVES[command]}"
    old.write_bytes(b"old")
    suggested = choose(monkeypatch, tmp_path / "v1.2", tmp_path / "other v1.2")
    asked = answer(NO)
    asks(opened(), command)
    assert old.read_bytes() == b"old"
    assert asked == [f"{old.name} is there already. Replace it?"]
    assert suggested[1] == str(old)  # who says no may change the name
    assert (tmp_path / f"other v1.2{SAVES[command]}").stat().st_size > 3
    choose(monkeypatch, tmp_path / "v1.2")
    asked = answer(YES)
    said = asks(opened(), command)
    assert len(asked) == 1
    assert old.read_bytes() != b"old"
    assert old.name in said


@pytest.mark.parametrize("command", SAVES)
def test_the_very_name_that_was_typed_was_asked_about_by_the_dialog(
    opened: Callable[[], Controller],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = tmp_path / f"name{SAVES[command]}"
    old.write_bytes(b"old")
    choose(monkeypatch, old)
    asks(opened(), command)
    assert old.read_bytes() != b"old"


def test_a_long_name_leaves_the_question_on_the_screen(
    opened: Callable[[], Controller], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ("n" * 240 + " 2.toml")).touch()
    choose(monkeypatch, tmp_path / ("n" * 240 + " 2"))
    asked = answer(NO)
    opened().window.commands["save"].trigger()
    assert asked == [f"{'n' * 30}…{'n' * 23} 2.toml is there already. Replace it?"]


def locked(folder: Path) -> Path:
    """A folder that nobody may even look into."""
    inside = folder / "locked"
    inside.mkdir()
    inside.chmod(0)
    return inside / "name"


def read_only(folder: Path) -> Path:
    inside = folder / "read-only"
    inside.mkdir()
    inside.chmod(0o500)
    return inside / "name"


def protected(folder: Path) -> Path:
    file = folder / "protected"
    for suffix in ("", *SAVES.values()):
        file.with_suffix(suffix).touch(0o000)
    return file


def folder_named(folder: Path) -> Path:
    for suffix in SAVES.values():
        (folder / f"folder{suffix}").mkdir(exist_ok=True)
    (folder / "folder").mkdir()
    return folder / "folder"


def dead_link(folder: Path) -> Path:
    for suffix in ("", *SAVES.values()):
        (folder / f"link{suffix}").unlink(missing_ok=True)
        (folder / f"link{suffix}").symlink_to(folder / "gone" / "file")
    return folder / "link"


def pipe(folder: Path) -> Path:
    for suffix in ("", *dict.fromkeys(SAVES.values())):
        os.mkfifo(folder / f"pipe{suffix}")
    return folder / "pipe"


PATHS: dict[str, Callable[[Path], object]] = {
    "in a folder that is gone": lambda folder: folder / "gone" / "name",
    "in a file": lambda _: Path(__file__) / "name",
    "over 255 bytes": lambda folder: folder / ("n" * 300),
    "over 255 bytes with its suffix": lambda folder: folder / ("n" * 253),
    "over 4,096 bytes": lambda folder: folder / "/".join(["n" * 200] * 30),
    "with a null byte": lambda folder: f"{folder}/a\0b",
    "half a character": lambda folder: f"{folder}/\udc80\ud800",
    "a folder": folder_named,
    "a dead link": dead_link,
    "a pipe": pipe,
    "no permission": locked,
    "a read-only folder": read_only,
    "a protected file": protected,
}
AS_ANYBODY = ("no permission", "a read-only folder", "a protected file")


@posix
@pytest.mark.parametrize("what", PATHS)
def test_a_path_that_cannot_be_is_one_sentence(
    qtbot: QtBot,
    opened: Callable[[], Controller],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The window's hook for errors nobody foresaw fails a test: pytest-qt reports them."""
    controller = opened()
    before = controller.session
    monkeypatch.setattr(QMessageBox, "exec", lambda _: YES)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        own_folder().mkdir(parents=True)
        os.chmod(folder, 0o777)
        if what in AS_ANYBODY:
            stack.enter_context(as_nobody())
        path = PATHS[what](Path(folder))
        for command in ("open", *SAVES):
            choose(monkeypatch, path)
            controller.window.notice.say(NOTHING)
            said = asks(controller, command)
            settled(qtbot, controller)
            said = controller.window.notice.text.text() or said
            assert said.startswith(("cannot ", "a device is written as .toml")), (command, said)
            assert "\n" not in said
            assert controller.session == before


@pytest.mark.parametrize("command", SAVES)
def test_a_full_disk_is_one_sentence_and_leaves_the_old_file(
    opened: Callable[[], Controller],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    old = tmp_path / f"name{SAVES[command]}"
    old.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    choose(monkeypatch, old)
    assert asks(opened(), command).endswith("No space left on device")
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_the_folder_of_own_devices_cannot_be_made(opened: Callable[[], Controller]) -> None:
    own_folder().parent.parent.mkdir(parents=True, exist_ok=True)
    own_folder().parent.write_text("a file in its place")
    opened().window.commands["save_device"].trigger()
    assert opened().window.notice.text.text().startswith("cannot make ")


def test_every_path_is_asked_for_in_one_place() -> None:
    """So that the tables above are about all of them."""
    asked = [
        path.name
        for path in Path(dialogs.__file__).parents[1].rglob("*.py")
        for _ in re.findall(r"get(?:Save|Open)FileNames?\(|getExistingDirectory", path.read_text())
    ]
    assert asked == ["dialogs.py"] * 3
