"""What a figure of a device can be: outside of it times overflow or nothing is divided by.

Wide on purpose, with room for a relay computer and for what nobody has built yet. Counts (sides of
tiles, threads …) are whole numbers up to MAX_COUNT, as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from mmviz.errors import InputError
from mmviz.text import N_, Text

Range = tuple[float, float]
ABOVE_0 = math.ulp(0.0)

FIGURES: Mapping[str, Range] = {
    "peak": (1.0, 1e24),  # FLOP/s
    "bandwidth": (1.0, 1e24),  # bytes/s
    "clock": (1e-3, 1e18),  # Hz
    "l2": (1.0, 1e18),  # bytes
    "launch_s": (0.0, 1e3),
    "memory": (1.0, 1e24),  # bytes
    "power_limit": (1e-6, 1e12),  # W
    "price_hour": (0.0, 1e12),
}
"""By the field of a Device, in its unit."""

GPU_CONSTANTS: Mapping[str, Range] = {
    "t0": (ABOVE_0, 1e3),
    "cell": (ABOVE_0, 1e9),
    "side": (ABOVE_0, 1e9),
    "edge": (ABOVE_0, 1e9),
    "wave": (ABOVE_0, 1e3),
    "share": (1e-6, 1.0),  # above, the bandwidth would be exceeded
    "hit": (ABOVE_0, 1.0),  # above, bytes would be negative
    "join": (ABOVE_0, 1e3),
    "smooth": (1.0, 1e3),  # below, both times together would be longer than their sum
    "heat": (ABOVE_0, 1e3),
    "reach": (1e-6, 1e12),
    "act": (0.0, 1e3),
    "others": (1e-6, 1e6),
    "fall": (0.1, 64.0),
    "pace": (0.0, 1e3),
    "cast": (0.0, 1e3),
    "cast_far": (0.0, 1e3),  # below 0, more to quantize would take less time
    "cast_few": (0.0, 1.0),
    "gap": (0.0, 1e3),
    "rate": (1.0, 1.5),  # above, no chip was seen to run
    "odd": (1.0, 8.0),  # above, a narrower load would cost more than the loads it takes
}
"""By the field of `mmviz.core.time.constants.Constants`."""

CPU_CONSTANT: Range = (1e-24, 1e3)  # seconds, or seconds a FLOP or a byte
SECONDS: Range = (1e-12, 1e9)  # of what somebody has measured
MAX_UNITS = 1_048_576  # each has its place in a schedule; a whole wafer has 900,000 cores
MAX_ERROR = 1e6  # as a share
MAX_LISTED = 256  # tiles, steps or residencies in one list
MAX_SHORT = 60  # characters of a name or a word of a device file
MAX_LONG = 1_000  # of an about, a source or a remark


def check_figure(value: float, what: Text, within: Range) -> float:
    """`value` if it is a finite number in the range, ends included; else InputError."""
    least, most = within
    sound = isinstance(value, int | float) and math.isfinite(value)
    if not sound or value < 0 or (value == 0 and least > 0):
        above = N_("{what} must be a number above 0, not {value!r:.40}")
        from_0 = N_("{what} must be a number from 0, not {value!r:.40}")
        raise InputError(above if least > 0 else from_0, what=what, value=value)
    if not least <= value <= most:
        raise InputError(
            N_("{what} must be a number from {least:g} to {most:g}, not {value:g}"),
            what=what,
            least=least,
            most=most,
            value=value,
        )
    return value
