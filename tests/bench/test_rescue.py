"""Who is to blame for a dead child, and what is still to be timed."""

from __future__ import annotations

from mmviz.bench.messages import Checked, Estimate, Failed, Phase, Progress, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.rescue import NOT_COMPARED, Watch, blamed, given_up, rest
from mmviz.bench.results import Collector
from mmviz.core.shapes.network import from_widths
from mmviz.text import Text, own

DIED = own("died")
PLAN = BenchPlan(network=from_widths((3, 2)), batches=(1, 8), backends=("numpy", "loop", "cupy"))


def parts(collector: Collector) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    return [(plan.batches, plan.backends) for plan in rest(PLAN, collector)]


def test_nobody_is_blamed_before_the_first_turn() -> None:
    collector = Collector(PLAN)
    assert blamed(PLAN, collector, None, DIED) == []
    assert parts(collector) == [((1,), PLAN.backends), ((8,), PLAN.backends)]


def test_the_one_that_had_the_turn_is_given_up_at_this_batch() -> None:
    collector = Collector(PLAN)
    for phase in ("preparing", "warming", "timing"):
        assert blamed(PLAN, collector, Phase("loop", 1, phase), DIED) == [Failed("loop", 1, DIED)]
    collector.add(Failed("loop", 1, DIED))
    assert parts(collector) == [((1,), ("numpy", "cupy")), ((8,), PLAN.backends)]


def test_while_checking_all_that_were_timed_stay_unchecked() -> None:
    collector = Collector(PLAN)
    collector.add(Samples("numpy", 1, [1.0]))
    collector.add(Samples("loop", 1, [1.0]))
    collector.add(Failed("cupy", 1, own("out of memory")))
    failures = blamed(PLAN, collector, Phase("loop", 1, "checking"), DIED)
    text = Text(NOT_COMPARED, reason=DIED)
    assert failures == [Failed("numpy", 1, text), Failed("loop", 1, text)]
    for failed in failures:
        collector.add(failed)
    assert parts(collector) == [((8,), PLAN.backends)]


def test_what_is_done_is_not_done_again() -> None:
    collector = Collector(PLAN)
    collector.add(Estimate("loop", 1, 217.0, 0.1))
    collector.add(Samples("numpy", 1, [1.0]))
    assert parts(collector)[0] == ((1,), ("numpy", "cupy")), "samples alone are no result"
    collector.add(Checked("numpy", 1, 1e-7))
    assert parts(collector)[0] == ((1,), ("cupy",))


def test_in_the_end_all_that_is_open_fails() -> None:
    collector = Collector(PLAN)
    collector.add(Checked("numpy", 1, 1e-7))
    for failed in given_up(PLAN, collector, DIED):
        collector.add(failed)
    assert parts(collector) == []
    assert collector.run("numpy", 1).failure is None
    assert collector.run("cupy", 8).failure == DIED


def test_progress_is_that_of_all_children() -> None:
    watch = Watch(0.5, 0.25)
    assert watch.hear(Progress(0.4)) == Progress(0.6)
    assert watch.done == 0.6
    phase = Phase("numpy", 1, "timing")
    assert watch.hear(phase) == phase
    assert watch.last == phase
