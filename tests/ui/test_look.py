"""Small parts several panels are made of."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mmviz.ui.look.eliding import Eliding


def test_a_text_without_room_is_cut_and_whole_in_its_tool_tip(qtbot: QtBot) -> None:
    label = Eliding()
    qtbot.addWidget(label)
    whole = "predicted from the datasheet and constants fitted to 364 rows"
    label.show_text(whole)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert len(label.text()) < len(whole)
    assert (label.toolTip(), label.accessibleName()) == (whole, whole)
    label.resize(2_000, 20)
    assert (label.text(), label.toolTip()) == (whole, "")
    label.show_text("short")
    assert label.text() == label.accessibleName() == "short"
