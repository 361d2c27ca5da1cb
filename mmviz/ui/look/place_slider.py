"""A level slider: a press beside its handle fetches the handle to there, to be dragged on."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QSlider, QStyle, QStyleOptionSlider


class PlaceSlider(QSlider):
    """As players have it. Qt's own goes a page towards the press, which no one can aim."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        assert event is not None
        x = event.position().x()
        at = QPointF(x, self._part(QStyle.SubControl.SC_SliderHandle).center().y())
        if event.button() == Qt.MouseButton.LeftButton and not self._on_handle(x):
            self.setSliderDown(True)  # before it moves: it is one drag from here on
            self.setSliderPosition(self._value_at(x))
            at = QPointF(self._part(QStyle.SubControl.SC_SliderHandle).center())
        # On the height of the handle: above and below it Qt would take no hold of it.
        super().mousePressEvent(_moved(event, at))

    def _on_handle(self, x: float) -> bool:
        handle = self._part(QStyle.SubControl.SC_SliderHandle)
        return handle.left() <= x <= handle.right()

    def _value_at(self, x: float) -> int:
        """Of the place whose middle a handle there has."""
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        wide = self._part(QStyle.SubControl.SC_SliderHandle).width()
        room = max(1, groove.width() - wide)
        along = round(x - groove.left() - wide / 2)
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), along, room, self._option().upsideDown
        )

    def _part(self, which: QStyle.SubControl) -> QRect:
        style = self.style()
        assert style is not None
        kind = QStyle.ComplexControl.CC_Slider
        return style.subControlRect(kind, self._option(), which, self)

    def _option(self) -> QStyleOptionSlider:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return option


def _moved(event: QMouseEvent, at: QPointF) -> QMouseEvent:
    """The same press elsewhere in the widget."""
    return QMouseEvent(
        event.type(), at, event.globalPosition(), event.button(), event.buttons(), event.modifiers()
    )
