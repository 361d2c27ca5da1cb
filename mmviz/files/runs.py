"""Timing results as files: JSON with everything, CSV with one row a sample."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mmviz.bench.results import Results
from mmviz.errors import InputError
from mmviz.files.atomic import write_bytes

CSV_COLUMNS = ("network", "dtype", "training", "backend", "batch", "sample", "seconds", "estimated")


def to_json(results: Results) -> bytes:
    """version, network, dtype, training, seed, machine, then every run with all its samples."""
    return msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"


def to_csv(results: Results) -> bytes:
    """A header and one row a sample, numbered from 1 within its run; seconds unrounded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for run in results.runs:
        for number, seconds in enumerate(run.samples_s, 1):
            training, estimated = str(results.training).lower(), str(run.estimated).lower()
            what = (results.network, results.dtype, training, run.backend, run.batch)
            writer.writerow((*what, number, repr(seconds), estimated))
    return text.getvalue().encode()


def save_json(results: Results, path: str | os.PathLike[str]) -> None:
    """Write `to_json` whole or not at all; raises InputError, naming the file, where it cannot."""
    write_bytes(path, to_json(results))


def save_csv(results: Results, path: str | os.PathLike[str]) -> None:
    """Write `to_csv` whole or not at all; raises InputError, naming the file, where it cannot."""
    write_bytes(path, to_csv(results))


def check_target(path: str | os.PathLike[str], suffixes: Sequence[str] = ()) -> Path:
    """The path, if a file can be written there; else InputError, before the work is done in vain.

    `suffixes`: the allowed ends of its name, lower case with the dot; none given, any will do.
    """
    target = Path(path)
    if "\0" in str(target) or not target.name:
        raise InputError(f"cannot write {str(target)!r}: it is no name of a file")
    if suffixes and target.suffix.lower() not in suffixes:
        raise InputError(f"cannot write {target}: its name must end in {' or '.join(suffixes)}")
    try:
        if target.is_symlink():  # writing replaces the name: the link itself, /dev/stdout even
            raise InputError(f"cannot write {target}: it is a link")
        if target.is_dir():
            raise InputError(f"cannot write {target}: it is a folder")
        if target.exists() and not target.is_file():
            raise InputError(f"cannot write {target}: it is no regular file")
        if not target.parent.is_dir():
            raise InputError(f"cannot write {target}: there is no folder {target.parent}")
    except OSError as error:  # a name too long, a folder that may not be entered
        raise InputError(f"cannot write {target}: {error.strerror or error}") from None
    if not os.access(target.parent, os.W_OK):
        raise InputError(f"cannot write {target}: no permission to write in {target.parent}")
    return target
