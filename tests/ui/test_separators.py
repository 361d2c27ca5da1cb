"""Thousands are parted by a narrow space wherever a number is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget
from tips import every_view

from mmviz.core.shapes.network import from_widths
from mmviz.state.session import Session
from mmviz.state.workspaces import NAMED
from mmviz.ui.shell.controller import Controller

Open = Callable[..., Controller]
OTHERWISE = re.compile(r"(?<![\w.\-])[1-9]\d{3,}(?![\d.]*-)|\d,\d{3}")
LARGE = Session(
    from_widths([9216, 22016, 4096, 1000]), batch=12_288, device="h100", dtype="float16"
)


def of(widget: QWidget) -> set[str]:
    """All that a widget says."""
    said = {widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()}
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        said.add(widget.text())
    model = widget.model() if isinstance(widget, QTableView) else None
    if model is not None:
        roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                said |= {str(model.index(row, column).data(role)) for role in roles}
    return said


@pytest.mark.parametrize("workspace", NAMED, ids=lambda workspace: workspace.id)
def test_no_number_is_written_otherwise(open_on: Open, drawn: list[str], workspace: Any) -> None:
    controller = open_on(LARGE, size=(1680, 1050))
    window = controller.window
    said: set[str] = set()
    window.device_editor.open()
    assert "3\u202f350" in {box.text() for box in window.device_editor.findChildren(QLineEdit)}
    for _ in every_view(window, workspace.id):
        QTest.qWait(100)
        window.grab()
        for widget in window.findChildren(QWidget):
            said |= of(widget)
    said.update(drawn)
    assert any("22\u202f016" in text for text in said)
    quoted = str(controller.derived.device.about)  # as its datasheet has it
    named = re.compile(r"\b\d+(x\d+)+\b")  # a product whose name is its shape
    plain = [named.sub("", text.replace(quoted, "")) for text in said]
    assert [text for text in plain if OTHERWISE.search(text)] == []
