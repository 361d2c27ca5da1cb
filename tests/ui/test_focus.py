"""Wherever Tab stops, one sees it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from windows import tab_stops

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.picture.playback import Playback
from mmviz.state.session import open_file
from mmviz.state.workspaces import NAMED
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.dock import Dock
from mmviz.ui.shell.docks import DIRECT
from tests.plugins import recordings

Open = Callable[..., Controller]
SEEN = 40  # pixels that have to look otherwise, by CHANGE in all three colours together
CHANGE = 60


def pixels(window: QWidget, box: QRect) -> np.ndarray:
    image = window.grab(box).toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.sizeInBytes())
    raw = np.frombuffer(bytes(bits), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), :3].astype(np.int64)


def unseen(window: QWidget) -> tuple[list[str], int]:
    """Stops that look the same with the focus and without it, and how many stops there are."""
    bad, n = [], 0
    for stop in tab_stops():
        n += 1
        assert stop.window() is window, stop
        corner = stop.mapTo(window, QPoint(0, 0))
        box = QRect(corner, stop.size()).adjusted(-22, -8, 22, 8).intersected(window.rect())
        if box.isEmpty():
            bad.append(f"{type(stop).__name__} {stop.accessibleName()!r} lies outside: {corner}")
            continue
        stop.clearFocus()
        QApplication.processEvents()
        before = pixels(window, box)
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        after = pixels(window, box)
        changed = int((np.abs(after - before).sum(axis=2) >= CHANGE).sum())
        if changed < SEEN:
            name = stop.accessibleName() or getattr(stop, "text", str)()
            bad.append(f"{type(stop).__name__} {name!r} {stop.objectName()}: {changed} pixels")
    return bad, n


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("place", [workspace.id for workspace in NAMED])
def test_every_stop_of_tab_shows_its_focus(open_on: Open, place: str, theme: Theme) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = open_on(session, theme, size=(1680, 1050))
    window = controller.window
    controller.set_playback(Playback(position=0.4))
    window.go_to(place)
    ran = recordings.recording(session.network, "a100", session.batch)
    controller.found_out(lambda facts: facts.with_recording(ran))
    QApplication.processEvents()
    found: list[str] = []
    stops = 0
    bars = [bar for bar in window.findChildren(QTabBar, options=DIRECT) if bar.isVisible()]
    for at in range(max(1, *(bar.count() for bar in bars))):  # behind the tabs, too
        for bar in bars:
            bar.setCurrentIndex(min(at, bar.count() - 1))
        QApplication.processEvents()
        window.top.preset.setFocus(Qt.FocusReason.TabFocusReason)
        bad, n = unseen(window)
        found += bad
        stops += n
    assert stops > (30 if place == "recording" else 60)
    assert not found, "\n".join(dict.fromkeys(found))


def test_the_buttons_of_a_message_show_it(open_on: Open) -> None:
    window = open_on("alexnet").window
    window.notice.say("one sentence", folder="/")
    window.top.preset.setFocus(Qt.FocusReason.TabFocusReason)
    stops = [stop for stop in tab_stops() if window.notice.isAncestorOf(stop)]
    assert len(stops) == 2
    for stop in stops:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = pixels(window, window.notice.geometry())
        window.picture.setFocus()
        without = pixels(window, window.notice.geometry())
        assert (np.abs(with_it - without).sum(axis=2) >= CHANGE).sum() >= SEEN


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("command", ["help", "export", "edit_device", "race"])
def test_so_does_every_stop_of_a_window_beside(
    qtbot: QtBot, open_on: Open, command: str, theme: Theme
) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    window = open_on(session, theme, size=(1280, 720)).window
    there = set(QApplication.topLevelWidgets())
    found: list[str] = []

    def look() -> bool:
        beside = QApplication.activeWindow()
        if beside is None or beside in there:
            return False
        QApplication.processEvents()
        first = QApplication.focusWidget() or beside
        first.setFocus(Qt.FocusReason.TabFocusReason)
        bad, n = unseen(beside)
        assert n > 2
        found.extend(bad)
        beside.close()
        return True

    there.discard(window.device_editor)
    window.commands[command].trigger()
    qtbot.waitUntil(look)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("place", [workspace.id for workspace in NAMED])
def test_tab_goes_down_the_window(open_on: Open, place: str) -> None:
    """What stands higher comes first: panels of one column, and in a panel what is at its top."""
    window = open_on("alexnet", size=(1680, 1050)).window
    window.go_to(place)
    QApplication.processEvents()
    window.top.preset.setFocus(Qt.FocusReason.TabFocusReason)
    stops = list(tab_stops())
    bar = [stop for stop in stops if window.top.isAncestorOf(stop)]
    first = stops.index(window.top.preset)
    around = stops[first:] + stops[:first]
    assert around[: bar.index(window.top.help) + 1][-1] is window.top.help  # the bar, to its end
    met: dict[Dock, int] = {}
    for at, stop in enumerate(stops):
        for dock in window.docks.all.values():
            if dock.isAncestorOf(stop) and stop.objectName() != "titlebutton":
                met.setdefault(dock, at)
    for upper, its in met.items():
        for lower, other in met.items():
            one, below = upper.geometry(), lower.geometry()
            if one.bottom() < below.top() and one.left() == below.left():
                assert its < other, (upper.objectName(), lower.objectName())
    sweep = [stop for stop in stops if window.docks.all["sweep"].isAncestorOf(stop)]
    if sweep:
        controls = [stop for stop in sweep if window.sweep.controls.isAncestorOf(stop)]
        assert sweep.index(controls[-1]) < sweep.index(window.sweep.canvas)
