"""Whether texts have their room: what is cut off on screen, and not whole in a tip."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QPainter, QTextDocumentFragment
from PyQt6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QWidget,
)

SLACK = 1.0  # pixels by which a rounding may be off


def cut(window: QWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is seen now and has less room than it needs."""
    shown = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and not widget.visibleRegion().isEmpty()  # no tab behind another
    ]
    found = [
        f"{text} in {widget.parentWidget()!r}: {widget.geometry()}"
        for widget in shown
        if (text := too_narrow(widget))
    ]
    for table in (widget for widget in shown if isinstance(widget, QTableView)):
        found += cut_cells(table)
    for tabs in (widget for widget in shown if isinstance(widget, QTabBar)):
        for i in range(tabs.count()):
            wide = tabs.fontMetrics().horizontalAdvance(tabs.tabText(i))
            told = tabs.tabText(i) in tabs.tabToolTip(i)  # Qt elides it
            if tabs.tabRect(i).width() < wide and tabs.isTabVisible(i) and not told:
                found.append(f"tab {tabs.tabText(i)}")
    found += overlapping(window)
    with monkeypatch.context() as listening:
        painted = Painted(listening)
        window.grab()
    return found + painted.cut


def tip(widget: QWidget) -> str:
    return QTextDocumentFragment.fromHtml(widget.toolTip()).toPlainText()


def whole_elsewhere(widget: QWidget, shown: str) -> bool:
    """Whether a text that was cut with … is told whole by the widget's tip or name."""
    begin, cut, end = shown.partition("…")
    told = (tip(widget), widget.accessibleName(), widget.accessibleDescription())
    return bool(cut) and any(begin.strip() in text and end.strip(" ▾") in text for text in told)


def too_narrow(widget: QWidget) -> str:
    """What of a widget's text has no room, "" where all has."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel):
        text, box = widget.text(), widget.contentsRect()
        if Qt.mightBeRichText(text):
            return ""
        if widget.wordWrap():
            short = widget.heightForWidth(widget.width()) > widget.height() + SLACK
            return text if text and short else ""
    elif isinstance(widget, QAbstractButton):
        text, box = widget.text().replace("&", ""), widget.rect()
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        style = widget.style()
        assert style is not None
        field = QStyle.SubControl.SC_ComboBoxEditField
        box = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, widget)
        text = widget.currentText()
    elif isinstance(widget, QLineEdit):
        text, box = widget.text(), widget.rect()
    else:
        return ""
    if not text:
        return ""
    lines = text.split("\n")
    wide = max(metrics.horizontalAdvance(line) for line in lines)
    if wide <= box.width() + SLACK and metrics.height() * len(lines) <= box.height() + SLACK:
        return text if "…" in text[:-1] and not whole_elsewhere(widget, text) else ""
    return "" if text.removesuffix(" ▾") in tip(widget) else text


def cut_cells(table: QTableView) -> list[str]:
    model, viewport = table.model(), table.viewport()
    assert model is not None
    assert viewport is not None
    found = []
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text = str(index.data() or "")
            size = table.sizeHintForIndex(index)
            told = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
            box = table.visualRect(index)
            if not text or table.isColumnHidden(column) or not box.isValid():
                continue
            if box.width() + SLACK < size.width() and text not in told:
                found.append(f"{text} in column {column}: {box.width()} of {size.width()}")
            if box.height() + SLACK < size.height():
                found.append(f"{text} in row {row}: {box.height()} high of {size.height()}")
    return found


def overlapping(window: QWidget) -> list[str]:
    """Texts of the bar at the top that lie over one another."""
    bar = window.findChild(QWidget, "topbar")
    if bar is None:
        return []
    shown = [w for w in bar.findChildren(QWidget) if w.isVisible() and w.parentWidget() is bar]
    return [
        f"{said(one)} over {said(other)}"
        for i, one in enumerate(shown)
        for other in shown[i + 1 :]
        if one.geometry().adjusted(1, 1, -1, -1).intersects(other.geometry())
    ]


def said(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")
    return str(text() if callable(text) else "") or widget.accessibleName() or repr(widget)


class Painted:
    """Texts that are painted into a box, or onto a widget, with less room than they need."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cut: list[str] = []
        draw = QPainter.drawText

        def listen(painter: QPainter, *arguments: Any) -> object:
            self.look(painter, arguments)
            return draw(painter, *arguments)

        monkeypatch.setattr(QPainter, "drawText", listen)

    def look(self, painter: QPainter, arguments: tuple[Any, ...]) -> None:
        text = next((each for each in arguments if isinstance(each, str)), "")
        metrics, place = painter.fontMetrics(), arguments[0]
        if isinstance(place, QRectF | QRect):
            flags = int(arguments[1])
            if flags & Qt.TextFlag.TextDontClip:  # as pyqtgraph labels its ticks
                return
            needed = metrics.boundingRect(QRectF(place).toRect(), flags, text)
            if needed.width() > place.width() + 2 or needed.height() > place.height() + 2:
                self.cut.append(f"{text!r}: {needed.size()} in {QRectF(place).size()}")
        elif isinstance(place, QPointF):
            device = painter.device()
            end = place.x() + metrics.horizontalAdvance(text)
            if isinstance(device, QWidget) and painter.transform().isIdentity():
                inside = place.x() >= -SLACK and end <= device.width() + SLACK
                low = place.y() + metrics.descent() <= device.height() + SLACK
                if not (inside and low):
                    self.cut.append(f"{text!r} leaves {device!r}: {end}, {place.y()}")
