"""The figures of a device by name: as published for showing, in SI units for computing.

The one place that knows that the figure "bandwidth" in GB/s is the field `bandwidth` in bytes/s.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from mmviz.core.device.body import has
from mmviz.core.device.device import Calibration, Device, Figure
from mmviz.core.device.ranges import ABOVE_0, FIGURES, Range, check_figure
from mmviz.core.shapes.dtype import BYTES, check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.errors import InputError
from mmviz.text import N_, Text

PEAK = "peak "
TFLOPS = "TFLOP/s"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure's name, its unit as published, and field × factor. whole: counted, not measured.

    key: what a device file calls it. timeless: no predicted time depends on it.
    """

    name: str
    key: str
    field: str
    unit: str
    factor: float = 1.0
    whole: bool = False
    timeless: bool = False


QUANTITIES = (
    Quantity("units", "units", "units", "", whole=True),
    Quantity("clock", "clock_mhz", "clock", "MHz", 1e6),
    Quantity("matrix units", "matrix_units", "matrix_units", "", whole=True),
    Quantity("multiply-adds per cycle", "matrix_fma", "matrix_fma", "", whole=True),
    Quantity("bandwidth", "bandwidth_gbs", "bandwidth", "GB/s", 1e9),
    Quantity("L2", "l2_mib", "l2", "MiB", 2.0**20),
    Quantity("shared memory", "smem_kib", "smem", "KiB", 1024, whole=True),
    Quantity("threads", "max_threads", "max_threads", "", whole=True),
    Quantity("tiles at most", "max_tiles", "max_tiles", "", whole=True),
    Quantity("launch", "launch_us", "launch_s", "µs", 1e-6),
    Quantity("memory", "memory_gb", "memory", "GB", 1e9, timeless=True),
    Quantity("power limit", "power_limit_w", "power_limit", "W", timeless=True),
    Quantity("price per hour", "price_hour", "price_hour", "", timeless=True),
)
BY_NAME = {quantity.name: quantity for quantity in QUANTITIES}


def peak_name(dtype: str) -> str:
    """'peak float16'."""
    return PEAK + dtype


def value_of(device: Device, name: str) -> float | None:
    """What the device computes with, as published (GB/s, TFLOP/s …); None where not known."""
    if name.startswith(PEAK):
        peak = device.peak(name.removeprefix(PEAK))
        return None if peak is None else _published(device, name, peak, 1e12)
    quantity = BY_NAME[name]
    value = _held(device, quantity)
    return None if value is None else _published(device, name, value, quantity.factor)


def figure_of(device: Device, name: str) -> Figure | None:
    """The figure of that name with its source; one without a source is assumed."""
    found = _listed(device, name)
    if not _has(device, name):
        return found  # only told: this kind of device does not compute with it
    value = value_of(device, name)
    if value is None:
        return None
    if found is not None and found.value == value:
        return found
    return Figure(name, value, unit_of(device, name), "assumed", "")


def figures_of(device: Device) -> tuple[Figure, ...]:
    """All figures of the device, each with its source, in the order of showing.

    First those it computes with, then those that only tell more.
    """
    names = (*BY_NAME, *map(peak_name, BYTES))
    known = (figure for name in names if (figure := figure_of(device, name)) is not None)
    return (*known, *(figure for figure in device.figures if figure.name not in names))


def unit_of(device: Device, name: str) -> str:
    """The unit in which the figure is published."""
    if name.startswith(PEAK):
        return TFLOPS
    return device.currency if name == "price per hour" else BY_NAME[name].unit


def with_figures(device: Device, figures: Iterable[Figure]) -> Device:
    """The device with these figures instead of its own; raises InputError for an unsound one.

    A calibration belongs to the device it was fitted on: where a figure changes on which the time
    depends, its constants stay, but as another device's, with an error nobody knows.
    """
    changed = device
    for figure in figures:
        changed = _with_figure(changed, figure)
    if device.calibrations and _timed(changed) != _timed(device):
        foreign = tuple(map(as_foreign, changed.calibrations))
        changed = replace(changed, calibrations=foreign)
    return changed


