"""One device as a TOML file.

name = "NVIDIA A100 SXM4 80 GB"
kind = "gpu"                        # or "lanes", "cpu", "systolic"
status = "datasheet"                # of every figure that does not say otherwise; else "assumed"
source = "…"

units = 108
bandwidth_gbs = 2039                # or with a status and a source of its own:
launch_us = { value = 4.0, status = "measured", source = "…" }
memory_gb = 80                      # as datasheets print it; power_limit_w, price_hour likewise
tiles = [[256, 128], [128, 128]]    # most efficient first; tiles_float32: of one dtype
resident = [{ cells = 1, tiles = 1 }]

[peaks_tflops]
float16 = 312

[[tile_steps.float32]]              # the rule a library was seen to choose tiles by
blocks = 1.1                        # up to so many blocks of 64 × 64 cells a unit
tiles = [[32, 128]]

[calibration.bfloat16]              # written by calibrating; or like = "h100", lent by another
rows = 400
…
[calibration.bfloat16.constants]
…
[calibration.bfloat16.tiles]        # factors of the work of some tiles, m × n
128x64 = 1.05
[calibration.bfloat16.learned]      # see mmviz.core.device.lattice
seconds = [2e-6, 2e-5, 2e-3]
log2_m = [0, 17]                    # and log2_n, log2_k
values = ['-12 5 …', …]             # for each of `seconds` a line, m × n × k, ten-thousandths

Name, kind and units are enough. `like = "a100"` takes everything from a device mmviz ships; the
file says what differs.
`mmviz.files.device_writer` writes such files.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import replace
from typing import Any, assert_never

import msgspec

from mmviz.core.device.body import BODIES, Body, BodyKind, Cpu, Dataflow, Gpu, Lanes, Systolic, has
from mmviz.core.device.device import Device, Figure, Status, TileStep
from mmviz.core.device.figures import (
    QUANTITIES,
    TFLOPS,
    peak_name,
    with_figures,
)
from mmviz.core.device.ranges import MAX_LONG, MAX_SHORT
from mmviz.core.shapes.dtype import BYTES, check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.errors import InputError
from mmviz.files import toml
from mmviz.files.device_calibration import BaseOf, Given, calibrations
from mmviz.files.ordinary import check_name, printable
from mmviz.text import N_, Text

MAX_NAME = MAX_SHORT
FIRST = ("name", "kind", "about", "source", "unit_name")
OF_BODY = (
    "compute_capability",
    "array",
    "dataflow",
    "double_buffered",
    "blas_core",
    "blas_threads",
)
TILES = ((256, 128), (128, 256), (128, 128), (128, 64), (64, 128), (64, 64))
RESIDENT = ((32768, 1), (8192, 2), (1, 4))  # of a GPU or CPU whose file names none
ARRAY = ("array rows", "array columns")
_LINES = re.compile(r"[^\S\r\n]*+[\r\n]\s*+")
_Tiles = tuple[tuple[int, int], ...]


class _Resident(msgspec.Struct, forbid_unknown_fields=True):
    cells: int
    tiles: int


class _Figure(msgspec.Struct, forbid_unknown_fields=True):
    value: float
    status: Status | None = None
    source: str | None = None


class _TileStep(msgspec.Struct, forbid_unknown_fields=True):
    tiles: _Tiles
    blocks: float = math.inf
    work: float = math.inf


class _File(msgspec.Struct, forbid_unknown_fields=True):
    like: str = ""
    name: str | None = None
    kind: BodyKind | None = None
    about: str | None = None
    source: str | None = None
    status: Status = "assumed"
    unit_name: str | None = None
    compute_capability: str | None = None
    currency: str | None = None
    units: _Figure | float | None = None
    clock_mhz: _Figure | float | None = None
    matrix_units: _Figure | float | None = None
    matrix_fma: _Figure | float | None = None
    bandwidth_gbs: _Figure | float | None = None
    l2_mib: _Figure | float | None = None
    smem_kib: _Figure | float | None = None
    max_threads: _Figure | float | None = None
    max_tiles: _Figure | float | None = None
    launch_us: _Figure | float | None = None
    memory_gb: _Figure | float | None = None
    power_limit_w: _Figure | float | None = None
    price_hour: _Figure | float | None = None
    peaks_tflops: dict[str, _Figure | float] = {}
    array: tuple[int, int] | None = None
    dataflow: Dataflow | None = None
    double_buffered: bool | None = None
    blas_core: str | None = None
    blas_threads: int | None = None
    k_step: int | None = None
    tiles: _Tiles | None = None
    tiles_float64: _Tiles | None = None
    tiles_float32: _Tiles | None = None
    tiles_tf32: _Tiles | None = None
    tiles_float16: _Tiles | None = None
    tiles_bfloat16: _Tiles | None = None
    tiles_float8: _Tiles | None = None
    tiles_int8: _Tiles | None = None
    tiles_nvfp4: _Tiles | None = None
    resident: tuple[_Resident, ...] | None = None
    tile_steps: dict[str, tuple[_TileStep, ...]] = {}
    calibration: dict[str, Given] = {}


def parse(data: bytes, id: str, where: str, base_of: BaseOf, *, lent: bool = True) -> Device:
    """The device in `data`; base_of gives the one that `like` names. InputError begins `where:`.

    lent False: without what others lend it, as a lender is read, since two may lend each other.
    """
    table = toml.loads(data, where)
    if "layers" in table:
        raise InputError(N_("{where}: this describes a network, not a device"), where=where)
    raw = toml.shaped(table, where, _File)
    if not lent:
        raw.calibration = {d: found for d, found in raw.calibration.items() if not found.like}
    try:
        _check_texts(raw)
        return _device(raw, id, where, base_of)
    except InputError as error:
        raise InputError(N_("{where}: {why}"), where=where, why=error.cause) from None


def device_name(name: str) -> str:
    """A device's name: one printable line of at most MAX_NAME characters; else InputError."""
    return check_name(name, Text(N_("the name of a device")), MAX_NAME)


