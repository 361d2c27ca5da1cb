"""The words around the picture: names of the matrices, the legend, the caption."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz import units
from mmviz.state.picture.caption import caption
from mmviz.state.picture.layout import BAR, BAR_WIDTH
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, tint, write, write_in
from mmviz.ui.picture.scene import Scene

CAPTION = 640.0  # pixels


def paint_names(painter: QPainter, scene: Scene) -> None:
    """Name, sides and meaning of the left matrix and of the one above."""
    theme, (left, top, _) = scene.theme, scene.names
    rows, columns = scene.sides
    k = scene.derived.gemm.k
    box = scene.layout.a
    # Right-aligned with the matrix, so that neither line ever runs under the other matrix.
    line = QRectF(2, box.y - 22, box.right - 2, 18)
    name = f"{left.name} {units.shape(rows, k)}"
    write_in(painter, line, name, fonts.words(), tint(theme, left)[0], RIGHT)
    line.translate(0, -17)
    write_in(painter, line, left.what, fonts.words(fonts.SMALL), theme.muted, RIGHT)
    box = scene.layout.b
    name = f"{top.name} {units.shape(k, columns)}"
    end = write(painter, box.x, box.y - 7, name, fonts.words(), tint(theme, top)[0])
    # High up the line shares its place with the bar at the corner.
    edge = (
        scene.width if box.y > 2 * BAR else min(scene.width, painter.viewport().width() - BAR_WIDTH)
    )
    room = QRectF(end + 14, box.y - 21, max(0.0, edge - end - 20), 18)
    write_in(painter, room, top.what, fonts.words(fonts.SMALL), theme.muted, LEFT)


def paint_legend(painter: QPainter, scene: Scene, aggregated: str = "") -> None:
    """Below Y: the caption, then what Y is, and how many tiles are done, computing and waiting."""
    theme, box, frame = scene.theme, scene.layout.c, scene.frame
    sentence = caption(scene.derived, frame)
    # A fixed room for the longest sentence: nothing moves while digits come and go.
    left = max(4.0, min(box.x, scene.width - CAPTION * fonts.scale()))
    line = QRectF(left, box.bottom + 5, scene.width - left - 4, 18)
    write_in(painter, line, sentence, fonts.words(bold=True), theme.text, LEFT)
    y = box.bottom + 38
    text, font = _grid_text(scene, aggregated), fonts.words(fonts.SMALL)
    room = QRectF(left, y - 13, scene.width - left - 4, 18)
    write_in(painter, room, text, font, theme.muted, LEFT)
    end = min(left + painter.fontMetrics().horizontalAdvance(text), scene.width)
    _paint_counts(painter, scene, y, end)


def _grid_text(scene: Scene, aggregated: str) -> str:
    tiling = scene.derived.tiling
    left, top, product = scene.names
    if tiling.tile == (1, 1):
        tiles = units.plural(tiling.tiles, "cell")
    else:
        tiles = f"{units.plural(tiling.tiles, 'tile')} of {units.shape(*tiling.tile)}"
    sides = units.shape(*scene.sides)
    text = f"{product.name} = {left.name}·{top.name}  {sides} in {tiles}"
    return f"{text} · {aggregated}" if aggregated else text


def _paint_counts(painter: QPainter, scene: Scene, y: float, end: float) -> None:
    theme, frame = scene.theme, scene.frame
    counts = (
        (frame.done, "done", theme.order[1]),
        (frame.computing, "computing now", theme.now),
        (frame.waiting, "waiting", theme.waiting),
    )
    font = fonts.figures(fonts.SMALL)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    digits = len(units.group(len(scene.trace)))
    # Every count has room for the largest, so nothing moves while they change.
    widths = [metrics.horizontalAdvance("0" * digits + " " + word) + 30 for _, word, _ in counts]
    x = max(end + 20, min(scene.layout.c.right, scene.width) - sum(widths))
    if x + sum(widths) > scene.width + 8:
        return  # no room: the picture itself shows the states
    for (n, word, colour), width in zip(counts, widths, strict=True):
        painter.setPen(QPen(QColor(theme.line)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x, y - 9, 10, 10), 2, 2)
        strong = word.startswith("computing") and n > 0
        ink = theme.text if strong else theme.muted
        write(painter, x + 16, y, f"{units.group(n).rjust(digits)} {word}", font, ink)
        x += width
