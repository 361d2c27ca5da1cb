"""A short life of the monkey: seeded, so that what it does is the same every time."""

from __future__ import annotations

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
    assert ended.stdout.endswith("150 actions, 0 faults\n"), ended.stdout + ended.stderr
    assert ended.returncode == 0
