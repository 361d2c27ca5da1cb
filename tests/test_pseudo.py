"""Every command in a made language: whatever stays English was never marked, or is data."""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import catalogues
import pytest
from pseudo import LANGUAGE, write
from quoted import english

from mmviz.backends import registry
from mmviz.cli import run
from mmviz.cli.screenshot import LEFT_OUT
from mmviz.state.export import PARTS
from mmviz.words.speech import folders

Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Call it with a command line: all that it says in the made language."""
    write(folders()[1], catalogues.extract())

    def call(*words: str) -> str:
        with contextlib.suppress(SystemExit):  # --help
            run([*words, "--language", LANGUAGE])
        captured = capsys.readouterr()
        return captured.out + captured.err

    return call


LINES = (
    ("presets",),
    ("devices",),
    ("backends",),
    ("plan", "alexnet", "--device", "a100"),
    ("plan", "alexnet", "--training", "--device", "h100", "--dtype", "bfloat16", "--batch", "512"),
    ("plan", "gpt2-small", "--device", "h200", "--dtype", "bfloat16"),
    ("plan", "mlp"),
    ("plan", "mlp", "--device", "tpu-v1"),
    ("plan", "mlp", "--device", "lanes-16"),
    ("advise", "gpt2-vocab", "--device", "a100", "--dtype", "float16", "--batch", "512"),
    ("advise", "mlp", "--device", "mi300x", "--dtype", "float16"),
    ("advise", "resnet50", "--device", "h100", "--dtype", "bfloat16"),
    ("sweep", "alexnet", "--batch", "1:4096", "--device", "h100", "--dtype", "bfloat16"),
    ("sweep", "alexnet", "--width", "fc6=64:4096:64", "--device", "a100"),
    ("schedule", "384x384x128", "--units", "4", "--tile", "128x128x4", "--order", "stream-k"),
    ("schedule", "16x16x16", "--dataflow", "ws", "--array", "8x8"),
    ("schedule", "alexnet", "--device", "a100"),
    ("bench", "two-by-two", "--backend", "numpy", "--seconds", "0.05"),
)
COMMANDS = (
    *("presets", "devices", "backends", "plan", "sweep", "advise", "schedule", "bench"),
    *("calibrate", "doctor", "train", "digits", "runs", "screenshot", "trace", "diff", "exam"),
    *("lessons", "learn"),
)
ERRORS = (
    ("plan", "nope"),
    ("plan",),
    ("plan", "mlp", "--batch", "0"),
    ("plan", "mlp", "--batch"),
    ("plan", "mlp", "--device", "a1000"),
    ("plan", "mlp", "--dtype", "int7"),
    ("plan", "mlp", "--tile", "128"),
    ("plan", "mlp", "--order", "zigzag"),
    ("plan", "mlp", "--wat"),
    ("plan", "784-0"),
    ("plan", "gpt2-small", "--batch", "3"),
    ("advise", "mlp", "--measure", "--device", "a100"),
    ("sweep", "mlp"),
    ("sweep", "mlp", "--batch", "5:1"),
    ("sweep", "mlp", "--width", "nope=1:3"),
    ("sweep", "gpt2-small", "--batch", "1:3"),
    ("schedule", "mlp", "--units", "0"),
    ("bench", "mlp", "--backend", "nope"),
    ("bench", "mlp", "--seconds", "x"),
    ("calibrate", "--dtype", "float16"),
    ("calibrate", "--device", "a100"),
    ("lessons", "--check", "nowhere"),
    ("screenshot", "x.jpg", "mlp"),
    ("screenshot", "x.png", "mlp", "--size", "1x1"),
    ("PLAN", "alexnet"),
)
PRICED = "predicted_s, error, tile, waves, bound, predicted_kind"
COLUMNS = (PRICED, "m,n,k,count,name", "m,n,k,time_ms")
"""As files are written, in every language."""
IDS = (*PARTS, *LEFT_OUT, "graph", "eager")
"""As they are typed, in every language."""


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_a_command(said: Said, words: tuple[str, ...]) -> None:
    shown = said(*words)
    assert "⟦" in shown
    named = [name for entry in registry.survey() for name in entry.adapters]
    ids = [variant for id in registry.MODULES for variant in registry.variants(id)]
    assert english(shown, *words, *named, *ids) == set()


@pytest.mark.parametrize("words", ERRORS, ids=" ".join)
def test_an_error(said: Said, words: tuple[str, ...]) -> None:
    shown = said(*words)
    assert shown.startswith("mmviz: ⟦")
    typed = " ".join(words).replace("=", " ").split()
    assert english(shown, *typed, *COMMANDS) == set()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(said: Said, command: str) -> None:
    shown = said(*filter(None, [command]), "--help")
    assert "⟦" in shown
    assert english(shown, *COLUMNS, *COMMANDS, *IDS, LANGUAGE) == set()


@pytest.mark.parametrize("words", [line for line in LINES if line[0] not in ("bench", "sweep")])
@pytest.mark.usefixtures("said")
def test_json_is_for_programs(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Keys and sentences the same in every language: a program may look for either."""
    shown = []
    for language in ((), ("--language", LANGUAGE)):
        run([*words, "--json", *language])
        shown.append(capsys.readouterr().out)  # notes are on standard error, for people
    assert json.loads(shown[0]) == json.loads(shown[1])


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "words",
    [
        ("sweep", "alexnet", "--batch", "1:512", "--device", "a100", "--chart"),
        ("bench", "two-by-two", "--backend", "numpy", "--seconds", "0.05", "--chart"),
    ],
    ids=" ".join,
)
def test_a_chart(said: Said, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    said(*words, str(path))
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))
    shown = html.unescape(" ".join(drawn))  # a line may end within a name
    assert "⟦" in shown
    assert english(shown) == set()
