"""How much memory of the host a backend took at the most, as far as the system tells that.

The system keeps one figure for the whole process. Linux begins it anew when asked (proc(5),
clear_refs), so it can be told for one backend; elsewhere only where that one took the process
higher than anything before it. `root` is where /proc lies.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import psutil

from mmviz.bench.limits import ROOT
from mmviz.bench.sensors_cpu import read
from mmviz.text import N_, NOTHING, Text

NOT_HIGHER = N_("no more than the timing process had held before, and this system tells one peak")
NO_PEAK = N_("this system does not tell how much memory a process held at the most")


class HostPeak:
    """Measures from its making on; `found` says how far the process's memory rose at the most."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._afresh = _begin_anew(root)
        self._held, self._peak = held_and_peak(root)

    def found(self) -> tuple[int | None, Text]:
        """Bytes added since, at the most; None and why where nobody knows."""
        _, peak = held_and_peak(self._root)
        if peak is None or self._held is None or self._peak is None:
            return None, Text(NO_PEAK)
        if not self._afresh and peak <= self._peak:
            return None, Text(NOT_HIGHER)
        return max(0, peak - self._held), NOTHING


def held_and_peak(root: Path = ROOT) -> tuple[int | None, int | None]:
    """Bytes of memory this process holds, and the most it held; None: untold."""
    status = read(root / "proc/self/status")
    if status is not None:
        told = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d{1,15}) kB$", status, re.MULTILINE))
        held, peak = told.get("VmRSS"), told.get("VmHWM")
        return held and int(held) * 1024, peak and int(peak) * 1024
    if root != ROOT:
        return None, None
    info = psutil.Process().memory_info()
    if sys.platform == "win32":
        peak_bytes = info.peak_wset
    else:
        import resource

        peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if sys.platform != "darwin":  # elsewhere it is in KiB
            peak_bytes *= 1024
    return info.rss, peak_bytes


def _begin_anew(root: Path) -> bool:
    """Whether the system forgot the peak so far."""
    try:
        file = os.open(root / "proc/self/clear_refs", os.O_WRONLY)  # never makes one
        try:
            os.write(file, b"5")
        finally:
            os.close(file)
    except OSError:
        return False
    return True
