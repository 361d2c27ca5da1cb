"""What is redrawn on standard error while something runs."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from mmviz.bench.messages import Progress, Samples
from mmviz.cli import progress
from mmviz.cli.progress import TerminalProgress
from mmviz.text import own
from mmviz.words.speech import ENGLISH


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of a size, each message drawn."""
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    for name, value in (("NO_COLOR", "1"), ("COLUMNS", "90"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)


def test_the_bar_moves_on_a_terminal_and_wipes_itself_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with TerminalProgress(True) as line:
        line.take(Progress(0.5, own("memory")))
        line.take(Samples("numpy", 1, [1.0]))
    err = capsys.readouterr().err
    assert "━" * 10 in err
    assert "starting" in err
    assert "50.0 %  memory" in err
    assert err.endswith("\x1b[1A\x1b[2K")  # the line is empty again
    assert err.count("\x1b[?25l") == err.count("\x1b[?25h") == 1  # and the cursor back


@pytest.mark.parametrize(
    ("columns", "bar"), [(120, progress.BAR), (80, progress.NARROW), (66, 0), (40, 0)]
)
def test_on_a_short_line_the_bar_gives_way_before_what_is_said(columns: int, bar: int) -> None:
    said = own("1 880 steps · loss 0.0213 · unseen right 98.4 %")
    out = io.StringIO()
    line = progress.bar_line(0.5, said, 4.0, ENGLISH, columns)
    Console(file=out, width=columns, no_color=True).print(line)
    text = out.getvalue().rstrip("\n")
    assert text.count("━") == bar // 2, "half of it is done"
    assert ("unseen right 98.4 %  4 s left" in text) == (columns > 60)


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalProgress(False) as line:
        line.take(Progress(0.5, own("memory")))
    assert capsys.readouterr().err == ""


def test_a_terminal_that_is_closed_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "gone")

    monkeypatch.setattr(sys, "stderr", Closed())
    with TerminalProgress(True) as line:
        line.take(Progress(0.5))
        line.take(Progress(1.0))


def test_a_stream_without_such_signs_gets_a_plain_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    monkeypatch.setattr(sys, "stderr", stream)
    with TerminalProgress(True) as line:
        line.take(Progress(0.5))
    stream.flush()
    assert b"-" * 10 in stream.buffer.getvalue()  # type: ignore[attr-defined]


def test_the_time_left_is_told_once_there_is_something_to_tell_it_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    with TerminalProgress(True) as line:
        line.take(Progress(0.1))
        now[0] += 30.0
        line.take(Progress(0.25))
        now[0] += 90.0
        line.take(Progress(0.999))
    first, _, second = capsys.readouterr().err.partition("25.0 %")
    assert " left" not in first
    assert "1 min 30 s left" in second
    assert " left" not in second.partition("1 min 30 s left")[2]
