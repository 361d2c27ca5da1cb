"""A measured sweep in a file of its own, written while it is measured: nothing of it is lost.

A line that says what is swept, then for each width a line that says so and the timing child's own
messages. A line that is not understood, such as the last one of a killed program, is left out.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from mmviz.bench.belonging import belongs
from mmviz.bench.messages import Message, Phase, Progress, decode, encode
from mmviz.bench.results import Collector
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.core.shapes.network import Network
from mmviz.errors import InputError, reason_of
from mmviz.files import atomic
from mmviz.files.holding import hold
from mmviz.files.journal import MOST_LINES, RUN_BYTES, lean
from mmviz.files.toml import read_bounded
from mmviz.text import N_

NO_LOG = N_("{path} is no sweep that mmviz kept")
OTHER = N_("{path} is of another sweep: name another file, or ask for the same points")


class Head(msgspec.Struct, frozen=True, kw_only=True, tag="sweep"):
    """What is swept."""

    version: int = 1
    plan: SweepPlan


class Width(msgspec.Struct, frozen=True, kw_only=True, tag="width"):
    """What follows is of the layer at this width; None: none is swept."""

    units: int | None


_BEGINS = b'{"type":"sweep"'
_width_decoder = msgspec.json.Decoder(Width)


class SweepLog:
    """Adds to the file of one sweep; raises InputError where that cannot be."""

    def __init__(self, path: Path, plan: SweepPlan) -> None:
        self._path = path
        atomic.check(path)
        head = msgspec.json.encode(_head(plan)) + b"\n"
        try:
            self._file: BinaryIO = open(path, "ab", buffering=0)  # noqa: SIM115  # until `close`
        except OSError as error:
            raise self._broken(error) from None
        try:
            hold(self._file)
            self._write(b"\n" if self._file.tell() else head)  # a last line may be cut off
        except InputError:
            self.close()
            raise

    def begin(self, width: int | None) -> None:
        """What is added from now on is of this width."""
        self._write(msgspec.json.encode(Width(units=width)) + b"\n")

    def add(self, message: Message) -> None:
        """Keep what it says, unless it is only about progress."""
        if not isinstance(message, Progress | Phase):
            self._write(encode(message))

    def close(self) -> None:
        """Nothing more is added."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError as error:
            raise self._broken(error) from None

    def _broken(self, error: OSError) -> InputError:
        reason = reason_of(error)
        return InputError(N_("cannot write {path}: {reason}"), path=str(self._path), reason=reason)


def read(path: Path, plan: SweepPlan) -> dict[int | None, Collector]:
    """What was measured of `plan`, by the width it was measured at; {} where there is no file yet.

    Raises InputError where the file is none of a sweep, or of another one.
    """
    if not path.exists():
        return {}
    data = read_bounded(path, RUN_BYTES)
    first, _, rest = data.partition(b"\n")
    if not first.startswith(_BEGINS) or data.count(b"\n") > MOST_LINES:
        raise InputError(NO_LOG, path=str(path))
    if first != msgspec.json.encode(_head(plan)):
        raise InputError(OTHER, path=str(path))
    found: dict[int | None, Collector] = {}
    plans = dict(zip(plan.widths, plan.plans, strict=True))
    now: int | None = None
    for line in io.BytesIO(rest):
        told = _line(line)
        if isinstance(told, Width):
            now = told.units
        elif told is not None and now in plans and belongs(told, plans[now]):
            found.setdefault(now, Collector(plans[now])).add(told)
    return found


def _line(line: bytes) -> Message | Width | None:
    """What a line says, None for one that was cut off or is not understood."""
    if not line.endswith(b"\n"):
        return None
    try:
        return decode(line)
    except ValueError:
        try:
            return _width_decoder.decode(line)
        except (ValueError, RecursionError):
            return None


def _head(plan: SweepPlan) -> Head:
    network = lean(plan.network)
    assert isinstance(network, Network)
    return Head(plan=replace(plan, network=network))
