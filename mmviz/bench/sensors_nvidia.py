"""NVIDIA's cards through NVML, the library nvidia-smi reads: clocks, power, energy, throttling.

Figures and their units: NVML API reference, nvmlDeviceGet…. Loaded here, when used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmviz.bench.sensors_gpu import CardReading, alike, several
from mmviz.text import N_, NOTHING, Text

NO_NVML = N_("NVIDIA's library of sensors (NVML) does not answer: {why}")
NOT_AMONG = N_("NVIDIA's library of sensors (NVML) knows no card called {name}")

REASONS: dict[int, str] = {
    0x2: N_("its clock is set by hand"),
    0x4: N_("its power limit"),
    0x8: N_("its hardware slowed it down"),
    0x10: N_("it keeps pace with another card"),
    0x20: N_("its temperature limit"),
    0x40: N_("its hardware got too hot"),
    0x80: N_("its power supply asked for it"),
    0x100: N_("its clock is set for the display"),
}
"""nvmlClocksEventReasons by bit; that it idles (0x1) slows nothing down that computes."""


def _load() -> Any:
    import pynvml

    return pynvml


class Nvml:
    """The library, open. `why`: why it is not, else NOTHING. `close` it."""

    def __init__(self, load: Callable[[], Any] = _load) -> None:
        self._nvml: Any = None
        self.why = NOTHING
        try:
            nvml = load()
            nvml.nvmlInit()
        except Exception as error:  # not installed, no driver, one that does not fit it
            self.why = Text(NO_NVML, why=" ".join(str(error).split())[:200])
        else:
            self._nvml = nvml

    def names(self) -> tuple[str, ...]:
        """What the cards here are called."""
        return tuple(name for _, name in self._cards())

    def card(self, name: str, bus: str = "") -> tuple[NvidiaCard | None, Text]:
        """The card of this name, or None and why; bus: its PCI address, where that is known."""
        if self.why:
            return None, self.why
        if bus and (handle := _ask(self._nvml.nvmlDeviceGetHandleByPciBusId, bus)) is not None:
            return NvidiaCard(self._nvml, handle), NOTHING
        cards = self._cards()
        found = [handle for handle, own in cards if alike(own, name)]
        if not found and "CUDA" in name and len(cards) == 1:  # a library that tells no more of it
            found = [handle for handle, _ in cards]
        if not found:
            return None, Text(NOT_AMONG, name=name)
        if len(found) > 1:
            return None, several(name)
        return NvidiaCard(self._nvml, found[0]), NOTHING

    def _cards(self) -> list[tuple[Any, str]]:
        nvml, found = self._nvml, []
        for index in range((nvml and _ask(nvml.nvmlDeviceGetCount)) or 0):
            handle = _ask(nvml.nvmlDeviceGetHandleByIndex, index)
            name = None if handle is None else _ask(nvml.nvmlDeviceGetName, handle)
            if name is not None:
                found.append((handle, name.decode() if isinstance(name, bytes) else str(name)))
        return found

    def close(self) -> None:
        """Let go of the driver; nothing may be read afterwards."""
        if self._nvml is not None:
            _ask(self._nvml.nvmlShutdown)
            self._nvml = None


class NvidiaCard:
    """One card; see `sensors_gpu.Card`. Cards of games tell no default clock: default_mhz None."""

    def __init__(self, nvml: Any, handle: Any) -> None:
        self._nvml, self._handle = nvml, handle
        self.default_mhz: float | None = self._told(
            "nvmlDeviceGetClock", nvml.NVML_CLOCK_SM, nvml.NVML_CLOCK_ID_APP_CLOCK_DEFAULT
        ) or self._told("nvmlDeviceGetDefaultApplicationsClock", nvml.NVML_CLOCK_SM)

    def read(self) -> CardReading:
        nvml = self._nvml
        memory = self._told("nvmlDeviceGetMemoryInfo")
        clock = self._told("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_SM)
        bits = self._told("nvmlDeviceGetCurrentClocksEventReasons")
        if bits is None:  # what it was called until 2023
            bits = self._told("nvmlDeviceGetCurrentClocksThrottleReasons")
        milliwatts = self._told("nvmlDeviceGetPowerUsage")
        return CardReading(
            clock_mhz=clock,
            power_w=None if milliwatts is None else milliwatts / 1e3,
            temperature_c=self._told("nvmlDeviceGetTemperature", nvml.NVML_TEMPERATURE_GPU),
            memory_bytes=None if memory is None else int(memory.used),
            throttle=None
            if bits is None
            else tuple(said for bit, said in REASONS.items() if bits & bit),
        )

    def energy_j(self) -> float | None:
        """From Volta on."""
        millijoules = self._told("nvmlDeviceGetTotalEnergyConsumption")
        return None if millijoules is None else millijoules / 1e3

    def _told(self, name: str, *further: Any) -> Any:
        """What a function of NVML says of this card; None where card or driver have it not."""
        function = getattr(self._nvml, name, None)
        return None if function is None else _ask(function, self._handle, *further)


def _ask(function: Callable[..., Any], *arguments: Any) -> Any:
    """What it returns; None where it raises, as NVML does for whatever a card does not tell."""
    try:
        return function(*arguments)
    except Exception:  # NVMLError and what a broken driver makes of it
        return None
