"""What decides how fast this computer computes, and who can tell: read for `mmviz doctor`.

Facts alone; what follows from them is `words.doctor`'s. `root` is where /proc and /sys lie.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psutil

from mmviz.bench.kernels import UNKNOWN, Kernels, own_kernels
from mmviz.bench.limits import ROOT
from mmviz.bench.load import Load
from mmviz.bench.machine import Machine, read_machine
from mmviz.bench.meter import Meter
from mmviz.bench.sensors_cpu import CoreClock, Rapl, Thermometer, read
from mmviz.bench.sensors_nvidia import Nvml
from mmviz.text import Text

LOOK_S = 0.3  # at what other programs do
_MAKERS = {"0x10de": "nvidia", "0x1002": "amd", "0x8086": "intel"}  # numbers of PCI
_PACKAGES = ("cupy", "torch", "onnxruntime")
_TOOLS = ("apt-get", "ubuntu-drivers", "powerprofilesctl", "taskset")


@dataclass(frozen=True, slots=True)
class Power:
    """How the processor's clock is held down, "" or None where nobody tells.

    driver, governor, preference: of cpufreq; profile: of the firmware; turbo: whether it may go
    above its usual clock; plugged: whether a battery is spared.
    """

    driver: str = ""
    governor: str = ""
    preference: str = ""
    profile: str = ""
    turbo: bool | None = None
    plugged: bool | None = None


@dataclass(frozen=True, slots=True)
class Graphics:
    """A graphics card on the bus: maker nvidia, amd, intel or ""; driver: "" where none has it."""

    maker: str
    driver: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """This computer now. system: as sys.platform. flags: what the processor can.

    kernels: those OpenBLAS takes where nobody tells it. busiest: programs that compute now, the
    busiest first. cards: None where the system does not list them. absent: packages of further
    backends that are not installed. tools: commands that are there. sensors: why each cannot
    be read, NOTHING where it can, by `Sensed`'s names; of what is there only.
    """

    machine: Machine
    system: str = "linux"
    flags: frozenset[str] = frozenset()
    kernels: Kernels = UNKNOWN
    load: Load | None = None
    busiest: tuple[str, ...] = ()
    power: Power = Power()
    cards: tuple[Graphics, ...] | None = None
    absent: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    sensors: Mapping[str, Text] = field(default_factory=dict)


def read_health(
    root: Path = ROOT, drivers: bool = True, going_on: Callable[[], object] = lambda: None
) -> Health:
    """This computer; takes a second. Never raises for what cannot be read.

    drivers: whether this process may load a driver, which may end it. going_on: called before what
    takes long; what it raises ends it.
    """
    machine = read_machine()
    meter, before, times = Meter(root), Meter(root).read(), _times()
    time.sleep(LOOK_S)
    load, busiest = meter.since(before), busier(times, _times(), LOOK_S)
    cards = graphics(root)
    return Health(
        machine=machine,
        system=sys.platform,
        flags=flags(root),
        kernels=own_kernels(machine, going_on=going_on),
        load=load,
        busiest=busiest,
        power=power(root),
        cards=cards,
        absent=frozenset(name for name in _PACKAGES if find_spec(name) is None),
        tools=frozenset(name for name in _TOOLS if shutil.which(name)),
        sensors=_sensors(root, cards if drivers else ()),
    )


def flags(root: Path = ROOT) -> frozenset[str]:
    """What the first processor can, as /proc/cpuinfo names it; empty where it does not tell."""
    found = re.search(r"^(?:flags|Features)\s*:(.*)$", read(root / "proc/cpuinfo") or "", re.M)
    return frozenset(found[1].split()) if found else frozenset()


def power(root: Path = ROOT) -> Power:
    """What holds the clock down; of cpufreq what holds for the first core."""
    cpus = root / "sys/devices/system/cpu"
    governed = {
        name: (read(cpus / "cpu0/cpufreq" / file) or "").strip()
        for name, file in (
            ("driver", "scaling_driver"),
            ("governor", "scaling_governor"),
            ("preference", "energy_performance_preference"),
        )
    }
    off = (read(cpus / "intel_pstate/no_turbo") or "").strip()
    boost = (read(cpus / "cpufreq/boost") or "").strip()
    return Power(
        **governed,
        profile=(read(root / "sys/firmware/acpi/platform_profile") or "").strip(),
        turbo=off == "0" if off else boost == "1" if boost else None,
        plugged=_plugged() if root == ROOT else None,
    )


def _plugged() -> bool | None:
    with suppress(Exception):  # psutil reads what each system tells its own way
        battery = psutil.sensors_battery()
        return None if battery is None else battery.power_plugged
    return None


def graphics(root: Path = ROOT) -> tuple[Graphics, ...] | None:
    """The graphics cards on the bus: class 3 of the PCI Code and ID Assignment Specification.

    None where some may be elsewhere: beside the bus of a small board, behind that of Windows.
    """
    folder = root / "sys/bus/pci/devices"
    if not folder.is_dir() or (root / "dev/dxg").exists():
        return None
    found = []
    for device in sorted(folder.iterdir()):
        if (read(device / "class") or "").startswith("0x03"):
            maker = _MAKERS.get((read(device / "vendor") or "").strip(), "")
            driver = device / "driver"
            found.append(Graphics(maker, driver.resolve().name if driver.exists() else ""))
    elsewhere = not found and any((root / "sys/class/drm").glob("card[0-9]*"))
    return None if elsewhere else tuple(found)


def busier(
    before: Mapping[tuple[int, str], float], after: Mapping[tuple[int, str], float], wall_s: float
) -> tuple[str, ...]:
    """Up to three programs that computed for a tenth of a core or more, the busiest first."""
    spent = {who: seconds - before.get(who, seconds) for who, seconds in after.items()}
    first = sorted(spent, key=lambda who: -spent[who])
    names = (name for pid, name in first if spent[pid, name] >= 0.1 * wall_s)
    return tuple(dict.fromkeys(names))[:3]


def _times() -> dict[tuple[int, str], float]:
    """Seconds that each process but this one computed so far, by its number and name."""
    found = {}
    for process in psutil.process_iter(["pid", "name", "cpu_times"]):
        told = process.info
        if told["cpu_times"] is not None and told["pid"] != os.getpid():
            seconds = told["cpu_times"].user + told["cpu_times"].system
            found[told["pid"], str(told["name"] or "")] = float(seconds)
    return found


def _sensors(root: Path, cards: Iterable[Graphics] | None) -> dict[str, Text]:
    sensors = {
        "energy_cpu_j": Rapl(root).why,
        "cpu_clock_mhz": CoreClock(root).why,
        "cpu_temperature_c": Thermometer(root).why,
    }
    if any(card.maker == "nvidia" for card in cards or ()):
        library = Nvml()
        sensors["gpu_clock_mhz"] = library.why
        library.close()
    return sensors
