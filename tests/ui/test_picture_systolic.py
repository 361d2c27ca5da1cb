"""The picture of a systolic array shows what the core says each multiplier does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QColor, QImage

from mmviz.core.device.body import Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.systolic import activity
from mmviz.core.schedule.trace import COMPUTING, DONE
from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state.picture.layout import BAR, Box
from mmviz.state.picture.playback import Playback, advance, pace
from mmviz.state.picture.systolic import NOW, ArrayMoment, moment_of
from mmviz.state.picture.systolic_layout import ArrayLayout, array_layout, array_width
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session, open_file
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.picture.systolic import pooled, tight
from mmviz.ui.picture.systolic_cells import array_cell_states
from mmviz.ui.picture.window import window_of
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
DOUBLE = Device("double", "Double", Systolic((8, 8), double_buffered=True), 1, ((8, 8),), k_step=8)
SMALL = Session(from_widths([16, 16]), batch=16, device="systolic-8")
LARGE = Session(from_widths([9216, 4096]), batch=128, device="tpu-v1")
SIZES = ((1280, 720), (1680, 1050), (3840, 2160))


def at_cycle(controller: Controller, cycle: float) -> ArrayMoment:
    """Move to a cycle of the whole product."""
    trace = controller.derived.trace
    assert trace is not None
    controller.set_playback(Playback(position=cycle / trace.duration))
    moment = moment_of(picture_view(controller.derived), trace.at(cycle))
    assert moment is not None
    return moment


def shown(controller: Controller, moment: ArrayMoment) -> tuple[QImage, ArrayLayout]:
    """The picture as painted and where in it the array stands."""
    picture = controller.window.picture
    scene = picture.scene()
    assert scene is not None
    area = Box(scene.width, BAR + 4, picture.width() - scene.width, picture.height() - BAR - 8)
    return picture.grab().toImage(), array_layout(area, moment.array, moment.dataflow)


def colour_of(image: QImage, layout: ArrayLayout, row: int, column: int) -> str:
    """Near a multiplier's corner, where no number stands."""
    x = layout.array.x + (column + 0.12) * layout.px
    y = layout.array.y + (row + 0.12) * layout.px
    return QColor(image.pixelColor(QPoint(int(x), int(y)))).name()


