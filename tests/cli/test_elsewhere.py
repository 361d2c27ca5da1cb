"""No command takes a module, a library's plugin or a setting of Qt from where the user stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULES = (
    "random",
    "gettext",
    "tomllib",
    "ctypes",
    "subprocess",
    "signal",
    "numpy",
    "psutil",
    "msgspec",
    "platformdirs",
    "threadpoolctl",
    "cupy",
    "torch",
    "onnxruntime",
    "PyQt6",
    "pyqtgraph",
    "scipy",
    "sitecustomize",
    "usercustomize",
)
"""What is loaded at the start, later, by a library that looks whether it is there, or never."""
COMMANDS = (
    ("--version",),
    ("backends",),
    ("bench", "4-3", "--seconds", "0.01", "--backend", "numpy", "--quiet"),
    ("sweep", "4-3", "--batch", "1,2", "--backend", "numpy", "--seconds", "0.01"),
    ("plan", "alexnet"),
    ("screenshot", "{out}/shot.png", "two-by-two"),
)
TRAP = "open({log!r}, 'a').write({name!r} + '\\n')\nraise SystemExit('taken from here')\n"


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder full of modules that tell when they are run; the tests' process stands in it."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in MODULES:
        text = TRAP.format(log=str(tmp_path / "taken"), name=name)
        (folder / f"{name}.py").write_text(text)
    (folder / "startup.py").write_text(TRAP.format(log=str(tmp_path / "taken"), name="startup"))
    (folder / "here.pth").write_text("import random\n")
    (folder / "qt.conf").write_text("[Paths]\nPlugins = ./plugins\nPrefix = .\n")
    for kind in ("plugins/platforms", "platforms"):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "libqoffscreen.so").write_bytes(b"no library")
    monkeypatch.chdir(folder)
    return folder


def taken(folder: Path) -> str:
    log = folder.parent / "taken"
    return log.read_text() if log.exists() else ""


def run(folder: Path, program: list[str], words: tuple[str, ...], **variables: str) -> None:
    environment = {**os.environ, "PYTHONSTARTUP": "startup.py", **variables}
    given = [word.format(out=folder.parent) for word in words]
    done = subprocess.run(
        [*program, *given], env=environment, capture_output=True, text=True, check=False
    )
    assert taken(folder) == "", f"{program} {given}: {taken(folder)}"
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("way", ["mmviz", "python -m mmviz"])
def test_no_command_runs_what_lies_there(trap: Path, way: str, words: tuple[str, ...]) -> None:
    program = [sys.executable, "-m", "mmviz"]
    if way == "mmviz":
        script = Path(sys.executable).with_name("mmviz")
        if not script.is_file():
            pytest.skip("mmviz is not installed as a command here")
        (trap / "mmviz").mkdir()
        (trap / "mmviz" / "__init__.py").write_text((trap / "random.py").read_text())
        program = [str(script)]
    run(trap, program, words)


@pytest.mark.parametrize("path", [".", ":", "", "{up}/work"])
def test_nor_where_a_search_path_has_an_empty_entry(trap: Path, path: str) -> None:
    """What Python itself loads at its start is taken from there before mmviz is asked."""
    for name in ("sitecustomize", "usercustomize", "signal", "subprocess", "tomllib", "gettext"):
        (trap / f"{name}.py").unlink()
    given = path.format(up="..").replace(":", os.pathsep)
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "PATH"):
        variables = {name: given if name == "PYTHONPATH" else f"{given}{os.pathsep}/bin"}
        run(trap, [sys.executable, "-m", "mmviz"], COMMANDS[2], **variables)


def test_nor_from_a_checkout_somebody_stands_in(tmp_path: Path) -> None:
    """There mmviz itself has to be found where the user stands, and nothing else."""
    trap_text = TRAP.format(log=str(tmp_path / "taken"), name="module")
    home = tmp_path / "work"
    home.mkdir()
    (home / "mmviz").symlink_to(Path(__file__).parents[2] / "mmviz")
    for name in ("random", "numpy", "msgspec", "psutil", "sitecustomize"):
        (home / f"{name}.py").write_text(trap_text)
    done = subprocess.run(
        [sys.executable, "-m", "mmviz", *COMMANDS[2]],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken(home) == ""
    assert done.returncode == 0, done.stderr


def test_who_names_a_folder_in_full_means_it(tmp_path: Path) -> None:
    (tmp_path / "cupy.py").write_text("raise ImportError('a cupy of my own')\n")
    done = subprocess.run(
        [sys.executable, "-m", "mmviz", "backends"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "a cupy of my own" in done.stdout
