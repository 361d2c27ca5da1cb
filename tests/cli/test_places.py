"""Folders that are gone, and those nobody may look into, harm no command that needs them not."""

from __future__ import annotations

import builtins
import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Mmviz = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders as POSIX has them")


@pytest.fixture
def shut(user_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may look into the folders of the user, not even root."""

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def guard(path: Any = ".", *rest: Any, **more: Any) -> Any:
            if not isinstance(path, int) and os.fsdecode(path).startswith(str(user_folders)):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return call(path, *rest, **more)

        return guard

    for name in ("stat", "lstat", "scandir", "listdir", "mkdir", "open", "unlink", "readlink"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
    for module in (io, builtins):
        monkeypatch.setattr(module, "open", guarded(module.open))


@pytest.mark.usefixtures("shut")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "mlp"), ""),
        (("presets",), ""),
        (("devices",), "cannot read"),  # its own devices; the others are listed
        (("schedule", "mlp"), ""),
        (("sweep", "mlp", "--batch", "1:4"), ""),
        (("advise", "mlp", "--device", "h100"), ""),
        (("--language", "eo", "plan", "mlp"), "unknown language 'eo'"),
        (("plan", "mlp", "--device", "mine"), "unknown device 'mine'"),
    ],
)
def test_folders_of_the_user_that_nobody_may_look_into(
    mmviz: Mmviz, words: tuple[str, ...], sentence: str
) -> None:
    code, _, said = mmviz(*words)
    assert code == (2 if sentence and words != ("devices",) else 0), said
    assert sentence in said
    assert said.count("\n") == bool(sentence)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plan", "mlp"), ""),
        (("plan", "./x.toml"), "cannot read ./x.toml: No such file"),
        (("plan", "mlp", "--device", "./x.toml"), "cannot read ./x.toml: No such file"),
        (("plan", "mlp", "--device", "x.toml"), "cannot read x.toml: No such file"),
        (("sweep", "mlp", "--batch", "1:4", "--chart", "o.svg"), "cannot write o.svg"),
    ],
)
def test_a_working_directory_that_is_gone(
    mmviz: Mmviz, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    gone, before = tmp_path / "gone", os.getcwd()
    gone.mkdir()
    os.chdir(gone)
    try:
        gone.rmdir()
        code, _, said = mmviz(*words)
    finally:
        os.chdir(before)
    assert (code, said.count("\n")) == ((2, 1) if sentence else (0, 0)), said
    assert sentence in said
