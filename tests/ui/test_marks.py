"""Tiles done, computed and waiting are told apart at every size, and by more than their colour."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from sight import contrast

from mmviz.core.shapes.network import from_widths
from mmviz.state.derived import derive
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session
from mmviz.ui.look.painting import painting
from mmviz.ui.look.style import style_sheet
from mmviz.ui.look.theme import DARK, THEMES, Theme
from mmviz.ui.picture.marks import LEAST_BAR
from mmviz.ui.picture.scene import Scene, tile_pixels
from mmviz.ui.picture.stage import Stage
from mmviz.words.speech import Words

pytestmark = pytest.mark.usefixtures("qtbot")
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def painted(
    session: Session, share: float, theme: Theme, size: tuple[int, int] = (420, 330)
) -> tuple[Scene, QImage]:
    """The picture of a session's first product at a share of its time."""
    derived = derive(session)
    assert derived.trace is not None
    stage = Stage(*size)
    frame = derived.trace.at(share * derived.trace.duration)
    scene = stage.scene(picture_view(derived), frame, theme, Words())
    image = QImage(*size, QImage.Format.Format_RGB32)
    with painting(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(image.rect(), QColor(theme.ground))
        stage.paint(painter, scene)
    return scene, image


def colours(image: QImage, where: QRectF) -> Counter[str]:
    """How many pixels of a part have each colour."""
    box = where.toRect().intersected(image.rect())
    return Counter(
        QColor(image.pixel(x, y)).name()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    )


def of_y(scene: Scene) -> QRectF:
    box = scene.layout.c
    return QRectF(box.x, box.y, box.w, box.h)


NARROW = Session(from_widths([4096, 11008]), batch=96, device="rtx4090", tile=(64, 64))
LARGE = Session(from_widths([4096, 1024]), batch=2048, device="t4", tile=(128, 128))
TINY = Session(from_widths([4096, 11008]), batch=4096, device="rtx4090", tile=(128, 128))


@themes
@pytest.mark.parametrize("session", [NARROW, LARGE], ids=["narrow", "large"])
def test_more_of_a_tile_is_filled_as_it_is_computed(theme: Theme, session: Session) -> None:
    wave = 1 / derive(session).trace.waves  # type: ignore[union-attr]  # there is one
    found = [painted(session, share * wave, theme) for share in (0.02, 0.25, 0.45)]
    filled = [colours(image, of_y(scene))[theme.now] for scene, image in found]
    assert all(before < after for before, after in pairwise(filled)), filled
    assert colours(found[0][1], of_y(found[0][0]))[theme.now_dim] > filled[0]


@themes
def test_tiles_too_small_for_a_bar_brighten(theme: Theme) -> None:
    def first(share: float) -> QColor:
        scene, image = painted(TINY, share, theme)
        return QColor(image.pixel(scene.tile_rect(0).center().toPoint()))

    early, late = first(0.01), first(0.07)
    far = [abs(a - b) for a, b in zip(early.getRgb(), late.getRgb(), strict=True)]  # type: ignore[operator]
    assert max(far) > 30, (early.name(), late.name())


@themes
@pytest.mark.parametrize("order", ["split-k-4", "stream-k"])
def test_of_a_tile_in_pieces_those_done_and_under_way_are_shown(theme: Theme, order: str) -> None:
    session = Session(
        from_widths([4096, 768]), batch=512, device="v100", tile=(128, 128), order=order
    )
    trace = derive(session).trace
    assert trace is not None
    assert trace.k0 is not None
    scene, image = painted(session, 0.02, theme, (760, 520))
    assert colours(image, of_y(scene))[theme.order[-1]] == 0
    seen = False
    for share in (0.3, 0.5, 0.7, 0.9):
        scene, image = painted(session, share, theme, (760, 520))
        found = colours(image, of_y(scene))
        seen |= bool(found[theme.order[-1]] and found[theme.now] and found[theme.now_dim])
    assert seen


@themes
def test_a_tile_that_waits_is_hollow(theme: Theme) -> None:
    scene, image = painted(LARGE, 0.1, theme, (760, 520))
    waiting, done = scene.tile_rect(scene.frame.begun + 1), scene.tile_rect(0)
    assert scene.frame.waiting > 1
    found = colours(image, waiting)
    around = 2 * (waiting.width() + waiting.height())
    assert found[theme.edge] > 0.7 * around
    assert found[theme.waiting] > around
    scene, image = painted(LARGE, 1.0, theme, (760, 520))
    assert colours(image, done)[theme.edge] == 0


def test_the_whole_of_y_has_an_edge_where_tiles_are_too_small() -> None:
    scene, image = painted(TINY, 0.1, DARK)
    outside = of_y(scene).adjusted(-2, -2, 2, 2)
    assert colours(image, outside)[DARK.edge] > outside.width()


CONTROLS = (QPushButton, QToolButton, QComboBox, QSpinBox, QLineEdit, QDoubleSpinBox)


@themes
@pytest.mark.parametrize("kind", CONTROLS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
def test_a_control_has_an_edge_that_is_seen(
    qtbot: QtBot, theme: Theme, kind: type[QWidget], enabled: bool
) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setStyleSheet(style_sheet(theme) + f"#ground {{ background: {theme.panel}; }}")
    ground.setObjectName("ground")
    ground.resize(140, 60)
    control = kind(ground)
    control.setEnabled(enabled)
    control.setGeometry(20, 15, 100, 30)
    image = ground.grab().toImage()
    edge = QColor(image.pixel(20, 30)).name()  # the middle of its left side
    assert QColor(image.pixel(10, 30)).name() == theme.panel
    assert contrast(edge, theme.panel) >= 1.6, edge


def test_tiles_of_an_enlarged_picture_are_those_of_its_pixels() -> None:
    """A slide is painted in a few large units: its tiles have lines and bars all the same."""
    derived = derive(Session(from_widths([768, 3072]), batch=1792, device="v100"))
    assert derived.trace is not None
    stage, frame = Stage(300, 260), derived.trace.at(0.55 * derived.trace.duration)
    scene = stage.scene(picture_view(derived), frame, DARK, Words())

    def bars(larger: int) -> int:
        image = QImage(300 * larger, 260 * larger, QImage.Format.Format_RGB32)
        with painting(image) as painter:
            painter.scale(larger, larger)
            stage.paint(painter, scene)
        box = of_y(scene)
        where = QRectF(*(larger * side for side in (box.x(), box.y(), box.width(), box.height())))
        return colours(image, where)[DARK.now_dim]

    assert max(tile_pixels(scene)) < LEAST_BAR
    assert bars(1) == 0
    assert bars(4) > 0
