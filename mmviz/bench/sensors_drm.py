"""AMD's and Intel's cards through Linux's files, as far as they can be read without root.

Documentation/gpu/amdgpu/thermal.rst, Documentation/ABI/testing/sysfs-driver-intel-{i915,xe}-hwmon.
`root` is where /sys lies.
"""

from __future__ import annotations

from pathlib import Path

from mmviz.bench.limits import ROOT
from mmviz.bench.sensors_cpu import number, read
from mmviz.bench.sensors_gpu import NO_DRIVER, CardReading, several
from mmviz.text import NOTHING, Text

_MAKERS = {
    "0x1002": ("amd", "radeon", "ati"),
    "0x8086": ("intel", "arc", "iris", "uhd"),
}
"""A maker's PCI number, and words by which an adapter's name tells of it."""


class DrmCard:
    """One card; see `sensors_gpu.Card`. No default clock is told."""

    def __init__(self, folder: Path) -> None:
        self.default_mhz: float | None = None
        self._folder = folder
        sensors = sorted((folder / "device/hwmon").glob("hwmon*"))
        self._sensors = sensors[0] if sensors else folder / "device/hwmon"

    def read(self) -> CardReading:
        power = self._sensor("power1_average") or self._sensor("power1_input")
        warmth = self._sensor("temp1_input") or self._sensor("temp2_input")
        return CardReading(
            clock_mhz=self._clock(),
            power_w=None if power is None else power / 1e6,
            temperature_c=None if warmth is None else warmth / 1e3,
            memory_bytes=number(self._folder / "device/mem_info_vram_used"),
        )

    def energy_j(self) -> float | None:
        """Intel's own cards count it; what sits in the processor is in the processor's energy."""
        microjoules = self._sensor("energy1_input")
        return None if microjoules is None else microjoules / 1e6

    def _clock(self) -> float | None:
        if (hertz := self._sensor("freq1_input")) is not None:
            return hertz / 1e6
        for name in ("gt_act_freq_mhz", "device/tile0/gt0/freq0/act_freq"):
            if megahertz := number(self._folder / name):  # 0: asleep
                return float(megahertz)
        return None

    def _sensor(self, name: str) -> int | None:
        return number(self._sensors / name)


def drm_card(name: str, root: Path = ROOT, bus: str = "") -> tuple[DrmCard | None, Text]:
    """The card an adapter of this name computes on, or None and why; bus: its PCI address, where
    that is known.
    """
    words = set(name.lower().replace("(", " ").replace(")", " ").split())
    makers = {maker for maker, own in _MAKERS.items() if words & set(own)}
    at = f"sys/bus/pci/devices/{bus}/drm" if bus else "sys/class/drm"
    folders = sorted((root / at).glob("card[0-9]*"))
    found = [
        folder
        for folder in folders
        if folder.name.removeprefix("card").isdecimal()  # others are its outlets
        and (read(folder / "device/vendor") or "").strip() in makers
    ]
    if not found:
        return None, Text(NO_DRIVER, name=name)
    return (DrmCard(found[0]), NOTHING) if len(found) == 1 else (None, several(name))
