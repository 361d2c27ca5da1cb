"""Which number format stands for one that a device does not have."""

from __future__ import annotations

import math

from mmviz.core.device.device import Device
from mmviz.core.shapes.dtype import BYTES, DTYPES

INTEGERS = ("int8",)


def nearest_dtype(device: Device, dtype: str) -> str:
    """`dtype` where the device has a peak in it, or has none at all; else the nearest of its own.

    A floating-point format stands for one, before an integer does; the nearest in bytes, of two as
    near the wider one, of two as wide the first of DTYPES.
    """
    has = [known for known in DTYPES if device.peak(known) is not None]
    if not has or dtype in has:
        return dtype

    def far(other: str) -> tuple[bool, float, float]:
        octaves = math.log2(BYTES[other] / BYTES[dtype])
        return (other in INTEGERS) != (dtype in INTEGERS), abs(octaves), -octaves

    return min(has, key=far)
