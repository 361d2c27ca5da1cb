"""Results as curves: the numbers a kept chart draws, before any painter. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmviz.bench.results import Results, Run
from mmviz.state.clock.series import SHORTEST_S, Floats, extremes, running
from mmviz.text import N_, P_, Text
from mmviz.words.timing import kind_of, long_name

_NOTHING = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One backend. All times in seconds; x is the share of the samples or log10 of the batch.

    `estimated[i]`: point i is scaled up from a part of a pass. `raw_x`, `raw`: samples, thinned to
    what a chart can show. `name` and `told` are the two lines of its label.
    """

    backend: str
    x: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    estimated: tuple[bool, ...]
    raw_x: Floats
    raw: Floats
    name: Text
    told: Text
    over_samples: bool


def batches(results: Results) -> tuple[int, ...]:
    """The batches of a run, each once, in order of size."""
    return tuple(sorted({run.batch for run in results.runs}))


def curves(results: Results) -> tuple[Curve, ...]:
    """One curve for each backend that has data: over its samples, or over the batch if several."""
    with_data = [run for run in results.runs if run.samples_s]
    if len(batches(results)) == 1:
        return tuple(_over_samples(run, results) for run in with_data)
    backends = dict.fromkeys(run.backend for run in with_data)
    return tuple(
        _over_batch([run for run in with_data if run.backend == backend], results)
        for backend in backends
    )


def _over_samples(run: Run, results: Results) -> Curve:
    """The last samples' median and band along the run; an estimate is a level."""
    values = _seconds(run)
    n = len(values)
    if run.estimated:
        x, p10, p50, p90 = np.array([0.0, 1.0]), *(np.repeat(values[:1], 2) for _ in range(3))
        raw_x, raw = _NOTHING, _NOTHING
    else:
        at, p10, p50, p90 = running(values)
        x = (at + 1) / n
        at, raw = extremes(values)
        raw_x = (at + 0.5) / n
    return Curve(
        run.backend,
        x,
        p10,
        p50,
        p90,
        (run.estimated,) * len(x),
        raw_x,
        raw,
        long_name(run.backend, results.machine),
        _told(run, values),
        over_samples=True,
    )


def _told(run: Run, values: Floats) -> Text:
    if run.estimated:
        return Text(N_("{took:tick} {kind}"), took=float(values[0]), kind=kind_of(run))
    samples = P_(
        "{took:seconds} median of {n:group} sample", "{took:seconds} median of {n:group} samples"
    )
    return Text(samples, took=float(np.median(values)), n=len(values))


def _over_batch(runs: Sequence[Run], results: Results) -> Curve:
    """Median and band at each batch."""
    runs = sorted(runs, key=lambda run: run.batch)
    p10, p50, p90 = np.array([np.percentile(_seconds(run), (10, 50, 90)) for run in runs]).T
    flags = tuple(run.estimated for run in runs)
    kinds = {run.estimated: kind_of(run) for run in runs}
    told = next(iter(kinds.values()))
    if len(kinds) > 1:
        told = Text(N_("{kind}, dashed: {other}"), kind=kinds[False], other=kinds[True])
    x = np.log10([run.batch for run in runs])
    name = long_name(runs[0].backend, results.machine)
    return Curve(
        runs[0].backend,
        x,
        p10,
        p50,
        p90,
        flags,
        _NOTHING,
        _NOTHING,
        name,
        told,
        over_samples=False,
    )


def _seconds(run: Run) -> Floats:
    return np.maximum(np.asarray(run.samples_s, np.float64), SHORTEST_S)
