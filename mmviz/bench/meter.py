"""Reads what goes on beside a measurement, as a `mmviz.bench.load.Load`.

A Meter reads counters that only rise; the difference of two readings is a Load. All of it is read
between what is timed, never in it. `root` is where /proc and /sys lie.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import psutil

from mmviz.bench.limits import ROOT, allowed_cpus, held_back, read_quota
from mmviz.bench.load import Load

_CPU = re.compile(r"^cpu(\d{1,9})((?: \d{1,19}){4,})", re.MULTILINE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counters at one instant, as Load has their differences. tasks: ran and waited, by thread."""

    at: float
    busy_s: float | None = None
    stolen_s: float | None = None
    own_s: float = 0.0
    asker_s: float | None = None
    tasks: Mapping[int, tuple[float, float]] | None = None
    quota: tuple[int, int] | None = None


class Meter:
    """Reads this process's share of the computer; `asker`: the process that started it, 0: none."""

    def __init__(self, root: Path = ROOT, asker: int = 0) -> None:
        self._root, self._asker = root, asker
        self._cpus = allowed_cpus()
        self._cores = len(self._cpus) or psutil.cpu_count() or 1
        self._stat = read_quota(root).stat

    def read(self) -> Reading:
        """All counters now; what cannot be read is None."""
        busy = self._busy()
        return Reading(
            at=perf_counter(),
            busy_s=None if busy is None else busy[0],
            stolen_s=None if busy is None else busy[1],
            own_s=process_time(),
            asker_s=self._asked(),
            tasks=self.threads(),
            quota=None if self._stat is None else held_back(_read(self._stat)),
        )

    def threads(self) -> dict[int, tuple[float, float]] | None:
        """Seconds that each thread of this process ran, and that it waited for a core."""
        folder = self._root / "proc/self/task"
        with suppress(OSError):
            found = {}
            for name in os.listdir(folder):
                if (times := run_and_wait(_read(folder / name / "schedstat"))) is not None:
                    found[int(name)] = times
            return found or None
        return None

    def since(self, before: Reading) -> Load:
        """What went on from `before` until now."""
        return self.between(before, self.read())

    def between(self, before: Reading, after: Reading) -> Load:
        """What went on from one reading to the other."""
        wall = after.at - before.at
        busy = _minus(after.busy_s, before.busy_s)
        stolen = _minus(after.stolen_s, before.stolen_s)
        asker = _minus(after.asker_s, before.asker_s)
        if busy is not None:
            busy -= (after.own_s - before.own_s) + (asker or 0.0) + (stolen or 0.0)
        ran, waited, delayed = threads_between(before.tasks, after.tasks)
        periods, held = (
            (None, None)
            if before.quota is None or after.quota is None
            else (x - y for x, y in zip(after.quota, before.quota, strict=True))
        )
        return Load(
            wall_s=wall,
            core_s=wall * self._cores,
            others_s=busy,
            mmviz_s=asker,
            stolen_s=stolen,
            ran_s=ran,
            waited_s=waited,
            delayed_s=delayed,
            away_s=_away(wall, before.tasks, after.tasks),
            periods=periods,
            held=held,
        )

    def _asked(self) -> float | None:
        """Seconds that whoever started this process computed."""
        stat = self._text(f"proc/{self._asker}/stat")
        if not stat and self._asker and self._root == ROOT:
            with suppress(psutil.Error):
                times = psutil.Process(self._asker).cpu_times()
                return float(times.user + times.system)
        return process_seconds(stat)

    def _busy(self) -> tuple[float, float | None] | None:
        """Seconds that the CPUs of this process were busy, theft included, and of them stolen."""
        if (stat := self._text("proc/stat")) or self._root != ROOT:
            return busy_seconds(stat, self._cpus)
        with suppress(OSError):  # /proc/stat is there, and may not be read
            times = psutil.cpu_times()._asdict()
            return sum(times.values()) - times["idle"], None
        return None

    def _text(self, path: str) -> str:
        return _read(self._root / path)


