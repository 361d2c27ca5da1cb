"""The bars of WHERE A PASS GOES: where each piece stands, and how it is painted, on any device.

A layer is a shade of its backend's colour, a kind of work a pattern, so that both are told apart in
grey too; what belongs to no layer has a colour of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmviz.state.clock.parts import Bar, Piece
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept
from mmviz.ui.look.strokes import HATCH, LEFT, RIGHT, hatch, printable, write_in
from mmviz.ui.look.theme import Theme, backend_colour
from mmviz.words import parts as named
from mmviz.words.parts import KINDS, Kind
from mmviz.words.speech import Words

HEAD, BAR, APART = 17.0, 20.0, 10.0  # heights, in ordinary type
LEGEND, BOX = 17.0, 10.0
_SHADES = (1.0, 0.72, 0.5)  # of the backend's colour, layer after layer
_FAINT = 0.25
_TICK = 3.0  # pixels that the mark of a pass stands out
_LEAST = 3.0  # pixels from which on a piece has an edge
_PASS = Text(N_("a whole pass"))


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a piece stands; piece: its index, -1 for a bar that has none."""

    bar: int
    piece: int
    box: QRectF


def bars_height(bars: Sequence[Bar]) -> float:
    """Of all bars, in logical pixels."""
    return len(bars) * (HEAD + BAR + APART) * fonts.scale()


def slots(bars: Sequence[Bar], area: QRectF, *, equal: bool) -> list[Slot]:
    """Every piece in its place. equal: every bar as long as there is room, else as its seconds."""
    found = []
    for i, bar in enumerate(bars):
        place = _place(bars, i, area, equal=equal)
        if not bar.pieces:
            found.append(Slot(i, -1, place))
        x, each = place.x(), place.width() / max(bar.whole_s, 1e-30)
        for j, piece in enumerate(bar.pieces):
            wide = piece.seconds * each
            found.append(Slot(i, j, QRectF(x, place.y(), wide, place.height())))
            x += wide
    return found


def head_of(bar: int, area: QRectF) -> QRectF:
    """Where the name and the time of a bar stand."""
    scale = fonts.scale()
    y = area.y() + bar * (HEAD + BAR + APART) * scale
    return QRectF(area.x(), y, area.width(), HEAD * scale)


def _place(bars: Sequence[Bar], i: int, area: QRectF, *, equal: bool) -> QRectF:
    head = head_of(i, area)
    longest = max((bar.whole_s for bar in bars), default=1.0)
    share = 1.0 if equal else bars[i].whole_s / max(longest, 1e-30)
    wide = max(1.0, area.width() * share)
    return QRectF(area.x(), head.bottom(), wide, BAR * fonts.scale())


