"""Messages folded into results."""

from __future__ import annotations

from mmviz.bench.messages import Checked, Estimate, Failed, Finished, Samples
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.core.network import from_widths


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


def test_a_failure_keeps_the_samples() -> None:
    folded = collector()
    folded.add(Samples("numpy", 1, [1.0]))
    folded.add(Failed("numpy", 1, "out of memory"))
    run = folded.run("numpy", 1)
    assert (run.samples_s, run.failure) == ((1.0,), "out of memory")


def test_finished() -> None:
    folded = collector()
    assert not folded.finished
    folded.add(Finished())
    assert folded.finished
