"""What was learned never lets more work take less time, and a lattice that would is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.lattice import MOST_LOG, PER_UNIT, Lattice, rounded
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.learned import factor
from mmviz.errors import InputError

SIDES = ((1e-6, 1e-5, 1e-3), (0.0, 8.0, 17.0), (5.0, 17.0), (5.0, 9.0, 16.0))
FLAT = Lattice(*SIDES, (0.0,) * 54)
COUNTS = st.integers(1, 1 << 20)


def learned(seed: int) -> Lattice:
    """A rough one, mended."""
    return rounded(SIDES, np.random.default_rng(seed).normal(0, 0.1, (3, 3, 2, 3)))


def test_at_a_node_it_is_the_value_and_linear_between_and_constant_outside() -> None:
    grid = np.zeros((3, 3, 2, 3))
    grid[1, 1, :, :] = grid[1:, 2] = grid[2] = 0.2
    lattice = rounded(SIDES, grid)
    m, n, k = (np.array(side) for side in ([256, 256, 1, 16], [32] * 4, [32] * 4))
    seconds = np.array([1e-5, np.sqrt(1e-5 * 1e-6), 1e-5, 1e-5])
    found = np.log(factor(lattice, seconds, Shapes.of(m, n, k)))
    assert found == pytest.approx([0.2, 0.1, 0.0, 0.1])
    far = factor(lattice, np.array([1e3, 1e-9]), Shapes.of(*(np.array([1 << 30, 1]),) * 3))
    assert np.log(far) == pytest.approx([0.2, 0.0])
    assert factor(None, seconds, Shapes.of(m, n, k)).tolist() == [1.0] * 4


@given(st.integers(0, 200), COUNTS, COUNTS, COUNTS, st.floats(1e-7, 1e-2), st.data())
def test_more_of_anything_never_takes_less(
    seed: int, m: int, n: int, k: int, seconds: float, data: st.DataObject
) -> None:
    more = [data.draw(st.integers(side, 1 << 21)) for side in (m, n, k)]
    longer = seconds * data.draw(st.floats(1, 100))
    both = Shapes.of(*(np.array(pair) for pair in zip((m, n, k), more, strict=True)))
    times = np.array([seconds, longer])
    before, after = times * factor(learned(seed), times, both)
    assert after >= before * (1 - 1e-12)


@given(st.integers(0, 1000))
def test_a_rounded_one_is_whole_ten_thousandths_and_near(seed: int) -> None:
    lattice = learned(seed)
    assert np.rint(lattice.grid * PER_UNIT) == pytest.approx(lattice.grid * PER_UNIT, abs=1e-9)
    again = rounded(SIDES, lattice.grid)
    assert again == lattice
    assert hash(again) == hash(lattice)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": (1e-6,)},
        {"seconds": (1e-6, 1e-6, 1e-3)},
        {"log2_m": (0.0, float("nan"), 17.0)},
        {"log2_k": (5.0, 16.0)},
        {"values": (0.0,) * 53 + (float("nan"),)},
        {"values": (0.0,) * 53 + (MOST_LOG + 1e-3,)},
        {"values": (0.1,) + (0.0,) * 53},  # falls along every side
        {"values": (1.4,) * 18 + (-1.4,) * 36},  # a tenfold time of the model takes less
    ],
)
def test_any_other_is_refused(wrong: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(InputError, match="learned"):
        replace(FLAT, **wrong)
