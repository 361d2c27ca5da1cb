"""The calibration of this machine as a file in the user's data folder.

version = 1
cores = 2                    # the process might use; threads: those of its BLAS
call_s = 5.2e-7
copies = [[1, 192000000, 0.0145]]          # threads, bytes, seconds
rows = [["float32", 2, 64, 64, 64, 3.4e-6, 3.6e-6, 21, false], …]
# dtype, threads, m, n, k, seconds of the fastest round and of the slowest, blocks, kept out

[machine]                    # what it is valid for
[[fitted]]                   # constants a number format, see mmviz.core.time.cpu_time
"""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path
from typing import Any

import msgspec
import platformdirs
import tomli_w

from mmviz import units
from mmviz.bench.machine import Machine
from mmviz.bench.measured import Measured
from mmviz.errors import InputError
from mmviz.files import atomic, toml

VERSION = 1
AGAIN = "calibrate again"


def place() -> Path:
    """Where the calibration of this machine is for this user, whether it is there or not."""
    return platformdirs.user_data_path("mmviz", appauthor=False) / "this-machine.toml"


def read(path: Path) -> Measured | None:
    """The calibration at `path`, None where there is none; raises InputError for any other file."""
    if not os.path.lexists(path):
        return None
    data = toml.read_bounded(path)
    version = toml.decode(data, str(path), _Version).version
    if version != VERSION:
        raise InputError(f"{path}: a calibration of version {version}, not {VERSION}: {AGAIN}")
    measured = toml.decode(data, str(path), Measured)
    _check(measured, str(path))
    return measured


def write(measured: Measured, path: Path) -> None:
    """Write the calibration whole or not at all; raises InputError where that cannot be."""
    table: dict[str, Any] = _without_none(msgspec.to_builtins(measured))
    with contextlib.suppress(OSError):  # what cannot be made is reported by the writing
        path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, tomli_w.dumps(table).encode())


def differences(measured: Measured, machine: Machine, cores: int) -> str:
    """Why a calibration is not valid on `machine` with `cores` usable cores; "" where it is."""
    before = measured.machine
    for then, now in (
        (_kernels(before), _kernels(machine)),  # first, since all others hang on them
        (before.cpu, machine.cpu),
        (units.plural(measured.cores, "usable core"), units.plural(cores, "usable core")),
        (_library(before), _library(machine)),
        (_variables(before), _variables(machine)),
    ):
        if now != then:
            return f"calibrated with {then}, now {now}: {AGAIN}"
    return ""


def _kernels(machine: Machine) -> str:
    return f"{machine.blas.architecture} kernels" if machine.blas else "an unknown BLAS"


def _library(machine: Machine) -> str:
    if machine.blas is None:
        return "an unknown BLAS"
    blas = machine.blas
    return f"{blas.library} {blas.version} on {blas.threads} threads"


def _variables(machine: Machine) -> str:
    """What steers BLAS, as far as the environment says."""
    named = [f"{name}={value}" for name, value in machine.steered_by().items()]
    return ", ".join(named) or "no variable that steers BLAS"


def _check(measured: Measured, where: str) -> None:
    """Figures that nobody can have measured end here and not in the arithmetic."""
    times = [measured.call_s, *(c.seconds for c in measured.copies)]
    times += [x for row in measured.rows for x in (row.seconds, row.slowest)]
    if not all(math.isfinite(t) and t > 0 for t in times):
        raise InputError(f"{where}: a time that is not above 0 s: {AGAIN}")
    counts = [measured.cores, measured.threads]
    counts += [x for row in measured.rows for x in (row.threads, row.m, row.n, row.k)]
    counts += [x for copy in measured.copies for x in (copy.threads, copy.size)]
    if min(counts) < 1:
        raise InputError(f"{where}: a count below 1: {AGAIN}")


class _Version(msgspec.Struct):
    version: int = 0


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(x) for key, x in value.items() if x is not None}
    return [_without_none(x) for x in value] if isinstance(value, list | tuple) else value
