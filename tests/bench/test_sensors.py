"""Sensors of a made computer: what they tell, what they do not, and why."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mmviz.bench.limits import ROOT
from mmviz.bench.sensed import FIGURES
from mmviz.bench.sensors import (
    NO_DEVICE_BYTES,
    NO_PASS,
    NOT_STEPPED,
    TOO_LONG,
    TOO_SHORT,
    Gauge,
    Sensors,
)
from mmviz.bench.sensors_cpu import (
    NO_CLOCK,
    NO_ENERGY,
    NO_TEMPERATURE,
    READABLE,
    VIRTUAL_CLOCK,
    WENT_ROUND,
    CoreClock,
    Rapl,
    Thermometer,
    elsewhere,
)
from mmviz.bench.sensors_drm import drm_card
from mmviz.bench.sensors_gpu import HOST_ALONE, NO_GPU, CardReading, alike
from mmviz.bench.sensors_memory import NO_PEAK, NOT_HIGHER, HostPeak
from mmviz.bench.sensors_nvidia import REASONS, Nvml

RAPL = "sys/class/powercap/intel-rapl:"


def computer(root: Path, files: Mapping[str, object]) -> Path:
    """A computer of text files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return root


def packages(*joules: float) -> dict[str, object]:
    """Processor packages that have counted so much, of up to 1000 J."""
    files: dict[str, object] = {}
    for number, counted in enumerate(joules):
        folder = f"{RAPL}{number}"
        files[f"{folder}/name"] = f"package-{number}"
        files[f"{folder}/energy_uj"] = round(counted * 1e6)
        files[f"{folder}/max_energy_range_uj"] = 10**9
    return files


class Time:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


# --- energy of the processor --------------------------------------------------------------------


def test_energy_is_that_of_all_packages_and_of_nothing_inside_or_around_them(
    tmp_path: Path,
) -> None:
    parts = {f"{RAPL}0:0/name": "core", f"{RAPL}0:0/energy_uj": 5, f"{RAPL}2/name": "psys"}
    rapl = Rapl(computer(tmp_path, packages(10, 20) | parts))
    before = rapl.read()
    computer(tmp_path, packages(13, 24.5))
    assert not rapl.why
    assert rapl.between(before, rapl.read(), 0.05) == pytest.approx(7.5)


def test_a_counter_that_reached_its_end_began_again(tmp_path: Path) -> None:
    rapl = Rapl(computer(tmp_path, packages(999)))
    before = rapl.read()
    computer(tmp_path, packages(2))
    assert rapl.between(before, rapl.read(), 0.5) == pytest.approx(3)
    assert rapl.between(before, rapl.read(), 1.5) is None  # it may have done so twice


def test_what_only_root_may_read_is_said_with_the_command_that_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(tmp_path, packages(1))
    read_text = Path.read_text

    def refused(path: Path, *how: Any, **named: Any) -> str:
        if path.name == "energy_uj":
            raise PermissionError(13, "Permission denied")
        return read_text(path, *how, **named)

    monkeypatch.setattr(Path, "read_text", refused)
    rapl = Rapl(tmp_path)
    assert rapl.read() is None
    assert READABLE in str(rapl.why)


@pytest.mark.parametrize("files", [{}, {f"{RAPL}0/name": "package-0"}, {f"{RAPL}0/name": "psys"}])
def test_a_processor_without_counters(tmp_path: Path, files: dict[str, object]) -> None:
    rapl = Rapl(computer(tmp_path, files))
    assert str(rapl.why) == NO_ENERGY
    assert rapl.between(rapl.read(), rapl.read(), 1.0) is None


# --- clock and temperature ----------------------------------------------------------------------


def stat(core: int) -> str:
    return "77 (a ) b) R " + " ".join(["1"] * 35) + f" {core} 0 0"


