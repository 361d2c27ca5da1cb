"""Parts of the window as pictures: sizes, formats, what is in them, the command."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QFontMetricsF, QImage

from mmviz.backends.base import Part
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.cli import run
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.export import KINDS, LEARNT, PARTS, SIZES, ExportChoice, paper_of
from mmviz.state.picture.camera import Camera
from mmviz.state.session import Session, open_file
from mmviz.state.settings import choice_of
from mmviz.ui.export.files import as_bytes, as_image
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look import fonts
from mmviz.ui.look.theme import DARK, LIGHT, Theme
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH

Open = Callable[..., Controller]
SCREEN = 900.0, 500.0
LONG = "a network whose name was made by somebody who had a lot of time " * 3
STATS = summarize((1e-3, 2e-3, 3e-3))
RESULTS = Results(
    network="n",
    dtype="float32",
    training=False,
    seed=1,
    machine=None,
    runs=(
        Run(
            *("numpy", 512, (1e-3, 2e-3, 3e-3), False, STATS),
            parts=(Part("forward", 0, 1.5e-3), Part("rest", 0, 1e-3), Part("upload", 0, 1e-3)),
        ),
    ),
)
DRAWN = tuple(part for part in PARTS if part not in (*LEARNT, "recording"))
"""The others are drawn of what was learnt, or recorded."""
MEASURED = {"timing", "parts"}  # what there is once something was timed
HEADS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
SVG = "{http://www.w3.org/2000/svg}"


def session(**changes: object) -> Session:
    made = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    return replace(actions.set_batch(made, 700), **changes)  # type: ignore[arg-type]


def shown(of: Session | None = None) -> Shown:
    return Shown(derive(of or session()), 0.5, results=RESULTS)


def made(choice: ExportChoice, theme: Theme = DARK, of: Session | None = None) -> bytes:
    figure = figure_of(shown(of), theme, ENGLISH, choice)
    return as_bytes(f".{choice.kind}", figure, paper_of(choice, SCREEN))


def said(choice: ExportChoice, of: Session | None = None) -> list[str]:
    """All that is written in a part, text by text."""
    root = ElementTree.fromstring(made(replace(choice, kind="svg"), of=of))
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


# --- every part --------------------------------------------------------------------------------


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", DRAWN)
def test_every_part_is_drawn_in_every_size_format_and_theme(part: str, size: str) -> None:
    for kind in KINDS:
        for theme in (DARK, LIGHT):
            choice = ExportChoice(part=part, size=size, kind=kind, width=800, height=600)
            data = made(choice, theme)
            assert data.startswith(HEADS[kind])
            if kind == "png":
                image = QImage.fromData(data)
                xs, ys = range(0, image.width(), 37), range(0, image.height(), 37)
                colours = {image.pixel(x, y) for x in xs for y in ys}
                assert len(colours) > 2, "nothing is on it"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", DRAWN)
def test_a_size_is_what_was_asked_for(part: str) -> None:
    def image(**of: object) -> QImage:
        choice = replace(ExportChoice(part=part), **of)  # type: ignore[arg-type]
        figure = figure_of(shown(), DARK, ENGLISH, choice)
        return as_image(figure, paper_of(choice, SCREEN))

    assert image().size() == QSize(1920, 1080)
    assert image(scale=2).size() == QSize(3840, 2160)
    assert image(size="pixels", width=800, height=600).size() == QSize(800, 600)
    for millimetres in (85, 170):
        found = image(size=f"column{millimetres}")
        assert found.width() == pytest.approx(millimetres / 25.4 * 600, abs=1)
        assert found.dotsPerMeterX() * 0.0254 == pytest.approx(600, rel=0.01)
    found = image(size="screen")
    assert found.width() == 2 * SCREEN[0]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", DRAWN)
def test_type_is_large_enough_where_it_is_read(part: str) -> None:
    """Almost 7 points and more in print, 26 pixels and more on a slide of 1 080 lines."""
    for size, least in (("column85", 6.9), ("column170", 6.9), ("slide", 26.0)):
        choice = ExportChoice(part=part, size=size, kind="svg")
        root = ElementTree.fromstring(made(choice))
        box = [float(side) for side in root.get("viewBox", "").split()]
        whole = {"column85": 85 / 25.4 * 72, "column170": 170 / 25.4 * 72, "slide": 1920.0}[size]
        sizes = [
            float(group.get("font-size", "0"))
            for group in root.iter(f"{SVG}g")
            if group.find(f"{SVG}text") is not None
        ]
        assert min(sizes) * whole / box[2] >= least, (size, sorted(set(sizes)))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", ["column85", "slide"])
@pytest.mark.parametrize("part", DRAWN)
def test_long_names_are_broken_and_never_cut(part: str, size: str) -> None:
    if part == "timing":  # its name is that of the run
        pytest.skip("the title is that of a run")
    network = replace(from_widths([256, 128, 64]), name=LONG.strip())
    of = Session(network, batch=64, device="a100")
    title = " ".join(said(ExportChoice(part=part, size=size), of))
    assert LONG.strip() in title


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", DRAWN)
def test_a_name_from_a_file_cannot_break_the_svg(part: str) -> None:
    network = replace(from_widths([256, 128, 64]), name="a<b>&\x00\x1b\ufffe x")
    ElementTree.fromstring(
        made(ExportChoice(part=part, kind="svg"), of=Session(network, batch=64, device="a100"))
    )


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", DRAWN)
def test_no_mark_of_a_clip_is_left_in_an_svg(part: str) -> None:
    close = session(camera=Camera(0.2, 0.2, 0.3, 0.3))
    for of in (session(), close, actions.set_training(session(), True)):
        text = made(ExportChoice(part=part, kind="svg"), of=of).decode()
        assert "clip-from-here" not in text
        assert "clip-to-here" not in text
        assert text.count("<g ") == text.count("</g>")
    if part == "picture":
        assert 'clip-path="url(#clip0)"' in text


@pytest.mark.usefixtures("qapp")
def test_large_type_in_the_window_leaves_a_picture_as_it_is() -> None:
    choice = ExportChoice(part="roofline", size="column85")
    before = made(choice)
    fonts.set_large(True)
    try:
        assert made(choice) == before
    finally:
        fonts.set_large(False)


# --- what is in it -----------------------------------------------------------------------------


@pytest.mark.usefixtures("qapp")
def test_what_is_left_out_is_not_there() -> None:
    words = " ".join(said(ExportChoice()))
    for part in ("AlexNet classifier", "computing now", "wave 1 of 2", "units over time", "SM 107"):
        assert part in words
    bare = " ".join(said(ExportChoice(title=False, legend=False, prose=False, units=False)))
    for part in ("AlexNet classifier", "computing now", "wave 1 of 2", "units over time", "SM 107"):
        assert part not in bare
    assert "W 9" in bare  # the matrices keep their names


@pytest.mark.usefixtures("qapp")
def test_axes_say_what_they_are_and_where_they_begin() -> None:
    for part, words in (
        ("units", ("time since the product began", "0 s", "SM 0")),
        ("pass", ("time since the pass began", "0 s")),
        ("sweep", ("time of a pass", "batch", "1")),
        ("timing", ("time of a pass", "0 %")),
        ("roofline", ("FLOP/s", "FLOP per byte")),
    ):
        found = said(ExportChoice(part=part))
        assert set(words) <= set(found), (part, found)


@pytest.mark.usefixtures("qapp")
def test_a_table_leaves_columns_out_and_cuts_none() -> None:
    for size in ("column85", "slide"):
        found = said(ExportChoice(part="layers", size=size))
        assert not any("…" in text for text in found)
        assert {"product", "predicted", "fc6", "fc8"} <= set(found)
    assert "limiter" in found
    assert any(text.endswith("modelled") for text in found)
    big = said(ExportChoice(part="layers"), session(batch=10_000_000))
    assert any(text.startswith("does not fit: ") for text in big)
    assert not {"predicted", "limiter"} & set(big)


@pytest.mark.usefixtures("qapp")
def test_a_part_without_anything_says_why() -> None:
    bare = Shown(derive(session()), 0.0)
    with pytest.raises(InputError, match="press Run first"):
        figure_of(bare, DARK, ENGLISH, ExportChoice(part="timing"))
    lanes = Shown(derive(actions.set_device(session(), "lanes-16")), 0.0)
    for part in ("sweep", "roofline", "peak"):
        with pytest.raises(InputError, match=r"no data.*; choose a GPU$"):
            figure_of(lanes, DARK, ENGLISH, ExportChoice(part=part))
    listed = Shown(derive(open_file(networks.read_preset("gpt2-small"))), 0.0)
    with pytest.raises(InputError, match=r"a list of products .*; open one product alone"):
        figure_of(listed, DARK, ENGLISH, ExportChoice(part="sweep"))


@pytest.mark.usefixtures("qapp")
def test_ticks_stand_apart_and_evenly() -> None:
    from PyQt6.QtCore import QRectF
    from PyQt6.QtGui import QFontMetricsF

    from mmviz.ui.export.legend import apart

    metrics = QFontMetricsF(fonts.figures())
    for width in range(60, 700, 20):
        for count in range(1, 12):
            chart = QRectF(0, 0, width, 100)
            ticks = [(width * i / count, f"{100 * i} steps") for i in range(count + 1)]
            found = apart(chart, ticks, metrics)
            shown = [int(text.split()[0]) for _, text in found]
            gaps = {b - a for a, b in itertools.pairwise(shown)}
            assert shown[0] == 0
            assert len(gaps) <= 1
            for (one, _), (other, _) in itertools.pairwise(found):
                assert one.right() < other.left()


def test_a_choice_of_another_program_is_left_as_at_first() -> None:
    from mmviz.files.settings import StoredExport

    odd = StoredExport(part="moon", size="A0", kind="gif", theme="pink", width=1, scale=99)
    assert choice_of(odd) == replace(ExportChoice(), width=160, scale=4)


# --- the command -------------------------------------------------------------------------------


@pytest.mark.parametrize("part", sorted(set(DRAWN) - MEASURED))
def test_the_command_draws_every_part(part: str, tmp_path: Path) -> None:
    target = tmp_path / "x.svg"
    words = ("screenshot", str(target), "alexnet", "--device", "a100", "--part", part)
    assert run((*words, "--column", "85", "--theme", "light", "--without", "prose")) == 0
    ElementTree.fromstring(target.read_bytes())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--part", "moon"), "--part must be one of picture, units, recording"),
        (("--part", "race", "--column", "90"), "--column must be 85 or 170"),
        (("--part", "race", "--slide", "--size", "800x600"), "give one of them"),
        (("--part", "race", "--without", "colour"), "--without takes title, legend"),
        (("--part", "race", "--scale", "9"), "--scale"),
        (("--part", "parts"), "no run of this network is kept on this computer"),
        (("--part", "timing"), "time it in the window, or draw it as it is timed: mmviz bench"),
        (("--slide",), "--slide belongs to --part"),
        (("--format", "svg"), "--format belongs to --part"),
        (("--part", "race", "--format", "svg"), "a file's name says its format"),
        (("--part", "race", "--size", "16384x16384", "--scale", "2"), "is too large, the most is"),
    ],
)
def test_the_command_says_what_it_cannot_draw(
    words: tuple[str, ...], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x.png"
    assert run(("screenshot", str(target), "mlp", "--device", "a100", *words)) == 2
    assert re.search(re.escape(why), capsys.readouterr().err)
    assert not target.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_writes_every_format_to_standard_output(
    kind: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ("screenshot", "-", "mlp", "--device", "a100", "--part", "pass", "--format", kind)
    assert run(words) == 0
    assert capfdbinary.readouterr().out.startswith(HEADS[kind])


def test_a_scale_of_what_has_no_pixels_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "x.svg"
    words = ("screenshot", str(target), "mlp", "--device", "a100", "--part", "race", "--scale", "2")
    assert run(words) == 2
    assert "--scale belongs to .png" in capsys.readouterr().err
    assert not target.exists()


# --- what fits ---------------------------------------------------------------------------------


def pieces(choice: ExportChoice, of: Session | None = None) -> list[tuple[str, float]]:
    """Every text and its height, in parts of the picture's height."""
    root = ElementTree.fromstring(made(replace(choice, kind="svg"), of=of))
    high = float(root.get("viewBox", "").split()[3])
    found = []
    for group in root.iter(f"{SVG}g"):
        for text in group.findall(f"{SVG}text"):
            lift = float(group.get("transform", "").removesuffix(")").split(",")[5])
            found.append(("".join(text.itertext()).strip(), (lift + float(text.get("y"))) / high))
    return found


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("batch", [128, 2049])
def test_the_chart_of_a_sweep_has_half_of_the_paper(size: str, batch: int) -> None:
    choice = ExportChoice(part="sweep", size=size, width=800, height=700)
    found = pieces(choice, session(batch=batch))
    where = dict(found)
    title = max(y for text, y in found[:3] if "AlexNet" in text or "A100" in text)
    assert where["batch"] - title >= 0.44, "the name of its axis is the lowest of a chart"
    steps = [text for text, _ in found if text.startswith("batch ") and "→" in text]
    gains = [float(re.search(r"\+(\d+)", text)[1]) for text in steps]  # type: ignore[index]
    assert gains == sorted(gains, reverse=True), "the smallest go first"
    assert ("the largest steps, and what they are lost to:" in where) == bool(steps)
    if size in ("slide", "screen"):
        assert steps


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", ["column85", "column170", "slide"])
@pytest.mark.parametrize("part", sorted(set(DRAWN) - MEASURED))
def test_a_name_without_a_space_is_broken_too(part: str, size: str) -> None:
    name = "averylongname" * 38
    network = replace(from_widths([256, 128, 64]), name=name)
    texts = said(ExportChoice(part=part, size=size), Session(network, batch=64, device="a100"))
    assert name in "".join(texts)
    assert not any("…" in text for text in texts)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", ["picture", "units", "peak"])
