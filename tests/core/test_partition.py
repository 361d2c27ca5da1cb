"""OpenBLAS's grid of threads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.schedule.partition import (
    LEAST_WORK,
    partition,
    ratio_text,
    switch_ratio,
    thread_grid,
    thread_tile,
    threads_used,
)
from mmviz.core.shapes.gemm import Gemm


@pytest.mark.parametrize(
    ("m", "n", "threads", "ratio", "grid"),
    [
        # NumPy's rows × columns; OpenBLAS's m is NumPy's n, so t_m lies along the columns.
        (128, 4096, 8, 8, (8, 1)),
        (128, 1000, 16, 8, (8, 2)),
        (128, 1000, 16, 16, (16, 1)),
        (2048, 4096, 16, 8, (8, 2)),
    ],
)
def test_recorded_grids(m: int, n: int, threads: int, ratio: int, grid: tuple[int, int]) -> None:
    assert thread_grid(n, m, threads, ratio) == grid
    t_m, t_n = grid
    assert partition(Gemm("x", "forward", m, n, 4096), threads, ratio) == (t_n, t_m)


@pytest.mark.parametrize(
    ("side", "threads", "used"), [(64, 16, 1), (65, 16, 1), (81, 16, 2), (128, 16, 8), (256, 9, 9)]
)
def test_a_thread_needs_its_share_of_work(side: int, threads: int, used: int) -> None:
    assert threads_used(Gemm("x", "forward", side, side, side), threads) == used


def test_a_small_product_stays_whole() -> None:
    assert LEAST_WORK == 64**3
    assert partition(Gemm("x", "forward", 64, 64, 64), 16) == (1, 1)
    assert thread_tile(Gemm("x", "forward", 64, 64, 64), 16) == (64, 64)


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 300), st.sampled_from([8, 16]))
def test_never_more_threads_than_there_are(m: int, n: int, threads: int, ratio: int) -> None:
    t_m, t_n = thread_grid(m, n, threads, ratio)
    assert 1 <= t_m * t_n <= threads
    gemm = Gemm("x", "forward", n, m, 700)
    along_m, along_n = partition(gemm, threads, ratio)
    tile = thread_tile(gemm, threads, ratio)
    assert -(-gemm.m // tile[0]) <= along_m
    assert -(-gemm.n // tile[1]) <= along_n


def test_the_ratio_of_a_core_nobody_listed_is_assumed_and_said() -> None:
    assert switch_ratio("Haswell") == (8, True)
    assert switch_ratio("skylakex") == (16, True)
    assert switch_ratio("Zen") == (8, False)
    assert (
        str(ratio_text("SkylakeX")) == "OpenBLAS parts with a ratio of 16 on the BLAS core SkylakeX"
    )
    assert "'Zen' is not known; 8 is assumed" in str(ratio_text("Zen"))
    assert str(ratio_text("")).startswith("the ratio is not known; 8 is assumed")
