"""Device files in assets/devices/*.toml, and `this-machine`, read from the computer itself."""

from __future__ import annotations

import functools
import os

import msgspec
import psutil

from mmviz.bench.machine import read_machine
from mmviz.core.device import Dataflow, Device, Kind
from mmviz.core.dtype import check_dtype
from mmviz.errors import InputError
from mmviz.files import toml
from mmviz.files.assets import asset

THIS_MACHINE = "this-machine"
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


def this_machine() -> Device:
    """This computer's CPU: as many units as physical cores this process may use.

    No peak is stated: it would have to be measured. So time is counted in steps, not in seconds.
    """
    blas = read_machine().blas
    return Device(
        id=THIS_MACHINE,
        name="This machine",
        kind="cpu",
        units=usable_cores(),
        tiles=((128, 128), (64, 64)),
        resident=((1, 1),),
        k_step=32,
        about="The CPU of this computer; one tile a core at a time.",
        source="read from this machine",
        blas_core=blas.architecture if blas and blas.library == "openblas" else "",
    )


def usable_cores() -> int:
    """Physical cores, but no more than the logical CPUs this process is allowed to run on."""
    logical = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(psutil.cpu_count(logical=False) or 1, logical or 1))
