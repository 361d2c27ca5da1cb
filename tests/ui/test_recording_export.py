"""Both schedules on paper, as the window has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mmviz.cli import run
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.state.derived import derive
from mmviz.state.export import ExportChoice, paper_of
from mmviz.state.facts import Facts
from mmviz.state.session import Session
from mmviz.ui.export.files import write
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look.theme import DARK, LIGHT
from mmviz.words.speech import ENGLISH
from tests.plugins import recordings

SHAPE = recordings.product(512, 512, 256)
SESSION = Session(SHAPE, device="v100", tile=(64, 64))
SHIPPED = Path("assets/recordings")
SCREEN = 900.0, 500.0
pytestmark = pytest.mark.usefixtures("qapp")


def shown(*made: Recording) -> Shown:
    facts = Facts()
    for one in made:
        facts = facts.with_recording(one)
    return Shown(derive(SESSION, facts.knowing("v100")), 0.5)


def made(noise: float = 0.2) -> Recording:
    return recordings.recording(SHAPE, "v100", tile=(64, 64), noise=noise)


@pytest.mark.parametrize(
    ("kind", "size"),
    [("png", "slide"), ("svg", "column85"), ("pdf", "column170"), ("png", "screen")],
)
def test_it_is_written_in_every_size(kind: str, size: str, tmp_path: Path) -> None:
    choice = ExportChoice(part="recording", kind=kind, size=size)
    figure = figure_of(shown(made()), LIGHT, ENGLISH, choice)
    path = tmp_path / f"both.{kind}"
    write(str(path), figure, paper_of(choice, SCREEN))
    assert path.stat().st_size > 5_000


def test_it_says_what_the_window_says(drawn: list[str], tmp_path: Path) -> None:
    choice = ExportChoice(part="recording", kind="svg")
    figure = figure_of(shown(made()), DARK, ENGLISH, choice)
    path = tmp_path / "both.svg"
    write(str(path), figure, paper_of(choice, SCREEN))
    ElementTree.parse(path)
    assert {"Modelled", "Recorded"} <= set(drawn)
    assert any("of 64 done" in text for text in drawn)
    assert any(text.startswith("core ") for text in drawn)
    assert any("SM 0" in text for text in drawn)


def test_a_timeline_alone_stands_alone(drawn: list[str], tmp_path: Path) -> None:
    recording = made()
    alone = replace(recording, products=(replace(recording.products[0], placed=False),))
    choice = ExportChoice(part="recording")
    figure = figure_of(shown(alone), DARK, ENGLISH, choice)
    write(str(tmp_path / "one.png"), figure, paper_of(choice, SCREEN))
    assert "Modelled" not in drawn
    assert any("timeline alone" in text for text in drawn)


def test_without_a_recording_it_says_so() -> None:
    with pytest.raises(InputError, match="Nothing of this pass was recorded yet"):
        figure_of(shown(), DARK, ENGLISH, ExportChoice(part="recording"))


ALEXNET = ("alexnet", "--batch", "128")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (ALEXNET, "fc6"),
        ((*ALEXNET, "--training", "--product", "6"), "fc7 · dgrad"),
        ((str(SHIPPED / "cpu-alexnet-128-training.npz"), "--product", "6"), "fc7 · dgrad"),
        (("2048x2048x2048",), "2048x2048x2048"),
        ((str(SHIPPED / "cpu-2048-busy.npz"),), "another program kept core 1 busy"),
    ],
)
def test_the_command_draws_a_recording_of_a_pass_or_of_a_file(
    of: tuple[str, ...], said: str, drawn: list[str], tmp_path: Path
) -> None:
    target = tmp_path / "both.svg"
    assert run(("screenshot", str(target), *of, "--part", "recording")) == 0
    ElementTree.fromstring(target.read_bytes())
    assert "Recorded" in drawn
    assert said in " ".join(drawn)


def test_the_command_shows_the_window_on_a_recording(drawn: list[str], tmp_path: Path) -> None:
    target = tmp_path / "window.png"
    busy = str(SHIPPED / "cpu-2048-busy.npz")
    assert run(("screenshot", str(target), busy, "--size", "1280x720")) == 0
    assert target.stat().st_size > 5_000
    assert "core 1" in drawn


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (("16-8-4",), "no recording of this pass is kept on this computer"),
        ((*ALEXNET, "--product", "9"), "the pass has 3 products"),
        ((str(SHIPPED / "cpu-2048-busy.npz"), "--batch", "3"), "a recording is as it ran"),
        ((str(SHIPPED / "cpu-2048-busy.npz"), "--dtype", "float16"), "--dtype belongs to"),
        ((str(SHIPPED / "cpu-2048-busy.npz"), "--product", "2"), "the pass has 1 products"),
    ],
)
def test_the_command_says_which_recording_it_cannot_draw(
    of: tuple[str, ...], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "both.png"
    assert run(("screenshot", str(target), *of, "--part", "recording")) == 2
    assert why in capsys.readouterr().err
    assert not target.exists()
