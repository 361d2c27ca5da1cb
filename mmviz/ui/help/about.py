"""What this program is: version, licence, and where it keeps what is the user's."""

from __future__ import annotations

import platform

import numpy as np
from PyQt6.QtCore import PYQT_VERSION_STR, Qt, pyqtSignal, qVersion
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mmviz import __version__
from mmviz.files import folders
from mmviz.text import N_, Text, own
from mmviz.ui.look import fonts
from mmviz.ui.look.leaving import copy, show_folder
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.tell import Told, tell
from mmviz.ui.look.widgets import muted

AIM = N_("Shows how a neural network is computed in parallel, and proves it with a clock.")
LICENCE = N_("free software under the GNU General Public License, version 3; no warranty")
NO_FOLDER = N_("{path} cannot be shown by the system; the folder is there once something is kept")


class About(Told, QWidget):
    """Lines that can be copied, and the folder of the user's data."""

    problem = pyqtSignal(object)  # a Text: the folder could not be shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 14, 4, 4)
        column.setSpacing(12)
        name = PlainLabel("mmviz")
        name.setFont(fonts.words(24, bold=True))
        column.addWidget(name)
        aim = tell(PlainLabel(), text=AIM)
        aim.setWordWrap(True)
        column.addWidget(aim)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setVerticalSpacing(8)
        column.addLayout(self._grid)
        self._values: list[QLabel] = []
        for _ in lines():
            self._add_line()
        row = QHBoxLayout()
        self.copy = tell(
            QPushButton(), text=N_("Copy these lines"), tip=N_("For a question or a bug report")
        )
        self.folder = tell(
            QPushButton(),
            text=N_("Open the data folder"),
            tip=N_("Own devices, calibrations, kept runs, languages"),
        )
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(self._open)
        row.addWidget(self.copy)
        row.addWidget(self.folder)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self.say()

    def say(self) -> None:
        for i, (label, value) in enumerate(lines()):
            item = self._grid.itemAtPosition(i, 0)
            left = None if item is None else item.widget()
            if isinstance(left, QLabel):
                left.setText(self.words(label))
            self._values[i].setText(self.words(value))

    def _add_line(self) -> None:
        value = PlainLabel()
        value.setWordWrap(True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = len(self._values)
        self._grid.addWidget(muted(), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._values.append(value)

    def _copy(self) -> None:
        copy("\n".join(f"{self.words(label)}: {self.words(value)}" for label, value in lines()))

    def _open(self) -> None:
        folder = folders.data()
        if not folder.is_dir() or not show_folder(folder):
            self.problem.emit(Text(NO_FOLDER, path=str(folder)))


def lines() -> tuple[tuple[Text, Text], ...]:
    """What it says: a label and a value each."""
    return (
        (Text(N_("version")), own(__version__)),
        (Text(N_("licence")), Text(LICENCE)),
        (Text(N_("your data")), own(str(folders.data()))),
        (Text(N_("your settings")), own(str(folders.config()))),
        (Text(N_("runs on")), own(_runs_on())),
    )


def _runs_on() -> str:
    return ", ".join(
        (
            f"Python {platform.python_version()}",
            f"Qt {qVersion()}",
            f"PyQt {PYQT_VERSION_STR}",
            f"NumPy {np.__version__}",
            platform.platform(terse=True),
        )
    )
