"""Widths that are typed: 784-128-10 as the command line takes them, opened as a network."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mmviz.errors import InputError
from mmviz.files.networks import NetworkFile
from mmviz.files.typed import of_typed
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.look import fonts
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted


class WidthsField(Told, QFrame):
    """A field that lies over the window; Escape and a click elsewhere send it away.

    Announces the network once it can be read; why it cannot stands below the field.
    """

    entered = pyqtSignal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._why = NOTHING
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(muted(N_("widths of the layers, inputs first")))
        row = QHBoxLayout()
        self.field = tell(
            QLineEdit(), name=N_("Widths of the layers, inputs first"), hint="4096-11008-4096"
        )
        self.field.setFont(fonts.figures())
        self.field.setMinimumWidth(420)
        self.field.returnPressed.connect(self._enter)
        self.field.textEdited.connect(lambda _: self._say_why(NOTHING))
        row.addWidget(self.field, 1)
        self.button = tell(QPushButton(), text=N_("Open"))
        self.button.clicked.connect(self._enter)
        row.addWidget(self.button)
        column.addLayout(row)
        column.addWidget(muted(N_("then, if you like, batch 96 device rtx4090 dtype float16")))
        self.why = muted(wrap=True)
        self.why.setObjectName("lost")
        self.why.hide()
        column.addWidget(self.why)

    def open_below(self, widget: QWidget, widths: str = "") -> None:
        """Show it below `widget`, with these to begin with."""
        self._say_why(NOTHING)
        self.field.setText(widths)
        self.field.selectAll()
        self.adjustSize()
        self.move(widget.mapToGlobal(QPoint(0, widget.height())))
        self.show()
        self.field.setFocus()

    def say(self) -> None:
        self._say_why(self._why)

    def _enter(self) -> None:
        try:
            file: NetworkFile = of_typed(self.field.text())
        except InputError as error:
            self._say_why(error.cause)
            self.field.setFocus()
        else:
            self.hide()
            self.entered.emit(file)

    def _say_why(self, why: Text) -> None:
        self._why = why
        self.why.setText(self.words(why))
        self.why.setVisible(bool(why))
        self.adjustSize()
