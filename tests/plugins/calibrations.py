"""Calibrations made up for tests, valid in this process."""

from __future__ import annotations

import msgspec

from mmviz.bench.calibration import KEPT, SHOWN
from mmviz.bench.machine import read_machine
from mmviz.bench.measured import Copy, Measured, ProductRow, fit_rows
from mmviz.core.time.cpu_time import cpu_seconds
from mmviz.files.this_machine import usable_cores

CONSTANTS = {
    "t0": 5e-7,
    "one": 6e-12,
    "all": 3e-12,
    "near": 2e-11,
    "vector_near": 1e-11,
    "row_far": 2e-11,
    "column_far": 1e-11,
}


def rows(threads: int) -> tuple[ProductRow, ...]:
    def row(shape: tuple[int, int, int], used: int, kept: bool) -> ProductRow:
        constants = {**CONSTANTS, "all": 6e-12 / used}
        took = float(cpu_seconds(*shape, constants, used, 4))
        return ProductRow("float32", used, *shape, took, took, 7, kept)

    single = [] if threads == 1 else [row((1024, 1024, 1024), 1, False)]
    shown = [row(shape, threads, False) for shape in SHOWN]
    return (*single, *shown, *(row(shape, threads, True) for shape in KEPT))


def measured_here(**changes: object) -> Measured:
    """A calibration that is valid in this process, its times made up."""
    machine = read_machine()
    threads = machine.blas.threads if machine.blas else usable_cores()
    found = Measured(
        machine=machine,
        cores=usable_cores(),
        threads=threads,
        call_s=5e-7,
        cache=None,
        copies=(Copy(1, 64_000_000, 0.008),),
        rows=rows(threads),
        fitted=fit_rows(rows(threads), 5e-7, threads, ("float32",)),
        took_s=9.0,
    )
    return msgspec.structs.replace(found, **changes)