def test_the_clock_is_that_of_the_core_the_process_runs_on(tmp_path: Path) -> None:
    cpus = "sys/devices/system/cpu"
    files = {f"{cpus}/cpu{n}/cpufreq/scaling_cur_freq": khz for n, khz in ((0, 1), (3, 4_250_000))}
    clock = CoreClock(computer(tmp_path, {"proc/self/stat": stat(3), **files}))
    assert clock.read() == 4250.0
    assert not clock.why


@pytest.mark.parametrize(
    ("flags", "why"), [("flags : fpu hypervisor sse", VIRTUAL_CLOCK), ("flags : fpu", NO_CLOCK)]
)
def test_a_clock_that_is_not_told(tmp_path: Path, flags: str, why: str) -> None:
    files = {"proc/self/stat": stat(0), "proc/cpuinfo": f"{flags}\ncpu MHz : 2600.0"}
    clock = CoreClock(computer(tmp_path, files))
    assert clock.read() is None
    assert str(clock.why) == why


def chip(number: int, name: str, **degrees: float) -> dict[str, object]:
    folder = f"sys/class/hwmon/hwmon{number}"
    files: dict[str, object] = {f"{folder}/name": name}
    for index, (label, value) in enumerate(degrees.items(), 1):
        files[f"{folder}/temp{index}_input"] = round(value * 1000)
        files[f"{folder}/temp{index}_label"] = label.replace("_", " ")
    return files


def test_the_temperature_is_that_of_the_warmest_package(tmp_path: Path) -> None:
    files = (
        chip(0, "nvme", Composite=90.0)
        | chip(1, "coretemp", Package_id_0=61.0, Core_0=65.0)
        | chip(2, "coretemp", Package_id_1=63.5)
    )
    warmth = Thermometer(computer(tmp_path, files))
    assert warmth.read() == 63.5
    computer(tmp_path, chip(2, "coretemp", Package_id_1=-127.0))  # a sensor that is broken
    assert warmth.read() == 61.0


def test_a_thermal_zone_where_no_chip_tells(tmp_path: Path) -> None:
    zones = "sys/class/thermal/thermal_zone"
    files = {f"{zones}0/type": "acpitz", f"{zones}0/temp": 20_000}
    assert str(Thermometer(computer(tmp_path, files)).why) == NO_TEMPERATURE
    files = {f"{zones}1/type": "cpu-thermal", f"{zones}1/temp": 48_500}
    assert Thermometer(computer(tmp_path, files)).read() == 48.5


def test_other_systems_say_who_may_read_their_sensors(tmp_path: Path) -> None:
    assert "root alone" in str(elsewhere(ROOT, "darwin"))
    assert "without a driver" in str(elsewhere(ROOT, "win32"))
    assert not elsewhere(ROOT, "linux")
    assert not elsewhere(tmp_path, "darwin")  # a computer of files is Linux's


# --- memory -------------------------------------------------------------------------------------


def status(held: int, peak: int) -> dict[str, object]:
    return {"proc/self/status": f"Name:\tx\nVmHWM:\t{peak:8} kB\nVmRSS:\t{held:8} kB\nThreads:\t1"}


def test_the_peak_of_one_backend_where_the_system_forgets_the_one_before(tmp_path: Path) -> None:
    computer(tmp_path, status(100, 900) | {"proc/self/clear_refs": ""})
    peak = HostPeak(tmp_path)
    assert (tmp_path / "proc/self/clear_refs").read_text() == "5"
    computer(tmp_path, status(300, 400))
    assert peak.found()[0] == 300 * 1024


def test_the_peak_of_one_backend_where_it_took_the_process_higher_than_ever(
    tmp_path: Path,
) -> None:
    computer(tmp_path, status(100, 900))
    peak = HostPeak(tmp_path)
    value, why = peak.found()
    assert (value, str(why)) == (None, NOT_HIGHER)
    computer(tmp_path, status(300, 1000))
    assert peak.found()[0] == 900 * 1024


