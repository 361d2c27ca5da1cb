"""This machine as a device is what the machine says of itself, and what was measured of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec
import psutil
import pytest
from calibrations import measured_here

from mmviz.bench.calibration import KEPT, SHOWN
from mmviz.bench.limits import Quota
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, Machine, read_machine
from mmviz.bench.measured import Fitted
from mmviz.core.device.body import Cpu
from mmviz.core.device.figures import figures_of
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files import calibration
from mmviz.files.devices import read_device
from mmviz.files.this_machine import (
    UNCALIBRATED,
    calibrated,
    doubts,
    keep,
    this_machine,
    uncalibrated,
    usable_cores,
)
from mmviz.text import NOTHING


def off_by(error: float) -> tuple[Fitted, ...]:
    (fitted,) = measured_here().fitted
    return (msgspec.structs.replace(fitted, error=error),)


def with_blas(core: str, threads: int = 2) -> Machine:
    blas = Blas("openblas", "0.3.31", core, threads)
    return msgspec.structs.replace(read_machine(), blas=blas, variables={})


def test_this_machine_is_read_from_the_machine() -> None:
    found = read_device("this-machine")
    blas = read_machine().blas
    threads = blas.threads if blas else usable_cores()
    assert found.units == min(usable_cores(), threads) <= (psutil.cpu_count() or 1)
    assert found.peaks == ()
    assert found.missing == UNCALIBRATED
    assert str(found.remedy) == "mmviz calibrate measures it"


def test_this_machine_names_the_core_of_its_blas() -> None:
    blas = read_machine().blas
    core = blas.architecture if blas and blas.library == "openblas" else ""
    assert read_device("this-machine").body == Cpu(core, blas.threads if blas else usable_cores())


@pytest.mark.parametrize(
    ("core", "figures"),
    [
        ("Haswell", [8, 8, 4]),
        ("Zen", [8]),
        ("SkylakeX", [16, 16, 4]),
        ("Sapphirerapids", [16]),
        ("armv8", []),
    ],
)
def test_lanes_and_register_tile_are_those_of_the_kernels_that_run(
    core: str, figures: list[int]
) -> None:
    device = uncalibrated(with_blas(core), 2)
    memory, *kernels = device.figures
    assert (memory.name, memory.unit, memory.status) == ("memory", "GB", "measured")
    assert [figure.value for figure in kernels] == figures
    assert all(core in figure.source for figure in kernels)


def test_another_library_has_no_kernels_we_know() -> None:
    machine = with_blas("Haswell")
    mkl = msgspec.structs.replace(machine, blas=Blas("mkl", "2025", "Haswell", 2))
    assert [figure.name for figure in uncalibrated(mkl, 2).figures] == ["memory"]
    assert uncalibrated(msgspec.structs.replace(machine, blas=None), 3).units == 3


def test_blas_on_fewer_threads_leaves_cores_out() -> None:
    assert uncalibrated(with_blas("Haswell", 1), 8).units == 1
    assert uncalibrated(with_blas("Haswell", 16), 8).units == 8
    assert uncalibrated(with_blas("Haswell", 16), 8).body == Cpu("Haswell", 16)


def test_once_calibrated_this_machine_has_peaks_at_once() -> None:
    before = read_device("this-machine")
    measured = measured_here()
    keep(measured)
    found = read_device("this-machine")
    assert before.peaks == ()
    assert found.missing == NOTHING
    peak = measured.peak("float32", measured.threads)
    assert found.peak("float32") == pytest.approx(peak, rel=1e-3)
    assert found.bandwidth == measured.bandwidth == pytest.approx(16e9)
    assert found.launch_s == pytest.approx(5e-7)
    listed = {figure.name: figure for figure in figures_of(found)}
    for name in ("peak float32", "bandwidth", "launch"):  # each is what is computed with
        assert listed[name].status == "measured"
        assert "measured here with NumPy" in listed[name].source
    by_name = {figure.name: figure for figure in found.figures}
    assert by_name["peak float32"].status == "measured"
    assert by_name["bandwidth"].value == pytest.approx(16)
    if measured.threads > 1:
        assert by_name["on 1 thread, float32"].value == pytest.approx(0.1635, rel=0.01)


def test_the_calibrated_device_predicts_what_was_measured() -> None:
    device = keep(measured_here())
    (constants,) = device.calibrations
    assert (constants.rows, constants.held_out, constants.own) == (len(SHOWN), len(KEPT), True)
    assert constants.error is not None
    assert constants.error < 0.02
    row = next(r for r in measured_here().rows if r.kept)
    one = Products("", (Gemm("", "product", row.m, row.n, row.k),))
    assert price(Setup(one, device)).predicted_s == pytest.approx(row.seconds, rel=0.03)
    assert price(Setup(one, device, dtype="float64")).predicted_s is None


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    measured = measured_here()
    calibration.write(measured, tmp_path / "new" / "here.toml")
    assert calibration.read(tmp_path / "new" / "here.toml") == measured
    assert calibration.read(tmp_path / "nowhere.toml") is None


def test_a_calibration_with_other_kernels_is_not_used() -> None:
    measured = measured_here(machine=with_blas("Katmai"))
    keep(measured)
    found = read_device("this-machine")
    assert found.peaks == ()
    assert found.calibrations == ()
    assert "calibrated with Katmai kernels, now" in str(found.missing)
    assert str(found.missing).endswith("calibrate again")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cpu": "Pentium"}, "calibrated with Pentium, now"),
        ({"variables": {"OPENBLAS_CORETYPE": "Prescott"}}, "OPENBLAS_CORETYPE=Prescott, now"),
        ({"blas": None}, "calibrated with an unknown BLAS, now"),
    ],
)
def test_where_it_is_not_valid_and_why(changes: dict[str, object], said: str) -> None:
    machine = with_blas("Haswell")
    before = msgspec.structs.replace(machine, **changes)
    why = calibration.differences(measured_here(machine=before), machine, usable_cores())
    assert said in str(why)


def test_validity_is_of_cores_and_threads_too() -> None:
    machine = with_blas("Haswell")
    measured = measured_here(machine=machine, cores=4)
    assert calibration.differences(measured, machine, 4) == NOTHING
    fewer = str(calibration.differences(measured, machine, 1))
    assert "with 4 usable cores, now 1 usable core:" in fewer
    single = str(calibration.differences(measured, with_blas("Haswell", 1), 4))
    assert "on 2 threads, now openblas 0.3.31 on 1 threads" in single


def test_validity_is_of_the_quota_too() -> None:
    machine = with_blas("Haswell")
    half = msgspec.structs.replace(machine, quota=0.5)
    said = str(calibration.differences(measured_here(machine=machine, cores=2), half, 1))
    assert (
        said == "calibrated with no limit to the cores, now a limit of 0.5 cores: calibrate again"
    )
    back = str(calibration.differences(measured_here(machine=half, cores=1), machine, 2))
    assert (
        back == "calibrated with a limit of 0.5 cores, now no limit to the cores: calibrate again"
    )
    assert calibration.differences(measured_here(machine=half, cores=1), half, 1) == NOTHING


def test_a_quota_takes_the_calibration_away_and_its_end_brings_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was measured with all cores predicts nothing for half of one, however long it runs."""
    keep(measured_here())
    assert this_machine().peaks
    module = sys.modules[this_machine.__module__]
    monkeypatch.setattr(module, "read_quota", lambda: Quota(0.5))
    device = this_machine()
    assert device.peaks == ()
    assert "now a limit of 0.5 cores" in str(device.missing)
    assert usable_cores() == device.units == 1
    monkeypatch.setattr(module, "read_quota", lambda: Quota(64.0))
    assert this_machine().peaks


