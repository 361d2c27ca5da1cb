"""`this-machine`: the Device made from the computer the program runs on, and its calibration."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import psutil

from mmviz import units
from mmviz.bench.limits import allowed_cpus, read_quota
from mmviz.bench.machine import Machine, read_machine
from mmviz.bench.measured import Fitted, Measured
from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Calibration, Device, Figure
from mmviz.core.shapes.network import check_count
from mmviz.errors import InputError
from mmviz.files import calibration
from mmviz.files.ordinary import Stamp, stamp_of
from mmviz.text import N_, NOTHING, Text, joined, shipped

THIS_MACHINE = "this-machine"
NAME = N_("This machine")
UNCALIBRATED = Text(N_("not calibrated: time is counted in steps"))
REMEDY = Text(N_("mmviz calibrate measures it"))  # in the window a button does

_DIGITS = 4  # of a measured figure

LANES = {
    **dict.fromkeys(("haswell", "zen"), 8),
    **dict.fromkeys(("skylakex", "cooperlake", "sapphirerapids"), 16),
}
"""float32 numbers in one vector of the kernels OpenBLAS runs: AVX2 256 bit, AVX-512 512 bit."""
REGISTER_TILES = {"haswell": (8, 4), "skylakex": (16, 4)}
"""MR × NR of OpenBLAS's float32 kernels. Source: OpenBLAS, kernel/x86_64 and param.h."""


def this_machine() -> Device:
    """This computer's CPU: as many units as its BLAS has physical cores this process may use.

    Without a valid calibration no peak is stated, since it would have to be measured: time is
    counted in steps, not in seconds, and `missing` says why. The file is looked at every time, and
    read again only after it changed.
    """
    path = calibration.place()
    allowed = len(allowed_cpus()) or os.cpu_count() or 1
    return _device(str(path), stamp_of(path), usable_cores(), read_quota().below(allowed))


def usable_cores() -> int:
    """Physical cores, but no more than the logical CPUs this process may run on, nor than the quota
    of its container keeps busy."""
    logical = len(allowed_cpus()) or os.cpu_count() or 1
    fitting = math.ceil(read_quota().below(logical) or logical)
    return max(1, min(_physical_cores(), logical, fitting))


@functools.cache
def _physical_cores() -> int:
    return psutil.cpu_count(logical=False) or 1


def doubts(measured: Measured) -> Text:
    """Why a calibration should not replace the one that is there unasked; NOTHING: it may."""
    try:
        kept = calibration.read(calibration.place())
    except InputError:  # what cannot be read is no better one
        return NOTHING
    return NOTHING if kept is None else calibration.worse(measured, kept)


def keep(measured: Measured) -> Device:
    """Store a calibration as this machine's own and give the device with it; raises InputError."""
    calibration.write(measured, calibration.place())
    return this_machine()


def calibrated(device: Device, measured: Measured) -> Device:
    """`device` with what was measured; raises InputError for figures no device can have."""
    figures = _figures(measured)
    value = {figure.name: figure.value for figure in figures}
    peaks = ((dtype, value.get(f"peak {dtype}")) for dtype in measured.dtypes())
    bandwidth = value.get("bandwidth")
    return replace(
        device,
        peaks=tuple((dtype, peak * 1e12) for dtype, peak in peaks if peak is not None),
        bandwidth=None if bandwidth is None else bandwidth * 1e9,
        launch_s=value["launch"] * 1e-6,
        body=Cpu(device.blas_core, measured.threads),
        about=joined((shipped(device.about), *_conditions(measured)), "words"),
        source=_source(measured),
        figures=(*device.figures, *figures),
        calibrations=tuple(_constants(fitted, measured) for fitted in measured.fitted),
    )


@functools.lru_cache(maxsize=8)
def _device(path: str, _stamp: Stamp | None, cores: int, quota: float | None) -> Device:
    """The device with the calibration at `path` as it was at `_stamp`; None: there is none."""
    machine = msgspec.structs.replace(_machine(), quota=quota)
    device = uncalibrated(machine, cores)
    try:
        measured = calibration.read(Path(path))
        if measured is None:
            return _without(device, UNCALIBRATED)
        if why := calibration.differences(measured, machine, cores):
            return _without(device, why)
        return calibrated(device, measured)
    except InputError as error:
        return _without(device, error.cause)


