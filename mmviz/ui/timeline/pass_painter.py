"""Paints the pass on one timeline: launches hatched, a block a product, its waves, the axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from mmviz.core.shapes.gemm import Role
from mmviz.state.picture.pass_span import Block, Span, ticks
from mmviz.state.picture.pass_timeline import PassProduct, PassTimeline
from mmviz.text import N_, Text, own
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import clipped
from mmviz.ui.look.strokes import LEFT, hatch, write, write_in
from mmviz.ui.look.theme import Theme
from mmviz.words.schedule import PRODUCTS
from mmviz.words.speech import Words

DASHES: dict[Role, list[float]] = {  # pixels on and off; the forward pass is one solid line
    "forward": [],
    "product": [],
    "dgrad": [9, 5],
    "wgrad": [2, 3],
}
ROLES: dict[Role, str] = {
    "forward": N_("forward"),
    "product": N_("product"),
    "dgrad": N_("dgrad: activations"),
    "wgrad": N_("wgrad: weights"),
}
FOOT = 7.0  # height of the strip with a role's line: solid, dashed or dotted
LINE = 3.0  # how thick that line is
NAME = 20.0  # height kept free of wave lines for the name
WAVE = 8.0  # pixels a wave must have for its lines to be drawn
TICK = 92.0  # pixels from tick to tick, at least
FILL = 0.35  # how much of a role's colour is in its blocks; the rest is the panel's
LIGHTER = {"dark": 130, "light": 100}  # percent, so that the line stands out from its block
MOST_TICKS = 14
PAD = 6.0  # pixels between a text and the edges of what it stands in


@dataclass(frozen=True, slots=True)
class PassScene:
    """The span of a timeline that is painted into `band`; `product` is the one looked at."""

    timeline: PassTimeline
    span: Span
    product: int
    theme: Theme
    words: Words
    band: QRectF

    def x(self, t: float) -> float:
        """Where a time lies, in pixels; times far outside stay just outside."""
        share = min(max(self.span.share(t), -1.0), 2.0)
        return self.band.x() + share * self.band.width()

    def box(self, start: float, end: float) -> QRectF:
        """What is seen of a stretch of time, over the height of the band."""
        left = max(self.x(start), self.band.left())
        right = min(self.x(end), self.band.right())
        return QRectF(left, self.band.y(), max(0.0, right - left), self.band.height())

    def place(self, block: Block) -> QRectF:
        """Where a block is drawn, over the height of the band."""
        width = block.right - block.left
        return QRectF(self.band.x() + block.left, self.band.y(), width, self.band.height())


def role_colour(theme: Theme, role: Role | None) -> QColor:
    """Forward blue; gradients like what they are of, activations teal and weights pink."""
    named = {"dgrad": theme.x, "wgrad": theme.w}
    return QColor(theme.muted if role is None else named.get(role, theme.order[1]))


def blend(colour: QColor, ground: str, share: float) -> QColor:
    """`share` of the colour over the ground."""
    under = QColor(ground)
    parts = zip(colour.getRgb()[:3], under.getRgb()[:3], strict=True)
    return QColor(*(round(share * (a or 0) + (1 - share) * (b or 0)) for a, b in parts))


def paint_pass(painter: QPainter, scene: PassScene, drawn: Sequence[Block]) -> None:
    """Everything but what moves: the band with its blocks, `drawn`, and the axis below it."""
    band, theme = scene.band, scene.theme
    painter.fillRect(band, QColor(theme.panel))
    with clipped(painter, band):
        for block in sorted(drawn, key=lambda block: block.widened):  # those lie on top
            if block.count == 1:
                _paint_product(painter, scene, scene.timeline.products[block.first], block)
            else:
                _paint_merged(painter, scene, block)
    painter.setPen(QPen(QColor(theme.line)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(band)
    _paint_axis(painter, scene)


def paint_words(painter: QPainter, scene: PassScene, x: float, width: float) -> None:
    """Left of the band: what pass this is, how long it takes at least, what is launch."""
    heading = scene.words(Text(N_("the pass over time")))
    write(painter, x, 14, heading, fonts.heading(), scene.theme.muted)
    for i, line in enumerate(scene.timeline.lines):
        face = fonts.words(fonts.SMALL)
        box = QRectF(x, 20 + 15 * i, width, 15)
        ink = scene.theme.text if i < 2 else scene.theme.muted
        write_in(painter, box, scene.words(line), face, ink, LEFT)


def paint_legend(painter: QPainter, scene: PassScene, x: float) -> None:
    """Right of the band: what colour and pattern stand for, as far as they occur."""
    roles: list[Role] = ["product" if scene.timeline.listed else "forward"]
    if scene.timeline.training:
        roles += ["dgrad", "wgrad"]
    theme, y = scene.theme, scene.band.y()
    for role in roles:
        swatch = QRectF(x, y, 18, 10)
        painter.fillRect(swatch, blend(role_colour(theme, role), theme.panel, FILL))
        _paint_foot(painter, theme, swatch, role)
        name = scene.words(Text(ROLES[role]))
        write(painter, x + 26, y + 9, name, fonts.words(fonts.SMALL), theme.muted)
        y += 15
    if any(product.launch for product in scene.timeline.products):
        _hatch(painter, theme, QRectF(x, y, 18, 10))
        name = scene.words(Text(N_("launch")))
        write(painter, x + 26, y + 9, name, fonts.words(fonts.SMALL), theme.muted)


def paint_marks(painter: QPainter, scene: PassScene, cursor: int | None, now: float) -> None:
    """What moves: the product looked at in amber, the one the keys stand on, the instant."""
    band, theme = scene.band, scene.theme
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _outline(painter, scene, scene.product, QPen(QColor(theme.now), 2.0))
    if cursor is not None and cursor != scene.product:
        _outline(painter, scene, cursor, QPen(QColor(theme.text), 1.5, Qt.PenStyle.DashLine))
    x = scene.x(now)
    if band.left() <= x <= band.right():
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(x, band.y() - 4), QPointF(x, band.bottom() + 4))
    if scene.span.length < scene.timeline.total:
        # A thread above the band: how much of the pass is shown, and where in it.
        track = QRectF(band.x(), band.y() - 5, band.width(), 2)
        painter.fillRect(track, QColor(theme.line))
        start, end = (t / scene.timeline.total for t in (scene.span.start, scene.span.end))
        wide = max(6.0, (end - start) * track.width())
        left = min(track.x() + start * track.width(), track.right() - wide)
        painter.fillRect(QRectF(left, track.y(), wide, 2), QColor(theme.muted))


def _outline(painter: QPainter, scene: PassScene, product: int, pen: QPen) -> None:
    found = scene.timeline.products[product]
    box = scene.box(found.begin, found.end)
    if scene.x(found.end) < scene.band.left() or scene.x(found.begin) > scene.band.right():
        return
    if box.width() < 4:
        box.adjust(-(4 - box.width()) / 2, 0, (4 - box.width()) / 2, 0)
    painter.setPen(pen)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_product(painter: QPainter, scene: PassScene, product: PassProduct, block: Block) -> None:
    theme = scene.theme
    if block.widened:
        _paint_short(painter, scene, product, block)
        return
    gap, box = scene.box(product.begin, product.start), scene.box(product.start, product.end)
    if product.launch:
        _hatch(painter, theme, gap)
    if product.end < scene.span.start or product.start > scene.span.end:
        return
    drawn = QRectF(box)
    drawn.setWidth(max(1.0, box.width()))  # however short, it is there
    colour = role_colour(theme, product.role)
    painter.fillRect(drawn, blend(colour, theme.panel, FILL))
    _paint_foot(painter, theme, drawn.adjusted(0, drawn.height() - FOOT, 0, 0), product.role)
    lines = _wave_lines(scene, product)
    painter.setPen(QPen(QColor(theme.panel), 1.0))
    if box.width() >= 4:
        lines.append(QLineF(box.left(), box.top(), box.left(), box.bottom()))
    if lines:
        painter.drawLines(*lines)
    _paint_name(painter, scene, product, gap, box)


def _paint_short(painter: QPainter, scene: PassScene, product: PassProduct, block: Block) -> None:
    """A product that has no pixels of its own: a line of its role's colour, as high as it is."""
    box = scene.place(block)
    painter.fillRect(box, role_colour(scene.theme, product.role))
    _paint_foot(painter, scene.theme, box.adjusted(0, box.height() - FOOT, 0, 0), product.role)


