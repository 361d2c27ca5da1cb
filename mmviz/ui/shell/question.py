"""A question that has to be answered before something is replaced."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox

from mmviz.text import Text
from mmviz.ui.shell.main_window import MainWindow


def agreed(window: MainWindow, question: Text, yes: str, no: str) -> bool:
    """Whether the user says yes; no is what Enter and Escape mean. yes, no: marked msgids."""
    buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
    box = QMessageBox(QMessageBox.Icon.Question, "mmviz", window.words(question), buttons, window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDefaultButton(QMessageBox.StandardButton.No)
    for which, text in ((QMessageBox.StandardButton.Yes, yes), (QMessageBox.StandardButton.No, no)):
        button = box.button(which)
        if button is not None:
            button.setText(window.words(Text(text)))
    try:
        return box.exec() == QMessageBox.StandardButton.Yes
    finally:
        box.deleteLater()
