"""The chart to keep: three formats, from a command without a window, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer

from mmviz.bench.machine import Blas, Machine
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.errors import InputError
from mmviz.state.clock.curves import curves
from mmviz.state.export import CHART
from mmviz.ui.export.timing import export_chart
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, LIGHT, Theme, backend_colour

needs_fonts = pytest.mark.usefixtures("qapp")  # an application, without which there are no fonts

MACHINE = Machine(
    cpu="A CPU",
    cores=2,
    logical_cores=2,
    memory=8_000_000_000,
    system="Linux",
    blas=Blas("openblas", "0.3.29", "Haswell", 2),
    variables={},
    gpu="A GPU",
    versions={},
)


def timed(backend: str, median: float, n: int = 50, batch: int = 4) -> Run:
    samples = tuple((median * (1 + 0.1 * np.linspace(-1, 1, n))).tolist())
    return Run(backend, batch, samples, False, summarize(samples), 1e-7)


def estimated(backend: str, seconds: float, batch: int = 4) -> Run:
    return Run(backend, batch, (seconds,), True, summarize((seconds,)))


def results(*runs: Run, name: str = "a network") -> Results:
    return Results(
        network=name, dtype="float32", training=False, seed=1, machine=MACHINE, runs=runs
    )


ONE = results(estimated("loop", 14_400.0), timed("numpy", 0.2), timed("cupy", 0.001, 4_000))
SEVERAL = results(
    *(timed("numpy", 0.01 * batch, batch=batch) for batch in (64, 1, 8)),
    timed("loop", 0.5, 5, batch=1),
    estimated("loop", 4.0, batch=8),
    estimated("loop", 32.0, batch=64),
)
NOTHING = results(Run("numpy", 4, (), failure="out of memory"))


def words(svg: Path) -> str:
    texts = ET.parse(svg).getroot().iter("{http://www.w3.org/2000/svg}text")
    return "\n".join("".join(text.itertext()) for text in texts)


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 3)
    }


# --- what is on it -------------------------------------------------------------------------------


@needs_fonts
def test_one_batch_names_network_machine_and_every_line(tmp_path: Path) -> None:
    export_chart(ONE, tmp_path / "c.svg")
    text = words(tmp_path / "c.svg")
    for part in (
        "a network · batch 4 · float32 · inference",
        "A CPU · 2 cores · OpenBLAS 0.3.29, Haswell kernels, 2 threads · A GPU",
        "measured: line = median, band = p10 to p90",
        "estimated: dashed",
        "4 h estimated",
        "NumPy · OpenBLAS",
        "200 ms median of 50 samples",
        "CuPy · cuBLAS",
        "100 ms",
        "agree with float64",
    ):
        assert part in text, part


@needs_fonts
def test_several_batches_are_told_on_the_axis_in_order(tmp_path: Path) -> None:
    export_chart(SEVERAL, tmp_path / "c.svg")
    text = words(tmp_path / "c.svg")
    assert "batches 1, 8, 64" in text
    assert "measured, dashed: estimated" in text
    numpy, loop = curves(SEVERAL)
    assert numpy.x.tolist() == pytest.approx(np.log10([1, 8, 64]).tolist())
    assert loop.estimated == (False, True, True)
    assert np.all(numpy.p10 < numpy.p50)
    assert np.all(numpy.p50 < numpy.p90)


@needs_fonts
def test_no_data_says_no_data_and_why(tmp_path: Path) -> None:
    export_chart(NOTHING, tmp_path / "c.svg")
    lines = words(tmp_path / "c.svg").splitlines()
    assert "no data" in lines
    assert "NumPy: no data, out of memory" in lines
    assert not any("measured" in line for line in lines)
    export_chart(results(), tmp_path / "c.svg")
    assert "no data" in words(tmp_path / "c.svg").splitlines()


@needs_fonts
def test_where_a_face_is_missing_one_of_its_kind_stands_in(tmp_path: Path) -> None:
    export_chart(ONE, tmp_path / "c.svg")
    families = {
        text.get("font-family") for text in ET.parse(tmp_path / "c.svg").getroot().iter()
    } - {None}
    with fonts.on_paper():
        figures, words = fonts.figures().family(), fonts.words().family()
    assert {f"'{figures}', monospace", f"'{words}', sans-serif"} <= families
    assert all(family.endswith((", monospace", ", sans-serif")) for family in families)


def test_names_from_a_file_cannot_break_the_svg(tmp_path: Path) -> None:
    hostile = results(timed("numpy", 0.1), name="a<b>&\x00\x1b\n" + "long " * 200)
    export_chart(hostile, tmp_path / "c.svg")
    assert "a<b>&" in words(tmp_path / "c.svg")


# --- formats -------------------------------------------------------------------------------------


@needs_fonts
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_png_is_twice_the_size_and_in_the_themes_colours(tmp_path: Path, theme: Theme) -> None:
    export_chart(ONE, tmp_path / "c.png", theme)
    image = QImage(str(tmp_path / "c.png"))
    assert image.width() == CHART.pixels * CHART.width
    assert image.height() > 0.4 * image.width()
    found = colours(image)
    for colour in (theme.panel, backend_colour(theme, "numpy"), backend_colour(theme, "loop")):
        assert colour in found


@needs_fonts
def test_svg_draws_in_qts_own_reader(tmp_path: Path) -> None:
    export_chart(ONE, tmp_path / "c.SVG")
    reader = QSvgRenderer(str(tmp_path / "c.SVG"))
    assert reader.isValid()
    image = QImage(960, 600, QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    reader.render(painter)
    painter.end()
    assert backend_colour(LIGHT, "numpy") in colours(image)
    assert LIGHT.panel in colours(image)


@needs_fonts
def test_one_sample_is_a_dot_and_no_area(tmp_path: Path) -> None:
    """Renderers stop at a polygon of one point."""
    single = Run("numpy", 4, (0.2,), False, summarize((0.2,)), 1e-7)
    one_of_two = (timed("numpy", 0.01, batch=1), estimated("numpy", 0.1, batch=8))
    for runs in ((single,), (single, timed("cupy", 0.1)), one_of_two):
        export_chart(results(*runs), tmp_path / "c.svg")
        shapes = [
            shape
            for shape in ET.parse(tmp_path / "c.svg").getroot().iter()
            if shape.tag.rpartition("}")[2] in ("polygon", "polyline")
        ]
        assert all(len(set(shape.get("points", "").split())) > 1 for shape in shapes)
    export_chart(results(single), tmp_path / "c.png")
    assert backend_colour(LIGHT, "numpy") in colours(QImage(str(tmp_path / "c.png")))


@needs_fonts
def test_pdf_is_one_page_with_its_fonts_inside(tmp_path: Path) -> None:
    export_chart(SEVERAL, tmp_path / "c.pdf")
    data = (tmp_path / "c.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    assert data.count(b"/Type /Page\n") == 1
    assert b"/FontFile2" in data


# --- files ---------------------------------------------------------------------------------------


@needs_fonts
def test_another_suffix_is_refused_naming_the_three(tmp_path: Path) -> None:
    for name in ("chart.jpg", "chart", "chart.svg.txt"):
        with pytest.raises(InputError, match=r"\.png, \.svg, \.pdf"):
            export_chart(ONE, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@needs_fonts
def test_a_failed_export_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "c.svg"
    old.write_text("the old one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        export_chart(ONE, old)
    assert old.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["c.svg"]


@needs_fonts
def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        export_chart(ONE, tmp_path / "nowhere" / "c.svg")


def test_a_command_without_display_or_window_makes_all_three(tmp_path: Path) -> None:
    program = """
import sys
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.ui.export.timing import export_chart
s = (0.1, 0.2, 0.3)
run = Run("numpy", 4, s, False, summarize(s))
results = Results(network="n", dtype="float32", training=True, seed=1, machine=None, runs=(run,))
for suffix in ("png", "svg", "pdf"):
    export_chart(results, f"{sys.argv[1]}/c.{suffix}")
print("QtWidgets" in " ".join(sys.modules), "pyqtgraph" in sys.modules)
"""
    nowhere = {"DISPLAY": ":4077", "WAYLAND_DISPLAY": ""}  # a display that cannot be reached
    without = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in without}
    for extra in ({}, nowhere):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={**kept, **extra},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
    assert "training" in words(tmp_path / "c.svg")
    assert {path.name for path in tmp_path.iterdir()} == {"c.png", "c.svg", "c.pdf"}
