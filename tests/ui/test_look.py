"""Small parts several panels are made of."""

from __future__ import annotations

from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mmviz.ui.look.eliding import Eliding
from mmviz.ui.look.progress import ProgressLine


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


class Counted(ProgressLine):
    """Counts how often it is painted."""

    times = 0

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self.times += 1
        super().paintEvent(event)


def test_what_is_done_is_painted_with_all_else_that_is_new(qtbot: QtBot) -> None:
    line = Counted("how much is done")
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    QApplication.processEvents()
    before = line.times
    line.show_share(0.25)
    line.show_share(0.5)
    assert line.times == before, "Qt paints the whole window at once"
    qtbot.waitUntil(lambda: line.times == before + 1)
    assert line.value() == 500
