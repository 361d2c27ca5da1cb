"""A timing run on a terminal, while it runs: what a person reads there."""

from __future__ import annotations

import re

import pytest

from mmviz.bench.messages import Checked, Estimate, Failed, Phase, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.cli import progress
from mmviz.cli.live import bench_live, sweep_live
from mmviz.core.shapes.network import from_widths
from mmviz.text import own
from mmviz.words.speech import ENGLISH

PLAN = BenchPlan(network=from_widths((6, 5)), batches=(1, 64), backends=("numpy", "loop"))


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of a size, each message drawn."""
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    for name, value in (("NO_COLOR", "1"), ("COLUMNS", "90"), ("LINES", "20"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)


def last_picture(err: str) -> list[str]:
    """The lines that stood there when it was drawn last."""
    drawn = re.sub(r"\r|\x1b\[[0-9;]*m", "", err).split("\x1b[?25h")[0]
    return re.split(r"(?:\x1b\[2K|\x1b\[1A)+", drawn)[-1].splitlines()


def test_every_backend_and_batch_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with bench_live(True, PLAN, ENGLISH, None) as live:
        live.take(Phase("numpy", 1, "timing"))
        live.take(Samples("numpy", 1, [0.001] * 30))
        live.take(Failed("loop", 1, own("broken")))
        live.take(Phase("numpy", 64, "timing"))
        live.take(Samples("numpy", 64, [0.002, 0.004]))
        live.take(Estimate("loop", 64, 3600.0, 0.01))
        live.take(Progress(0.75))
    err = capsys.readouterr().err
    bar, head, *rows = last_picture(err)
    assert "75.0 %" in bar
    assert head.split() == ["backend", "batch", "n", "p50", "IQR", "p99"]
    assert [row.split() for row in rows] == [
        ["numpy", "1", "done", "30", "1.00", "ms", "0", "%", "1.00", "ms"],
        ["loop", "1", "failed"],
        ["numpy", "64", "timing", "2", "3.00", "ms", "33", "%"],
        ["loop", "64", "done", "1", "≈", "60.0", "min"],
    ]
    assert err.endswith("\x1b[1A\x1b[2K")


def test_of_many_batches_those_around_the_one_timed_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    batches = tuple(range(1, 41))
    plan = BenchPlan(network=from_widths((6, 5)), batches=batches, backends=("numpy",))
    with bench_live(True, plan, ENGLISH, None) as live:
        live.take(Phase("numpy", 30, "timing"))
    shown = [int(row.split()[1]) for row in last_picture(capsys.readouterr().err)[2:]]
    assert shown == list(range(15, 31))


def test_a_run_that_is_taken_up_again_shows_what_it_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = Collector(PLAN)
    before.add(Samples("numpy", 1, [0.001] * 30))
    before.add(Checked("numpy", 1, 1e-7))
    with bench_live(True, PLAN, ENGLISH, before) as live:
        message = Samples("numpy", 64, [0.002])
        before.add(message)  # as the supervisor does
        live.take(message)
    rows = last_picture(capsys.readouterr().err)[2:]
    assert rows[0].split()[:4] == ["numpy", "1", "done", "30"]
    assert rows[2].split()[3] == "1"


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with bench_live(False, PLAN, ENGLISH, None) as live:
        live.take(Phase("numpy", 1, "timing"))
    assert capsys.readouterr().err == ""


def test_of_a_sweep_one_bar_goes_over_all_widths(capsys: pytest.CaptureFixture[str]) -> None:
    plan = SweepPlan(from_widths((6, 5, 4)), (1, 2), ("numpy",), widths=(5, 7))
    with sweep_live(True, plan, ENGLISH, {}) as live:
        live.take(Phase("numpy", 1, "timing"), 0)
        live.take(Progress(1.0), 0)
        live.take(Phase("numpy", 1, "timing"), 1)
        live.take(Progress(0.5), 1)
    bar, _, *rows = last_picture(capsys.readouterr().err)
    assert "75.0 %" in bar
    assert "7 wide, 2 of 2" in bar
    assert rows[0].split() == ["numpy", "1", "timing"]