@pytest.mark.parametrize("order", ["ws", "os", "is"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_amber_is_where_the_core_multiplies(open_on: Open, order: str, theme: Theme) -> None:
    controller = open_on(replace(SMALL, order=order), theme, (1680, 1050))
    for cycle in (0, 9, 14, 27, 46, 61, 100):
        moment = at_cycle(controller, cycle)
        image, layout = shown(controller, moment)
        assert layout.px >= 33
        amber = np.array(
            [[colour_of(image, layout, r, c) == theme.now for c in range(8)] for r in range(8)]
        )
        core = activity(moment.array, moment.dataflow, moment.gemm, moment.fold, moment.cycle)
        assert (amber == core.active).all(), cycle


def test_named_multipliers_of_a_tpu(open_on: Open) -> None:
    """AlexNet's first layer, cycle 457 of a fold: 128 diagonals at work, in the upper left half."""
    controller = open_on(LARGE, size=(3840, 2160))
    moment = at_cycle(controller, 456)
    image, layout = shown(controller, moment)
    theme = controller.window.theme
    assert layout.px > 2
    assert colour_of(image, layout, 0, 0) == theme.order[1]  # all 128 rows of X have passed
    assert colour_of(image, layout, 100, 60) == theme.now
    assert colour_of(image, layout, 200, 100) == theme.w_dim  # the front has not come so far
    enters = QPoint(int(layout.array.x - 3), int(layout.array.y + 120 * layout.px))
    assert QColor(image.pixelColor(enters)).name() == theme.x


def test_a_single_diagonal_stays_visible_where_multipliers_share_a_pixel() -> None:
    codes = np.full((352, 320), 3, np.uint8)
    diagonal = np.arange(256)
    codes[32 + diagonal, 64 + 255 - diagonal] = NOW
    small = pooled(codes, 230, 200)
    assert small.shape == (230, 200)
    rows, _ = np.nonzero(small == NOW)
    assert len(np.unique(rows)) >= 256 * 230 // 352 - 1  # no row of the front is lost
    assert (np.diff(rows) >= 0).all()
    assert (pooled(codes, 999, 999) == codes).all()


def test_the_front_of_a_single_example_is_drawn_to_be_seen(open_on: Open) -> None:
    """Batch 1 on 256 × 256, about a pixel each: the one diagonal at work is 3 pixels wide."""
    controller = open_on(replace(LARGE, batch=1), size=(1280, 720))
    moment = at_cycle(controller, 256 + 100)
    image, layout = shown(controller, moment)
    assert layout.px < 2
    now, box = controller.window.theme.now, layout.array
    row = int(box.y + 50 * layout.px)
    amber = [
        x
        for x in range(int(box.x), int(box.right))
        if QColor(image.pixelColor(x, row)).name() == now
    ]
    assert 2 <= len(amber) <= 5
    assert amber[0] - 3 < box.x + 50 * layout.px < amber[-1] + 3


def test_playing_shows_what_seeking_shows(open_on: Open) -> None:
    controller = open_on(SMALL)
    trace = controller.derived.trace
    assert trace is not None
    playback = Playback(playing=True)
    for _ in range(20):
        playback = advance(playback, 0.13, trace.duration)
        controller.set_playback(replace(playback, playing=False))
        played = controller.window.picture.grab().toImage()
    assert (
        20
        < playback.position * trace.duration
        == pytest.approx(20 * 0.13 * pace(trace.duration, 1.0))
    )
    controller.set_playback(Playback(position=1.0))
    assert controller.window.picture.grab().toImage() != played
    controller.set_playback(Playback(position=playback.position))
    assert controller.window.picture.grab().toImage() == played


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("session", [SMALL, LARGE, replace(SMALL, order="os")])
def test_array_and_words_lie_inside_the_picture(
    open_on: Open, session: Session, size: tuple[int, int]
) -> None:
    controller = open_on(session, size=size)
    picture = controller.window.picture
    scene = picture.scene()
    assert scene is not None
    _, layout = shown(controller, at_cycle(controller, 5))
    assert scene.layout.c.right <= scene.width <= layout.whole.x
    assert layout.whole.bottom <= picture.height()
    assert layout.whole.y >= BAR
    assert layout.words.right <= picture.width()
    assert layout.words.bottom <= picture.height()
    assert layout.whole.right < layout.words.x


@given(st.floats(360, 4000), st.floats(200, 3000), st.sampled_from([(8, 8), (128, 128), (3, 40)]))
def test_a_narrow_picture_keeps_its_room(
    width: float, height: float, array: tuple[int, int]
) -> None:
    for dataflow in ("ws", "os", "is"):
        wide = array_width(width, height, array, dataflow)
        assert 0 <= wide <= 0.62 * width
        if wide:
            area = Box(width - wide, BAR + 4, wide, height - BAR - 8)
            layout = array_layout(area, array, dataflow)
            assert layout.px > 0
            assert layout.whole.bottom <= area.bottom + 1
            assert layout.words.right <= width + 1


def test_every_cell_of_y_is_as_far_as_its_multipliers(open_on: Open) -> None:
    """At cell level Y shows the sums the array has made, cell by cell."""
    for order in ("ws", "os", "is"):
        session = replace(
            open_file(networks.read_preset("two-by-two")), device="systolic-8", order=order
        )
        controller = open_on(session)
        trace = controller.derived.trace
        assert trace is not None
        done = np.zeros((2, 2, 4), bool)
        for cycle in range(int(trace.duration)):
            moment = at_cycle(controller, cycle)
            core = activity(moment.array, moment.dataflow, moment.gemm, 0, cycle)
            on = core.active
            done[core.a_m[on], core.b_n[on], core.a_k[on]] = True
            scene = controller.window.picture.scene()
            assert scene is not None
            window = window_of(scene)
            assert window is not None
            states = array_cell_states(scene, moment, window)
            for m in range(2):
                for n in range(2):
                    assert states[m][n].terms == done[m, n].sum()
                    now = set(core.a_k[on & (core.c_m == m) & (core.c_n == n)].tolist())
                    assert set(states[m][n].now) == now
                    assert (states[m][n].state == COMPUTING) == (
                        0 < done[m, n].sum() < 4 or bool(now)
                    )
        assert {cell.state for line in states for cell in line} == {DONE}


def test_turned_the_array_stays_as_it_is(open_on: Open) -> None:
    controller = open_on(replace(SMALL, order="is"))
    moment = at_cycle(controller, 14)
    before, layout = shown(controller, moment)
    controller.window.picture.bar.turn.click()
    after, again = shown(controller, moment)
    assert layout == again
    box = layout.whole
    part = int(box.x), int(box.y), int(box.w), int(box.h)
    assert before.copy(*part) == after.copy(*part)


def test_seen_closer_the_array_stays_where_there_is_room(open_on: Open) -> None:
    picture = open_on(LARGE, size=(1680, 1050)).window.picture
    beside = picture.scene()
    picture.zoom(1.25)
    closer = picture.scene()
    assert beside is not None
    assert closer is not None
    assert closer.width == beside.width < picture.width()


def test_seen_closer_in_a_narrow_picture_y_has_all_the_room(open_on: Open) -> None:
    controller = open_on(LARGE)
    picture = controller.window.picture
    beside = picture.scene()
    picture.zoom(1.25)
    closer = picture.scene()
    assert beside is not None
    assert closer is not None
    assert beside.width < closer.width == picture.width()
    assert closer.layout.c.w > beside.layout.c.w
    picture.grab()
    picture.show_whole()
    again = picture.scene()
    assert again is not None
    assert again.layout == beside.layout


def test_other_devices_keep_their_whole_picture(open_on: Open) -> None:
    controller = open_on(replace(SMALL, device="a100"))
    scene = controller.window.picture.scene()
    assert scene is not None
    assert scene.width == controller.window.picture.width()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.254, ".25"), (-0.5, "−.50"), (0.0, "0"), (-0.001, ".00"), (0.999, "1.0"),
        (-1.26, "−1.3"), (12.4, "12"), (-531.2, "−531"), (999.6, "1e3"),
        (-20_000, "−2e4"), (3e12, "3e12"),
    ],
)  # fmt: skip
def test_tight_numbers(value: float, text: str) -> None:
    assert tight(value) == text


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_is_loaded_next_is_a_bar_beside_the_array(open_on: Open, theme: Theme) -> None:
    """24 rows on 8 × 8, 16 terms: the second fold's 8 rows of W come in cycles 24 … 31 of 70."""
    session = replace(SMALL, batch=24, network=from_widths([16, 8]), edited=DOUBLE)
    controller = open_on(session, theme=theme)
    seen = []
    for cycle in (20, 27, 31):
        moment = at_cycle(controller, cycle)
        image, layout = shown(controller, moment)
        x = int(layout.array.x + layout.array.w + 5)
        seen.append(
            [
                QColor(
                    image.pixelColor(QPoint(x, int(layout.array.y + (row + 0.5) * layout.px)))
                ).name()
                for row in range(8)
            ]
        )
        assert moment.loaded == {20: 0, 27: 0.5, 31: 1}[cycle]
    none, half, whole = seen
    full, empty = whole[0], none[0]
    assert full != empty
    assert none == [empty] * 8
    assert half == [full] * 4 + [empty] * 4
    assert whole == [full] * 8


def test_a_device_without_the_format_takes_another_with_a_word(open_on: Open) -> None:
    controller = open_on(replace(SMALL, device="a100", dtype="float32"))
    controller.window.top.device_chosen.emit("tpu-v1")
    assert (controller.session.device, controller.session.dtype) == ("tpu-v1", "int8")
    said = "TPU v1 has no float32: its times are in int8"
    assert controller.window.notice.text.text() == said
    assert controller.derived.costs is not None
    assert controller.derived.costs[0].predicted_s is not None
    controller.undo()
    assert (controller.session.device, controller.session.dtype) == ("a100", "float32")
    controller.window.top.device_chosen.emit("h100")
    assert controller.session.dtype == "float32"
