"""Running commands as a user would, in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmviz.cli import run

Outcome = tuple[int, str, str]


@pytest.fixture
def mmviz(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Call it with a command line's words; gives exit code, stdout and stderr."""

    def call(*words: str) -> Outcome:
        try:
            code = run(words)
        except SystemExit as end:  # --help and --version
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
