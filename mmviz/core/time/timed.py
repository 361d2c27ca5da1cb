"""A schedule that lasts as long as its product is predicted to compute."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace, stretched
from mmviz.core.time.cost import Cost


def timed(tiling: Tiling, device: Device, dtype: str, computing_s: float | None) -> Trace:
    """The schedule, stretched to the prediction without its launch where there is one.

    An array's cycles are what is looked at there; its seconds stand beside. Raises InputError where
    there are more tiles than can be drawn.
    """
    trace = schedule(tiling, device, dtype)
    if computing_s is None or device.array is not None:
        return trace
    return stretched(trace, computing_s)


def clocked(cost: Cost, device: Device) -> Device:
    """What the schedule of a product of that device is clocked by: a pass that the device cannot
    hold takes no seconds on it, and its schedule is counted in steps.
    """
    return device if cost.held else replace(device, peaks=(), calibrations=())
