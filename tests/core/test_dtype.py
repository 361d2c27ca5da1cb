"""Bytes of number formats, with the scales of blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.dtype import (
    BYTES,
    DTYPES,
    MATRIX_DTYPES,
    NARROW,
    bits,
    check_dtype,
    out_bytes,
    product_bytes,
    stored,
)
from mmviz.core.time.constants import _LIKE
from mmviz.errors import InputError

SIDE = st.integers(1, 10_000)


def test_sixteen_numbers_of_nvfp4_share_a_byte() -> None:
    assert BYTES["nvfp4"] == (16 * 4 + 8) / 16 / 8
    assert bits("nvfp4") == 4
    assert stored(16, "nvfp4") == 9
    assert stored(1, "nvfp4") == 1  # no half bytes
    assert (stored(100, "float8"), stored(100, "int8")) == (100, 100)


def test_a_narrow_product_gives_two_bytes_a_number_and_others_their_own() -> None:
    assert [out_bytes(dtype) for dtype in NARROW] == [2, 2, 2]
    assert all(out_bytes(dtype) == BYTES[dtype] for dtype in DTYPES if dtype not in NARROW)


@pytest.mark.parametrize(
    ("dtype", "bytes_"),
    [
        ("float64", 8 * (128 * 4096 + 4096 * 1000 + 128 * 1000)),
        ("bfloat16", 2 * (128 * 4096 + 4096 * 1000 + 128 * 1000)),
        ("float8", 128 * 4096 + 4096 * 1000 + 2 * 128 * 1000),
        ("nvfp4", (128 * 4096 + 4096 * 1000) * 9 // 16 + 2 * 128 * 1000),
    ],
)
def test_bytes_of_a_product(dtype: str, bytes_: int) -> None:
    """128 × 1000 × 4096, AlexNet's last layer."""
    assert product_bytes(128, 1000, 4096, dtype) == bytes_


@given(SIDE, SIDE, SIDE, st.sampled_from(DTYPES))
def test_bytes_are_whole_and_fewer_bits_are_fewer_bytes(m: int, n: int, k: int, dtype: str) -> None:
    found = product_bytes(m, n, k, dtype)
    assert isinstance(found, int)
    assert 0 < found <= product_bytes(m, n, k, "float64")
    exact = BYTES[dtype] * (m * k + k * n) + out_bytes(dtype) * m * n
    assert exact <= found < exact + 3


def test_every_format_is_placed() -> None:
    assert set(NARROW) < set(MATRIX_DTYPES) < set(DTYPES)
    assert set(_LIKE) == set(DTYPES), "whose constants a format may borrow"
    for dtype in DTYPES:
        assert check_dtype(dtype) == dtype
    with pytest.raises(InputError, match=r"unknown dtype 'int4'; known are .*nvfp4"):
        check_dtype("int4")
