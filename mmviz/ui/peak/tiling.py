"""Choosing the tile and the order in which tiles are handed out."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QPushButton, QWidget

from mmviz import units
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.numerals import whole_sides
from mmviz.state.peak.tiling import TilingView
from mmviz.text import N_, Text
from mmviz.ui.help.terms import explain
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.words.timing import backend_name

AUTO = Text(N_("auto"))
TAKEN = N_("auto: {taken}")
OWN_ORDER = Text(N_("The device's own order; with the tile, the parts of k that take least time"))
NONE_TIMED = N_(
    "Run times this pass with wgpu, too: its kernels are mmviz's own, and their tile can be shown "
    "here. The library of another backend keeps its tiles to itself."
)
SHOW = N_("{name} computed this product in tiles of {tile:shape}: cut it so here, too")
SHOWN = N_("{name} computed this product in tiles of {tile:shape}, as it is cut here")
ITS_OWN = N_(
    "{name} computed this product in tiles of {tile:shape}; this device cuts tiles to its own size"
)
_TIP = Qt.ItemDataRole.ToolTipRole


class TilingControls(Told, QWidget):
    """Announces a tile (None: chosen by the model) and an order ("": the device's own).

    A tile can also be typed in: 96x64. `tile_refused` carries a Text. kernel_chosen: the tile in
    which a kernel that was timed computes this product, to be shown.
    """

    tile_chosen = pyqtSignal(object)
    kernel_chosen = pyqtSignal(object)
    tile_refused = pyqtSignal(object)
    order_chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 6, 16, 0)
        grid.setSpacing(6)
        self.tile = tell(
            QComboBox(),
            name=N_("Tile: cells along m by cells along n"),
            tip=N_("Tile: cells along m × along n; choose one, or type one in: 96x64"),
        )
        self.order = tell(QComboBox(), name=N_("Order in which tiles are handed out"))
        explain(self.tile, "tile")
        explain(self.order, "order")
        self.tile.setEditable(True)
        self.tile.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.kernel = tell(QPushButton(), name=N_("Show the tile of the kernel that was timed"))
        self.kernel.setAutoDefault(False)
        self.kernel.clicked.connect(self._show_kernel)
        explain(self.kernel, "tile")
        rows = (N_("tile"), self.tile), (N_("order"), self.order), (N_("kernel"), self.kernel)
        for row, (name, box) in enumerate(rows):
            grid.addWidget(muted(name), row, 0)
            grid.addWidget(box, row, 1)
        grid.setColumnStretch(1, 1)
        self.tile.activated.connect(lambda _: self._typed())
        entry = self.tile.lineEdit()
        assert entry is not None  # an editable box has one
        entry.editingFinished.connect(self._typed)  # also by going elsewhere
        self.order.activated.connect(lambda i: self.order_chosen.emit(self.order.itemData(i)))
        self._view: TilingView | None = None
        self._shown = ""

    def show_view(self, view: TilingView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        self.say()

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        with QSignalBlocker(self.tile), QSignalBlocker(self.order):
            self._show_tiles(view)
            self._show_orders(view)
        self.order.setToolTip(as_tip(self.words(view.about)))
        self.tile.setEnabled(not view.fixed)
        self._say_kernel(view)

    def _say_kernel(self, view: TilingView) -> None:
        kernel = next(iter(view.kernels), None)
        if kernel is None:
            text, tip = Text(N_("none was timed")), Text(NONE_TIMED)
        else:
            named = {"tile": kernel.tile, "name": backend_name(kernel.backend)}
            shown = view.tile == kernel.tile
            text = Text(N_("as it is") if shown else N_("show {tile:shape}"), **named)
            tip = Text(SHOWN if shown else SHOW, **named)
            if view.fixed:
                tip = Text(ITS_OWN, **named)
        self.kernel.setText(self.words(text))
        self.kernel.setToolTip(as_tip(self.words(tip)))
        self.kernel.setEnabled(kernel is not None and not view.fixed and view.tile != kernel.tile)

    def _show_kernel(self) -> None:
        if self._view is not None and self._view.kernels:
            self.kernel_chosen.emit(self._view.kernels[0].tile)

    def _show_tiles(self, view: TilingView) -> None:
        tile = units.shape(*view.tile)
        self.tile.clear()
        self.tile.addItem(self._auto(tile, view.tile_asked))
        self.tile.addItems([units.shape(*each) for each in view.tiles])
        self.tile.setEditText(tile if view.tile_asked else self.tile.itemText(0))
        self._shown = self.tile.currentText().strip()

    def _show_orders(self, view: TilingView) -> None:
        """The order asked for, or what unasked was taken: 'auto: split-k-3'."""
        self.order.clear()
        self.order.addItem(self._auto(view.order, view.order_asked), "")
        self.order.setItemData(0, as_tip(self.words(OWN_ORDER)), _TIP)
        for order, about in view.orders:
            self.order.addItem(order, order)
            self.order.setItemData(self.order.count() - 1, as_tip(self.words(about)), _TIP)
        asked = view.order if view.order_asked else ""
        if self.order.findData(asked) < 0:
            self.order.addItem(asked, asked)
        self.order.setCurrentIndex(self.order.findData(asked))

    def _auto(self, taken: str, asked: bool) -> str:
        return self.words(AUTO if asked else Text(TAKEN, taken=taken))

    def _typed(self) -> None:
        text = self.tile.currentText().strip()
        if text == self._shown:
            return
        if text.lower() in ("", self.words(AUTO).lower(), self.tile.itemText(0).lower()):
            self.tile_chosen.emit(None)
            return
        like = Text(N_("96x64, along m and along n"))
        try:
            found = whole_sides(text, Text(N_("a tile")), like, (2,), MAX_COUNT)
        except InputError as error:
            self.tile_refused.emit(error.cause)
            return
        self.tile_chosen.emit(found)
