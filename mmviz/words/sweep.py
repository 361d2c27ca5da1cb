"""A priced sweep as words: its fastest point, its largest steps, where it turns compute-bound.

All of it is modelled, and every time is told with its error.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmviz import units
from mmviz.core.memory.fit import too_much
from mmviz.core.time.sweep import Ints, Sweep
from mmviz.core.time.sweep_marks import Step, axis_values, fastest, one_axis, products_of, steps
from mmviz.core.verdict import tied
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined
from mmviz.words.cost import goes_to, loss
from mmviz.words.products import layer_name
from mmviz.words.provenance import label


def error_text(error: float | None) -> Text:
    """'± 6 %', or 'error unknown'."""
    return Text("{error:plus_minus}", error=error)


def error_span(found: Sweep) -> Text:
    """'± 2.6 to 5.9 %': the least and the greatest error of the points."""
    error = found.error[~np.isnan(found.error)]
    if not len(error):
        return error_text(None)
    low, high = 100 * float(error.min()), 100 * float(error.max())
    if units.sig(low, 2) == units.sig(high, 2):
        return error_text(float(error.min()))
    return Text(N_("± {low:sig2} to {high:sig2} %"), low=low, high=high)


def time_text(found: Sweep, point: int) -> Text:
    """'0.30 ms ± 6 %', or 'no data'."""
    seconds = float(found.seconds[point])
    if not found.fits[point]:
        return too_much(float(found.needed[point]), found.memory or 0.0)
    if np.isnan(seconds):
        return Text(NO_DATA)
    return Text("{seconds:seconds}{error:beside}", seconds=seconds, error=found.error[point])


def missing_text(found: Sweep) -> Text:
    """Why there are no times."""
    if not found.fits.any() and found.memory is not None:
        return too_much(float(found.needed.min()), found.memory)
    if found.calibrate:
        return Text("{why:capital}", why=found.basis)
    return Text(N_("no data: {basis}"), basis=found.basis)


def swept_layer(found: Sweep) -> Text:
    """The name of the swept layer, NOTHING where only the batch changes."""
    points = found.points
    if points.layer is None:
        return NOTHING
    return layer_name(points.network.layers, points.layer)


def place_text(found: Sweep, point: int) -> Text:
    """'batch 512', and where a width is swept 'batch 512, fc6 1 024 wide'."""
    batch, width = int(found.points.batches[point]), found.points.width(point)
    if width is None:
        return Text(N_("batch {batch:group}"), batch=batch)
    wide = N_("batch {batch:group}, {layer} {width:group} wide")
    return Text(wide, batch=batch, layer=swept_layer(found), width=width)


def place_span(found: Sweep) -> Text:
    """'batch 1 to 4 096', and where a width is swept 'batch 128, fc6 64 to 4 096 wide'."""
    points, batches = found.points, _span(found.points.batches)
    if points.widths is None:
        return Text(N_("batch {batches}"), batches=batches)
    wide = N_("batch {batches}, {layer} {widths} wide")
    return Text(wide, batches=batches, layer=swept_layer(found), widths=_span(points.widths))


def _span(values: Ints) -> Text:
    low, high = int(values.min()), int(values.max())
    if low == high:
        return Text("{low:group}", low=low)
    return Text(N_("{low:group} to {high:group}"), low=low, high=high)


def reading(found: Sweep, point: int) -> tuple[Text, ...]:
    """Everything about one point, a line each: for a tool tip and for a screen reader."""
    place = place_text(found, point)
    if not found.fits[point]:
        return place, too_much(float(found.needed[point]), found.memory or 0.0)
    if np.isnan(found.seconds[point]):
        return place, missing_text(found)
    tiles = Text(P_("{n:group} tile", "{n:group} tiles"), n=int(found.tiles[point]))
    waves = Text(P_("{n:group} wave", "{n:group} waves"), n=int(found.waves[point]))
    lines = [
        place,
        Text(N_("{time}, {kind}"), time=time_text(found, point), kind=label(found.provenance)),
        Text(N_("{each:seconds} per example"), each=float(found.per_example[point])),
        Text(N_("{share:percent} of the peak"), share=float(found.efficiency[point])),
        Text(N_("{tiles} in {waves}"), tiles=tiles, waves=waves),
    ]
    limit = found.limited_by(point)
    if limit is not None:
        of = loss(limit)
        most = N_("most of it: {loss}")
        at_peak = N_("most of it: computing at the {loss}")
        lines.append(Text(at_peak if limit == "peak" else most, loss=of))
    return tuple(lines)


def axis_name(found: Sweep) -> Text:
    """'batch', or 'units of fc6'."""
    if found.points.widths is None:
        return Text(N_("batch"))
    return Text(N_("units of {layer}"), layer=swept_layer(found))


def compute_bound_text(found: Sweep) -> Text:
    """From where on the products are on the compute's side of the roofline; one sentence."""
    memory = found.memory_bound
    if (memory < 0).any():
        return Text(N_("bound by memory or compute: no data"))
    if not (memory > 0).any():
        return Text(N_("every product is compute-bound at every point"))
    if (memory > 0).all():
        least, products = int(memory.min()), products_of(found)
        if least == products:
            return Text(N_("every product is memory-bound at every point"))
        some = N_("at every point {least:group} or more of {products} products are memory-bound")
        return Text(some, least=least, products=products)
    if not one_axis(found):
        share = float((memory == 0).mean())
        return Text(
            N_("every product is compute-bound at {share:percent} of the points"), share=share
        )
    values, name = axis_values(found), axis_name(found)
    last = int(np.flatnonzero(memory > 0)[-1])
    if last + 1 == len(values):
        first = int(values[np.flatnonzero(memory == 0)[0]])
        late = N_(
            "at the end of the range some product is memory-bound, not at {axis} {first:group}"
        )
        return Text(late, axis=name, first=first)
    on = N_("compute-bound, every product of the pass, from {axis} {first:group} on")
    return Text(on, axis=name, first=int(values[last + 1]))


