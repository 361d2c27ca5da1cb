"""Every reader on mutated files: it reads, or it refuses in one printable line.

`python benchmarks/fuzz.py --inputs 100000` tries more, and prints what is slow and what is large.
"""

from __future__ import annotations

import importlib
import random
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
INPUTS = 40
NAMES = (
    *("device", "network", "list", "timings", "exam", "calibration", "settings", "message"),
    *("plan", "catalogue", "ini", "journal", "results", "sweep", "recording", "trace", "opened"),
    *("drawings", "known", "lesson", "rates", "taught_by_steps", "guesses"),
)


@pytest.fixture
def fuzz(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.syspath_prepend(BENCHMARKS)
    found = importlib.import_module("fuzz")
    monkeypatch.setattr(found.fuzz_readers, "_home", tmp_path)
    return found


def test_each_reader_is_tried(fuzz: Any) -> None:
    assert tuple(fuzz.fuzz_readers.READERS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_foreign_exception(fuzz: Any, name: str) -> None:
    read, seeds = fuzz.fuzz_readers.READERS[name]()
    tally, chance = fuzz.Tally(), random.Random(name)
    assert name == "opened" or all(read(data) for data in seeds)
    for _ in range(INPUTS):
        assert fuzz.try_one(read, fuzz.mutated(seeds, chance), tally) == ""
    assert tally.inputs == INPUTS
    assert tally.read > 0  # some inputs are sound, some are not
    assert tally.read < INPUTS or name == "ini"


def test_a_fault_is_told(fuzz: Any) -> None:
    tally = fuzz.Tally()

    def read(data: bytes) -> bool:
        return bool(1 / len(data))

    assert "ZeroDivisionError" in fuzz.try_one(read, b"", tally)
    assert (tally.inputs, tally.read, tally.faults.total()) == (1, 0, 1)


QUICK = ("list", "message", "catalogue")  # TOML: test_toml.py


@pytest.mark.parametrize("name", QUICK)
def test_the_dearest_inputs_of_their_size_come_to_an_end(fuzz: Any, name: str) -> None:
    """Some took hours, or all memory; `benchmarks/fuzz.py --dear` prints what they take."""
    read, _ = fuzz.fuzz_readers.READERS[name]()
    tally = fuzz.Tally()
    for what, data in fuzz.fuzz_dear.dear(name):
        assert fuzz.try_one(read, data, tally) == "", what
    assert tally.inputs >= 1
