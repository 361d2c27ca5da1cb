"""Messages folded into results."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.bench.gains import Gain, gains
from mmviz.bench.messages import Anew, Checked, Estimate, Failed, Finished, Samples, Sensing
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Run
from mmviz.bench.sensed import Sensed
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.text import own


def collector() -> Collector:
    network = from_widths((3, 2))
    return Collector(BenchPlan(network=network, batches=(1, 8), backends=("numpy", "loop")))


def test_runs_stand_in_the_plans_order() -> None:
    runs = collector().results().runs
    assert [(run.batch, run.backend) for run in runs] == [
        *((1, "numpy"), (1, "loop")),
        *((8, "numpy"), (8, "loop")),
    ]
    assert all(run.stats is None and run.samples_s == () for run in runs)


def test_samples_add_up() -> None:
    folded = collector()
    folded.add(Samples("numpy", 1, [1.0, 2.0]))
    folded.add(Samples("numpy", 8, [9.0]))
    folded.add(Samples("numpy", 1, [3.0]))
    folded.add(Checked("numpy", 1, 1e-7))
    run = folded.run("numpy", 1)
    assert run.samples_s == (1.0, 2.0, 3.0)
    assert run.stats is not None
    assert (run.stats.p50, run.max_error, run.estimated) == (2.0, 1e-7, False)


def test_an_estimate_stands_until_something_is_measured() -> None:
    folded = collector()
    folded.add(Estimate("loop", 8, 217.0, 0.01))
    assert folded.run("loop", 8).estimated
    assert folded.run("loop", 8).samples_s == (217.0,)
    folded.add(Samples("loop", 8, [200.0]))
    assert not folded.run("loop", 8).estimated


def test_an_estimate_tells_the_same_everywhere() -> None:
    folded = collector()
    folded.add(Estimate("loop", 8, 217.0, 0.01))
    run = folded.run("loop", 8)
    assert run.samples_s == (217.0,)
    assert run.stats == summarize([217.0])
    assert run.stats is not None
    assert (run.stats.n, run.stats.p50, run.stats.tail) == (1, 217.0, None)


def test_gains_are_over_the_slowest_of_all_at_each_batch() -> None:
    runs = [
        Run("numpy", 1, (2.0,), False, summarize([2.0])),
        Run("loop", 1, (10.0,), False, summarize([10.0])),
        Run("numpy", 8, (4.0,), False, summarize([4.0])),
        Run("loop", 8, (100.0,), True, summarize([100.0])),
        Run("cupy", 8, (1.0,), False, summarize([1.0])),
        Run("numpy", 9, (4.0,), False, summarize([4.0])),
        Run("loop", 9, (1.0,), True, summarize([1.0])),
        Run("cupy", 9, (), failure="out of memory"),
    ]
    assert gains(runs) == {
        ("numpy", 1): Gain(5.0, False, few=True),
        ("loop", 1): Gain(1.0, False),
        ("numpy", 8): Gain(25.0, True),
        ("loop", 8): Gain(1.0, False),
        ("cupy", 8): Gain(100.0, True),
        ("numpy", 9): Gain(1.0, False),
        ("loop", 9): Gain(4.0, True),
    }


def test_of_few_samples_a_gain_is_only_about() -> None:
    """One sample of each says nothing of how far both are off; many that are alike do."""
    alike = [0.1, 0.11] * 20
    for samples, about in (([2.0], True), (alike, False)):
        slow = [10 * x for x in samples]
        runs = [
            Run("numpy", 1, tuple(samples), False, summarize(samples)),
            Run("loop", 1, tuple(slow), False, summarize(slow)),
        ]
        assert gains(runs)["numpy", 1].about == about
        assert not gains(runs)["loop", 1].about


def test_a_failure_keeps_the_samples() -> None:
    folded = collector()
    folded.add(Samples("numpy", 1, [1.0]))
    folded.add(Failed("numpy", 1, own("out of memory")))
    run = folded.run("numpy", 1)
    assert (run.samples_s, run.failure) == ((1.0,), own("out of memory"))


def test_finished() -> None:
    folded = collector()
    assert not folded.finished
    folded.add(Finished())
    assert folded.finished


@pytest.mark.parametrize(("p50", "close"), [(1.005, True), (1.2, False)])
def test_medians_that_chance_may_have_set_apart_are_too_close(p50: float, close: bool) -> None:
    """100 samples over 0.1 of the median: its notch is 0.8 %, that of both 1.1 %."""
    spread = np.linspace(-0.1, 0.1, 100)
    runs = [
        Run("numpy", 1, samples, False, summarize(samples))
        for samples in (tuple(float(x) for x in m + spread) for m in (1.0, p50))
    ]
    runs[1] = Run("loop", 1, runs[1].samples_s, False, runs[1].stats)
    found = gains(runs)
    assert found["numpy", 1].close is close
    assert not found["loop", 1].close, "the slowest itself"


def test_what_was_sensed_last_stands_beside_the_run() -> None:
    found = collector()
    assert found.run("numpy", 1).energy_j is None
    for sensed, energy in (
        (Sensed(energy_cpu_j=1.0), 1.0),
        (Sensed(energy_cpu_j=1.5, energy_gpu_j=2.0), 3.5),
        (Sensed(gpu_power_w=30.0), None),
    ):
        found.add(Sensing("numpy", 1, sensed))
        assert found.run("numpy", 1).sensed == sensed
        assert found.run("numpy", 1).energy_j == energy
    assert found.run("loop", 1).sensed is None


def test_what_is_known_is_folded_anew_only_where_something_came() -> None:
    folded = collector()
    folded.add(Samples("numpy", 1, [1.0, 3.0]))
    folded.add(Samples("loop", 1, [2.0]))
    first, other = folded.run("numpy", 1), folded.run("loop", 1)
    folded.add(Samples("numpy", 1, [5.0]))
    assert folded.run("loop", 1) is other
    again = folded.run("numpy", 1)
    assert again is not first
    assert again.samples_s == (1.0, 3.0, 5.0)
    assert again.stats == summarize([1.0, 3.0, 5.0])
    folded.add(Failed("numpy", 8, own("out of memory")))
    assert folded.run("numpy", 8).failure == own("out of memory")
    folded.add(Anew("numpy", 1))
    assert folded.run("numpy", 1).samples_s == ()
    folded.add(Samples("numpy", 1, [7.0]))
    assert folded.run("numpy", 1).stats == summarize([7.0])
