"""The ladder in words: what a rung does, what it loads, and how long it takes here."""

from __future__ import annotations

from mmviz.bench.gains import Gain
from mmviz.bench.results import Run
from mmviz.core.learning.rungs import Block, Moment, Rung, RungId, Shape, reuse
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.timing import AGREES, backend_name, run_name
from mmviz.words.verdict import too_close

_DOES: dict[RungId, str] = {
    "loops": N_("one multiply-add after the other, each a few lines of Python's interpreter"),
    "neurons": N_("one neuron of one example at a time: a whole sum in one call"),
    "rows": N_("one example at a time: all its neurons in one call, W anew for each"),
    "blocked": N_("a block of cells at a time: what is loaded serves its whole side"),
    "matmul": N_("the whole layer in one call: a library cuts it into blocks itself"),
    "naive": N_("its kernel in short: a thread a cell, each loads every number it needs"),
    "tiled": N_(
        "its kernel in short: threads of a workgroup load a block together, and all use it"
    ),
    "register": N_(
        "its kernel in short: as tiled, and a thread keeps rows and columns in registers"
    ),
}


def does(rung: Rung) -> Text:
    """How it computes, in a sentence."""
    return Text(_DOES[rung.id])


def name(rung: Rung, run: Run | None) -> Text:
    """Who computes: 'wgpu:tiled (software, no GPU)' once that is known."""
    return backend_name(rung.backend) if run is None else run_name(run)


def loaded(rung: Rung, shape: Shape, near: float | None = None) -> Text:
    """'0.125 numbers of A_in and W loaded per multiply-add'."""
    per = reuse(shape, rung.block(shape))
    least = N_("at the least {per:sig} numbers loaded per multiply-add")
    said = Text(least if rung.least else N_("{per:sig} numbers loaded per multiply-add"), per=per)
    if near is None:
        return said
    close = Text(N_("{near:sig} more from its workgroup's memory"), near=near)
    return joined((said, close), "commas")


def why_least() -> Text:
    """Beside what a library loads."""
    return Text(
        N_(
            "every number once: which blocks the library takes, it keeps to itself, and a cache "
            "is in no count"
        )
    )


def blocks(small: Block, large: Block) -> Text:
    """In what blocks it is drawn where it computes in others; NOTHING where a cell is a block."""
    if small == large or 1 in large:
        return NOTHING
    said = N_("blocks of {large:shape} cells, drawn as {small:shape}")
    return Text(said, large=large, small=small)


def time(run: Run | None) -> Text:
    """Seconds of a pass, or why there are none; NOTHING where it is not among the runs."""
    if run is None:
        return NOTHING
    if run.stats is None:
        return Text(N_("being timed …")) if run.failure is None else run.failure
    p50 = max(run.stats.p50, 1e-12)
    return Text(N_("≈ {p50:tick}, estimated") if run.estimated else "{p50:seconds}", p50=p50)


def faster(gain: Gain | None) -> Text:
    """How many times as fast as the slowest."""
    if gain is None:
        return NOTHING
    if gain.close:
        return too_close()
    return Text("≈ {times:ratio}" if gain.about else "{times:ratio}", times=gain.times)


def agrees(run: Run | None) -> Text:
    """Whether the outputs are the same numbers."""
    if run is None or run.max_error is None:
        return NOTHING
    if run.max_error <= AGREES["float32"]:
        return Text(N_("same outputs, to {error:exponent}"), error=run.max_error)
    return Text(N_("other outputs, by {error:exponent}"), error=run.max_error)


def arrays(shape: Shape, outputs: int) -> Text:
    """The shape of each array of the layer."""
    m, n, k = shape
    return Text(
        N_("A_in {a:shape} · W {w:shape} · B {b:group} · Z {z:shape} · A_out {out:shape}"),
        a=(m, k),
        w=(k, n),
        b=n,
        z=(m, n),
        out=(m, outputs),
    )


def drawn(small: Shape, shape: Shape) -> Text:
    """How much of the layer the picture has."""
    if small == shape:
        return Text(N_("drawn whole"))
    said = N_("drawn: {m:group} examples, {n:group} neurons, {k:group} inputs")
    return Text(said, m=small[0], n=small[1], k=small[2])


def step(moment: Moment, number: int, count: int) -> Text:
    """What this step takes in: 'step 12 of 148: A_in 1 × 1 · W 1 × 1 → Z 1 × 1'."""
    high, wide, deep = (end - start for start, end in (moment.rows, moment.columns, moment.terms))
    where = Text(N_("step {at:group} of {count:group}"), at=number + 1, count=count)
    if not (high and wide and deep):
        return where
    shapes = Text(
        N_("A_in {a:shape} · W {w:shape} → Z {z:shape}"),
        a=(high, deep),
        w=(deep, wide),
        z=(high, wide),
    )
    return Text("{where}: {shapes}", where=where, shapes=shapes)


def counted(moment: Moment) -> Text:
    """Loads and multiply-adds so far."""
    return Text(
        N_("loaded {loaded:group} numbers for {added:group} multiply-adds"),
        loaded=moment.loaded,
        added=moment.added,
    )