def _paint_merged(painter: QPainter, scene: PassScene, block: Block) -> None:
    """Launch and computing keep their shares, of the height where time has no pixels for them."""
    theme, box = scene.theme, scene.place(block)
    colour = role_colour(theme, block.role)
    _hatch(painter, theme, box)
    filled = box.height() * (1 - block.launch / block.whole)
    lower = box.adjusted(0, box.height() - filled, 0, 0)
    painter.fillRect(lower, blend(colour, theme.panel, FILL))
    texts = (Text(PRODUCTS, n=block.count), Text("{n:group}", n=block.count))
    _first_that_fits(painter, scene, box, texts, ground=block.launch > 0)


def _paint_foot(painter: QPainter, theme: Theme, box: QRectF, role: Role) -> None:
    """The role's line, so that it is told apart without its colour."""
    pen = QPen(role_colour(theme, role).lighter(LIGHTER[theme.name]), LINE)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[role]:
        pen.setDashPattern([length / LINE for length in DASHES[role]])
    painter.setPen(pen)
    painter.drawLine(QLineF(box.left(), box.center().y(), box.right(), box.center().y()))


def _hatch(painter: QPainter, theme: Theme, box: QRectF) -> None:
    colour = QColor(theme.loss)
    colour.setAlpha(130)
    hatch(painter, box, colour)


