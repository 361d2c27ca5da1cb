"""A command on a real terminal, with the real child."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import pty

BENCH = ("bench", "6-5-4", "--batch", "1,2", "--seconds", "0.4", "--backend", "numpy")


def shown(*words: str, **env: str) -> tuple[int, str]:
    """Exit code, and all that the terminal got, of 100 columns."""
    ours, theirs = pty.openpty()
    here = {"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30", **env}
    process = subprocess.Popen(
        [sys.executable, "-m", "mmviz", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **here},
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65_536):
            said += part
    except OSError:  # Linux tells so that the other end is closed
        pass
    os.close(ours)
    return process.wait(), said.decode()


def test_a_run_is_seen_live_and_leaves_its_table_alone() -> None:
    code, said = shown(*BENCH)
    assert code == 0, said
    assert said.count("\x1b[?25l") == said.count("\x1b[?25h") == 1  # the cursor is back
    live, _, after = said.partition("\x1b[?25h")
    assert "━" in live
    assert "timing" in live
    assert "left" in live
    assert "━" not in after
    rows = [line.split()[:2] for line in re.sub(r"\x1b\[[0-9;]*m", "", after).splitlines()]
    assert ["numpy", "1"] in rows
    assert ["numpy", "2"] in rows


def test_a_terminal_that_can_do_nothing_gets_plain_text() -> None:
    code, said = shown(*BENCH[:-1], "loop", TERM="dumb")
    assert code == 0
    assert "\x1b" not in said
    assert "backend" in said
