"""Pins A and B on a sweep, and a closer look at it, as a person places and takes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from mmviz import units
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.verdict import Figure, judge
from mmviz.files.devices import read_device
from mmviz.files.networks import find
from mmviz.state import actions
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.choice import BATCH, BOTH, WIDTH, SweepChoice
from mmviz.state.sweep.values import ENERGY, FASTER, VALUES
from mmviz.ui.shell.controller import Controller
from mmviz.ui.sweep.panel import SweepPanel
from mmviz.words.sweep import step_lines

Open = Callable[..., Controller]
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def session(dtype: str = "float16") -> Session:
    return replace(open_file(find("4096-11008-4096")), device="rtx4090", dtype=dtype)


def seen(qtbot: QtBot, controller: Controller, **choice: object) -> SweepPanel:
    """The sweep of the Clock workspace, priced."""
    panel = controller.window.sweep
    if choice:
        controller.edit("", actions.set_sweep, replace(SweepChoice(), **choice))  # type: ignore[arg-type]
    controller.window.go_to("clock")
    controller.window.docks.all["sweep"].raise_()
    priced(qtbot, panel)
    return panel


def priced(qtbot: QtBot, panel: SweepPanel) -> None:
    qtbot.waitUntil(lambda: panel.chart is not None and not panel.sweeper.working)


def spot(panel: SweepPanel, batch: int) -> QPoint:
    """Where a batch is, of those that are seen."""
    axes = panel.canvas.axes()
    assert axes is not None
    return axes.place(axes.chart.x.tolist().index(batch)).toPoint()


def said(panel: SweepPanel) -> list[str]:
    return [label.text() for label in panel.pins.said if label.isVisible()]


def wheel(panel: SweepPanel, at: QPoint, notches: int) -> None:
    for _ in range(abs(notches)):
        turned = QPoint(0, 120 if notches > 0 else -120)
        event = QWheelEvent(
            QPointF(at),
            QPointF(panel.canvas.mapToGlobal(at)),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(panel.canvas, event)
    QApplication.processEvents()


def type_into(qtbot: QtBot, field: QLineEdit | None, text: str) -> None:
    assert field is not None
    QTest.mouseDClick(field, LEFT)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def test_two_typed_batches_are_compared_in_words(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session(), size=(1280, 720)))
    assert "to compare two points" in " ".join(said(panel))
    for box, batch in zip(panel.pins.boxes, (96, 128), strict=True):
        type_into(qtbot, box.lineEdit(), str(batch))
    priced(qtbot, panel)
    device = read_device("rtx4090")
    costs = [price(Setup(find("4096-11008-4096").network, device, b, dtype="float16"))
             for b in (96, 128)]  # fmt: skip
    each = [Figure(cost.predicted_s or 0.0, cost.error).per(b) for cost, b in
            zip(costs, (96, 128), strict=True)]  # fmt: skip
    verdict = judge(*each)
    assert verdict.better == 1
    first, second = said(panel)
    assert f"per example: B takes {100 * (1 - verdict.share):.1f} %" in first
    assert "modelled" in first
    assert second.startswith("a pass: too close to call; A ")
    # within the error nothing is called better; and so it is for the reading of both
    off = judge(*(Figure(cost.predicted_s or 0.0, cost.error) for cost in costs))
    assert (off.better, off.why_none) == (None, "close")


def test_without_an_error_there_are_the_figures_and_no_verdict(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session("float64")), pinned_batches=(96, 128))
    network, device = find("4096-11008-4096").network, read_device("rtx4090")
    a, b = [price(Setup(network, device, batch, dtype="float64")).predicted_s or 0.0
            for batch in (96, 128)]  # fmt: skip
    apart = 1 - (b / 128) / (a / 96), 1 - a / b
    assert [line.split(";")[0] for line in said(panel)] == [
        f"per example: error unknown, by these figures B takes {100 * apart[0]:.3g} % less",
        f"a pass: error unknown, by these figures A takes {100 * apart[1]:.3g} % less",
    ]


def test_until_two_are_pinned_the_largest_step_stands_there_and_its_tip_has_them_all(
    qtbot: QtBot, open_on: Open
) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)))
    found = panel.canvas.chart.found if panel.canvas.chart is not None else None
    assert found is not None
    told = [str(line) for line in step_lines(found)]
    assert len(told) > 2
    first = panel.pins.said[0]
    assert first.isVisible()
    assert first.whole == f"largest step: {told[1].strip()}"
    assert re.search(r"\+\d+ %", first.whole)
    assert [line for line in told if line not in first.toolTip()] == []
    type_into(qtbot, panel.pins.boxes[0].lineEdit(), "96")
    assert said(panel)[0].startswith("largest step")
    type_into(qtbot, panel.pins.boxes[1].lineEdit(), "128")
    priced(qtbot, panel)
    assert said(panel)[0].startswith("per example")
    assert "largest" not in first.toolTip()


def test_pins_are_placed_by_clicks_and_undone(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, batches=(1, 64))
    batch = controller.session.batch
    qtbot.mouseClick(panel.pins.buttons[0], LEFT)
    assert panel.canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    qtbot.mouseClick(panel.canvas, LEFT, pos=spot(panel, 20))
    assert controller.session.sweep.pinned_batches == (20, 0)
    assert panel.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert "one more pin" in " ".join(said(panel))
    qtbot.mouseClick(panel.canvas, LEFT, SHIFT, spot(panel, 40))  # the one that stands nowhere
    qtbot.mouseClick(panel.canvas, LEFT, SHIFT, spot(panel, 45))  # the nearer
    assert controller.session.sweep.pinned_batches == (20, 45)
    assert controller.session.batch == batch  # nothing was entered
    priced(qtbot, panel)
    assert len(said(panel)) == 2
    qtbot.keyClick(controller.window, Key.Key_Z, CONTROL)
    assert controller.session.sweep.pinned_batches == (20, 40)
    qtbot.keyClick(controller.window, Key.Key_Z, CONTROL | SHIFT)
    qtbot.mouseClick(panel.pins.clear, LEFT)
    assert controller.session.sweep.pinned_batches == (0, 0)
    assert panel.pins.clear.isHidden()


def test_a_flag_is_dragged_along(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, batches=(1, 64), pinned_batches=(20, 40))
    axes = panel.canvas.axes()
    assert axes is not None
    start = QPoint(spot(panel, 40).x(), round(axes.plot.top()) + 6)
    QTest.mousePress(panel.canvas, LEFT, pos=start)
    for batch in (45, 50):
        QTest.mouseMove(panel.canvas, QPoint(spot(panel, batch).x(), start.y() + 200))
        QApplication.processEvents()
    QTest.mouseRelease(panel.canvas, LEFT, pos=QPoint(spot(panel, 50).x(), start.y() + 200))
    assert controller.session.sweep.pinned_batches == (20, 50)
    assert controller.session.batch != 50


def test_pins_by_keys(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session())
    panel = seen(qtbot, controller, batches=(1, 64))
    panel.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Key.Key_Right, Key.Key_A, Key.Key_Right, Key.Key_Right, Key.Key_B):
        qtbot.keyClick(panel.canvas, key)
        priced(qtbot, panel)
    assert controller.session.sweep.pinned_batches == (2, 4)
    qtbot.keyClick(panel.canvas, Key.Key_Delete)
    assert controller.session.sweep.pinned_batches == (0, 0)


def test_an_empty_field_takes_a_pin_off_and_a_far_one_widens(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session())
    panel = seen(qtbot, controller, batches=(1, 64), pinned_batches=(20, 40))
    type_into(qtbot, panel.pins.boxes[1].lineEdit(), "100")
    priced(qtbot, panel)
    sweep = controller.session.sweep
    assert (sweep.pinned_batches, sweep.batches) == ((20, 100), (1, 100))
    field = panel.pins.boxes[0].lineEdit()
    assert field is not None
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    qtbot.keyClick(field, Key.Key_Return)
    assert controller.session.sweep.pinned_batches == (0, 100)


@pytest.mark.parametrize("axis", [BATCH, WIDTH, BOTH])
def test_both_pins_are_seen_on_every_axis(qtbot: QtBot, open_on: Open, axis: str) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)), axis=axis,
                 pinned_batches=(100, 700), pinned_widths=(300, 900))  # fmt: skip
    chart = panel.chart
    assert chart is not None
    points, pins = chart.found.points, [pin for pin in chart.pins if pin is not None]
    if axis != WIDTH:
        assert points.batches[pins].tolist() == [100, 700]
    if axis != BATCH and points.widths is not None:
        assert points.widths[pins].tolist() == [300, 900]
    said_first = said(panel)[0]
    if axis == BOTH:
        assert said_first.replace(units.THIN, " ").startswith("A batch 100, layer 1 300 wide, B")
    else:
        assert re.match(r"per example: (A|B|too)", said_first)
    assert [box.isVisible() for box in panel.pins.boxes] == [axis != BOTH] * 2


@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize("value", [value for value in VALUES if value not in (ENERGY, FASTER)])
def test_the_wheel_looks_closer_about_the_pointer(
    qtbot: QtBot, open_on: Open, value: str, log_x: bool
) -> None:
    panel = seen(qtbot, open_on(session(), size=(1680, 1050)), value=value, log_x=log_x)
    canvas, at = panel.canvas, spot(panel, 512)
    wheel(panel, at, 9)
    axes = canvas.axes()
    assert axes is not None
    low, high = axes.chart.x[[0, -1]].tolist()
    assert (low, high) == (round(low), round(high))  # whole batches
    assert 1 < low < 512 < high < 2048
    assert abs(spot(panel, 512).x() - at.x()) <= axes.plot.width() / (high - low) + 1
    assert axes.ends[0] <= axes.ends[1]
    drawn = axes.ys(axes.chart.y)
    assert drawn.min() >= axes.plot.top() - 1
    assert drawn.max() <= axes.plot.bottom() + 1
    assert len({text for _, text in axes.y_ticks}) == len(axes.y_ticks) >= 2
    qtbot.mouseMove(canvas, spot(panel, 512))
    qtbot.waitUntil(lambda: canvas.read is not None)
    assert canvas.read is not None
    assert abs(panel.chart.found.points.batches[canvas.read] - 512) <= 1  # type: ignore[union-attr]
    assert panel.chart is not None
    assert len(panel.chart.x) == 2048  # an export has all of it
    wheel(panel, at, 60)
    axes = canvas.axes()
    assert axes is not None
    assert len(axes.chart.x) >= 5
    wheel(panel, at, -99)
    assert canvas.closer.whole


def test_a_drag_pans_and_enters_nothing(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    whole = panel.findChild(type(panel.pins.clear), "all")
    assert whole is not None
    assert whole.isHidden()
    wheel(panel, spot(panel, 1000), 8)
    before, batch = panel.canvas.axes(), controller.session.batch
    assert before is not None
    start = spot(panel, 1000)
    QTest.mousePress(panel.canvas, LEFT, pos=start)
    for dx in (20, 60, 120):
        QTest.mouseMove(panel.canvas, start - QPoint(dx, 0))
        QApplication.processEvents()
    QTest.mouseRelease(panel.canvas, LEFT, pos=start - QPoint(120, 0))
    after = panel.canvas.axes()
    assert after is not None
    assert after.chart.x[0] > before.chart.x[0]
    assert len(after.chart.x) == pytest.approx(len(before.chart.x), abs=2)
    assert abs(spot(panel, 1000).x() - (start.x() - 120)) <= 4
    assert controller.session.batch == batch
    qtbot.mouseClick(whole, LEFT)
    assert panel.canvas.closer.whole


def test_keys_look_closer_and_follow_the_reading_point(qtbot: QtBot, open_on: Open) -> None:
    panel = seen(qtbot, open_on(session()))
    canvas = panel.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Key.Key_Home, *[Key.Key_Plus] * 12):
        qtbot.keyClick(canvas, key)
    assert not canvas.closer.whole
    qtbot.keyClick(canvas, Key.Key_End)
    axes = canvas.axes()
    assert axes is not None
    assert axes.chart.x[-1] == 2048
    assert canvas.seen(canvas.read) == len(axes.chart.x) - 1
    qtbot.keyClick(canvas, Key.Key_0)
    assert canvas.closer.whole


def test_a_closer_look_stays_through_a_price_and_not_another_range(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    wheel(panel, spot(panel, 1000), 8)
    controller.edit("", actions.set_batch, 1001)
    priced(qtbot, panel)
    assert not panel.canvas.closer.whole
    panel.controls.batches[1].setValue(512)
    priced(qtbot, panel)
    assert panel.canvas.closer.whole
    axes = panel.canvas.axes()
    assert axes is not None
    np.testing.assert_array_equal(axes.chart.x[[0, -1]], (1, 512))


def test_where_there_is_no_room_the_tip_says_it(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1280, 720))
    controller.edit("", actions.set_sweep, SweepChoice(pinned_batches=(96, 128)))
    controller.window.docks.all["sweep"].raise_()
    panel = controller.window.sweep
    priced(qtbot, panel)
    assert not panel.pins.isVisible()
    assert "per example: B takes" in panel.canvas.toolTip()


def test_a_field_has_room_for_what_it_holds_and_outside_is_said(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, pinned_batches=(16_000_000, 3), batches=(1, 100_000))
    assert "outside the range" in " ".join(said(panel))
    for large in (False, True):
        controller.window.set_large(large)
        QApplication.processEvents()
        for box in (*panel.pins.boxes, *panel.controls.batches):
            line = box.lineEdit()
            assert line is not None
            assert box.fontMetrics().horizontalAdvance(box.text()) <= line.width()
    controller.window.set_large(False)


def test_escape_lets_go_of_a_pin_that_waits(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller, batches=(1, 64))
    qtbot.mouseClick(panel.pins.buttons[1], LEFT)
    focus = QApplication.focusWidget()
    qtbot.keyClick(focus or controller.window, Key.Key_Escape)
    assert panel.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    qtbot.mouseClick(panel.canvas, LEFT, pos=spot(panel, 20))
    assert controller.session.sweep.pinned_batches == (0, 0)
    assert controller.session.batch == 20


def test_a_double_click_goes_back_and_enters_nothing(qtbot: QtBot, open_on: Open) -> None:
    controller = open_on(session(), size=(1680, 1050))
    panel = seen(qtbot, controller)
    batch, at = controller.session.batch, spot(panel, 1000)
    wheel(panel, at, 8)
    at = spot(panel, 1010)
    qtbot.mouseClick(panel.canvas, LEFT, pos=at)
    qtbot.mouseDClick(panel.canvas, LEFT, pos=at)
    assert panel.canvas.closer.whole
    qtbot.wait(QApplication.doubleClickInterval() + 100)
    assert controller.session.batch == batch
    wheel(panel, spot(panel, 1000), 8)
    qtbot.mouseClick(panel.canvas, LEFT, pos=spot(panel, 1010))  # and a single one enters
    qtbot.waitUntil(lambda: abs(controller.session.batch - 1010) <= 1)