def _without(device: Device, why: Text) -> Device:
    """The device without a calibration, saying so; `remedy` says how to get one."""
    said = NOTHING if why == UNCALIBRATED else Text("{why:capital}.", why=why)
    about = joined((shipped(device.about), said), "words")
    return replace(device, missing=why, remedy=REMEDY, about=about)


def processor() -> str:
    """What the processor of this computer is called, as recordings made on it have it."""
    return _machine().cpu


@functools.cache
def _machine() -> Machine:
    """Nothing of it but the quota changes while the process lives."""
    return read_machine()


def uncalibrated(machine: Machine, cores: int) -> Device:
    """What is known without measuring; figures: what follows from the kernels that run."""
    blas = machine.blas
    openblas = blas is not None and blas.library == "openblas"
    threads = blas.threads if blas is not None and blas.threads else cores
    memory = _memory_figure(machine.memory)
    kernels = _kernel_figures(blas.architecture) if openblas and blas is not None else ()
    return Device(
        id=THIS_MACHINE,
        name=NAME,
        body=Cpu(blas.architecture if openblas and blas is not None else "", threads),
        units=check_count(min(cores, threads), Text(N_("usable cores"))),
        tiles=((128, 128), (64, 64)),
        resident=((1, 1),),
        k_step=32,
        about=Text(N_("The CPU of this computer; one tile a core at a time.")),
        source="read from this machine",
        memory=memory.value * 1e9,
        figures=(memory, *kernels),
    )


def _memory_figure(size: int) -> Figure:
    """All that is built in, of which other programs have a part."""
    return Figure("memory", _rounded(size / 1e9), "GB", "measured", "read from this machine")


def _kernel_figures(core: str) -> tuple[Figure, ...]:
    source = f"OpenBLAS runs its kernels for {core}, as threadpoolctl tells"
    found = []
    if (lanes := LANES.get(core.lower())) is not None:
        found.append(Figure("SIMD lanes float32", lanes, "", "derived", source))
    if (tile := REGISTER_TILES.get(core.lower())) is not None:
        for side, cells in zip(("MR", "NR"), tile, strict=True):
            found.append(Figure(f"register tile {side}", cells, "", "derived", source))
    return tuple(found)


def _figures(measured: Measured) -> tuple[Figure, ...]:
    """As published figures are: in their units, with the digits that mean something."""
    source = _source(measured)
    found = [Figure("launch", _rounded(measured.call_s / 1e-6), "µs", "measured", source)]
    if measured.bandwidth is not None:
        best = max(measured.copies, key=lambda copy: copy.bandwidth)
        how = (
            f"{source}; {units.size(best.size)} copied by "
            f"{_threads(best.threads)}, read and written counted"
        )
        found.append(Figure("bandwidth", _rounded(best.bandwidth / 1e9), "GB/s", "measured", how))
    for dtype in measured.dtypes():
        for threads in measured.thread_counts(dtype):
            peak = measured.peak(dtype, threads)
            if peak is None:
                continue
            name = f"peak {dtype}"
            if threads != measured.threads:
                name = f"on {_threads(threads)}, {dtype}"
            found.append(Figure(name, _rounded(peak / 1e12), "TFLOP/s", "measured", source))
    return tuple(found)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _threads(n: int) -> str:
    return f"{n} thread" if n == 1 else f"{n} threads"


def _source(measured: Measured) -> str:
    """A source, as those in device files: quoted, in no other language."""
    blas = measured.machine.blas
    core = f" ({blas.library} {blas.version}, {blas.architecture})" if blas else ""
    return f"measured here with NumPy{core}, {_threads(measured.threads)}"


def _conditions(measured: Measured) -> Iterator[Text]:
    """Remarks, and what steered BLAS."""
    for remark in measured.remarks():
        yield Text(N_("Calibrated: {remark}."), remark=remark)
    steered = measured.machine.steered_by()
    if steered:
        named = ", ".join(f"{name}={value}" for name, value in steered.items())
        yield Text(N_("Calibrated under {variables}."), variables=named)


def _constants(fitted: Fitted, measured: Measured) -> Calibration:
    return Calibration(
        dtype=fitted.dtype,
        constants=tuple(fitted.constants.items()),
        rows=fitted.rows,
        held_out=fitted.kept,
        error=fitted.error,
        error_long=fitted.error_long,
        source=_source(measured),
        own=True,
    )
