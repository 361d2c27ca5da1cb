"""A click beside the handle of a slider goes to the place clicked, on every slider there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QSlider, QWidget
from pytestqt.qtbot import QtBot

from mmviz.core.recording.recording import Recording
from mmviz.state.session import Session
from mmviz.ui.look.place_slider import PlaceSlider
from mmviz.ui.recording.lanes import LanesPanel
from mmviz.ui.shell.controller import Controller
from mmviz.ui.timeline.wave_ticks import SLIDER_EDGE
from tests.plugins import recordings

Open = Callable[..., Controller]
LEFT = Qt.MouseButton.LeftButton
SHARES = 0.75, 0.25, 0.0, 1.0, 0.5


def at(slider: QSlider, share: float) -> QPoint:
    """A place of the groove, above the height of the handle."""
    room = slider.width() - 2 * SLIDER_EDGE
    return QPoint(round(SLIDER_EDGE + share * room), slider.height() // 2 - 2)


def shows(slider: QSlider) -> float:
    return (slider.value() - slider.minimum()) / (slider.maximum() - slider.minimum())


def drag(slider: QSlider, start: float, end: float) -> None:
    QTest.mousePress(slider, LEFT, pos=at(slider, start))
    QTest.mouseMove(slider, at(slider, (start + end) / 2))
    QTest.mouseMove(slider, at(slider, end))
    QTest.mouseRelease(slider, LEFT, pos=at(slider, end))


def test_the_clocks_slider_goes_where_it_is_clicked(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    slider = controller.window.transport.slider
    for share in SHARES:
        qtbot.mouseClick(slider, LEFT, pos=at(slider, share))
        assert controller.playback.position == pytest.approx(share, abs=0.01)
    drag(slider, 0.2, 0.6)  # begun beside the handle
    assert controller.playback.position == pytest.approx(0.6, abs=0.01)
    drag(slider, 0.6, 0.3)  # and on it
    assert controller.playback.position == pytest.approx(0.3, abs=0.01)


def test_above_and_below_the_handle_is_on_it(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    slider = controller.window.transport.slider
    for y in (0, slider.height() - 1):
        qtbot.mouseClick(slider, LEFT, pos=QPoint(at(slider, 0.7).x(), y))
        assert controller.playback.position == pytest.approx(0.7, abs=0.01)
        QTest.mousePress(slider, LEFT, pos=QPoint(at(slider, 0.7).x(), y))
        QTest.mouseMove(slider, at(slider, 0.4))
        QTest.mouseRelease(slider, LEFT, pos=at(slider, 0.4))
        assert controller.playback.position == pytest.approx(0.4, abs=0.01)


def test_the_slider_of_a_recording_too(qtbot: QtBot, open_on: Open) -> None:
    shape = recordings.product(512, 512, 256)
    made: Recording = recordings.recording(shape, "v100", tile=(64, 64), noise=0.2)
    controller = open_on(Session(made.of.workload, device="v100", tile=(64, 64)))
    controller.window.go_to("recording")
    controller.found_out(lambda facts: facts.with_recording(made))
    lanes = controller.window.findChild(LanesPanel)
    assert isinstance(lanes, LanesPanel)
    slider = lanes.transport.slider
    qtbot.waitUntil(slider.isVisible)
    for share in SHARES:
        qtbot.mouseClick(slider, LEFT, pos=at(slider, share))
        assert shows(slider) == pytest.approx(share, abs=0.01)
        assert controller.playback.position == pytest.approx(share, abs=0.01)


def test_the_batchs_too_and_a_drag_is_one_step_back(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on("alexnet")
    slider = controller.window.top.slider
    for share in SHARES:
        qtbot.mouseClick(slider, LEFT, pos=at(slider, share))
        assert controller.session.batch == pytest.approx(2 ** (16 * share), rel=0.3)
    before = controller.session.batch
    drag(slider, 0.1, 0.9)
    assert controller.session.batch > before
    controller.window.commands["undo"].trigger()
    assert controller.session.batch == before


def test_there_is_no_other_kind_of_slider(open_on: Open) -> None:
    open_on("alexnet")
    windows: list[QWidget] = QApplication.topLevelWidgets()
    found = [slider for window in windows for slider in window.findChildren(QSlider)]
    assert found
    assert all(isinstance(slider, PlaceSlider) for slider in found)
