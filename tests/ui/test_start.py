"""What the next start brings back, and what it says where it cannot."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import catalogues
import pseudo
import pytest
from calibrations import measured_here
from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from recordings import recording

from mmviz.backends import registry
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.schedule.trace import idle_in_last_wave
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files import settings as files
from mmviz.files.devices import read_device
from mmviz.files.settings import Stored
from mmviz.files.this_machine import keep
from mmviz.state.first import NETWORK
from mmviz.state.picture.playback import Playback
from mmviz.state.session import MODELLED, open_file
from mmviz.state.settings import load
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.main_window import MainWindow
from mmviz.ui.start.app import application
from mmviz.ui.start.layout import sealed, unsealed
from mmviz.ui.start.screenshot import take
from mmviz.words.speech import speak

Start = Callable[..., Controller]


def shown(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.all.items() if not dock.isHidden()}


def test_the_first_start_is_a_preset_and_offers_the_first_lesson(start_up: Start) -> None:
    controller = start_up()
    assert controller.session.preset == NETWORK
    assert controller.window.notice.text.text().startswith("New here?")
    assert controller.window.isVisible()


@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1400, 900), (1680, 1050)], ids=str)
def test_the_offer_of_the_first_lesson_is_seen_and_covers_no_heading(
    start_up: Start, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = start_up().window
    window.resize(*size)
    with qtbot.waitSignal(window.first_painted):
        pass
    QTest.qWait(20)
    notice, bar = window.notice, window.docks.all["strip"].bar
    assert notice.isVisible()
    assert window.childAt(notice.geometry().center()) in (notice, *notice.findChildren(QWidget))
    heading = bar.findChild(QLabel, "heading")
    assert heading is not None
    assert heading.isVisible()
    place = QRect(heading.mapTo(window, QPoint(0, 0)), heading.size())
    assert not notice.geometry().intersects(place)
    tools = window.picture.bar
    assert not notice.geometry().intersects(QRect(tools.mapTo(window, QPoint(0, 0)), tools.size()))


def test_a_later_start_offers_no_lesson(start_up: Start) -> None:
    start_up().window.close()
    assert not start_up().window.notice.isVisible()


@pytest.mark.parametrize("resized", [False, True])
def test_a_first_window_is_kept_on_the_screen_unless_it_was_given_a_size(
    start_up: Start, qtbot: QtBot, resized: bool
) -> None:
    window = start_up().window
    screen = window.screen()
    assert screen is not None
    if resized:
        window.resize(1280, 720)
    else:
        window.move(300, 200)
    with qtbot.waitSignal(window.first_painted):
        pass
    if resized:
        assert (window.width(), window.height()) == (1280, 720)
    else:
        assert window.frameGeometry().top() >= screen.availableGeometry().top()
        assert window.frameGeometry().bottom() <= screen.availableGeometry().bottom()


def test_the_first_view_is_work_in_full_swing(start_up: Start) -> None:
    """Done, computing and waiting tiles, a last wave with idle units, and seconds everywhere."""
    for _ in range(2):  # the second start has nothing else to show
        controller = start_up()
        trace, playback = controller.derived.trace, controller.playback
        assert trace is not None
        frame = trace.at(playback.position * trace.duration)
        assert not playback.playing
        assert trace.waves >= 3
        assert 0.2 <= idle_in_last_wave(trace) / trace.tiling.units <= 0.75
        assert min(frame.done, frame.computing, frame.waiting) >= 20
        assert trace.clock == "s"
        assert all(cost.error is not None for cost in controller.derived.costs)
        # and Run has samples soon, on whatever computer this is
        assert registry.find("numpy").remark(controller.session.dtype) is None
        assert controller.derived.flop < 20e9
        controller.window.close()


def test_a_network_that_is_named_is_shown_on_a_device_with_times(start_up: Start) -> None:
    controller = start_up("vgg16")
    assert (controller.session.preset, controller.session.device) == ("vgg16", MODELLED)
    assert controller.derived.cost.predicted_s is not None
    controller.window.close()
    assert start_up("two-by-two").session.device == "lanes-16"
    keep(measured_here())
    assert start_up("vgg16").session.device == "this-machine"


def test_the_next_start_is_where_the_last_one_ended(start_up: Start) -> None:
    first = start_up("mlp")
    first.window.commands["theme_light"].trigger()
    first.window.commands["large_type"].trigger()
    first.window.top.training.click()
    first.set_playback(Playback(position=0.5, speed=4.0))
    first.window.docks.all["network"].close()
    first.window.go_to("clock")
    first.window.docks.all["facts"].setFloating(True)
    first.window.close()
    second = start_up()
    window = second.window
    assert (second.session, second.playback) == (first.session, Playback(speed=4.0))
    assert (window.theme, fonts.scale()) == (LIGHT, fonts.LARGE)
    assert window.docks.workspace == "clock"
    assert window.commands["clock"].isChecked()  # its tab is lit, not the one it began with
    assert window.top.places.text() == "Clock ▾"
    assert window.docks.all["facts"].isFloating()
    window.go_to("picture")
    assert "network" not in shown(window)
    assert "strip" in shown(window)
    assert window.commands["picture"].isChecked()


def test_a_network_named_at_the_start_is_opened(start_up: Start) -> None:
    start_up("mlp").window.close()
    assert start_up("vgg16").session.preset == "vgg16"


def test_a_recording_named_at_the_start_is_looked_at(start_up: Start) -> None:
    network = networks.read_preset("alexnet").network
    found = recording(network, batch=8, training=True)
    controller = start_up(found)
    assert controller.session.timed == found.of
    assert controller.session.preset == "alexnet", "it is known by what was computed"
    assert controller.derived.recording is found
    assert controller.window.docks.workspace == "recording"
    assert not controller.history.past, "there was nothing before"


def test_a_theme_named_at_the_start_is_for_that_window(start_up: Start) -> None:
    first = start_up()
    first.window.commands["theme_dark"].trigger()
    first.window.close()
    second = start_up(theme="light")
    assert second.window.theme is LIGHT
    second.window.close()
    assert load()[0].theme == "dark"
    third = start_up(theme="light")
    third.window.commands["theme"].trigger()  # to dark, by hand
    third.window.commands["theme"].trigger()  # and to light again
    third.window.commands["theme_system"].trigger()
    third.window.close()
    assert load()[0].theme == "system"


def test_settings_not_understood_are_a_sentence_in_the_window(start_up: Start) -> None:
    files.place().parent.mkdir(parents=True)
    files.place().write_bytes(b"\xff")
    window = start_up().window
    assert window.notice.isVisible()
    assert "is kept as" in window.notice.text.text()


def test_layouts_the_window_did_not_write_never_reach_qt(start_up: Start) -> None:
    """Text that is none, bytes that are none, and a real layout with one byte another."""
    window = start_up().window
    real = sealed(bytes(window.saveState(1).data()))
    window.close()
    assert unsealed(real)
    for text in ("?", "", "é:", "AAAA", real[:-8], real[1:], real.replace("A", "B", 1)):
        assert unsealed(text) == b""
        layouts = {"picture": text, "clock": text, "kitchen": text}
        files.write(Stored(geometry=text, layouts=layouts, workspace="kitchen"), files.place())
        window = start_up().window
        assert shown(window) == {name for name in window.docks.all if name in window.docks.now}
        assert window.picture.height() >= 200
        window.close()


def test_a_screenshot_neither_reads_nor_writes_settings(tmp_path: Path, user_folders: Path) -> None:
    files.place().parent.mkdir(parents=True)
    files.place().write_bytes(b"\xff")
    application()
    session = open_file(networks.read_preset("two-by-two"))
    take(tmp_path / "x.png", session, size=(1280, 720), at=0.5, theme="dark")
    kept = [path for path in user_folders.rglob("*") if path.is_file()]
    # a graphics driver that is looked for keeps compiled shaders of its own
    assert [path for path in kept if "mesa_shader_cache" not in path.parts] == [files.place()]
    assert files.place().read_bytes() == b"\xff"


def test_backends_are_looked_for_after_the_first_painting(qtbot: QtBot, start_up: Start) -> None:
    controller = start_up("two-by-two")
    assert not controller.window.timing.controls.boxes
    qtbot.waitUntil(lambda: "numpy" in controller.window.timing.controls.boxes)


def test_reduced_motion_is_known_to_the_window(
    start_up: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MMVIZ_REDUCED_MOTION", "1")
    assert start_up().window.reduced_motion


def test_an_entry_under_way_counts_when_the_window_closes(start_up: Start) -> None:
    controller = start_up()
    box = controller.window.top.batch
    box.setFocus()
    box.lineEdit().setText("77")
    controller.window.close()
    session = load()[0].session
    assert session is not None
    assert session.batch == 77


def test_a_name_under_way_counts_when_the_window_closes(start_up: Start) -> None:
    controller = start_up()
    controller.window.activateWindow()
    name = controller.window.network.name
    name.setFocus()
    name.selectAll()
    name.insert("mine")
    controller.window.close()
    session = load()[0].session
    assert session is not None
    assert session.layered.layers[0].name == "mine"


def test_a_closed_window_hears_nothing_of_its_fields(start_up: Start) -> None:
    window = start_up().window
    window.close()
    heard: list[int] = []
    window.top.batch_chosen.connect(heard.append)
    window.top.batch.setValue(78)
    assert heard == []


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", ["en", pseudo.LANGUAGE])
@pytest.mark.parametrize("size", [(400, 400), (1012, 520), (1012, 560), (3000, 330)])
def test_the_size_that_a_screenshot_asks_for_is_large_enough(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    folder = pseudo.write(tmp_path / "languages", catalogues.read(catalogues.TEMPLATE))
    words = speak(language, (folder,))
    session, picture = open_file(networks.read_preset("mlp")), tmp_path / "x.png"
    try:
        take(picture, session, size=size, at=0.5, theme="dark", words=words)
    except InputError as error:
        named = dict(error.cause.values)["needed"].split("x")
        size = max(int(named[0]), size[0]), max(int(named[1]), size[1])
        take(picture, session, size=size, at=0.5, theme="dark", words=words)
    image = QImage(str(picture))
    assert (image.width(), image.height()) == size


@pytest.mark.usefixtures("qapp")
def test_a_screenshot_says_why_it_cannot_be_written_once(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    session = open_file(networks.read_preset("mlp"))
    with pytest.raises(InputError, match=r"cannot write .*x\.png: No space left on device$"):
        take(tmp_path / "x.png", session, size=(1280, 720), at=0.5, theme="dark")
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_a_file_of_a_model_is_a_picture_on_its_device_and_says_what_it_is_for(
    start_up: Start,
) -> None:
    setup = Setup(networks.read_preset("mlp").network, read_device("h100"), 8, dtype="bfloat16")
    controller = start_up(modelled_pass(setup))
    window = controller.window
    assert window.docks.workspace == "picture"
    assert (controller.session.device, controller.session.dtype) == ("h100", "bfloat16")
    assert window.notice.text.text().startswith("this file has a modelled schedule")
    assert window.notice.isVisible()