def _wave_lines(scene: PassScene, product: PassProduct) -> list[QLineF]:
    """Where a wave ends and the next begins, within the span."""
    wave = product.wave
    if wave is None or wave / scene.span.length * scene.band.width() < WAVE:
        return []
    first = max(1, int((scene.span.start - product.start) / wave))
    last = min(product.waves - 1, int((scene.span.end - product.start) / wave))
    xs = [scene.x(product.start + i * wave) for i in range(first, last + 1)]
    top, foot = scene.band.top() + NAME, scene.band.bottom() - FOOT
    return [QLineF(x, top, x, foot) for x in xs]


def _paint_name(
    painter: QPainter, scene: PassScene, product: PassProduct, gap: QRectF, box: QRectF
) -> None:
    """The name in the block, or in the launch before it where only that has the room."""
    texts = (product.title, own(product.name))
    if _first_that_fits(painter, scene, box, texts) or not product.launch:
        return
    _first_that_fits(painter, scene, gap, texts, ground=True)


def _first_that_fits(
    painter: QPainter,
    scene: PassScene,
    box: QRectF,
    texts: tuple[Text, ...],
    *,
    ground: bool = False,
) -> bool:
    """Writes the first text there is room for, on a ground of its own over a hatch."""
    painter.setFont(fonts.words(fonts.SMALL))
    theme = scene.theme
    for text in map(scene.words, texts):
        width = painter.fontMetrics().horizontalAdvance(text) + 1
        if width + 2 * PAD > box.width():
            continue
        place = QRectF(box.x() + PAD, box.y() + 3, width, 16)
        if ground:
            painter.fillRect(place.adjusted(-3, 0, 3, 0), QColor(theme.panel))
        painter.setPen(QColor(theme.text))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
        return True
    return False


def _paint_axis(painter: QPainter, scene: PassScene) -> None:
    for x, left, text in _axis(painter, scene):
        painter.setPen(QPen(QColor(scene.theme.line), 1.0))
        painter.drawLine(QPointF(x, scene.band.bottom()), QPointF(x, scene.band.bottom() + 4))
        painter.setPen(QColor(scene.theme.muted))
        painter.drawText(QPointF(left, scene.band.bottom() + 14), text)


def _axis(painter: QPainter, scene: PassScene) -> Iterator[tuple[float, float, str]]:
    """Place of the tick, place and text of its label; labels neither touch nor leave the band."""
    painter.setFont(fonts.figures(fonts.SMALL))
    metrics, band = painter.fontMetrics(), scene.band
    end = band.left() - 2 * PAD
    most = min(max(1, int(band.width() / TICK)), MOST_TICKS)
    marks = ticks(scene.span, scene.timeline.clock, most, scene.timeline.tick)
    for tick in marks:
        x, text = scene.x(tick.t), scene.words(tick.text)
        width = metrics.horizontalAdvance(text)
        left = min(max(x - width / 2, band.left()), band.right() - width)
        fits = left >= end + 2 * PAD
        yield x, left, text if fits else ""
        if fits:
            end = left + width
