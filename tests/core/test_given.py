"""Given numbers are a value, of which an edit copies a block."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.given import BLOCK, GivenMatrix
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import InputError

shapes = st.sampled_from([(1, 1), (3, 5), (1, BLOCK), (2, BLOCK), (63, 66), (5000, 1)])


@given(st.data(), shapes, st.floats(-1e30, 1e30))
def test_one_number_changes_and_one_block(
    data: st.DataObject, shape: tuple[int, int], value: float
) -> None:
    array = data.draw(arrays(float, shape, elements=st.floats(-9, 9), fill=st.just(0.5)))
    before = GivenMatrix.of(array)
    row, column = (data.draw(st.integers(0, side - 1)) for side in shape)
    after = before.with_number(row, column, value)
    array[row, column] = value
    np.testing.assert_array_equal(after.array, array)
    assert (after == GivenMatrix.of(array), hash(after)) == (True, hash(GivenMatrix.of(array)))
    assert sum(a is not b for a, b in zip(before.blocks, after.blocks, strict=True)) <= 1
    assert (after == before) == (value == before.array[row, column])


def test_zero_has_no_sign_and_what_is_not_finite_is_known() -> None:
    assert GivenMatrix.of([[-0.0]]) == GivenMatrix.of([[0.0]]) == GivenMatrix.of([[0]])
    assert GivenMatrix.of([[1.0]]).with_number(0, 0, -0.0) == GivenMatrix.of([[0.0]])
    for bad in (float("nan"), float("inf"), 2e30):
        assert not GivenMatrix.of([[1.0, bad]]).finite
        assert not GivenMatrix.of([[1.0, 1.0]]).with_number(0, 1, bad).finite
        with pytest.raises(InputError, match="finite"):
            Network("n", 1, (Dense(2),), GivenMatrix.of([[bad]]))
    assert GivenMatrix.of([[1e30, -1e30]]).finite


@pytest.mark.parametrize("place", [(2, 0), (0, 2), (-1, 0), (0, -1)])
def test_a_place_there_is_not(place: tuple[int, int]) -> None:
    with pytest.raises(IndexError):
        GivenMatrix.of([[1.0, 2.0], [3.0, 4.0]]).with_number(*place, 5.0)


def test_they_cross_to_the_timing_child() -> None:
    x = GivenMatrix.of(np.arange(BLOCK * 2.0).reshape(2, BLOCK))
    network = Network("n", BLOCK, (Dense(1, weights=GivenMatrix.of(np.ones((BLOCK, 1)))),), x)
    plan = BenchPlan(network=network, batches=(1,), backends=("numpy",))
    assert decode_plan(encode_plan(plan)) == plan
    for wrong in ((x.rows + 1, x.columns, x.blocks), (x.rows, x.columns, x.blocks[:-1])):
        with pytest.raises(ValueError, match="do not fill it"):
            GivenMatrix(*wrong)


def test_a_change_elsewhere_looks_at_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network("n", BLOCK, (Dense(3),), GivenMatrix.of(np.ones((9, BLOCK))))
    monkeypatch.setattr(np, "abs", lambda *_: pytest.fail("looked at"))
    changed = replace(network, name="other")
    assert hash(changed) != hash(network)
    assert changed.with_units(0, 4).examples is network.examples
