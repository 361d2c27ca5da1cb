"""The workspace Recording in windows of every size: what is said of two recordings has its room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import catalogues
import pytest
from fitting import cut
from pseudo import LANGUAGE, write
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QFontMetrics
from PyQt6.QtTest import QTest

from mmviz.files.recordings import reading
from mmviz.state.recording.opening import beginning_with
from mmviz.ui.look import fonts
from mmviz.ui.recording.against import AgainstPanel
from mmviz.ui.recording.figures import Figures
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH, speak

Open = Callable[..., Controller]
SHIPPED = Path("assets/recordings")
SIZES = [(1024, 560), (1280, 720), (1680, 1050)]


@pytest.fixture
def two(open_on: Open) -> Callable[..., Controller]:
    """A window on one core kept busy, held against the quiet one."""

    def call(size: tuple[int, int], tmp_path: Path, language: str) -> Controller:
        busy, quiet = (
            reading.read(str(SHIPPED / f"cpu-2048-{name}.npz")) for name in ("busy", "quiet")
        )
        controller = open_on(beginning_with(busy), size=size)
        controller.found_out(lambda facts: facts.with_recording(busy).with_against(quiet))
        window = controller.window
        window.go_to("recording")
        if language != "en":
            found = [write(tmp_path, catalogues.extract())] if language == LANGUAGE else []
            window.set_words(speak(language, found))
        QTest.qWait(100)
        assert window.height() == size[1]
        assert window.width() == size[0] or language == LANGUAGE  # whose bar at the top is wider
        return controller

    return call


def short(table: Figures) -> list[str]:
    """Texts of a table that are larger than their cells."""
    found = []
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            item = table.item(row, column)
            if item is None or table.isColumnHidden(column) or not item.text():
                continue
            metrics = QFontMetrics(item.font())
            room = QRect(0, 0, table.columnWidth(column) - 6, 10_000)
            needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, item.text())
            if needed.width() > room.width() or needed.height() > table.rowHeight(row):
                found.append(item.text())
    return found


@pytest.mark.parametrize("language", ["en", "zh_CN", LANGUAGE])
@pytest.mark.parametrize("size", SIZES)
def test_figures_and_the_cause_are_whole(
    two: Callable[..., Controller],
    size: tuple[int, int],
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = two(size, tmp_path, language).window
    panel = window.panels["against"]
    assert isinstance(panel, AgainstPanel)
    for table in (panel.rows, panel.costs):
        assert short(table) == []
        heads = [table.horizontalHeaderItem(column) for column in (1, 2)]
        small = QFontMetrics(fonts.words(fonts.SMALL))
        for column, head in enumerate(heads, start=1):
            if head is None or table.isColumnHidden(column):
                continue
            room = table.columnWidth(column) - 16  # what Qt and the sheet leave around it
            assert all(small.horizontalAdvance(line) <= room for line in head.text().split("\n"))
    pair = window.pair
    (said,) = [label for label in (pair.evidence, pair.below) if label.isVisible()]
    assert said.text() == said.whole
    assert cut(window, monkeypatch) == []
    if language == "en":
        told = pair.left.about.whole
        assert "in tiles of 256, nothing else running" in told
        assert "timer step" in told
        tops = {
            half.picture.mapTo(window, half.picture.rect().topLeft()).y() for half in pair.halves
        }
        assert len(tops) == 1


def test_the_cause_goes_between_the_pictures_again_where_there_is_room(
    two: Callable[..., Controller], tmp_path: Path
) -> None:
    window = two((1024, 560), tmp_path, "en").window
    assert window.pair.below.isVisible()
    window.resize(1680, 1050)
    QTest.qWait(100)
    assert window.pair.evidence.isVisible()
    window.resize(1024, 560)
    QTest.qWait(100)
    assert window.pair.below.isVisible()
    assert ENGLISH(window.pair._view.said[1]) == window.pair.below.text()
