"""The pass over time, used as a person would: click, drag, wheel, keys; what is drawn where."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mmviz.core.device.body import Gpu, Lanes
from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_product
from mmviz.files.networks import NetworkFile
from mmviz.state import actions
from mmviz.state.picture.pass_span import Span, whole
from mmviz.state.picture.pass_timeline import PassTimeline, pass_timeline
from mmviz.state.picture.time_views import PassView
from mmviz.state.session import open_file
from mmviz.ui.look.painting import UNPAINTED
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.ui.timeline.pass_canvas import PassCanvas
from mmviz.ui.timeline.pass_painter import FILL, blend, role_colour

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
Show = Callable[..., PassCanvas]


def timeline(
    widths: tuple[int, ...] = (8, 4, 2), launch_s: float | None = 4e-6, kind: str = "gpu"
) -> PassTimeline:
    """Launches of 4 µs; products of 16, 4, 4, 4 and 16 µs."""
    peaks = (("float32", 8e6),) if kind == "gpu" else ()
    device = Device("d", "D", Gpu() if kind == "gpu" else Lanes(), 4, peaks=peaks)
    gemms = from_widths(widths).lower(2, True)
    return pass_timeline([tile_product(g, device) for g in gemms], device, "float32", launch_s)


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Call it with a timeline: gives the view alone in a window, on product 0."""
    windows: list[QWidget] = []

    def call(
        line: PassTimeline | None = None, width: int = 900, theme: Theme = DARK, height: int = 78
    ) -> PassCanvas:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        view = PassCanvas()
        view.set_theme(theme)
        view.show_view(PassView(line or timeline(), 0))
        column.addWidget(view)
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(width, height)
        window.show()
        return view

    yield call
    windows.clear()


def place(view: PassCanvas, product: int, share: float, dy: float = 0.6) -> QPoint:
    band = view.band()
    return QPoint(round(view.x_of(product, share)), round(band.y() + dy * band.height()))


def colour_at(view: PassCanvas, x: float, dy: float) -> QColor:
    band = view.band()
    return view.grab().toImage().pixelColor(round(x), round(band.y() + dy * band.height()))


def wheel(
    view: PassCanvas,
    x: float,
    turned: tuple[int, int],
    pixels: tuple[int, int] = (0, 0),
    modifier: Qt.KeyboardModifier = NO_MODIFIER,
    phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
) -> None:
    where, none = QPointF(x, view.band().center().y()), Qt.MouseButton.NoButton
    there = view.mapToGlobal(where)
    event = QWheelEvent(
        where, there, QPoint(*pixels), QPoint(*turned), none, modifier, phase, False
    )
    view.event(event)  # QApplication would want a scroll with phases begun and ended


def test_a_click_enters_the_product_under_it(qtbot: QtBot, show: Show) -> None:
    view = show()
    entered: list[int] = []
    sought: list[tuple[int, float]] = []
    view.product_entered.connect(entered.append)
    view.sought.connect(lambda *at: sought.append(at))
    for product in (3, 0, 4):
        qtbot.mouseClick(view, LEFT, pos=place(view, product, 0.5))
    in_launch = place(view, 1, 0.0) - QPoint(4, 0)
    qtbot.mouseClick(view, LEFT, pos=in_launch)
    assert entered == [3, 0, 4, 1]
    qtbot.mouseClick(view, LEFT, pos=QPoint(20, 30))  # the words, not the line
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=place(view, 3, 0.5))
    assert entered == [3, 0, 4, 1]
    assert sought == []
    assert not view.hasFocus()  # the plain keys stay with the transport


