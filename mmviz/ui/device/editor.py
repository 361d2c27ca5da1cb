"""Editing a device's figures and watching what follows."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPoint, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mmviz import numerals, units
from mmviz.state.device.views import EditorView, FigureRow
from mmviz.text import N_, NO_DATA, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.number_boxes import RealBox
from mmviz.ui.look.plain import as_tip
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted

LARGEST = 1e9
DECIMALS = 6
ABOVE = N_("a number above 0, or nothing")
_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class FigureBox(RealBox):
    """A figure as published: typed in, or stepped with the arrow keys; empty: not known."""

    def __init__(self, row: FigureRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = NOTHING
        self._row = row
        self.setRange(1 if row.whole else 0, LARGEST)
        self.setDecimals(0 if row.whole else DECIMALS)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setFixedWidth(130)

    @property
    def figure(self) -> float | None:
        """The value, None where it is not known."""
        return self.value() or None

    def show_figure(self, value: float | None, name: Text) -> None:
        """Follow the session; announces nothing. name: of the figure, with its unit."""
        self._name = name
        self.blockSignals(True)
        self.setValue(value or 0.0)
        self.blockSignals(False)
        edit = self.lineEdit()
        if edit is not None:
            edit.setModified(False)

    def event(self, event: QEvent | None) -> bool:
        """Undo and redo are the session's, but for an entry under way."""
        edit = self.lineEdit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = any(event.matches(key) for key in _UNDO)
            if undo and edit is not None and not edit.isModified():
                event.ignore()
                return False
        return super().event(event)

    def textFromValue(self, value: float) -> str:
        return units.figure(value, "") if value else ""

    def read(self, text: str) -> float:
        if not text:
            return 0.0
        if self._row.whole:
            return float(numerals.whole(text, self._name, int(LARGEST)))
        value = numerals.real(text, self._name, ABOVE, self._fits, unit=self._row.unit)
        return self.kept(value, self._name, text)

    def _fits(self, value: float) -> bool:
        return 0 < value <= LARGEST


class DeviceEditor(Told, QDialog):
    """Shows the device of the session; announces every change at once, for the session to make."""

    figure_chosen = pyqtSignal(str, object)  # a figure's name; its value, None: not known
    name_chosen = pyqtSignal(str)
    settled = pyqtSignal()
    refused = pyqtSignal(object)  # a Text

    def __init__(self, save: QAction, back: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tell(self, title=N_("Edit device — mmviz"))
        self._save, self._back = save, back
        self._view: EditorView | None = None
        self._boxes: dict[str, FigureBox] = {}
        self._labels: dict[str, tuple[QLabel, ...]] = {}  # of a figure: name, unit, where from
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 16, 18, 14)
        self._column.setSpacing(10)
        self.about = muted(wrap=True)
        self._column.addWidget(self.about)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(10)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(3, 1)
        self.grid.setColumnMinimumWidth(3, 250)
        self._column.addLayout(self.grid)
        self.name = tell(QLineEdit(), name=N_("Name of the device"))
        self.name.editingFinished.connect(lambda: self.name_chosen.emit(self.name.text()))
        self.grid.addWidget(muted(N_("name")), 0, 0)
        self.grid.addWidget(self.name, 0, 1, 1, 3)
        self._column.addStretch(1)
        self.note = muted(wrap=True)
        self._column.addWidget(self.note)
        self._column.addLayout(self._buttons())

    def show_view(self, view: EditorView) -> None:
        """Follow the session; announces nothing."""
        self._view = view
        self._back.setEnabled(view.edited)
        if self.isVisible():
            self.say()

    def say(self) -> None:
        view = self._view
        if view is None:
            return
        if self.name.text() != view.name:
            self.name.setText(view.name)
        self.about.setText(self.words(view.about))
        for number, row in enumerate(view.rows, start=1):
            self._show_row(number, row)
        self.note.setText(self.words(view.note))

    def open(self) -> None:
        """Come to the front, showing the device of the session."""
        self.say()
        if self.isVisible():
            self.raise_()
        else:
            self._place()
            self.show()
        self.activateWindow()

    def box(self, name: str) -> FigureBox:
        """The field of a figure."""
        return self._boxes[name]

    def _place(self) -> None:
        """At the lower left of the window, where the picture stays in sight, and on the screen."""
        over = self.parentWidget()
        if over is None:
            return
        size, low = self.sizeHint(), over.mapToGlobal(QPoint(0, over.height()))
        place = QPoint(low.x(), low.y() - size.height())
        screen = over.screen()
        if screen is not None:
            room = screen.availableGeometry()
            right, bottom = room.right() - size.width(), room.bottom() - size.height()
            place = QPoint(min(place.x(), right), min(place.y(), bottom))
            place = QPoint(max(place.x(), room.left()), max(place.y(), room.top()))
        self.move(place)

    def _show_row(self, number: int, row: FigureRow) -> None:
        if row.name not in self._boxes:
            self._make_row(number, row)
        box = self._boxes[row.name]
        in_unit = Text(N_("{figure} in {unit}"), figure=row.label, unit=row.unit)
        name, tip = in_unit if row.unit else row.label, self.words(row.tip)
        box.setAccessibleName(self.words(name))
        box.show_figure(row.value, name)
        box.setToolTip(as_tip(tip))
        texts: tuple[Text | str, ...] = (row.label, row.unit, row.note or Text(NO_DATA))
        for label, text in zip(self._labels[row.name], texts, strict=True):
            label.setText(self.words(text))
            label.setToolTip(as_tip(tip))
            label.setFont(fonts.words(fonts.SMALL, bold=row.changed))

    def _make_row(self, number: int, row: FigureRow) -> None:
        box = FigureBox(row)
        box.valueChanged.connect(lambda _, name=row.name: self._announce(name))
        box.editingFinished.connect(self.settled)
        box.refused.connect(self._refuse)
        self._boxes[row.name] = box
        self._labels[row.name] = labels = (muted(), muted(), muted())
        for label, column in zip(labels, (0, 2, 3), strict=True):
            self.grid.addWidget(label, number, column)
        self.grid.addWidget(box, number, 1)
        last = list(self._boxes.values())[-2:]
        self.setTabOrder(last[0] if len(last) == 2 else self.name, box)

    def _refuse(self, sentence: Text) -> None:
        self.note.setText(self.words(sentence))
        self.refused.emit(sentence)

    def _announce(self, name: str) -> None:
        self.figure_chosen.emit(name, self._boxes[name].figure)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for action in (self._save, self._back):
            button = QPushButton()
            button.setAutoDefault(False)
            button.clicked.connect(action.trigger)
            action.changed.connect(lambda b=button, a=action: _be_like(b, a))
            _be_like(button, action)
            row.addWidget(button)
        row.addStretch(1)
        close = tell(QPushButton(), text=N_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        row.addWidget(close)
        return row


def _be_like(button: QPushButton, action: QAction) -> None:
    """Say and be able to do what the action is."""
    button.setText(action.text())
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