@pytest.mark.parametrize("device", ["tpu-v3", "a100", "mi300x"])
def test_nothing_is_cut_on_a_narrow_paper_or_beside_an_array(part: str, device: str) -> None:
    of = actions.set_device(session(), device)
    for width, height in ((400, 1600), (1920, 1080)):
        choice = ExportChoice(part=part, size="pixels", width=width, height=height)
        if part == "peak" and device == "tpu-v3":
            continue  # has no peak
        assert not [text for text in said(choice, of) if "…" in text]
        found = pieces(choice, of)
        lowest = max((y for text, y in found if text == "idle"), default=0.0)
        prose = [y for text, y in found if " · busy " in text or text.startswith("wave ")]
        assert all(y > lowest for y in prose), "the legend is above what is said"


@pytest.mark.usefixtures("qapp")
def test_the_numbers_of_cells_can_be_read() -> None:
    small = open_file(networks.read_preset("two-by-two"))
    for part, size, least in (
        ("picture", "column85", 6.2),
        ("race", "column85", 6.2),
        ("race", "column170", 6.2),
        ("picture", "slide", 22.0),
        ("race", "slide", 24.0),
    ):
        choice = ExportChoice(part=part, size=size, kind="svg")
        root = ElementTree.fromstring(made(choice, of=small))
        whole = {"slide": 1920.0}.get(size, float(size[6:] or 0) / 25.4 * 72 if "c" in size else 0)
        each = whole / float(root.get("viewBox", "").split()[2])
        sizes = [
            float(group.get("font-size", "0"))
            for group in root.iter(f"{SVG}g")
            if any(re.fullmatch(r"−?\d\.\d\d", text.text or "") for text in group)
        ]
        assert sizes
        assert min(sizes) * each >= least, (part, size)