def _check_texts(raw: _File) -> None:
    """What is shown beside figures and in tips is one line and has an end."""
    figures = [getattr(raw, quantity.key) for quantity in QUANTITIES]
    figures = [one for one in (*figures, *raw.peaks_tflops.values()) if isinstance(one, _Figure)]
    short = ("unit_name", "compute_capability", "currency", "blas_core")
    texts: list[tuple[msgspec.Struct, str, int]] = [(raw, key, MAX_SHORT) for key in short]
    texts += [(raw, key, MAX_LONG) for key in ("about", "source")]
    texts += [(figure, "source", MAX_LONG) for figure in figures]
    for calibration in raw.calibration.values():
        texts += [(calibration, key, MAX_LONG) for key in ("source", "remark")]
    for holder, key, longest in texts:
        text = getattr(holder, key)
        if text is None:
            continue
        if len(text) > longest:
            raise InputError(
                N_("{what} must have at most {longest:group} characters, not {n:group}"),
                what=key,
                longest=longest,
                n=len(text),
            )
        setattr(holder, key, _LINES.sub(" ", text).strip())


def _device(raw: _File, id: str, where: str, base_of: BaseOf) -> Device:
    base = base_of(raw.like) if raw.like else None
    source = raw.source if raw.source is not None else printable(os.path.basename(where))
    figures = _figures(raw, source, "USD" if raw.currency is None else raw.currency)
    if base is None:
        device = with_figures(replace(_bare(raw, id), **_given(raw)), figures)
    else:
        about = Text(N_("As {device}, but for what its file changes."), device=base.name)
        name = printable(os.path.basename(id).removesuffix(".toml")) or base.name
        named = {"id": id, "name": name, "about": about}
        given = {**named, **_given(raw), "body": _body(raw, id, base.body)}
        if given["body"].kind != base.kind:  # whose constants mean nothing to another time model
            given["calibrations"] = ()
        device = with_figures(replace(base, **given), figures)
    if raw.array is not None:
        sides = (
            Figure(name, side, "", raw.status, source)
            for name, side in zip(ARRAY, raw.array, strict=True)
        )
        kept = tuple(figure for figure in device.figures if figure.name not in ARRAY)
        device = replace(device, figures=(*sides, *kept))
    return replace(device, calibrations=calibrations(raw.calibration, device, base_of))


