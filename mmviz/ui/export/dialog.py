"""Asking how a part is to leave the window, with a preview that is what will be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import QRectF, QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mmviz.errors import InputError
from mmviz.state.export import KINDS, LEARNT, LEAST, MOST, MOST_SCALE, PARTS, SIZES, ExportChoice
from mmviz.text import N_, NOTHING, Text, own
from mmviz.ui.export.figure import Figure
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.painting import paint_widget
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted
from mmviz.words.speech import Words

Made = tuple[QImage, tuple[int, int], tuple[float, float]]
"""A preview; pixels of the image that will be written; its size in millimetres."""
COLOURS = {"": N_("As the window"), "dark": N_("Dark"), "light": N_("Light")}
IN_IT = {
    "title": N_("Title"),
    "legend": N_("Legend"),
    "prose": N_("Sentences"),
    "units": N_("Units over time"),
}
"""What can be left out, by the field of the choice."""
LARGEST = 0.92  # of the window in front of which it stands
LEGENDS = ("picture", "units", "race", "pass")
"""Parts that have a legend which can be left out."""
PROSE = tuple(part for part in PARTS if part not in ("roofline", "layers"))
"""Parts that have sentences."""


class ExportDialog(Told, QDialog):
    """save_asked, copy_asked, text_asked: an ExportChoice; the last where a part is a table.

    preview: of a choice within so many pixels; raises InputError where there is nothing to show.
    """

    save_asked = pyqtSignal(object)
    copy_asked = pyqtSignal(object)
    text_asked = pyqtSignal(object)

    def __init__(
        self,
        choice: ExportChoice,
        preview: Callable[[ExportChoice, QSize], Made],
        words: Words,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.choice, self._preview = choice, preview
        tell(self, title=N_("Export picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.preview = Preview(self._made)
        self._build()
        self.set_words(words)
        self._follow()
        room, screen = self.sizeHint(), self.screen()
        if parent is not None and (window := parent.window()) is not None:
            room = room.boundedTo(window.size() * LARGEST)
        if screen is not None:
            room = room.boundedTo(screen.availableSize() * LARGEST)
        self.resize(room)

    def sizeHint(self) -> QSize:
        return QSize(980, 560)

    def say(self) -> None:
        for box, names in self._lists:
            with QSignalBlocker(box):
                now = box.currentIndex()
                box.clear()
                for value, name in names.items():
                    box.addItem(self.words(Text(name)), value)
                box.setCurrentIndex(now)
        self._follow()

    def _build(self) -> None:
        self._lists: list[tuple[QComboBox, dict[Any, str]]] = []
        self.part = self._list("part", N_("Part"), PARTS)
        self.size_box = self._list("size", N_("Size"), SIZES)
        self.kind = self._list("kind", N_("Format"), {kind: kind.upper() for kind in KINDS})
        finer = {n: f"{n} ×" for n in range(1, MOST_SCALE + 1)}
        self.scale = self._list("scale", N_("Fineness"), finer)
        self.colours = self._list("theme", N_("Colours"), COLOURS)
        self.pixels = QWidget()
        row = QHBoxLayout(self.pixels)
        row.setContentsMargins(0, 0, 0, 0)
        self.width_box = self._count("width", N_("Width in pixels"))
        self.height_box = self._count("height", N_("Height in pixels"))
        for part in (self.width_box, muted(own("×")), self.height_box):
            row.addWidget(part)
        row.addStretch(1)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(9)
        for name, field in (
            (N_("Part"), self.part),
            (N_("Size"), self.size_box),
            (N_("Pixels"), self.pixels),
            (N_("Format"), self.kind),
            (N_("Fineness"), self.scale),
            (N_("Colours"), self.colours),
        ):
            label = muted(name)
            label.setMinimumHeight(field.sizeHint().height())  # in line with its field
            self.form.addRow(label, field)
        self.checks = {field: self._check(field, name) for field, name in IN_IT.items()}
        for check in self.checks.values():
            self.form.addRow("", check)
        self.told = muted(wrap=True)
        self.told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        side = QVBoxLayout()
        side.addLayout(self.form)
        side.addStretch(1)
        side.addWidget(self.told)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(self.preview, 1)
        top.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(14)
        whole.addLayout(top, 1)
        whole.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.save = tell(QPushButton(), text=N_("Save …"))
        self.copy = tell(QPushButton(), text=N_("Copy"), tip=N_("The picture onto the clipboard"))
        tip = N_("Every line onto the clipboard, for a spreadsheet")
        self.text = tell(QPushButton(), text=N_("Copy as text"), tip=tip)
        close = tell(QPushButton(), text=N_("Close"))
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        for button, slot in (
            (self.save, lambda: self.save_asked.emit(self.choice)),
            (self.copy, lambda: self.copy_asked.emit(self.choice)),
            (self.text, lambda: self.text_asked.emit(self.choice)),
            (close, self.close),
        ):
            button.clicked.connect(lambda _=False, slot=slot: slot())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (close, self.text, self.copy, self.save):
            row.addWidget(button)
        return row

    def _list(self, field: str, name: str, names: dict[Any, str]) -> QComboBox:
        box = tell(QComboBox(), name=name)
        box.setMinimumWidth(180)
        for value in names:
            box.addItem(names[value], value)
        box.setCurrentIndex(max(0, box.findData(getattr(self.choice, field))))
        box.activated.connect(lambda _: self._choose(field, box.currentData()))
        self._lists.append((box, names))
        return box

    def _count(self, field: str, name: str) -> CountBox:
        box = CountBox(name)
        box.setRange(LEAST, MOST)
        box.show_value(getattr(self.choice, field))
        box.valueChanged.connect(lambda value: self._choose(field, value))
        box.refused.connect(self.refuse)
        return box

    def _check(self, field: str, name: str) -> QCheckBox:
        box = tell(QCheckBox(), text=name)
        box.setChecked(getattr(self.choice, field))
        box.clicked.connect(lambda on: self._choose(field, on))
        return box

    def _choose(self, field: str, value: object) -> None:
        if getattr(self.choice, field) != value:
            self.choice = replace(self.choice, **{field: value})  # type: ignore[arg-type]  # its own
            self._follow()

    def refuse(self, why: Text) -> None:
        """Say why something cannot be, beside what was asked for."""
        self.told.setObjectName("lost")
        tell(self.told, self.words, text=why)
        self.told.setStyleSheet(self.told.styleSheet())  # looks at the name again

    def forget(self) -> None:
        """What was refused is tried again: it is not said any more."""
        self.told.setObjectName("muted")
        self.told.setStyleSheet(self.told.styleSheet())
        self.preview.anew()

    def _follow(self) -> None:
        """Show only what means something for the choice, and the picture anew."""
        choice = self.choice
        self.form.setRowVisible(self.pixels, choice.size == "pixels")
        self.form.setRowVisible(self.scale, choice.kind == "png")
        self.checks["units"].setVisible(choice.part in ("picture", "recording"))
        self.checks["legend"].setVisible(choice.part in LEGENDS)
        self.checks["prose"].setVisible(choice.part in PROSE)
        self.text.setVisible(choice.part == "layers" or choice.part in LEARNT)
        self.forget()

    def _made(self, room: QSize) -> QImage | str:
        """What is previewed, or why nothing is."""
        try:
            image, (wide, high), sides = self._preview(self.choice, room)
        except InputError as error:
            self._allow(False)
            tell(self.told, self.words, text=NOTHING)
            return self.words(error.cause)
        self._allow(True)
        pixels = Text(N_("{wide:group} × {high:group} pixels"), wide=wide, high=high)
        paper = Text(N_("{wide:.0f} × {high:.0f} mm"), wide=sides[0], high=sides[1])
        tell(self.told, self.words, text=pixels if self.choice.kind == "png" else paper)
        return image

    def _allow(self, on: bool) -> None:
        for button in (self.save, self.copy):
            button.setEnabled(on)


class Preview(QWidget):
    """The picture as large as there is room, made again when the room or the wish is another."""

    def __init__(self, make: Callable[[QSize], QImage | str]) -> None:
        super().__init__()
        self._make = make
        self._made: QImage | str | None = None
        self._room = QSize()
        self.setMinimumSize(320, 220)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        tell(self, name=N_("Preview"))

    @property
    def shown(self) -> QImage | str | None:
        """The picture, or why there is none; None before it was painted."""
        return self._made

    def anew(self) -> None:
        """Another picture is wanted."""
        self._made = None
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        paint_widget(self, self._paint)

    def _paint(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        if self._made is None or room != self._room:
            self._made, self._room = self._make(room), room
        if isinstance(self._made, str):
            painter.setPen(self.palette().windowText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), int(flags), self._made)
            return
        wide, high = self._made.width() / ratio, self._made.height() / ratio
        left, top = (self.width() - wide) / 2, (self.height() - high) / 2
        where = QRectF(left, top, wide, high)
        painter.drawImage(where, self._made)
        painter.setPen(self.palette().placeholderText().color())
        painter.drawRect(where.adjusted(0, 0, -1, -1))


def suffix_of(choice: ExportChoice) -> str:
    """'.png'."""
    return f".{choice.kind}"


def name_for(figure: Figure, choice: ExportChoice) -> str:
    """What the file is called where nobody says otherwise."""
    return figure.name + suffix_of(choice)
