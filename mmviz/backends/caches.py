"""How large the last-level cache is, and how to leave nothing in it."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

UNTOLD = 64 * 1024**2
"""Bytes a cache is taken to have where nothing tells: more than most."""

_FLOAT = 4  # bytes
_SHARE = 4  # of the free memory: what is timed lies there, too
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def last_level_cache(folder: Path = Path("/sys/devices/system/cpu/cpu0/cache")) -> int | None:
    """Bytes of the largest cache a core of this computer sees, None where nothing tells it.

    Linux says it under /sys (`folder`), macOS by sysctl.
    """
    if sys.platform == "darwin":
        return _from_sysctl()
    sizes = []
    for file in folder.glob("index*/size"):
        try:
            found = re.fullmatch(r"(\d+)([KMG]?)", file.read_text().strip())
        except OSError:
            continue
        if found:
            sizes.append(int(found[1]) * _UNITS[found[2]])
    return max(sizes, default=None)


def _from_sysctl() -> int | None:
    command = ["/usr/sbin/sysctl", "-n", "hw.l3cachesize", "hw.perflevel0.l2cachesize"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return max((int(word) for word in text.split() if word.isdigit()), default=None)


def flush_caches(size: int | None = None) -> None:
    """Leave nothing of what was computed in the caches of this computer's own cores.

    Twice the last cache (`size` bytes, else asked of the computer) is written; then the threads of
    BLAS read it, as each core has caches of its own. Raises MemoryError where that is too much of
    what is free: a virtual machine may tell the cache of a far larger computer.
    """
    import psutil  # a machine that has NumPy alone computes all the same

    needed = 2 * (size or last_level_cache() or UNTOLD)
    if needed > psutil.virtual_memory().available // _SHARE:
        raise MemoryError(f"{needed} bytes to flush the caches")
    side = math.isqrt(needed // _FLOAT) + 1
    np.matmul(np.ones((side, side), np.float32), np.ones(side, np.float32))
