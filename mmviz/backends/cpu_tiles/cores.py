"""Which cores there are, on which of them a thread runs, and how long it waited for one."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter_ns

SIBLINGS = "/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list"
_PROBES = 10_000


def pinnable() -> tuple[int, ...]:
    """Logical CPUs that a thread may be pinned to, one of each core before the second of any; ()
    where the system pins nobody.
    """
    if not hasattr(os, "sched_setaffinity"):
        return ()
    return spread(os.sched_getaffinity(0), lambda core: _read(SIBLINGS.format(core=core)))


def spread(cores: Iterable[int], siblings: Callable[[int], str]) -> tuple[int, ...]:
    """Those cores, ascending, one of each group of siblings before the second of any. siblings: who
    shares a core's arithmetic with it, as the kernel writes it: '0,64', '0-1'; "" where untold.
    """
    ordered = sorted(cores)
    seen: dict[str, int] = {}
    turns = []
    for core in ordered:
        group = siblings(core).strip() or str(core)
        turns.append((seen.setdefault(group, 0), core))
        seen[group] += 1
    return tuple(core for _, core in sorted(turns))


def pin(core: int) -> None:
    """The thread that calls stays on that CPU; where that is refused it stays where it is let."""
    with suppress(OSError):
        os.sched_setaffinity(0, {core})


def current_core() -> Callable[[], int]:
    """What tells the logical CPU that the caller runs on, -1 where nobody tells.

    The call keeps the interpreter's lock: letting it go would take longer than the answer.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            found = ctypes.PyDLL(None).sched_getcpu
            found.restype, found.argtypes = ctypes.c_int, ()
            if found() >= 0:
                return found
    return lambda: -1


def timer_step() -> float:
    """Seconds between two readings of the clock that are not the same, the least of many."""
    least, last = sys.maxsize, perf_counter_ns()
    for _ in range(_PROBES):
        now = perf_counter_ns()
        if now > last:
            least = min(least, now - last)
        last = now
    return least * 1e-9


class Waiting:
    """How long threads, by their number in the system, were ready and had no core. `close` it."""

    def __init__(self, threads: Iterable[int], root: Path = Path("/")) -> None:
        self._files: list[int] = []
        for thread in threads:
            with suppress(OSError):
                path = root / f"proc/self/task/{thread}/schedstat"
                self._files.append(os.open(path, os.O_RDONLY))

    def read(self) -> tuple[int, ...]:
        """Nanoseconds so far, of each thread; () where nobody tells."""
        found = []
        for file in self._files:
            with suppress(OSError):
                told = re.match(rb"(\d{1,19}) (\d{1,19}) ", os.pread(file, 100, 0))
                if told is not None and int(told[1]):  # kernels that do not count write zeros
                    found.append(int(told[2]))
        return tuple(found) if len(found) == len(self._files) else ()

    def close(self) -> None:
        """Close the files."""
        while self._files:
            os.close(self._files.pop())


def _read(path: str) -> str:
    with suppress(OSError):
        return Path(path).read_text()
    return ""
