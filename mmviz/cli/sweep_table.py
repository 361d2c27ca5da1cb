"""What `mmviz sweep` prints."""

from __future__ import annotations

from mmviz.bench.results import MEASURED
from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Sweep
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words.provenance import label
from mmviz.words.sweep import error_span, place_span, place_text, summary_lines, time_text
from mmviz.words.timing import mode


def sweep_lines(
    found: Sweep, setup: Setup, budget_s: float | None, measured: tuple[MeasuredPoint, ...]
) -> list[Text]:
    """What was swept and how sure it is, its summary, and what was measured beside the predictions.

    How far a prediction is off is told only where it is one for this machine.
    """
    head = P_(
        "{network}, {span} ({n:group} point), {mode}, {dtype}, on {device}, {kind}",
        "{network}, {span} ({n:group} points), {mode}, {dtype}, on {device}, {kind}",
    )
    lines = [
        Text(
            head,
            n=len(found.points),
            network=found.points.network.name,
            span=place_span(found),
            mode=mode(found.points.training),
            dtype=setup.dtype,
            device=setup.device.name,
            kind=label(found.provenance),
        )
    ]
    if found.known:
        said = Text(N_("{basis}, {error}"), basis=found.basis, error=error_span(found))
        lines.append(joined((said, found.provenance.beyond), "semicolons"))
    lines += summary_lines(found, budget_s)
    if found.calibrate and setup.device.remedy:
        lines.append(setup.device.remedy)
    if measured:
        lines += [NOTHING, Text(N_("{kind} on this machine, median:"), kind=label(MEASURED))]
        lines += _measured_lines(found, measured, here=setup.device.id == THIS_MACHINE)
    return lines


def failure(point: MeasuredPoint) -> Text:
    """'numpy at batch 512: out of memory'."""
    run = point.run
    values = {"backend": run.backend, "batch": run.batch, "failure": run.failure}
    if point.width is None:
        return Text(N_("{backend} at batch {batch:group}: {failure}"), **values)
    said = N_("{backend} at batch {batch:group}, {width:group} wide: {failure}")
    return Text(said, **values, width=point.width)


def _measured_lines(found: Sweep, measured: tuple[MeasuredPoint, ...], *, here: bool) -> list[Text]:
    index = {
        (int(found.points.batches[i]), found.points.width(i)): i for i in range(len(found.points))
    }
    lines = []
    for point in measured:
        i, stats = index[(point.run.batch, point.width)], point.run.stats
        p50 = None if stats is None else stats.p50
        took = Text(N_("≈ {p50:seconds}") if point.run.estimated else "{p50:seconds}", p50=p50)
        lines.append(
            Text(
                N_("  {backend}, {place}: {took}, {beside}"),
                backend=point.run.backend,
                place=place_text(found, i),
                took=took,
                beside=_beside(found, i, p50 if here else None),
            )
        )
    return lines


def _beside(found: Sweep, i: int, p50: float | None) -> Text:
    """The prediction of a point; p50: measured where that is what was predicted."""
    if not found.known:
        return Text("{none}", none=None)
    time = time_text(found, i)
    if p50 is None:
        return Text(N_("predicted {time}"), time=time)
    off = p50 / float(found.seconds[i]) - 1
    above = N_("predicted {time}, {off:percent2} above the prediction")
    below = N_("predicted {time}, {off:percent2} below the prediction")
    return Text(above if off >= 0 else below, time=time, off=abs(off))