def test_a_drag_seeks_within_the_product_below_the_pointer(qtbot: QtBot, show: Show) -> None:
    view = show()
    sought: list[tuple[int, float]] = []
    view.sought.connect(lambda *at: sought.append(at))
    view.product_entered.connect(lambda *_: pytest.fail("a drag is no click"))
    qtbot.mousePress(view, LEFT, pos=place(view, 0, 0.1))
    qtbot.mouseMove(view, place(view, 0, 0.75))
    qtbot.mouseMove(view, place(view, 4, 0.25))
    qtbot.mouseMove(view, QPoint(view.width() + 50, 30))  # past the end
    qtbot.mouseRelease(view, LEFT, pos=QPoint(view.width() + 50, 30))
    assert [product for product, _ in sought] == [0, 4, 4]
    assert [share for _, share in sought] == pytest.approx([0.75, 0.25, 1.0], abs=0.01)


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_shows_all(
    qtbot: QtBot, show: Show
) -> None:
    view = show()
    everything = view.span
    x = view.x_of(3, 0.5)
    for _ in range(5):
        wheel(view, x, (0, 120))
    assert view.span.length == pytest.approx(everything.length / 1.25**5)
    assert view.x_of(3, 0.5) == pytest.approx(x)
    qtbot.mouseDClick(view, LEFT, pos=place(view, 3, 0.5))
    assert view.span == everything
    wheel(view, x, (0, -120))
    assert view.span == everything  # there is no more of it


def test_two_fingers_pan_and_a_pinch_zooms(show: Show) -> None:
    view = show()
    x = view.x_of(2, 0.5)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(x, 30),
        QPointF(x, 30),
        QPointF(x, 30),
        1.0,
        QPointF(),
    )
    QApplication.sendEvent(view, pinch)
    assert view.span.length == pytest.approx(whole(timeline()).length / 2)
    assert view.x_of(2, 0.5) == pytest.approx(x)
    fingers = Qt.ScrollPhase.ScrollUpdate
    wheel(view, x, (-60, 8), (-30, 4), phase=fingers)
    assert view.x_of(2, 0.5) == pytest.approx(x - 30)
    wheel(view, x, (0, 20), (0, 10), phase=fingers)
    assert view.x_of(2, 0.5) == pytest.approx(x - 20)
    wheel(view, x, (40, 0))  # a wheel that tilts
    wheel(view, x, (0, 40), modifier=SHIFT)
    assert view.x_of(2, 0.5) == pytest.approx(x + 20)
    wheel(view, x, (0, 120), (0, 15))  # a wheel on X11 tells pixels too
    wheel(view, x, (0, 120), (0, 15), Qt.KeyboardModifier.ControlModifier, fingers)
    assert view.span.length == pytest.approx(64e-6 / 2 / 1.25**2)


@pytest.mark.parametrize(("button", "modifier"), [(MIDDLE, NO_MODIFIER), (LEFT, SHIFT)])
def test_a_drag_with_the_middle_button_or_shift_pans(
    qtbot: QtBot, show: Show, button: Qt.MouseButton, modifier: Qt.KeyboardModifier
) -> None:
    view = show()
    view.sought.connect(lambda *_: pytest.fail("panning seeks nothing"))
    view.product_entered.connect(lambda *_: pytest.fail("panning enters nothing"))
    wheel(view, view.x_of(2, 0.5), (0, 1200))
    x = view.x_of(2, 0.5)
    middle = place(view, 2, 0.5)
    qtbot.mousePress(view, button, modifier, middle)
    qtbot.mouseMove(view, middle + QPoint(40, 0))
    qtbot.mouseRelease(view, button, modifier, middle + QPoint(40, 0))
    assert view.x_of(2, 0.5) == pytest.approx(x + 40)


def test_the_keys_choose_enter_and_zoom(qtbot: QtBot, show: Show) -> None:
    view = show()
    entered: list[int] = []
    view.product_entered.connect(entered.append)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.hasFocus)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert view.accessibleDescription().startswith("layer 2 · dgrad, 2 × 4 × 2, at least 4.00 µs")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert entered == [2]
    x = view.x_of(2, 0.5)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.span.length == pytest.approx(64e-6 / 1.25)
    assert view.x_of(2, 0.5) == pytest.approx(x)
    for _ in range(20):
        qtbot.keyClick(view, Qt.Key.Key_Equal)
    for _ in range(9):
        qtbot.keyClick(view, Qt.Key.Key_Right)  # stops at the last, and comes into view
    assert view.band().left() <= view.x_of(4, 0.0) <= view.band().right()
    qtbot.keyClick(view, Qt.Key.Key_Enter)
    assert entered == [2, 4]
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.span == whole(timeline())


