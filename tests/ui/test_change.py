"""W in the colour of its change: where it is painted, and that nothing large gets lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from digits import single, taught
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter

from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.picture.camera import WHOLE, Camera
from mmviz.state.picture.view import PictureView, picture_view
from mmviz.state.session import Session
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.picture.change import KEY, cell_ground, largest, paint_key
from mmviz.ui.picture.stage import Stage
from mmviz.words.speech import Words

SIZE = 900, 600
pytestmark = pytest.mark.usefixtures("qapp")


def view(camera: Camera = WHOLE, *, turned: bool = False) -> PictureView:
    """After a lesson in which one neuron's weights alone grew."""
    network = single()
    course = taught(network)
    assert course.weights is not None
    before = course.weights
    grown = before.weights[0].copy()
    grown[:, 7] += 0.5
    after = replace(before, weights=(grown,), step=before.step + 3)
    facts = Facts().with_lesson(replace(course, weights=after, since=before))
    session = Session(network, batch=32, device="v100", colour_by="change", turned=turned)
    return picture_view(derive(actions.set_camera(session, camera), facts))


def painted(shown: PictureView, theme: Theme) -> tuple[QImage, Stage]:
    stage = Stage(*SIZE)
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.ground))
    assert shown.trace is not None
    scene = stage.scene(shown, shown.trace.at(0.0), theme, Words())
    painter = QPainter(image)
    stage.paint(painter, scene)
    painter.end()
    return image, stage


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("turned", [False, True])
def test_the_neuron_that_moved_has_the_colour(theme: Theme, turned: bool) -> None:
    shown = view(turned=turned)
    image, stage = painted(shown, theme)
    layout = stage.tiles(shown)
    box = layout.a if turned else layout.b
    for neuron in range(10):
        along = (neuron + 0.5) / 10
        if turned:
            at = round(box.x + 0.5 * box.w), round(box.y + along * box.h)
        else:
            at = round(box.x + along * box.w), round(box.y + 0.5 * box.h)
        colours = {image.pixelColor(at[0], at[1] + d).name() for d in range(-3, 4)}
        colours |= {image.pixelColor(at[0] + d, at[1]).name() for d in range(-3, 4)}
        assert (QColor(theme.w).name() in colours) == (neuron == 7)


def test_seen_closer_only_what_is_in_view_is_painted() -> None:
    whole, _ = painted(view(), DARK)
    left, stage = painted(view(Camera(0.0, 0.0, 0.5, 1.0)), DARK)
    assert left != whole
    box = stage.tiles(view()).b
    deep = QColor(DARK.w).name()
    middle, across = round(box.y + box.h / 3), range(round(box.x), round(box.right))
    assert all(left.pixelColor(x, middle).name() != deep for x in across), "neurons 0 to 4 alone"


def test_each_pixel_shows_what_is_farthest_from_zero() -> None:
    values = np.zeros((100, 7))
    values[13, 2], values[57, 5] = -3.0, 2.0
    small = largest(values, 10, 7)
    assert small.shape == (10, 7)
    assert (small[1, 2], small[5, 5], np.count_nonzero(small)) == (-3.0, 2.0, 2)
    assert largest(values, 1, 1)[0, 0] == -3.0
    assert largest(values, 200, 200) is values


def test_a_cell_is_the_deeper_the_more_it_moved() -> None:
    assert cell_ground(0.0, 1.0, DARK) == QColor(DARK.panel)
    assert cell_ground(1.0, 1.0, DARK) == cell_ground(9.0, 1.0, DARK)
    assert cell_ground(1.0, 1.0, DARK) != cell_ground(-1.0, 1.0, DARK)
    assert cell_ground(1.0, 0.0, DARK) == QColor(DARK.panel)


def test_the_key_goes_from_less_over_nothing_to_more() -> None:
    image = QImage(round(KEY), 9, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_key(painter, DARK, QRectF(0, 0, KEY, 9))
    painter.end()
    ends = image.pixelColor(0, 4), image.pixelColor(round(KEY) - 1, 4)
    assert ends[1] == QColor(DARK.w)
    assert ends[0] != ends[1]
    assert image.pixelColor(round(KEY) // 2, 4) == QColor(DARK.panel)
