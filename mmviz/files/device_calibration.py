"""The tables [calibration.<dtype>] of a device file: constants, tiles, what was learned, loans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Protocol

import msgspec

from mmviz.core.device.body import Cpu, Gpu
from mmviz.core.device.device import Calibration, Device, Sides
from mmviz.core.device.lattice import MOST_VALUES, PER_UNIT, Lattice
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.time.constants import constants_from, constants_of, fitted_for
from mmviz.core.time.cpu_time import check_constants
from mmviz.errors import InputError
from mmviz.text import N_

_WHOLE = re.compile(r"-?[0-9]{1,6}", re.ASCII)


class BaseOf(Protocol):
    """Where the device comes from that a file is like; lent False: without what others lend it."""

    def __call__(self, device: str, lent: bool = True) -> Device: ...


class GivenLearned(msgspec.Struct, forbid_unknown_fields=True):
    seconds: tuple[float, ...]
    log2_m: tuple[float, ...]
    log2_n: tuple[float, ...]
    log2_k: tuple[float, ...]
    values: tuple[str, ...]


class Given(msgspec.Struct, forbid_unknown_fields=True):
    like: str = ""
    rows: int = 0
    held_out: int = 0
    source: str = ""
    remark: str = ""
    constants: dict[str, float] = {}
    error: float | None = None
    error_long: float | None = None
    error_short: float | None = None
    least_m: int = 1
    own: bool = True
    changed: bool = False
    sides: Sides | None = None
    tiles: dict[str, float] = {}
    learned: GivenLearned | None = None


def calibrations(
    tables: Mapping[str, Given], device: Device, base_of: BaseOf
) -> tuple[Calibration, ...]:
    """Those in the file, and for the other dtypes those the device has from where it is like.

    Raises InputError.
    """
    given = {
        check_dtype(dtype): _lent(dtype, found, base_of)
        if found.like
        else Calibration(
            dtype,
            tuple(found.constants.items()),
            found.rows,
            found.held_out,
            found.error,
            found.error_long,
            found.source,
            found.own,
            found.error_short,
            found.least_m,
            found.changed,
            found.remark,
            found.sides,
            tuple((_tile(name), value) for name, value in found.tiles.items()),
            _lattice(dtype, found.learned),
        )
        for dtype, found in tables.items()
    }
    if isinstance(device.body, Gpu | Cpu):
        check = constants_from if isinstance(device.body, Gpu) else check_constants
        for dtype, found in given.items():
            try:
                check(dict(found.constants))
            except InputError as error:
                why = N_("calibration in {dtype}: {why}")
                raise InputError(why, dtype=dtype, why=error.cause) from None
    kept = (found for found in device.calibrations if found.dtype not in given)
    return (*given.values(), *kept)


def _lent(dtype: str, given: Given, base_of: BaseOf) -> Calibration:
    """The constants of another device, but for those given; the error is what such a loan has cost
    elsewhere.

    The lender's own: a loan is not lent on.
    """
    lender = base_of(given.like, lent=False)
    found = fitted_for(lender, dtype)
    if found is None:
        raise InputError(
            N_("calibration in {dtype}: {other} has none to be like"), dtype=dtype, other=given.like
        )
    source = given.source or f"constants of {given.like}"
    lent = asdict(constants_of(lender, dtype))
    constants = {name: lent[name] for name, _ in found.constants} | given.constants
    return replace(
        found,
        dtype=dtype,
        constants=tuple(constants.items()),
        error=given.error,
        error_long=given.error_long,
        error_short=given.error_short,
        source=source,
        remark=given.remark,
        own=False,
        sides=None,
        learned=None,  # of another chip's other units, caches and kernels
    )


def _tile(name: str) -> tuple[int, int]:
    """256x128; raises InputError."""
    found = re.fullmatch(r"([1-9][0-9]{0,7})x([1-9][0-9]{0,7})", name, re.ASCII)
    if found is None:
        said = N_("tiles of a calibration are rows × columns, as 256x128, not {name!r:.40}")
        raise InputError(said, name=name)
    return int(found[1]), int(found[2])


def _lattice(dtype: str, given: GivenLearned | None) -> Lattice | None:
    """What was learned; raises InputError."""
    if given is None:
        return None
    try:
        sides = (given.seconds, given.log2_m, given.log2_n, given.log2_k)
        words = [word for line in given.values for word in line.split(maxsplit=MOST_VALUES)]
        if len(words) > MOST_VALUES or not all(map(_WHOLE.fullmatch, words)):
            said = N_("what was learned is whole numbers, ten-thousandths, at most {most:group}")
            raise InputError(said, most=MOST_VALUES)
        return Lattice(*sides, tuple(int(word) / PER_UNIT for word in words))
    except InputError as error:
        why = N_("calibration in {dtype}: {why}")
        raise InputError(why, dtype=dtype, why=error.cause) from None
