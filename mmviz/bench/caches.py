"""How large the last-level cache is: what must be left behind to measure memory."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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
