"""A narrow number format in the open window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("PyQt6")

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtWidgets import QLineEdit

from mmviz.core.shapes.dtype import DTYPES

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from mmviz.ui.shell.controller import Controller

Open = Callable[..., "Controller"]


def test_it_is_chosen_and_numbers_are_quantized_but_edited_as_they_are(
    qtbot: QtBot, open_on: Open
) -> None:
    controller = open_on("two-by-two")
    top, picture = controller.window.top, controller.window.picture
    top.dtype.setCurrentIndex(top.dtype.findData("int8"))
    assert controller.session.dtype == "int8"
    scene = picture.scene()
    assert scene is not None
    cells = scene.view.cells()
    assert cells is not None
    assert cells.b[0, 1] == pytest.approx(-85 * 1.5 / 127)  # −1 beside 1.5, the largest
    picture.grab()
    w, h = scene.layout.cell or (0, 0)
    box = scene.layout.b
    where = QPointF(box.x + 1.5 * w, box.y + 0.5 * h).toPoint()
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=where)
    field = picture.editor.field
    assert isinstance(field, QLineEdit)
    assert field.text() == "-1"
    field.setText("1.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    scene = picture.scene()
    assert scene is not None
    changed = scene.view.cells()
    assert changed is not None
    assert changed.b[0, 1] == pytest.approx(1.5, rel=1e-6)


def test_every_format_is_offered_with_its_name(open_on: Open) -> None:
    combo = open_on("two-by-two").window.top.dtype
    assert [combo.itemData(i) for i in range(combo.count())] == list(DTYPES)
    tips = [combo.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(combo.count())]
    assert "nvfp4 (4 bit, a scale per 16)" in tips[-1]
    assert "float8 (E4M3)" in tips[5]