def _bare(raw: _File, id: str) -> Device:
    """The device with what it cannot be without, cut into tiles as others of its kind."""
    for key in ("name", "kind", "units"):
        if getattr(raw, key) is None:
            raise InputError(N_("{key} is missing, or like, naming a device mmviz has"), key=key)
    body = _body(raw, id)
    match body:
        case Lanes():
            return Device(id, "", body, 1)
        case Cpu() | Gpu():
            return Device(id, "", body, 1, TILES, RESIDENT, 32)
        case Systolic(array=array):
            return Device(id, "", body, 1, (array,), k_step=array[0])
        case _:
            assert_never(body)


def _body(raw: _File, id: str, base: Body | None = None) -> Body:
    """The body of the kind the file says, or else of `base`, with what the file says of it."""
    kind = raw.kind or (base.kind if base is not None else "lanes")
    given = {key: getattr(raw, key) for key in OF_BODY if getattr(raw, key) is not None}
    if base is not None and base.kind == kind:
        given = {**{key: getattr(base, key) for key in OF_BODY if has(base, key)}, **given}
    if kind == "systolic" and "array" not in given and base is None:
        raise InputError(N_("array is missing: rows and columns of the multipliers"))
    if (kind == "systolic") != ("array" in given):
        raise InputError(
            N_("device {id!r:.80}: systolic arrays, and only they, need an array"), id=id
        )
    if kind == "systolic":
        check_count(given["array"][0], Text(N_("rows of the array")))
    body = BODIES[kind]
    for key in given:
        if not has(body, key):
            raise InputError(N_("a device of kind {kind} has no {key}"), kind=kind, key=key)
    return body(**given)


def _given(raw: _File) -> dict[str, Any]:
    """The fields that are no figures and stand in the file."""
    keys = ("about", "source", "unit_name", "currency", "k_step", "tiles")
    given = {key: getattr(raw, key) for key in keys if getattr(raw, key) is not None}
    if raw.name is not None:
        given["name"] = device_name(raw.name)
    if raw.resident is not None:
        given["resident"] = tuple((pair.cells, pair.tiles) for pair in raw.resident)
    by_dtype = {dtype: getattr(raw, f"tiles_{dtype}") for dtype in BYTES}
    if raw.tile_steps:
        given["tile_steps"] = tuple(
            (check_dtype(d), tuple(TileStep(step.tiles, step.blocks, step.work) for step in steps))
            for d, steps in raw.tile_steps.items()
        )
    if any(by_dtype.values()):
        given["tiles_by_dtype"] = tuple((d, tiles) for d, tiles in by_dtype.items() if tiles)
    return given


def _figures(raw: _File, source: str, currency: str) -> list[Figure]:
    found = []
    for quantity in QUANTITIES:
        value = getattr(raw, quantity.key)
        unit = currency if quantity.name == "price per hour" else quantity.unit
        if value is not None:
            found.append(_figure(quantity.name, unit, value, raw.status, source))
    for dtype, value in raw.peaks_tflops.items():
        found.append(_figure(peak_name(check_dtype(dtype)), TFLOPS, value, raw.status, source))
    return found


def _figure(name: str, unit: str, value: _Figure | float, status: Status, source: str) -> Figure:
    if not isinstance(value, _Figure):
        return Figure(name, value, unit, status, source)
    return Figure(
        name,
        value.value,
        unit,
        value.status or status,
        source if value.source is None else value.source,
    )
