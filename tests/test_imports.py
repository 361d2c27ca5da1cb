"""What loads when: Qt for the window only, CuPy for its backend, scipy for a fit, rich to print."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import mmviz

HEAVY = ("PyQt6", "pyqtgraph", "cupy", "torch", "onnxruntime", "onnx", "scipy", "rich", "pynvml")


def modules() -> list[str]:
    """Every module of mmviz; of these only the packages are imported to find it."""
    found = pkgutil.walk_packages(mmviz.__path__, "mmviz.")
    return sorted([mmviz.__name__, *(module.name for module in found)])


def windowless() -> list[str]:
    return [name for name in modules() if not f"{name}.".startswith("mmviz.ui.")]


def loaded_by(code: str, folder: Path) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after `code`."""
    report = (
        "\nimport sys as _sys\n"
        f"_heavy = sorted({{n.partition('.')[0] for n in _sys.modules}} & set({HEAVY!r}))\n"
        "print('loaded:', *_heavy, file=_sys.stderr)\n"
    )
    env = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("loaded:")[2].split())


def test_the_list_of_modules_is_whole() -> None:
    names = modules()
    for room in ("core", "backends", "bench", "files", "state", "cli", "ui"):
        folder = Path(mmviz.__path__[0]) / room
        files = (file.relative_to(folder).with_suffix("") for file in folder.rglob("[!_]*.py"))
        expected = {".".join(("mmviz", room, *file.parts)) for file in files}
        assert expected <= set(names)
        assert expected


def test_no_module_outside_ui_loads_qt_or_cupy(tmp_path: Path) -> None:
    names = windowless()
    assert "mmviz.__main__" in names
    assert "mmviz.backends.cupy_blas" in names
    code = "\n".join(f"import {name}" for name in names)
    assert loaded_by(code, tmp_path) == set()


def test_the_watch_sees_a_heavy_import(tmp_path: Path) -> None:
    (tmp_path / "pyqtgraph.py").write_text("")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import pyqtgraph"
    assert loaded_by(code, tmp_path) == {"pyqtgraph"}


@pytest.mark.parametrize(
    "command",
    [
        ["presets"],
        ["presets", "--json"],
        ["devices"],
        ["plan", "two-by-two", "--device", "a100"],
        ["bench", "two-by-two", "--backend", "numpy", "--seconds", "0.1", "--quiet"],
        ["--version"],
        ["--help"],
        ["no-such-network"],
    ],
    ids=" ".join,
)
def test_a_command_that_opens_no_window_loads_neither(command: list[str], tmp_path: Path) -> None:
    allowed = {"rich"} if command in (["presets"], ["devices"]) or command[0] == "plan" else set()
    assert loaded_by(command_code(command), tmp_path) == allowed


def test_listing_the_backends_loads_no_qt(tmp_path: Path) -> None:
    """It may load what computes: only CuPy knows whether a GPU is there."""
    optional = {"cupy", "torch", "onnxruntime", "onnx", "rich"}
    assert loaded_by(command_code(["backends"]), tmp_path) <= optional


def command_code(command: list[str]) -> str:
    return (
        "from mmviz.cli import run\n"
        f"try:\n    run({command!r})\nexcept SystemExit as end:\n    assert not end.code, end\n"
    )
