"""A recording, or a modelled schedule, as Chrome Trace JSON, which Perfetto and others open.

{"traceEvents": [
  {"ph": "M", "pid": 1, "tid": 1, "name": "thread_name", "args": {"name": "core 0"}},
  {"ph": "X", "pid": 1, "tid": 1, "ts": 0.0, "dur": 276.1, "cat": "tile", "name": "(0,0)",
   "args": {"product": 0, "m": 0, "n": 0, "unit": 0, "core": 0}}],
 "otherData": {"kind": "recorded", "clock": "s", …}}

`otherData.recording` is the header of a recording's npz, so that mmviz reads the file again.
ts and dur are microseconds from the first tile on, or steps where the clock counts those, which
`otherData` says. A unit that holds several tiles has a row for each: slices of one row never
overlap. Format: the Trace Event Format of Chromium; a viewer takes what `otherData` has as it is.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mmviz import __version__
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sampling import within
from mmviz.core.recording.slots import slots_of
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.exports import as_json
from mmviz.files.recordings.head import head_of

SUFFIX = ".json"
TILE, BLOCK = "tile", "block"
SLICE, ROW = "slice", "row"  # of the stack, and of tiles in it
"""The category of tiles alone; that of rows which nobody knows to be tiles of a product."""
_PID = 1
DIGITS = 6  # after the point of a microsecond
_UNITS = {"s": "microseconds", "steps": "steps, which are no time"}

Floats = NDArray[np.float64]


def save(path: str | os.PathLike[str], recording: Recording) -> None:
    """Write it; raises InputError where it cannot be written."""
    atomic.write_bytes(path, as_bytes(recording))


def as_bytes(recording: Recording) -> bytes:
    """The file. Of a product of very many tiles some are in it, and `otherData` says so."""
    recording = within(recording)
    events = ",\n".join((*_named(recording), *_products(recording), *_tiles(recording)))
    about = _about(recording)
    with contextlib.suppress(InputError):  # of more units than a recording names
        about["recording"] = msgspec.to_builtins(head_of(recording))
    other = as_json(about, indent=1)
    return f'{{"traceEvents": [\n{events}\n],\n"otherData": {other}}}\n'.encode()


def _offsets(recording: Recording) -> Floats:
    """Where each product's time 0 lies, from the first one's on; steps follow one another."""
    products = recording.products
    if products[0].trace.clock == "s":
        begun = np.array([one.begun_s for one in products])
        return np.asarray(begun - begun[0])
    lengths = [one.trace.duration for one in products[:-1]]
    return np.concatenate(([0.0], np.cumsum(lengths)))


def _scale(recording: Recording) -> float:
    return 1e6 if recording.products[0].trace.clock == "s" else 1.0


def _spans(recording: Recording) -> Iterator[tuple[Floats, Floats]]:
    """Start and end of the tiles of each product, as they are written."""
    scale = _scale(recording)
    for one, offset in zip(recording.products, _offsets(recording), strict=True):
        start, end = one.trace.start + offset, one.trace.end + offset
        yield np.round(scale * start, DIGITS), np.round(scale * end, DIGITS)


def _lasting(start: Floats, end: Floats) -> Floats:
    """What added to `start` is never more than `end`, as a reader adds it."""
    lasts = np.round(end - start, DIGITS)  # off by no more than `end` itself can be told
    over = start + lasts > end
    lasts[over] -= 2 * np.spacing(end[over])
    return np.maximum(lasts, 0.0)


def _names(recording: Recording) -> dict[str, int]:
    """Units by their names, whichever product has them."""
    found: dict[str, int] = {}
    for one in recording.products:
        for unit in one.units:
            found.setdefault(str(unit), len(found))
    return found


def _rows(recording: Recording) -> tuple[list[NDArray[np.int_]], int]:
    """For each product the row of each of its tiles, from 1; how many a unit has at most."""
    names = _names(recording)
    units = []
    for one in recording.products:
        numbers = np.array([names[str(unit)] for unit in one.units])
        units.append(numbers[one.trace.unit])
    spans = list(_spans(recording))
    start, end = (np.concatenate(times) for times in zip(*spans, strict=True))
    lane = slots_of(start, end, np.concatenate(units))
    most = int(lane.max()) + 1
    row = 1 + np.concatenate(units) * most + lane
    return np.split(row, np.cumsum([len(x) for x in units])[:-1]), most


def _named(recording: Recording) -> Iterator[str]:
    """What the rows are called, and in which order they lie."""
    _, most = _rows(recording)
    told = _other_than_tile(recording.machine, "") or "mmviz"
    kind = recording.products[0].trace.provenance.kind
    yield _meta("process_name", 0, mmviz=__version__, name=f"{told}, {kind}")
    yield _meta("thread_name", 0, name="products")
    for name, unit in _names(recording).items():
        for lane in range(most):
            row = 1 + unit * most + lane
            slot = f", slot {lane + 1}" if most > 1 else ""
            called = _other_than_tile(name, f"unit {unit}")
            yield _meta("thread_name", row, name=called + slot)
            yield _meta("thread_sort_index", row, sort_index=row)


def _other_than_tile(name: str, else_: str) -> str:
    """The name; what stands for one with the word by which readers know tiles alone."""
    return else_ if TILE in name.casefold() else name


def _meta(what: str, row: int, **told: Any) -> str:
    return as_json({"ph": "M", "pid": _PID, "tid": row, "name": what, "args": told})


def _products(recording: Recording) -> Iterator[str]:
    """A slice for each product, from its first tile to its last."""
    past = 0.0
    for number, (one, (start, end)) in enumerate(
        zip(recording.products, _spans(recording), strict=True)
    ):
        first, last = np.maximum([start[0]], past), np.maximum([end.max()], past)
        past = float(last[0])
        name = _other_than_tile(one.gemm.name, f"product {number + 1}")
        yield as_json(
            {
                "ph": "X",
                "pid": _PID,
                "tid": 0,
                "ts": float(first[0]),
                "dur": float(_lasting(first, last)[0]),
                "cat": "product",
                "name": name,
                "args": {"product": number},
            }
        )


def _tiles(recording: Recording) -> Iterator[str]:
    rows, _ = _rows(recording)
    for number, (one, (start, end)) in enumerate(
        zip(recording.products, _spans(recording), strict=True)
    ):
        columns = _columns(one)
        names = [name for name in columns if name not in ("m", "n")]
        args = "".join(f', "{name}": %d' for name in names)
        category, label, named = _label(one, columns)
        made = (
            f'{{"ph": "X", "pid": {_PID}, "tid": %d, "ts": %r, "dur": %r, "cat": "{category}", '
            f'"name": "{label}", "args": {{"product": {number}, "m": %d, "n": %d{args}}}}}'
        )
        shown = [columns[name] for name in (*named, "m", "n", *names)]
        told = (rows[number], start, _lasting(start, end), *shown)
        for values in zip(*(column.tolist() for column in told), strict=True):
            yield made % values


def _label(one: Recorded, columns: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """The category, how a row is called, and by which columns."""
    if not one.placed:
        return BLOCK, f"{BLOCK} %d", ("block" if "block" in columns else "n",)
    mark, place = ("%d", (SLICE, ROW)) if SLICE in columns else ("", ("m",))
    if "k0" in columns:
        return TILE, f"{mark}(%d,%d) k%d–%d", (*place, "n", "k0", "k1")
    return TILE, f"{mark}(%d,%d)", (*place, "n")


def _columns(one: Recorded) -> dict[str, NDArray[Any]]:
    """m is of the whole stack, as it is read again; where there is one, also slice and row."""
    trace = one.trace
    which, row = trace.tiling.place_of(trace.m)
    stacked = trace.tiling.gemm.stack > 1
    found = {
        SLICE: which if stacked else None,
        ROW: row if stacked else None,
        "m": trace.m,
        "n": trace.n,
        "k0": trace.k0,
        "k1": trace.k1,
        "unit": trace.unit,
        "core": one.cores,
        "block": one.blocks,
        "wave": None if trace.wave_rows is None else trace.wave_of(np.arange(len(trace))),
    }
    return {name: column for name, column in found.items() if column is not None}


def _about(recording: Recording) -> dict[str, Any]:
    """What cannot be said in events; what is not known is left out."""
    of, when = recording.of, recording.when
    clock = recording.products[0].trace.clock
    found = {
        "program": f"mmviz {__version__}",
        "kind": recording.products[0].trace.provenance.kind,
        "clock": clock,
        "ts": _UNITS[clock],
        "network": of.workload.name,
        "batch": of.batch if of.workload.has_batch else None,
        "training": of.training if of.workload.has_training else None,
        "dtype": of.dtype,
        "by": recording.by,
        "order": recording.order,
        "machine": recording.machine or None,
        "when": None if when is None else _moment(when),
        "timer_s": recording.timer_s,
        "command": recording.command or None,
        "facts": dict(recording.facts) or None,
        "remarks": [str(remark) for remark in recording.remarks] or None,
        "products": [_product(one) for one in recording.products],
    }
    return {name: value for name, value in found.items() if value is not None}


def _product(one: Recorded) -> dict[str, Any]:
    gemm, tiling, spent = one.gemm, one.trace.tiling, one.spent
    shape = {
        "role": gemm.role,
        "m": gemm.m,
        "n": gemm.n,
        "k": gemm.k,
        "count": gemm.count,
        "batch": gemm.stack,
        TILE: list(tiling.tile),
    }
    found = {
        "name": gemm.name,
        **(shape if one.placed else {"placed": False}),
        "units": tiling.units,
        "slots": tiling.slots,
        "tiles_run": len(one.trace) if one.tiles_run is None else one.tiles_run,
        "tiles_kept": len(one.trace),
        "begun_s": one.begun_s,
        "wall_s": one.wall_s,
        "packing_s": one.packing_s,
        "error": one.error,
        "plain_s": spent.plain_s,
        "tiled_s": spent.tiled_s,
        "stamped_s": spent.stamped_s,
    }
    return {name: value for name, value in found.items() if value is not None}


def _moment(when: float) -> str:
    return datetime.datetime.fromtimestamp(when, datetime.UTC).isoformat(timespec="seconds")
