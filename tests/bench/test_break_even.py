"""From which batch on one backend overtakes another."""

from __future__ import annotations

import pytest
from msgspec import structs

from mmviz.backends.base import Part
from mmviz.bench.break_even import break_even, break_evens, with_copies
from mmviz.bench.faster import figure
from mmviz.bench.gains import gains
from mmviz.bench.load import Load
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.words.break_even import sentence, speed_up


def run(
    backend: str, batch: int, seconds: float, n: int = 40, spread: float = 0.01, launch: float = 0.0
) -> Run:
    """Samples evenly about a median."""
    samples = tuple(seconds * (1 + spread * (2 * i / (n - 1) - 1)) for i in range(n))
    parts = (Part("forward", 0, seconds - launch), Part("launch", 0, launch)) if launch else ()
    return Run(backend, batch, samples, stats=summarize(samples), parts=parts)


def sweep(one: dict[int, float], other: dict[int, float], **how: float) -> tuple[Run, ...]:
    """NumPy and wgpu over batches: milliseconds by batch."""
    first = [run("numpy", batch, ms / 1e3) for batch, ms in one.items()]
    return (*first, *(run("wgpu", batch, ms / 1e3, **how) for batch, ms in other.items()))  # type: ignore[arg-type]  # fields by name


GROWING = {1: 0.1, 4: 0.4, 16: 1.6, 64: 6.4}
FLAT = {1: 1.0, 4: 1.0, 16: 1.0, 64: 1.0}


def test_the_crossing_lies_between_two_batches_that_tell() -> None:
    found = break_even(sweep(GROWING, FLAT), "numpy", "wgpu")
    assert (found.kind, found.small, found.large) == ("crossing", "numpy", "wgpu")
    assert found.between == (4, 16)
    # 0.1 ms an example meets 1 ms at ten examples: a power law is met exactly
    assert found.about == pytest.approx(10, rel=1e-6)
    assert str(sentence(found)) == (
        "from batch 16 on wgpu wins over NumPy; up to batch 4 NumPy does; "
        "even at about batch 10, estimated"
    )
    assert [round(point.times, 2) for point in found.points] == [0.1, 0.4, 1.6, 6.4]


def test_named_the_other_way_round_it_is_the_same_crossing() -> None:
    runs = sweep(GROWING, FLAT)
    here, there = break_even(runs, "numpy", "wgpu"), break_even(runs, "wgpu", "numpy")
    assert sentence(here) == sentence(there)
    assert here.about == pytest.approx(there.about)


def test_what_the_loser_of_small_batches_loses_to_is_what_was_measured() -> None:
    runs = sweep(GROWING, FLAT)
    first = [
        Run(r.backend, r.batch, r.samples_s, stats=r.stats, parts=(Part("forward", 0, 1e-4),))
        for r in runs
        if r.backend == "numpy"
    ]

    def said(*parts: Part) -> str:
        other = [
            Run(r.backend, r.batch, r.samples_s, stats=r.stats, parts=parts)
            for r in runs
            if r.backend == "wgpu"
        ]
        return str(sentence(break_even((*first, *other), "numpy", "wgpu")))

    assert "up to batch 4 its launch cost loses" in said(
        Part("launch", 0, 8e-4), Part("forward", 0, 9e-4)
    )
    assert "its products are the slower ones" in said(
        Part("launch", 0, 1e-5), Part("forward", 0, 9e-4)
    )
    assert "beside its products" in said(Part("forward", 0, 1e-4), Part("rest", 0, 9e-4))
    assert "NumPy does" in said(Part("forward", 0, 1e-4))  # nothing explains half of it


def test_what_lies_between_and_is_too_close_is_no_crossing_yet() -> None:
    one = {1: 0.1, 8: 1.002, 12: 1.001, 64: 6.4}
    found = break_even(sweep(one, {1: 1.0, 8: 1.0, 12: 1.0, 64: 1.0}), "numpy", "wgpu")
    assert found.between == (1, 64)
    assert str(sentence(found)) == (
        "from batch 64 on wgpu wins over NumPy; up to batch 1 NumPy does; "
        "between them it is too close to call"
    )
    assert str(speed_up(found.points[2])) == "too close to call"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({1: 1.0, 8: 3.0}, {1: 0.1, 8: 1.0}, "wins over NumPy at every batch, 1 to 8: 3.00 to 10"),
        ({1: 1.0}, {1: 0.1}, "wgpu wins over NumPy at batch 1: 10.0 ×"),
        ({1: 1.0, 8: 3.0}, {1: 1.0, 8: 1.0}, "from batch 8 on wgpu wins over NumPy; up to batch 1"),
        (
            {1: 3.0, 8: 1.0},
            {1: 1.0, 8: 1.0},
            "up to batch 1 wgpu wins over NumPy; from batch 8",
        ),
        ({1: 1.0, 8: 3.0, 9: 1}, {1: 1.0, 8: 1.0, 9: 1}, "NumPy from batch 8 to 8 alone"),
        ({1: 1.0, 8: 1.0}, {1: 1.0, 8: 1.0}, "NumPy and wgpu are too close to call at every"),
        (
            {1: 1, 2: 3, 4: 1},
            {1: 2, 2: 2, 4: 2},
            "wgpu wins over NumPy at batch 2 alone, not be",
        ),
        ({1: 1.0}, {2: 1.0}, "no batch has times of both NumPy and wgpu"),
    ],
)
def test_every_way_two_backends_can_stand(
    one: dict[int, float], other: dict[int, float], said: str
) -> None:
    assert said in str(sentence(break_even(sweep(one, other), "numpy", "wgpu")))


