"""Whoever is asked to end tells and writes what was measured until then, and says by what."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mmviz.cli import stopping
from mmviz.cli.stopping import do_all, stoppable
from mmviz.errors import InputError
from mmviz.text import N_
from mmviz.words.speech import ENGLISH

if sys.platform == "win32":
    pytest.skip("sends signals", allow_module_level=True)

import pty

ENDS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
BENCH = ("bench", "6-5-4", "--batch", "2,3", "--seconds", "600", "--backend", "numpy")
SWEEP = ("sweep", "6-5-4", "--batch", "2,3", "--seconds", "600", "--backend", "numpy")
CALIBRATE = ("calibrate", "--json")
TRAIN = ("train", "digits", "--seconds", "600")
TRACE = ("trace", "30-20-10", "--record", "cpu-tiles", "--threads", "1")
PROGRAM = """
import json, os, signal, sys
from mmviz.bench import runner
from mmviz.bench.messages import Progress, Samples
from mmviz.bench.plan import Learnt
LOST = {"bench": Samples, "sweep": Samples, "train": Learnt}
numbers, words, closes = json.loads(sys.argv[1])
class Supervisor(runner.Supervisor):
    def _say(self, message):
        super()._say(message)
        if numbers and isinstance(message, LOST.get(words[0], Progress)):
            if closes:
                os.close(closes)
            while numbers:
                os.kill(os.getpid(), numbers.pop())
