"""Timing results as files: JSON with everything, CSV with one row a sample."""

from __future__ import annotations

import functools
import io
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mmviz.bench.results import Results
from mmviz.errors import InputError
from mmviz.files import atomic
from mmviz.files.exports import CsvWriter, as_json
from mmviz.text import N_, Text, own

CSV_COLUMNS = (
    *("network", "dtype", "training", "backend", "batch", "sample", "seconds", "estimated"),
    *("way", "gpu_seconds"),
)


def to_json(results: Results) -> bytes:
    """version, network, dtype, training, seed, machine, then every run with all its samples.

    Beside a run stands its load, in seconds and as shares 0 … 1; warnings: what hindered it.
    """
    table = msgspec.to_builtins(results)
    for row, run in zip(table["runs"], results.runs, strict=True):
        row["failure"] = run.failure and str(run.failure)
        row["remarks"] = [str(remark) for remark in run.remarks]
        if run.sensed is not None:
            row["sensed"]["missing"] = {k: str(why) for k, why in run.sensed.missing.items()}
        if run.load is not None:
            load = run.load
            row["load"] = {**row["load"], "shares": load.shares(), "unknown": load.unknown()}
    table["warnings"] = [str(text) for text in results.hindrances]
    return (as_json(table, indent=2) + "\n").encode()


def to_csv(results: Results) -> bytes:
    """A header and one row a sample, numbered from 1 within its run and way; seconds unrounded.

    way: hot, as every figure without a word is; cold; or copies, with input and output copied.
    gpu_seconds: of a pass of that sample by the GPU's own clock, empty where there is none.
    """
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.writerow(CSV_COLUMNS)
    for run in results.runs:
        training, estimated = str(results.training).lower(), str(run.estimated).lower()
        what = (results.network, results.dtype, training, run.backend, run.batch)
        ways = {"hot": run.samples_s, "cold": run.cold, "copies": run.copied}
        for way, samples in ways.items():
            on_gpu = map(repr, run.on_gpu if way == "hot" else ())
            for number, seconds in enumerate(samples, 1):
                row = (*what, number, repr(seconds), estimated, way, next(on_gpu, ""))
                writer.writerow(row)
    return text.getvalue().encode()


def save_json(results: Results, path: str | os.PathLike[str]) -> None:
    """Write `to_json` whole or not at all; raises InputError, naming the file, where it cannot."""
    atomic.write_bytes(path, to_json(results))


def save_csv(results: Results, path: str | os.PathLike[str]) -> None:
    """Write `to_csv` whole or not at all; raises InputError, naming the file, where it cannot."""
    atomic.write_bytes(path, to_csv(results))


def check_target(path: str | os.PathLike[str], suffixes: Sequence[str] = ()) -> Path:
    """The path, if a file can be written there; else InputError, before the work is done in vain.

    `suffixes`: the allowed ends of its name, lower case with the dot; none given, any will do.
    """
    target = Path(path)
    if suffixes and target.suffix.lower() not in suffixes:
        raise InputError(
            N_("cannot write {path}: its name must end in {suffixes}"),
            path=str(target),
            suffixes=_either(suffixes),
        )
    atomic.check(target)
    return target


def _either(names: Sequence[str]) -> Text:
    """'.svg or .png or .pdf'."""
    first, *rest = map(own, names)
    return functools.reduce(lambda a, b: Text(N_("{one} or {other}"), one=a, other=b), rest, first)
