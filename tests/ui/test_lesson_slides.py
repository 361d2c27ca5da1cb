"""A lesson's step on slides: its card, and any part of the window at that step."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from mmviz.cli import run
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.state.export import LEARNT, PARTS, ExportChoice, paper_of
from mmviz.state.facts import Facts
from mmviz.state.first import first_session
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.card import card_of
from mmviz.ui.export.figure import fitted
from mmviz.ui.export.lesson_card import card_figure
from mmviz.ui.look.theme import DARK
from mmviz.words.speech import ENGLISH, speak

LESSONS = read_folder(shipped_folder(), "").lessons
KEPT = {"recording", "timing", "parts"}  # parts of what was recorded or timed here
STEPS = [(lesson, number) for lesson in LESSONS for number in range(len(lesson.steps))]


def texts(path: Path) -> str:
    """All that is written in an SVG, in its order."""
    found = " ".join(ElementTree.fromstring(path.read_bytes()).itertext())
    return re.sub(r"\s+", " ", found)


def shot(path: Path, part: str, lesson: str, *more: str) -> str:
    assert run(("screenshot", str(path), "--part", part, "--lesson", lesson, *more)) == 0
    return texts(path)


def test_the_card_of_a_step_is_a_slide(tmp_path: Path) -> None:
    said = shot(tmp_path / "x.svg", "lesson", "neurons/one-lane")
    assert "step 1 of 7" in said
    assert "How many steps now?" in said
    assert "Before you look" in said
    for option in ("4", "5", "8", "16"):
        assert f" {option} " in said
    assert "needs nothing of the first" not in said  # the idea tells what is asked
    slide = tmp_path / "x.png"
    assert run(("screenshot", str(slide), "--part", "lesson", "--lesson", "neurons")) == 0
    assert (QImage(str(slide)).width(), QImage(str(slide)).height()) == (1920, 1080)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("lesson", "number"), STEPS, ids=lambda one: getattr(one, "id", str(one)))
def test_every_card_fits_a_slide(
    lesson: object, number: int, language: str, drawn: list[str]
) -> None:
    walk = walks.begin(lesson, Facts(), first_session(), number=number)  # type: ignore[arg-type]
    words = ENGLISH if language == "en" else speak(language)
    choice = ExportChoice("lesson", theme="dark")
    figure = card_figure(card_of(walk, Facts()), DARK, words, choice)
    paper, height = fitted(figure, paper_of(choice, (960.0, 540.0)))
    assert figure.least(paper.width) <= height + 0.5
    image = QImage(round(paper.width), round(height), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    figure.paint(painter, QRectF(0, 0, paper.width, height))
    painter.end()
    assert not any(text.endswith("…") and len(text) > 1 for text in drawn)


@pytest.mark.parametrize("part", sorted(set(PARTS) - set(LEARNT) - KEPT))
def test_any_part_is_drawn_at_a_step(part: str, tmp_path: Path) -> None:
    said = shot(tmp_path / "x.svg", part, "waves/tail", "--theme", "light")
    assert said.strip()


def test_the_picture_tells_nothing_that_is_asked(tmp_path: Path) -> None:
    out = tmp_path / "x.svg"
    words = ("screenshot", str(out), "8192-1664", "--batch", "2304", "--device", "a100")
    assert run((*words, "--dtype", "float16", "--part", "picture", "--at", "0.9")) == 0
    assert "idle" in texts(out)
    assert "tiles" in texts(out)
    said = shot(out, "picture", "waves/tail")
    assert "8192-1664" in said
    for word in ("wave", "tile", "idle", "waiting", "done", "SM"):
        assert not re.search(rf"\b{word}s?\b", said), said


def test_the_race_of_a_step_is_its_own(tmp_path: Path) -> None:
    said = shot(tmp_path / "x.svg", "race", "lanes/faster")
    assert "16 lanes" in said
    assert "1000 lanes" in said


def test_what_a_steps_network_has_learnt_is_taught_for_it(tmp_path: Path) -> None:
    said = shot(tmp_path / "x.svg", "filters", "filters/winner")
    assert "steps" in said
    assert "neuron 9" in said
