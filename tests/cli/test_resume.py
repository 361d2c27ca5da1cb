"""A run that was cut off goes on where it was, with what it has."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.bench.messages import Message, Phase
from mmviz.cli import bench
from mmviz.files import journal

Mmviz = Callable[..., tuple[int, str, str]]
BENCH = ("bench", "6-5-4", "--batch", "2,3", "--seconds", "0.4", "--backend", "numpy")


@pytest.fixture
def cut(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A run that was ended by Ctrl+C at its second batch; the samples of the first."""
    take = bench.BenchLive.take

    def interrupt(self: bench.BenchLive, message: Message) -> None:
        if isinstance(message, Phase) and message.batch == 3:
            signal.raise_signal(signal.SIGINT)
        take(self, message)

    with monkeypatch.context() as patch:
        patch.setattr(bench.BenchLive, "take", interrupt)
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


@pytest.mark.usefixtures("cut")
def test_one_by_its_file(mmviz: Mmviz) -> None:
    ((kept,), _) = journal.kept_runs()
    code, out, _ = mmviz("bench", "--resume", str(kept.path))
    assert code == 0
    assert [line.split()[1] for line in out.splitlines() if line.startswith("numpy ")] == ["2", "3"]
    code, _, err = mmviz("bench", "--resume", str(kept.path))
    assert (code, err) == (2, f"mmviz: {kept.path}: this run came to its end\n")


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
