"""One side of a race: what it runs on, its picture, its progress."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from mmviz import units
from mmviz.core.schedule.orders import order_for, orders_of
from mmviz.core.shapes.dtype import BYTES
from mmviz.state import actions
from mmviz.state.derived import Derived
from mmviz.state.device.views import device_view
from mmviz.state.picture.selection import Selection
from mmviz.state.picture.view import picture_view
from mmviz.state.race.sides import Axis, Leg, Side
from mmviz.ui.device.button import DeviceButton
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import Theme
from mmviz.ui.look.widgets import CountBox
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.race.marks import CaptionLine, Progress

WIDE = 680  # from here on there is room for a word in the batch


class EntryBox(QComboBox):
    """Choose from a list or type exactly what is meant; `entered` gives the text."""

    entered = pyqtSignal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMinimumWidth(72)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._shown = ""
        self.textActivated.connect(self._enter)
        edit = self.lineEdit()
        if edit is not None:
            edit.setAccessibleName(name)
            edit.editingFinished.connect(lambda: self._enter(self.currentText()))

    def show_text(self, text: str, items: Sequence[str]) -> None:
        """Follow the session; announces nothing."""
        with QSignalBlocker(self):
            self._shown = text
            self.clear()
            self.addItems(list(items))
            self.setEditText(text)
            edit = self.lineEdit()
            if edit is not None:
                edit.setCursorPosition(0)  # what does not fit is cut at its end

    def _enter(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            self.entered.emit(text)


class SidePanel(QWidget):
    """Announces what to change of its session: field (a key of race.EDITS) and value.

    looked: an action on sessions that changes how they are drawn; picked: the same, of this side
    and this product alone.
    """

    changed = pyqtSignal(str, object)
    looked = pyqtSignal(object)
    picked = pyqtSignal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._side: Side | None = None
        self._leg: Leg | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._controls())
        self.caption = CaptionLine(name)
        self.picture = PictureCanvas()
        self.picture.setAccessibleName(f"Picture of the {name} side")
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect_picture()
        self.progress = Progress(name)
        column.addWidget(self.caption)
        column.addWidget(self.picture, 1)
        column.addWidget(self.progress)

    def set_theme(self, theme: Theme) -> None:
        for part in (self.caption, self.picture, self.progress):
            part.set_theme(theme)

    def show_side(self, side: Side, axis: Axis | None) -> None:
        """Follow the race; announces nothing."""
        self._side, self._leg = side, None
        session, device = side.session, side.derived.device
        with QSignalBlocker(self.dtype):
            self.dtype.setCurrentIndex(self.dtype.findData(session.dtype))
        self.device.show_view(device_view(session.device, device))
        self.batch.show_value(session.batch)
        tile = units.shape(*session.tile) if session.tile else "auto"
        shapes = device.tiles_for(session.dtype)
        self.tile.show_text(tile, ["auto", *(units.shape(*shape) for shape in shapes)])
        self.order.show_text(order_for(device, session.order or None).id, orders_of(device))
        self.progress.show_side(side, axis)
        if not side.legs:
            derived = next((s for s in side.snapshots if s.problem), side.derived)
            self._show_derived(derived)
            if derived.trace is not None:
                self.picture.show_frame(derived.trace.at(0.0))

    def show_moment(self, t: float) -> None:
        """Follow the clock: `t` on the common axis."""
        if self._side is None or not self._side.legs:
            return
        leg = self._side.leg_at(t)
        if leg is not self._leg:
            self._leg = leg
            self._show_derived(leg.derived)
        frame = leg.at(t)
        self.picture.show_frame(frame)
        several = len(self._side.legs) > 1
        self.progress.show_moment(t, product_name(leg.derived) if several else "")

    def _show_derived(self, derived: Derived) -> None:
        self.picture.show_view(picture_view(derived))
        self.caption.say(side_text(derived))

    def _connect_picture(self) -> None:
        picture = self.picture
        picture.bar.hide()  # the window has one bar for both pictures
        picture.camera_moved.connect(
            lambda camera: self.looked.emit(lambda s: actions.set_camera(s, camera))
        )
        picture.selected.connect(self._pick)
        picture.editor.edited.connect(
            lambda *cell: self.changed.emit("number", (self._product(), *cell))
        )

    def _product(self) -> int:
        """The product in the picture."""
        return 0 if self._leg is None else self._leg.derived.session.product

    def _pick(self, selection: Selection | None) -> None:
        product = self._product()
        self.picked.emit(lambda s: actions.select(s, selection) if s.product == product else s)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.batch.setPrefix("batch " if self.width() >= WIDE else "")
        self.batch.setFixedWidth(126 if self.width() >= WIDE else 84)

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.device = DeviceButton(f"Device of the {self.name} side")
        self.device.chosen.connect(lambda device: self.changed.emit("device", device))
        self.dtype = self._combo("Number format", tuple(BYTES), tuple(BYTES))
        self.batch = CountBox(f"Batch of the {self.name} side")
        self.batch.setToolTip("Batch: examples per pass")
        self.batch.valueChanged.connect(lambda n: self.changed.emit("batch", n))
        self.tile = EntryBox(f"Tile of the {self.name} side, along m × along n, or auto")
        self.order = EntryBox(f"Order of the tiles of the {self.name} side")
        self.tile.entered.connect(lambda text: self.changed.emit("tile", text))
        self.order.entered.connect(lambda text: self.changed.emit("order", text))
        self.dtype.currentIndexChanged.connect(
            lambda i: self.changed.emit("dtype", self.dtype.itemData(i))
        )
        row.addWidget(self.device, 1)
        row.addWidget(self.batch)
        for combo, width in ((self.dtype, 90), (self.tile, 114), (self.order, 98)):
            combo.setFixedWidth(width)
            row.addWidget(combo)
        return row

    def _combo(self, name: str, texts: Sequence[str], values: Sequence[str]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(f"{name} of the {self.name} side")
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for text, value in zip(texts, values, strict=True):
            combo.addItem(text, value)
        combo.setFont(fonts.words())
        return combo


def product_name(derived: Derived) -> str:
    """'fc6', or 'fc6 wgrad'."""
    gemm = derived.gemm
    return f"{gemm.name} {gemm.role}" if gemm.backward else gemm.name


def side_text(derived: Derived) -> str:
    """Network, product, device, tile and batch in one line."""
    session = derived.session
    return " · ".join(
        (
            f"{session.network.name}, {product_name(derived)}",
            derived.device.name,
            f"tile {units.shape(*derived.tiling.tile)}",
            f"batch {units.group(session.batch)}",
        )
    )
