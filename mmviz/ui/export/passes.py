"""The pass over time on paper: the band of its products with its axis, and what patterns mean."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter

from mmviz.core.shapes.gemm import Role
from mmviz.state.export import ExportChoice
from mmviz.state.picture.pass_span import blocks, whole
from mmviz.state.picture.time_views import PassView
from mmviz.text import N_, Text, joined
from mmviz.ui.export.figure import Body, Figure
from mmviz.ui.export.legend import AXIS_ROW, Swatch, paint_swatches, swatches_height
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import write_in
from mmviz.ui.look.theme import Theme
from mmviz.ui.timeline.pass_painter import (
    ROLES,
    PassScene,
    paint_marks,
    paint_pass,
    role_colour,
)
from mmviz.words.speech import Words

SHAPE, LOWEST = 0.22, 44.0  # height of the band: of its width, and at least
AXIS = 18.0 + AXIS_ROW
ABOVE = 8.0  # for what stands out of the band


def pass_figure(
    view: PassView, position: float, title: str, theme: Theme, words: Words, choice: ExportChoice
) -> Figure:
    """Every product of the pass on one line. position: 0 … 1 within the product looked at."""
    timeline = view.timeline
    swatches = _swatches(view, theme, words) if choice.legend else ()

    def paint(painter: QPainter, area: QRectF) -> None:
        low = swatches_height(swatches, area.width())
        high = area.height() - ABOVE - AXIS - low
        band = QRectF(area.x(), area.y() + ABOVE, area.width(), high)
        scene = PassScene(timeline, whole(timeline), view.product, theme, words, band)
        paint_pass(painter, scene, blocks(timeline, scene.span, band.width()))
        paint_marks(painter, scene, None, timeline.time(view.product, position))
        row = QRectF(area.x(), band.bottom() + 18, area.width(), AXIS_ROW)
        name = words(Text(N_("time since the pass began")))
        write_in(painter, row, name, fonts.words(fonts.SMALL), theme.muted)
        below = QRectF(area.x(), area.bottom() - low, area.width(), low)
        paint_swatches(painter, theme, swatches, below)

    def around(width: float) -> float:
        return ABOVE + AXIS + swatches_height(swatches, width)

    body = Body(
        paint,
        wanted=lambda width: max(LOWEST + 30, SHAPE * width) + around(width),
        least=lambda width: LOWEST + around(width),
        width=240.0,
    )
    prose = ((theme.muted, words(joined(timeline.lines))),) if choice.prose else ()
    return Figure("pass", title, theme, body, prose, choice.title)


def _swatches(view: PassView, theme: Theme, words: Words) -> tuple[Swatch, ...]:
    timeline = view.timeline
    roles: list[Role] = ["product" if timeline.listed else "forward"]
    if timeline.training:
        roles += ["dgrad", "wgrad"]
    found = [Swatch(words(Text(ROLES[role])), role_colour(theme, role).name()) for role in roles]
    if any(product.launch for product in timeline.products):
        found.append(Swatch(words(Text(N_("launch"))), theme.loss, hatched=True))
    return tuple(found)
