"""What `mmviz sweep` prints."""

from __future__ import annotations

from mmviz import units
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.device.device import Device
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Sweep
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.words.sweep import (
    error_span,
    place_span,
    place_text,
    summary_lines,
    time_text,
)


def sweep_lines(
    found: Sweep,
    setup: Setup,
    budget_s: float | None,
    measured: tuple[MeasuredPoint, ...],
) -> list[str]:
    """What was swept and how sure it is, its summary, and what was measured beside the predictions.

    How far a prediction is off is told only where it is one for this machine.
    """
    mode = "training" if found.points.training else "inference"
    count = units.plural(len(found.points), "point")
    lines = [
        f"{found.points.network.name}, {place_span(found)} ({count}), {mode}, {setup.dtype}, "
        f"on {setup.device.name}, modelled"
    ]
    if found.known:
        lines.append(f"{found.basis}, error {error_span(found)}")
    lines += map(str, summary_lines(found, budget_s))
    if measured:
        lines += [
            "",
            "measured on this machine, median:",
            *_measured_lines(found, measured, setup.device),
        ]
    return lines


def _measured_lines(found: Sweep, measured: tuple[MeasuredPoint, ...], device: Device) -> list[str]:
    index = {
        (int(found.points.batches[i]), found.points.width(i)): i for i in range(len(found.points))
    }
    lines = []
    for point in measured:
        i, stats = index[(point.run.batch, point.width)], point.run.stats
        took = units.NO_DATA if stats is None else units.seconds(stats.p50)
        about = "≈ " if point.run.estimated else ""
        beside = f"predicted {time_text(found, i)}" if found.known else units.NO_DATA
        if found.known and stats is not None and device.id == THIS_MACHINE:
            off = stats.p50 / float(found.seconds[i]) - 1
            side = "above" if off >= 0 else "below"
            beside += f", {units.sig(100 * abs(off), 2)} % {side} the prediction"
        lines.append(f"  {point.run.backend}, {place_text(found, i)}: {about}{took}, {beside}")
    return lines
