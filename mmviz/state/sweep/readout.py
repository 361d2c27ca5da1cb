"""All that is told of one point of a sweep: what was measured there, and what is predicted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mmviz.bench.break_even import break_even
from mmviz.bench.faster import figure as median
from mmviz.bench.results import Run
from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.curves import MeasuredCurve
from mmviz.state.sweep.values import ENERGY, FASTER, figure
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.break_even import speed_up
from mmviz.words.provenance import label
from mmviz.words.sensors import energy_part
from mmviz.words.sweep import place_text, reading
from mmviz.words.timing import backend_name, machine_line, run_name


@dataclass(frozen=True, slots=True)
class Row:
    """what, and the figure it has, NOTHING where it is a sentence; backend: whose it is, or ""."""

    what: Text
    figure: Text = NOTHING
    backend: str = ""

    @property
    def told(self) -> Text:
        """The row as one text."""
        if not self.figure:
            return self.what
        return Text(N_("{what}: {figure}"), what=self.what, figure=self.figure)


def rows_at(chart: SweepChart, point: int) -> tuple[Row, ...]:
    """The point itself, backend by backend what was measured there, and the prediction."""
    place = place_text(chart.found, point)
    here = [] if chart.heat else list(_here(chart, point))
    doing = Text(N_("measuring …")) if _is_timed_now(chart, point) else NOTHING
    rows = [Row(place, doing)]
    rows += [Row(called(curve), _figure(curve, i, chart.value), curve.backend) for curve, i in here]
    rows += _faster([curve.points[i].run for curve, i in here if not curve.copies])
    if chart.found.known or not here:
        rows += [Row(line) for line in reading(chart.found, point)[1:]]
    machines = (curve.points[i].machine for curve, i in here)
    machine = next((machine for machine in machines if machine is not None), None)
    if machine is not None:
        rows.append(Row(machine_line(machine)))
    return tuple(rows)


def told_at(chart: SweepChart, point: int) -> Text:
    """The same in one text, for who does not see it."""
    return joined([row.told for row in rows_at(chart, point)], "commas")


def called(curve: MeasuredCurve) -> Text:
    """'NumPy', 'wgpu (software, no GPU)', 'wgpu, with copies'."""
    if curve.copies:  # what it is stands at its other curve
        return Text(N_("{name}, with copies"), name=backend_name(curve.backend))
    return run_name(curve.points[0].run)


def _here(chart: SweepChart, point: int) -> Iterator[tuple[MeasuredCurve, int]]:
    """Every curve that has this very point, and where in it."""
    for curve in chart.drawn:
        for i in np.flatnonzero(curve.x == chart.x[point]).tolist():
            yield curve, i


def _figure(curve: MeasuredCurve, i: int, value: str) -> Text:
    """'461 ms ± 3 %, measured'."""
    run = curve.points[i].run
    said = figure(value, float(curve.scaled(value)[1][i]))
    if not run.estimated and value not in (ENERGY, FASTER):
        said = Text("{figure}{error:beside}", figure=said, error=median(run).error)
    if value == ENERGY and (part := energy_part(run)):
        said = Text(N_("{figure} ({part})"), figure=said, part=part)
    return Text(N_("{figure}, {kind}"), figure=said, kind=label(run.provenance))


def _faster(runs: list[Run]) -> Iterator[Row]:
    """How many times faster the fastest is than the slowest, where both were measured."""
    timed = [run for run in runs if run.stats is not None and not run.estimated]
    if len(timed) < 2:
        return
    timed.sort(key=lambda run: run.stats.p50 if run.stats is not None else 0.0)
    fast, slow = timed[0].backend, timed[-1].backend
    (point,) = break_even(timed, slow, fast).points
    what = Text(N_("faster by") if point.verdict.better is not None else N_("faster"))
    if len(timed) > 2 and point.verdict.better is not None:
        both = {"fast": backend_name(fast), "slow": backend_name(slow)}
        what = Text(N_("{fast} faster than {slow} by"), **both)
    yield Row(what, speed_up(point))


def _is_timed_now(chart: SweepChart, point: int) -> bool:
    return chart.timing is not None and int(chart.found.points.batches[point]) == chart.timing
