"""The live chart read, looked at closer, and its distribution, as a person does it."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmviz.state.clock.series import COLUMNS
from mmviz.ui.clock.live_chart import LiveChart
from mmviz.ui.look.theme import DARK, LIGHT

QUICK, SLOW, N = 1e-3, 50e-3, 400


@pytest.fixture
def chart(qtbot: QtBot) -> LiveChart:
    """Two backends over one second each: steady, and a step in the middle."""
    made = LiveChart()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.begin(("numpy", "loop"), 1.0, None)
    made.add_samples("numpy", [QUICK] * (N // 2) + [2 * QUICK] * (N // 2), 1.0)
    made.add_samples("loop", [SLOW] * 10, 0.5)
    made.finish()
    QApplication.processEvents()
    made.say()
    return made


def place(chart: LiveChart, share: float, seconds: float) -> QPoint:
    box, (low, high) = chart.plot_box(), chart.axis_range()
    y = box.bottom() - (np.log10(seconds) - low) / (high - low) * box.height()
    return QPointF(box.left() + share * box.width(), y).toPoint()


def said(chart: LiveChart) -> str:
    return chart._foot.reading.whole if chart._foot.reading.isVisible() else ""


def ends(chart: LiveChart) -> tuple[str, str]:
    return chart._foot.labels[0].text(), chart._foot.labels[2].text()


def turn(chart: LiveChart, at: QPoint, notches: int) -> None:
    where, nowhere = QPointF(at), QPoint()
    button, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    for _ in range(abs(notches)):
        by = QPoint(0, 120 if notches > 0 else -120)
        event = QWheelEvent(
            where, QPointF(chart.mapToGlobal(at)), nowhere, by, button, none, phase, False
        )
        QApplication.sendEvent(chart, event)


def test_the_mouse_reads_the_nearest_curve_and_lets_go(chart: LiveChart, qtbot: QtBot) -> None:
    qtbot.mouseMove(chart, place(chart, 0.1, QUICK))
    qtbot.waitUntil(lambda: "NumPy 1.00 ms" in said(chart))
    assert "of 400" in said(chart)
    assert "mean of about 2 passes" in said(chart)
    qtbot.mouseMove(chart, place(chart, 0.9, 2 * QUICK))
    qtbot.waitUntil(lambda: "NumPy 2.00 ms" in said(chart))
    qtbot.mouseMove(chart, place(chart, 0.26, SLOW))
    qtbot.waitUntil(lambda: "Python for-loops 50.0 ms · sample 6 of 10" in said(chart))
    assert "250 ms in" in said(chart)
    qtbot.mouseMove(chart, QPoint(2, 2))
    qtbot.waitUntil(lambda: said(chart) == "")


def test_a_click_keeps_the_sample_and_a_second_one_lets_it_go(
    chart: LiveChart, qtbot: QtBot
) -> None:
    at = place(chart, 0.1, QUICK)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    kept = said(chart)
    assert "NumPy" in kept
    qtbot.mouseMove(chart, place(chart, 0.9, QUICK))
    QApplication.processEvents()
    assert said(chart) == kept
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert not chart._hand.pinned


def test_the_wheel_looks_closer_where_the_mouse_is(chart: LiveChart, qtbot: QtBot) -> None:
    assert ends(chart) == ("0 s", "1 s")
    turn(chart, place(chart, 0.5, QUICK), 5)
    start, end = chart._hand.span
    assert end - start == pytest.approx(1 / 1.25**5)
    assert (start + end) / 2 == pytest.approx(0.5, abs=2e-3)  # the mouse stands on a pixel
    assert ends(chart) != ("0 s", "1 s")
    x, _ = chart.tracks["numpy"].line
    assert x.min() >= 0
    assert x.max() <= 1
    turn(chart, place(chart, 0.5, QUICK), -9)
    assert ends(chart) == ("0 s", "1 s")
    turn(chart, place(chart, 0.9, QUICK), 5)
    assert not len(chart.tracks["loop"].line[0]), "it ended before"
    assert not chart.tracks["loop"].name.text.isVisible()
    qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=place(chart, 0.5, QUICK))
    assert ends(chart) == ("0 s", "1 s")


def test_a_drag_moves_what_is_shown_as_far_as_there_is_something(
    chart: LiveChart, qtbot: QtBot
) -> None:
    turn(chart, place(chart, 0.5, QUICK), 5)
    start, end = chart._hand.span
    here, there = place(chart, 0.8, QUICK), place(chart, 0.3, QUICK)
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=here)
    chart._hand.move(QPointF(there), Qt.MouseButton.LeftButton)
    moved = chart._hand.span
    assert moved[0] > start
    assert moved[1] - moved[0] == pytest.approx(end - start)
    for _ in range(3):
        chart._hand.press(QPointF(here))
        chart._hand.move(QPointF(there), Qt.MouseButton.LeftButton)
    assert chart._hand.span[1] == pytest.approx(1.0)


def test_keys_read_and_look_closer(chart: LiveChart, qtbot: QtBot) -> None:
    def press(key: Qt.Key, shift: bool = False) -> None:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        qtbot.keyClick(chart, key, held)

    chart.setFocus()
    press(Qt.Key.Key_Right)
    first = chart._hand.read
    assert first is not None
    press(Qt.Key.Key_Right)
    assert chart._hand.read == ("numpy", first[1] + 1)
    press(Qt.Key.Key_Down)
    assert chart._hand.read is not None
    assert chart._hand.read[0] == "loop"
    press(Qt.Key.Key_Up)
    for _ in range(3):
        press(Qt.Key.Key_Plus)
    start, end = chart._hand.span
    assert end - start == pytest.approx(1 / 1.25**3)
    press(Qt.Key.Key_Right, shift=True)
    assert chart._hand.span[0] > start
    press(Qt.Key.Key_0)
    assert chart._hand.span == (0.0, 1.0)
    press(Qt.Key.Key_Escape)
    assert said(chart) == ""


def test_samples_that_come_meanwhile_leave_what_is_read_and_shown(chart: LiveChart) -> None:
    chart._hand.press(QPointF(place(chart, 0.1, QUICK)))
    turn(chart, place(chart, 0.1, QUICK), 3)
    span, read = chart._hand.span, chart._hand.read
    chart.add_samples("numpy", [QUICK] * 100, 0.1)
    chart.refresh()
    chart.say()
    assert (chart._hand.span, chart._hand.read) == (span, read)
    assert "of 500" in said(chart)
    chart.begin(("numpy",), 1.0, None)
    assert said(chart) == ""
    assert chart._hand.span == (0.0, 1.0)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_distribution_has_a_bar_where_samples_are(chart: LiveChart, theme: object) -> None:
    chart.set_theme(theme)  # type: ignore[arg-type]
    bars = chart._heaps["numpy"].bars.path().boundingRect()
    assert bars.top() == pytest.approx(np.log10(QUICK), abs=0.05)
    assert bars.bottom() == pytest.approx(np.log10(2 * QUICK), abs=0.05)
    _, y = chart._heaps["numpy"].mark.getData()
    assert 10 ** y[0] == pytest.approx(2 * QUICK, rel=0.012)
    assert len(chart._heaps["loop"].mark.getData()[0]) == 0, "ten samples have no 99 %"


def test_a_narrow_chart_has_no_room_for_the_distribution(chart: LiveChart) -> None:
    assert chart._heap.isVisible()
    chart.resize(270, 200)
    chart.say()
    assert not chart._heap.isVisible()
    chart.resize(900, 300)
    chart.say()
    assert chart._heap.isVisible()


def test_a_chart_without_samples_says_nothing_of_a_distribution(chart: LiveChart) -> None:
    chart.begin(("loop",), 1.0, None)
    chart.add_estimate("loop", 60.0)
    chart.finish()
    assert not chart._heap.isVisible()


def test_a_chart_that_grows_fills_its_place(chart: LiveChart) -> None:
    for width, height in ((270, 200), (500, 240), (300, 240), (460, 300), (900, 340)):
        chart.resize(width, height)
        for _ in range(3):
            QApplication.processEvents()
        assert chart._view.viewport().size() == chart._view.maximumViewportSize()


def test_the_mouse_over_a_chart_without_samples_reads_nothing(chart: LiveChart) -> None:
    chart.begin(("numpy", "loop"), 1.0, None)
    chart.add_samples("numpy", [], 0.5)  # dropped, all of them
    chart._hand.move(QPointF(chart.rect().center()), Qt.MouseButton.NoButton)
    assert said(chart) == ""


def test_the_ends_of_the_axis_never_touch(chart: LiveChart) -> None:
    start, _, end = chart._foot.labels
    seen = set()
    for width in range(160, 400, 10):
        chart.resize(width, 200)
        QApplication.processEvents()
        chart.say()
        QApplication.processEvents()
        seen.add(start.isVisible())
        if start.isVisible():
            room = end.geometry().right() - start.geometry().left() + 1
            assert room - start.sizeHint().width() - end.sizeHint().width() >= 8
    assert True in seen


def test_the_word_below_the_distribution_touches_no_other(chart: LiveChart) -> None:
    for width in range(270, 900, 20):
        chart.resize(width, 200)
        QApplication.processEvents()
        chart.say()
        if chart._heap.isVisible():
            end = chart._foot.labels[2].geometry().right()
            assert chart._heap.sizeHint().width() <= chart._heap.width()
            assert chart._heap.geometry().left() - end >= 8


def test_of_a_hundred_thousand_samples_no_more_is_drawn_than_has_room(chart: LiveChart) -> None:
    chart.begin(("numpy",), 1.0, None)
    thrown = np.random.default_rng(1)
    for _ in range(100):
        chart.add_samples("numpy", np.exp(thrown.normal(-7, 0.1, 1000)).tolist(), 0.01)
        chart.refresh()
    track = chart.tracks["numpy"]
    x, y = track.raw.getData()
    assert len(x) <= 2 * COLUMNS + 2
    values = track.series.values
    assert len(values) == 100_000
    assert 10 ** np.array([y.min(), y.max()]) == pytest.approx([values.min(), values.max()])