class Waits:
    """How long this process's threads waited for a core: files kept open, since it is read between
    blocks of a millisecond. `close` it."""

    def __init__(self, root: Path = ROOT) -> None:
        self._folder = root / "proc/self/task"
        self._files: dict[str, int] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take in threads that came."""
        with suppress(OSError):
            for name in os.listdir(self._folder):
                if name not in self._files:
                    with suppress(OSError):
                        path = self._folder / name / "schedstat"
                        self._files[name] = os.open(path, os.O_RDONLY)

    def read(self) -> float | None:
        """Seconds so far, all threads added; None where nobody tells."""
        total, told = 0.0, False
        for file in self._files.values():
            with suppress(OSError):  # of a thread that is gone
                found = run_and_wait(os.pread(file, 100, 0).decode("ascii", "replace"))
                if found is not None:
                    total, told = total + found[1], True
        return total if told else None

    def close(self) -> None:
        """Close the files."""
        while self._files:
            os.close(self._files.popitem()[1])


def busy_seconds(stat: str, cpus: Iterable[int], ticks: float = 0.0) -> tuple[float, float] | None:
    """Seconds busy (theft included) and stolen of those CPUs, as /proc/stat says; None: untold.

    ticks: how many the kernel counts a second. Guests are counted as their user time already.
    Sandboxes write zeros: they tell nothing.
    """
    per = ticks or _ticks()
    wanted, busy, stolen = set(cpus), 0, 0
    for number, line in _CPU.findall(stat):
        counts = [int(word) for word in line.split()[:8]]
        if not wanted or int(number) in wanted:
            counts += [0] * (8 - len(counts))
            user, nice, system, _idle, _iowait, irq, softirq, steal = counts
            busy += user + nice + system + irq + softirq + steal
            stolen += steal
    return (busy / per, stolen / per) if busy else None


def run_and_wait(schedstat: str) -> tuple[float, float] | None:
    """Seconds that a thread ran and that it waited, as its /proc/…/schedstat says; None: untold.

    Kernels that do not count write zeros.
    """
    found = re.fullmatch(r"(\d{1,19}) (\d{1,19}) \d+\s*", schedstat, re.ASCII)
    if found is None or not int(found[1]):
        return None
    return int(found[1]) / 1e9, int(found[2]) / 1e9


def process_seconds(stat: str, ticks: float = 0.0) -> float | None:
    """Seconds that a process computed, as its /proc/…/stat says; None: untold.

    Its name stands in brackets and may hold anything, brackets too.
    """
    counts = stat.rpartition(")")[2].split()[11:13]
    if len(counts) < 2 or not all(re.fullmatch(r"\d{1,19}", count, re.ASCII) for count in counts):
        return None
    return sum(map(int, counts)) / (ticks or _ticks())


def threads_between(
    before: Mapping[int, tuple[float, float]] | None,
    after: Mapping[int, tuple[float, float]] | None,
) -> tuple[float, float, float] | tuple[None, None, None]:
    """Seconds that all threads ran and waited meanwhile, and that the one waited which waited
    longest; those that are gone are left out."""
    if before is None or after is None:
        return None, None, None
    pairs = list(_differences(before, after))
    waits = [waited for _, waited in pairs]
    return sum(ran for ran, _ in pairs), sum(waits), max(waits, default=0.0)


def _differences(
    before: Mapping[int, tuple[float, float]], after: Mapping[int, tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    for thread, (ran, waited) in after.items():
        then = before.get(thread, (0.0, 0.0))
        yield ran - then[0], waited - then[1]


def _away(
    wall_s: float,
    before: Mapping[int, tuple[float, float]] | None,
    after: Mapping[int, tuple[float, float]] | None,
) -> float | None:
    """Of so many seconds those in which the first thread neither ran nor waited for a core."""
    first = os.getpid()
    if not before or not after or first not in before or first not in after:
        return None
    return wall_s - (sum(after[first]) - sum(before[first]))


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _ticks() -> float:
    return float(os.sysconf("SC_CLK_TCK")) if hasattr(os, "sysconf") else 100.0
