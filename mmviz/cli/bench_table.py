"""What `mmviz bench` prints when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.bench.gains import Gain, gains
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.cli.table import Table, said_table
from mmviz.core.shapes.workload import Workload
from mmviz.text import N_, NO_DATA, NOTHING, Text, joined, own
from mmviz.words.place import remark
from mmviz.words.precision import ran_in
from mmviz.words.provenance import label
from mmviz.words.sensors import energy
from mmviz.words.speech import ENGLISH, Words
from mmviz.words.verdict import too_close

_HEADER = tuple(
    map(
        Text,
        (
            N_("backend"),
            N_("batch"),
            N_("n"),
            N_("p50"),
            N_("p99"),
            N_("rate"),
            N_("× slowest"),
            N_("error"),
            N_("ran in"),
            N_("own clock"),
            N_("cold"),
            N_("with copies"),
            N_("energy"),
            "",
        ),
    )
)
_UNKNOWN = Text(NO_DATA)


def table_of(results: Results, network: Workload | None, words: Words = ENGLISH) -> Table:
    """One row a backend and batch; "× slowest" is how many times faster than the slowest there.

    Batches are compared each for itself. What was scaled up from a part of a pass says "estimated"
    and "≈", as do ratios over it, and those over too few samples to know how far they are off.
    network: what was timed, None where its shapes are not known, and so no rate.
    """
    rows: list[Sequence[Text]] = [_HEADER]
    ratios = gains(results.runs)
    for run in sorted(results.runs, key=lambda run: run.batch):
        flop = None
        if network is not None:
            flop = sum(x.count * x.flop for x in network.lower(run.batch, results.training))
        rows.append(_row(run, flop, ratios.get((run.backend, run.batch)), results.dtype))
    return said_table(rows, words, keys=2)


def _row(run: Run, flop: int | None, gain: Gain | None, dtype: str) -> Sequence[Text]:
    name, batch, stats = own(run.backend), Text("{batch:group}", batch=run.batch), run.stats
    if stats is None or gain is None:
        return (name, batch, Text("{n:group}", n=0), *[_UNKNOWN] * 10, NOTHING)
    return (
        name,
        batch,
        Text("{n:group}", n=stats.n),
        Text("≈ {p50:seconds}" if run.estimated else "{p50:seconds}", p50=stats.p50),
        _UNKNOWN if stats.tail is None else Text("{p99:seconds}", p99=stats.tail),
        _rate(run, flop, stats.p50),
        too_close()
        if gain.close
        else Text("≈ {times:ratio}" if gain.about else "{times:ratio}", times=gain.times),
        _UNKNOWN if run.max_error is None else Text("{error:sig2}", error=run.max_error),
        *_beside(run, dtype),
        joined(_told(run, dtype), "commas"),
    )


def _rate(run: Run, flop: int | None, p50: float) -> Text:
    """FLOP a second of a pass."""
    if flop is None or not p50:
        return _UNKNOWN
    return Text("≈ {rate:rate}" if run.estimated else "{rate:rate}", rate=flop / p50)


def _beside(run: Run, dtype: str) -> tuple[Text, ...]:
    """In which precision it really ran; a pass by the device's own clock, with flushed caches, and
    with input and output copied, each a median; energy of a pass.
    """
    ran = NOTHING if run.fingerprint is None else ran_in(run.fingerprint, dtype)
    ways = (summarize(seconds) for seconds in (run.on_gpu, run.cold, run.copied))
    times = (_UNKNOWN if way is None else Text("{p50:seconds}", p50=way.p50) for way in ways)
    return (ran, *times, energy(run))


def _told(run: Run, dtype: str) -> tuple[Text, ...]:
    """What must be known of a line."""
    found = run.provenance
    return (
        joined((label(found), found.basis), "words") if run.estimated else NOTHING,
        Text(N_("incomplete")) if run.failure is not None else NOTHING,
        remark(run, dtype),
    )
