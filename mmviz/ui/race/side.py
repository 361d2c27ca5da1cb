"""One side of a race: what it runs on, its picture, its progress."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from mmviz.core.shapes.dtype import BYTES
from mmviz.state.picture.selection import Selection
from mmviz.state.race.views import Choice, ShownView, SideView
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.device.button import DeviceButton
from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.ring import FocusRing
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.theme import Theme
from mmviz.ui.picture.canvas import PictureCanvas
from mmviz.ui.race.marks import CaptionLine, WayLine
from mmviz.words.race import Name, side

WIDE = 680  # from here on there is room for a word in the batch
LISTS = {  # the least width, also in large type, and what there is room for where there is more
    "dtype": (90, 90, "bfloat16"),
    "tile": (110, 110, "256 × 256"),
    "order": (94, 80, "swizzle-16"),
}
ARROW = 42  # pixels of a list beside its text
BATCH = 80  # without the word
DEVICE = 110  # its name has half a window, not the bar of a whole one
LEAST = (240, 140)  # of a picture: beside the other one it still shows its tiles


class EntryBox(Told, QComboBox):
    """Choose from a list or type exactly what is meant; `entered` gives what was typed."""

    entered = pyqtSignal(str)

    def __init__(self, name: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)
        tell(self, name=name, tip=name)
        self.setMinimumWidth(72)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self._chosen: Choice | None = None
        self._choices: Sequence[Choice] = ()
        self._shown = ""
        self.textActivated.connect(self._enter)
        edit = self.lineEdit()
        if edit is not None:
            tell(edit, name=name)
            edit.editingFinished.connect(lambda: self._enter(self.currentText()))

    def show_choice(self, chosen: Choice, choices: Sequence[Choice]) -> None:
        """Follow the session; announces nothing."""
        self._chosen, self._choices = chosen, choices
        self.say()

    def say(self) -> None:
        if self._chosen is None:
            return
        with QSignalBlocker(self):
            self._shown = self.words(self._chosen.said)
            self.clear()
            self.addItems([self.words(choice.said) for choice in self._choices])
            self.setEditText(self._shown)
            edit = self.lineEdit()
            if edit is not None:
                edit.setCursorPosition(0)  # what does not fit is cut at its end

    def _enter(self, text: str) -> None:
        if text != self._shown:
            self._shown = text
            listed = (one.typed for one in self._choices if self.words(one.said) == text)
            self.entered.emit(next(listed, text))


class SidePanel(Told, QWidget):
    """Announces what to change of its session: field (a key of EDITS) and value.

    refused: a Text, why what was typed was not taken. camera_moved: to look otherwise at both
    sides; picked: a selection and the product it is of.
    """

    changed = pyqtSignal(str, object)
    refused = pyqtSignal(object)
    camera_moved = pyqtSignal(object)
    picked = pyqtSignal(object, int)

    def __init__(self, name: Name, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._view: SideView | None = None
        self._shown: ShownView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._controls())
        self.caption = CaptionLine(name)
        self.picture = tell(PictureCanvas(), name=self._of(N_("Picture of the {side} side")))
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.setMinimumSize(*LEAST)
        self._connect_picture()
        self.progress = WayLine(name)
        column.addWidget(self.caption)
        frame = QWidget()
        frame.setObjectName("aside")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self.picture)
        FocusRing(self.picture, frame)
        column.addWidget(frame, 1)
        column.addWidget(self.progress)

    def set_theme(self, theme: Theme) -> None:
        for part in (self.caption, self.picture, self.progress):
            part.set_theme(theme)

    def show_view(self, view: SideView) -> None:
        """Follow the race; announces nothing."""
        self._view, self._shown = view, None
        with QSignalBlocker(self.dtype):
            self.dtype.setCurrentIndex(self.dtype.findData(view.dtype))
        self.device.show_view(view.device)
        self.batch.show_value(view.batch)
        self.tile.show_choice(view.tile, view.tiles)
        self.order.show_choice(view.order, view.orders)
        self.progress.show_view(view.way)
        self.caption.show_differs(view.differs)
        if not view.legs:
            self._show(view.still)
            trace = view.still.picture.trace
            if trace is not None:
                self.picture.show_frame(trace.at(0.0))

    def show_moment(self, t: float) -> None:
        """Follow the clock: `t` on the common axis."""
        leg = None if self._view is None else self._view.leg_at(t)
        if self._view is None or leg is None:
            return
        if leg.shown is not self._shown:
            self._show(leg.shown)
        self.picture.show_frame(leg.frame_at(t))
        self.progress.show_moment(t, leg.shown.name if len(self._view.legs) > 1 else NOTHING)

    def _show(self, shown: ShownView) -> None:
        self._shown = shown
        self.picture.show_view(shown.picture)
        self.caption.show_text(shown.caption, shown.detail)

    def _connect_picture(self) -> None:
        picture = self.picture
        picture.bar.hide()  # the window has one bar for both pictures
        picture.camera_moved.connect(self.camera_moved)
        picture.selected.connect(self._pick)
        picture.editor.refused.connect(self.refused)
        picture.editor.edited.connect(
            lambda *cell: self.changed.emit("number", (self._product(), *cell))
        )

    def _product(self) -> int:
        """The product in the picture."""
        return 0 if self._shown is None else self._shown.index

    def _pick(self, selection: Selection | None) -> None:
        self.picked.emit(selection, self._product())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.say()

    def say(self) -> None:
        wide = self.width() >= WIDE
        prefix = Text("{batch} ", batch=Text(N_("batch"))) if wide else NOTHING
        tell(self.batch, self.words, prefix=prefix)
        named = self.batch.fontMetrics().horizontalAdvance(self.words(prefix))
        self.batch.setMaximumWidth(round(BATCH * fonts.scale()) + named)
        for name, (ordinary, large, longest) in LISTS.items():
            least = ordinary if fonts.scale() == 1 else large
            combo: QComboBox = getattr(self, name)
            wanted = combo.fontMetrics().horizontalAdvance(longest) + ARROW
            # Its words are as long as they are; what is typed can be moved in its field.
            combo.setMinimumWidth(least if combo.isEditable() else max(least, wanted - 6))
            combo.setMaximumWidth(max(least, wanted))

    def _of(self, msgid: str) -> Text:
        """What is said with the name of the side in it."""
        return Text(msgid, side=side(self.name))

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.device = DeviceButton(self._of(N_("Device of the {side} side")))
        self.device.setMinimumWidth(DEVICE)
        self.device.chosen.connect(lambda device: self.changed.emit("device", device))
        self.dtype = self._dtypes()
        self.batch = CountBox(self._of(N_("Batch of the {side} side")))
        tell(self.batch, tip=N_("Batch: examples per pass"))
        self.batch.setMinimumWidth(66)
        self.batch.refused.connect(self.refused)
        self.batch.valueChanged.connect(lambda n: self.changed.emit("batch", n))
        self.tile = EntryBox(self._of(N_("Tile of the {side} side, along m × along n, or auto")))
        self.order = EntryBox(self._of(N_("Order of the tiles of the {side} side")))
        self.tile.entered.connect(lambda text: self.changed.emit("tile", text))
        self.order.entered.connect(lambda text: self.changed.emit("order", text))
        row.addWidget(self.device, 1)
        row.addWidget(self.batch)
        for name in LISTS:
            row.addWidget(getattr(self, name))
        return row

    def _dtypes(self) -> QComboBox:
        name = self._of(N_("Number format of the {side} side"))
        combo = tell(QComboBox(), name=name, tip=N_("Number format"))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for dtype in BYTES:
            combo.addItem(dtype, dtype)
        combo.setFont(fonts.words())
        combo.currentIndexChanged.connect(lambda i: self.changed.emit("dtype", combo.itemData(i)))
        return combo
