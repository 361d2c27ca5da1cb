"""Wherever Tab stops, one sees it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QTabBar
from windows import tab_stops

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.picture.playback import Playback
from mmviz.state.session import open_file
from mmviz.state.workspaces import WORKSPACES
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.shell.docks import DIRECT
from mmviz.ui.shell.main_window import MainWindow

Open = Callable[..., Controller]
SEEN = 40  # pixels that have to look otherwise, by CHANGE in all three colours together
CHANGE = 60


def pixels(window: MainWindow, box: QRect) -> np.ndarray:
    image = window.grab(box).toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.sizeInBytes())
    raw = np.frombuffer(bytes(bits), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), :3].astype(np.int64)


def unseen(window: MainWindow) -> tuple[list[str], int]:
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
@pytest.mark.parametrize("place", [workspace.id for workspace in WORKSPACES])
def test_every_stop_of_tab_shows_its_focus(open_on: Open, place: str, theme: Theme) -> None:
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = open_on(session, theme, size=(1680, 1050))
    window = controller.window
    controller.set_playback(Playback(position=0.4))
    window.go_to(place)
    QApplication.processEvents()
    found: list[str] = []
    stops = 0
    bars = [bar for bar in window.findChildren(QTabBar, options=DIRECT) if bar.isVisible()]
    for at in range(max(bar.count() for bar in bars)):  # behind the tabs, too
        for bar in bars:
            bar.setCurrentIndex(min(at, bar.count() - 1))
        QApplication.processEvents()
        window.top.preset.setFocus(Qt.FocusReason.TabFocusReason)
        bad, n = unseen(window)
        found += bad
        stops += n
    assert stops > 60
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
