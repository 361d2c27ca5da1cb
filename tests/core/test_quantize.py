"""Numbers as the formats keep them: every code point, ties, saturation, scales, blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mmviz.core.quantize.rounding import GRIDS, Grid, rounded
from mmviz.core.quantize.scaled import BLOCK, as_kept, float8, int8, nvfp4, scaled
from mmviz.core.shapes.dtype import NARROW

E4M3, E2M1 = GRIDS["e4m3"], GRIDS["e2m1"]
FINITE = st.floats(-1e30, 1e30, allow_subnormal=False)


def of_e4m3(code: int) -> float:
    """What a code of 7 bits stands for, read off its bits: 1.mmm · 2^(e − 7), 0.mmm · 2^−6."""
    exponent, digits = code >> 3, code & 7
    return (8 + digits) / 8 * 2.0 ** (exponent - 7) if exponent else digits / 8 * 2.0**-6


E4M3_NUMBERS = [of_e4m3(code) for code in range(0x7F)]  # S.1111.111 is no number
E2M1_NUMBERS = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0]


def matrix(rows: int, columns: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((rows, columns), np.float32)


@pytest.mark.parametrize(
    ("grid", "numbers"), [(E4M3, E4M3_NUMBERS), (E2M1, E2M1_NUMBERS)], ids=["e4m3", "e2m1"]
)
def test_every_number_of_a_format_stays_and_between_two_the_nearer_is_taken(
    grid: Grid, numbers: list[float]
) -> None:
    own = np.array(numbers)
    assert rounded(own, grid).tolist() == numbers
    assert rounded(-own, grid).tolist() == [-x for x in numbers]
    low, high = own[:-1], own[1:]
    middle = (low + high) / 2
    assert rounded(np.nextafter(middle, low), grid).tolist() == low.tolist()
    assert rounded(np.nextafter(middle, high), grid).tolist() == high.tolist()
    even = [low[i] if i % 2 == 0 else high[i] for i in range(len(low))]  # the even code
    assert rounded(middle, grid).tolist() == even


def test_what_e4m3_is() -> None:
    assert E4M3_NUMBERS[-1] == 448
    assert E4M3_NUMBERS[1] == 2.0**-9  # the least subnormal one
    assert E4M3_NUMBERS[8] == 2.0**-6  # the least normal one
    assert len(set(E4M3_NUMBERS)) == 127


@pytest.mark.parametrize("past", [464.0, 1e6, 1e300])
def test_past_the_largest_narrow_formats_saturate(past: float) -> None:
    assert rounded(np.array([past, -past]), E4M3).tolist() == [448, -448]
    assert rounded(np.array([past, -past]), E2M1).tolist() == [6, -6]


def test_past_the_largest_others_are_infinite() -> None:
    assert rounded(np.array([65_519.9, 65_520.0, -7e4]), GRIDS["float16"]).tolist() == [
        65_504, np.inf, -np.inf,
    ]  # fmt: skip
    assert np.isinf(rounded(np.array([3.4e38]), GRIDS["bfloat16"]))


@given(st.lists(st.floats(-70_000, 70_000), min_size=1))
def test_float16_is_that_of_numpy(numbers: list[float]) -> None:
    x = np.array(numbers)
    with np.errstate(over="ignore"):
        assert np.array_equal(rounded(x, GRIDS["float16"]), x.astype(np.float16).astype(float))


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1))
def test_bfloat16_is_float32_rounded_in_its_bits(numbers: list[float]) -> None:
    x = np.array(numbers, np.float32)
    bits = x.view(np.uint32).astype(np.uint64)
    kept = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16
    expected = kept.astype(np.uint32).view(np.float32)
    assert np.array_equal(rounded(x, GRIDS["bfloat16"]), expected)


@given(st.sampled_from(sorted(GRIDS)), FINITE)
def test_rounding_twice_is_rounding_once_and_normal_numbers_are_half_a_step_off(
    name: str, number: float
) -> None:
    grid = GRIDS[name]
    once = rounded(np.array([number]), grid)
    assert np.array_equal(rounded(once[np.isfinite(once)], grid), once[np.isfinite(once)])
    if 2.0**grid.least <= abs(number) <= grid.largest:
        assert abs(once[0] - number) <= 2.0 ** -(grid.digits + 1) * abs(number)
    elif abs(number) < 2.0**grid.least:
        assert abs(once[0] - number) <= 2.0 ** (grid.least - grid.digits - 1)


def test_float8_brings_the_largest_to_448() -> None:
    made = float8(np.array([[1.0, -2.0], [0.5, 0.3]], np.float32))
    scale = float(np.float32(2 / 448))
    assert made.scales.tolist() == [[scale]]
    assert made.codes.tolist() == [[224, -448], [112, 64]]  # 67.2, between 64 and 72
    assert float8(np.array([[1.0]]), largest=4.0).codes.tolist() == [[112]]


def test_int8_has_a_scale_for_each_row_of_a_and_each_column_of_b() -> None:
    x = np.array([[127.0, 2.5, -3.5], [0.0, 0.0, 0.0], [1.0, -2.0, 0.01]])
    rows = int8(x, 1)
    assert rows.scales[:, 0].tolist() == [1, 1, float(np.float32(2 / 127))]
    assert rows.codes[:2].tolist() == [[127, 2, -4], [0, 0, 0]]  # ties to even
    assert rows.codes[2].tolist() == [64, -127, 1]  # 63.5, 127, 0.635
    columns = int8(x.T, 0)
    assert np.array_equal(columns.codes, rows.codes.T)
    assert np.array_equal(columns.scales, rows.scales.T)


def test_nvfp4_by_hand() -> None:
    x = np.zeros((1, 18))
    x[0, :4], x[0, 16:] = [6.0, 2.4, -2.6, 5.1], [0.75, -0.25]
    made = nvfp4(x, 1)
    # The matrix: 6 / (6 · 448); the first block: 448 of it, the second 0.75 / 6 = 0.125, 56 of it.
    assert made.scales[0, 0] == pytest.approx(1, rel=1e-7)
    assert made.scales[0, 16:].tolist() == pytest.approx([0.125, 0.125], rel=1e-7)
    assert made.codes[0, :4].tolist() == [6, 2, -3, 6]
    assert made.codes[0, 16:].tolist() == [6, -2]
    assert set(made.codes[0, 4:16].tolist()) == {0}


@pytest.mark.parametrize("k", [1, 15, 16, 17, 40])
def test_blocks_run_along_k_and_the_last_may_be_short(k: int) -> None:
    a = matrix(3, k)
    made = nvfp4(a, 1)
    for j in range(0, k, BLOCK):
        scales = made.scales[:, j : j + BLOCK]
        assert (scales == scales[:, :1]).all()
    turned = nvfp4(a.T, 0)
    assert np.array_equal(turned.codes, made.codes.T)
    assert np.array_equal(turned.scales, made.scales.T)


def test_a_block_that_is_far_too_small_is_zero() -> None:
    x = np.ones((1, 32))
    x[0, 16:] = 1e-9
    assert nvfp4(x, 1).values[0, 16:].tolist() == [0] * 16


@pytest.mark.parametrize("dtype", NARROW)
@pytest.mark.parametrize("along", [0, 1])
def test_zeros_stay_and_so_does_a_matrix_of_tiny_numbers(dtype: str, along: int) -> None:
    assert not as_kept(np.zeros((5, 5), np.float32), dtype, along).any()  # type: ignore[arg-type]
    tiny = np.full((5, 5), 1e-44, np.float32)
    assert np.isfinite(as_kept(tiny, dtype, along)).all()  # type: ignore[arg-type]


@given(
    st.sampled_from(NARROW),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(0, 10**6),
    st.floats(1e-10, 1e10),
)
def test_a_matrix_is_off_by_no_more_than_its_codes_are_apart(
    dtype: str, rows: int, columns: int, seed: int, factor: float
) -> None:
    x = matrix(rows, columns, seed).astype(np.float64) * factor
    off = np.abs(as_kept(x, dtype, 1) - x)
    most = np.abs(x).max()
    if dtype == "int8":
        assert (off <= np.abs(x).max(axis=1, keepdims=True) / 254 * 1.0001).all()
    elif dtype == "float8":
        assert (off <= np.maximum(np.abs(x) / 16, 2.0**-10 * most / 448) * 1.0001).all()
    else:
        # The scale of a block is off by a sixteenth at most, or by half of the least there is; the
        # widest gap is from 4 to 6, and what saturates lost no more than the scale was off.
        for j in range(0, columns, BLOCK):
            block = x[:, j : j + BLOCK]
            bound = np.abs(block).max(axis=1, keepdims=True) * (1 / 6 * 17 / 16)
            assert (off[:, j : j + BLOCK] <= bound + most / 448 * 2.0**-10).all()


@given(st.sampled_from(NARROW), st.integers(1, 20), st.integers(0, 10**6), st.integers(-20, 20))
def test_powers_of_two_change_the_scales_alone(
    dtype: str, columns: int, seed: int, power: int
) -> None:
    x = matrix(4, columns, seed).astype(np.float64)
    one, other = scaled(x, dtype, 1), scaled(x * 2.0**power, dtype, 1)
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.scales * 2.0**power, other.scales)


def test_a_part_of_a_matrix_is_quantized_as_the_whole() -> None:
    x = matrix(40, 30)
    for dtype in NARROW:
        whole = as_kept(x, dtype, 0)
        part = as_kept(x[:, :7], dtype, 0, float(np.abs(x).max()))
        assert np.array_equal(part, whole[:, :7])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_float32_numbers_are_kept_as_they_are(dtype: str) -> None:
    assert np.array_equal(as_kept(matrix(3, 4), dtype, 1), matrix(3, 4).astype(np.float64))
