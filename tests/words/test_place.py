"""What a backend computed on, and whose clock its figures are by."""

from __future__ import annotations

import pytest

from mmviz.backends.base import Part, Place
from mmviz.bench.results import Run
from mmviz.bench.stats import summarize
from mmviz.words.place import clocks, remark

CARD = Place("Arc", clock=True)


def _run(
    wall: float, gpu: float | None, place: Place | None = CARD, launch: float = 0.0, n: int = 40
) -> Run:
    """Samples that lie a thousandth apart."""
    seconds = tuple(wall * (1 + i % 3 / 1000) for i in range(n))
    on_gpu = () if gpu is None else tuple(gpu * (1 + i % 3 / 1000) for i in range(n))
    parts = (Part("launch", 0, launch),) if launch else ()
    return Run(
        "wgpu", 1, seconds, stats=summarize(seconds), on_gpu=on_gpu, place=place, parts=parts
    )


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (_run(0.1, None, None), ""),
        (_run(0.1, None, Place("Arc")), "by the wall clock: Arc has none of its own"),
        (_run(0.1, None), "by the wall clock: the one of Arc stands still"),
        (_run(0.1, 0.1), "by the wall clock, with which the one of Arc agrees"),
        (
            _run(1e-3, 0.9e-3, launch=0.06e-3),
            "by the wall clock: 1.00 ms; by the one of Arc 901 µs, the rest is handing over",
        ),
        (
            _run(0.1, 0.09, launch=1e-5),
            "by the wall clock: 100 ms; by the one of Arc 90.1 ms, 10.0 % apart",
        ),
        (
            _run(0.09, 0.1, launch=1.0),
            "by the wall clock: 90.1 ms; by the one of Arc 100 ms, 10.0 % apart",
        ),
        (_run(0.1, 0.05, n=3), "by the wall clock: 100 ms; by the one of Arc 50.0 ms"),
    ],
)
def test_the_clock_of_the_gpu_is_held_against_the_one_on_the_wall(run: Run, said: str) -> None:
    assert str(clocks(run)) == said


def test_of_an_estimate_no_clock_is_told() -> None:
    estimated = Run("wgpu", 1, (1.0,), True, summarize((1.0,)), place=CARD)
    assert not clocks(estimated)


def test_where_no_gpu_computed_it_is_said_of_the_run_itself() -> None:
    """Another computer's file says it, too, whatever is found here."""
    assert str(remark(_run(1.0, None, Place("llvmpipe", software=True)), "float32")) == (
        "software, no GPU"
    )
    assert not remark(_run(1.0, None), "float32")
    assert str(remark(Run("loop", 1, ()), "float32")) == "computes in float64"
    assert not remark(Run("unheard of", 1, ()), "float32")
