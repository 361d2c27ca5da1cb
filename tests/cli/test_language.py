"""The language of the command line: asked for, chosen, or the system's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mmviz.cli import run
from mmviz.files import settings
from mmviz.files.settings import Stored

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def english_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "MMVIZ_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    run(words)
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize(
    "words",
    [
        ("--lang", "zh", "plan", "mlp", "--device", "a100"),
        ("--lang=zh_CN", "plan", "mlp", "--device", "a100"),
        ("--language", "zh", "plan", "mlp", "--device", "a100"),
        ("plan", "mlp", "--language=zh-cn", "--device", "a100"),
    ],
    ids=" ".join,
)
def test_a_command_in_chinese(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    shown = said(capsys, *words)
    assert "个乘法，" in shown
    assert "模型预测" in shown
    assert "products" not in shown
    assert re.search(r"\d\.\d+ [MG]FLOP", shown)  # figures as in every language


def test_what_was_chosen_in_the_window_counts_here(capsys: pytest.CaptureFixture[str]) -> None:
    settings.write(Stored(language="zh_CN"), settings.place())
    assert HAN.search(said(capsys, "plan", "mlp", "--device", "a100"))
    assert not HAN.search(said(capsys, "--lang", "en", "plan", "mlp", "--device", "a100"))


def test_the_system_is_asked_last(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert HAN.search(said(capsys, "plan", "nope"))
    settings.write(Stored(language="en"), settings.place())
    assert not HAN.search(said(capsys, "plan", "nope"))
    monkeypatch.setenv("MMVIZ_LANGUAGE", "zh")
    assert HAN.search(said(capsys, "plan", "nope"))


def test_json_is_the_same_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("plan", "mlp", "--device", "a100", "--json")
    assert json.loads(said(capsys, "--lang", "zh", *words)) == json.loads(said(capsys, *words))


@pytest.mark.parametrize(
    "spoilt", [b"", b"\xff\xfe", b"language = 3", b'[a]\nlanguage = "zh_CN"', b'language = "../zh"']
)
def test_settings_that_say_no_language_are_no_error(spoilt: bytes) -> None:
    settings.place().parent.mkdir(parents=True)
    settings.place().write_bytes(spoilt)
    assert settings.language() == "auto"


def test_the_language_is_found_in_what_the_window_writes() -> None:
    settings.write(Stored(language="zh_CN", geometry="x" * 10_000), settings.place())
    assert settings.language() == "zh_CN"


@pytest.mark.qt
def test_a_picture_without_a_font_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("mmviz.ui.probes.has_font", lambda language="": not language)
    shown = said(capsys, "--lang", "zh", "screenshot", str(tmp_path / "x.png"), "mlp")
    assert "没有含 zh_CN 文字的字体" in shown
    assert "fonts-wqy-microhei" in shown
    assert not list(tmp_path.iterdir())
