"""A timing run as words: the rows of its table and the sentences below it. Pure functions."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mmviz import units
from mmviz.backends import registry
from mmviz.bench.machine import Machine
from mmviz.bench.results import Gain, Run, gains
from mmviz.bench.stats import FEW
from mmviz.errors import InputError
from mmviz.state.clock.series import tick_text

NONE = "—"  # nothing to say in this cell
COLUMNS = ("backend", "batch", "p50", "p99", "GFLOP/s", f"{units.TIMES} slowest", "error")
COLUMN_HELP = (
    "Who multiplies",
    "Examples per pass",
    "Median of the seconds a pass took",
    f"99 of 100 passes took no longer; told from {FEW} samples on",
    "Floating-point operations of one pass by its median time, in thousand millions per second",
    "How many times faster than the slowest backend at this batch; ≈ where a time is estimated",
    "Largest deviation from float64, relative to the largest float64 value",
)

AGREES: dict[str, float] = {
    "float64": 1e-11,
    "float32": 1e-4,
    "tf32": 2e-2,
    "float16": 2e-2,
    "bfloat16": 1e-1,
}
"""Largest deviation from float64 that rounding alone explains, by dtype id: some hundred times its
unit roundoff 2^-53, 2^-24, 2^-11, 2^-11, 2^-8, for a few layers with up to 25,000 inputs."""

_LIBRARIES = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "flexiblas": "FlexiBLAS"}


class Tone(enum.Enum):
    """What a sentence is; the theme gives it a colour."""

    AGREED = "agreed"
    WARNING = "warning"
    FAILURE = "failure"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence below the table."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a text for each of COLUMNS, and what a tool tip says of it."""

    backend: str
    cells: tuple[str, ...]
    estimated: bool
    help: str


@functools.cache
def backend_name(backend: str) -> str:
    """The short name of a backend id: 'NumPy', 'Python for-loops'; unknown ids stay as they are."""
    try:
        title = registry.find(backend).title
    except InputError:
        return backend
    return backend if backend.startswith("fake") else title.partition(" (")[0]


def long_name(backend: str, machine: Machine | None) -> str:
    """The name with the library that multiplies, once it is known: 'NumPy · OpenBLAS'."""
    name = backend_name(backend)
    if backend == "cupy":
        return f"{name} · cuBLAS"
    if backend == "numpy" and machine is not None and machine.blas is not None:
        return f"{name} · {_library(machine.blas.library)}"
    return name


def rows(
    runs: Sequence[Run], flop_per_pass: Mapping[int, int], machine: Machine | None
) -> tuple[Row, ...]:
    """The table of `runs`, in their order. `flop_per_pass`: FLOP of one pass by batch."""
    ratios = gains(runs)
    return tuple(
        _row(run, flop_per_pass.get(run.batch), ratios.get((run.backend, run.batch)), machine)
        for run in runs
    )


def _row(run: Run, flop: int | None, gain: Gain | None, machine: Machine | None) -> Row:
    cells = [long_name(run.backend, machine), units.group(run.batch)]
    if run.stats is None or gain is None:
        cells += [units.NO_DATA, NONE, NONE, NONE]
        told = run.failure or "nothing was measured yet"
    else:
        p50 = max(run.stats.p50, 1e-12)
        measured = not run.estimated
        median = units.seconds(p50) if measured else tick_text(p50)
        cells += [
            median if measured else f"est. {median}",
            NONE if run.stats.tail is None else units.seconds(run.stats.tail),
            NONE if flop is None else _gflops(flop / p50),
            ("≈ " if gain.estimated else "") + units.sig(gain.times),
        ]
        told = (
            f"measured here: {units.plural(run.stats.n, 'sample')}"
            if measured
            else "estimated from the part of one pass that ran"
        )
        told += f"; {run.failure}" if run.failure else ""
    cells.append(NONE if run.max_error is None else error_text(run.max_error))
    return Row(run.backend, tuple(cells), run.estimated, told)


def _gflops(flop_per_s: float) -> str:
    """In 10^9 FLOP/s; from 10 000 on with a prefix, so that the column stays narrow."""
    x = flop_per_s / 1e9
    return units.scaled(x, "") if x >= 9_999.5 else units.sig(x)


