"""Faster, slower, the same or ambiguous: two runs of one pass beside each other."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from mmviz.backends.base import Part, Place
from mmviz.bench import runner
from mmviz.bench.against import (
    AMBIGUOUS,
    Judged,
    Piece,
    against,
    comparable,
    compare,
    pieces,
)
from mmviz.bench.blocks import drift, median_between, median_of_few
from mmviz.bench.load import Load
from mmviz.bench.machine import Blas, Machine
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results, Run
from mmviz.bench.sensed import Sensed
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import from_widths
from mmviz.text import own

HERE = Machine(
    cpu="AMD EPYC",
    cores=2,
    logical_cores=2,
    memory=8_000_000_000,
    system="Linux",
    blas=Blas("openblas", "0.3.30", "SkylakeX", 2),
    variables={},
    versions={"numpy": "2.3.0"},
)
BOTH = HERE, HERE


def run(median: float = 1.0, spread: float = 0.004, n: int = 400, seed: int = 1, **more) -> Run:  # type: ignore[no-untyped-def]
    """Samples thrown around a median, each on its own."""
    thrown = np.random.default_rng(seed).normal(0, spread, n)
    samples = tuple((median * np.exp(thrown)).tolist())
    return Run("numpy", 8, samples, stats=summarize(samples), **more)


def stormy(median: float, seed: int) -> Run:
    """A series in which a quarter of the time, in long stretches, takes twice as long."""
    on = np.random.default_rng(seed).random(10) < 0.5
    samples = tuple(np.repeat(median * (1 + on), 40).tolist())
    return Run("numpy", 8, samples, stats=summarize(samples))


def said(judged: Judged) -> tuple[str, str]:
    return judged.verdict, str(judged.reason)


def test_the_same_is_the_same_and_says_how_far_apart() -> None:
    found = against(run(1.0), run(1.003, seed=2), BOTH)
    assert found.verdict == "same"
    assert str(found.reason).startswith("intervals overlap, 0.")
    assert found.share == pytest.approx(0.003, abs=1e-3)
    assert found.interval is not None
    low, high = found.interval
    assert low < 0 < high
    assert low < found.share < high


def test_a_twentieth_more_is_slower_and_less_is_faster() -> None:
    assert said(against(run(1.0), run(1.05), BOTH)) == ("slower", "+5.0 %")
    assert said(against(run(1.05), run(1.0), BOTH)) == ("faster", "−4.8 %")


def test_what_lies_between_two_processes_is_no_verdict() -> None:
    """However many samples: where memory lies differs from one to the next."""
    first, second = run(1.0, 1e-4, 100_000), run(1.01, 1e-4, 100_000)
    assert against(first, second, BOTH).verdict == "same"


def test_samples_that_move_together_are_no_proof() -> None:
    assert drift(stormy(1.0, 3).samples_s) == (1.0, 2.0)
    found = against(stormy(1.0, 3), stormy(1.1, 4), BOTH)
    assert found.verdict == "ambiguous"
    assert str(found.reason).startswith("noise ")
    assert found.interval is not None


def test_drift_is_none_of_few_samples_and_nothing_of_equal_ones() -> None:
    assert drift([1.0] * 19) is None
    assert drift([1.0] * 30) == (1.0, 1.0)
    assert median_between([1.0] * 5) is None


def test_a_part_timed_five_times_has_an_error() -> None:
    assert median_of_few([3.0]) == (3.0, None)
    middle, error = median_of_few([1.0, 1.0, 2.0, 3.0, 3.0])
    assert middle == 2.0
    assert error == pytest.approx(1.57 * 2 / math.sqrt(5) / 2)


def test_few_samples_are_ambiguous_and_say_how_many() -> None:
    found = against(run(n=3), run(2.0), BOTH)
    assert said(found) == ("ambiguous", "only 3 samples")
    assert found.interval is None


def test_another_machine_is_never_judged() -> None:
    other = msgspec.structs.replace(HERE, cpu="Apple M1")
    found = against(run(), run(2.0), (HERE, other))
    assert found == Judged("", None, None, found.reason)
    assert str(found.reason) == "another machine: Apple M1, AMD EPYC before"
    assert "not known" in str(against(run(), run(), (None, HERE)).reason)
    more = msgspec.structs.replace(HERE, logical_cores=4)
    assert str(against(run(), run(), (HERE, more)).reason) == "another machine: 4 cores, 2 before"
    memory = msgspec.structs.replace(HERE, memory=HERE.memory * 2)
    assert "16.0 GB of memory" in str(against(run(), run(), (HERE, memory)).reason)


def test_another_adapter_is_never_judged() -> None:
    on = run(place=Place("Intel Arc")), run(2.0, place=Place("llvmpipe", software=True))
    assert said(against(*on, BOTH)) == ("", "computed on llvmpipe, on Intel Arc before")
    assert against(run(), on[0], BOTH).verdict == "same", "old files name none"


def test_estimates_and_failures_are_not_judged() -> None:
    guess = Run("loop", 8, (3.0,), True, summarize((3.0,)))
    assert "estimated" in str(against(guess, run(), BOTH).reason)
    failed = Run("numpy", 8, (), failure=own("out of memory"))
    assert said(against(run(), failed, BOTH)) == ("", "no data, out of memory")
    assert said(against(failed, run(), BOTH)) == ("", "no data before, out of memory")


def test_others_on_the_cores_widen_the_error() -> None:
    crowded = Load(wall_s=1.0, core_s=2.0, others_s=1.6)
    calm = against(run(1.0), run(1.04), BOTH)
    rough = against(run(1.0, load=crowded), run(1.04, load=crowded), BOTH)
    assert (calm.verdict, rough.verdict) == ("slower", "same")
    assert calm.interval is not None and rough.interval is not None  # noqa: PT018
    assert rough.interval[0] < 0 < calm.interval[0]


@pytest.mark.parametrize(
    ("before", "after", "machines", "reason"),
    [
        ({}, {}, {"blas": Blas("openblas", "0.3.30", "SkylakeX", 1)}, "1 thread, 2 before"),
        ({}, {}, {"blas": Blas("openblas", "0.3", "SkylakeX", 2)}, "BLAS 0.3, 0.3.30 before"),
        ({}, {}, {"versions": {"numpy": "2.4.0"}}, "numpy 2.4.0, 2.3.0 before"),
        ({}, {}, {"quota": 1.0}, "it may use another share of the cores than before"),
        ({"fingerprint": 3e-4}, {"fingerprint": 1e-7}, {}, "computed in float32, in TF32 before"),
        (
            {"parts": (Part("launch", 0, 0.1),)},
            {"parts": (Part("launch", 0, 1.1),)},
            {},
            "launch cost rose",
        ),
        (
            {"load": Load(wall_s=1.0, core_s=2.0, others_s=0.0, ran_s=2.0)},
            {"load": Load(wall_s=1.0, core_s=2.0, others_s=0.9, ran_s=1.1)},
            {},
            "cores shared: 2 threads gave 1.1 ×",
        ),
    ],
)  # fmt: skip
def test_why_it_is_slower(before, after, machines, reason: str) -> None:  # type: ignore[no-untyped-def]
    now = msgspec.structs.replace(HERE, **machines)
    found = against(run(1.0, **before), run(2.0, **after), (HERE, now))
    where = " at the quickest tenth" if "load" in after else ""
    assert said(found) == ("slower", f"+100 %{where}, {reason}")


def test_clocks_that_fell_explain_what_is_slower_alone() -> None:
    def sensed(mhz: float) -> Run:
        return run(sensed=Sensed(gpu_clock_mhz=mhz))

    slow = msgspec.structs.replace(run(1.2), sensed=Sensed(gpu_clock_mhz=1400.0))
    found = against(sensed(1755.0), slow, BOTH)
    assert said(found) == ("slower", "+20 %, GPU clock fell to 1\u202f400 MHz from 1\u202f755")
    fast = msgspec.structs.replace(run(0.8), sensed=Sensed(gpu_clock_mhz=1400.0))
    assert said(against(sensed(1755.0), fast, BOTH)) == ("faster", "−20 %")


def test_a_cause_that_goes_the_other_way_is_none() -> None:
    """It was faster, though launching takes longer and others took more."""
    crowded = Load(wall_s=1.0, core_s=2.0, others_s=0.9, ran_s=1.1)
    calm = Load(wall_s=1.0, core_s=2.0, others_s=0.0, ran_s=2.0)
    before = run(2.0, load=calm, parts=(Part("launch", 0, 0.1),))
    after = run(1.0, load=crowded, parts=(Part("launch", 0, 0.2),))
    assert said(against(before, after, BOTH)) == ("faster", "−50 % at the quickest tenth")
    exact, rounded = run(1.0, fingerprint=1e-7), run(2.0, fingerprint=3e-4)
    assert said(against(exact, rounded, BOTH)) == ("slower", "+100 %")
    assert said(against(rounded, exact, BOTH)) == ("faster", "−50 %")


def test_each_layer_and_what_lies_beside_them_is_judged_by_itself() -> None:
    def parts(first: float, second: float, launch: float) -> tuple[Part, ...]:
        return (
            Part("launch", 0, launch, 0.01),
            Part("forward", 1, first, 0.01),
            Part("rest", 1, 0.1 * first, 0.01),
            Part("forward", 2, second, 0.01),
        )

    before = run(1.0, parts=parts(0.5, 0.4, 0.1))
    after = run(1.0, seed=2, parts=parts(0.5, 0.6, 0.05))
    found = {piece: judged.verdict for piece, judged in pieces(before, after, BOTH)}
    assert found == {Piece(0, "launch"): "faster", Piece(1): "same", Piece(2): "slower"}


def test_a_part_whose_error_was_not_kept_is_no_verdict() -> None:
    before = run(parts=(Part("forward", 1, 1.0),))
    ((_, found),) = pieces(before, run(parts=(Part("forward", 1, 3.0, 0.01),)), BOTH)
    assert said(found) == ("ambiguous", "how far this part may be off was not kept")
    assert pieces(run(), run(), BOTH) == ()


def test_whole_runs_are_compared_by_backend_and_batch() -> None:
    def results(network: str, *runs: Run) -> Results:
        return Results(
            network=network, dtype="float32", training=False, seed=0, machine=HERE, runs=runs
        )

    loop = Run("loop", 8, (3.0,), True, summarize((3.0,)))
    before, after = results("a", loop, run()), results("a", run(1.2), Run("cupy", 8, ()))
    assert [(one.backend, one.batch, one.judged.verdict) for one in compare(before, after)] == [
        ("numpy", 8, "slower")
    ]
    assert not comparable(before, results("b"))
    assert compare(before, results("b", run())) == ()


def crowded(quick: float, slow: float, seed: int) -> Run:
    """A third of the passes had the cores for themselves, the others shared them in stretches."""
    thrown = np.random.default_rng(seed)
    alone = thrown.random(400) < 0.35
    shared = slow * np.repeat(thrown.uniform(1, 2, 10), 40)
    samples = tuple(np.where(alone, quick * (1 + 0.003 * thrown.random(400)), shared).tolist())
    load = Load(wall_s=1.0, core_s=2.0, others_s=1.0)
    return Run("numpy", 8, samples, stats=summarize(samples), load=load)


def test_where_others_computed_the_quickest_passes_tell() -> None:
    found = against(crowded(1.0, 1.5, 1), crowded(1.0, 1.5, 2), BOTH)
    assert found.verdict == "same"
    assert str(found.reason).startswith("the quickest tenth is 0.")
    assert str(found.reason).endswith("apart; other programs took 50 % of the cores")
    more = against(crowded(1.0, 1.5, 1), crowded(1.5, 2.0, 2), BOTH)
    assert said(more) == ("slower", "+50 % at the quickest tenth")
    half = against(crowded(1.0, 1.5, 1), crowded(1.15, 1.5, 2), BOTH)
    assert half.verdict == "ambiguous", "the other half of a core explains as much"


def test_nothing_far_apart_is_called_the_same() -> None:
    load = Load(wall_s=1.0, core_s=2.0, others_s=1.7)
    found = against(run(1.0, load=load), run(1.06, load=load), BOTH)
    assert found.verdict == "ambiguous"
    assert str(found.reason).startswith("6.0 % apart, which may be off by ")


def test_nothing_is_called_the_same_where_the_noise_is_wide() -> None:
    storm = against(stormy(1.0, 3), stormy(1.1, 4), BOTH)
    assert said(storm) == ("ambiguous", "noise as large as the times themselves")
    wide = against(run(1.0, 0.9), run(1.001, 0.9, seed=2), BOTH)
    assert wide.verdict == "ambiguous"
    assert wide.interval is not None
    assert wide.interval[1] > AMBIGUOUS


def test_two_runs_of_the_real_child_are_compared_layer_by_layer() -> None:
    """Which verdict it is depends on what else this computer does; that there is one does not."""
    plan = BenchPlan(
        network=from_widths((64, 32, 8)), batches=(16,), backends=("numpy",), seconds=0.1
    )
    before, after = (runner.run(plan, lambda _: None) for _ in range(2))
    (found,) = compare(before, after)
    assert (found.backend, found.batch) == ("numpy", 16)
    assert found.judged.verdict != ""
    assert found.judged.share is not None
    assert [piece for piece, _ in found.pieces] == [Piece(0), Piece(1)]
    assert all(judged.interval is not None for _, judged in found.pieces)
