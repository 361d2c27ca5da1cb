"""What the processor tells of itself through Linux's files: energy, clock, temperature.

Energy: the counters of RAPL, Documentation/power/powercap/powercap.rst; temperature: hwmon and
thermal zones, Documentation/hwmon/sysfs-interface.rst. `root` is where /proc and /sys lie.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mmviz.bench.limits import ROOT
from mmviz.text import N_, NOTHING, Text

READABLE = "sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj"
NO_ENERGY = N_("this system counts no energy of its processor; virtual machines mostly do not")
ROOT_ALONE = N_(
    "only root may read the processor's energy; until the next start {command} allows it"
)
WENT_ROUND = N_("the processor's counter of energy may have gone round more than once meanwhile")
NO_CLOCK = N_("this system does not tell at what clock its cores run")
VIRTUAL_CLOCK = N_("a virtual machine does not tell at what clock its cores really run")
NO_TEMPERATURE = N_("this system tells no temperature of its processor")

_OTHERS = {
    "darwin": N_("macOS tells its sensors to root alone"),
    "win32": N_("Windows tells its sensors to no program without a driver of its own"),
}

MOST_W = 1000.0  # that a package draws: how soon its counter may have gone round
_PLAUSIBLE_C = (1.0, 150.0)
_CHIPS = ("coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "soc_thermal")
_ZONES = ("x86_pkg_temp", "cpu_thermal", "cpu-thermal", "soc_thermal", "soc-thermal")
_WHOLE = ("Package", "Tdie", "Tctl")  # labels of the processor as a whole, not of one core


class Rapl:
    """The energy all processor packages have counted. `why`: why it cannot be read, or NOTHING."""

    def __init__(self, root: Path = ROOT) -> None:
        self._packages = [
            folder
            for folder in sorted((root / "sys/class/powercap").glob("intel-rapl:*"))
            if (read(folder / "name") or "").startswith("package")  # else psys, or a part of one
        ]
        self._ranges = [number(folder / "max_energy_range_uj") for folder in self._packages]
        self.why = elsewhere(root) or Text(NO_ENERGY)
        if self._packages and None not in self._ranges:
            self.why = self._asked()

    def _asked(self) -> Text:
        try:
            for folder in self._packages:
                int((folder / "energy_uj").read_text())
        except PermissionError:
            return Text(ROOT_ALONE, command=READABLE)
        except (OSError, ValueError):
            return Text(NO_ENERGY)
        return NOTHING

    def read(self) -> tuple[int, ...] | None:
        """Microjoules that each package has counted; None where that cannot be read."""
        if self.why:
            return None
        counts = [number(folder / "energy_uj") for folder in self._packages]
        known = tuple(count for count in counts if count is not None)
        return known if len(known) == len(counts) else None

    def between(
        self, before: Sequence[int] | None, after: Sequence[int] | None, seconds: float
    ) -> float | None:
        """Joules from one reading to another, `seconds` later; None where that is not known.

        A counter that reached its end began again at nothing; once, or nobody knows how often.
        """
        if before is None or after is None:
            return None
        total = 0
        for first, second, most in zip(before, after, self._ranges, strict=True):
            assert most is not None  # else nothing is read
            if seconds * MOST_W * 1e6 >= most:
                return None
            total += second - first if second >= first else second - first + most
        return total / 1e6


class CoreClock:
    """The clock of the core the first thread runs on, in MHz. `why`: why it is not told."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._cores = root / "sys/devices/system/cpu"
        self.why = NOTHING
        if self.read() is None:
            virtual = " hypervisor" in (read(root / "proc/cpuinfo") or "")
            self.why = elsewhere(root) or Text(VIRTUAL_CLOCK if virtual else NO_CLOCK)

    def read(self) -> float | None:
        """That of this instant, as the kernel tells it."""
        words = (read(self._root / "proc/self/stat") or "").rpartition(")")[2].split()
        if len(words) < 37 or not words[36].isdecimal():  # proc(5), 39: the core it last ran on
            return None
        khz = number(self._cores / f"cpu{words[36]}/cpufreq/scaling_cur_freq")
        return khz / 1e3 if khz else None


class Thermometer:
    """The processor's own, in °C: the warmest of its packages. `why`: why it is not told."""

    def __init__(self, root: Path = ROOT) -> None:
        self._files = list(_packages(root)) or list(_zones(root))
        self.why = NOTHING
        if self.read() is None:
            self.why = elsewhere(root) or Text(NO_TEMPERATURE)

    def read(self) -> float | None:
        """That of this instant."""
        degrees = [thousandths / 1e3 for file in self._files if (thousandths := number(file))]
        low, high = _PLAUSIBLE_C
        return max((value for value in degrees if low <= value <= high), default=None)


def _packages(root: Path) -> Iterator[Path]:
    """The inputs of hwmon that measure a whole processor, or all of its cores."""
    for folder in sorted((root / "sys/class/hwmon").glob("hwmon*")):
        if (read(folder / "name") or "").strip() in _CHIPS:
            inputs = sorted(folder.glob("temp*_input"))
            labels = [read(Path(str(file)[: -len("input")] + "label")) or "" for file in inputs]
            whole = [f for f, label in zip(inputs, labels, strict=True) if label.startswith(_WHOLE)]
            yield from whole or inputs


def _zones(root: Path) -> Iterator[Path]:
    for folder in sorted((root / "sys/class/thermal").glob("thermal_zone*")):
        if re.sub(r"[-_]?\d+$", "", (read(folder / "type") or "").strip()) in _ZONES:
            yield folder / "temp"


def elsewhere(root: Path, system: str = sys.platform) -> Text:
    """Why nothing here can be read on another system than Linux, NOTHING on Linux."""
    return Text(_OTHERS.get(system, "")) if root == ROOT else NOTHING


def read(path: Path) -> str | None:
    """The file's text; None where it cannot be read."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return None


def number(path: Path) -> int | None:
    """The whole number a file of sysfs holds; None where it holds none."""
    found = re.fullmatch(r"-?\d{1,19}\s*", read(path) or "", re.ASCII)
    return None if found is None else int(found[0])
