"""What the computer's own sensors told while a backend was timed: values, nothing that reads them.

`bench.sensors` reads them, between what is timed; `words.sensors` says them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mmviz.text import Text

FIGURES = (
    "gpu_clock_mhz",
    "gpu_clock_default_mhz",
    "gpu_power_w",
    "gpu_temperature_c",
    "gpu_memory_bytes",
    "cpu_clock_mhz",
    "cpu_temperature_c",
    "cpu_power_w",
    "energy_cpu_j",
    "energy_gpu_j",
    "host_peak_bytes",
    "device_peak_bytes",
)
"""The fields of Sensed that are numbers, in the order they are shown."""


class Sensed(msgspec.Struct, frozen=True, kw_only=True):
    """Over the windows of one backend at one batch; None: not told, and `missing` says why.

    gpu_clock_mhz, cpu_clock_mhz: the median of what was read at the end of each window;
    gpu_clock_default_mhz: what the card runs at where nobody changes it. power: the mean, in watts.
    temperature: the highest, in °C. gpu_memory_bytes: what all programs held of the card's memory.
    energy: joules of one pass, of the whole processor package and of the whole card, so what they
    would have drawn idle is in it. host_peak_bytes: what making it ready and its first passes
    added to the timing process's memory at the most; device_peak_bytes: its buffers on its device.
    throttle: why the GPU slowed itself down, msgids, () for not at all. missing: why a figure is
    None, by its name.
    """

    gpu_clock_mhz: float | None = None
    gpu_clock_default_mhz: float | None = None
    gpu_power_w: float | None = None
    gpu_temperature_c: float | None = None
    gpu_memory_bytes: int | None = None
    throttle: tuple[str, ...] | None = None
    cpu_clock_mhz: float | None = None
    cpu_temperature_c: float | None = None
    cpu_power_w: float | None = None
    energy_cpu_j: float | None = None
    energy_gpu_j: float | None = None
    host_peak_bytes: int | None = None
    device_peak_bytes: int | None = None
    missing: dict[str, Text] = {}

    @property
    def energy_j(self) -> float | None:
        """Joules of one pass, as far as they are known; None where neither is."""
        known = [energy for energy in (self.energy_cpu_j, self.energy_gpu_j) if energy is not None]
        return sum(known) if known else None

    def figures(self) -> dict[str, Any]:
        """All numbers by name, None for those that nobody told."""
        return {name: getattr(self, name) for name in FIGURES}
