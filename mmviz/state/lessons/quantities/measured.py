"""Quantities that are timed on this computer: who asks for one that was not timed yet is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mmviz.backends import registry
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Run
from mmviz.bench.stats import FEW
from mmviz.errors import InputError, Unavailable
from mmviz.state.facts import Facts, Timed
from mmviz.state.lessons.here import Found, Here, NoData, Timing, Wanted
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity
from mmviz.text import N_, NO_DATA, Text

BUSY = 5.0
"""p99 over p50, above which the computer had other work beside."""


TOO_FEW = Text(N_("fewer than {few} passes in that time: too few to speak of 99 of 100"), few=FEW)


def timing_plan(wish: Timing) -> BenchPlan:
    """What the child is asked."""
    of = wish.of
    return BenchPlan(
        network=of.workload,
        batches=wish.batches,
        backends=wish.backends,
        dtype=of.dtype,
        training=of.training,
        seconds=wish.seconds,
    )


def run_of(facts: Facts, wish: Timing, backend: str, batch: int) -> Run | None:
    """The newest that was timed of this; None: not yet."""
    for timed in reversed(facts.runs):
        if not _of_same(timed, wish):
            continue
        for run in timed.results.runs:
            if run.backend == backend and run.batch == batch and (run.samples_s or run.failure):
                return run
    return None


def _of_same(timed: Timed, wish: Timing) -> bool:
    of, other = timed.of, wish.of
    same = (of.dtype, of.training) == (other.dtype, other.training)
    return same and of.workload == other.workload


def was_timed(facts: Facts, wish: Timing) -> bool:
    """Whether all of a wish was timed."""
    pairs = ((backend, batch) for backend in wish.backends for batch in wish.batches)
    return all(run_of(facts, wish, backend, batch) is not None for backend, batch in pairs)


def disturbed(facts: Facts, wish: Timing) -> bool:
    """Whether the computer was busy meanwhile: some passes took many times the median."""
    for backend in wish.backends:
        for batch in wish.batches:
            run = run_of(facts, wish, backend, batch)
            if run is None or run.stats is None or run.estimated:
                continue
            tail = run.stats.tail
            if tail is not None and tail > BUSY * run.stats.p50:
                return True
    return False


def _run(here: Here, backend: str) -> Run:
    """The run of a backend at the session's batch; raises Wanted before it was timed."""
    try:
        registry.computing(backend, here.setup.dtype)
    except InputError as error:
        raise NoData(error.cause) from None
    except Unavailable as error:
        raise NoData(error.cause) from None
    wish = Timing(here.timed, (here.setup.batch,), (backend,))
    run = run_of(here.facts, wish, backend, here.setup.batch)
    if run is None:
        raise Wanted(wish)
    if run.stats is None:
        raise NoData(run.failure or N_("no data"))
    return run


def _measured(
    of: Callable[[Run], float | None], lacking: Text | str = NO_DATA
) -> Callable[[Here, Arguments], Found]:
    """A quantity of the run, measured or estimated as the run is."""

    def found(here: Here, arguments: Arguments) -> Found:
        run = _run(here, arguments[0])
        value = of(run)
        if value is None:
            raise NoData(lacking)
        return Found(value, run.provenance.kind)

    return found


def _p50(run: Run) -> float | None:
    return None if run.stats is None else run.stats.p50


def _each(here: Here, arguments: Arguments) -> Found:
    run = _run(here, arguments[0])
    return Found((_p50(run) or 0.0) / here.setup.batch, run.provenance.kind)


def _p99(run: Run) -> float | None:
    return None if run.stats is None else run.stats.tail


def _budget(here: Here, _arguments: Arguments) -> float:
    budget = here.stage.session.budget_s
    if budget is None:
        raise NoData(N_("this network has no budget"))
    return budget


MEASURED: Mapping[str, Quantity] = {
    "p50": Quantity(_measured(_p50), "measured", "median time of a pass by a backend", "s", 1, 1),
    "p50_each": Quantity(_each, "measured", "the median for each example of the batch", "s", 1, 1),
    "p99": Quantity(
        _measured(_p99, TOO_FEW), "measured", "what 99 of 100 passes take at most", "s", 1, 1
    ),
    "samples": Quantity(
        _measured(lambda run: len(run.samples_s)),
        "measured",
        "how many passes were timed",
        "",
        1,
        1,
    ),
    "max_error": Quantity(
        _measured(lambda run: run.max_error),
        "measured",
        "largest deviation from float64, of the largest value",
        "error",
        1,
        1,
    ),
    "estimated": Quantity(
        _measured(lambda run: run.estimated),
        "measured",
        "whether a time is scaled up from the part that ran",
        "",
        1,
        1,
    ),
    "budget": Quantity(_budget, "computed", "time a pass may take", "s"),
    "rate": Quantity(lambda h, a: 1.0 / _budget(h, a), "computed", "passes a second within it"),
    "fill_s": Quantity(
        lambda h, a: h.setup.batch * _budget(h, a),
        "computed",
        "until a batch is full at that rate",
        "s",
    ),
}
