"""Whatever goes wrong while the last session is restored: mmviz opens without it, and says so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmviz.errors import InputError, passed_on
from mmviz.files import networks
from mmviz.files import settings as files
from mmviz.files.window_files import WindowFiles
from mmviz.state import actions
from mmviz.state.first import NETWORK
from mmviz.state.picture.view import PictureView
from mmviz.state.session import Session, open_file
from mmviz.state.settings import Settings, load, save
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.shell import wishes as wishes_module
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.docks import Docks
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.start import app as app_module
from mmviz.ui.start.remember import Remembering

Start = Callable[..., Controller]
MEANT = "meant"
BATCH = 77


@pytest.fixture
def stored() -> Session:
    """The last session, of a batch by which the broken parts know it."""
    session = actions.set_batch(open_file(networks.read_preset("mlp")), BATCH)
    save(Settings("dark", session=session))
    return session


def wholly_shown(controller: Controller, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controller.window.first_painted):
        pass
    qtbot.waitUntil(lambda: memory(controller)._writer.last is not None)


def memory(controller: Controller) -> Remembering:
    found = controller.findChild(Remembering)
    assert found is not None
    return found


def said(controller: Controller) -> str:
    notice = controller.window.notice
    return notice.text.text() if notice.isVisible() else ""


def in_deriving(monkeypatch: pytest.MonkeyPatch) -> None:
    real = wishes_module.derive

    def wrong(session: Session, *rest: object) -> object:
        if session.batch == BATCH:
            raise TypeError(MEANT)
        return real(session, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(wishes_module, "derive", wrong)


def in_building(monkeypatch: pytest.MonkeyPatch) -> None:
    real = app_module.build

    def wrong(session: Session, *rest: object, **more: object) -> object:
        controller = real(session, *rest, **more)  # type: ignore[arg-type]
        if session.batch == BATCH:
            controller.window.close()
            controller.window.deleteLater()
            raise TypeError(MEANT)
        return controller

    monkeypatch.setattr(app_module, "build", wrong)


def in_a_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    real = PictureCanvas.show_view

    def wrong(self: PictureCanvas, view: PictureView) -> None:
        if view.batch == BATCH:
            raise TypeError(MEANT)
        real(self, view)

    monkeypatch.setattr(PictureCanvas, "show_view", wrong)


def window_of(widget: PictureCanvas) -> MainWindow:
    window = widget.window()
    assert isinstance(window, MainWindow)
    return window


def in_painting(monkeypatch: pytest.MonkeyPatch) -> None:
    real = PictureCanvas._paint

    def wrong(self: PictureCanvas, *rest: object) -> None:
        if window_of(self).top.batch.value() == BATCH:
            raise TypeError(MEANT)
        real(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(PictureCanvas, "_paint", wrong)


def in_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Docks.restore_all

    def wrong(self: Docks, *rest: object) -> None:
        top = self.window.top  # type: ignore[attr-defined]
        if top.batch.value() == BATCH:
            raise TypeError(MEANT)
        real(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Docks, "restore_all", wrong)


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "place", [in_deriving, in_building, in_a_panel, in_painting, in_the_layout]
)
def test_an_error_anywhere_costs_the_session_and_nothing_else(
    place: Callable[[pytest.MonkeyPatch], None],
    start_up: Start,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = files.place().read_bytes()
    with monkeypatch.context() as broken, qtbot.captureExceptions() as heard:
        place(broken)
        controller = start_up()
        wholly_shown(controller, qtbot)
        assert controller.session.preset == NETWORK
        assert controller.window.theme.name == "dark"  # the look is as it was
        assert "the last session could not be shown" in said(controller)
        assert MEANT in said(controller)
        aside = files.place().with_name("settings-not-understood.toml")
        assert f"the file is kept as {aside}" in said(controller)
        assert aside.read_bytes() == before
        controller.window.close()
    assert heard or caplog.records
    assert not load()[0].touched  # what came in its place is nobody's work
    again = start_up()
    wholly_shown(again, qtbot)
    assert said(again) == ""
    assert again.session.preset == NETWORK
    assert WindowFiles().kept() == ()


@pytest.mark.parametrize("name", ["show_view", "_paint"])
def test_a_panel_that_shows_no_session_costs_none(
    name: str,
    stored: Session,
    start_up: Start,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def wrong(*_: object) -> None:
        raise TypeError(MEANT)

    with monkeypatch.context() as broken, qtbot.captureExceptions() as heard:
        broken.setattr(PictureCanvas, name, wrong)
        controller = start_up()
        wholly_shown(controller, qtbot)
        assert controller.session == stored
        controller.edit("", actions.set_batch, 99)
        controller.window.close()
    assert heard or caplog.records
    assert load()[0].session == actions.set_batch(stored, 99)  # it is no session's fault


def test_a_theme_that_fails_costs_no_session(
    stored: Session, start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, qtbot.captureExceptions():
        broken.setattr(PictureCanvas, "set_theme", lambda *_: 1 / 0)
        controller = start_up()
        wholly_shown(controller, qtbot)
    assert controller.session == stored


@pytest.mark.usefixtures("stored")
def test_a_layout_that_always_fails_is_left_out(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start_up()
    first.window.go_to("clock")
    first.window.close()
    real = Docks.restore_all

    def wrong(self: Docks, layouts: dict[str, bytes], workspace: str) -> None:
        if layouts:
            raise TypeError(MEANT)
        real(self, layouts, workspace)

    monkeypatch.setattr(Docks, "restore_all", wrong)
    with qtbot.captureExceptions():
        controller = start_up()
    assert controller.window.docks.workspace == "picture"
    assert controller.window.isVisible()
    assert MEANT in said(controller)


def test_settings_that_once_stopped_every_start(start_up: Start, qtbot: QtBot) -> None:
    """A list of one product of one number by one number."""
    files.place().parent.mkdir(parents=True)
    files.place().write_text(
        'version = 1\n[session]\nbatch = 1\ndtype = "float16"\ndevice = "h100"\n'
        '[session.network]\nlist = "# name: l5\\nm,n,k,count,name\\n1,1,1,1,product 1\\n"\n'
    )
    controller = start_up()
    wholly_shown(controller, qtbot)
    assert controller.session.network.name == "l5"
    assert said(controller) == ""
    for dock in controller.window.docks.all.values():
        dock.show()
        dock.raise_()
        qtbot.wait(1)
    assert not controller.window.apart.failed


DIES = """
import os, sys
from mmviz.files import networks
from mmviz.ui.shell import wishes as controller
from mmviz.ui.start.app import application, start
app = application()
real = controller.derive
def derive(session, *rest):
    if session.batch == 77 or len(sys.argv) > 1:
        os._exit(9)
    return real(session, *rest)
