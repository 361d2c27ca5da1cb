"""The hand on a roofline: hover tells, a click or Enter announces the product."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PyQt6.QtWidgets import QToolTip, QWidget

from mmviz.ui.look.plain import as_tip
from mmviz.ui.peak.roofline_drawing import RooflineDrawing
from mmviz.ui.peak.roofline_things import RooflineThings

NEAR = 9.0  # pixels from a point within which it is meant


class RooflineCanvas(RooflineDrawing):
    """With the focus ← and → walk from product to product."""

    product_selected = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        RooflineThings(self)

    def product_at(self, at: QPointF) -> int | None:
        """The product whose point is meant there; of several at one place the one looked at."""
        pixels = self.pixels()
        if not len(pixels):
            return None
        far = np.hypot(pixels[:, 0] - at.x(), pixels[:, 1] - at.y())
        looked = self.shown.product
        nearest = int(far.argmin())
        if far[nearest] > NEAR:
            return None
        return looked if far[looked] <= far[nearest] + 0.5 else nearest

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            product = self.product_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), as_tip(self.told(product)), self)
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
        if event is None or not self.shown.points:
            super().keyPressEvent(event)
            return
        now = self.at_hand
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            by_intensity = np.argsort(self.logs[:, 0], kind="stable").tolist()
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
        if product == self.pointed:
            return
        self.pointed = product
        self.describe()
        self.update()
