"""Device files in assets/devices/*.toml; `this-machine` is read from the computer itself."""

from __future__ import annotations

import functools

import msgspec

from mmviz.core.device import Dataflow, Device, Kind
from mmviz.core.dtype import check_dtype
from mmviz.errors import InputError
from mmviz.files import toml
from mmviz.files.assets import asset
from mmviz.files.this_machine import THIS_MACHINE, this_machine

_IDS = (
    "lane-1",
    "lanes-16",
    "lanes-1000",
    "v100",
    "a100",
    "systolic-8",
    "tpu-v1",
    "tpu-v2",
)


class _Resident(msgspec.Struct, forbid_unknown_fields=True):
    cells: int
    tiles: int


class _Device(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: Kind
    units: int
    about: str
    source: str
    tiles: tuple[tuple[int, int], ...]
    resident: tuple[_Resident, ...]
    k_step: int = 1
    compute_capability: str = ""
    bandwidth_gbs: float | None = None
    launch_us: float | None = None
    peaks_tflops: dict[str, float] = {}
    array: tuple[int, int] | None = None
    dataflow: Dataflow = "ws"


def device_ids() -> tuple[str, ...]:
    """Ids of all devices, this machine first."""
    return (THIS_MACHINE, *_IDS)


@functools.cache
def read_device(device: str) -> Device:
    """The device of that id; raises InputError for an unknown one."""
    if device == THIS_MACHINE:
        return this_machine()
    if device not in _IDS:
        raise InputError(f"unknown device {device!r:.60}; known are {', '.join(device_ids())}")
    raw = toml.read(asset("devices", f"{device}.toml"), _Device)
    return Device(
        id=device,
        name=raw.name,
        kind=raw.kind,
        units=raw.units,
        tiles=raw.tiles,
        resident=tuple((pair.cells, pair.tiles) for pair in raw.resident),
        k_step=raw.k_step,
        peaks=tuple((check_dtype(name), peak * 1e12) for name, peak in raw.peaks_tflops.items()),
        bandwidth=None if raw.bandwidth_gbs is None else raw.bandwidth_gbs * 1e9,
        launch_s=None if raw.launch_us is None else raw.launch_us / 1e6,
        compute_capability=raw.compute_capability,
        about=raw.about,
        source=raw.source,
        array=raw.array,
        dataflow=raw.dataflow,
    )
