"""A sweep as files: JSON with every point, CSV with one row a point."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from mmviz.bench.stats import summarize
from mmviz.bench.sweep_runs import MeasuredPoint, hindered, where
from mmviz.core.time.sweep import Sweep
from mmviz.files import exports
from mmviz.files.exports import CsvWriter


def as_json(
    found: Sweep,
    network: str,
    device: str,
    dtype: str,
    measured: Sequence[MeasuredPoint] = (),
) -> str:
    """network, device, dtype, training, error, basis, device_memory_bytes, layer if one is swept,
    points, measured. A point that does not fit the memory has no times.

    error: the largest of the points', null where none is known. Seconds are unrounded. load: what
    went on beside a measured point, as shares 0 … 1; machine: where they were measured, and
    warnings: what hindered that.
    """
    errors = found.error[~np.isnan(found.error)]
    layer = found.points.layer
    head: dict[str, Any] = {
        "network": network,
        "device": device,
        "dtype": dtype,
        "training": found.points.training,
        "error": float(errors.max()) if len(errors) else None,
        "basis": str(found.basis),
        "device_memory_bytes": found.memory,
    }
    if layer is not None:
        head["layer"] = found.points.network.layers[layer].name
    head["points"] = [_point(found, i) for i in range(len(found.points))]
    head["measured"] = [_measured(point) for point in measured]
    if machine := where(measured):
        head["machine"] = msgspec.to_builtins(machine)
        head["warnings"] = [str(text) for text in hindered(measured)]
    return exports.as_json(head, indent=1) + "\n"


def _point(found: Sweep, i: int) -> dict[str, Any]:
    width = found.points.width(i)
    return {
        "batch": int(found.points.batches[i]),
        **({} if width is None else {"width": width}),
        "predicted_s": _number(found.seconds[i]),
        "per_example_s": _number(found.per_example[i]),
        "error": _number(found.error[i]),
        "efficiency": _number(found.efficiency[i]),
        "tiles": int(found.tiles[i]),
        "waves": int(found.waves[i]),
        "limiter": found.limited_by(i),
        "memory_bytes": int(found.needed[i]),
        "fits": None if found.memory is None else bool(found.fits[i]),
    }


def _measured(point: MeasuredPoint) -> dict[str, Any]:
    run, stats = point.run, point.run.stats
    return {
        "backend": run.backend,
        "batch": run.batch,
        **({} if point.width is None else {"width": point.width}),
        "p50_s": None if stats is None else stats.p50,
        "p10_s": None if stats is None else stats.p10,
        "iqr_s": None if stats is None else stats.iqr,
        "p99_s": None if stats is None else stats.p99,
        "samples": 0 if stats is None else stats.n,
        "estimated": run.estimated,
        "failure": run.failure and str(run.failure),
        "load": run.load and run.load.shares(),
        "max_error": run.max_error,
        "place": run.place and {"name": run.place.name, "software": run.place.software},
        "own_clock_p50_s": _p50(run.on_gpu),
        "cold_p50_s": _p50(run.cold),
        "with_copies_p50_s": _p50(run.copied),
        "energy_j": run.energy_j,
    }


def _p50(seconds: Sequence[float]) -> float | None:
    found = summarize(seconds)
    return None if found is None else found.p50


def as_csv(found: Sweep, measured: Sequence[MeasuredPoint] = ()) -> str:
    """A header and one row a point; a column of medians for each backend that was timed.

    Measured points that are none of the sweep's have rows of their own, without a prediction.
    """
    backends = tuple(dict.fromkeys(point.run.backend for point in measured))
    medians = {(p.run.batch, p.width, p.run.backend): p.run.stats for p in measured}
    text = io.StringIO()
    writer = CsvWriter(text)
    keys = (
        "predicted_s",
        "per_example_s",
        "error",
        "efficiency",
        "tiles",
        "waves",
        "limiter",
        "fits",
    )
    swept = ("batch",) if found.points.widths is None else ("batch", "width")
    writer.writerow((*swept, *keys, *(f"{backend}_p50_s" for backend in backends)))
    rows = [_point(found, i) for i in range(len(found.points))]
    known = {(row["batch"], row.get("width")) for row in rows}
    extra = dict.fromkeys((p.run.batch, p.width) for p in measured)
    rows += [{"batch": b, "width": w} for b, w in extra if (b, w) not in known]
    for row in rows:
        stats = [medians.get((row["batch"], row.get("width"), backend)) for backend in backends]
        took = ["" if found_stats is None else repr(found_stats.p50) for found_stats in stats]
        cells = ["" if row.get(key) is None else row[key] for key in (*swept, *keys)]
        writer.writerow((*cells, *took))
    return text.getvalue()


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
