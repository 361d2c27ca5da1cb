"""A run that was cut off goes on where it was, with what it has."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.bench import runner
from mmviz.bench.messages import Message, Phase, Samples
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.cli.live import Live
from mmviz.core.shapes.network import from_widths
from mmviz.files import journal, sweep_log
from mmviz.files.holding import held, hold

Mmviz = Callable[..., tuple[int, str, str]]
BENCH = ("bench", "6-5-4", "--batch", "2,3", "--seconds", "0.4", "--backend", "numpy")


@pytest.fixture
def cut(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A run that was ended by Ctrl+C at its second batch; the samples of the first."""
    take = Live.take

    def interrupt(self: Live, message: Message, number: int = 0) -> None:
        if isinstance(message, Phase) and message.batch == 3:
            signal.raise_signal(signal.SIGINT)
        take(self, message, number)

    with monkeypatch.context() as patch:
        patch.setattr(Live, "take", interrupt)
        code, out, _ = mmviz(*BENCH, "--json", "-")
    assert code == 130
    first, second = json.loads(out)["runs"]
    assert first["max_error"] is not None
    assert second["max_error"] is None
    found: list[float] = first["samples_s"]
    return found


def test_the_last_one_goes_on_and_only_what_is_missing_is_timed(
    mmviz: Mmviz, cut: list[float]
) -> None:
    ((kept,), _) = journal.kept_runs()
    assert kept.unfinished
    code, out, err = mmviz("bench", "--resume", "--json", "-")
    assert (code, err) == (0, "")
    first, second = json.loads(out)["runs"]
    assert first["samples_s"] == cut
    assert second["samples_s"]
    assert second["max_error"] is not None
    ((kept,), damaged) = journal.kept_runs()
    assert not kept.unfinished
    assert damaged == ()
    runs = journal.read(kept.path).results.runs
    assert [list(run.samples_s) for run in runs] == [first["samples_s"], second["samples_s"]]
    assert mmviz("bench", "--resume")[1:] == ("", "mmviz: no run that is kept was cut off\n")


def test_one_that_was_killed_when_all_was_timed_stands_in_the_way_of_none(
    mmviz: Mmviz, cut: list[float]
) -> None:
    assert mmviz(*BENCH, "--quiet")[0] == 0
    ((last, _), _) = journal.kept_runs()
    last.path.write_bytes(last.path.read_bytes().rpartition(b'{"type":"over"')[0])
    assert journal.kept_runs()[0][0].unfinished
    found = journal.read(last.path).over
    assert (str(found.ended), found.done) == ("", 1.0)
    code, out, err = mmviz("bench", "--resume", "--json", "-")
    assert (code, err) == (0, "")
    assert json.loads(out)["runs"][0]["samples_s"] == cut


@pytest.mark.usefixtures("cut")
def test_a_killed_one_says_how_far_it_came(mmviz: Mmviz) -> None:
    ((one,), _) = journal.kept_runs()
    one.path.write_bytes(one.path.read_bytes().rpartition(b'{"type":"over"')[0])
    found = journal.read(one.path).over
    assert (found.ended, found.done) == (journal.INTERRUPTED, 0.5)
    assert "ended at 50.0 %" in mmviz("runs")[1]


@pytest.mark.usefixtures("cut")
def test_one_by_its_file(mmviz: Mmviz) -> None:
    ((kept,), _) = journal.kept_runs()
    code, out, _ = mmviz("bench", "--resume", str(kept.path))
    assert code == 0
    assert "goes on with it" not in out
    rows = [line.split()[:2] for line in out.splitlines()]
    assert [batch for name, batch in (r for r in rows if len(r) == 2) if name == "numpy"][:2] == [
        *("2", "3"),
    ]
    code, _, err = mmviz("bench", "--resume", str(kept.path))
    assert (code, err) == (2, f"mmviz: {kept.path}: this run came to its end\n")


