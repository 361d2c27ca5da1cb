"""What is done is written soon, by every way a window can end, and beside other windows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files import settings as files
from mmviz.files.lessons.shelf import read_shelf
from mmviz.files.window_files import WindowFiles
from mmviz.state import actions
from mmviz.state import settings as state
from mmviz.state.derived import Derived, derive
from mmviz.state.facts import Facts
from mmviz.state.lessons.opening import LessonAt, lesson_at
from mmviz.state.session import Session
from mmviz.state.settings import Settings, load
from mmviz.text import N_
from mmviz.ui.learn.recipe import RecipeFields
from mmviz.ui.learn.teaching import TeachingPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start import leaving
from mmviz.ui.start import remember as remember_module
from mmviz.ui.start.app import application, start
from mmviz.ui.start.leaving import save_when_told
from mmviz.ui.start.other_sessions import MENU
from mmviz.ui.start.remember import Remembering

Start = Callable[..., Controller]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
PATIENCE_S = 60  # a loaded machine is slow, not wrong


@pytest.fixture
def start_up(start_up: Start, qtbot: QtBot) -> Start:
    """A window that was shown whole, of which everything is written."""

    def call(what: str | LessonAt | None = None) -> Controller:
        controller = start_up(what)
        qtbot.waitUntil(lambda: written(controller))
        return controller

    return call


def memory(controller: Controller) -> Remembering:
    found = controller.findChild(Remembering)
    assert found is not None
    return found


def written(controller: Controller) -> bool:
    """Nothing is left to write."""
    of = memory(controller)
    waits = of._soon.isActive() or of._beside.working or of._reading.working
    return of._on and not waits and of._wanted()[0] == of._writer.last


def said(controller: Controller) -> str:
    notice = controller.window.notice
    return notice.text.text() if notice.isVisible() else ""


def stored_batch() -> int | None:
    session = load()[0].session
    return None if session is None else session.batch


def set_batch(controller: Controller, batch: int) -> None:
    controller.edit("", actions.set_batch, batch)


def test_an_edit_is_written_soon_and_not_by_the_thread_that_paints(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    by: list[threading.Thread] = []
    real = files.write

    def write(*arguments: object) -> None:
        by.append(threading.current_thread())
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "write", write)
    set_batch(controller, 77)
    qtbot.waitUntil(lambda: written(controller))
    assert stored_batch() == 77
    assert threading.main_thread() not in by
    controller.window.commands["undo"].trigger()
    qtbot.waitUntil(lambda: written(controller))
    assert stored_batch() == networks.read_preset("mlp").batch


def test_many_edits_are_one_writing(start_up: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = start_up("mlp")
    monkeypatch.setattr(remember_module, "EVERY_MS", 1_000_000)
    saved: list[Settings] = []
    monkeypatch.setattr(state, "save", lambda settings, *_, **__: saved.append(settings))
    for batch in range(1, 40):
        set_batch(controller, batch)
        QApplication.processEvents()
    assert saved == []  # the last was a moment ago, and the next is an age away
    assert memory(controller)._soon.isActive()
    controller.window.close()
    assert [settings.session and settings.session.batch for settings in saved] == [39]


def test_the_look_is_written_too(start_up: Start, qtbot: QtBot) -> None:
    controller = start_up("mlp")
    window = controller.window
    before = load()[0]
    window.resize(window.width() - 40, window.height() - 40)
    window.commands["clock"].trigger()
    window.commands["theme_light"].trigger()
    qtbot.waitUntil(lambda: written(controller))
    after = load()[0]
    assert after.geometry != before.geometry
    assert (after.workspace, after.theme) == ("clock", "light")
    window.docks.all["sweep"].setFloating(True)
    qtbot.waitUntil(lambda: load()[0].layouts["clock"] != after.layouts["clock"])


def test_a_start_at_a_lesson_leaves_the_last_session_the_last(
    start_up: Start, qtbot: QtBot
) -> None:
    first = start_up("mlp")
    first.window.top.training.click()
    qtbot.waitUntil(lambda: first.session.training)
    kept = first.session
    first.window.close()
    learner = start_up(lesson_at("neuron/2", read_shelf()))
    assert learner.session != kept
    assert learner.to_keep == kept
    learner.window.close()
    again = start_up()
    assert again.session == kept
    assert not again.window.notice.isVisible()
    assert not WindowFiles().kept()  # no other window's took its place


def test_a_lesson_that_is_left_is_left_for_the_last_session(start_up: Start, qtbot: QtBot) -> None:
    first = start_up("mlp")
    kept = first.session
    first.window.close()
    learner = start_up(lesson_at("neuron", read_shelf()))
    learner.window.card.leave_asked.emit()
    qtbot.waitUntil(lambda: learner.session == kept)
    learner.window.close()


def test_the_recipe_of_a_lesson_comes_back(start_up: Start, qtbot: QtBot) -> None:
    first = start_up()
    recipe = recipe_of(first)
    recipe.loss.choose("squared error")
    recipe.pace.choose(None)
    recipe.until.setCurrentIndex(1)
    recipe.until.activated.emit(1)
    for box, value in ((recipe.batch, 17), (recipe.lasts, 33), (recipe.seed, 4)):
        box.setValue(value)
    recipe.rate.setValue(0.25)
    wished = recipe.wished()
    qtbot.waitUntil(lambda: written(first))
    first.window.close()
    again = recipe_of(start_up())
    assert again.wished() == wished
    assert (wished.epochs, wished.seconds, wished.pace) == (None, 33.0, None)


def recipe_of(controller: Controller) -> RecipeFields:
    panel = controller.window.panels["teaching"]
    assert isinstance(panel, TeachingPanel)
    return panel.recipe


def test_what_does_not_change_is_not_written(
    start_up: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    saved: list[Settings] = []
    monkeypatch.setattr(state, "save", lambda settings, *_, **__: saved.append(settings))
    controller.found_out(lambda facts: facts)
    memory(controller)._write_beside()
    assert saved == []


def test_what_is_to_be_written_is_not_looked_for_all_the_time(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    qtbot.waitUntil(lambda: written(controller))
    of, looks = memory(controller), []
    monkeypatch.setattr(remember_module, "EVERY_MS", 600_000)
    monkeypatch.setattr(of, "_at", of._at - 3_600)
    real = of._wanted
    monkeypatch.setattr(of, "_wanted", lambda *now: looks.append(True) or real(*now))
    of._write_beside()
    for _ in range(3):  # as a lesson does, ten times a second
        controller.found_out(lambda facts: facts)
        qtbot.wait(2 * remember_module.SOON_MS)
    assert len(looks) == 1


def test_what_cannot_be_written_is_said_once_and_written_when_it_can_be(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    notice = controller.window.notice
    told: list[str] = []
    with monkeypatch.context() as full:
        full.setattr(remember_module, "EVERY_MS", 0)
        full.setattr(files.atomic, "write_bytes", no_room)
        real = notice.say
        full.setattr(notice, "say", lambda text, **how: (told.append(str(text)), real(text, **how)))
        for batch in (70, 71, 72):
            tries = len(told)
            set_batch(controller, batch)
            qtbot.waitUntil(lambda: not memory(controller)._soon.isActive())
            qtbot.waitUntil(lambda: not memory(controller)._beside.working)
            assert tries <= len(told)
    kept = [text for text in told if "cannot be kept" in text]
    assert kept == ["the session cannot be kept for the next start: no room"]
    assert stored_batch() != 72
    set_batch(controller, 73)
    qtbot.waitUntil(lambda: written(controller))
    assert stored_batch() == 73


def no_room(*_: object) -> None:
    raise InputError("no room")


def test_a_folder_that_cannot_be_written_is_said_at_the_start(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(files, "place", lambda: tmp_path / "file" / "settings.toml")
    application()
    controller = start(None, None)
    qtbot.addWidget(controller.window)
    qtbot.waitUntil(lambda: "cannot make the folder" in said(controller))
    assert "\n" not in said(controller)
    controller.window.close()


def test_at_the_end_it_is_said_where_somebody_reads_it(
    start_up: Start, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    controller = start_up("mlp")
    monkeypatch.setattr(files.atomic, "write_bytes", no_room)
    set_batch(controller, 70)
    controller.window.close()
    assert capsys.readouterr().err.endswith(
        "mmviz: the session cannot be kept for the next start: no room\n"
    )


def wrong(*_: object) -> None:
    raise ZeroDivisionError("meant")


@pytest.mark.parametrize("name", ["show_view", "_paint"])
def test_a_session_that_breaks_a_panel_is_never_written(
    name: str,
    start_up: Start,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    controller = start_up("mlp")
    set_batch(controller, 50)
    qtbot.waitUntil(lambda: written(controller))
    with monkeypatch.context() as broken, qtbot.captureExceptions() as heard:
        broken.setattr(controller.window.picture, name, wrong)
        set_batch(controller, 66)
        qtbot.waitUntil(lambda: "the next start brings back the session" in said(controller))
        controller.window.commands["theme_light"].trigger()
        qtbot.waitUntil(lambda: load()[0].theme == "light")  # the look is written all the same
        assert stored_batch() == 50
        assert "ZeroDivisionError: meant; " in said(controller)
    assert heard or caplog.records
    set_batch(controller, 67)
    controller.window.picture.update()
    qtbot.waitUntil(lambda: stored_batch() == 67)


def test_closed_while_it_is_broken_the_last_good_one_stays(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    set_batch(controller, 50)
    qtbot.waitUntil(lambda: written(controller))
    with qtbot.captureExceptions():
        monkeypatch.setattr(controller.window.picture, "show_view", wrong)
        set_batch(controller, 66)
        controller.window.close()
    assert stored_batch() == 50


@pytest.mark.parametrize(("wanted", "kept"), [(9, 9), (10, 8)])
def test_a_wish_that_is_not_shown_yet_is_kept_where_it_can_be(
    wanted: int, kept: int, start_up: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(session: Session, facts: Facts) -> Derived:
        if session.batch == 10:
            raise InputError(N_("meant"))
        return derive(session, facts)

    controller = start_up("mlp")
    set_batch(controller, 8)
    monkeypatch.setattr(controller.beside, "ask", lambda *_: None)
    monkeypatch.setattr("mmviz.ui.shell.wishes.is_long", lambda *_: True)
    monkeypatch.setattr(remember_module, "derive", refused)
    set_batch(controller, wanted)
    assert controller.working
    controller.window.close()
    assert stored_batch() == kept


def test_a_look_that_cannot_be_had_costs_no_session(
    start_up: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = start_up("mlp")
    with qtbot.captureExceptions() as heard:
        monkeypatch.setattr(controller.window.docks, "all_saved", wrong)
        set_batch(controller, 66)
        qtbot.waitUntil(lambda: stored_batch() == 66)
        controller.window.close()
    assert heard


def offered(controller: Controller) -> list[str]:
    networks_menu = controller.window.top.preset.menu()
    assert networks_menu is not None
    menu = networks_menu.findChild(QMenu, "sessions")
    if menu is None:
        return []
    assert menu.title() == MENU
    return [action.text() for action in menu.actions()]


def test_two_windows_and_the_work_of_both_comes_back(start_up: Start, qtbot: QtBot) -> None:
    one, other = start_up("mlp"), start_up("mlp")
    set_batch(one, 70)
    qtbot.waitUntil(lambda: written(one))
    set_batch(other, 71)
    qtbot.waitUntil(lambda: written(other))
    one.window.close()
    other.window.close()
    third = start_up()
    assert third.session.batch == 71
    [label] = offered(third)
    assert label.startswith("Digits, three layers, batch 70 · 20")
    assert said(third) == (
        "the session of another window, Digits, three layers, is kept: in the menu of networks, "
        "below Save"
    )
    menu = third.window.top.preset.menu()
    assert menu is not None
    found = menu.findChild(QMenu, "sessions")
    assert found is not None
    found.actions()[0].trigger()
    assert third.session.batch == 70
    third.window.commands["undo"].trigger()
    assert third.session.batch == 71
    third.window.close()
    fourth = start_up()
    assert said(fourth) == ""  # said once, and offered still
    assert len(offered(fourth)) == 1


def test_a_window_opened_on_a_network_keeps_the_work_of_before(start_up: Start) -> None:
    first = start_up()
    set_batch(first, 70)
    first.window.close()
    start_up("vgg16").window.close()  # looked at, and nothing done
    start_up("mlp").window.close()
    last = start_up()
    assert last.session.preset == "mlp"
    [label] = offered(last)
    assert label.startswith("BERT-base feed-forward, batch 70 · ")


def test_a_log_out_saves_and_the_end_of_the_program_too(start_up: Start) -> None:
    controller = start_up("mlp")
    app = application()
    before = app.receivers(app.commitDataRequest), app.receivers(app.aboutToQuit)
    of = memory(controller)
    save_when_told(app, of.now, of.finish)
    assert app.receivers(app.commitDataRequest) == before[0] + 1
    set_batch(controller, 44)
    of.now()  # as the log-out asks for it: the window stays
    assert stored_batch() == 44
    assert of.files.kept() == ()
    set_batch(controller, 45)
    app.aboutToQuit.emit()
    assert stored_batch() == 45
    app.aboutToQuit.disconnect()
    app.commitDataRequest.disconnect()


PROBE = """
import os, sys
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QMessageBox
from mmviz.cli import run
from mmviz.state import actions
from mmviz.ui.start import app as module
application = module.application()
real = module.start

