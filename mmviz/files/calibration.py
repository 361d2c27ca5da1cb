"""The calibration of this machine as a file in the user's data folder.

version = 2
cores = 2                    # the process might use; threads: those of its BLAS
call_s = 5.2e-7
copies = [[1, 192000000, 0.0145]]          # threads, bytes, seconds
rows = [["float32", 2, 64, 64, 64, 3.4e-6, 3.6e-6, 21, false], …]
# dtype, threads, m, n, k, seconds of most undisturbed blocks and of slower ones, blocks, kept out

[machine]                    # what it is valid for
[[fitted]]                   # constants a number format, see mmviz.core.time.cpu_time
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from mmviz.bench.machine import Machine
from mmviz.bench.measured import Measured, check
from mmviz.errors import InputError
from mmviz.files import atomic, folders, toml
from mmviz.text import N_, NOTHING, P_, Text, own

VERSION = 2
DOUBTFUL = 0.25  # error on shapes kept out, from which on nothing better is replaced unasked
AGAIN = Text(N_("calibrate again"))


def place() -> Path:
    """Where the calibration of this machine is for this user, whether it is there or not."""
    return folders.data() / "this-machine.toml"


def read(path: Path) -> Measured | None:
    """The calibration at `path`, None where there is none; raises InputError for any other file."""
    if not os.path.lexists(path):
        return None
    raw = toml.loads(toml.read_bounded(path), str(path))
    version = toml.version_of(raw, str(path), without=0)
    if version != VERSION:
        raise InputError(
            N_("{path}: a calibration of version {version}, not {known}: {remedy}"),
            path=str(path),
            version=version,
            known=VERSION,
            remedy=AGAIN,
        )
    measured = toml.shaped(raw, str(path), Measured)
    try:
        check(measured)
    except InputError as error:
        raise InputError(
            N_("{where}: {why}: {remedy}"), where=str(path), why=error.cause, remedy=AGAIN
        ) from None
    return measured


def worse(measured: Measured, kept: Measured) -> Text:
    """Why `measured` should not take the place of `kept` unasked; NOTHING: it may.

    A calibration that is not valid under the conditions of the new one is none that could be kept.
    """
    dtypes = kept.dtypes()
    new, old = measured.error(dtypes), kept.error(dtypes)
    if new <= max(DOUBTFUL, old) or differences(kept, measured.machine, measured.cores):
        return NOTHING
    if math.isinf(new):
        unknown = N_(
            "how far the new calibration is off is not known, the one that is there is off by "
            "{old:percent} on shapes kept out"
        )
        return Text(unknown, old=old)
    off = N_(
        "the new calibration is off by {new:percent} on shapes kept out, the one that is there by "
        "{old:percent}"
    )
    return Text(off, new=new, old=old)


def write(measured: Measured, path: Path) -> None:
    """Write the calibration whole or not at all; raises InputError where that cannot be."""
    table: dict[str, Any] = toml.without_none(msgspec.to_builtins(measured))
    atomic.make_folder(path.parent)
    atomic.write_bytes(path, tomli_w.dumps(table).encode())


def differences(measured: Measured, machine: Machine, cores: int) -> Text:
    """Why a calibration is not valid on `machine` with `cores` usable cores; NOTHING: it is."""
    before = measured.machine
    for then, now in (
        (_kernels(before), _kernels(machine)),  # first, since all others hang on them
        (own(before.cpu), own(machine.cpu)),
        (_quota(before), _quota(machine)),
        (_cores(measured.cores), _cores(cores)),
        (_library(before), _library(machine)),
        (_variables(before), _variables(machine)),
    ):
        if now != then:
            return Text(
                N_("calibrated with {then}, now {now}: {remedy}"), then=then, now=now, remedy=AGAIN
            )
    return NOTHING


def _cores(n: int) -> Text:
    return Text(P_("{n:group} usable core", "{n:group} usable cores"), n=n)


def _quota(machine: Machine) -> Text:
    if machine.quota is None:
        return Text(N_("no limit to the cores"))
    return Text(N_("a limit of {quota:.3g} cores"), quota=machine.quota)


def _kernels(machine: Machine) -> Text:
    if machine.blas is None:
        return Text(N_("an unknown BLAS"))
    return Text(N_("{architecture} kernels"), architecture=machine.blas.architecture)


def _library(machine: Machine) -> Text:
    if machine.blas is None:
        return Text(N_("an unknown BLAS"))
    blas = machine.blas
    return Text(
        N_("{library} {version} on {threads} threads"),
        library=blas.library,
        version=blas.version,
        threads=blas.threads,
    )


def _variables(machine: Machine) -> Text:
    """What steers BLAS, as far as the environment says."""
    named = [f"{name}={value}" for name, value in machine.steered_by().items()]
    return own(", ".join(named)) or Text(N_("no variable that steers BLAS"))
