"""One rule says which of two runs is faster, whoever asks: sentence, break-even and table agree."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.break_even import break_even
from mmviz.bench.faster import CROWDED, CROWDED_ESTIMATE, DECISIVE, faster
from mmviz.bench.gains import gains
from mmviz.bench.load import Load
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.words.winner import winner

CROWD = Load(wall_s=1.0, core_s=2.0, others_s=1.4)


def timed(
    backend: str, p50: float, n: int = 40, spread: float = 0.01, *, crowd: bool = False
) -> Run:
    """Samples evenly about a median; n 0: estimated."""
    samples = tuple(
        p50 * (1 + spread * (2 * i / max(n - 1, 1) - (n > 1))) for i in range(max(n, 1))
    )
    load = CROWD if crowd else None
    return Run(backend, 1, samples, not n, summarize(samples), load=load)


def said_of(*runs: Run) -> str:
    return str(
        winner(
            Results(
                network="tiny", dtype="float32", training=False, seed=1, machine=None, runs=runs
            )
        )
    )


RUNS = st.builds(
    timed,
    st.just(""),
    st.floats(1e-6, 1e3),
    st.sampled_from((0, 1, 2, 3, 5, 6, 19, 20, 100)),
    st.floats(0.0, 0.9),
    crowd=st.booleans(),
)


@given(RUNS, RUNS, st.floats(0.1, 10.0))
def test_all_who_ask_are_told_the_same(one: Run, other: Run, times: float) -> None:
    near = tuple(sample * times for sample in one.samples_s)
    for second in (other, msgspec.structs.replace(one, samples_s=near, stats=summarize(near))):
        pair = tuple(
            msgspec.structs.replace(run, backend=name)
            for run, name in ((one, "numpy"), (second, "wgpu"))
        )
        found = faster(*pair)
        back = faster(*reversed(pair))
        assert (found.verdict.better, back.verdict.better) in ((None, None), (0, 1), (1, 0))
        assert found.times == pytest.approx(1 / back.times)
        (point,) = break_even(pair, "numpy", "wgpu").points
        assert point.verdict == found.verdict
        said = said_of(*pair)
        assert ("nobody won" in said) == (found.verdict.better is None)
        assert ("about" in said) == (found.rough and found.verdict.better is not None)
        if found.verdict.better is not None:
            assert said.startswith(("NumPy", "wgpu")[found.verdict.better])
        told = gains(pair).values()
        assert any(gain.close for gain in told) == (
            found.verdict.better is None and not found.rough
        )


@pytest.mark.parametrize(
    ("n", "crowd", "least"),
    [
        (1, False, DECISIVE),
        (3, False, DECISIVE),
        (0, False, DECISIVE),
        (0, True, CROWDED_ESTIMATE),
        (1, True, CROWDED),
    ],
)
def test_what_is_known_of_roughly_tells_a_large_factor_alone(
    n: int, crowd: bool, least: float
) -> None:
    quick = timed("numpy", 1.0, spread=0.0)
    for times, better in ((0.99 * least, None), (1.01 * least, 0)):
        assert faster(quick, timed("wgpu", times, n, 0.0, crowd=crowd)).verdict.better == better


def test_whoever_was_slowed_down_and_won_all_the_same_has_won() -> None:
    """Nobody makes a pass shorter."""
    assert faster(timed("a", 1.0, 3, crowd=True), timed("b", 3.0)).verdict.better == 0
    assert faster(timed("a", 1.0, 3), timed("b", 3.0, 3, crowd=True)).verdict.better is None


def test_samples_far_apart_are_off_by_more_than_the_least_factor() -> None:
    wide = timed("a", 1.0, 2, 0.5)  # 0.5 and 1.5
    assert faster(wide, timed("b", 100.0)).verdict.better is None
    assert faster(wide, timed("b", 2000.0)).verdict.better == 0
    assert math.isfinite(faster(timed("a", 1.0, 2, 1.0), timed("b", 1e9)).error)


def test_a_third_within_the_error_is_not_called_slower() -> None:
    runs = timed("numpy", 1.0, spread=0.001), timed("wgpu", 1.05, spread=0.001)
    said = said_of(*runs, timed("loop", 1.06, spread=0.9))
    assert said.startswith("NumPy won: 1.00 s a pass, 4.76 % ")
    assert "not told apart from Python for-loops" in said
    said = said_of(runs[0], timed("wgpu", 1.0, spread=0.002), timed("loop", 1.06, spread=0.9))
    assert said.startswith("nobody won: ")
    assert "for-loops" not in said


def test_copies_are_counted_on_both_sides() -> None:
    gpu = msgspec.structs.replace(timed("cupy", 1.0), copied=(4.0,) * 6)
    other = timed("torch", 2.0)
    assert said_of(gpu, other).endswith("CuPy takes 4.00 s, and loses")
    other = msgspec.structs.replace(other, copied=(8.0,) * 6)
    assert "loses" not in said_of(gpu, other)