def test_other_keys_are_the_windows(qtbot: QtBot, show: Show) -> None:
    view = show()
    window = view.window()
    assert window is not None
    seen: list[int] = []
    window.keyPressEvent = lambda event: seen.append(event.key())  # type: ignore[method-assign,union-attr]  # listens
    view.setFocus()
    keys = (Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_PageDown)
    for key in keys:
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert [key for key in seen if key != Qt.Key.Key_Shift] == [*keys, Qt.Key.Key_Left]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_launches_are_hatched_and_products_have_the_colour_of_their_role(
    show: Show, theme: Theme
) -> None:
    view = show(theme=theme)
    image = view.grab().toImage()
    for product, found in enumerate(timeline().products):
        body = colour_at(view, view.x_of(product, 0.4), 0.7)
        assert body == blend(role_colour(theme, found.role), theme.panel, FILL)
    # Launch and first product are 4 and 16 µs: the hatch is a fifth of the two.
    band, start, end = view.band(), view.x_of(0, 0.0), view.x_of(0, 1.0)
    assert (start - band.left()) / (end - band.left()) == pytest.approx(0.2, abs=0.01)
    gap = shades(image, band.left() + 4, start - 4, band.center().y())
    assert len(gap) > 1  # strokes and the ground between them
    assert blend(role_colour(theme, "forward"), theme.panel, FILL).name() not in gap


def shades(image: QImage, left: float, right: float, y: float) -> set[str]:
    return {image.pixelColor(x, round(y)).name() for x in range(round(left), round(right))}


def test_roles_are_told_apart_without_their_colours(show: Show) -> None:
    view = show(width=1400)
    image, band = view.grab().toImage(), view.band()
    y = band.bottom() - 4

    def share_of_line(product: int) -> float:
        left, right = round(view.x_of(product, 0)) + 4, round(view.x_of(product, 1)) - 4
        body = image.pixelColor(left, round(band.y() + 0.75 * band.height())).name()
        line = [image.pixelColor(x, round(y)).name() != body for x in range(left, right)]
        return sum(line) / len(line)

    assert share_of_line(0) == 1.0  # forward: solid
    assert 0.5 < share_of_line(2) < 0.8  # dgrad: long dashes
    assert 0.2 < share_of_line(4) < 0.5  # wgrad: dots


def test_the_product_looked_at_is_outlined_and_the_instant_marked(show: Show) -> None:
    view = show()
    view.show_view(PassView(timeline(), 3))
    view.show_position(0.5)
    assert view.span == whole(timeline())
    amber = QColor(DARK.now)
    assert colour_at(view, view.x_of(3, 1.0) - 1, 0.5).name() == amber.name()
    assert colour_at(view, view.x_of(0, 1.0) - 1, 0.5).name() != amber.name()
    line = shades(view.grab().toImage(), view.x_of(3, 0.5) - 1, view.x_of(3, 0.5) + 2, 40)
    assert max(QColor(name).lightness() for name in line) > 180
    view.show_position(1.0)
    moved = shades(view.grab().toImage(), view.x_of(3, 0.5) - 1, view.x_of(3, 0.5) + 2, 40)
    assert max(QColor(name).lightness() for name in moved) < 120


def test_wave_lines_appear_where_there_is_room(show: Show) -> None:
    view = show(timeline(launch_s=0.0))

    def lines(product: int) -> int:
        image = view.grab().toImage()
        y = round(view.band().y() + 0.65 * view.band().height())
        left, right = round(view.x_of(product, 0)) + 2, round(view.x_of(product, 1)) - 2
        panel = QColor(DARK.panel).name()
        row = [image.pixelColor(x, y).name() == panel for x in range(left, right)]
        return sum(b and not a for a, b in itertools.pairwise(row))

    assert lines(0) == 1  # two waves
    assert lines(4) == 7  # eight
    narrow = show(timeline(launch_s=0.0), width=400)
    view = narrow
    assert lines(4) == 0  # eight waves in about 45 pixels


