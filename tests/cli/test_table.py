"""Tables: plain and stable where they are read by programs, fitted where a person looks."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from mmviz.cli.table import Table, lines, said_list, said_table, show
from mmviz.files.devices import device_ids
from mmviz.text import NO_DATA, NOTHING, Text, own
from mmviz.words.speech import ENGLISH

Mmviz = Callable[..., tuple[int, str, str]]
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """What rich takes for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[Table, int], str]:
    """Prints a table on a terminal of so many columns."""

    def shown(table: Table, width: int) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm")
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        show(table)
        return screen.getvalue()

    return shown


def test_a_column_goes_where_no_row_has_a_value() -> None:
    head = tuple(map(own, ("name", "p99", "error", "bound", "")))
    rows = [
        (own("a"), Text(NO_DATA), own("1"), Text("—"), NOTHING),
        (own("b"), NOTHING, Text(NO_DATA), NOTHING, NOTHING),
    ]
    assert lines(said_table((head, *rows), ENGLISH)) == [
        "name    error",
        "a           1",
        "b     no data",
    ]
    assert lines(said_table((head,), ENGLISH)) == ["name  p99  error  bound"]


def test_signs_stand_below_each_other_by_their_width() -> None:
    first, second = lines(said_list([("网络", "x"), ("net", "x")], ENGLISH))
    assert (first, second) == ("网络  x", "net   x")


FIGURES = said_table(
    [("backend", "batch", "p50", "p99", ""), *(
        (name, "1 024", "40.6 ms", "1.25 s", "computes in float64, and says so at some length")
        for name in ("loop", "numpy")
    )],
    ENGLISH,
    keys=2,
)  # fmt: skip


@pytest.mark.parametrize("width", [200, 70, 50, 32, 20])
def test_no_figure_is_cut_on_a_terminal_of_any_width(
    terminal: Callable[[Table, int], str], width: int
) -> None:
    out = CODES.sub("", terminal(FIGURES, width))
    assert all(
        cell_len(line) <= max(width, len("numpy    1 024  40.6 ms")) for line in out.splitlines()
    )
    for figure in ("40.6 ms", "1.25 s"):
        assert out.count(figure) == 2
    assert " ".join(out.split()).count("float64,") == 2


def test_of_a_narrow_table_each_part_names_its_rows(
    terminal: Callable[[Table, int], str],
) -> None:
    out = CODES.sub("", terminal(FIGURES, 25)).split("\n\n")
    assert [line.split()[0] for line in out[0].splitlines()] == ["backend", "loop", "numpy"]
    assert out[1].splitlines()[1].split()[:3] == ["loop", "1", "024"]
    assert "loop 1 024: computes in" in out[1]


def test_a_list_that_does_not_fit_comes_in_sentences(
    terminal: Callable[[Table, int], str],
) -> None:
    table = said_list([("a100", "NVIDIA A100 SXM4", "108 SMs", "a long story " * 5)], ENGLISH)
    out = terminal(table, 30)
    assert CODES.sub("", out).startswith("a100 · NVIDIA A100 SXM4 · 108 \nSMs · ")
    assert max(map(len, CODES.sub("", out).splitlines())) <= 30


def test_no_colour_is_wished_for_none_is_given(
    terminal: Callable[[Table, int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CODES.search(terminal(FIGURES, 200))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in terminal(FIGURES, 200)


def test_what_is_piped_knows_no_terminal() -> None:
    """Neither its width nor its colours, however they are forced; and markup is plain text."""
    words = [sys.executable, "-m", "mmviz", "devices"]
    plain = subprocess.run(words, capture_output=True, check=True)
    env = {"COLUMNS": "20", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    forced = subprocess.run(words, capture_output=True, check=True, env={**os.environ, **env})
    assert forced.stdout == plain.stdout
    assert b"\x1b" not in plain.stdout
    assert lines(said_list([("[bold]x[/bold]", ":smile:")], ENGLISH)) == ["[bold]x[/bold]  :smile:"]


@pytest.mark.parametrize("device", device_ids())
def test_a_plan_has_a_value_in_every_column(mmviz: Mmviz, device: str) -> None:
    code, out, _ = mmviz("plan", "alexnet", "--device", device)
    head, first, *_ = out.splitlines()[1:]
    assert code == 0
    assert ("predicted" in head) == ("no data," not in out)
    assert "no data" not in first
