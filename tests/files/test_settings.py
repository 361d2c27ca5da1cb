"""The file of the settings: whole or not at all, and nothing in it is trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mmviz.errors import InputError
from mmviz.files import settings
from mmviz.files.networks import NetworkFile, read_preset
from mmviz.files.settings import Stored, StoredSession

FULL = Stored(
    theme="light",
    large_type=True,
    reduced_motion=False,
    speed=4.0,
    workspace="clock",
    geometry="AAEC",
    layouts={"picture": "AAEC", "clock": ""},
    session=StoredSession(preset="mlp", batch=7, device="a100", tile=(64, 32), product=2),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.toml"


def test_what_is_written_is_read_again(path: Path) -> None:
    settings.write(FULL, path)
    assert settings.read(path) == FULL
    settings.write(Stored(), path)
    assert settings.read(path) == Stored()
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


def test_the_place_is_the_users_own(user_folders: Path) -> None:
    assert user_folders in settings.place().parents


def test_no_file_is_no_settings(path: Path) -> None:
    assert settings.read(path) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"theme",
        b'theme = "pink"',
        b"large_type = 3",
        b"speed = []",
        b"session = 1",
        b"[session]\nbatch = 1e99",
        b"[session]\nbatch = " + b"9" * 5_000,
        b"[session]\ntile = [1]",
        b"a = " + b"[" * 100_000,
        b"version = 99",
        b"#" * (settings.MAX_BYTES + 1),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(InputError) as refusal:
        settings.read(path)
    assert str(refusal.value).count(str(path)) == 1
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("layouts", 'layouts = "none"'),
        ("layouts", "layouts = {picture = 1}"),
        ("export", "export = [1]"),
        ("export", "[export]\nwidth = nan"),
        ("export", "[export]\npart = 3"),
        ("session.sweep", '[session.sweep]\npinned_batches = [5, "x"]'),
        ("session.sweep", "[session.sweep]\npinned_widths = [1, 2, 3]"),
        ("session.sweep", "session = {batch = 7, sweep = 1}"),
    ],
)
def test_a_part_no_work_hangs_on_is_left_out_alone(path: Path, name: str, data: str) -> None:
    path.parent.mkdir()
    path.write_text(f'theme = "dark"\n{data}')
    left_out: list[str] = []
    found = settings.read(path, left_out)
    assert found is not None
    assert found.theme == "dark"
    assert left_out == [name]
    assert settings.read(path) == found


def test_a_newer_file_says_so(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("version = 2\ntheme = {of = 'tomorrow'}")
    with pytest.raises(InputError, match="newer mmviz"):
        settings.read(path)


def test_names_from_elsewhere_are_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('theme = "dark"\ncolour_of_the_sky = "blue"')
    assert settings.read(path) == Stored(theme="dark")


def test_a_folder_in_its_place_is_refused_and_stays(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(InputError, match="it is a folder"):
        settings.read(path)
    assert settings.set_aside(path) is None
    assert path.is_dir()


def test_setting_aside_keeps_the_bytes(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff")
    aside = settings.set_aside(path)
    assert aside is not None
    assert aside.read_bytes() == b"\xff"
    assert not path.exists()
    assert settings.set_aside(path) is None


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot make the folder"):
        settings.write(FULL, tmp_path / "file" / "settings.toml")


def test_settings_that_could_not_be_read_again_are_not_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write(Stored(theme="dark"), path)
    most = path.stat().st_size + 100
    monkeypatch.setattr(settings, "MAX_BYTES", most)
    with pytest.raises(InputError, match=f"larger than {most} bytes"):
        settings.write(Stored(session=StoredSession(dtype="x" * most)), path)
    assert settings.read(path) == Stored(theme="dark")


def test_files_set_aside_never_replace_each_other(path: Path) -> None:
    """Up to MOST_ASIDE of them; then the oldest makes room. The same bytes are kept once."""
    path.parent.mkdir()
    found = []
    for number in range(settings.MOST_ASIDE + 2):
        path.write_bytes(b"%d" % number)
        os.utime(path, (number, number))
        aside = settings.set_aside(path)
        assert aside is not None
        found.append(aside)
    assert len(set(found)) == settings.MOST_ASIDE
    assert [name.name for name in found[:3]] == [
        "settings-not-understood.toml",
        "settings-not-understood-2.toml",
        "settings-not-understood-3.toml",
    ]
    kept = sorted(int(name.read_bytes()) for name in set(found))
    assert kept == [*range(2, settings.MOST_ASIDE + 2)]
    path.write_bytes(b"5")
    again = settings.set_aside(path, copy=True)
    assert again == found[5]
    assert path.read_bytes() == b"5"
    assert settings.set_aside(path) == again
    assert not path.exists()


@pytest.mark.parametrize("preset", ["alexnet", "sigmoid-101"])
def test_a_network_survives_as_a_table(preset: str) -> None:
    file = read_preset(preset)
    back = settings.network_of(settings.network_table(file))
    assert back.network == file.network
    assert (back.batch, back.about, back.device) == (file.batch, file.about, file.device)


@pytest.mark.parametrize("table", [{}, {"inputs": 4}, {"inputs": 0, "layers": []}, {"a": [[]]}])
def test_a_table_that_is_no_network_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(InputError, match="its network"):
        settings.network_of(table)


def test_brackets_nested_too_deep_are_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    try:
        with pytest.raises(InputError):
            settings.network_of({"inputs": deep})
    finally:
        while deep:  # unwound by hand: Python's own way down is a recursion too
            deep = deep.pop()  # type: ignore[assignment]  # a list of lists


@pytest.mark.parametrize(
    ("name", "text", "still"),
    [
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n", True),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n", True),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=1\n", False),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n", True),
        ("kdeglobals", "[KDE]\nAnimationDurationFactor=0.5\n", False),
        ("kdeglobals", "no section\n%(", False),
    ],
)
def test_reduced_motion_as_the_desktop_has_it(
    user_folders: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, still: bool
) -> None:
    monkeypatch.delenv("MMVIZ_REDUCED_MOTION", raising=False)
    assert not settings.prefers_reduced_motion()
    path = user_folders / "config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert settings.prefers_reduced_motion() is still
    monkeypatch.setenv("MMVIZ_REDUCED_MOTION", "0" if still else "1")
    assert settings.prefers_reduced_motion() is not still


def test_an_unnamed_network_keeps_its_shape() -> None:
    file = NetworkFile("", read_preset("mlp").network)
    assert settings.network_of(settings.network_table(file)).network == file.network
