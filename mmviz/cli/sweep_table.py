"""What `mmviz sweep` prints."""

from __future__ import annotations

from mmviz.bench.sweep_runs import MeasuredPoint
from mmviz.cli.table import Table, said_table
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Sweep
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined, own
from mmviz.words.provenance import label
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.sweep import error_span, place_span, summary_lines, time_text
from mmviz.words.timing import mode

_HEAD = (
    N_("backend"), N_("batch"), N_("width"), N_("n"), N_("p50"), N_("p99"), N_("predicted"), "",
)  # fmt: skip


def sweep_lines(found: Sweep, setup: Setup, budget_s: float | None) -> list[Text]:
    """What was swept and how sure it is, and its summary."""
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
    return lines


def measured_table(
    found: Sweep, setup: Setup, measured: tuple[MeasuredPoint, ...], words: Words = ENGLISH
) -> Table:
    """What was measured beside what is predicted.

    How far a prediction is off is told only where it is one for this machine.
    """
    index = {
        (int(found.points.batches[i]), found.points.width(i)): i for i in range(len(found.points))
    }
    here = setup.device.id == THIS_MACHINE
    rows = [
        _row(found, index[point.run.batch, point.width], point, here=here) for point in measured
    ]
    return said_table((tuple(map(Text, _HEAD)), *rows), words, keys=3)


def failure(point: MeasuredPoint) -> Text:
    """'numpy at batch 512: out of memory'."""
    run = point.run
    values = {"backend": run.backend, "batch": run.batch, "failure": run.failure}
    if point.width is None:
        return Text(N_("{backend} at batch {batch:group}: {failure}"), **values)
    said = N_("{backend} at batch {batch:group}, {width:group} wide: {failure}")
    return Text(said, **values, width=point.width)


def _row(found: Sweep, i: int, point: MeasuredPoint, *, here: bool) -> tuple[Text, ...]:
    run, stats = point.run, point.run.stats
    none = Text(NO_DATA)
    width = NOTHING if point.width is None else Text("{width:group}", width=point.width)
    took = tail = none
    if stats is not None:
        took = Text("≈ {p50:seconds}" if run.estimated else "{p50:seconds}", p50=stats.p50)
        tail = none if stats.tail is None else Text("{p99:seconds}", p99=stats.tail)
    return (
        own(run.backend),
        Text("{batch:group}", batch=run.batch),
        width,
        Text("{n:group}", n=0 if stats is None else stats.n),
        took,
        tail,
        time_text(found, i) if found.known else none,
        _off(found, i, stats.p50) if here and found.fits[i] and found.known and stats else NOTHING,
    )


def _off(found: Sweep, i: int, p50: float) -> Text:
    """How far what was measured is from the prediction."""
    off = p50 / float(found.seconds[i]) - 1
    above = N_("{off:percent2} above the prediction")
    below = N_("{off:percent2} below the prediction")
    return Text(above if off >= 0 else below, off=abs(off))
