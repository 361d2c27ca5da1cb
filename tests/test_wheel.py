"""The built wheel, installed alone in an empty folder, is whole: code, assets, licence, command.

The project's build backend is called in a child process, as an installer calls it, but from this
environment: no network, no isolated build, no build folder left in the tree.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

import mmviz

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "assets"

pytestmark = pytest.mark.skipif(
    not (ROOT / "pyproject.toml").is_file(), reason="needs the project's sources"
)


def python(*arguments: str, cwd: Path, path: Path | None = None) -> str:
    """What a fresh interpreter prints; PYTHONPATH is `path` alone."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        env["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def build(kind: str, folder: Path, sources: Path = ROOT) -> Path:
    code = f"import hatchling.build as b; print(b.build_{kind}({str(folder)!r}))"
    return folder / python("-c", code, cwd=sources).splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the wheel installed: for a pure wheel, that is to unpack it."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def shipped() -> set[str]:
    """The data files, relative to `assets/`."""
    return {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*") if path.is_file()}


def test_it_is_a_wheel_for_any_machine(wheel: Path) -> None:
    assert wheel.name == f"mmviz-{mmviz.__version__}-py3-none-any.whl"


def test_it_carries_every_asset_and_every_module(site: Path) -> None:
    inside = site / "mmviz" / "assets"
    packed = {path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()}
    assert packed == shipped()
    assert "presets/alexnet.toml" in packed
    assert "icons/mmviz.svg" in packed
    for kind in ("*.py", "*.cu", "*.po"):  # modules, programs of a GPU and languages beside them
        sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mmviz").rglob(kind)}
        assert {path.relative_to(site).as_posix() for path in site.rglob(kind)} == sources
        assert sources


def test_it_holds_nothing_else(site: Path) -> None:
    info = f"mmviz-{mmviz.__version__}.dist-info"
    assert {path.name for path in site.iterdir()} == {"mmviz", info}


def test_it_carries_licence_and_command(site: Path) -> None:
    info = site / f"mmviz-{mmviz.__version__}.dist-info"
    assert (info / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    commands = ConfigParser()
    commands.read(info / "entry_points.txt")
    assert dict(commands["console_scripts"]) == {"mmviz": "mmviz.__main__:main"}
    metadata = (info / "METADATA").read_text()
    assert "License-Expression: GPL-3.0-only" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_alone_in_an_empty_folder_it_finds_its_own_assets(site: Path, tmp_path: Path) -> None:
    code = (
        "import mmviz.files.assets as a; print(a.__file__); print(a.assets_dir());"
        "print(len(list(a.asset('presets').iterdir())))"
    )
    # -S: no site-packages, so neither the checkout nor anything else can help out
    module, folder, count = python("-S", "-c", code, cwd=tmp_path, path=site).splitlines()
    assert Path(module) == (site / "mmviz" / "files" / "assets.py").resolve()
    assert Path(folder) == (site / "mmviz" / "assets").resolve()
    assert int(count) == len(list((ASSETS / "presets").iterdir())) > 0


def test_its_command_runs_from_an_empty_folder(site: Path, tmp_path: Path) -> None:
    code = (
        "import sys, mmviz.__main__ as m;"
        f"assert m.__file__.startswith({str(site.resolve())!r}), m.__file__;"
        "sys.argv = ['mmviz', 'presets']; m.main()"
    )
    listed = python("-c", code, cwd=tmp_path, path=site)
    for preset in (ASSETS / "presets").glob("*.toml"):
        assert preset.stem in listed


def test_it_speaks_chinese(site: Path, tmp_path: Path) -> None:
    code = (
        "import sys, mmviz.__main__ as m;"
        "sys.argv = ['mmviz', '--lang', 'zh', 'presets', '--help']; m.main()"
    )
    assert "列出 mmviz 自带的网络" in python("-X", "utf8", "-c", code, cwd=tmp_path, path=site)


def test_a_wheel_built_from_the_source_distribution_is_the_same(
    wheel: Path, tmp_path: Path
) -> None:
    with tarfile.open(build("sdist", tmp_path)) as archive:
        # Debian 12's Python has no `filter` yet, and a newer one wants to be told
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)
    sources = tmp_path / f"mmviz-{mmviz.__version__}"
    again = build("wheel", tmp_path, sources)
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert set(first.namelist()) == set(second.namelist())


def test_building_leaves_the_checkout_as_it_was(tmp_path: Path) -> None:
    before = set(os.listdir(ROOT))
    build("wheel", tmp_path)
    assert set(os.listdir(ROOT)) == before
