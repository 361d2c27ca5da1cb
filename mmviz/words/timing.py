"""A timing run in words: whose figures they are, what must be known beside them, and how."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mmviz.backends import registry
from mmviz.backends.base import HOST_BLAS, SOFTWARE, Place
from mmviz.bench.fingerprint import reading
from mmviz.bench.hindrances import cause, hindrances
from mmviz.bench.load import added
from mmviz.bench.machine import Machine
from mmviz.bench.results import Run, left_out
from mmviz.bench.stats import FEW
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined, own
from mmviz.words.names import spoken
from mmviz.words.place import clocks, remark
from mmviz.words.provenance import label

AGREES: dict[str, float] = {
    "float64": 1e-11,
    "float32": 1e-4,
    "tf32": 2e-2,
    "float16": 2e-2,
    "bfloat16": 1e-1,
    "int8": 2e-2,
    "float8": 1e-1,
    "nvfp4": 2e-1,
}
"""Largest deviation from float64 that rounding alone explains, by dtype id: some hundred times its
unit roundoff 2^-53, 2^-24, 2^-11, 2^-11, 2^-8, for a few layers with up to 25,000 inputs. Narrow
formats are compared with float64 of the same quantized operands: an activation that rounding moved
across the middle of two codes becomes the other one, a step of its format away."""

_LIBRARIES = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "flexiblas": "FlexiBLAS"}


class Tone(enum.Enum):
    """What a sentence is; the theme gives it a colour."""

    VERDICT = "verdict"
    AGREED = "agreed"
    WARNING = "warning"
    FAILURE = "failure"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence below the table."""

    tone: Tone
    text: Text


def backend_name(backend: str) -> Text:
    """The short name of a backend id: 'NumPy', 'Python for-loops'; unknown ids stay as they are."""
    try:
        name = registry.find(backend).name
    except InputError:
        return own(backend)
    base = registry.base_of(backend)
    if base != backend and base in registry.MODULES and name == registry.find(base).name:
        return own(backend)  # beside its other variants
    return name


def run_name(run: Run) -> Text:
    """The name beside a run's figures: 'wgpu (software, no GPU)' where it was none."""
    return placed_name(run.backend, run.place)


def placed_name(backend: str, place: Place | None) -> Text:
    """The same of a backend and what it computes on, None for the CPU."""
    name = backend_name(backend)
    if place is None or not place.software:
        return name
    return Text(N_("{name} ({what})"), name=name, what=SOFTWARE)


def long_name(backend: str, machine: Machine | None) -> Text:
    """The name with the library that multiplies, once it is known: 'NumPy · OpenBLAS'."""
    return joined((backend_name(backend), own(_library(backend, machine))))


def _library(backend: str, machine: Machine | None) -> str:
    try:
        library = registry.find(backend).library
    except InputError:
        return ""
    if library != HOST_BLAS:
        return "" if library == str(backend_name(backend)) else library
    return "" if machine is None or machine.blas is None else library_name(machine.blas.library)


def library_name(name: str) -> str:
    """A BLAS as its makers write it."""
    return _LIBRARIES.get(name.lower(), name)


def missing(entry: registry.Entry) -> Text:
    """Why a backend cannot run here and what to do, in one sentence."""
    values = {"name": backend_name(entry.id), "reason": entry.reason}
    if not entry.remedy:
        return Text(N_("{name} cannot run here: {reason}"), **values)
    return Text(N_("{name} cannot run here: {reason}; {remedy}"), remedy=entry.remedy, **values)


def notes(
    runs: Sequence[Run], dtype: str, machine: Machine | None, *, ended: bool
) -> tuple[Note, ...]:
    """What a reader must know beside the figures, the most important first.

    `ended`: no more samples will come, so what is missing will stay missing.
    """
    several = len({run.batch for run in runs}) > 1
    unique = {run.backend: run for run in runs if run.stats}
    found = [*agreement(runs, dtype)]
    for run in runs:
        who = _who(run, several)
        if run.failure:
            why = N_("{who}: no data, {failure}") if run.stats is None else N_("{who}: {failure}")
            found.append(Note(Tone.FAILURE, Text(why, who=who, failure=run.failure)))
        elif run.stats is None and ended:
            found.append(Note(Tone.REMARK, Text(N_("{who}: no data"), who=who)))
        found += [
            Note(Tone.WARNING, Text("{who}: {remark}", who=who, remark=each))
            for each in run.remarks
        ]
    loads = [run.load for run in runs]
    hindered = (*hindrances(added(loads), machine, loads), *left_out(runs))
    found += [Note(Tone.WARNING, text) for text in hindered]
    if machine is not None:
        found += _variables(machine)
    found += [
        Note(Tone.WARNING, text)
        for text in map(functools.partial(odd, dtype), unique.values())
        if text
    ]
    found += [note for run in runs for note in _spread(run, several, ended)]
    for run in unique.values():
        if about := remark(run, dtype):
            name = backend_name(run.backend)
            found.append(Note(Tone.REMARK, Text("{name}: {remark}", name=name, remark=about)))
    for run in runs if ended else ():
        if by := clocks(run):
            said = Text("{who}: {by}", who=_who(run, several), by=by)
            found.append(Note(Tone.REMARK, said))
    return tuple(found)


