"""A box of choices that may be narrower than what it shows: then its tip has the whole."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from mmviz.ui.look.plain import as_tip


class WholeInTip(QComboBox):
    """Its tip is what is chosen, while that is cut off."""

    def tell_whole(self) -> None:
        """After its texts have changed."""
        style, option = self.style(), QStyleOptionComboBox()
        self.initStyleOption(option)
        part, text = QStyle.SubControl.SC_ComboBoxEditField, self.currentText()
        kind = QStyle.ComplexControl.CC_ComboBox
        room = 0 if style is None else style.subControlRect(kind, option, part, self).width()
        cut = self.fontMetrics().horizontalAdvance(text) > room
        self.setToolTip(as_tip(text if cut else ""))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.tell_whole()