def budget_text(found: Sweep, budget_s: float | None) -> Text:
    """The largest point within a budget of time, NOTHING where there is none."""
    if budget_s is None or not found.known or not one_axis(found):
        return NOTHING
    within = np.flatnonzero(found.seconds <= budget_s)
    if not len(within):
        return Text(N_("budget {budget:seconds}: no point is within it"), budget=budget_s)
    largest = int(axis_values(found)[within].max())
    most = N_("budget {budget:seconds}: largest {axis} {largest:group}")
    return Text(most, budget=budget_s, axis=axis_name(found), largest=largest)


def summary_lines(found: Sweep, budget_s: float | None = None) -> tuple[Text, ...]:
    """What a reader wants to know first, a line each."""
    best, beyond = fastest(found), beyond_text(found)
    if best is None:
        return missing_text(found), compute_bound_text(found)
    lines = [*filter(None, (beyond,)), *_fastest(found, best)]
    top = int(np.nanargmax(found.efficiency))
    if top != best:
        lines.append(_line(N_("nearest to the peak: {point}"), found, top))
    lines += step_lines(found)
    lines.append(compute_bound_text(found))
    budget = budget_text(found, budget_s)
    return (*lines, budget) if budget else tuple(lines)


def beyond_text(found: Sweep) -> Text:
    """'3 points do not fit 80 GB of memory: the largest batch that does is 512'; NOTHING where all
    fit.
    """
    beyond = int((~found.fits).sum())
    if not beyond or beyond == len(found.points):
        return NOTHING
    held = {"n": beyond, "memory": found.memory or 0.0}
    if not one_axis(found):
        said = P_(
            "{n:group} point does not fit {memory:size} of memory",
            "{n:group} points do not fit {memory:size} of memory",
        )
        return Text(said, **held)
    said = P_(
        "{n:group} point does not fit {memory:size} of memory: largest {axis} that does {largest}",
        "{n:group} points do not fit {memory:size} of memory: largest {axis} that does {largest}",
    )
    largest = int(axis_values(found)[found.fits].max())
    shown = Text("{largest:group}", largest=largest)
    return Text(said, **held, axis=axis_name(found), largest=shown)


def step_lines(found: Sweep) -> tuple[Text, ...]:
    """A line that says what they are, and the largest steps, the largest first; or nothing."""
    told = steps(found)
    if not told:
        return ()
    head = Text(N_("the largest steps, and what they are lost to:"))
    return (head, *(Text("  {step}", step=_step(found, step)) for step in told))


