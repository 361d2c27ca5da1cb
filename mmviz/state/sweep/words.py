"""A priced sweep as words: its fastest point, where its waves begin, where it turns compute-bound.

All of it is modelled, and every time is told with its error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmviz import units
from mmviz.core.time.cost import LOSS_NAMES
from mmviz.core.time.sweep import Ints, Sweep

MOST_STEPS = 6
LEAST_STEP = 0.01  # of the time before it; smaller ones are left out


@dataclass(frozen=True, slots=True)
class Step:
    """From one point to the next, `gain` more of the time before: a wave begins."""

    before: int
    point: int
    gain: float


def error_text(error: float | None) -> str:
    """'± 6 %', or '± no data' where it is not known."""
    if error is None or np.isnan(error):
        return f"± {units.NO_DATA}"
    return f"± {units.sig(100 * error, 2)} %"


def error_span(found: Sweep) -> str:
    """'± 2.6 to 5.9 %': the least and the greatest error of the points."""
    error = found.error[~np.isnan(found.error)]
    if not len(error):
        return error_text(None)
    low, high = (error_text(float(e)) for e in (error.min(), error.max()))
    return low if low == high else f"{low.removesuffix(' %')} to {high.removeprefix('± ')}"


def time_text(found: Sweep, point: int, per_example: bool = False) -> str:
    """'0.30 ms ± 6 %', or 'no data'."""
    seconds = float((found.per_example if per_example else found.seconds)[point])
    if np.isnan(seconds):
        return units.NO_DATA
    return f"{units.seconds(seconds)} {error_text(float(found.error[point]))}"


def missing_text(found: Sweep) -> str:
    """Why there are no times and what would bring them."""
    remedy = " — calibrate this machine: ten seconds" * found.basis.startswith("not calibrated")
    return f"{units.NO_DATA}: {found.basis}{remedy}"


def layer_name(found: Sweep) -> str:
    """The name of the swept layer, "" where only the batch changes."""
    points = found.points
    if points.layer is None:
        return ""
    return points.network.layers[points.layer].name or f"layer {points.layer + 1}"


def place_text(found: Sweep, point: int) -> str:
    """'batch 512', and where a width is swept 'batch 512, fc6 1 024 wide'."""
    batch = f"batch {units.group(int(found.points.batches[point]))}"
    width = found.points.width(point)
    return batch if width is None else f"{batch}, {layer_name(found)} {units.group(width)} wide"


def place_span(found: Sweep) -> str:
    """'batch 1 to 4 096', and where a width is swept 'batch 128, fc6 64 to 4 096 wide'."""
    points = found.points
    parts = [f"batch {_span(points.batches)}"]
    if points.widths is not None:
        parts.append(f"{layer_name(found)} {_span(points.widths)} wide")
    return ", ".join(parts)


def _span(values: Ints) -> str:
    low, high = units.group(int(values.min())), units.group(int(values.max()))
    return low if low == high else f"{low} to {high}"


def reading(found: Sweep, point: int) -> tuple[str, ...]:
    """Everything about one point, a line each: for a tool tip and for a screen reader."""
    lines = [place_text(found, point)]
    if np.isnan(found.seconds[point]):
        return (*lines, missing_text(found))
    lines.append(f"{time_text(found, point)}, modelled")
    lines.append(f"{units.seconds(float(found.per_example[point]))} per example")
    lines.append(f"{units.percent(float(found.efficiency[point]))} of the peak")
    tiles = units.plural(int(found.tiles[point]), "tile")
    lines.append(f"{tiles} in {units.plural(int(found.waves[point]), 'wave')}")
    limit = found.limited_by(point)
    if limit is not None:
        lines.append(f"most of it: {'computing at the ' * (limit == 'peak')}{LOSS_NAMES[limit]}")
    return tuple(lines)


def fastest(found: Sweep) -> int | None:
    """The point with the least time per example; None where no time is known."""
    return int(np.nanargmin(found.per_example)) if found.known else None


def steps(found: Sweep) -> tuple[Step, ...]:
    """Where waves begin along a sweep of one axis: the largest jumps, in their order.

    A jump counts where the waves of the pass become more and its time at least LEAST_STEP longer.
    """
    if not found.known or not one_axis(found) or len(found.points) < 2:
        return ()
    grown = found.seconds[1:] / found.seconds[:-1] - 1
    begins = (np.diff(found.waves) > 0) & (grown >= LEAST_STEP)
    order = np.argsort(np.where(begins, -grown, np.inf), kind="stable")[:MOST_STEPS]
    kept = sorted(int(i) for i in order if begins[i])
    return tuple(Step(i, i + 1, float(grown[i])) for i in kept)


def one_axis(found: Sweep) -> bool:
    """Whether only the batch or only the width changes."""
    points = found.points
    return points.widths is None or len(np.unique(points.batches)) == 1


def axis_values(found: Sweep) -> Ints:
    """What changes along a sweep of one axis: the batches, or the widths."""
    points = found.points
    return points.batches if points.widths is None else points.widths


def axis_name(found: Sweep) -> str:
    """'batch', or 'units of fc6'."""
    return "batch" if found.points.widths is None else f"units of {layer_name(found)}"


def _products(found: Sweep) -> int:
    """How many matrix products a pass has."""
    layers = len(found.points.network.layers)
    return 3 * layers - 1 if found.points.training else layers


def compute_bound_text(found: Sweep) -> str:
    """From where on the products are on the compute's side of the roofline; one sentence."""
    memory = found.memory_bound
    if (memory < 0).any():
        return f"bound by memory or compute: {units.NO_DATA}"
    products = _products(found)
    if not (memory > 0).any():
        return "every product is compute-bound at every point"
    if (memory > 0).all():
        least = int(memory.min())
        if least == products:
            return "every product is memory-bound at every point"
        return (
            f"at every point {units.group(least)} or more of {products} products are memory-bound"
        )
    if not one_axis(found):
        share = units.percent(float((memory == 0).mean()))
        return f"every product is compute-bound at {share} of the points"
    values = axis_values(found)
    last = int(np.flatnonzero(memory > 0)[-1])
    name = axis_name(found)
    if last + 1 == len(values):
        first = units.group(int(values[np.flatnonzero(memory == 0)[0]]))
        return f"at the end of the range some product is memory-bound, not at {name} {first}"
    first = units.group(int(values[last + 1]))
    return f"compute-bound, every product of the pass, from {name} {first} on"


