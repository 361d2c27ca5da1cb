"""A roofline drawn: the device's roof, this machine's, and a point for every product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PyQt6.QtWidgets import QWidget

from mmviz import units
from mmviz.core.shapes.gemm import Role
from mmviz.state.peak.roofline import Point, Roof, RooflineView, ticks
from mmviz.text import N_, Text, joined
from mmviz.ui.look import fonts
from mmviz.ui.look.painting import clipped, paint_widget
from mmviz.ui.look.placing import between
from mmviz.ui.look.strokes import LEFT, RIGHT, write_in
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import DARK, Theme
from mmviz.ui.peak.roofline_labels import Label, Labels, labels, name_font, roof_font
from mmviz.ui.peak.roofline_marks import mark_of
from mmviz.ui.peak.roofline_scale import Floats, Scale
from mmviz.words.products import role as named

EDGE = 16.0
LINE = 18.0  # of the words below the plot
PLOT = 176.0
AXIS = 40.0  # left of the plot, for rates
CENTRE = Qt.AlignmentFlag.AlignCenter
ACROSS = Text(N_("FLOP per byte"))
_ROLES: tuple[Role, ...] = ("forward", "dgrad", "wgrad")


class RooflineDrawing(Told, QWidget):
    """What is told about is the product looked at, but for one that `pointed` stands at."""

    wanted = pyqtSignal(bool)  # whether there is anything to be seen here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, name=N_("Roofline: products by intensity and predicted rate"))
        self.theme: Theme = DARK
        self.plot_height = PLOT
        self._shown = RooflineView()
        self.pointed: int | None = None
        self.logs = np.empty((0, 2))
        self._labels: Labels | None = None

    def show_view(self, view: RooflineView) -> None:
        """Follow the session."""
        if view.points is not self._shown.points:
            points = [(point.intensity, point.rate) for point in view.points]
            self.logs = np.log10(np.array(points).reshape(-1, 2))
        self._shown = view
        self.pointed = None
        self.say()
        self.wanted.emit(not view.told)

    def say(self) -> None:
        self._labels = None
        self.setFixedHeight(self.sizeHint().height())
        self.describe()
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
        return self._shown.product if self.pointed is None else self.pointed

    def sizeHint(self) -> QSize:
        if not self._shown.roofs:
            return QSize(230, round(2 * LINE) + 8)
        legend = LINE if self._legend() else 0.0
        return QSize(230, round(self.plot_height + 2 * LINE + legend + 8))

    def position(self, product: int) -> QPointF:
        """Where a product's point lies, in pixels."""
        x, y = self.pixels()[product]
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
        self._paint_below(painter)
        self._paint_axes(painter, shown)
        self._paint_roofs(painter, shown.roofs)
        self._paint_points(painter, shown)
        self._paint_labels(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.now_text)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.plot())

    def plot(self) -> QRectF:
        """Where the points are, in pixels of this widget."""
        return QRectF(EDGE + AXIS, 4, self.width() - 2 * EDGE - AXIS, self.plot_height)

    def scale(self) -> Scale:
        """Where what lies in the plot."""
        return Scale(self.plot(), self._shown.across, self._shown.up)

    def labels(self) -> Labels:
        """The words within the plot, and where they stand."""
        if self._labels is None:
            self._labels = labels(self.scale(), self._shown, self.logs, self.words)
        return self._labels

    def named(self) -> dict[int, QRectF]:
        """Products with the box of their name."""
        return {product: label.box for product, label in self.labels().names.items()}

    def _roof_colours(self) -> tuple[str, str]:
        return self.theme.identity[1], self.theme.identity[2]

    def pixels(self) -> Floats:
        """Of every point x and y [points × 2]."""
        return self.scale().pixels(self.logs)

    def _paint_below(self, painter: QPainter) -> None:
        """Below the plot the axis and the shapes of the roles."""
        plot, small = self.plot(), fonts.words(fonts.SMALL)
        below = QRectF(EDGE + AXIS, plot.bottom() + LINE, plot.width(), LINE)
        write_in(painter, below, self.words(ACROSS), small, self.theme.muted)
        x = EDGE
        for role in self._legend():
            said = self.words(named(role))
            centre = QPointF(x + 5, plot.bottom() + 2.5 * LINE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.text))
            mark_of(painter, role, centre, 3.5)
            box = QRectF(x + 14, plot.bottom() + 2 * LINE, 80, LINE)
            write_in(painter, box, said, small, self.theme.muted, LEFT)
            x += 14 + painter.fontMetrics().horizontalAdvance(said) + 14

    def _legend(self) -> tuple[Role, ...]:
        """The roles there are, where there are several."""
        found = {point.role for point in self._shown.points}
        return tuple(role for role in _ROLES if role in found) if len(found) > 1 else ()

    def _paint_axes(self, painter: QPainter, shown: RooflineView) -> None:
        scale, font = self.scale(), fonts.figures(fonts.tiny())
        plot = scale.plot
        painter.setPen(QPen(QColor(self.theme.line)))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(QPen(QColor(self.theme.line)))
        for tick in ticks(shown.up, 4):
            y = scale.y(tick)
            for left, right in between(y, plot.left(), plot.right(), self.labels().boxes):
                painter.drawLine(QPointF(left, y), QPointF(right, y))
        for tick in ticks(shown.up, 4):
            y = scale.y(tick)
            box = QRectF(0, y - 8, plot.left() - 6, 16)
            write_in(painter, box, units.scaled(tick, "", 1), font, self.theme.muted, RIGHT)
        for tick in ticks(shown.across, 6):
            x = min(max(scale.x(tick), plot.left() + 12), plot.right() - 12)
            box = QRectF(x - 24, plot.bottom() + 2, 48, 16)
            write_in(
                painter,
                box,
                units.group(int(tick)) if tick >= 1 else units.sig(tick),
                font,
                self.theme.muted,
            )

    def _paint_roofs(self, painter: QPainter, roofs: Sequence[Roof]) -> None:
        """Each as a line; below the ridge of the first a dotted one."""
        scale = self.scale()
        with clipped(painter, scale.plot.adjusted(0, 0, 0, 1)):
            for roof, colour in zip(roofs, self._roof_colours(), strict=False):
                painter.setPen(QPen(QColor(colour), 1.8))
                painter.drawPolyline(QPolygonF(scale.corners(roof)))
        ridge = scale.corners(roofs[0])[1]
        pen = QPen(QColor(self.theme.muted), 1.0)
        pen.setDashPattern([2.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(ridge, QPointF(ridge.x(), scale.plot.bottom()))

    def _paint_points(self, painter: QPainter, shown: RooflineView) -> None:
        """A mark for each place with a product, on top the one looked at with a ring."""
        pixels = self.pixels()
        _, first = np.unique(np.round(pixels), axis=0, return_index=True)
        for i in first.tolist():
            self._paint_point(painter, shown.points[i], QPointF(*pixels[i].tolist()))
        looked = self._shown.product
        for product, radius, colour in (
            (looked, 6.5, self.theme.text),
            (self.pointed, 8.5, self.theme.muted),
        ):
            if product is not None:
                painter.setPen(QPen(QColor(colour), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(self.position(product), radius, radius)

    def _paint_point(self, painter: QPainter, point: Point, at: QPointF) -> None:
        painter.setPen(QPen(QColor(self.theme.text), 1.4))
        painter.setBrush(QColor(self.theme.text) if point.known else QColor(self.theme.panel))
        mark_of(painter, point.role, at, 3.5)

    def _paint_labels(self, painter: QPainter) -> None:
        found = self.labels()
        for roof, colour in zip(found.roofs, self._roof_colours(), strict=False):
            self._write(painter, roof, roof_font(), colour, RIGHT)
        self._write(painter, found.ridge, roof_font(), self.theme.muted, LEFT)
        for label in found.names.values():
            if label.leader is not None:
                painter.setPen(QPen(QColor(self.theme.muted), 0.8))
                painter.drawLine(*label.leader)
            self._write(painter, label, name_font(), self.theme.text, CENTRE)

    def _write(
        self,
        painter: QPainter,
        label: Label | None,
        font: QFont,
        colour: str,
        side: Qt.AlignmentFlag,
    ) -> None:
        if label is None:
            return
        height = label.box.height() / len(label.lines)
        for i, line in enumerate(label.lines):
            box = QRectF(label.box.left(), label.box.top() + i * height, label.box.width(), height)
            write_in(painter, box, line, font, colour, side)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._labels = None

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._labels = None  # they need other room

    def told(self, product: int | None, by: str = "lines") -> str:
        """What is said of a product; "" for none."""
        if product is None or not self._shown.points:
            return ""
        return self.words(joined(self._shown.points[product].lines, by))

    def describe(self) -> None:
        """The product told about, else the one looked at."""
        problem = self.words(self._shown.problem)
        self.setAccessibleDescription(problem or self.told(self.at_hand, "semicolons"))
