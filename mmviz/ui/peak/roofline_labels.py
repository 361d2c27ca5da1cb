"""The words within a roofline: what each roof is, where its ridge is, which product a point is.

None lies on a point, a line or another; see `ui.look.placing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF

from mmviz.state.peak.roofline import Roof, RooflineView
from mmviz.text import N_, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.placing import Taken, Wish, along, around, distance, nearest, placed
from mmviz.ui.peak.roofline_scale import Floats, Scale
from mmviz.words.roofline import roof_lines
from mmviz.words.speech import Words

MOST_NAMED = 8  # points; of more only the one looked at, as tool tips name the others
MOST_ON_PAPER = 40  # which has no tips
MOST_PLACES = 400  # with points; among more no name has a place, and to look for one takes long
FEW = 3  # points, of which each has a name, with a line where it is away from it
_DOT, _RING = 5.0, 7.5  # pixels that a point and the one looked at take
_GAP = 8.0  # from the middle of a point to its name
_FAR = 90.0  # pixels from a point to its name, with a line: of the one looked at, of few of each
_LEADER = 12.0  # pixels from which that line is drawn
_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box; leader: from where to where a thin line ties it to its point."""

    box: QRectF
    lines: tuple[str, ...]
    leader: tuple[QPointF, QPointF] | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """roofs: of each, None where there is no room. ridge: of the first. names: by product."""

    roofs: tuple[Label | None, ...]
    ridge: Label | None
    names: dict[int, Label]

    @property
    def boxes(self) -> list[QRectF]:
        """All that is covered."""
        every = (*self.roofs, self.ridge, *self.names.values())
        return [label.box for label in every if label is not None]


def roof_font() -> QFont:
    return fonts.words(fonts.SMALL)


def name_font() -> QFont:
    return fonts.words(fonts.tiny())


def labels(scale: Scale, shown: RooflineView, logs: Floats, words: Words) -> Labels:
    """Where all of them stand: the roofs first, then the product looked at, the ridge, the rest."""
    pixels, plot = scale.pixels(logs), scale.plot.adjusted(_EDGE, 1, -1, -1)
    places = _places(pixels)
    taken = Taken(dots=_dots(places, pixels, shown.product), lines=scale.lines(shown.roofs))
    roofs = []
    for roof in shown.roofs:
        metrics = QFontMetricsF(roof_font())
        y = scale.corners(roof)[2].y()
        start, end = QPointF(plot.left(), y), QPointF(plot.right(), y)
        for lines in _lines(roof, metrics, plot.width() - 3, words, len(shown.roofs) == 1):
            (box,) = placed([along(start, end, _size(metrics, lines), 3.0)], plot, taken)
            if box is not None:
                break
        roofs.append(None if box is None else Label(box, lines))
        taken = taken if box is None else taken.with_box(box)
    names: dict[int, Label] = {}
    ridge: Label | None = None
    few = len(shown.points) <= FEW
    many = len(shown.points) > (MOST_ON_PAPER if fonts.is_paper() else MOST_NAMED)
    for i in _order(pixels, shown) if len(places) <= MOST_PLACES else ():
        if many and i != shown.product:
            break
        if i != shown.product and ridge is None:
            ridge, taken = _ridge(scale, shown, plot, taken, words)
        far = _FAR if few or i == shown.product else 0.0
        label = _name(shown.points[i].name, i, far, pixels, places, plot, taken)
        if label is not None:
            names[i] = label
            taken = taken.with_box(label.box)
            if label.leader is not None:
                taken = taken.with_line(*label.leader)
    if ridge is None:
        ridge, taken = _ridge(scale, shown, plot, taken, words)
    return Labels(tuple(roofs), ridge, names)