def test_what_mmviz_sets_for_its_child_is_no_difference() -> None:
    machine = with_blas("Haswell")
    child = msgspec.structs.replace(machine, variables={"OPENBLAS_THREAD_TIMEOUT": "4"})
    assert calibration.differences(measured_here(machine=child, cores=2), machine, 2) == NOTHING


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version = 2", "version = 1", "version 1"),
        ("call_s = 5e-07", "call_s = -1.0", "a time in seconds must be a number above 0"),
        ("call_s = 5e-07", "call_s = inf", "a time in seconds must be a number above 0"),
        ("call_s = 5e-07", 'call_s = "soon"', "expected a number"),
        ("took_s = 9.0", "took_s = ", "not valid TOML"),
    ],
)
def test_a_spoilt_file_is_one_sentence_and_no_figure(old: str, new: str, said: str) -> None:
    keep(measured_here())
    path = calibration.place()
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(1, 1))  # another file, though it may be of the same size
    device = this_machine()
    assert device.peaks == ()
    assert said in str(device.missing)
    assert str(path) in str(device.missing)
    with pytest.raises(InputError):
        calibration.read(path)


def test_a_doubtful_calibration_does_not_replace_a_better_one_unasked() -> None:
    good, bad = measured_here(), measured_here(fitted=off_by(0.4))
    assert doubts(bad) == NOTHING, "there is none that could be better"
    keep(good)
    said = str(doubts(bad))
    assert said.startswith(
        "the new calibration is off by 40.0 % on shapes kept out, the one that is"
    )
    assert doubts(measured_here(fitted=off_by(0.24))) == NOTHING
    assert "how far the new calibration is off is not known" in str(
        doubts(measured_here(fitted=()))
    )
    keep(bad)
    assert doubts(bad) == doubts(measured_here(fitted=off_by(0.3))) == NOTHING
    assert doubts(measured_here(fitted=off_by(0.5)))


def test_what_is_not_valid_here_is_replaced_by_anything() -> None:
    bad = measured_here(fitted=off_by(0.4))
    keep(measured_here(machine=msgspec.structs.replace(bad.machine, quota=0.5)))
    assert doubts(bad) == NOTHING
    calibration.place().write_text("no calibration")
    assert doubts(bad) == NOTHING


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dropped = 0.0", "dropped = nan"),
        ("dropped = 0.0", "dropped = 1.5"),
        ("quota = 0.5", "quota = inf"),
        ("quota = 0.5", "quota = -1.0"),
        ("wall_s = 9.0", "wall_s = inf"),
    ],
)
def test_a_share_or_limit_that_nothing_has_is_one_sentence(old: str, new: str) -> None:
    limited = msgspec.structs.replace(read_machine(), quota=0.5)
    keep(measured_here(machine=limited, load=Load(wall_s=9.0, core_s=18.0)))
    path = calibration.place()
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError):
        calibration.read(path)


def test_remarks_and_variables_stand_with_the_device() -> None:
    steered = msgspec.structs.replace(
        with_blas("Haswell"), variables={"OPENBLAS_CORETYPE": "Haswell"}
    )
    measured = measured_here(machine=steered, cache=10**12)
    device = calibrated(uncalibrated(steered, 2), measured)
    assert "fits into the last-level cache" in str(device.about)
    assert "OPENBLAS_CORETYPE=Haswell" in str(device.about)