def odd(dtype: str, run: Run) -> Text:
    """That it ran in another precision than was asked for."""
    said = None if run.fingerprint is None else reading(run.fingerprint, dtype)
    name = backend_name(run.backend)
    return NOTHING if said is None else Text("{name}: {reading}", name=name, reading=said)


def _who(run: Run, several: bool) -> Text:
    name = backend_name(run.backend)
    if not several:
        return name
    return Text(N_("{name} at batch {batch:group}"), name=name, batch=run.batch)


def agreement(runs: Sequence[Run], dtype: str) -> Iterable[Note]:
    """Who agrees with float64 as far as rounding allows, and who does not."""
    worst: dict[str, float] = {}
    for run in runs:
        if run.max_error is not None:
            worst[run.backend] = max(worst.get(run.backend, 0.0), run.max_error)
    limit = AGREES.get(dtype, 0.0)
    agreeing = {backend: e for backend, e in worst.items() if e <= limit}
    if agreeing:
        error = max(agreeing.values())
        with_data = {run.backend for run in runs if run.stats}
        if dtype in NARROW:
            said = P_(
                "{names} agrees with float64 of the same quantized numbers to {error:exponent} ✓",
                "{names} agree with float64 of the same quantized numbers to {error:exponent} ✓",
            )
            agreed = Text(said, names=_names(agreeing), error=error, n=len(agreeing))
        elif len(agreeing) > 1 and with_data <= set(agreeing):
            agreed = Text(N_("all agree with float64 to {error:exponent} ✓"), error=error)
        else:
            agreed = Text(
                P_(
                    "{names} agrees with float64 to {error:exponent} ✓",
                    "{names} agree with float64 to {error:exponent} ✓",
                ),
                names=_names(agreeing),
                error=error,
                n=len(agreeing),
            )
        yield Note(Tone.AGREED, agreed)
    for backend, error in worst.items():
        if backend not in agreeing:
            wrong = Text(
                N_(
                    "{name} does not agree with float64: off by {error:exponent}, "
                    "rounding in {dtype} explains {limit:exponent}"
                ),
                name=backend_name(backend),
                error=error,
                dtype=dtype,
                limit=limit,
            )
            yield Note(Tone.FAILURE, wrong)


def _names(backends: Iterable[str]) -> Text:
    *first, last = (backend_name(backend) for backend in backends)
    if not first:
        return last
    return Text(N_("{first:items} and {last}"), first=tuple(first), last=last)


def _spread(run: Run, several: bool, ended: bool) -> Iterable[Note]:
    if run.estimated or run.stats is None:
        return
    who = _who(run, several)
    if run.stats.n < FEW:
        if ended:
            few = P_(
                "{who}: only {n:group} sample; more seconds tell more",
                "{who}: only {n:group} samples; more seconds tell more",
            )
            yield Note(Tone.WARNING, Text(few, who=who, n=run.stats.n))
    elif run.stats.disturbance is not None:
        yield Note(Tone.WARNING, Text("{who}: {noise}", who=who, noise=noise(run)))


def noise(run: Run) -> Text:
    """'noisy: half the samples differ by more than 35 %; other programs were running'.

    Of the samples the slowest quarter lies so far above the fastest, as a share of the median;
    NOTHING where that is little or there is nothing to tell of.
    """
    stats = run.stats
    if run.estimated or stats is None or stats.disturbance is None:
        return NOTHING
    said = Text(
        N_("{noisy}: half the samples differ by more than {share:percent2}"),
        noisy=stats.disturbance,
        share=stats.iqr / stats.p50,
    )
    return joined((said, cause(run.load)), "semicolons")