runner.Supervisor = Supervisor
from mmviz.cli import run
code = run(words)
import psutil
assert not psutil.Process().children()
sys.exit(code)
"""


def stopped(*words: str, by: tuple[int, ...], before: str = "") -> subprocess.CompletedProcess[str]:
    """A command that signals itself as soon as there is something to lose."""
    told = json.dumps([by, words, 0])
    return subprocess.run(
        [sys.executable, "-c", before + PROGRAM, told], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("end", ENDS)
def test_bench(tmp_path: Path, end: signal.Signals) -> None:
    table, whole = tmp_path / "r.csv", tmp_path / "r.json"
    done = stopped(*BENCH, "--csv", str(table), "--json", str(whole), by=(end,))
    assert done.returncode == 128 + end, done.stderr
    named = "" if end is signal.SIGINT else f" ({end.name})"
    assert done.stderr.splitlines()[-1] == f"mmviz: stopped{named}"
    assert "numpy" in done.stdout
    first, second = json.loads(whole.read_text())["runs"]
    assert first["samples_s"]
    assert second["samples_s"] == []
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [float(row["seconds"]) for row in rows] == first["samples_s"]


@pytest.mark.parametrize("end", ENDS)
def test_sweep(tmp_path: Path, end: signal.Signals) -> None:
    table = tmp_path / "r.csv"
    done = stopped(*SWEEP, "--csv", str(table), "--json", "-", by=(end,))
    assert done.returncode == 128 + end, done.stderr
    first, second = json.loads(done.stdout)["measured"]
    assert first["samples"] > 0
    assert second["samples"] == 0
    assert "numpy_p50_s" in table.read_text()


@pytest.mark.parametrize("end", ENDS)
def test_train(tmp_path: Path, end: signal.Signals) -> None:
    whole, known = tmp_path / "t.json", tmp_path / "w.npz"
    done = stopped(*TRAIN, "--json", str(whole), "--weights", str(known), by=(end,))
    assert done.returncode == 128 + end, done.stderr
    assert "Digits, one layer on NumPy" in done.stdout
    table = json.loads(whole.read_text())
    assert table["steps"]
    assert f"mmviz: stopped; {known} has what it knew after " in done.stderr
    assert f"after 1 of {table['count']} step" in done.stderr


@pytest.mark.parametrize("end", ENDS)
def test_calibrate(end: signal.Signals, user_folders: Path) -> None:
    done = stopped(*CALIBRATE, by=(end,))
    assert (done.returncode, done.stdout) == (128 + end, ""), done.stderr
    assert done.stderr.startswith("mmviz: stopped, nothing was kept")
    assert not [path for path in user_folders.rglob("*") if path.is_file()]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_trace(tmp_path: Path, end: signal.Signals, user_folders: Path) -> None:
    """Half a recording is none: nothing is written, nothing kept."""
    path = tmp_path / "r.npz"
    done = stopped(*TRACE, "-o", str(path), by=(end,))
    assert done.returncode == 128 + end, done.stderr
    assert done.stderr.startswith("mmviz: stopped, nothing was recorded")
    assert done.stdout == ""
    assert not path.exists()
    assert not list(user_folders.rglob("*.npz"))


def test_two_signals_in_a_row_take_nothing(tmp_path: Path) -> None:
    """As at a log-out, or where a launcher passes on what the terminal has sent already."""
    whole = tmp_path / "r.json"
    for by in (
        (signal.SIGTERM, signal.SIGHUP),  # last first
        (signal.SIGTERM, signal.SIGINT),
        (signal.SIGINT, signal.SIGINT),
    ):
        done = stopped(*BENCH, "--json", str(whole), by=by)
        assert done.returncode == 128 + by[-1], done.stderr
        assert json.loads(whole.read_text())["runs"][0]["samples_s"]


def test_what_was_to_be_ignored_is_ignored(tmp_path: Path) -> None:
    """As under nohup; the other signal ends it."""
    whole = tmp_path / "r.json"
    ignoring = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    done = stopped(
        *BENCH, "--json", str(whole), by=(signal.SIGTERM, signal.SIGHUP), before=ignoring
    )
    assert done.returncode == 128 + signal.SIGTERM, done.stderr
    assert json.loads(whole.read_text())["runs"][0]["samples_s"]


@pytest.mark.parametrize("command", [BENCH, TRAIN], ids=["bench", "train"])
def test_a_closed_terminal_takes_nothing(tmp_path: Path, command: tuple[str, ...]) -> None:
    """All three streams are the terminal, whose window is closed while something is measured."""
    whole = tmp_path / "r.json"
    ours, theirs = pty.openpty()
    words = (*command, "--json", str(whole))
    told = json.dumps([[signal.SIGHUP], words, ours])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, told],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        pass_fds=[ours],  # it closes its end of it itself, at the right moment
    )
    os.close(ours)
    os.close(theirs)
    assert process.wait(120) == 128 + signal.SIGHUP
    table = json.loads(whole.read_text())
    assert table["steps"] if command is TRAIN else table["runs"][0]["samples_s"]


def test_a_reader_that_went_away_does_not_hide_what_ended_it() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    told = json.dumps([[signal.SIGTERM], BENCH, 0])
    with subprocess.Popen([sys.executable, "-c", PROGRAM, told], stdout=writing) as process:
        os.close(writing)
    assert process.returncode == 128 + signal.SIGTERM


def test_afterwards_signals_do_what_they_did() -> None:
    before = [signal.getsignal(number) for number in ENDS]
    with stoppable() as stop:
        assert signal.getsignal(signal.SIGTERM) != before[1]
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(30)
        os.kill(os.getpid(), signal.SIGHUP)
    assert stop.code == 143
    assert [signal.getsignal(number) for number in ENDS] == before


def test_a_second_ctrl_c_a_while_later_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    late = [0.0]
    monkeypatch.setattr(stopping, "monotonic", lambda: late[0])
    with stoppable() as stop:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        late[0] = stopping.AGAIN_S
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_only_the_main_thread_listens() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen = []

    def listen() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert seen == [before]


def test_one_full_disk_does_not_take_the_other_file(capsys: pytest.CaptureFixture[str]) -> None:
    done = []

    def refuse(name: str) -> None:
        raise InputError(N_("cannot write {path}"), path=name)

    works = (lambda: refuse("a"), lambda: done.append("b"), lambda: refuse("c"))
    with pytest.raises(InputError, match="cannot write c"):
        do_all(works, ENGLISH)
    assert done == ["b"]
    assert capsys.readouterr().err == "mmviz: cannot write a\n"


def test_every_signal_that_asks_is_listened_to() -> None:
    assert set(ENDS) <= set(stopping.ASKING)