def error_text(error: float) -> str:
    """A relative deviation: '3.1e-4', '0' where there is none."""
    if error == 0:
        return "0"
    mantissa, _, exponent = f"{error:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def notes(
    runs: Sequence[Run], dtype: str, machine: Machine | None, *, ended: bool
) -> tuple[Note, ...]:
    """What a reader must know beside the figures, the most important first.

    `ended`: no more samples will come, so what is missing will stay missing.
    """
    several = len({run.batch for run in runs}) > 1
    unique = {run.backend: run for run in runs if run.stats}
    found = [*_agreement(runs, dtype)]
    for run in runs:
        none = f"{units.NO_DATA}, " if run.stats is None else ""
        if run.failure:
            found.append(Note(Tone.FAILURE, f"{_who(run, several)}: {none}{run.failure}"))
        elif none and ended:
            found.append(Note(Tone.REMARK, f"{_who(run, several)}: {units.NO_DATA}"))
    for run in unique.values():
        if remark := _remark(run.backend, dtype):
            found.append(Note(Tone.REMARK, f"{backend_name(run.backend)}: {remark}"))
    found += [note for run in runs for note in _spread(run, several, ended)]
    if machine is not None:
        found += _variables(machine)
    return tuple(found)


def _remark(backend: str, dtype: str) -> str | None:
    try:
        return registry.find(backend).remark(dtype)
    except InputError:
        return None


def _who(run: Run, several: bool) -> str:
    name = backend_name(run.backend)
    return f"{name} at batch {units.group(run.batch)}" if several else name


def _agreement(runs: Sequence[Run], dtype: str) -> Iterable[Note]:
    worst: dict[str, float] = {}
    for run in runs:
        if run.max_error is not None:
            worst[run.backend] = max(worst.get(run.backend, 0.0), run.max_error)
    limit = AGREES.get(dtype, 0.0)
    agreeing = {backend: e for backend, e in worst.items() if e <= limit}
    if agreeing:
        error = error_text(max(agreeing.values()))
        with_data = {run.backend for run in runs if run.stats}
        if len(agreeing) > 1 and with_data <= set(agreeing):
            yield Note(Tone.AGREED, f"all agree with float64 to {error} ✓")
        else:
            verb = "agrees" if len(agreeing) == 1 else "agree"
            yield Note(Tone.AGREED, f"{_names(agreeing)} {verb} with float64 to {error} ✓")
    for backend, error_value in worst.items():
        if backend not in agreeing:
            yield Note(
                Tone.FAILURE,
                f"{backend_name(backend)} does not agree with float64: off by "
                f"{error_text(error_value)}, rounding in {dtype} explains {error_text(limit)}",
            )


def _names(backends: Iterable[str]) -> str:
    *first, last = (backend_name(backend) for backend in backends)
    return f"{', '.join(first)} and {last}" if first else last


def _spread(run: Run, several: bool, ended: bool) -> Iterable[Note]:
    if run.estimated or run.stats is None:
        return
    if run.stats.n < FEW:
        if ended:
            few = units.plural(run.stats.n, "sample")
            yield Note(Tone.WARNING, f"{_who(run, several)}: only {few}; more seconds tell more")
    elif run.stats.disturbance is not None:
        share = 100 * run.stats.iqr / run.stats.p50
        spans = f"the middle half of its samples spans {share:.0f} % of p50"
        yield Note(Tone.WARNING, f"{_who(run, several)}: {run.stats.disturbance}, {spans}")


def _variables(machine: Machine) -> Iterable[Note]:
    blas = machine.blas
    for name, value in machine.steered_by().items():
        text = f"{name}={value} is set and steers the speed"
        if blas is not None and "THREADS" in name:
            threads = units.plural(blas.threads, "thread")
            text = f"{name}={value} is set: {_library(blas.library)} runs on {threads}"
        elif blas is not None and "CORETYPE" in name:
            runs_on = f"{_library(blas.library)} runs {blas.architecture} kernels"
            text = f"{name}={value} is set: {runs_on}"
        yield Note(Tone.WARNING, text)


def _library(name: str) -> str:
    return _LIBRARIES.get(name.lower(), name)


def provenance(runs: Sequence[Run]) -> str:
    """Where the figures come from: measured, estimated (the "est." rows), both, or 'no data'."""
    kinds = {run.estimated for run in runs if run.stats}
    if kinds == {True, False}:
        return "measured and estimated here"
    return units.NO_DATA if not kinds else "estimated here" if True in kinds else "measured here"


def conditions(batches: Sequence[int], dtype: str, training: bool) -> str:
    """How a network was timed: 'batch 128 · float32 · inference'."""
    sizes = ", ".join(units.group(batch) for batch in batches)
    name = "batch" if len(batches) == 1 else "batches"
    return f"{name} {sizes} · {dtype} · {'training' if training else 'inference'}"


def machine_line(machine: Machine | None) -> str:
    """The machine in one line: CPU, BLAS with its core and threads, GPU if any."""
    if machine is None:
        return f"machine: {units.NO_DATA}"
    parts = [machine.cpu, units.plural(machine.cores, "core")]
    blas = machine.blas
    if blas is not None:
        threads = units.plural(blas.threads, "thread")
        kernels = f"{blas.architecture} kernels"
        parts.append(f"{_library(blas.library)} {blas.version}, {kernels}, {threads}")
    if machine.gpu:
        parts.append(machine.gpu)
    return " · ".join(parts)
