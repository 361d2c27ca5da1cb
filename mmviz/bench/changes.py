"""Why a later run differs from an earlier one, as far as both say what they ran on and beside what.

A cause is named only where it goes the way the times went; of threads, another library or version
nobody knows which way that is. That it is there does not prove that it was it: it is what a reader
looks at first.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmviz.bench.fingerprint import precision
from mmviz.bench.hindrances import NOTICED
from mmviz.bench.machine import Machine
from mmviz.bench.results import Run
from mmviz.text import N_, NOTHING, P_, Text, own

_ALIKE = 0.05  # share of the memory that a kernel may keep to itself
_CORES = 0.85  # of the cores kept busy before: so few are told
_CLOCK = 0.03  # share by which clocks differ
_MOST = 0.5  # of the difference, from which on a part of a pass is the cause

Machines = tuple[Machine | None, Machine | None]


def other_machine(machines: Machines, *, gpu: bool) -> Text:
    """That the runs are of two computers, NOTHING where they are of one; gpu: it computes."""
    before, after = machines
    if before is None or after is None:
        return Text(N_("it is not known on which machine the runs were"))
    if before.cpu != after.cpu:
        return _another(before.cpu, after.cpu)
    if before.logical_cores != after.logical_cores:
        said = P_(
            "another machine: {n:group} core, {before:group} before",
            "another machine: {n:group} cores, {before:group} before",
        )
        return Text(said, n=after.logical_cores, before=before.logical_cores)
    if abs(after.memory - before.memory) > _ALIKE * before.memory:
        return Text(
            N_("another machine: {now:size} of memory, {before:size} before"),
            now=after.memory,
            before=before.memory,
        )
    if gpu and before.gpu != after.gpu:
        return _another(before.gpu or "", after.gpu or "")
    return NOTHING


def _another(before: str, after: str) -> Text:
    said = N_("another machine: {now}, {before} before")
    return Text(said, now=own(after or "?"), before=own(before or "?"))


def cause(before: Run, after: Run, machines: Machines, slower: bool, *, whole: bool = True) -> Text:
    """The first thing that explains why `after` is slower, or faster; NOTHING: nothing known.

    whole: of a whole pass, which has a launch in it, not of a part.
    """
    return next(_causes(before, after, machines, slower, whole), NOTHING)


def _causes(
    before: Run, after: Run, machines: Machines, slower: bool, whole: bool
) -> Iterator[Text]:
    then, now = machines
    yield from _precision(before, after, slower)
    if then is not None and now is not None:
        yield from _library(then, now)
    yield from _clocks(before, after, slower)
    yield from _crowd(before, after, machines, slower)
    if whole:
        yield from _launch(before, after, slower)
    if then is not None and now is not None:
        yield from _versions(then, now)


def _precision(before: Run, after: Run, slower: bool) -> Iterator[Text]:
    """A longer format where it is slower, a shorter one where it is faster."""
    if before.fingerprint is None or after.fingerprint is None:
        return
    then, now = precision(before.fingerprint), precision(after.fingerprint)
    if then != now and (before.fingerprint > after.fingerprint) == slower:
        names = {"tf32": "TF32"}
        yield Text(
            N_("computed in {now}, in {before} before"),
            now=own(names.get(now, now)),
            before=own(names.get(then, then)),
        )


def _library(before: Machine, after: Machine) -> Iterator[Text]:
    then, now = before.blas, after.blas
    if then is None or now is None:
        return
    if then.threads != now.threads:
        said = P_(
            "{n:group} thread, {before:group} before", "{n:group} threads, {before:group} before"
        )
        yield Text(said, n=now.threads, before=then.threads)
    for old, new in (
        (then.library, now.library),
        (then.architecture, now.architecture),
        (then.version, now.version),
    ):
        if old != new:
            yield Text(N_("BLAS {now}, {before} before"), now=own(new), before=own(old))
    if before.quota != after.quota or before.allowed != after.allowed:
        yield Text(N_("it may use another share of the cores than before"))


def _clocks(before: Run, after: Run, slower: bool) -> Iterator[Text]:
    then, now = before.sensed, after.sensed
    for name, fell, rose in (
        (
            "gpu_clock_mhz",
            N_("GPU clock fell to {now:group} MHz from {before:group}"),
            N_("GPU clock rose to {now:group} MHz from {before:group}"),
        ),
        (
            "cpu_clock_mhz",
            N_("CPU clock fell to {now:group} MHz from {before:group}"),
            N_("CPU clock rose to {now:group} MHz from {before:group}"),
        ),
    ):
        old, new = getattr(then, name, None), getattr(now, name, None)
        if not old or not new:
            continue
        if slower and new < old * (1 - _CLOCK):
            yield Text(fell, now=round(new), before=round(old))
        if not slower and new > old * (1 + _CLOCK):
            yield Text(rose, now=round(new), before=round(old))


def _crowd(before: Run, after: Run, machines: Machines, slower: bool) -> Iterator[Text]:
    """Others on the cores: more of them where it is slower, fewer where it is faster."""
    then, now = _others(before), _others(after)
    if then is None or now is None:
        return
    if (now - then if slower else then - now) <= NOTICED:
        return
    threads = machines[1].blas.threads if machines[1] and machines[1].blas else 0
    kept = _kept_busy(after)
    if slower and threads > 1 and kept is not None and kept < _CORES * threads:
        shared = N_("cores shared: {threads:group} threads gave {kept:sig2} ×")
        yield Text(shared, threads=threads, kept=kept)
    said = N_("other programs took {now:percent2} of the cores, {before:percent2} before")
    yield Text(said, now=now, before=then)


def _others(run: Run) -> float | None:
    return None if run.load is None else run.load.others


def _kept_busy(run: Run) -> float | None:
    """How many cores its threads kept busy."""
    load = run.load
    if load is None or load.ran_s is None or not load.wall_s:
        return None
    return load.ran_s / load.wall_s


def _launch(before: Run, after: Run, slower: bool) -> Iterator[Text]:
    """That a submission costs more or less, where that is most of the difference."""
    then, now = _launch_s(before), _launch_s(after)
    if then is None or now is None or before.stats is None or after.stats is None:
        return
    apart = after.stats.p50 - before.stats.p50
    if apart and (now - then) / apart > _MOST:
        yield Text(N_("launch cost rose")) if slower else Text(N_("launch cost fell"))


def _launch_s(run: Run) -> float | None:
    return next((part.seconds for part in run.parts if part.what == "launch"), None)


def _versions(before: Machine, after: Machine) -> Iterator[Text]:
    for name, new in after.versions.items():
        old = before.versions.get(name)
        if old is not None and old != new:
            yield Text(
                N_("{name} {now}, {before} before"), name=own(name), now=own(new), before=own(old)
            )
    if before.variables != after.variables:
        yield Text(N_("other environment variables steer BLAS"))
