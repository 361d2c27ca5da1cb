"""What counts of what was timed, on visits made for it."""

from __future__ import annotations

import random

import pytest

from mmviz.bench.undisturbed import Block, Kept, Visit, clean, drifted, undisturbed


def visit(*seconds: float, reference: float = 1.0, waited: float | None = None) -> Visit:
    return Visit(reference, tuple(Block(s, waited) for s in seconds))


def test_a_low_quantile_counts_and_the_upper_one_tells_the_spread() -> None:
    found, dropped = undisturbed({"a": [visit(1.0, 2.0, 3.0, 4.0, 5.0)]})
    assert found == {"a": Kept(2.0, 4.0, 5)}
    assert dropped == 0


def test_blocks_whose_threads_waited_do_not_count() -> None:
    visits = [visit(1.0, waited=0.001), visit(0.5, waited=0.6), visit(1.0, waited=0.015)]
    found, dropped = undisturbed({"a": visits})
    assert found["a"] == Kept(1.0, 1.0, 2)
    assert dropped == pytest.approx(1 / 3)


def test_threads_that_wait_by_nature_are_compared_with_the_best_of_their_own() -> None:
    """Waking many threads takes its time in each call of a small product."""
    assert clean([Block(1.0, 0.10), Block(1.1, 0.115), Block(3.0, 0.5)]) == [1.0, 1.1]


def test_who_never_had_the_cores_tells_nothing() -> None:
    found, dropped = undisturbed({"a": [visit(9.0, waited=0.9)], "b": [visit(1.0, waited=0.0)]})
    assert list(found) == ["b"]
    assert dropped == 0.5


@pytest.mark.parametrize("reference", [0.85, 1.15, 3.0])
def test_a_visit_under_another_clock_does_not_count(reference: float) -> None:
    steady = {"a": [visit(1.0), visit(1.0)], "b": [visit(2.0), visit(2.0)]}
    found, dropped = undisturbed({**steady, "c": [visit(5.0, reference=reference), visit(2.5)]})
    assert found["c"].seconds == 2.5
    assert dropped == pytest.approx(1 / 6)
    assert drifted(visit(1.0, reference=reference), 1.0)


def test_where_nobody_tells_of_waits_the_quantile_defends_itself() -> None:
    """Half of the blocks take two to nine times as long: what counts moves by little."""
    draw = random.Random(1)
    blocks = [draw.uniform(1.0, 1.04) * (draw.uniform(2, 9) if i % 2 else 1) for i in range(24)]
    found, dropped = undisturbed({"a": [visit(*blocks)]})
    assert 1.0 <= found["a"].seconds <= 1.04
    assert dropped == 0


def test_nothing_timed_is_nothing_found() -> None:
    assert undisturbed({}) == ({}, 0.0)
    assert undisturbed({"a": []}) == ({}, 0.0)
    assert clean([]) == []