def start(*arguments):
    controller = real(*arguments)
    def edit():
        for batch in sys.argv[2].split(","):
            controller.edit("", actions.set_batch, int(batch))
        print("edited", flush=True)
        if sys.argv[1] == "dialog":
            QMessageBox.information(controller.window, "title", "text")
            print("dialog closed", flush=True)
    controller.window.first_painted.connect(lambda: QTimer.singleShot(0, edit))
    return controller

module.start = start
sys.exit(run(sys.argv[3:]))
"""


@contextmanager
def begun(kind: str, batches: str, *network: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """The real command, which has edited its session."""
    with subprocess.Popen(
        [sys.executable, "-c", PROBE, kind, batches, *network],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "edited\n", process.communicate()[1]
            yield process
        finally:
            process.kill()


@posix
@pytest.mark.parametrize(
    ("name", "kind"),
    [("SIGINT", "plain"), ("SIGTERM", "plain"), ("SIGHUP", "plain"), ("SIGTERM", "dialog")],
)
def test_a_signal_saves_as_closing_does(name: str, kind: str) -> None:
    with begun(kind, "77", "mlp") as process:
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, errors.replace(QUIET, "")) == (0, "")
    assert stored_batch() == 77
    assert list(WindowFiles().folder.glob("*.open")) == []


QUIET = "This plugin does not support propagateSizeHints()\n"  # of the offscreen platform


@posix
def test_whoever_is_killed_has_what_was_done_a_moment_ago(qtbot: QtBot) -> None:
    with begun("plain", "70,71,77", "mlp") as process:
        qtbot.waitUntil(lambda: stored_batch() == 77, timeout=1000 * PATIENCE_S)
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    window = WindowFiles()
    assert window.begin() == 0  # it was shown whole: nothing to be careful about
    assert stored_batch() == 77


def test_a_lost_display_loses_nothing_that_was_done_a_moment_ago(xvfb: str, qtbot: QtBot) -> None:
    env = {"DISPLAY": xvfb, "QT_QPA_PLATFORM": "xcb"}
    with begun("plain", "77", "mlp", **env) as process:
        qtbot.waitUntil(lambda: stored_batch() == 77, timeout=1000 * PATIENCE_S)
        kill_display()
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    assert stored_batch() == 77


def kill_display() -> None:
    """The server that the fixture started."""
    [server] = [child for child in psutil.Process().children() if child.name() == "Xvfb"]
    server.kill()


@posix
def test_two_processes_lose_nothing() -> None:
    with begun("plain", "70", "mlp") as one, begun("plain", "71", "mlp") as other:
        for process in (one, other):
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_S)
    last = stored_batch()
    window = WindowFiles()
    beside = [session.batch for _, session in state.others(window)]
    assert sorted([last or 0, *beside]) == [70, 71]


@posix
def test_a_signal_that_comes_early_leaves_no_suspicion() -> None:
    begins = "    controller = real(*arguments)\n"
    early = PROBE.replace(begins, f"    os.kill(os.getpid(), 15)\n{begins}")
    done = subprocess.run(
        [sys.executable, "-c", early, "plain", "77", "mlp"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    assert list(WindowFiles().folder.glob("*.open")) == []


@posix
@pytest.mark.usefixtures("qapp")
def test_who_is_to_outlive_the_terminal_does() -> None:
    before = {name: signal.getsignal(getattr(signal, name)) for name in ("SIGHUP", "SIGTERM")}
    before["SIGINT"] = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        app = application()
        leaving.heed_signals(app)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
        for timer in app.findChildren(leaving.QTimer):
            timer.stop()
            timer.deleteLater()
