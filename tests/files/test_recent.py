"""The list of recent files: the last one first, and no trouble of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmviz.cli import run
from mmviz.files import network_writer, networks, recent


def test_the_last_one_first_each_once_and_no_more_than_fit(tmp_path: Path) -> None:
    assert recent.read() == ()
    for number in range(recent.MOST + 3):
        recent.add(tmp_path / f"{number}.toml")
    recent.add(tmp_path / "5.toml")
    assert len(recent.read()) == recent.MOST
    assert recent.read()[:2] == (str(tmp_path / "5.toml"), str(tmp_path / "12.toml"))
    recent.remove(str(tmp_path / "5.toml"))
    assert recent.read()[0] == str(tmp_path / "12.toml")
    recent.clear()
    recent.clear()
    assert recent.read() == ()


def test_a_path_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recent.add("net.toml")
    assert recent.read() == (str(tmp_path / "net.toml"),)


@pytest.mark.parametrize("text", ["files = 3", "files = [1]", "[", "files = ['net.toml', '\\x00']"])
def test_a_list_that_is_none_is_empty(text: str) -> None:
    recent.place().parent.mkdir(parents=True, exist_ok=True)
    recent.place().write_text(text)
    assert recent.read() == ()


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    recent.place().mkdir(parents=True)
    recent.add(tmp_path / "net.toml")
    recent.clear()
    assert recent.read() == ()


def test_a_file_the_command_opens_is_recent_and_a_preset_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = pytest.importorskip("mmviz.ui.start.app")
    monkeypatch.setattr(app, "open_window", lambda *_: 0)
    path = tmp_path / "net.toml"
    network_writer.save(networks.find("8-4"), path)
    for network in (str(path), "alexnet", "784-10"):
        assert run([network]) == 0
    assert recent.read() == (str(path),)


def test_every_preset_opens_the_window_though_a_command_has_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = pytest.importorskip("mmviz.ui.start.app")
    opened = []
    monkeypatch.setattr(
        app, "open_window", lambda file, theme, _: opened.append((file, theme)) or 0
    )
    presets = networks.preset_ids()
    assert "digits" in presets
    for preset in presets:
        assert run([preset]) == run([preset, "--theme", "dark"]) == 0
    assert opened == [
        (networks.read_preset(preset), theme) for preset in presets for theme in (None, "dark")
    ]
    assert run(["digits", "--seed", "3"]) == 2  # the command, which misses where to write
    assert "-o/--output" in capsys.readouterr().err
