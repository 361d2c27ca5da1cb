"""What is seen of learning leaves the window as a picture, and as a table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication, QFileDialog

from mmviz.backends.base import Place
from mmviz.bench.messages import Placed
from mmviz.bench.plan import MadeData, TrainPlan, learnt
from mmviz.bench.taught import Judged, Taught
from mmviz.cli import run
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.made import make
from mmviz.core.learning.weights import fresh
from mmviz.errors import InputError
from mmviz.files import courses, hands, networks
from mmviz.state.derived import derive
from mmviz.state.export import LEARNT, ExportChoice, paper_of
from mmviz.state.facts import Facts
from mmviz.state.learn.course import Course
from mmviz.state.learn.drawing import picked
from mmviz.state.learn.kept import as_kept
from mmviz.state.learn.swept import Swept, sweep_plans
from mmviz.state.learn.tables import as_tsv, table_of
from mmviz.state.session import Session, open_file
from mmviz.ui.export.dialog import ExportDialog
from mmviz.ui.export.files import as_bytes, as_image
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.ui.shell.controller import Controller
from mmviz.words.speech import ENGLISH

Open = Callable[..., Controller]
HEADS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
SVG = "{http://www.w3.org/2000/svg}"
SCREEN = 900.0, 500.0
DIGITS = networks.read_preset("digits").network.layered
assert DIGITS is not None
DATA = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=600)
PLAN = TrainPlan(network=DIGITS, recipe=Recipe(), data=DATA, backend="numpy", steps=90)


def lesson() -> Course:
    """Of 60 steps, with weights that are not all alike."""
    found = Course(PLAN, 1.0)
    losses = [2.3 / (1 + i) for i in range(60)]
    stages = {"forward": 0.4, "loss": 0.1, "dgrad": 0.0, "wgrad": 0.3, "update": 0.2}
    known = fresh(DIGITS)  # type: ignore[arg-type]
    known.weights[0][:] = np.linspace(-1, 1, 7840).reshape(784, 10)
    for message in (
        Judged(0, 0.1, (0.1, 0.1, 0.1)),
        Taught(0, losses, [1e-4] * 60, stages),
        Judged(60, 0.98, (0.97, 0.93, 0.88)),
        learnt(replace(known, step=60)),
    ):
        found = found.heard(message)
    return found.left("paused")


def swept() -> Swept:
    found = Swept(sweep_plans(PLAN, (1, 60), 1.0, ("numpy", "wgpu")))
    for each in (0.001, 0.01, 0.02, 0.03):
        found = found.begun(1.0)
        plan = found.courses[-1].plan
        if plan.backend == "wgpu":
            place = Place("llvmpipe", software=True)
            found = found.heard(Placed("wgpu", plan.recipe.batch, place))
        found = found.heard(Taught(0, [1.0] * 30, [each] * 30, {})).over()
    return replace(found, doing=False)


def session() -> Session:
    one = make(hands.hands(), 10, 0.0, 1)
    found = open_file(networks.read_preset("digits"))
    return replace(found, drawing=picked(one.x[3], int(one.labels[3])), device="a100")


def facts() -> Facts:
    return replace(Facts().with_lesson(lesson()), swept=swept())


def shown() -> Shown:
    return Shown(derive(session(), facts()), 0.5)


def texts(part: str) -> str:
    figure = figure_of(shown(), DARK, ENGLISH, ExportChoice(part=part))
    data = as_bytes(".svg", figure, paper_of(ExportChoice(part=part), SCREEN))
    root = ElementTree.fromstring(data)
    return " ".join("".join(text.itertext()).strip() for text in root.iter(f"{SVG}text"))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", LEARNT)
def test_every_part_is_drawn_in_every_size_and_format(part: str) -> None:
    of = shown()
    for size, kind, theme in (
        ("slide", "png", DARK),
        ("column85", "pdf", LIGHT),
        ("column170", "svg", DARK),
        ("pixels", "png", LIGHT),
    ):
        choice = ExportChoice(part=part, size=size, kind=kind, width=800, height=600)
        data = as_bytes(f".{kind}", figure_of(of, theme, ENGLISH, choice), paper_of(choice, SCREEN))
        assert data.startswith(HEADS[kind])
        if kind == "png":
            image = QImage.fromData(data)
            xs, ys = range(0, image.width(), 37), range(0, image.height(), 37)
            assert len({image.pixel(x, y) for x in xs for y in ys}) > 3


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("lesson", ("loss of the step", "told right", "unseen", "60 of 90 steps", "forward: 40.0")),
        ("filters", ("neuron 0", "after 60 steps")),
        ("digit", ("neuron 9", "an unseen drawing of a 1, taken for a 9")),
        ("ladder", ("Python loop", "loads a multiply-add")),
        ("rates", ("an epoch", "wgpu (software, no GPU)", "NumPy wins over", "loss after 30")),
    ],
)
def test_what_is_written_on_it(part: str, said: tuple[str, ...]) -> None:
    found = texts(part)
    for each in said:
        assert each in found, found


@pytest.mark.usefixtures("qapp")
def test_a_figure_is_no_colour_alone() -> None:
    """Pixel × weight is another picture than the weights, and has the drawing beside it."""
    found = []
    for part in ("filters", "digit"):
        choice = ExportChoice(part=part, prose=False, title=False)
        found.append(as_image(figure_of(shown(), DARK, ENGLISH, choice), paper_of(choice, SCREEN)))
    assert found[0] != found[1]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", LEARNT)
def test_what_is_not_there_is_said_in_the_place_of_a_picture(part: str) -> None:
    of = open_file(networks.read_preset("alexnet"))
    nothing = Shown(derive(of), 0.5)
    if part == "ladder":  # which any layer has
        figure_of(nothing, DARK, ENGLISH, ExportChoice(part=part))
        return
    with pytest.raises(InputError, match=r"784|taught|batch sizes"):
        figure_of(nothing, DARK, ENGLISH, ExportChoice(part=part))
    assert table_of(part, derive(of)) == ()


def test_tables_have_the_figures() -> None:
    derived = derive(session(), facts())
    lesson_rows = table_of("lesson", derived)
    assert lesson_rows[0] == ("step", "seconds", "loss", "seen_right", "unseen_right")
    assert lesson_rows[1] == (0, 0.0, None, 0.1, 0.1), "before the first step"
    assert lesson_rows[-1][0] == 60
    assert lesson_rows[-1][2] == pytest.approx(2.3 / 60)
    assert lesson_rows[-1][3:] == (0.98, 0.97)
    filters = table_of("filters", derived)
    assert len(filters) == 785
    assert filters[-1][:2] == (27, 27)
    assert filters[-1][-1] == 1.0
    drawn = table_of("digit", derived)
    assert sum(row[2] for row in drawn[1:]) != 0  # type: ignore[misc]
    assert drawn[1][2] == 0.0, "no ink in the corner"
    rates = [
        dict(zip(table_of("rates", derived)[0], row, strict=True))
        for row in table_of("rates", derived)[1:]
    ]
    assert [(row["backend"], row["software"]) for row in rates] == [("numpy", 0), ("wgpu", 1)] * 2
    ladder = table_of("ladder", derived)
    assert ladder[1][2] is None, "nothing was timed"
    assert as_tsv(((1, None, 2.5, "a\tb"),)) == "1\t\t2.5\ta b\n"


def test_a_table_is_written_and_copied_from_the_window(
    open_on: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = open_on(session())
    controller.found_out(lambda _: facts())
    path = tmp_path / "r.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    controller.window.commands["export_rates"].trigger()
    (dialog,) = controller.window.findChildren(ExportDialog)
    assert dialog.text.isVisible()
    dialog.text.click()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().startswith("batch\tbackend\tsoftware\t")
    dialog.save.click()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["batch"] for row in rows] == ["1", "1", "60", "60"]
    assert float(rows[0]["step_s"]) == 0.001


@pytest.mark.usefixtures("user_folders")
def test_the_command_draws_the_lesson_that_was_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "l.svg"
    assert run(["screenshot", str(out), "digits", "--part", "rates"]) == 2
    assert capsys.readouterr().err == "mmviz: No batch size was swept yet\n"
    assert run(["screenshot", str(out), "digits", "--part", "lesson"]) == 2
    assert "taught" in capsys.readouterr().err
    kept = as_kept(lesson())
    assert kept is not None
    courses.keep(kept)
    assert run(["screenshot", str(out), "digits", "--part", "lesson"]) == 0
    assert "60 of 90 steps" in out.read_text(encoding="utf-8").replace("\u2009", " ")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("part", LEARNT)
def test_type_is_large_enough_where_it_is_read(part: str) -> None:
    """Almost 7 points and more in print, 26 pixels and more on a slide of 1 080 lines."""
    for size, least, whole in (("column85", 6.9, 85 / 25.4 * 72), ("slide", 26.0, 1920.0)):
        choice = ExportChoice(part=part, size=size, kind="svg")
        figure = figure_of(shown(), DARK, ENGLISH, choice)
        root = ElementTree.fromstring(as_bytes(".svg", figure, paper_of(choice, SCREEN)))
        box = [float(side) for side in root.get("viewBox", "").split()]
        sizes = [
            float(group.get("font-size", "0"))
            for group in root.iter(f"{SVG}g")
            if group.find(f"{SVG}text") is not None
        ]
        assert min(sizes) * whole / box[2] >= least, (size, sorted(set(sizes)))