@pytest.mark.usefixtures("qapp")
def test_how_far_a_side_of_a_race_is_stands_below_its_lanes() -> None:
    of = replace(open_file(networks.read_preset("digits")), batch=2, device="lanes-16")
    found = pieces(ExportChoice(part="race", size="slide"), of)
    lanes = sorted(y for text, y in found if text.startswith("one lane alone"))
    ways = sorted(y for text, y in found if re.search(r"(?:of|after) [\d\s]+ steps$", text))
    assert len(lanes) == len(ways) == 2
    assert all(way - lane > 0.015 for lane, way in zip(lanes, ways, strict=True))


@pytest.mark.usefixtures("qapp")
def test_a_device_is_named_where_there_are_no_sentences() -> None:
    for part in sorted(set(DRAWN) - MEASURED):
        bare = " ".join(said(ExportChoice(part=part, prose=False)))
        assert "A100" in bare, part


@pytest.mark.usefixtures("qapp")
def test_a_name_from_right_to_left_stands_before_what_follows_it() -> None:
    network = replace(from_widths([256, 128, 64]), name="שלום")
    of = Session(network, batch=64, device="a100")
    image = as_image(
        figure_of(shown(of), LIGHT, ENGLISH, ExportChoice(part="pass")),
        paper_of(ExportChoice(), SCREEN),
    )
    latin = replace(of, network=replace(network, name="nolo"))
    other = as_image(
        figure_of(shown(latin), LIGHT, ENGLISH, ExportChoice(part="pass")),
        paper_of(ExportChoice(), SCREEN),
    )
    # Behind the name both say the same, so far apart as the names are wide.
    ink = [
        [any(of.pixelColor(x, y).lightness() < 100 for y in range(40, 78)) for x in range(30, 1800)]
        for of in (image, other)
    ]
    ends = [max(i for i, dark in enumerate(row) if dark) for row in ink]
    tails = [row[end - 600 : end] for row, end in zip(ink, ends, strict=True)]
    assert sum(a != b for a, b in zip(*tails, strict=True)) < 12


