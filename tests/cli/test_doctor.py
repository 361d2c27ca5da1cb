"""`mmviz doctor` on this computer, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mmviz.backends import registry
from mmviz.bench import runner
from mmviz.words.doctor import CHECKS

Mmviz = Callable[..., tuple[int, str, str]]


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