def largest_step(found: Sweep) -> Text:
    """'largest step: batch 128 → 129: +13 %, …, tile quantization; 2 → 3 waves', or NOTHING."""
    told = steps(found)
    return Text(N_("largest step: {step}"), step=_step(found, told[0])) if told else NOTHING


def _fastest(found: Sweep, best: int) -> Iterator[Text]:
    """The least time per example, and which others its error does not tell from it."""
    if np.isnan(found.error[best]):
        yield _line(N_("least time per example, error unknown: {point}"), found, best)
        return
    yield _line(N_("fastest per example: {point}"), found, best)
    close = np.flatnonzero(tied(found.per_example, found.error, best))
    if not len(close):
        return
    if not one_axis(found):
        said = P_(
            "  too close to call with it: {n:group} point",
            "  too close to call with it: {n:group} points",
        )
        yield Text(said, n=len(close))
        return
    values, axis = axis_values(found)[close], axis_name(found)
    first, last = int(values.min()), int(values.max())
    if len(close) == 1:
        yield Text(N_("  too close to call with it: {axis} {first:group}"), axis=axis, first=first)
        return
    several = N_(
        "  too close to call with it: {n:group} points, {axis} {first:group} to {last:group}"
    )
    yield Text(several, n=len(close), axis=axis, first=first, last=last)


def _step(found: Sweep, step: Step) -> Text:
    """'batch 128 → 129: +13 %, 454 µs → 515 µs ± 8 %, tile quantization; 2 → 3 waves'."""
    values = axis_values(found)
    said = N_("{axis} {low:group} → {high:group}: +{gain:sig2} %, {took:seconds} → {takes}, {why}")
    return Text(
        said,
        axis=axis_name(found),
        low=int(values[step.before]),
        high=int(values[step.point]),
        gain=100 * step.gain,
        took=float(found.seconds[step.before]),
        takes=time_text(found, step.point),
        why=joined((_causes(step), *_beside(found, step)), "semicolons"),
    )


def _causes(step: Step) -> Text:
    """'tile quantization', or 'tile quantization +10 %, wave quantization +6.8 %'; together they
    are the step, what they leave is said.
    """
    if len(step.causes) == 1 and not step.rest:
        return goes_to(step.causes[0][0])
    parts = [(goes_to(id), more) for id, more in step.causes]
    if step.rest:
        parts.append((Text(N_("all else")), step.rest))
    grown, shrunk = N_("{what} +{more:sig2} %"), N_("{what} −{more:sig2} %")
    each = [
        Text(grown if more > 0 else shrunk, what=what, more=100 * abs(more)) for what, more in parts
    ]
    return joined(each, "commas")


def _beside(found: Sweep, step: Step) -> tuple[Text, ...]:
    """What else is seen at a step: waves or tiles that begin, another tile, steps like it."""
    if step.others:
        more = P_("and {n:group} smaller step like it", "and {n:group} smaller steps like it")
        return (Text(more, n=step.others),)
    several = products_of(found) > 1  # a sum over them
    waves, tiles = (
        (int(of[step.before]), int(of[step.point])) for of in (found.waves, found.tiles)
    )
    if waves[1] > waves[0]:
        said = N_("waves of all products {before:group} → {after:group}")
        said = said if several else N_("{before:group} → {after:group} waves")
        return (Text(said, before=waves[0], after=waves[1]),)
    if tiles[1] < tiles[0]:  # of more cells: they are cut otherwise
        said = N_("other tiles, of all products {before:group} → {after:group}")
        said = said if several else N_("other tiles, {before:group} → {after:group}")
        return (Text(said, before=tiles[0], after=tiles[1]),)
    if tiles[1] > tiles[0]:
        said = N_("tiles of all products {before:group} → {after:group}")
        said = said if several else N_("{before:group} → {after:group} tiles")
        return (Text(said, before=tiles[0], after=tiles[1]),)
    return ()


def _line(what: str, found: Sweep, point: int) -> Text:
    """What a point is; an error that is not known is left to be said by `what`."""
    time = Text("{seconds:seconds}", seconds=float(found.seconds[point]))
    of = Text(
        N_("{place}, {time} a pass, {each:seconds} per example, {share:percent} of the peak"),
        place=place_text(found, point),
        time=time if np.isnan(found.error[point]) else time_text(found, point),
        each=float(found.per_example[point]),
        share=float(found.efficiency[point]),
    )
    return Text(what, point=of)