def _lines(
    roof: Roof, metrics: QFontMetricsF, width: float, words: Words, alone: bool
) -> list[tuple[str, ...]]:
    """What to say of a roof, as there is room: before its height is cut, the name of one that is
    alone gives way, which stands above the roofline as well.
    """

    def said(lines: Sequence[Text]) -> tuple[str, ...]:
        cut = Qt.TextElideMode.ElideRight
        return tuple(metrics.elidedText(words(line), cut, width) for line in lines)

    whole = roof_lines(roof.name, roof.peak, roof.published)
    if metrics.horizontalAdvance(words(whole[1])) <= width:
        return [said(whole)]
    parted = roof_lines(roof.name, roof.peak, roof.published, narrow=True)
    return [said(lines) for lines in (parted, parted[1:] if alone else parted, whole)]


def _order(pixels: Floats, shown: RooflineView) -> Iterator[int]:
    """Products to be named, the one looked at first.

    Of points at one place the first to be named has it, of products of one name, too. The others
    stand in the tool tips.
    """
    places, names = set(), set()
    for i in sorted(range(len(pixels)), key=lambda i: i != shown.product):
        place, name = tuple(np.round(pixels[i]).tolist()), shown.points[i].name
        if place not in places and name not in names:
            yield i
        places.add(place)
        names.add(name)


def _name(
    text: str,
    point: int,
    far: float,
    pixels: Floats,
    places: Floats,
    plot: QRectF,
    taken: Taken,
) -> Label | None:
    """Where no other point is nearer, else it would be read as that one's, but for a line to it
    that strikes no word.
    """
    at, size = QPointF(*pixels[point].tolist()), _size(QFontMetricsF(name_font()), (text,))
    wish = around(at, size, _GAP, far)
    off = wish.off(pixels[[point]])
    others = places[np.hypot(*(places - pixels[point]).T) >= 1.0]  # not at the very same place
    own = np.asarray((wish.off(others) > np.maximum(off, 4.0)).all(axis=1))
    tied = off[:, 0] > _LEADER
    clear = ~tied | ~taken.struck(wish.tied_to(at))
    (box,) = placed([wish.of(own & clear, tied & clear)], plot, taken)
    if box is None:
        return None
    end, away = nearest(box, at), distance(box, at)
    if away <= _LEADER:
        return Label(box, (text,))
    return Label(box, (text,), (at + (end - at) * (_RING / away), end))  # from the ring on


def _ridge(
    scale: Scale, shown: RooflineView, plot: QRectF, taken: Taken, words: Words
) -> tuple[Label | None, Taken]:
    """Beside the line below the ridge, as low as there is room."""
    text = words(Text(N_("ridge {ridge:sig}"), ridge=shown.roofs[0].ridge))
    size, x = _size(QFontMetricsF(roof_font()), (text,)), scale.corners(shown.roofs[0])[1].x()
    tops = np.arange(plot.bottom() - size.height(), plot.top(), -4.0)
    lefts = np.tile([x - 4 - size.width(), x + 4], len(tops))
    wish = Wish(size, np.stack((lefts, np.repeat(tops, 2)), axis=1))
    (box,) = placed([wish], plot, taken)
    if box is None:
        return None, taken
    return Label(box, (text,)), taken.with_box(box)


def _places(pixels: Floats) -> Floats:
    """Of many points each whole pixel once: a list may have thousands of products at one."""
    rounded = np.round(pixels)
    _, first = np.unique(rounded @ np.array([1.0, 1e5]), return_index=True)
    return rounded[first]


def _dots(places: Floats, pixels: Floats, looked: int) -> Floats:
    """Of every place with a point, and the ring of the one looked at."""
    dots = np.concatenate((places, np.full((len(places), 1), _DOT)), axis=1)
    ring = np.concatenate((pixels, np.full((len(pixels), 1), _RING)), axis=1)[looked : looked + 1]
    return np.concatenate((dots, ring))


def _size(metrics: QFontMetricsF, lines: Sequence[str]) -> QSizeF:
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    return QSizeF(wide + 2, len(lines) * metrics.height())
