"""`mmviz bench` with a GPU of any make, on CI Mesa's software adapter."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mmviz.backends.webgpu.adapters import adapters
from mmviz.cli import run
from mmviz.errors import Unavailable


@pytest.mark.parametrize("mode", [[], ["--training"]], ids=["inference", "training"])
def test_all_is_timed_and_checked_and_the_adapter_is_named(
    mode: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        adapter = adapters()[0]
    except Unavailable as miss:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(miss.cause))
    file = tmp_path / "r.json"
    asked = ["bench", "64-48-10", "--batch", "1,33", "--backend", "numpy", "--backend", "wgpu"]
    assert run([*asked, "--seconds", "0.05", "--json", str(file), *mode]) == 0
    told = capsys.readouterr().out
    runs = json.loads(file.read_text())["runs"]
    assert [(one["backend"], one["batch"]) for one in runs] == [
        *(("numpy", 1), ("wgpu", 1), ("numpy", 33), ("wgpu", 33))
    ]
    for one in runs:
        assert one["samples_s"]
        assert not one["estimated"]
        assert one["failure"] is None
        assert one["max_error"] < 1e-5
    for one in runs[1::2]:
        assert one["place"]["name"] == adapter.name
        assert len(one["tiles"]) == (5 if mode else 2)
    if adapter.software:
        assert told.count("software, no GPU") >= 2
