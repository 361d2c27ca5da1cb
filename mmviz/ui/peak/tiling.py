"""Choosing the tile and the order in which tiles are handed out."""

from __future__ import annotations

import re

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QWidget

from mmviz.core.schedule.orders import check_order, orders_of
from mmviz.state.derived import Derived
from mmviz.ui.look.widgets import muted

AUTO = "auto"
_PLAIN = re.compile(r"[0-9]{1,8}")


class TilingControls(QWidget):
    """Announces a tile (None: chosen by the model) and an order ("": the device's own).

    A tile can also be typed in: 96x64.
    """

    tile_chosen = pyqtSignal(object)
    tile_refused = pyqtSignal(str)
    order_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 6, 16, 0)
        grid.setSpacing(6)
        self.tile, self.order = QComboBox(), QComboBox()
        self.tile.setEditable(True)
        self.tile.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.tile.setAccessibleName("Tile: cells along m by cells along n")
        self.tile.setToolTip("Tile: cells along m × along n; choose one, or type one in: 96x64")
        self.order.setAccessibleName("Order in which tiles are handed out")
        for row, (name, box) in enumerate((("tile", self.tile), ("order", self.order))):
            grid.addWidget(muted(name), row, 0)
            grid.addWidget(box, row, 1)
        grid.setColumnStretch(1, 1)
        self.tile.activated.connect(lambda _: self._typed())
        entry = self.tile.lineEdit()
        assert entry is not None  # an editable box has one
        entry.returnPressed.connect(self._typed)
        self.order.activated.connect(lambda i: self.order_chosen.emit(self.order.itemData(i)))
        self._filled = ("", "")  # device and dtype the boxes list tiles and orders of
        self._shown = ""

    def show_derived(self, derived: Derived) -> None:
        """Follow the session; announces nothing."""
        session, device = derived.session, derived.device
        with QSignalBlocker(self.tile), QSignalBlocker(self.order):
            if (device.id, session.dtype) != self._filled:
                self._filled = (device.id, session.dtype)
                self._fill(derived)
            tm, tn = derived.tiling.tile
            self.tile.setItemText(0, AUTO if session.tile else f"{AUTO}: {tm}x{tn}")
            tile = f"{session.tile[0]}x{session.tile[1]}" if session.tile else f"{AUTO}: {tm}x{tn}"
            self._shown = _plain(tile)
            self.tile.setEditText(tile)
            self._show_order(derived)
        self.order.setToolTip(derived.tiling.order.about)
        fixed = device.kind == "systolic"
        self.tile.setEnabled(not fixed)

    def _show_order(self, derived: Derived) -> None:
        """The order asked for, or what unasked was taken: 'auto: split-k-3'."""
        asked, order = derived.session.order, derived.tiling.order.id
        self.order.setItemText(0, AUTO if asked else f"{AUTO}: {order}")
        if self.order.findData(asked) < 0:
            self.order.addItem(asked, asked)
        self.order.setCurrentIndex(self.order.findData(asked))

    def _fill(self, derived: Derived) -> None:
        self.tile.clear()
        self.tile.addItem(AUTO)
        for tm, tn in derived.device.tiles_for(derived.session.dtype):
            self.tile.addItem(f"{tm}x{tn}")
        self.order.clear()
        self.order.addItem(AUTO, "")
        about = "The device's own order; with the tile, the parts of k that take least time"
        self.order.setItemData(0, about, Qt.ItemDataRole.ToolTipRole)
        for order in orders_of(derived.device):
            self.order.addItem(order, order)
            about = check_order(order).about
            self.order.setItemData(self.order.count() - 1, about, Qt.ItemDataRole.ToolTipRole)

    def _typed(self) -> None:
        text = _plain(self.tile.currentText())
        if text == self._shown:
            return
        if not text or text.startswith(AUTO):
            self.tile_chosen.emit(None)
            return
        sides = text.split("x")
        if len(sides) == 2 and all(_PLAIN.fullmatch(side) for side in sides):
            self.tile_chosen.emit((int(sides[0]), int(sides[1])))
            return
        self.tile_refused.emit(f"a tile is written 96x64, along m and along n, not {text!r:.40}")


def _plain(text: str) -> str:
    return text.strip().lower().replace("×", "x").replace(" ", "")
