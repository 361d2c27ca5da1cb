"""Reads the computer's sensors beside a measurement: between what is timed, never in it.

One `Sensors` a process, one `Gauge` for each backend at each batch, which becomes a `Sensed`. What
cannot be read is None, and stands with its reason in `Sensed.missing`; nothing here raises.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from mmviz.bench.limits import ROOT
from mmviz.bench.sensed import Sensed
from mmviz.bench.sensors_cpu import WENT_ROUND, CoreClock, Rapl, Thermometer, elsewhere
from mmviz.bench.sensors_drm import drm_card
from mmviz.bench.sensors_gpu import HOST_ALONE, NO_GPU, NOT_TOLD, Card, CardReading
from mmviz.bench.sensors_memory import HostPeak
from mmviz.bench.sensors_nvidia import Nvml
from mmviz.text import N_, NOTHING, Text

LEAD_S = 0.1  # a card's clock and power have settled
STRETCH_S = 0.3  # from one step of its counter to another, which takes 0.1 s: off by a few per cent
TICK_S = 0.5  # a counter that does not step for so long does not count
BLOCK_S = 0.01  # of passes in a row, between two looks at the counter

NOT_STEPPED = N_("this card counts no energy, or too seldom")
TOO_LONG = N_("passes are too long to run some more of them for the card's energy alone")
TOO_SHORT = N_("the run is too short to tell the card's energy, which it counts every 0.1 s")
NO_PASS = N_("no whole pass was timed")
NO_DEVICE_BYTES = N_("this backend does not tell how much memory its buffers take")


Told = tuple[float | None, Text]
"""A figure, and why it is None where it is."""


class Sensors:
    """What can be read here, found out once. `close` it."""

    def __init__(self, root: Path = ROOT, nvml: Callable[[], Nvml] = Nvml) -> None:
        self.root, self._open_nvml = root, nvml
        self._nvml: Nvml | None = None
        self.rapl, self.clock, self.warmth = Rapl(root), CoreClock(root), Thermometer(root)

    def card(self, facts: Mapping[str, str]) -> tuple[Card | None, Text]:
        """The card a backend computes on, by what it tells of it (`Backend.facts`: gpu and, where
        it knows that, gpu_bus, its PCI address), or None and why.
        """
        name = facts.get("gpu", "")
        if not name:
            return None, Text(NO_GPU)
        if sys.platform == "darwin" and (why := elsewhere(self.root)):
            return None, why
        bus = facts.get("gpu_bus", "")
        other, why_other = drm_card(name, self.root, bus)
        if other is not None:
            return other, NOTHING
        if self._nvml is None:
            self._nvml = self._open_nvml()
        found, why = self._nvml.card(name, bus)
        return found, why_other if found is None and "nvidia" not in name.lower() else why

    def close(self) -> None:
        """Let go of the drivers."""
        if self._nvml is not None:
            self._nvml.close()


class Gauge:
    """One backend at one batch: everything its sensors told so far.

    Make it before the backend is prepared; `ready` once that is warm; then `begin` and `end` around
    each window, `finished` after the last.
    """

    def __init__(
        self,
        sensors: Sensors,
        facts: Mapping[str, str] | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._sensors, self._now = sensors, clock
        self._card, self._no_card = sensors.card(facts or {})
        self._memory = HostPeak(sensors.root)
        self._host: Told = None, Text(NO_PASS)
        self._device: int | None = None
        self._began: tuple[float, tuple[int, ...] | None] = (0.0, None)
        self._passes, self._energy_s, self._joules = 0, 0.0, 0.0
        self._gone_round = False
        self._cards: list[CardReading] = []
        self._clocks: list[float] = []
        self._degrees: list[float] = []
        self._card_j: Told = None, self._no_card or Text(NO_PASS)

    def ready(self, prepared: Any) -> None:
        """The backend is prepared and warm: its memory is in place."""
        self._host = self._memory.found()
        self._device = getattr(prepared, "device_bytes", None)

    def begin(self) -> None:
        """A window begins now."""
        self._began = self._now(), self._sensors.rapl.read()

    def end(self, passes: int) -> None:
        """The window that `begin` began is over, and had so many passes."""
        counted, (began, before) = self._sensors.rapl.read(), self._began
        wall = self._now() - began  # reading a card takes milliseconds, whose energy is not counted
        if self._card is not None:  # before anything else: its clock falls as soon as it idles
            self._cards.append(self._card.read())
        joules = self._sensors.rapl.between(before, counted, wall)
        if joules is not None:
            self._passes += passes
            self._energy_s += wall
            self._joules += joules
        elif before is not None and counted is not None:
            self._gone_round = True
        for values, sensor in (
            (self._clocks, self._sensors.clock),
            (self._degrees, self._sensors.warmth),
        ):
            if not sensor.why and (value := sensor.read()) is not None:
                values.append(value)

    @property
    def card_clock_mhz(self) -> float | None:
        """The card's at the end of the last window; None where nobody tells."""
        return self._cards[-1].clock_mhz if self._cards else None

    @property
    def card_default_mhz(self) -> float | None:
        """That at which the card runs where nobody changes it; None where nobody tells."""
        return None if self._card is None else self._card.default_mhz

    def finished(self, run: Callable[[], object], pass_s: float, most_s: float) -> Sensed:
        """All that was sensed, after the last window. pass_s: seconds of a pass, 0 where no whole
        one was timed; most_s: how long a backend may be timed.
        """
        if pass_s:
            with contextlib.suppress(Exception):  # a pass that fails now was timed all the same
                self._stretch(run, pass_s, most_s)
        return self.sensed()

    def _stretch(self, run: Callable[[], object], pass_s: float, most_s: float) -> None:
        """Find out the card's energy of one pass, by more passes in a row.

        A card counts its energy ten times a second, so a window of 50 ms tells nothing of it: this
        begins and ends where the counter steps.
        """
        card = self._card
        if card is None:
            return
        if card.energy_j() is None:
            self._card_j = None, Text(NOT_STEPPED)
        elif most_s < STRETCH_S:
            self._card_j = None, Text(TOO_SHORT)
        elif pass_s > max(STRETCH_S, most_s / 4):  # of which it takes four
            self._card_j = None, Text(TOO_LONG)
        else:
            self._card_j = self._counted(card, run, max(1, round(BLOCK_S / max(pass_s, 1e-9))))

    def _counted(self, card: Card, run: Callable[[], object], block: int) -> Told:
        self._until(LEAD_S, run, block)
        first = self._step(card, run, block)
        if first is None:
            return None, Text(NOT_STEPPED)
        passes = self._until(STRETCH_S, run, block)
        last = self._step(card, run, block)
        if last is None:
            return None, Text(NOT_STEPPED)
        return (last[0] - first[0]) / (passes + last[1]), NOTHING

    def _until(self, seconds: float, run: Callable[[], object], block: int) -> int:
        """Run for so long; the passes that were."""
        began, passes = self._now(), 0
        while self._now() - began < seconds:
            for _ in range(block):
                run()
            passes += block
        return passes

    def _step(self, card: Card, run: Callable[[], object], block: int) -> tuple[float, int] | None:
        """Run until the counter steps: its new value and the passes that were; None: it did not."""
        before, began, passes = card.energy_j(), self._now(), 0
        while self._now() - began < TICK_S:
            for _ in range(block):
                run()
            passes += block
            if (now := card.energy_j()) is not None and before is not None and now > before:
                return now, passes
        return None

    def sensed(self) -> Sensed:
        """All of it."""
        told = {**self._of_card(), **self._of_processor(), **self._of_memory()}
        figures: dict[str, Any] = {name: value for name, (value, _) in told.items()}
        missing = {name: why for name, (value, why) in told.items() if value is None}
        return Sensed(**figures, throttle=self._throttle(), missing=missing)

    def _of_card(self) -> dict[str, Told]:
        untold = self._no_card or Text(NOT_TOLD if self._cards else NO_PASS)
        powers = self._of("power_w")
        return {
            "gpu_clock_mhz": (_median(self._of("clock_mhz")), untold),
            "gpu_clock_default_mhz": (self.card_default_mhz, self._no_card or Text(NOT_TOLD)),
            "gpu_power_w": (statistics.fmean(powers) if powers else None, untold),
            "gpu_temperature_c": (max(self._of("temperature_c"), default=None), untold),
            "gpu_memory_bytes": (max(self._of("memory_bytes"), default=None), untold),
            "energy_gpu_j": self._card_j,
        }

    def _of_processor(self) -> dict[str, Told]:
        sensors, none = self._sensors, Text(NO_PASS)
        uncounted = sensors.rapl.why or (Text(WENT_ROUND) if self._gone_round else none)
        counted = self._energy_s > 0 and self._passes > 0
        return {
            "cpu_clock_mhz": (_median(self._clocks), sensors.clock.why or none),
            "cpu_temperature_c": (max(self._degrees, default=None), sensors.warmth.why or none),
            "cpu_power_w": (self._joules / self._energy_s if counted else None, uncounted),
            "energy_cpu_j": (self._joules / self._passes if counted else None, uncounted),
        }

    def _of_memory(self) -> dict[str, Told]:
        in_host = self._no_card == Text(NO_GPU)
        no_device = Text(HOST_ALONE if in_host else NO_DEVICE_BYTES)
        return {"host_peak_bytes": self._host, "device_peak_bytes": (self._device, no_device)}

    def _throttle(self) -> tuple[str, ...] | None:
        """All reasons there were; None where no reading tells of any."""
        slowed = self._of("throttle")
        return tuple(dict.fromkeys(said for why in slowed for said in why)) if slowed else None

    def _of(self, name: str) -> list[Any]:
        """What the readings of the card tell of one figure."""
        told = (getattr(reading, name) for reading in self._cards)
        return [value for value in told if value is not None]


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None