@pytest.mark.usefixtures("qapp")
def test_the_last_tick_of_a_timing_stands_below_its_point_and_on_the_paper() -> None:
    several = tuple(Run("numpy", batch, (1e-3, 2e-3), False, STATS) for batch in (1, 64, 512))
    for results, last in (
        (msgspec.structs.replace(RESULTS, runs=several), "512"),
        (RESULTS, "100 %"),
    ):
        for size in ("slide", "column85"):
            choice = ExportChoice(part="timing", size=size, kind="svg")
            figure = figure_of(replace(shown(), results=results), LIGHT, ENGLISH, choice)
            data = as_bytes(".svg", figure, paper_of(choice, SCREEN))
            root = ElementTree.fromstring(data)
            wide = float(root.get("viewBox", "").split()[2])
            lines = [
                float(line.get("points", "0,0").split()[-1].split(",")[0])
                for line in root.iter(f"{SVG}polyline")
                if line.get("points")
            ]
            found = [text for text in root.iter(f"{SVG}text") if "".join(text.itertext()) == last]
            [tick] = found
            half = QFontMetricsF(fonts.figures(12)).horizontalAdvance(last) / 2
            middle = float(tick.get("x", "0")) + half
            assert middle + half <= wide - 13
            if size == "slide":
                assert min(abs(middle - x) for x in lines) < 4


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", ["column85", "column170", "slide"])
def test_a_long_name_of_a_layer_leaves_the_rest_of_a_table_and_a_waterfall(size: str) -> None:
    network = from_widths([4096, 11008, 4096])
    first, *others = network.layers
    for name in ("a layer with words in it " * 20, "averylonglayername" * 28):
        long = replace(network, layers=(replace(first, name=name.strip()), *others))
        of = Session(long, batch=128, device="a100")
        table = said(ExportChoice(part="layers", size=size), of)
        assert {"predicted", "forward", "forward pass", "training pass"} <= set(table)
        assert any(text.endswith("…") for text in table), "the name alone is cut"
        choice = ExportChoice(part="peak", size=size)
        fall = said(choice, of)
        assert name.replace(" ", "") in "".join(fall).replace(" ", "")
        assert not any("…" in text for text in fall)


@pytest.mark.usefixtures("qapp")
def test_the_product_looked_at_is_named_among_many() -> None:
    listed = actions.set_device(open_file(networks.read_preset("resnet50")), "rtx4090")
    for product in (0, 7, 13):
        of = actions.select_product(listed, product)
        name = derive(of).gemm.name
        assert name in said(ExportChoice(part="roofline"), of)
    deep = Session(from_widths([64] + [1000 + i for i in range(60)]), batch=200, device="a100")
    found = said(ExportChoice(part="roofline"), deep)
    assert [text for text in found if text.startswith("layer")] == ["layer 1"]
