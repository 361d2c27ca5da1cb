"""The roofline panel: the device's roof, this machine's, and a point for every product."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PyQt6.QtWidgets import QToolTip, QWidget

from mmviz import units
from mmviz.core.shapes.gemm import Role
from mmviz.state.peak.roofline import Point, Roof, RooflineView, ticks
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import kept, paint_widget
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.peak.roofline_marks import beside, mark_of
from mmviz.ui.peak.roofline_things import RooflineThings
from mmviz.words.products import role as named

EDGE = 16.0
LINE = 18.0  # of the words above and below the plot
PLOT = 150.0
AXIS = 40.0  # left of the plot, for rates
NEAR = 9.0  # pixels from a point within which it is meant
MOST_NAMED = 8  # points; of more, names stand in the tool tips alone
ACROSS = Text(N_("FLOP per byte"))
_ROLES: tuple[Role, ...] = ("forward", "dgrad", "wgrad")


class RooflineCanvas(Told, QWidget):
    """Paints the roofline; hover tells, a click or Enter announces the product.

    With the focus ← and → walk from product to product.
    """

    product_selected = pyqtSignal(int)
    wanted = pyqtSignal(bool)  # whether there is anything to be seen here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Roofline: products by intensity and predicted rate"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        RooflineThings(self)
        self.theme: Theme = DARK
        self.plot_height = PLOT
        self._shown = RooflineView()
        self._cursor: int | None = None  # the product told about, by mouse or keys
        self._logs = np.empty((0, 2))

    def show_view(self, view: RooflineView) -> None:
        """Follow the session."""
        if view.points is not self._shown.points:
            points = [(point.intensity, point.rate) for point in view.points]
            self._logs = np.log10(np.array(points).reshape(-1, 2))
        self._shown = view
        self._cursor = None
        self.say()
        self.wanted.emit(not view.told)

    def say(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self._describe()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours on."""
        self.theme = theme
        self.update()

    @property
    def shown(self) -> RooflineView:
        """What is painted."""
        return self._shown

    @property
    def at_hand(self) -> int:
        """The product the keys or the mouse stand at, else the one looked at."""
        return self._shown.product if self._cursor is None else self._cursor

    def sizeHint(self) -> QSize:
        if not self._shown.roofs:
            return QSize(230, round(2 * LINE) + 8)
        legend = LINE if self._legend() else 0.0
        return QSize(
            230, round(len(self._shown.roofs) * LINE + self.plot_height + 2 * LINE + legend + 8)
        )

    def position(self, product: int) -> QPointF:
        """Where a product's point lies, in pixels."""
        x, y = self._pixels()[product]
        return QPointF(float(x), float(y))

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self.paint_on)

    def paint_on(self, painter: QPainter) -> None:
        """All of it, on whatever device."""
        shown = self._shown
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not shown.roofs:
            box = QRectF(EDGE, 0, self.width() - 2 * EDGE, 2 * LINE)
            painter.setFont(fonts.words(fonts.SMALL))
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(box, int(Qt.TextFlag.TextWordWrap), self.words(shown.problem))
            return
        self._paint_words(painter, shown)
        self._paint_axes(painter, shown)
        for roof, colour in zip(shown.roofs, self._roof_colours(), strict=False):
            self._paint_roof(painter, roof, colour)
        taken = self._paint_ridge(painter, shown.roofs[0])
        self._paint_points(painter, shown, taken)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.now_text)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.plot())

    def plot(self) -> QRectF:
        """Where the points are, in pixels of this widget."""
        top = LINE * len(self._shown.roofs) + 4
        return QRectF(EDGE + AXIS, top, self.width() - 2 * EDGE - AXIS, self.plot_height)

    def _roof_colours(self) -> tuple[str, str]:
        return self.theme.identity[1], self.theme.identity[2]

    def _x(self, intensity: float) -> float:
        low, high = self._shown.across
        plot = self.plot()
        return plot.left() + plot.width() * math.log(intensity / low) / math.log(high / low)

    def _y(self, rate: float) -> float:
        low, high = self._shown.up
        plot = self.plot()
        return plot.bottom() - plot.height() * math.log(rate / low) / math.log(high / low)

    def _pixels(self) -> NDArray[np.float64]:
        """Of every point x and y [points × 2]."""
        if not len(self._logs):
            return np.empty((0, 2))
        (x0, x1), (y0, y1) = (np.log10(np.array(s)) for s in (self._shown.across, self._shown.up))
        plot = self.plot()
        x = plot.left() + plot.width() * (self._logs[:, 0] - x0) / (x1 - x0)
        y = plot.bottom() - plot.height() * (self._logs[:, 1] - y0) / (y1 - y0)
        return np.stack((x, y), axis=1)

    def _paint_words(self, painter: QPainter, shown: RooflineView) -> None:
        """Above the plot whose roofs these are, below it the axis and the shapes of the roles."""
        width, small = self.width() - 2 * EDGE, fonts.words(fonts.SMALL)
        for i, (roof, colour) in enumerate(zip(shown.roofs, self._roof_colours(), strict=False)):
            box = QRectF(EDGE, i * LINE, width, LINE)
            peak = units.rate(roof.peak)
            painter.setFont(fonts.figures(fonts.SMALL))
            room = painter.fontMetrics().horizontalAdvance(peak) + 10.0
            write_in(painter, box, peak, fonts.figures(fonts.SMALL), colour, RIGHT)
            name, place = self.words(roof.name), box.adjusted(0, 0, -room, 0)
            write_in(painter, place, name, small, colour, LEFT)
        plot = self.plot()
        below = QRectF(EDGE + AXIS, plot.bottom() + LINE, plot.width(), LINE)
        write_in(painter, below, self.words(ACROSS), small, self.theme.muted)
        x = EDGE
        for role in self._legend():
            said = self.words(named(role))
            centre = QPointF(x + 5, plot.bottom() + 2.5 * LINE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.agreed))
            mark_of(painter, role, centre, 3.5)
            box = QRectF(x + 14, plot.bottom() + 2 * LINE, 80, LINE)
            write_in(painter, box, said, small, self.theme.muted, LEFT)
            x += 14 + painter.fontMetrics().horizontalAdvance(said) + 14

    def _legend(self) -> tuple[Role, ...]:
        """The roles there are, where there are several."""
        found = {point.role for point in self._shown.points}
        return tuple(role for role in _ROLES if role in found) if len(found) > 1 else ()

    def _paint_axes(self, painter: QPainter, shown: RooflineView) -> None:
        plot, font = self.plot(), fonts.figures(9)
        painter.setPen(QPen(QColor(self.theme.line)))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        for tick in ticks(shown.up, 4):
            y = self._y(tick)
            painter.setPen(QPen(QColor(self.theme.line)))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            box = QRectF(0, y - 8, plot.left() - 6, 16)
            write_in(painter, box, units.scaled(tick, "", 1), font, self.theme.muted, RIGHT)
        for tick in ticks(shown.across, 6):
            x = min(max(self._x(tick), plot.left() + 12), plot.right() - 12)
            box = QRectF(x - 24, plot.bottom() + 2, 48, 16)
            write_in(
                painter,
                box,
                units.group(int(tick)) if tick >= 1 else units.sig(tick),
                font,
                self.theme.muted,
            )

    def _paint_roof(self, painter: QPainter, roof: Roof, colour: str) -> None:
        plot = self.plot()
        low, high = self._shown.across
        corners = [low, roof.ridge, high]
        line = QPolygonF([QPointF(self._x(i), self._y(roof.at(i))) for i in corners])
        with kept(painter):
            painter.setClipRect(plot.adjusted(0, 0, 0, 1))
            painter.setPen(QPen(QColor(colour), 1.8))
            painter.drawPolyline(line)

    def _paint_ridge(self, painter: QPainter, roof: Roof) -> list[QRectF]:
        """Where the roof becomes flat, with its intensity; returns what line and words take."""
        plot, x = self.plot(), self._x(roof.ridge)
        pen = QPen(QColor(self.theme.muted), 1.0)
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, self._y(roof.peak), x, plot.bottom()))
        text = self.words(Text(N_("ridge {ridge:sig}"), ridge=roof.ridge))
        font = fonts.words(fonts.SMALL)
        width = QFontMetricsF(font).horizontalAdvance(text) + 4
        left = x - width - 4 if x - width - 4 > plot.left() else x + 5
        box = QRectF(left, plot.bottom() - 17, width, 16)
        write_in(painter, box, text, font, self.theme.muted)
        return [box, QRectF(x - 2, plot.top(), 4, plot.height())]

    def _paint_points(self, painter: QPainter, shown: RooflineView, taken: list[QRectF]) -> None:
        """A mark for each place with a product, on top the one looked at with a ring."""
        pixels = self._pixels()
        _, first = np.unique(np.round(pixels), axis=0, return_index=True)
        for i in first.tolist():
            self._paint_point(painter, shown.points[i], QPointF(*pixels[i].tolist()))
        looked = self._shown.product
        for product, radius, colour in (
            (looked, 6.5, self.theme.text),
            (self._cursor, 8.5, self.theme.muted),
        ):
            if product is not None:
                painter.setPen(QPen(QColor(colour), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(self.position(product), radius, radius)
        if len(shown.points) <= MOST_NAMED:
            self._paint_names(painter, shown, taken)

    def _paint_point(self, painter: QPainter, point: Point, at: QPointF) -> None:
        painter.setPen(QPen(QColor(self.theme.agreed), 1.4))
        painter.setBrush(QColor(self.theme.agreed) if point.known else QColor(self.theme.panel))
        mark_of(painter, point.role, at, 3.5)

    def _paint_names(self, painter: QPainter, shown: RooflineView, taken: list[QRectF]) -> None:
        for product, box in self.named(taken).items():
            write_in(painter, box, shown.points[product].name, fonts.words(9), self.theme.text)

    def named(self, taken: Sequence[QRectF] = ()) -> dict[int, QRectF]:
        """Products with the box of their name, the one looked at first; `taken` is kept free.

        A name stands where it touches nothing and no other point is nearer, else it would be read
        as that one's; of points at one place the first to be named has it. The others stand in the
        tool tips.
        """
        shown, plot = self._shown, self.plot()
        metrics, pixels = QFontMetricsF(fonts.words(9)), self._pixels()
        looked = self._shown.product
        order = sorted(range(len(pixels)), key=lambda i: i != looked)
        found: dict[int, QRectF] = {}
        places: set[tuple[int, int]] = set()
        for i in order:
            x, y = pixels[i].tolist()
            place, name = (round(x), round(y)), shown.points[i].name
            if place in places or any(shown.points[done].name == name for done in found):
                continue
            places.add(place)  # whoever comes first there
            width = metrics.horizontalAdvance(name) + 4
            for box in beside(x, y, width):
                free = not any(box.intersects(other) for other in (*taken, *found.values()))
                own = self._nearest_to(box, i)
                if free and own and plot.contains(box) and not self._on_roof(box):
                    found[i] = box
                    break
            else:
                if i == looked:  # it is never left out, though the ridge or a roof runs through it
                    boxes = [box for box in beside(x, y, width) if plot.contains(box)]
                    found.update({i: boxes[0]} if boxes else {})
        return found

    def _nearest_to(self, box: QRectF, point: int) -> bool:
        """Whether no other point's mark is in the box, nor nearer to it than its own."""
        pixels = self._pixels()
        dx = np.maximum(np.maximum(box.left() - pixels[:, 0], pixels[:, 0] - box.right()), 0.0)
        dy = np.maximum(np.maximum(box.top() - pixels[:, 1], pixels[:, 1] - box.bottom()), 0.0)
        far = np.hypot(dx, dy)
        apart = np.hypot(*(pixels - pixels[point]).T) >= 1.0  # not at the very same place
        return bool((far[apart] > max(far[point], 4.0)).all())

    def _on_roof(self, box: QRectF) -> bool:
        """Whether the first roof runs through the box."""
        return any(
            box.top() - 2 <= self._y(roof.at(self._intensity(x))) <= box.bottom() + 2
            for roof in self._shown.roofs
            for x in np.linspace(box.left(), box.right(), 9).tolist()
        )

    def _intensity(self, x: float) -> float:
        low, high = self._shown.across
        plot = self.plot()
        return float(low * (high / low) ** ((x - plot.left()) / plot.width()))

    # --- mouse and keys --------------------------------------------------------------------------

    def product_at(self, at: QPointF) -> int | None:
        """The product whose point is meant there; of several at one place the one looked at."""
        pixels = self._pixels()
        if not len(pixels):
            return None
        far = np.hypot(pixels[:, 0] - at.x(), pixels[:, 1] - at.y())
        looked = self._shown.product
        nearest = int(far.argmin())
        if far[nearest] > NEAR:
            return None
        return looked if far[looked] <= far[nearest] + 0.5 else nearest

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            product = self.product_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), as_tip(self._told(product)), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # QEvent, as Qt declares it

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._point_at(self.product_at(event.position()))

    def leaveEvent(self, event: object) -> None:
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        product = self.product_at(event.position())
        if product is not None:
            self.product_selected.emit(product)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self._shown.points:
            super().keyPressEvent(event)
            return
        now = self.at_hand
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            by_intensity = np.argsort(self._logs[:, 0], kind="stable").tolist()
            place = by_intensity.index(now) + steps[Qt.Key(event.key())]
            self._point_at(by_intensity[min(max(place, 0), len(by_intensity) - 1)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.product_selected.emit(now)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._point_at(None)
        self.update()

    def _point_at(self, product: int | None) -> None:
        if product == self._cursor:
            return
        self._cursor = product
        self._describe()
        self.update()

    def _told(self, product: int | None, by: str = "lines") -> str:
        if product is None or not self._shown.points:
            return ""
        return self.words(joined(self._shown.points[product].lines, by))

    def _describe(self) -> None:
        """The product told about, else the one looked at."""
        problem = self.words(self._shown.problem)
        self.setAccessibleDescription(problem or self._told(self.at_hand, "semicolons"))
