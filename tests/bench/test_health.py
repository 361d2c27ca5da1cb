"""What decides how fast a computer is, read of made ones and of this one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mmviz.bench import health
from mmviz.bench.health import (
    Graphics,
    Power,
    busier,
    flags,
    graphics,
    power,
    read_health,
)
from mmviz.bench.kernels import FORCED
from mmviz.bench.machine import read_machine

CPUS = "sys/devices/system/cpu"


def computer(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return root


def card(root: Path, number: int, kind: str, vendor: str, driver: str = "") -> None:
    device = f"sys/bus/pci/devices/0000:0{number}:00.0"
    computer(root, {f"{device}/class": kind, f"{device}/vendor": vendor})
    if driver:
        (root / f"sys/bus/pci/drivers/{driver}").mkdir(parents=True)
        (root / device / "driver").symlink_to(root / f"sys/bus/pci/drivers/{driver}")


def test_what_holds_the_clock_down(tmp_path: Path) -> None:
    assert power(tmp_path) == Power()
    files = {
        f"{CPUS}/cpu0/cpufreq/scaling_driver": "intel_pstate",
        f"{CPUS}/cpu0/cpufreq/scaling_governor": "powersave",
        f"{CPUS}/cpu0/cpufreq/energy_performance_preference": "balance_power",
        f"{CPUS}/intel_pstate/no_turbo": "1",
        "sys/firmware/acpi/platform_profile": "low-power",
    }
    found = power(computer(tmp_path, files))
    assert found == Power("intel_pstate", "powersave", "balance_power", "low-power", False)


@pytest.mark.parametrize(("boost", "turbo"), [("0", False), ("1", True)])
def test_boost_as_amd_has_it(tmp_path: Path, boost: str, turbo: bool) -> None:
    assert power(computer(tmp_path, {f"{CPUS}/cpufreq/boost": boost})).turbo is turbo


def test_graphics_cards_on_the_bus(tmp_path: Path) -> None:
    assert graphics(tmp_path) is None
    card(tmp_path, 0, "0x020000", "0x8086", "e1000e")
    assert graphics(tmp_path) == ()
    card(tmp_path, 1, "0x030000", "0x8086", "i915")
    card(tmp_path, 2, "0x030200", "0x10de")
    card(tmp_path, 3, "0x030000", "0x1234")
    assert graphics(tmp_path) == (Graphics("intel", "i915"), Graphics("nvidia"), Graphics(""))


@pytest.mark.parametrize("file", ["dev/dxg", "sys/class/drm/card0/uevent"])
def test_cards_that_are_on_no_bus(tmp_path: Path, file: str) -> None:
    card(tmp_path, 0, "0x020000", "0x8086")
    assert graphics(computer(tmp_path, {file: ""})) is None


@pytest.mark.parametrize("name", ["flags", "Features"])
def test_what_the_processor_can(tmp_path: Path, name: str) -> None:
    assert flags(tmp_path) == frozenset()
    text = f"processor\t: 0\n{name}\t\t: fpu avx2 fma\n\nprocessor\t: 1\n{name}\t\t: fpu"
    assert flags(computer(tmp_path, {"proc/cpuinfo": text})) == {"fpu", "avx2", "fma"}


def test_programs_that_compute() -> None:
    before = {(1, "init"): 5.0, (2, "make"): 1.0, (3, "make"): 0.0, (4, "idle"): 2.0}
    after = {**before, (2, "make"): 1.3, (3, "make"): 0.2, (4, "idle"): 2.01, (5, "new"): 9.0}
    assert busier(before, after, 0.3) == ("make",)


def test_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FORCED, raising=False)  # else kernels are timed, in seconds
    found = read_health()
    assert found.machine == read_machine()
    assert found.load is not None
    assert found.load.wall_s >= health.LOOK_S
    assert {"energy_cpu_j", "cpu_clock_mhz", "cpu_temperature_c"} <= set(found.sensors)
