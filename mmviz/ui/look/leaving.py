"""What is handed to the rest of the computer: a text or an image to copy, a folder to show."""

from __future__ import annotations

import os

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices, QGuiApplication, QImage


def copy(what: str | QImage) -> None:
    """Onto the clipboard."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is None:
        return
    if isinstance(what, str):
        clipboard.setText(what)
    else:
        clipboard.setImage(what)


def folder_of(path: str | os.PathLike[str]) -> str:
    """The folder itself, or the one a file is in."""
    whole = os.path.abspath(path)
    return whole if os.path.isdir(whole) else os.path.dirname(whole)


def show_folder(path: str | os.PathLike[str]) -> bool:
    """That folder, by what the system shows folders with; whether it did."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(folder_of(path)))
