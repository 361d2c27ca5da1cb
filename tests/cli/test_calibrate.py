"""`mmviz calibrate` as typed, with a short time for the real child."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from calibrations import measured_here

from mmviz.bench.machine import read_machine
from mmviz.bench.measured import Copy, Measured, ProductRow
from mmviz.bench.plan import CalibrationPlan
from mmviz.bench.runner import calibrate as really_calibrate
from mmviz.cli import calibrate
from mmviz.cli.table import lines
from mmviz.errors import BenchError
from mmviz.files import calibration
from mmviz.files.devices import read_device
from mmviz.files.this_machine import keep

Mmviz = Callable[..., tuple[int, str, str]]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of a few seconds instead of ten."""

    def plan(cores: int, asked_at: float) -> CalibrationPlan:
        return CalibrationPlan(cores=cores, asked_at=asked_at, seconds=5.0)

    monkeypatch.setattr(calibrate, "CalibrationPlan", plan)


@pytest.mark.usefixtures("short")
def test_calibrate_keeps_what_it_prints(mmviz: Mmviz) -> None:
    code, out, err = mmviz("calibrate", "--device", "this-machine", "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    kept = calibration.read(calibration.place())
    assert kept is not None
    assert found["call_s"] == kept.call_s
    assert found["measured"]["machine"]["cpu"] == kept.machine.cpu
    assert {row["dtype"] for row in found["measured"]["rows"]} <= {"float32", "float64"}
    device = read_device("this-machine")
    assert not device.missing
    assert device.launch_s == pytest.approx(kept.call_s, rel=1e-3)


@pytest.mark.usefixtures("short")
def test_calibrate_prints_a_table(mmviz: Mmviz) -> None:
    code, out, err = mmviz("calibrate")
    assert (code, err) == (0, "")
    assert "one call" in out
    assert "peak" in out
    assert f"kept in {calibration.place()}" in out


def test_a_stopped_calibration_keeps_nothing(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(plan: CalibrationPlan, _: object, *, stop: threading.Event) -> Measured | None:
        return really_calibrate(plan, lambda _: stop.set(), stop=stop)

    monkeypatch.setattr(calibrate, "calibrate", stopped)
    code, out, err = mmviz("calibrate")
    assert (code, out, err) == (130, "", "mmviz: stopped, nothing was kept\n")
    assert not calibration.place().exists()


def test_a_doubtful_calibration_replaces_a_better_one_only_when_asked_to(
    mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = measured_here()
    bad = msgspec.structs.replace(good, fitted=(), took_s=3.0)
    keep(good)
    monkeypatch.setattr(calibrate, "calibrate", lambda *_, **__: bad)
    code, out, err = mmviz("calibrate")
    assert code == 1
    assert "kept in" not in out
    assert err.startswith("mmviz: how far the new calibration is off is not known")
    assert err.endswith("it stays; --replace keeps the new one\n")
    assert calibration.read(calibration.place()) == good
    code, out, _ = mmviz("calibrate", "--json")
    assert (code, json.loads(out)["kept"]) == (1, False)
    code, out, err = mmviz("calibrate", "--replace", "--json")
    assert (code, err, json.loads(out)["kept"]) == (0, "", True)
    assert calibration.read(calibration.place()) == bad


def test_replace_is_of_this_machine_only(mmviz: Mmviz) -> None:
    code, _, err = mmviz("calibrate", "--timings", "rows.csv", "--replace")
    assert (code, err) == (2, "mmviz: --replace belongs to this-machine, not to --timings\n")


def test_a_broken_calibration_is_one_line(mmviz: Mmviz, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BenchError("the timing process died: out of memory")

    monkeypatch.setattr(calibrate, "calibrate", broken)
    assert mmviz("calibrate") == (2, "", "mmviz: the timing process died: out of memory\n")


def test_a_folder_in_the_way_is_told_before_measuring(mmviz: Mmviz) -> None:
    calibration.place().mkdir(parents=True)
    code, out, err = mmviz("calibrate")
    assert (code, out) == (2, "")
    assert err == f"mmviz: cannot write {calibration.place()}: it is a folder\n"


def test_what_is_not_known_is_said() -> None:
    row = ProductRow("float32", 1, 64, 64, 64, 1e-5, 1e-5, 7)
    machine = read_machine()
    measured = Measured(
        machine=machine,
        cores=1,
        threads=1,
        call_s=1e-6,
        copies=(),
        rows=(row,),
        fitted=(),
        took_s=1.0,
    )
    found = lines(calibrate.table_of(measured))
    assert any(line.split()[:3] == ["memory", "no", "data"] for line in found)
    assert any("too few undisturbed shapes" in line for line in found)
    assert calibrate.table(measured)["bandwidth_bytes_per_s"] is None
    assert Copy(1, 8, 1.0).bandwidth == 16