def without_figure(device: Device, name: str) -> Device:
    """The device with that figure not known; raises InputError for the number of units."""
    kept = tuple(figure for figure in device.figures if figure.name != name)
    if name.startswith(PEAK):
        dtype = name.removeprefix(PEAK)
        peaks = tuple(pair for pair in device.peaks if pair[0] != dtype)
        changed = replace(device, peaks=peaks, figures=kept)
    elif name == "units":
        raise InputError(N_("a device has a number of units"))
    else:
        changed = _holding(replace(device, figures=kept), BY_NAME[name], None)
    if _timed(changed) != _timed(device):
        changed = replace(changed, calibrations=tuple(map(as_foreign, changed.calibrations)))
    return changed


def as_foreign(calibration: Calibration) -> Calibration:
    """The same constants, used for what they were not fitted on; a lent one's error goes too."""
    unknown = replace(calibration, error=None, error_long=None, error_short=None)
    return replace(unknown, own=False, changed=True)


def _with_figure(device: Device, figure: Figure) -> Device:
    name = figure.name
    what = Text(N_("{figure} of device {id!r:.80}"), figure=name, id=device.id)
    check_figure(figure.value, what, _range(name))
    others = tuple(old for old in device.figures if old.name != name)
    figures = (*others, figure)
    if name.startswith(PEAK):
        dtype = check_dtype(name.removeprefix(PEAK))
        peaks = {**dict(device.peaks), dtype: figure.value * 1e12}
        return replace(device, peaks=tuple(peaks.items()), figures=figures)
    if name not in BY_NAME:
        raise InputError(N_("unknown figure {name!r:.60}"), name=name)
    quantity = BY_NAME[name]
    value: float = figure.value * quantity.factor
    if quantity.whole:
        if value != int(value):
            whole = N_("{what} must be a whole number, not {value!r:.40}")
            raise InputError(whole, what=what, value=figure.value)
        value = check_count(int(value), what)
    return _holding(replace(device, figures=figures), quantity, value)


def _range(name: str) -> Range:
    """What a figure can be as published; what is only told has no range but that of a number."""
    quantity = BY_NAME.get(name)
    factor = 1e12 if name.startswith(PEAK) else 1.0 if quantity is None else quantity.factor
    field = "peak" if name.startswith(PEAK) else "" if quantity is None else quantity.field
    least, most = FIGURES.get(field, (ABOVE_0, 1e24))
    return least / factor, most / factor


def _has(device: Device, name: str) -> bool:
    """Whether the device computes with such a figure; not every kind has every one."""
    if name.startswith(PEAK):
        return True
    return has(device, BY_NAME[name].field) or has(device.body, BY_NAME[name].field)


def _held(device: Device, quantity: Quantity) -> float | None:
    """The quantity in SI units, of the device or of its body."""
    holder = device if has(device, quantity.field) else device.body
    value: float | None = getattr(holder, quantity.field, None)
    return value


def _holding(device: Device, quantity: Quantity, value: float | None) -> Device:
    """The device with that quantity, as it is where it has no use for it."""
    change: dict[str, Any] = {quantity.field: value}
    if has(device, quantity.field):
        return replace(device, **change)
    if has(device.body, quantity.field):
        return replace(device, body=replace(device.body, **change))
    return device


def _published(device: Device, name: str, value: float, factor: float) -> float:
    """`value` over `factor`, without the rounding where the figure says how it was published."""
    found = _listed(device, name)
    if found is not None and math.isclose(found.value * factor, value, rel_tol=1e-12):
        return found.value
    return value / factor


def _listed(device: Device, name: str) -> Figure | None:
    return next((figure for figure in device.figures if figure.name == name), None)


def _timed(device: Device) -> tuple[object, ...]:
    """All figures that times depend on."""
    timed = (_held(device, quantity) for quantity in QUANTITIES if not quantity.timeless)
    return (*timed, tuple(sorted(device.peaks)))
