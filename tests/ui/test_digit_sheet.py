"""`mmviz digits`: the set as a sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from mnist import write_mnist
from PyQt6.QtGui import QImage

from mmviz.cli import run
from mmviz.core.learning.digits.made import make
from mmviz.files import hands


@pytest.mark.usefixtures("qapp")
def test_a_sheet_says_who_made_its_drawings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, own = tmp_path / "made.svg", tmp_path / "own.png"
    assert run(["digits", "-o", str(made), "--seed", "4"]) == 0
    assert "Digits made by mmviz, seed 4" in made.read_text(encoding="utf-8")
    seen, unseen = (make(hands.hands(), 64, 0.5, seed) for seed in (1, 2))
    folder = write_mnist(tmp_path, seen, unseen)
    assert run(["digits", "-o", str(own), "--data", str(folder)]) == 0
    assert capsys.readouterr() == ("", "")
    image = QImage(str(own))
    assert image.width() > 1_000
    grey = {image.pixelColor(x, y).lightness() for x in range(100, 900) for y in (120, 160)}
    assert max(grey) - min(grey) > 100, "there is ink on it"