controller.derive = derive
window = start(None, None).window
print(window.notice.text.text())
window.close()
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", DIES, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_session_that_ends_the_process_is_left_out_at_the_next_start(stored: Session) -> None:
    """A crash, or a freeze that somebody put an end to: no handler ever hears of it."""
    before = files.place().read_bytes()
    assert run().returncode == 9
    assert load()[0].session == stored  # it may have been something else: nothing is lost yet
    second = run()
    assert second.returncode == 0, second.stderr
    assert second.stdout.startswith("mmviz ended the last time before all was shown")
    aside = files.place().with_name("settings-not-understood.toml")
    assert aside.read_bytes() == before
    third = run()
    assert (third.returncode, third.stdout) == (0, "\n")


@pytest.mark.usefixtures("stored")
def test_what_ends_every_start_is_met_with_less_and_less() -> None:
    for _ in range(4):
        assert run("always").returncode == 9
    [mark] = WindowFiles().folder.glob("*.open")
    assert mark.read_text().split()[-1] == str(app_module.PLAIN)
    assert files.place().exists()


def test_a_named_network_that_cannot_be_shown_leaves_the_last_session(
    stored: Session, start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, qtbot.captureExceptions() as heard:
        broken.setattr(wishes_module, "derive", None)
        with pytest.raises(
            InputError, match=r"^VGG-16 classifier cannot be shown: an error in mmviz itself"
        ):
            start_up("vgg16")
    assert [kind for kind, _, _ in heard] == [TypeError]
    assert load()[0].session == stored


def test_what_is_raised_on_purpose_is_no_error_of_the_program(qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as heard:
        assert str(passed_on(networks.InputError("meant"))) == "meant"
        assert "KeyError" in str(passed_on(KeyError("meant")))
    assert [kind for kind, _, _ in heard] == [KeyError]


def test_what_killed_writers_left_is_cleaned_at_the_start(
    start_up: Start, user_folders: Path
) -> None:
    left = []
    for folder in (files.place().parent, user_folders / "data" / "mmviz" / "devices"):
        folder.mkdir(parents=True)
        left.append(folder / ".settings-999999999-0123abcd.toml")
        left[-1].write_bytes(b"half")
        (folder / "mine.toml.bak").write_bytes(b"")
        os.utime(folder / "mine.toml.bak", (0, 0))
    start_up("two-by-two")
    assert not any(path.exists() for path in left)
    assert all((path.parent / "mine.toml.bak").exists() for path in left)