def _variables(machine: Machine) -> Iterable[Note]:
    blas = machine.blas
    for name, value in machine.steered_by().items():
        set_so = {"variable": name, "value": value}
        text = Text(N_("{variable}={value} is set and steers the speed"), **set_so)
        if blas is not None and "THREADS" in name:
            threads = P_(
                "{variable}={value} is set: {library} runs on {n:group} thread",
                "{variable}={value} is set: {library} runs on {n:group} threads",
            )
            text = Text(threads, library=library_name(blas.library), n=blas.threads, **set_so)
        elif blas is not None and "CORETYPE" in name:
            kernels = N_("{variable}={value} is set: {library} runs {kernels} kernels")
            library = library_name(blas.library)
            text = Text(kernels, library=library, kernels=blas.architecture, **set_so)
        yield Note(Tone.WARNING, text)


def kind_of(run: Run) -> Text:
    """'measured' or 'estimated'."""
    return label(run.provenance)


def kinds_of(runs: Iterable[Run]) -> Text:
    """'measured', 'estimated', both, or 'no data': what the figures of runs are."""
    found = {run.estimated: kind_of(run) for run in runs if run.stats}
    if len(found) > 1:
        return Text(N_("{one} and {other}"), one=found[False], other=found[True])
    return next(iter(found.values()), Text(NO_DATA))


def timed_here(runs: Iterable[Run]) -> Text:
    """'The pass, timed here: NumPy 34.2 ms, measured (median of 59 passes); Python for-loops
    2.3 h, estimated.' NOTHING where no run has a figure.
    """
    found = sorted((run for run in runs if run.stats), key=lambda run: run.estimated)
    told = tuple(map(_timed, found))
    return Text(N_("The pass, timed here: {runs:semicolons}."), runs=told) if told else NOTHING


def _timed(run: Run) -> Text:
    values = {"name": backend_name(run.backend), "kind": kind_of(run)}
    p50 = 0.0 if run.stats is None else run.stats.p50
    if run.estimated or run.stats is None:
        return Text(N_("{name} {p50:tick}, {kind}"), p50=p50, **values)
    said = P_(
        "{name} {p50:seconds}, {kind} ({n:group} pass)",
        "{name} {p50:seconds}, {kind} (median of {n:group} passes)",
    )
    return Text(said, p50=p50, n=run.stats.n, **values)


def here(runs: Iterable[Run]) -> Text:
    """Where the figures come from: 'measured here', 'estimated here' (the "est." rows), …"""
    told = [run for run in runs if run.stats]
    return Text(N_("{kinds} here"), kinds=kinds_of(told)) if told else Text(NO_DATA)


def conditions(batches: Sequence[int], dtype: str, training: bool) -> Text:
    """How a network was timed: 'batch 128 · float32 · inference'."""
    sizes = tuple(Text("{batch:group}", batch=batch) for batch in batches)
    return joined(
        (
            Text(P_("batch {sizes:items}", "batches {sizes:items}"), sizes=sizes, n=len(batches)),
            own(dtype),
            mode(training),
        )
    )


def pass_text(of: Pass) -> Text:
    """What was timed: 'alexnet, batch 128, float32, inference'."""
    return Text(
        N_("{name}, batch {batch:group}, {dtype}, {mode}"),
        name=spoken(of.workload.name),
        batch=of.batch,
        dtype=of.dtype,
        mode=mode(of.training),
    )


def mode(training: bool) -> Text:
    """What kind of pass it is, in a word."""
    return Text(N_("training")) if training else Text(N_("inference"))


def machine_line(machine: Machine | None) -> Text:
    """The machine in one line: CPU, what of it may be used, BLAS with its core and threads, GPU."""
    if machine is None:
        return Text(N_("machine: no data"))
    parts = [own(machine.cpu), _cores(machine)]
    blas = machine.blas
    if blas is not None:
        threads = P_(
            "{library} {version}, {kernels} kernels, {n:group} thread",
            "{library} {version}, {kernels} kernels, {n:group} threads",
        )
        parts.append(
            Text(
                threads,
                library=library_name(blas.library),
                version=blas.version,
                kernels=blas.architecture,
                n=blas.threads,
            )
        )
    return joined((*parts, own(machine.gpu or "")))


def _cores(machine: Machine) -> Text:
    """How many there are, and how many this process may use where that is fewer."""
    cores = Text(P_("{n:group} core", "{n:group} cores"), n=machine.cores)
    usable = machine.quota
    if usable is None and machine.allowed is not None and machine.allowed < machine.cores:
        usable = machine.allowed
    if usable is None:
        return cores
    return Text(N_("{cores}, {usable:.3g} of them usable"), cores=cores, usable=usable)
