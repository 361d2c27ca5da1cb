"""From a block's number to its tile, and which rules that can have been."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.recording.rasters import (
    ROWS,
    RULES,
    Ints,
    conserving,
    parts_of,
    rule_of,
    some,
    tiles_for,
)
from mmviz.core.recording.slots import most_at_once, slots_of
from mmviz.core.schedule.raster import Bands
from mmviz.errors import InputError

sides = st.integers(1, 40)
rules = st.sampled_from([rule.id for rule in RULES] + ["swizzle-1", "grouped-1", "grouped-5"])


def _pairs(rule: str, tiles_m: int, tiles_n: int, numbers: Ints) -> list[tuple[int, int]]:
    places = rule_of(rule).places(numbers, tiles_m, tiles_n)
    return list(zip(places.m.tolist(), places.n.tolist(), strict=True))


def test_rules_as_their_programs_write_them() -> None:
    """Row by row of `grouped` is Triton's tutorial with GROUP_SIZE_M = 2 on 3 × 3 tiles; `swizzle`
    is CUTLASS's grid of 3·2 × 2 blocks, whose last column of blocks is past the edge.
    """
    nine = np.arange(9)
    assert _pairs("rows", 3, 3, nine)[:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert _pairs("columns", 3, 3, nine)[:4] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    grouped = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]
    assert _pairs("grouped-2", 3, 3, nine) == grouped
    bands = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    edge = [(0, 2), (-1, -1), (1, 2), (-1, -1), (2, 2), (-1, -1)]
    assert _pairs("swizzle-2", 3, 3, np.arange(12)) == bands + edge


@given(rules, sides, sides, st.integers(1, 3))
def test_each_tile_is_computed_once_in_each_part(
    rule: str, tiles_m: int, tiles_n: int, parts: int
) -> None:
    grid = rule_of(rule).grid(tiles_m, tiles_n)
    places = rule_of(rule).places(np.arange(grid * parts), tiles_m, tiles_n)
    assert parts_of(places, tiles_m, tiles_n) == parts
    inside = places.inside
    m, n = places.m[inside], places.n[inside]
    assert m.min() == n.min() == 0
    assert (m.max(), n.max()) == (tiles_m - 1, tiles_n - 1)


@given(sides, sides, st.sampled_from([2, 4, 8]))
def test_without_the_idle_blocks_bands_are_those_of_the_model(m: int, n: int, size: int) -> None:
    rule, bands = rule_of(f"swizzle-{size}"), Bands(m, n, size)
    places = rule.places(np.arange(rule.grid(m, n)), m, n)
    modelled = bands.tile(np.arange(m * n))
    assert places.m[places.inside].tolist() == modelled[0].tolist()
    assert places.n[places.inside].tolist() == modelled[1].tolist()


@given(rules, sides, sides, st.randoms(use_true_random=False))
def test_the_true_rule_is_among_those_that_conserve(
    rule: str, tiles_m: int, tiles_n: int, random: object
) -> None:
    true = rule_of(rule)
    numbers = np.arange(true.grid(tiles_m, tiles_n))
    inside = numbers[true.places(numbers, tiles_m, tiles_n).inside]
    random.shuffle(inside)  # type: ignore[attr-defined]
    found = conserving(inside, tiles_m, tiles_n)
    if true in RULES:
        here = true.places(inside, tiles_m, tiles_n)
        assert any(one.places(inside, tiles_m, tiles_n).same(here) for one in found)
    for i, one in enumerate(found):
        for other in found[:i]:
            ways = one.places(inside, tiles_m, tiles_n), other.places(inside, tiles_m, tiles_n)
            assert not ways[0].same(ways[1]), "two that are one"


def test_numbers_with_gaps_tell_the_swizzle() -> None:
    true = rule_of("swizzle-4")
    numbers = np.arange(true.grid(5, 7))
    left = numbers[true.places(numbers, 5, 7).inside]
    assert [rule.id for rule in conserving(left, 5, 7)] == ["swizzle-4"]
    known = [rule.id for rule in conserving(numbers, 5, 7)]
    assert known == ["swizzle-2", "swizzle-4", "swizzle-8"], "with the idle ones there are no gaps"


def test_one_row_of_tiles_is_walked_in_one_way() -> None:
    assert conserving(np.arange(9), 1, 9) == (ROWS,)
    assert len(conserving(np.arange(16), 4, 4)) > 1, "the numbers do not tell"


@pytest.mark.parametrize("numbers", [[], [0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 4], [0, 1, 2, 3, 4, 5]])
def test_what_is_missing_or_there_twice_conserves_nothing(numbers: list[int]) -> None:
    assert conserving(np.array(numbers, np.int64), 2, 2) == ()


def test_some_of_the_blocks_are_at_least_different_tiles() -> None:
    for numbers, fits in (([0, 3], True), ([3, 3], False), ([0, 4], False), (range(4), False)):
        places = ROWS.places(np.array(numbers, np.int64), 2, 2)
        assert some(places, 2, 2) == fits, numbers


def test_tiles_for_a_number_of_blocks() -> None:
    assert tiles_for(np.arange(256), 4096, 4096)[0] == (256, 256)
    assert (128, 64) in tiles_for(np.arange(16 * 9), 2048, 576)
    assert tiles_for(np.arange(7), 64, 64) == ()


@pytest.mark.parametrize("text", ["", "diagonal", "swizzle", "grouped-0", "swizzle-99999", "rows "])
def test_an_unknown_rule_names_the_known(text: str) -> None:
    with pytest.raises(InputError, match="known are rows, columns, swizzle-G and grouped-G"):
        rule_of(text)


spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])),
    min_size=1,
    max_size=40,
)


@given(spans)
def test_slots_are_as_many_as_were_in_flight(found: list[tuple[int, int]]) -> None:
    start, end = np.array(found).T
    slot = slots_of(start, end)
    at_once = max(int(((start <= t) & (t < end)).sum()) for t in start)
    assert int(slot.max()) + 1 == at_once == most_at_once(start, end)
    for number in range(at_once):
        rows = np.flatnonzero(slot == number)
        rows = rows[np.argsort(start[rows], kind="stable")]
        assert (end[rows[:-1]] <= start[rows[1:]]).all()
