"""The words around the picture: names of the matrices, the legend, the caption."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mmviz import units
from mmviz.core.schedule.trace import Frame
from mmviz.state.picture.layout import BAR
from mmviz.state.picture.view import PictureView
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.strokes import LEFT, RIGHT, tint, write, write_in
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.change import KEY, key_text, paint_key, place_of_w
from mmviz.ui.picture.scene import Scene
from mmviz.ui.picture.window import Window
from mmviz.words.products import shape_text
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, caption

CAPTION = 560.0  # pixels
SHORTEST = 80.0  # pixels of a name below which what is left of it says nothing


def paint_names(painter: QPainter, scene: Scene, window: Window | None = None) -> None:
    """Name, sides and meaning of the left matrix and of the one above; window: what is shown of
    them.
    """
    theme, (left, top, _) = scene.theme, scene.names
    rows, columns = scene.sides
    k = scene.view.gemm.k
    box = scene.layout.a
    # Right-aligned with the matrix, so that neither line ever runs under the other matrix.
    line = QRectF(2, box.y - 22, box.right - 2, 18)
    name = f"{left.name} {units.shape(rows, k)}"
    write_in(painter, line, name, fonts.words(), tint(theme, left)[0], RIGHT)
    line.translate(0, -17)
    small = fonts.words(fonts.SMALL)
    keyed = place_of_w(scene) if scene.view.change is not None else -1
    parts = (NOTHING, NOTHING) if window is None else parts_shown(scene, window)
    if keyed == 0:
        _paint_key(painter, scene, line)
    else:
        what = scene.words(joined((parts[0], left.what)))
        write_in(painter, line, what, small, theme.muted, RIGHT)
    box = scene.layout.b
    name = f"{top.name} {units.shape(k, columns)}"
    end = write(painter, box.x, box.y - 7, name, fonts.words(), tint(theme, top)[0])
    # High up the line shares its place with the bar at the corner.
    edge = scene.width - (0.0 if box.y > 2 * BAR else scene.bar)
    if parts[1]:
        part = QRectF(end + 14, box.y - 21, max(0.0, edge - end - 20), 18)
        write_in(painter, part, scene.words(parts[1]), small, theme.muted, LEFT)
        end += 14 + painter.fontMetrics().horizontalAdvance(scene.words(parts[1]))
    room = QRectF(end + 14, box.y - 21, max(0.0, edge - end - 20), 18)
    if keyed == 1:  # beside the name where it fits there, else before it, over X
        over = QRectF(2, box.y - 21, max(0.0, box.x - 12), 18)
        fits = room.width() >= _key_width(painter, scene)
        _paint_key(painter, scene, room if fits else over, left=fits)
        return
    what = scene.words(top.what)
    painter.setFont(small)
    whole = painter.fontMetrics().horizontalAdvance(what)
    least = min(SHORTEST, whole) if scene.footed else whole  # no tip says the rest on paper
    above = QRectF(box.x, box.y - 38, whole + 2, 18)
    clear = above.y() >= 2 and above.right() <= scene.width - scene.bar
    if room.width() < whole and clear:  # over the name, as that of X is
        write_in(painter, above, what, small, theme.muted, LEFT)
    elif room.width() >= least:
        write_in(painter, room, what, small, theme.muted, LEFT)


def parts_shown(scene: Scene, window: Window) -> tuple[Text, Text]:
    """Which rows and columns of the left matrix and of the one above are drawn; nothing of a whole
    one.
    """
    (rows, columns), k = scene.sides, scene.view.gemm.k
    terms = window.term, window.terms, k
    left = (window.row, window.rows, rows), terms
    top = terms, (window.column, window.columns, columns)
    return _part(*left), _part(*top)


def _part(rows: tuple[int, int, int], columns: tuple[int, int, int]) -> Text:
    said = []
    sides = (N_("rows {first}–{last}"), rows), (N_("columns {first}–{last}"), columns)
    for text, (first, shown, whole) in sides:
        if shown < whole:
            said.append(Text(text, first=first, last=first + shown - 1))
    return Text(N_("here {part}"), part=joined(said, "commas")) if said else NOTHING


def _key_width(painter: QPainter, scene: Scene) -> float:
    painter.setFont(fonts.words(fonts.SMALL))
    text = scene.words(key_text(scene.view.change))
    return KEY + 8 + painter.fontMetrics().horizontalAdvance(text)


def _paint_key(painter: QPainter, scene: Scene, line: QRectF, *, left: bool = False) -> None:
    """What the colours of W say, at the left or the right of a line; cut where it is short."""
    wide = _key_width(painter, scene)
    begin = line.x() if left else max(line.x(), line.right() - wide)
    paint_key(painter, scene.theme, QRectF(begin, line.y() + 5, KEY, 9))
    room = QRectF(
        begin + KEY + 8, line.y(), max(0.0, line.right() - begin - KEY - 8), line.height()
    )
    text = scene.words(key_text(scene.view.change))
    write_in(painter, room, text, fonts.words(fonts.SMALL), scene.theme.muted, LEFT)


def paint_legend(painter: QPainter, scene: Scene, aggregated: Text = NOTHING) -> None:
    """Below Y: the caption, then what Y is, and how many tiles are done, computing and waiting;
    its name alone, where the rest is hidden.
    """
    if not scene.footed:
        return
    theme, box = scene.theme, scene.layout.c
    if scene.quiet:
        ink, below = tint(theme, scene.names[2])[0], QRectF(box.x, box.bottom + 5, 80, 18)
        write_in(painter, below, scene.names[2].name, fonts.words(), ink, LEFT)
        return
    line = _caption_line(scene)
    write_in(painter, line, _sentence(scene), _strong(), theme.text, LEFT)
    y = box.bottom + 38
    if y + 4 > painter.viewport().height():
        return  # so low is the picture of a side of a race in a small window
    whole, font = grid_text(scene.view, aggregated), fonts.words(fonts.SMALL)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    widths = _widths(scene)
    last, room = _grid_room(scene, widths)
    # What Y is, is said by the names of X and W too: where there is no room the tiles remain.
    view = scene.view
    short = [joined((_kind(view), _tiles(view), aggregated))] if aggregated else []
    short += [joined((_kind(view), _tiles(view))), _least(scene)]
    texts = map(scene.words, (whole, *short))
    shown = next((text for text in texts if metrics.horizontalAdvance(text) <= room), "")
    end = write(painter, line.x(), y, shown, font, theme.muted)
    if last < scene.width:
        _paint_counts(painter, scene, widths, min(last, max(end + 24, box.right - sum(widths))), y)


def foot(scene: Scene) -> Text:
    """What stands below Y, the caption and what Y is, whole, where it is cut there."""
    if scene.quiet:
        return NOTHING
    cut = (
        QFontMetricsF(_strong()).horizontalAdvance(_sentence(scene)) > _caption_line(scene).width()
    )
    what = grid_text(scene.view)
    long = QFontMetricsF(fonts.words(fonts.SMALL)).horizontalAdvance(scene.words(what))
    _, room = _grid_room(scene, _widths(scene))
    said = caption(scene.frame, scene.view.noun) if cut else NOTHING
    return joined((said, what if long > room else NOTHING), "lines")


def _sentence(scene: Scene) -> str:
    return scene.words(caption(scene.frame, scene.view.noun))


def _strong() -> QFont:
    return fonts.words(bold=True)


def _caption_line(scene: Scene) -> QRectF:
    """On the edge of Y where the longest sentence has room there, else on that of the picture; or
    before it, where what Y is would have no room before the states.
    """
    box = scene.layout.c
    last = scene.width - CAPTION * fonts.scale()  # where the longest sentence begins at the latest
    start = box.x if box.x <= last else min(scene.layout.a.x, last)
    wide = QFontMetricsF(fonts.words(fonts.SMALL)).horizontalAdvance(scene.words(_least(scene)))
    states = _states_at(scene, _widths(scene))
    left = max(4.0, min(start, states - wide - 14))
    return QRectF(left, box.bottom + 5, scene.width - left - 4, 18)


def _least(scene: Scene) -> Text:
    """The least that is said of what Y is: its kind and its tiles."""
    trace = scene.view.trace
    plain = NOTHING if trace is None else label(trace.provenance)
    return joined((plain, _tiles(scene.view)))


def _states_at(scene: Scene, widths: Sequence[float]) -> float:
    """Where the states begin at the latest; beyond the picture where they have no room."""
    last = scene.width + 8 - sum(widths)  # the room after the last number may be cut
    return last if last >= 4 else scene.width + 8  # the picture itself shows the states


def _grid_room(scene: Scene, widths: Sequence[float]) -> tuple[float, float]:
    """Where the states begin at the latest, and how wide the words before them may be."""
    last = _states_at(scene, widths)
    return last, last - _caption_line(scene).x() - 12


def _tiles(view: PictureView) -> Text:
    """'32 tiles of 64 × 64'."""
    tiling = view.tiling
    if tiling.tile == (1, 1):
        return Text(PIECES["cell"], n=tiling.tiles)
    several = Text(PIECES["tile"], n=tiling.tiles)
    return Text(N_("{tiles} of {sides:shape}"), tiles=several, sides=tiling.tile)


def _kind(view: PictureView) -> Text:
    if view.switch == "recorded":
        return view.ran
    return NOTHING if view.trace is None else label(view.trace.provenance)


def grid_text(view: PictureView, aggregated: Text = NOTHING) -> Text:
    """'modelled · Y = X·W  128 × 1 000 in 32 tiles of 64 × 64'."""
    left, top, product = view.names
    whole = Text(
        N_("{product} = {left}·{top}  {sides} in {tiles}"),
        product=product.name,
        left=left.name,
        top=top.name,
        sides=shape_text(view.sides, view.gemm.stack),
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


def _widths(scene: Scene) -> list[float]:
    """Pixels of each state with its number.

    Each has room for its largest number: no mark moves, and none stands far from its number.
    """
    tiles, slots = len(scene.trace), scene.trace.tiling.slots
    metrics = QFontMetricsF(fonts.figures(fonts.SMALL))
    said = [said for _, said, _ in counted(scene.frame, scene.theme)]
    digits = [len(units.group(n)) for n in (tiles, min(tiles, slots), tiles)]
    widest = [Text(each, n="0" * most) for each, most in zip(said, digits, strict=True)]
    return [metrics.horizontalAdvance(scene.words(text)) + 30 for text in widest]


def _paint_counts(
    painter: QPainter, scene: Scene, widths: Sequence[float], x: float, y: float
) -> None:
    """The states with their numbers, from `x` on."""
    theme, font = scene.theme, fonts.figures(fonts.SMALL)
    for (n, said, colour), width in zip(counted(scene.frame, theme), widths, strict=True):
        painter.setPen(QPen(QColor(theme.edge)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(x + 0.5, y - 8.5, 9, 9), 2, 2)
        ink = theme.text if colour == theme.now and n > 0 else theme.muted
        write(painter, x + 16, y, scene.words(Text(said, n=units.group(n))), font, ink)
        x += width