def budget_text(found: Sweep, budget_s: float | None) -> str:
    """The largest point within a budget of time, "" where there is none."""
    if budget_s is None or not found.known or not one_axis(found):
        return ""
    within = np.flatnonzero(found.seconds <= budget_s)
    budget = f"budget {units.seconds(budget_s)}"
    if not len(within):
        return f"{budget}: no point is within it"
    largest = units.group(int(axis_values(found)[within].max()))
    return f"{budget}: largest {axis_name(found)} {largest}"


def summary_lines(found: Sweep, budget_s: float | None = None) -> tuple[str, ...]:
    """What a reader wants to know first, a line each."""
    best = fastest(found)
    if best is None:
        return (missing_text(found), compute_bound_text(found))
    lines = [_line("fastest per example", found, best)]
    top = int(np.nanargmax(found.efficiency))
    if top != best:
        lines.append(_line("nearest to the peak", found, top))
    told = steps(found)
    if told:
        lines.append("where a wave begins, the largest steps:")
    values = axis_values(found)
    for step in told:
        before, after = (units.group(int(values[i])) for i in (step.before, step.point))
        waves = f"{found.waves[step.before]} → {found.waves[step.point]} waves"
        if _products(found) > 1:  # a sum over them
            waves = "waves of all products " + waves.removesuffix(" waves")
        times = (
            f"{units.seconds(float(found.seconds[step.before]))} → {time_text(found, step.point)}"
        )
        lines.append(
            f"  {axis_name(found)} {before} → {after}: {waves}, {times}, "
            f"+{units.sig(100 * step.gain, 2)} %"
        )
    lines.append(compute_bound_text(found))
    budget = budget_text(found, budget_s)
    return (*lines, budget) if budget else tuple(lines)


def _line(what: str, found: Sweep, point: int) -> str:
    each = units.seconds(float(found.per_example[point]))
    peak = units.percent(float(found.efficiency[point]))
    place, took = place_text(found, point), time_text(found, point)
    return f"{what}: {place}, {took} a pass, {each} per example, {peak} of the peak"
