"""The one lookup for shipped files, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from mmviz.errors import Unavailable
from mmviz.files.assets import asset, assets_dir, find

ROOT = Path(__file__).parents[2]


def package(folder: Path) -> Path:
    made = folder / "mmviz"
    made.mkdir(parents=True)
    return made


def test_the_checkout_finds_the_folder_beside_the_package() -> None:
    assert assets_dir() == ROOT / "assets"
    assert asset("presets") == ROOT / "assets" / "presets"


def test_an_installed_package_finds_the_folder_inside(tmp_path: Path) -> None:
    installed = package(tmp_path)
    (installed / "assets").mkdir()
    (tmp_path / "assets").mkdir()  # a stranger's
    (tmp_path / "pyproject.toml").touch()
    assert find(installed) == installed / "assets"


def test_a_checkout_needs_its_project_file(tmp_path: Path) -> None:
    checkout = package(tmp_path)
    (tmp_path / "assets").mkdir()
    with pytest.raises(Unavailable, match="assets folder is missing"):
        find(checkout)
    (tmp_path / "pyproject.toml").touch()
    assert find(checkout) == tmp_path / "assets"


def test_a_broken_installation_says_where_and_what_to_do(tmp_path: Path) -> None:
    installed = package(tmp_path)
    with pytest.raises(Unavailable) as caught:
        find(installed)
    assert str(installed) in str(caught.value)
    assert str(caught.value.remedy) == "install mmviz again"


def test_the_icon_is_nine_tiles_two_of_them_amber() -> None:
    root = ElementTree.parse(asset("icons", "mmviz.svg")).getroot()
    groups = root.findall("{http://www.w3.org/2000/svg}g")
    assert {group.get("fill"): len(group) for group in groups} == {"#1f4a5c": 7, "#ffb000": 2}
