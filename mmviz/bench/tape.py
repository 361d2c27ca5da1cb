"""A recording, folded from the child's messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import SOFTWARE
from mmviz.bench.machine import Machine
from mmviz.bench.messages import Message, Started
from mmviz.bench.plan import RecordPlan
from mmviz.bench.recorded import RecordedPass, RecordedProduct, RecordedRows, Unrecorded
from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.recording import RECORDED, Recorded, Recording
from mmviz.core.schedule.orders import check_order
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text

Columns = Mapping[str, NDArray[Any]]

TORN = N_("what the timing process told of the recording does not fit together")


@dataclass(slots=True)
class Tape:
    """when: seconds since 1970 at which it was asked for. failure: why there is nothing; NOTHING
    while there is no reason. load: what went on beside it, in `ended`.
    """

    plan: RecordPlan
    when: float | None = None
    machine: Machine | None = None
    failure: Text = NOTHING
    ended: RecordedPass | None = None
    _products: list[RecordedProduct] = field(default_factory=list)
    _rows: dict[int, list[Columns]] = field(default_factory=dict)

    def hear(self, message: Message) -> None:
        """Take one message in."""
        match message:
            case Started(machine):
                self.machine = machine
            case RecordedProduct():
                self._products.append(message)
            case RecordedRows(number):
                self._rows.setdefault(number, []).append(message.arrays())
            case RecordedPass():
                self.ended = message
            case Unrecorded(reason):
                self.failure = reason
            case _:
                pass

    def recording(self) -> Recording | None:
        """All of it, None before it was all told; raises InputError where it is no recording."""
        if self.ended is None:
            return None
        ended, machine = self.ended, self.machine
        try:
            if [one.number for one in self._products] != list(range(len(self._products) or 1)):
                raise ValueError("products are missing")
            products = tuple(self._recorded(one) for one in self._products)
        except (ValueError, LookupError, InputError) as error:
            raise InputError(TORN) from error
        made = Recording(
            of=self.plan.of,
            by=self.plan.by,
            order=ended.order,
            products=products,
            machine=_ran_on(machine, ended.facts),
            when=self.when,
            timer_s=ended.timer_s,
            facts={**({} if machine is None else facts_of(machine)), **ended.facts},
            remarks=ended.remarks,
        )
        if faults := recording_faults(made):  # as who reads its file does, only sooner
            raise InputError(faults[0])
        return made

    def _recorded(self, told: RecordedProduct) -> Recorded:
        gemm = self.plan.of.workload.lower(self.plan.batch, self.plan.training)[told.number]
        parts = self._rows[told.number]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        if len(columns["m"]) != told.rows:
            raise ValueError("rows are missing")
        return Recorded(
            trace=_trace(told, gemm, columns),
            units=told.units,
            begun_s=told.begun_s,
            wall_s=told.wall_s,
            packing_s=told.packing_s,
            cores=columns["core"],
            blocks=columns.get("block"),
            tiles_run=told.tiles_run,
            error=told.error,
            spent=told.spent,
            walls_s=told.walls_s,
            beside=told.beside,
        )


def _ran_on(machine: Machine | None, facts: Mapping[str, str]) -> str:
    """The GPU, or what stands in for one, where it is not this computer's processor."""
    if "gpu" in facts:
        return facts["gpu"]
    if "software adapter" in facts:
        return f"{facts['software adapter']}, {SOFTWARE}"
    return "" if machine is None else machine.cpu


def facts_of(machine: Machine) -> dict[str, str]:
    """What decides its times and is no figure, by name: versions, its BLAS, what steers that."""
    found = {**machine.versions, "system": machine.system, **machine.steered_by()}
    if (blas := machine.blas) is not None:
        found["blas"] = f"{blas.library} {blas.version}, {blas.architecture} kernels"
    return found


def _trace(told: RecordedProduct, gemm: Gemm, columns: Columns) -> Trace:
    units = len(told.units)
    tiling = Tiling(
        gemm.single,
        told.tile,
        told.k_step,
        units,
        told.resident,
        check_order(told.order),
        told.parts,
    )
    m, n, unit, start = (columns[name] for name in ("m", "n", "unit", "start"))
    for array, most in ((m, tiling.tiles_m), (n, tiling.tiles_n), (unit, units)):
        if array.min() < 0 or array.max() >= most:
            raise ValueError("a tile or a unit that is not there")
    if (np.diff(start) < 0).any() or (columns["end"] < start).any():
        raise ValueError("times that run backwards")
    return Trace(
        tiling,
        m,
        n,
        unit,
        start,
        columns["end"],
        told.clock,
        RECORDED,
        columns.get("k0"),
        columns.get("k1"),
    )
