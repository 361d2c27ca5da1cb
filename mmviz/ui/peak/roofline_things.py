"""The products of a roofline as things that a menu can be about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint, QPointF
from PyQt6.QtWidgets import QWidget

from mmviz.text import Text
from mmviz.ui.look.things import Thing
from mmviz.words.products import titled

if TYPE_CHECKING:
    from mmviz.ui.peak.roofline import RooflineCanvas


class RooflineThings(QObject):
    """Those of one canvas."""

    part = "roofline"

    def __init__(self, canvas: RooflineCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    @property
    def ground(self) -> QWidget:
        """Where its things are."""
        return self._canvas

    def thing_at(self, at: QPointF) -> Thing | None:
        """The product whose point is meant there."""
        product = self._canvas.product_at(at)
        return None if product is None else self._thing(product)

    def thing_at_hand(self) -> tuple[Thing, QPoint] | None:
        """The product the keys stand at, else the one looked at."""
        if not self._canvas.shown.points:
            return None
        product = self._canvas.at_hand
        return self._thing(product), self._canvas.position(product).toPoint()

    def _thing(self, product: int) -> Thing:
        point = self._canvas.shown.points[product]
        rate, named = Text("{rate:rate}", rate=point.rate), titled(point.name, point.role)
        return Thing("product", named, rate, point.lines, product=product)
