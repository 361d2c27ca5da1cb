"""What rows cost that are no multiple of 16 bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm, Role
from mmviz.core.time.alignment import (
    ODD_HALVES,
    aligned_to,
    alignment_factor,
    off_lines,
)


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
        (1008, "float8", 16),
        (1000, "int8", 8),
        (1001, "int8", 1),
        (1024, "nvfp4", 16),
        (1000, "nvfp4", 4),
        (1001, "nvfp4", 0.5),
    ],
)
def test_bytes_a_row_is_a_multiple_of(row: int, dtype: str, to: float) -> None:
    assert aligned_to(np.array([row]), dtype).tolist() == [to]


@pytest.mark.parametrize(
    ("role", "m", "n", "k", "rows"),
    [
        ("forward", 6, 10, 7, 7 | 10),
        ("wgrad", 6, 10, 7, 6 | 10),
        ("forward", 4096, 1, 14337, 14337),  # B and C are one column
        ("forward", 1, 10, 7, 10),  # A and C are one row
        ("wgrad", 1, 10, 7, 10),  # A is one column, C one row
        ("wgrad", 6, 1, 7, 6),
        ("forward", 6, 10, 1, 10),  # A is one column, B one row
        ("wgrad", 6, 10, 1, 10),
        ("forward", 1, 1, 7, 0),
    ],
)
def test_a_matrix_of_one_row_or_column_lies_in_one_piece(
    role: Role, m: int, n: int, k: int, rows: int
) -> None:
    assert Shapes.from_gemms([Gemm("", role, m, n, k)]).rows.tolist() == [rows]


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_a_product_has_the_same_rows_however_it_is_given(m: int, n: int, k: int) -> None:
    of = Shapes.of(np.array([m]), np.array([n]), np.array([k])).rows
    assert of.tolist() == Shapes.from_gemms([Gemm("", "product", m, n, k)]).rows.tolist()


def test_a_card_of_its_own_factor() -> None:
    rows = np.array([8, 1])
    assert alignment_factor(rows, "bfloat16", 1.0).tolist() == [1, 1]
    assert alignment_factor(rows, "bfloat16", 1.3) == pytest.approx([1, 1.3])
    assert off_lines(np.array([64, 128, 8, 1]), "bfloat16").tolist() == [False, False, True, True]
    assert off_lines(rows, "float32").tolist() == [False, False]


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