def test_a_system_that_tells_no_peak(tmp_path: Path) -> None:
    value, why = HostPeak(tmp_path).found()
    assert value is None
    assert str(why) == NO_PEAK


TAKEN = """
import os
from mmviz.bench.sensors_memory import HostPeak, held_and_peak
assert None not in held_and_peak()
measured = HostPeak()
block = bytearray(os.urandom(1)) * 50_000_000  # what nobody writes to no system counts
found, why = measured.found()
assert found is None or found >= 40_000_000, found
assert (found is None) == bool(why)
"""


def test_a_process_tells_what_it_takes() -> None:
    """On this system, whatever it is; one of its own, in which nothing else is given back."""
    subprocess.run([sys.executable, "-P", "-c", TAKEN], check=True)


# --- graphics cards -----------------------------------------------------------------------------


class Library:
    """Stands in for pynvml: cards by name, each function raising where the card does not tell."""

    NVML_CLOCK_SM, NVML_CLOCK_ID_APP_CLOCK_DEFAULT, NVML_TEMPERATURE_GPU = 1, 2, 0

    def __init__(self, *names: str, **told: Any) -> None:
        self.names, self.told, self.open = names, told, False

    def nvmlInit(self) -> None:
        if not self.names:
            raise RuntimeError("NVML Shared Library Not Found")
        self.open = True

    def nvmlShutdown(self) -> None:
        self.open = False

    def nvmlDeviceGetCount(self) -> int:
        return len(self.names)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetHandleByPciBusId(self, bus: str) -> int:
        return {"0000:01:00.0": 0, "0000:02:00.0": 1}[bus]

    def nvmlDeviceGetName(self, handle: int) -> bytes:
        return self.names[handle].encode()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not name.startswith("nvml"):
            raise AttributeError(name)

        def ask(handle: int, *_: Any) -> Any:
            value = self.told[name.removeprefix("nvmlDeviceGet")]
            return value(handle) if callable(value) else value

        return ask


TOLD = {
    "Clock": 1755,
    "ClockInfo": 1980,
    "PowerUsage": 402_500,
    "Temperature": 64,
    "MemoryInfo": SimpleNamespace(used=3 * 2**30),
    "CurrentClocksEventReasons": 0x1 | 0x4 | 0x20,
    "TotalEnergyConsumption": 12_345,
}


def nvml(library: Library) -> Nvml:
    return Nvml(lambda: library)


def test_a_card_of_nvidia() -> None:
    card, why = nvml(Library("NVIDIA H200", **TOLD)).card("NVIDIA H200")
    assert card is not None
    assert not why
    assert card.default_mhz == 1755
    throttle = (REASONS[0x4], REASONS[0x20])
    assert card.read() == CardReading(1980, 402.5, 64, 3 * 2**30, throttle)
    assert card.energy_j() == 12.345


def test_a_card_of_nvidia_that_tells_nothing() -> None:
    card, _ = nvml(Library("NVIDIA H200")).card("NVIDIA H200")
    assert card is not None
    assert card.default_mhz is None
    assert card.energy_j() is None
    assert card.read() == CardReading()


def test_an_older_driver_calls_some_otherwise() -> None:
    library = Library("T4", DefaultApplicationsClock=585, CurrentClocksThrottleReasons=0x8)
    card, _ = nvml(library).card("Tesla T4")
    assert card is None  # not the same name
    card, _ = nvml(library).card("T4")
    assert card is not None
    assert card.default_mhz == 585
    assert card.read().throttle == (REASONS[0x8],)
    idle, _ = nvml(Library("T4", CurrentClocksEventReasons=0x1)).card("T4")
    assert idle is not None
    assert idle.read().throttle == ()