def test_whoever_stops_one_is_told_how_it_goes_on(
    mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: Live, message: Message, number: int = 0) -> None:  # noqa: ARG001
        if isinstance(message, Samples):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Live, "take", interrupt)
    code, out, err = mmviz(*BENCH)
    assert (code, err) == (130, "mmviz: stopped\n")
    assert out.splitlines()[-1] == "mmviz bench --resume goes on with it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("6-5-4", "--resume"), "NETWORK has no meaning beside --resume"),
        (("--resume", "--batch", "3"), "--batch has no meaning beside --resume"),
        (("--resume", "--training"), "--training has no meaning beside --resume"),
        (("--resume",), "no run that is kept was cut off"),
        (("--resume", "nothing"), "nothing"),
        ((), "bench needs a NETWORK, or --resume"),
    ],
)
def test_bad_input_is_one_line(mmviz: Mmviz, words: tuple[str, ...], said: str) -> None:
    code, out, err = mmviz("bench", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_what_cannot_be_kept_is_said_once_and_timed_all_the_same(mmviz: Mmviz) -> None:
    journal.place().parent.mkdir(parents=True)
    Path(journal.place()).write_text("in the way")
    code, out, err = mmviz(*BENCH)
    assert code == 0
    assert "numpy" in out
    assert err.startswith("mmviz: samples are not kept: cannot write")
    assert err.count("\n") == 1


SWEEP = ("sweep", "6-5-4", "--batch", "2,3", "--backend", "numpy", "--seconds", "0.3")


@pytest.mark.parametrize("width", [(), ("--width", "1=5,7")])
def test_a_sweep_measures_only_what_its_file_lacks(
    mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: tuple[str, ...]
) -> None:
    log = tmp_path / "sweep.jsonl"
    words = (*SWEEP, *width, "--json", "-", "--resume", str(log))
    with monkeypatch.context() as patch:
        take = Live.take

        def interrupt(self: Live, message: Message, number: int = 0) -> None:
            if isinstance(message, Phase) and message.batch == 3:
                signal.raise_signal(signal.SIGINT)
            take(self, message, number)

        patch.setattr(Live, "take", interrupt)
        code, out, _ = mmviz(*words)
    assert code == 130
    first = json.loads(out)["measured"][0]
    with log.open("ab") as file:
        file.write(b'{"type":"sam')  # a program that was killed while it wrote
    code, out, _ = mmviz(*words)
    assert code == 0
    whole = json.loads(out)["measured"]
    assert [(p["batch"], p.get("width")) for p in whole] == [
        (batch, w) for w in ((5, 7) if width else (None,)) for batch in (2, 3)
    ]
    assert whole[0] == first
    assert all(p["samples"] > 0 and p["failure"] is None for p in whole)
    monkeypatch.setattr(runner, "_ChildProcess", lambda *_: pytest.fail("it was timed again"))
    assert json.loads(mmviz(*words)[1])["measured"] == whole


def test_the_file_of_another_sweep_is_left_alone(mmviz: Mmviz, tmp_path: Path) -> None:
    log = tmp_path / "sweep.jsonl"
    assert mmviz(*SWEEP[:-1], "0.02", "--resume", str(log))[0] == 0
    before = log.read_bytes()
    code, out, err = mmviz(*SWEEP[:-1], "0.03", "--resume", str(log))
    assert (code, out) == (2, "")
    assert "sweep.jsonl is of another sweep: name another file" in err
    assert log.read_bytes() == before
    log.write_text("m,n,k\n1,2,3\n")
    assert "is no sweep that mmviz kept" in mmviz(*SWEEP, "--resume", str(log))[2]
    assert "needs a --backend" in mmviz("sweep", "6-5", "--batch", "1:3", "--resume", "x")[2]
    assert "needs a file" in mmviz(*SWEEP, "--resume", "-")[2]


def test_a_measured_sweep_over_the_batch_is_kept_as_a_run(mmviz: Mmviz) -> None:
    assert mmviz(*SWEEP[:-1], "0.02")[0] == 0
    ((kept,), _) = journal.kept_runs()
    assert kept.head.plan.batches == (2, 3)
    assert not kept.unfinished


@pytest.mark.skipif(os.name != "posix", reason="Windows tells nobody who writes")
@pytest.mark.usefixtures("cut")
def test_what_another_mmviz_is_at_is_left_to_it(mmviz: Mmviz, tmp_path: Path) -> None:
    ((kept,), _) = journal.kept_runs()
    with open(kept.path, "ab") as other:
        hold(other)
        assert mmviz("bench", "--resume")[2] == "mmviz: no run that is kept was cut off\n"
        err = mmviz("bench", "--resume", str(kept.path))[2]
        assert err == f"mmviz: {kept.path} is being written by another mmviz\n"
    assert not held(kept.path)
    log = tmp_path / "sweep.jsonl"
    assert mmviz(*SWEEP[:-1], "0.02", "--resume", str(log))[0] == 0
    with log.open("ab") as other:
        hold(other)
        err = mmviz(*SWEEP[:-1], "0.02", "--resume", str(log))[2]
        assert err == f"mmviz: {log} is being written by another mmviz\n"


KILLED = """
import os, signal, sys
from mmviz.bench.messages import Phase
from mmviz.cli import run
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.cli.live import Live
def kill(self, message, number=0):
    if isinstance(message, Phase) and message.batch == 3:
        os.kill(os.getpid(), signal.SIGKILL)
Live.take = kill
run(sys.argv[1:])
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_killed_sweep_loses_the_point_it_was_at(mmviz: Mmviz, tmp_path: Path) -> None:
    words = (*SWEEP, "--resume", str(tmp_path / "sweep.jsonl"))
    done = subprocess.run([sys.executable, "-c", KILLED, *words], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    plan = SweepPlan(from_widths((6, 5, 4)), (2, 3), ("numpy",), seconds=0.3)
    kept = sweep_log.read(tmp_path / "sweep.jsonl", plan)[None].run("numpy", 2)
    assert kept.max_error is not None
    code, out, _ = mmviz(*words, "--json", "-")
    assert code == 0
    first, second = json.loads(out)["measured"]
    assert kept.stats is not None
    assert first["p50_s"] == kept.stats.p50
    assert second["samples"] > 0
