"""`mmviz doctor` on this computer, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mmviz.backends import registry
from mmviz.bench import runner
from mmviz.bench.kernels import FORCED
from mmviz.cli import doctor
from mmviz.words.doctor import CHECKS, COMMAND

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody forces kernels: else they are timed, which takes seconds."""
    monkeypatch.delenv(FORCED, raising=False)


@pytest.mark.qt
def test_doctor(mmviz: Mmviz) -> None:
    code, out, err = mmviz("doctor")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "This computer"
    assert "  processor: " in out
    assert "NumPy" in next(line for line in lines if line.startswith("  backends: "))
    assert "  - this computer is not calibrated" in out
    assert "      mmviz calibrate" in lines


def test_a_terminal_gets_lines_that_fit_and_commands_that_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "50")
    long = " ".join(["word"] * 30)
    folded = doctor.folded(long, "  - ")
    assert len(folded) > 2
    assert all(len(line) <= 50 for line in folded)
    assert folded[0].startswith("  - word")
    assert folded[1].startswith("    word")
    assert doctor.folded(long, COMMAND) == [COMMAND + long]
    monkeypatch.setattr(doctor, "is_terminal", lambda _: False)
    assert doctor.folded(long, "  - ") == ["  - " + long]


@pytest.mark.qt
def test_doctor_as_json(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = [registry.entry("loop"), registry.entry("numpy")]  # the child takes seconds
    monkeypatch.setattr(runner, "probe", lambda _: tuple(looked))
    code, out, err = mmviz("doctor", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["machine"]["cores"] >= 1
    assert [backend["id"] for backend in told["backends"]] == ["loop", "numpy"]
    assert {finding["kind"] for finding in told["findings"]} <= {"slow", "missing", "unread"}
    calibration = [f for f in told["findings"] if f["id"] == "calibration"]
    assert [f["command"] for f in calibration] == ["mmviz calibrate"]
    assert len(told["findings"]) < 3 * len(CHECKS)