def test_which_of_two_cards_of_one_name_is_known_by_its_address() -> None:
    two = nvml(Library("NVIDIA A100", "NVIDIA A100", PowerUsage=lambda handle: 1000 * handle))
    card, why = two.card("NVIDIA A100")
    assert card is None
    assert "several cards here are called NVIDIA A100" in str(why)
    card, _ = two.card("NVIDIA A100", "0000:02:00.0")
    assert card is not None
    assert card.read().power_w == 1.0


def test_a_library_that_tells_no_name_means_the_only_card() -> None:
    assert nvml(Library("NVIDIA L4", **TOLD)).card("CUDA GPU")[0] is not None
    assert nvml(Library("NVIDIA L4", "NVIDIA T4", **TOLD)).card("CUDA GPU")[0] is None
    assert nvml(Library("NVIDIA L4", **TOLD)).card("DirectX 12 GPU")[0] is None


def test_no_driver_of_nvidia() -> None:
    library = nvml(Library())
    card, why = library.card("NVIDIA A100")
    assert card is None
    assert "NVML Shared Library Not Found" in str(why)
    library.close()


def test_the_library_itself_is_there_and_says_why_it_has_no_card() -> None:
    """Here, with a driver of NVIDIA's or without one."""
    library = Nvml()
    card, why = library.card("a card that nobody makes")
    assert card is None
    assert "NVML" in str(why)
    assert "pynvml" not in str(why)  # it is installed
    assert bool(library.why) == (library.names() == ())
    library.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NVIDIA GeForce RTX 3080", "GeForce RTX 3080", True),
        ("AMD Radeon RX 7900 XTX (RADV NAVI31)", "Radeon RX 7900 XTX", True),
        ("NVIDIA A100", "NVIDIA A10", False),
        ("NVIDIA", "Intel Corporation", False),
    ],
)
def test_names_of_one_model(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


DRM = "sys/class/drm"


def test_a_card_of_amd(tmp_path: Path) -> None:
    hwmon = f"{DRM}/card1/device/hwmon/hwmon4"
    files = {
        f"{DRM}/card0/device/vendor": "0x8086",
        f"{DRM}/card1/device/vendor": "0x1002",
        f"{DRM}/card1-DP-1/device/vendor": "0x1002",
        f"{DRM}/card1/device/mem_info_vram_used": 2**31,
        f"{hwmon}/power1_average": 215_000_000,
        f"{hwmon}/freq1_input": 2_400_000_000,
        f"{hwmon}/temp1_input": 71_000,
    }
    card, why = drm_card("AMD Radeon RX 7900 XTX (RADV NAVI31)", computer(tmp_path, files))
    assert card is not None
    assert not why
    assert card.read() == CardReading(2400.0, 215.0, 71.0, 2**31)
    assert card.energy_j() is None


def test_a_card_of_intel_counts_energy(tmp_path: Path) -> None:
    files = {
        f"{DRM}/card0/device/vendor": "0x8086",
        f"{DRM}/card0/device/hwmon/hwmon1/energy1_input": 5_000_000,
        f"{DRM}/card0/gt_act_freq_mhz": 0,
        f"{DRM}/card0/device/tile0/gt0/freq0/act_freq": 2050,
    }
    card, _ = drm_card("Intel(R) Arc(tm) A770 Graphics (DG2)", computer(tmp_path, files))
    assert card is not None
    assert card.energy_j() == 5.0
    assert card.read() == CardReading(clock_mhz=2050.0)


def test_which_card_computes_is_not_guessed(tmp_path: Path) -> None:
    files = {f"{DRM}/card{n}/device/vendor": "0x1002" for n in range(2)}
    card, why = drm_card("AMD Radeon Pro", computer(tmp_path, files))
    assert card is None
    assert "several" in str(why)
    device = "sys/bus/pci/devices/0000:43:00.0/drm/card1/device"
    there = {f"{device}/vendor": "0x1002", f"{device}/mem_info_vram_used": 7}
    card, why = drm_card("AMD Radeon Pro", computer(tmp_path, there), "0000:43:00.0")
    assert card is not None
    assert card.read().memory_bytes == 7
    card, why = drm_card("Apple M3", tmp_path)
    assert card is None
    assert "no driver here tells anything of Apple M3" in str(why)


# --- one backend at one batch -------------------------------------------------------------------


def test_windows_add_up_and_what_lies_between_them_does_not(tmp_path: Path) -> None:
    time = Time()
    computer(tmp_path, packages(100) | chip(1, "k10temp", Tctl=50.0) | status(1, 1))
    gauge = Gauge(Sensors(tmp_path), clock=time)
    computer(tmp_path, status(65, 65))
    gauge.ready(SimpleNamespace(device_bytes=4096))
    for before, after, warmth in ((100, 103, 62.0), (500, 509, 60.0)):
        computer(tmp_path, packages(before))
        gauge.begin()
        time.now += 0.1
        computer(tmp_path, packages(after) | chip(1, "k10temp", Tctl=warmth))
        gauge.end(30)
        time.now += 5.0
    sensed = gauge.finished(lambda: None, 0.1 / 30, 1.0)
    assert sensed.energy_cpu_j == pytest.approx(12 / 60)
    assert sensed.cpu_power_w == pytest.approx(12 / 0.2)
    assert sensed.cpu_temperature_c == 62.0
    assert sensed.host_peak_bytes == 64 * 1024
    assert sensed.device_peak_bytes == 4096
    assert sensed.energy_j == sensed.energy_cpu_j


def test_the_time_it_takes_to_read_a_card_is_not_the_processors(tmp_path: Path) -> None:
    time = Time()
    gauge = Gauge(Sensors(computer(tmp_path, packages(100))), clock=time)

    class Slow:
        default_mhz = None

        def read(self) -> CardReading:
            time.now += 0.1
            return CardReading()

        def energy_j(self) -> None:
            return None

    gauge._card = Slow()
    gauge.begin()
    time.now += 0.1
    computer(tmp_path, packages(104))
    gauge.end(1)
    assert gauge.sensed().cpu_power_w == pytest.approx(4 / 0.1)


def test_every_figure_that_is_not_there_has_its_reason(tmp_path: Path) -> None:
    gauge = Gauge(Sensors(tmp_path))
    gauge.begin()
    gauge.end(1)
    sensed = gauge.finished(lambda: None, 1.0, 1.0)
    assert sensed.figures() == dict.fromkeys(FIGURES)
    assert set(sensed.missing) == set(FIGURES)
    reasons = {name: str(why) for name, why in sensed.missing.items()}
    assert reasons["gpu_power_w"] == reasons["energy_gpu_j"] == NO_GPU
    assert reasons["energy_cpu_j"] == reasons["cpu_power_w"] == NO_ENERGY
    assert reasons["device_peak_bytes"] == HOST_ALONE
    assert sensed.energy_j is None
    assert sensed.throttle is None


def test_without_a_whole_pass_nothing_is_sensed_but_memory(tmp_path: Path) -> None:
    computer(tmp_path, packages(1) | status(1, 1) | {"proc/self/clear_refs": ""})
    gauge = Gauge(Sensors(tmp_path))
    computer(tmp_path, status(3, 5))
    gauge.ready(object())
    sensed = gauge.finished(pytest.fail, 0.0, 1.0)
    assert str(sensed.missing["energy_cpu_j"]) == NO_PASS
    assert sensed.host_peak_bytes == 4 * 1024


def test_a_window_longer_than_the_counter_lasts_is_left_out(tmp_path: Path) -> None:
    time = Time()
    gauge = Gauge(Sensors(computer(tmp_path, packages(1))), clock=time)
    gauge.begin()
    time.now += 2.0
    gauge.end(1)
    assert str(gauge.sensed().missing["energy_cpu_j"]) == WENT_ROUND


class Passes:
    """A card of 200 W that counts its energy every 0.1 s, and passes of `pass_s` on it."""

    def __init__(self, pass_s: float, **told: Any) -> None:
        self.time, self.pass_s, self.run_s = Time(), pass_s, 0.0
        self.library = Library(
            "NVIDIA H200", **TOLD | {"TotalEnergyConsumption": self.count} | told
        )

    def count(self, _: int) -> int:
        return round(200_000 * 0.1 * int(self.time.now / 0.1))

    def run(self) -> None:
        self.time.now += self.pass_s
        self.run_s += self.pass_s

    def gauge(self, root: Path) -> Gauge:
        sensors = Sensors(root, lambda: nvml(self.library))
        gauge = Gauge(sensors, {"gpu": "NVIDIA H200"}, self.time)
        gauge.begin()
        self.run()
        gauge.end(1)
        return gauge


@pytest.mark.parametrize("pass_s", [1e-5, 3e-3, 0.07, 0.9])
def test_the_energy_of_a_card_is_counted_from_step_to_step(tmp_path: Path, pass_s: float) -> None:
    passes = Passes(pass_s)
    sensed = passes.gauge(tmp_path).finished(passes.run, pass_s, 5.0)
    assert sensed.energy_gpu_j == pytest.approx(200 * pass_s, rel=0.15)
    assert passes.run_s < max(1.2, 6 * pass_s)
    assert sensed.gpu_clock_mhz == 1980
    assert sensed.gpu_clock_default_mhz == 1755
    assert sensed.gpu_power_w == 402.5
    assert sensed.gpu_memory_bytes == 3 * 2**30
    assert sensed.throttle == (REASONS[0x4], REASONS[0x20])
    assert str(sensed.missing["device_peak_bytes"]) == NO_DEVICE_BYTES


@pytest.mark.parametrize(
    ("told", "pass_s", "most_s", "why"),
    [
        ({}, 0.01, 0.2, TOO_SHORT),
        ({}, 1.3, 5.0, TOO_LONG),
        ({"TotalEnergyConsumption": 7}, 0.01, 5.0, NOT_STEPPED),
        ({"TotalEnergyConsumption": lambda _: {}[0]}, 0.01, 5.0, NOT_STEPPED),
    ],
)
def test_why_the_energy_of_a_card_is_not_known(
    tmp_path: Path, told: dict[str, Any], pass_s: float, most_s: float, why: str
) -> None:
    passes = Passes(pass_s, **told)
    sensed = passes.gauge(tmp_path).finished(passes.run, pass_s, most_s)
    assert sensed.energy_gpu_j is None
    assert str(sensed.missing["energy_gpu_j"]) == why
    assert passes.run_s < 3.0


def test_a_pass_that_fails_for_the_energy_alone_fails_nothing(tmp_path: Path) -> None:
    passes = Passes(0.01)

    def broken() -> None:
        raise RuntimeError("device lost")

    sensed = passes.gauge(tmp_path).finished(broken, 0.01, 5.0)
    assert sensed.gpu_power_w == 402.5
    assert str(sensed.missing["energy_gpu_j"]) == NO_PASS


def test_the_card_is_looked_for_where_its_maker_says(tmp_path: Path) -> None:
    library = Library("NVIDIA H200", **TOLD)
    sensors = Sensors(
        computer(tmp_path, {f"{DRM}/card0/device/vendor": "0x1002"}), lambda: nvml(library)
    )
    assert str(sensors.card({})[1]) == NO_GPU
    assert not library.open  # nobody asked for it yet
    assert sensors.card({"gpu": "AMD Radeon"})[0] is not None
    assert sensors.card({"gpu": "NVIDIA H200"})[0] is not None
    assert library.open
    assert "Intel Arc" in str(sensors.card({"gpu": "Intel Arc"})[1])
    assert "NVML" in str(sensors.card({"gpu": "NVIDIA H100"})[1])
    sensors.close()
    assert not library.open
