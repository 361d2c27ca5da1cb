"""What a backend computed on, in words: that it was no GPU, and whose clock its figures are by."""

from __future__ import annotations

from mmviz.backends import registry
from mmviz.backends.base import SOFTWARE
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.core.verdict import Figure, judge
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text


def remark(run: Run, dtype: str) -> Text:
    """What stands beside a run's figures, in a few words, such as that no GPU computed; else
    NOTHING.
    """
    if run.place is not None and run.place.software:
        return SOFTWARE
    try:
        return registry.find(run.backend).remark(dtype) or NOTHING
    except InputError:
        return NOTHING


def clocks(run: Run) -> Text:
    """Whose clock a GPU's figures are by, and how far the GPU's own is from it; NOTHING for a CPU.

    The wall clock sees all a program waits for, handing over a pass and hearing of its end too:
    what two launches take explains a difference.
    """
    if run.place is None or run.stats is None or run.estimated:
        return NOTHING
    own_clock = summarize(run.on_gpu)
    if own_clock is None:
        still = N_("by the wall clock: the one of {name} stands still")
        none = N_("by the wall clock: {name} has none of its own")
        return Text(still if run.place.clock else none, name=run.place.name)
    wall, on_gpu = run.stats.p50, own_clock.p50
    told = judge(Figure(wall, run.stats.error), Figure(on_gpu, own_clock.error))
    if told.why_none in ("close", "even"):
        return Text(
            N_("by the wall clock, with which the one of {name} agrees"), name=run.place.name
        )
    both = {"wall": wall, "gpu": on_gpu, "name": run.place.name}
    launch = sum(part.seconds for part in run.parts if part.what == "launch")
    if told.why_none == "unknown":
        return Text(
            N_("by the wall clock: {wall:seconds}; by the one of {name} {gpu:seconds}"), **both
        )
    if 0 < wall - on_gpu <= 2 * launch:
        handed = N_(
            "by the wall clock: {wall:seconds}; by the one of {name} {gpu:seconds}, "
            "the rest is handing over"
        )
        return Text(handed, **both)
    apart = N_(
        "by the wall clock: {wall:seconds}; by the one of {name} {gpu:seconds}, "
        "{share:percent} apart"
    )
    return Text(apart, share=1 - told.share, **both)