def test_few_samples_are_as_far_off_as_they_reach_and_fewer_say_nothing() -> None:
    assert figure(run("numpy", 1, 1.0, n=6, spread=0.2)).error == pytest.approx(0.25)
    assert figure(run("numpy", 1, 1.0, n=5)).error is None
    estimated = Run("numpy", 1, (1.0,), True, summarize((1.0,)))
    assert figure(estimated).error is None
    alone = (run("numpy", 1, 1.0, n=5), Run("wgpu", 1, (0.6,), stats=summarize((0.6,))))
    assert str(sentence(break_even(alone, "numpy", "wgpu"))).startswith("too few samples to tell")


@pytest.mark.parametrize(
    ("spread", "other", "told"), [(0.01, 0.4, 1), (0.01, 0.6, 0), (0.5, 0.4, 0)]
)
def test_a_handful_tells_a_factor_of_two_where_it_lies_close(
    spread: float, other: float, told: int
) -> None:
    runs = (run("numpy", 1, 1.0, n=3, spread=spread), run("wgpu", 1, other))
    assert len(break_even(runs, "numpy", "wgpu").decided) == told


def test_with_copies_the_crossing_lies_elsewhere() -> None:
    runs = sweep(GROWING, FLAT)
    copying = [
        structs.replace(each, copied=tuple(4 * s for s in each.samples_s)) for each in runs[4:]
    ]
    plain = break_even((*runs[:4], *copying), "numpy", "wgpu")
    assert plain.between == (4, 16)
    found = with_copies((*runs[:4], *copying[1:]), plain)
    assert found is not None
    assert found.between == (16, 64)  # 4 ms meet 0.1 ms an example at 40
    assert [point.batch for point in found.points] == [4, 16, 64]  # batch 1 has none with copies
    assert str(sentence(found)).startswith("with copies: from batch 64 on wgpu wins over NumPy")
    assert with_copies(runs, plain) is None


def test_the_fastest_at_the_least_batch_meets_all_others_that_were_measured() -> None:
    estimated = Run("loop", 1, (9.0,), True, summarize((9.0,)))
    runs = (*sweep(GROWING, FLAT), estimated)
    assert [(found.one, found.other) for found in break_evens(runs)] == [("numpy", "wgpu")]
    assert break_evens(runs[:4]) == ()


def busy(found: Run, others: float = 0.8) -> Run:
    return structs.replace(found, load=Load(wall_s=1.0, core_s=2.0, others_s=2.0 * others))


def test_one_sample_tells_what_lies_far_apart_as_the_sentence_of_the_winner_does() -> None:
    alone = (run("numpy", 1, 0.1, n=5), Run("wgpu", 1, (1.7,), stats=summarize((1.7,))))
    assert str(sentence(break_even(alone, "numpy", "wgpu"))) == (
        "NumPy wins over wgpu at batch 1: about 17 ×"
    )
    crowded = alone[0], busy(alone[1])
    assert break_even(crowded, "numpy", "wgpu").kind == "undecided"
    far = alone[0], busy(Run("wgpu", 1, (17.0,), stats=summarize((17.0,))))
    assert break_even(far, "numpy", "wgpu").kind == "always"


def test_a_median_that_others_made_makes_nobody_the_winner() -> None:
    """A tenth of NumPy's passes had their cores, the others waited for time slices."""
    series = (*[0.2e-3] * 10, *[30e-3 + i * 1e-3 for i in range(52)])
    slowed = Run("numpy", 64, series, stats=summarize(series))
    steady = run("wgpu", 64, 26e-3, n=80, spread=0.1)
    assert break_even((slowed, steady), "numpy", "wgpu").large == "wgpu"
    for found in ((busy(slowed), steady), (steady, busy(slowed))):
        assert break_even(found, "numpy", "wgpu").kind == "undecided"
        assert gains(found)["wgpu", 64].close
    wild = (*[1e-6] * 5, *[1.0] * 10)  # their range is a million times
    apart = (Run("numpy", 64, wild, stats=summarize(wild)), steady)
    assert break_even(apart, "numpy", "wgpu").kind == "undecided"
    # who is the faster one by far in the quickest tenth, too, stays so
    quick = busy(run("numpy", 64, 1e-3, spread=0.4))
    assert break_even((quick, busy(steady)), "numpy", "wgpu").large == "numpy"
