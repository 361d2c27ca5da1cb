"""Pricing a sweep a piece at a time, so that the window never stands still."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from mmviz.core.device.device import Device, Tile
from mmviz.core.time.sweep import Points, Sweep, joined, pieces, sweep

PIECE = 1_000  # different products priced in one go: 20 ms on the slowest kind of device
KEPT = 12  # sweeps that are remembered


class Sweeper(QObject):
    """One sweep at a time; a new one takes the place of one that is not done."""

    priced = pyqtSignal(object)  # a Sweep

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Hashable, Sweep] = OrderedDict()
        self._key: Hashable = None
        self._left: Iterator[Points] = iter(())
        self._points: Points | None = None
        self._done: list[Sweep] = []
        self._how: tuple[Device, str, Tile | None, str | None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def working(self) -> bool:
        """Whether a sweep is under way."""
        return self._timer.isActive()

    def ask(
        self,
        key: Hashable,
        points: Points,
        device: Device,
        dtype: str,
        tile: Tile | None,
        order: str | None,
    ) -> None:
        """Price `points` and announce them; at once where the same `key` was priced before."""
        if key in self._kept:
            self.stop()
            self._kept.move_to_end(key)
            self.priced.emit(self._kept[key])
            return
        if key == self._key and self.working:
            return
        layers = len(points.network.layers)
        products = 3 * layers - 1 if points.training else layers
        self._key, self._points, self._done = key, points, []
        self._how = (device, dtype, tile, order)
        self._left = pieces(points, max(1, PIECE // products))
        self._timer.start(0)

    def stop(self) -> None:
        """Let go of a sweep that is not done."""
        self._timer.stop()
        self._key = None

    def _go_on(self) -> None:
        """One piece more."""
        if self._points is None or self._how is None:
            return
        device, dtype, tile, order = self._how
        part = next(self._left, None)
        if part is not None:
            self._done.append(sweep(part, device, dtype, tile, order))
            self._timer.start(0)
            return
        found = joined(self._points, self._done)
        self._kept[self._key] = found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._key, self._done = None, []
        self.priced.emit(found)