def paint_bars(
    painter: QPainter,
    theme: Theme,
    bars: Sequence[Bar],
    area: QRectF,
    words: Words,
    *,
    equal: bool,
    product: int = -1,
    at: tuple[int, int] | None = None,
) -> None:
    """All bars. product: whose piece is the one looked at; at: bar and piece the hand is at."""
    for i, bar in enumerate(bars):
        head = head_of(i, area)
        said = Text("≈ {p50:tick}" if bar.about else "{p50:seconds}", p50=bar.pass_s)
        time = words(said)
        room = QFontMetricsF(fonts.figures(fonts.SMALL)).horizontalAdvance(time) + 12
        name = head.adjusted(0, 0, -room, 0)
        write_in(painter, name, words(bar.name), fonts.words(fonts.SMALL), theme.text, LEFT)
        write_in(painter, head, time, fonts.figures(fonts.SMALL), theme.text, RIGHT)
    for slot in slots(bars, area, equal=equal):
        bar = bars[slot.bar]
        if slot.piece < 0:
            _outline(painter, slot.box, QColor(theme.edge))
            inside = slot.box.adjusted(6, 0, -4, 0)
            write_in(painter, inside, words(bar.why), fonts.words(fonts.SMALL), theme.muted, LEFT)
            continue
        piece = bar.pieces[slot.piece]
        paint_piece(painter, theme, bar.backend, piece, slot.box, printable(words(piece.label)))
        if product >= 0 and piece.product == product and piece.what != "rest":
            _underline(painter, slot.box, QColor(theme.text))
    for i, bar in enumerate(bars):
        if bar.pieces and bar.sum_s > bar.pass_s:
            place = _place(bars, i, area, equal=equal)
            x = place.x() + place.width() * bar.pass_s / bar.whole_s
            _mark(painter, theme, x, place)
    if at is not None:
        box = next(s.box for s in slots(bars, area, equal=equal) if (s.bar, s.piece) == at)
        painter.setPen(QPen(QColor(theme.now_edge), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(-1, -1, 1, 1))


def paint_piece(
    painter: QPainter, theme: Theme, backend: str, piece: Piece, box: QRectF, label: str
) -> None:
    """One piece, with its name where there is room for it."""
    fill = _fill(theme, backend, piece.what, max(piece.layer, 0))
    inside = box.adjusted(0, 0, -1, 0) if box.width() >= _LEAST else box
    _paint_kind(painter, theme, piece.what, fill, inside)
    font = fonts.words(fonts.SMALL)
    wide = QFontMetricsF(font).horizontalAdvance(label) + 8
    if label and wide <= inside.width():
        ground = _ground(theme, piece.what, fill)
        middle = QRectF(inside.center().x() - wide / 2, inside.y() + 2, wide, inside.height() - 4)
        if piece.what in ("dgrad", "wgrad"):
            painter.fillRect(middle, ground)
        write_in(painter, inside, label, font, _ink(theme, ground))


def legend_kinds(bars: Sequence[Bar]) -> tuple[Kind, ...]:
    """The kinds of work that the bars have; of a bar with copies its pass is named in it."""
    there = {piece.what for bar in bars for piece in bar.pieces}
    return tuple(what for what in KINDS if what in there and what != "pass")


def legend_height(bars: Sequence[Bar], width: float, words: Words) -> float:
    """Of the lines that say what the patterns stand for."""
    rows = 1 + max((row for _, row, _, _ in _legend(bars, width, words)), default=-1)
    return rows * LEGEND * fonts.scale()


def paint_legend(
    painter: QPainter, theme: Theme, bars: Sequence[Bar], area: QRectF, words: Words
) -> None:
    """Each kind with its pattern, in as few lines as there is room for."""
    first = next((bar.backend for bar in bars if bar.pieces), "")
    high, box = LEGEND * fonts.scale(), BOX * fonts.scale()
    for what, row, x, text in _legend(bars, area.width(), words):
        y = area.y() + row * high
        place = QRectF(area.x() + x, y + (high - box) / 2, box, box)
        if what is None:
            _mark(painter, theme, place.center().x(), place)
        else:
            _paint_kind(painter, theme, what, _fill(theme, first, what, 0), place)
        said = QRectF(place.right() + 6, y, area.width(), high)
        write_in(painter, said, text, fonts.words(fonts.SMALL), theme.muted, LEFT)


def _legend(
    bars: Sequence[Bar], width: float, words: Words
) -> Iterator[tuple[Kind | None, int, float, str]]:
    """What, row, x, text; None is the mark of a whole pass."""
    kinds: list[Kind | None] = [*legend_kinds(bars)]
    if any(bar.pieces and bar.sum_s > bar.pass_s for bar in bars):
        kinds.append(None)
    metrics = QFontMetricsF(fonts.words(fonts.SMALL))
    row, x = 0, 0.0
    for what in kinds:
        text = words(_PASS if what is None else named.kind(what))
        wide = BOX * fonts.scale() + 6 + metrics.horizontalAdvance(text) + 14
        if x and x + wide - 14 > width:
            row, x = row + 1, 0.0
        yield what, row, x, text
        x += wide


def _fill(theme: Theme, backend: str, what: Kind, layer: int) -> QColor:
    if what == "launch":
        return QColor(theme.muted)
    if what == "upload":
        return QColor(theme.w)
    if what == "download":
        return QColor(theme.w_dim)
    colour = QColor(backend_colour(theme, backend))
    return _blend(colour, QColor(theme.panel), _SHADES[layer % len(_SHADES)])


def _ground(theme: Theme, what: Kind, fill: QColor) -> QColor:
    """What a label stands on."""
    if what == "rest":
        return _blend(fill, QColor(theme.panel), _FAINT)
    return QColor(theme.panel) if what == "else" else fill


def _paint_kind(painter: QPainter, theme: Theme, what: Kind, fill: QColor, box: QRectF) -> None:
    if what == "else":
        _outline(painter, box, QColor(theme.edge))
        return
    painter.fillRect(box, _ground(theme, what, fill))
    if box.width() < _LEAST:
        return
    lines = QColor(theme.panel)
    if what == "dgrad":
        hatch(painter, box, lines)
    elif what == "wgrad":
        _upright(painter, box, lines)
    elif what == "rest":
        _outline(painter, box, fill)


def _upright(painter: QPainter, box: QRectF, colour: QColor) -> None:
    count = math.floor((box.width() - 1) / (HATCH / 1.5))
    places = (box.x() + (i + 1) * HATCH / 1.5 for i in range(count))
    with kept(painter):
        painter.setPen(QPen(colour, 1.0))
        for x in places:
            painter.drawLine(QLineF(x, box.top(), x, box.bottom()))


def _outline(painter: QPainter, box: QRectF, colour: QColor) -> None:
    with kept(painter):
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _underline(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.fillRect(QRectF(box.x(), box.bottom() + 1, max(1.0, box.width() - 1), 2), colour)


def _mark(painter: QPainter, theme: Theme, x: float, place: QRectF) -> None:
    """How long a whole pass is."""
    with kept(painter):
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QLineF(x, place.top(), x, place.bottom() + _TICK))


def _blend(colour: QColor, ground: QColor, share: float) -> QColor:
    pairs = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)
    mixed = [round(share * (one or 0) + (1 - share) * (other or 0)) for one, other in pairs]
    return QColor(*mixed)


def _ink(theme: Theme, ground: QColor) -> str:
    """Of the two that a theme writes with, the one that is read better."""
    light = _light(ground)
    return max((theme.text, theme.panel), key=lambda ink: abs(_light(QColor(ink)) - light))


def _light(colour: QColor) -> float:
    """Lightness by eye, 0 … 1: the cube root of the luminance."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return math.cbrt(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
