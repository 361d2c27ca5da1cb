"""The timing child in tests: those that live, and scripts that stand in for it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

HEAD = """
import os, signal, sys, time, subprocess
from mmviz.bench.messages import *
from mmviz.bench.messages import encode
def say(message):
    sys.stdout.buffer.write(encode(message)); sys.stdout.buffer.flush()
"""


def children() -> list[psutil.Process]:
    """The timing children of this process."""
    found = []
    for child in psutil.Process().children():
        try:
            if "mmviz.bench.worker" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """A child of our own making: `say(message)` writes one as the real child does."""

    def write(body: str) -> list[str]:
        path = tmp_path / "child.py"
        path.write_text(HEAD + textwrap.dedent(body))
        return [sys.executable, str(path)]

    return write
