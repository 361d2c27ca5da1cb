"""Which words a widget paints, and where: it is painted once more, onto a device that listens.

So no painter has to say twice what it draws, and none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QPoint, QPointF, QRectF
from PyQt6.QtGui import (
    QFont,
    QFontMetricsF,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QRegion,
    QTextItem,
)
from PyQt6.QtWidgets import QWidget

_Metric = QPaintDevice.PaintDeviceMetric
_ALONE = QWidget.RenderFlag(0)  # neither what is below the widget nor what stands in it


@dataclass(frozen=True, slots=True)
class Painted:
    """A line of text and where it stands, in pixels of its widget."""

    text: str
    place: QRectF
    font: QFont

    def part(self, start: int, stop: int) -> QRectF:
        """Where text[start:stop] stands."""
        metrics = QFontMetricsF(self.font)
        left, right = (metrics.horizontalAdvance(self.text[:n]) for n in (start, stop))
        stretched = self.place.width() / max(metrics.horizontalAdvance(self.text), 1.0)
        return QRectF(
            self.place.left() + left * stretched,
            self.place.top(),
            (right - left) * stretched,
            self.place.height(),
        )


def words_painted(widget: QWidget) -> list[Painted]:
    """The lines of text a widget paints itself, those of its children not; as far as seen."""
    device = _Listener(widget)
    QWidget.render(widget, device, QPoint(), QRegion(), _ALONE)  # a view of graphics has another
    seen = QRectF(widget.visibleRegion().boundingRect())
    return [one for one in _whole(device.heard.found) if one.place.intersects(seen)]


def _whole(found: Iterable[Painted]) -> list[Painted]:
    """Qt paints a line in pieces where its font changes, as at a thin space: joined again."""
    lines: list[Painted] = []
    for piece in found:
        last = lines[-1] if lines else None
        if last is not None and _goes_on(last, piece):
            place = last.place.united(piece.place)
            lines[-1] = Painted(last.text + piece.text, place, last.font)
        else:
            lines.append(piece)
    return lines


def _goes_on(last: Painted, piece: Painted) -> bool:
    same_line = abs(last.place.bottom() - piece.place.bottom()) < 2
    return same_line and abs(last.place.right() - piece.place.left()) < 1.5


class _Ear(QPaintEngine):
    """Hears text, and paints nothing."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.found: list[Painted] = []

    def begin(self, pdev: QPaintDevice | None) -> bool:
        return True

    def end(self) -> bool:
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        """The painter itself is asked where things are."""

    def drawTextItem(self, p: QPointF, textItem: QTextItem) -> None:
        painter = self.painter()
        if painter is None or not textItem.text().strip():
            return
        up, height = textItem.ascent(), textItem.ascent() + textItem.descent()
        here = QRectF(p.x(), p.y() - up, textItem.width(), height)
        place = painter.combinedTransform().mapRect(here)
        self.found.append(Painted(textItem.text(), place, textItem.font()))

    def drawPixmap(self, *_: Any) -> None: ...

    def drawImage(self, *_: Any) -> None: ...

    def drawTiledPixmap(self, *_: Any) -> None: ...

    def drawPath(self, *_: Any) -> None: ...

    def drawRects(self, *_: Any) -> None: ...

    def drawLines(self, *_: Any) -> None: ...

    def drawPolygon(self, *_: Any) -> None: ...

    def drawPoints(self, *_: Any) -> None: ...

    def drawEllipse(self, *_: Any) -> None: ...


class _Listener(QPaintDevice):
    """As large as the widget, a pixel a pixel."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.heard = _Ear()
        self._answers = {
            _Metric.PdmWidth: widget.width(),
            _Metric.PdmHeight: widget.height(),
            _Metric.PdmDpiX: widget.logicalDpiX(),
            _Metric.PdmDpiY: widget.logicalDpiY(),
            _Metric.PdmPhysicalDpiX: widget.physicalDpiX(),
            _Metric.PdmPhysicalDpiY: widget.physicalDpiY(),
            _Metric.PdmDevicePixelRatio: 1,
            _Metric.PdmDevicePixelRatioScaled: int(QPaintDevice.devicePixelRatioFScale()),
            _Metric.PdmDepth: 32,
            _Metric.PdmNumColors: 2**31 - 1,
        }

    def paintEngine(self) -> QPaintEngine:
        return self.heard

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return self._answers.get(metric, 0)
