"""The words around the picture: names of the matrices, the legend, the caption."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz import units
from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.layout import BAR
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, tint, write, write_in
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.scene import Scene
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, caption

CAPTION = 560.0  # pixels
SHORTEST = 80.0  # pixels of a name below which what is left of it says nothing


def paint_names(painter: QPainter, scene: Scene) -> None:
    """Name, sides and meaning of the left matrix and of the one above."""
    theme, (left, top, _) = scene.theme, scene.names
    rows, columns = scene.sides
    k = scene.view.gemm.k
    box = scene.layout.a
    # Right-aligned with the matrix, so that neither line ever runs under the other matrix.
    line = QRectF(2, box.y - 22, box.right - 2, 18)
    name = f"{left.name} {units.shape(rows, k)}"
    write_in(painter, line, name, fonts.words(), tint(theme, left)[0], RIGHT)
    line.translate(0, -17)
    write_in(painter, line, scene.words(left.what), fonts.words(fonts.SMALL), theme.muted, RIGHT)
    box = scene.layout.b
    name = f"{top.name} {units.shape(k, columns)}"
    end = write(painter, box.x, box.y - 7, name, fonts.words(), tint(theme, top)[0])
    # High up the line shares its place with the bar at the corner.
    edge = scene.width - (0.0 if box.y > 2 * BAR else scene.bar)
    room = QRectF(end + 14, box.y - 21, max(0.0, edge - end - 20), 18)
    what, small = scene.words(top.what), fonts.words(fonts.SMALL)
    painter.setFont(small)
    whole = painter.fontMetrics().horizontalAdvance(what)
    least = min(SHORTEST, whole) if scene.footed else whole  # no tip says the rest on paper
    if room.width() >= least:
        write_in(painter, room, what, small, theme.muted, LEFT)


def paint_legend(painter: QPainter, scene: Scene, aggregated: Text = NOTHING) -> None:
    """Below Y: the caption, then what Y is, and how many tiles are done, computing and waiting."""
    if not scene.footed:
        return
    theme, box, frame = scene.theme, scene.layout.c, scene.frame
    sentence = scene.words(caption(frame, scene.view.device.noun))
    # On the edge of Y where the longest sentence has room there, else on that of the picture.
    fits = scene.width - box.x >= CAPTION * fonts.scale()
    left = max(4.0, box.x if fits else scene.layout.a.x)
    line = QRectF(left, box.bottom + 5, scene.width - left - 4, 18)
    write_in(painter, line, sentence, fonts.words(bold=True), theme.text, LEFT)
    y = box.bottom + 38
    if y + 4 > painter.viewport().height():
        return  # so low is the picture of a side of a race in a small window
    whole, font = grid_text(scene.view, aggregated), fonts.words(fonts.SMALL)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(scene.words(whole))
    counts = _paint_counts(painter, scene, y, left + wide + 24)
    room = QRectF(left, y - 13, counts - left - 12, 18)
    # What Y is, is said by the names of X and W too: where there is no room the tiles remain.
    texts = map(scene.words, (whole, joined((_kind(scene.view), _tiles(scene.view)))))
    shown = next((text for text in texts if metrics.horizontalAdvance(text) <= room.width()), "")
    if shown:
        write_in(painter, room, shown, font, theme.muted, LEFT)


def foot(scene: Scene) -> Text:
    """What stands below Y, whole: the caption, and what Y is."""
    return joined((caption(scene.frame, scene.view.device.noun), grid_text(scene.view)), "lines")


def _tiles(view: PictureView) -> Text:
    """'32 tiles of 64 × 64'."""
    tiling = view.tiling
    if tiling.tile == (1, 1):
        return Text(PIECES["cell"], n=tiling.tiles)
    several = Text(PIECES["tile"], n=tiling.tiles)
    return Text(N_("{tiles} of {sides:shape}"), tiles=several, sides=tiling.tile)


def _kind(view: PictureView) -> Text:
    return NOTHING if view.trace is None else label(view.trace.provenance)


def grid_text(view: PictureView, aggregated: Text = NOTHING) -> Text:
    """'modelled · Y = X·W  128 × 1 000 in 32 tiles of 64 × 64'."""
    left, top, product = view.names
    whole = Text(
        N_("{product} = {left}·{top}  {sides:shape} in {tiles}"),
        product=product.name,
        left=left.name,
        top=top.name,
        sides=view.sides,
        tiles=_tiles(view),
    )
    return joined((_kind(view), whole, aggregated))


def counted(frame: Frame, theme: Theme) -> tuple[tuple[int, str, str], ...]:
    """How many tiles are in each state, what is said of them, a marked text, and their colour."""
    return (
        (frame.done, N_("{n} done"), theme.order[1]),
        (frame.computing, N_("{n} computing now"), theme.now),
        (frame.waiting, N_("{n} waiting"), theme.waiting),
    )


def _paint_counts(painter: QPainter, scene: Scene, y: float, end: float) -> float:
    """The states with their numbers, at the right edge of Y or beyond it where what Y is ends at
    `end`; where they begin.
    """
    theme, frame = scene.theme, scene.frame
    counts = counted(frame, theme)
    font = fonts.figures(fonts.SMALL)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    tiles = len(scene.trace)
    # Every count has room for its largest: no mark moves, and none stands far from its number.
    digits = [len(units.group(n)) for n in (tiles, min(tiles, scene.trace.tiling.slots), tiles)]
    widest = [
        scene.words(Text(said, n="0" * most))
        for (_, said, _), most in zip(counts, digits, strict=True)
    ]
    widths = [metrics.horizontalAdvance(text) + 30 for text in widest]
    last = scene.width + 8 - sum(widths)  # the room after the last number may be cut
    if last < 4:
        return scene.width + 8  # no room: the picture itself shows the states
    begin = x = min(last, max(end, scene.layout.c.right - sum(widths)))
    for (n, said, colour), width in zip(counts, widths, strict=True):
        painter.setPen(QPen(QColor(theme.edge)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x + 0.5, y - 8.5, 9, 9), 2, 2)
        ink = theme.text if colour == theme.now and n > 0 else theme.muted
        text = scene.words(Text(said, n=units.group(n)))
        write(painter, x + 16, y, text, font, ink)
        x += width
    return begin
