"""The rooms of the house: who may import whom. import-linter sees lazy imports as well."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 400


def lint(folder: Path, cache: Path) -> tuple[int, str]:
    """Exit status and report of the contracts in `folder`'s pyproject.toml on its package.

    cache: of the imports of modules that were not touched since.
    """
    code = (
        "import sys; from importlinter.cli import lint_imports;"
        "sys.path.insert(0, ''); sys.exit(lint_imports(cache_dir=sys.argv[1], no_logo=True))"
    )
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(cache)],
        cwd=folder,
        env=env | {"COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "mmviz", tmp_path / "mmviz", ignore=shutil.ignore_patterns("*.pyc"))
    return tmp_path


def test_every_contract_is_kept(cache: Path) -> None:
    status, report = lint(ROOT, cache)
    assert status == 0, report
    assert "12 kept, 0 broken" in report


@pytest.mark.parametrize(
    ("module", "code", "broken"),
    [
        ("core/probe.py", "def f():\n    from mmviz.state import session", "Imports point down"),
        ("bench/probe.py", "import mmviz.files.toml", "Imports point down"),
        (
            "core/schedule/probe.py",
            "def f():\n    from mmviz.core.time import choice",
            "Inside core imports point down too",
        ),
        ("state/probe.py", "def f():\n    import PyQt6.QtCore", "Only ui imports Qt"),
        (
            "ui/peak/probe.py",
            "def f():\n    from mmviz.state import session",
            "A panel sees its view, not the session",
        ),
        ("bench/probe.py", "def f():\n    import cupy", "Only the cupy backend imports CuPy"),
        (
            "backends/fake.py",
            "import mmviz.backends.numpy_blas",
            "Backends do not know each other",
        ),
        ("attic/__init__.py", "", "Imports point down"),
    ],
)
def test_a_broken_rule_is_found(
    copy: Path, cache: Path, module: str, code: str, broken: str
) -> None:
    file = copy / "mmviz" / module
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as text:
        text.write(f"\n{code}\n")
    status, report = lint(copy, cache)
    assert status == 1, report
    assert f"{broken} BROKEN" in report


def test_no_module_grows_beyond_what_one_can_hold_in_mind() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "mmviz").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


@pytest.mark.parametrize(
    "room", sorted((ROOT / "mmviz").rglob("__init__.py")), ids=lambda path: path.parent.name
)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    said = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))
    assert said is not None
    assert len(said) > 20
