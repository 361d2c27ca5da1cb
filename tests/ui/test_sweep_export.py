"""A kept sweep: whole in three formats, with its error, its basis and its words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.cli import run
from mmviz.core.device.device import Device
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Points, Sweep, points_of, sweep
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.curves import curves_of
from mmviz.state.sweep.values import EXAMPLE, PASS, PEAK
from mmviz.ui.export.sweep import export_sweep
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.sweep.axes import axes_of
from mmviz.ui.sweep.faces import Faces
from mmviz.ui.sweep.pin_marks import flags
from mmviz.ui.sweep.ticks import apart
from mmviz.words.speech import ENGLISH

pytestmark = pytest.mark.usefixtures("qapp")
NETWORK = from_widths((2048, 2048, 1000))


def swept(points: Points, device: Device, dtype: str, tile: tuple[int, int] | None = None) -> Sweep:
    return sweep(points, Setup(points.network, device, dtype=dtype, tile=tile))


def chart(budget_s: float | None = None, measured: bool = False) -> SweepChart:
    found = swept(points_of(NETWORK, range(1, 3000)), read_device("h100"), "bfloat16")
    points = [
        MeasuredPoint(Run("numpy", batch, (s, 2 * s, 3 * s), stats=summarize((s, 2 * s, 3 * s))))
        for batch, s in ((1, 1e-5), (64, 5e-5), (2048, 4e-4))
    ]
    curves = curves_of(found, points if measured else ())
    return SweepChart(found, "NVIDIA H100 SXM5", "bfloat16", budget_s, curves)


def heat() -> SweepChart:
    points = points_of(NETWORK, range(64, 2049, 64), False, 0, range(256, 4097, 256))
    found = swept(points, read_device("h100"), "bfloat16")
    return SweepChart(found, "NVIDIA H100 SXM5", "bfloat16")


@pytest.mark.parametrize("kind", [".svg", ".png", ".pdf"])
def test_the_command_draws_a_chart(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"sweep{kind}"
    words = ("sweep", "alexnet", "--batch", "1:300", "--device", "h100", "--dtype", "bfloat16")
    assert run((*words, "--chart", str(target))) == 0
    begin = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}[kind]
    assert target.read_bytes().startswith(begin)


def test_the_svg_says_what_is_predicted_measured_and_how_surely(tmp_path: Path) -> None:
    target = tmp_path / "sweep.svg"
    export_sweep(chart(5e-4, measured=True), target)
    text = target.read_text()
    for words in ("predicted", "NumPy", "500 µs budget", "fastest per example", "± ", "p10 to p90"):
        assert words in text
    assert "500 µs: largest batch within it: NumPy " in text


@pytest.mark.parametrize("value", [PASS, EXAMPLE, PEAK])
@pytest.mark.parametrize("log_x", [False, True])
def test_every_way_of_drawing_is_drawn(tmp_path: Path, value: str, log_x: bool) -> None:
    for i, made in enumerate((chart(1e-3, measured=True), heat())):
        target = tmp_path / f"{i}.png"
        export_sweep(made.showing(value, log_x), target, DARK)
        image = QImage(str(target))
        colours = {image.pixel(x, y) for x in range(0, 1900, 7) for y in range(0, 1000, 7)}
        assert len(colours) > 5


def test_no_data_is_said_with_its_reason(tmp_path: Path) -> None:
    found = swept(points_of(NETWORK, range(1, 50)), read_device("lanes-16"), "float32")
    target = tmp_path / "none.svg"
    export_sweep(SweepChart(found, "16 lanes", "float32"), target, LIGHT)
    assert "no data: lanes have no clock" in target.read_text()


def test_another_suffix_is_refused_and_an_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "sweep.gif"
    target.write_text("old")
    with pytest.raises(InputError, match=r"a chart ends in \.png, \.svg, \.pdf"):
        export_sweep(chart(), target)
    assert target.read_text() == "old"


def test_a_pixel_leads_back_to_its_point() -> None:
    assert QApplication.instance() is not None
    faces = Faces(fonts.words(), fonts.figures(), fonts.words(bold=True))
    area = QRectF(0, 0, 700, 400)
    for made in (chart(), chart().showing(EXAMPLE, log_x=True), heat()):
        axes = axes_of(made, area, faces, 80)
        assert area.contains(axes.plot)
        for point in (0, 1, len(made.found.points) // 2, len(made.found.points) - 1):
            at = axes.place(point)
            found = axes.point_at(at.x(), at.y())
            assert found == point
            assert axes.plot.adjusted(-1, -1, 1, 1).contains(at)
        assert all(area.left() <= x <= area.right() for x, _ in axes.x_ticks)


def test_words_at_ticks_never_touch() -> None:
    ticks = [(float(x), str(x)) for x in np.linspace(0, 100, 21)]
    kept = apart(ticks, [18.0] * 21)
    assert min(np.diff([x for x, _ in kept])) >= 18.0
    assert apart(ticks[:1], [18.0]) == tuple(ticks[:1])


def test_pins_are_exported_with_what_is_said_of_them(tmp_path: Path) -> None:
    target = tmp_path / "sweep.svg"
    export_sweep(replace(chart(), pins=(127, 128)), target)
    pinned = target.read_text()
    export_sweep(chart(), target)
    for said in ("A batch 128, B batch 129", ">per example: ", ">a pass: "):
        assert said in pinned
        assert said not in target.read_text()
    assert ">A</text>" in pinned.replace("\n", "")


def test_flags_in_a_heat_map_lie_beside_each_other() -> None:
    made = heat()
    faces = Faces.of_now(ENGLISH)
    columns = 32
    for width in (300, 900):
        axes = axes_of(made, QRectF(0, 0, width, 300), faces, 80)
        for a in (0, columns + 1, 5 * columns + 3):
            for shift in (0, 1, 2, columns, columns + 1, 2 * columns, columns - 1, 3 * columns + 2):
                found = flags(axes, faces, (a, a + shift))
                assert set(found) == {0, 1}
                assert not found[0].intersects(found[1]), (a, shift)
