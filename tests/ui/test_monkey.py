"""A short life of the monkey: seeded, so that what it does is the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

MONKEY = Path(__file__).parents[2] / "benchmarks" / "monkey.py"


@pytest.mark.qt
@pytest.mark.skipif(sys.platform == "win32", reason="it names pipes and dead links")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_and_fifty_random_actions_do_no_harm(seed: int) -> None:
    command = [sys.executable, str(MONKEY), "--actions", "150", "--seeds", str(seed)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=900)
    told = re.search(r"^([0-9]+) actions, 0 faults\n\Z", ended.stdout, re.MULTILINE)
    # One that opened a dialog ends after those within it, and may be the one too many.
    assert told is not None, ended.stdout + ended.stderr
    assert int(told[1]) >= 150
    assert ended.returncode == 0
