"""What rows cost that are no multiple of 16 bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.time.alignment import ODD_HALVES, aligned_to, alignment_factor


@pytest.mark.parametrize(
    ("row", "dtype", "to"),
    [
        (50257, "float16", 2),
        (50304, "float16", 16),
        (1000, "float16", 16),
        (1002, "bfloat16", 4),
        (1004, "float16", 8),
        (4, "tf32", 16),
        (2, "tf32", 8),
        (3, "float64", 8),
    ],
)
def test_bytes_a_row_is_a_multiple_of(row: int, dtype: str, to: int) -> None:
    assert aligned_to(np.array([row]), dtype).tolist() == [to]


def test_each_halving_costs_the_same() -> None:
    found = alignment_factor(np.array([8, 4, 2, 1]), "float16")
    assert found[0] == 1
    assert found[-1] == pytest.approx(ODD_HALVES)
    assert found[1:] / found[:-1] == pytest.approx(ODD_HALVES ** (1 / 3))


def test_the_figure_it_is_derived_from() -> None:
    """27 % of the FLOP, 25 % faster steps: (0.2 + 0.8 · 0.27) / (0.8 · 0.27)."""
    vocabulary = 6 * 38.6 / (6 * 123.6 + 113)
    after = 0.8 * vocabulary
    assert (0.2 + after) / after == pytest.approx(ODD_HALVES, rel=0.02)


@given(st.lists(st.integers(1, 100_000), min_size=1), st.sampled_from(["float32", "float64"]))
def test_types_without_matrix_units_have_no_rule(rows: list[int], dtype: str) -> None:
    assert alignment_factor(np.array(rows), dtype).tolist() == [1.0] * len(rows)