def test_a_new_pass_is_shown_whole_and_another_product_comes_into_view(show: Show) -> None:
    view = show()
    wheel(view, view.x_of(0, 0.5), (0, 1200))
    zoomed = view.span
    view.show_view(PassView(timeline(), 0))
    assert view.span == zoomed  # the same pass: stays as it was
    view.show_view(PassView(timeline(), 4))
    assert view.span != zoomed
    assert view.band().left() <= view.x_of(4, 0.0) <= view.band().right()
    other = timeline((8, 4, 4, 2))
    view.show_view(PassView(other, 1))
    assert view.span == whole(other)


def test_the_tip_says_what_is_there(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _view: said.append(text))
    view = show()
    where = place(view, 3, 0.5)
    event = QHelpEvent(QEvent.Type.ToolTip, where, view.mapToGlobal(where))
    QApplication.sendEvent(view, event)
    assert said == [
        "layer 2 · wgrad\n4 × 2 × 2\nat least 4.00 µs, modelled\n8 tiles in 2 waves\n"
        "launch before it 4.00 µs = 50.0 % of both"
    ]
    assert view.tip_at(10) == str(timeline().summary)
    deep = show(timeline((3,) * 900))
    assert "products drawn as one" in deep.tip_at(deep.band().center().x())


def test_without_a_timeline_nothing_happens(qtbot: QtBot) -> None:
    view = PassCanvas()
    qtbot.addWidget(view)
    view.show()
    view.grab()
    wheel(view, 400, (0, 120))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_0, Qt.Key.Key_Return):
        qtbot.keyClick(view, key)
    QTest.mouseClick(view, LEFT, pos=QPoint(400, 30))
    view.show_all()
    assert view.span == Span(0.0, 1.0)
    assert view.tip_at(400) == ""


@pytest.mark.parametrize("width", [700, 900, 1400, 3800])
@pytest.mark.parametrize("height", [66, 90])
def test_nothing_is_written_over_the_edges(show: Show, width: int, height: int) -> None:
    view = show(width=width, height=height)
    assert view.height() == height
    image = view.grab().toImage()
    ground = image.pixelColor(0, 0)
    edge = [image.pixelColor(x, y) for y in (0, height - 1) for x in range(width)]
    edge += [image.pixelColor(x, y) for x in (0, width - 1) for y in range(height)]
    assert all(colour == ground for colour in edge)
    band = view.band()
    assert band.width() >= 400
    column = [image.pixelColor(round(band.left()) - 6, y) for y in range(height)]
    assert all(colour == ground for colour in column)  # the words end before the line begins


@pytest.mark.parametrize("device", ["v100", "h100", "lane-1"])
@pytest.mark.parametrize("huge_first", [True, False])
def test_a_tiny_product_beside_a_huge_one_is_seen_and_met(
    open_on: Callable[..., Controller], device: str, huge_first: bool
) -> None:
    first, second = (0, 1) if huge_first else (1, 0)
    huge = Gemm("huge", "product", MAX_COUNT, MAX_COUNT, MAX_COUNT, first, MAX_COUNT)
    tiny = Gemm("tiny", "product", 1, 1, 1, second)
    order = (huge, tiny) if huge_first else (tiny, huge)
    session = open_file(NetworkFile("", Products("both", order)))
    controller = open_on(actions.set_device(session, device))
    view, index = controller.window.passes, second
    band = view.band()
    edge = band.right() - 1 if huge_first else band.left()
    shown = view.grab().toImage().pixelColor(int(edge), int(band.center().y()))
    controller.look_at(1 - index)
    said = view.tip_at(edge)
    assert said.startswith("tiny")
    assert "0 s" not in said.split()[:8]
    QTest.mouseClick(view, LEFT, NO_MODIFIER, QPoint(int(edge), int(band.center().y())))
    assert controller.session.product == index
    assert view.grab().toImage().pixelColor(int(edge), int(band.center().y())) != QColor(DARK.panel)
    assert shown != QColor(DARK.panel)
    for at in np.linspace(band.left() - 3, band.right() + 3, 40):
        view.tip_at(float(at))
        view._seek(float(at))
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QApplication.processEvents()
    assert view.property(UNPAINTED) is None
