"""Systolic arrays: SCALE-Sim v2's counts, and what every multiplier does in every cycle."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mmviz.core.device.body import Dataflow, Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.faults import faults
from mmviz.core.schedule.schedule import least_time, schedule
from mmviz.core.schedule.systolic import Activity, activity, fold_tile, folds
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_product
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device

FLOWS: tuple[Dataflow, ...] = ("ws", "os", "is")


def gemm(m: int, n: int, k: int) -> Gemm:
    return Gemm("x", "forward", m, n, k)


@pytest.mark.parametrize(
    ("dataflow", "sides", "array", "count", "each", "cycles"),
    [
        ("ws", (10, 8, 8), (8, 8), 1, 32, 32),
        ("ws", (16, 16, 16), (8, 8), 4, 38, 152),
        ("ws", (10, 12, 20), (8, 4), 9, 28, 252),
        ("os", (10, 8, 8), (8, 8), 2, 22, 44),
        ("os", (16, 16, 16), (8, 8), 4, 30, 120),
        ("is", (10, 8, 8), (8, 8), 2, 30, 60),
    ],
)
def test_the_counts_of_scale_sim(
    dataflow: Dataflow,
    sides: tuple[int, int, int],
    array: tuple[int, int],
    count: int,
    each: int,
    cycles: int,
) -> None:
    found = folds(gemm(*sides), array, dataflow)
    assert (found.folds, found.cycles_per_fold, found.cycles) == (count, each, cycles)


small = st.integers(1, 7)
products = st.builds(gemm, small, small, small)
arrays = st.tuples(st.integers(1, 5), st.integers(1, 5))


@given(products, arrays, st.sampled_from(FLOWS))
def test_every_multiplication_of_every_fold_happens_once(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow
) -> None:
    found = folds(product, array, dataflow)
    done: Counter[tuple[int, int, int]] = Counter()
    for fold in range(found.folds):
        for cycle in range(found.cycles_per_fold):
            now = activity(array, dataflow, product, fold, cycle)
            on = now.active
            assert on.shape == array
            # The factors that meet in a cell belong to each other and to the sum they join.
            assert (now.a_k[on] == now.b_k[on]).all()
            assert (now.a_m[on] == now.c_m[on]).all()
            assert (now.b_n[on] == now.c_n[on]).all()
            done.update(
                zip(now.a_m[on].tolist(), now.b_n[on].tolist(), now.a_k[on].tolist(), strict=True)
            )
    terms = product.m * product.n * product.k
    assert len(done) == terms
    assert set(done.values()) == {1}


@given(products, arrays, st.sampled_from(FLOWS))
def test_a_full_fold_takes_exactly_its_cycles(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow
) -> None:
    """Where the first fold fills the array, its last cell works in the very last cycle."""
    rows, columns = array
    fills = {
        "ws": product.k >= rows and product.n >= columns,
        "os": product.m >= rows and product.n >= columns,
        "is": product.k >= rows and product.m >= columns,
    }[dataflow]
    last = folds(product, array, dataflow).cycles_per_fold - 1
    assert bool(activity(array, dataflow, product, 0, last).active[-1, -1]) == fills


@given(products, arrays, st.sampled_from(FLOWS), st.data())
def test_elements_move_one_cell_a_cycle(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow, data: st.DataObject
) -> None:
    found = folds(product, array, dataflow)
    fold = data.draw(st.integers(0, found.folds - 1))
    assume(found.cycles_per_fold > 1)
    cycle = data.draw(st.integers(0, found.cycles_per_fold - 2))
    now, then = (activity(array, dataflow, product, fold, c) for c in (cycle, cycle + 1))
    right, down = np.s_[:, :-1], np.s_[:-1, :]
    to_right, to_down = np.s_[:, 1:], np.s_[1:, :]
    if dataflow in ("ws", "os"):  # A flows to the right
        assert (now.a_m[right] == then.a_m[to_right]).all()
        assert (now.a_k[right] == then.a_k[to_right]).all()
    if dataflow == "is":  # B does
        assert (now.b_k[right] == then.b_k[to_right]).all()
        assert (now.b_n[right] == then.b_n[to_right]).all()
    if dataflow == "os":  # B flows down, C stays
        assert (now.b_k[down] == then.b_k[to_down]).all()
        assert (now.c_m == then.c_m).all()
        assert (now.c_n == then.c_n).all()
    elif cycle >= array[0] - 1:  # what was loaded stays
        for name in ("b_k", "b_n") if dataflow == "ws" else ("a_m", "a_k"):
            assert (getattr(now, name) == getattr(then, name)).all()
    else:  # what is being loaded moves down
        for name in ("b_k", "b_n") if dataflow == "ws" else ("a_m", "a_k"):
            assert (getattr(now, name)[down] == getattr(then, name)[to_down]).all()


def drawn(now: Activity) -> list[str]:
    return ["".join("#" if on else "." for on in row) for row in now.active]


def test_the_front_runs_diagonally() -> None:
    """Weights of a 3 × 4 array are loaded in 3 cycles; then two rows of A pass."""
    product = gemm(2, 4, 3)
    frames = [drawn(activity((3, 4), "ws", product, 0, cycle)) for cycle in range(2, 10)]
    assert frames == [
        ["....", "....", "...."],
        ["#...", "....", "...."],
        ["##..", "#...", "...."],
        [".##.", "##..", "#..."],
        ["..##", ".##.", "##.."],
        ["...#", "..##", ".##."],
        ["....", "...#", "..##"],
        ["....", "....", "...#"],
    ]
    assert folds(product, (3, 4), "ws").cycles_per_fold == 10


def test_weights_are_loaded_lowest_row_first() -> None:
    rows = [activity((3, 1), "ws", gemm(2, 1, 3), 0, c).b_k[:, 0].tolist() for c in range(3)]
    assert rows == [[2, -1, -1], [1, 2, -1], [0, 1, 2]]


def test_the_second_fold_goes_on_along_k() -> None:
    first, second, third = (activity((2, 2), "ws", gemm(1, 4, 4), fold, 1) for fold in range(3))
    assert first.b_k.tolist() == [[0, 0], [1, 1]]
    assert second.b_k.tolist() == [[2, 2], [3, 3]]
    assert (second.b_n.tolist(), third.b_n.tolist()) == ([[0, 1], [0, 1]], [[2, 3], [2, 3]])


def test_what_will_enter_stands_skewed_before_the_edge() -> None:
    """Output-stationary, cycle 0: A waits at the left, B at the top, a step later a row."""
    now = activity((2, 2), "os", gemm(2, 2, 3), 0, 0, ahead=3)
    assert now.a_k[3:, :].tolist() == [[-1, 2, 1, 0, -1], [2, 1, 0, -1, -1]]
    assert now.b_k[:, 3:].T.tolist() == [[-1, 2, 1, 0, -1], [2, 1, 0, -1, -1]]
    assert not now.active[:3].any()
    inside = activity((2, 2), "os", gemm(2, 2, 3), 0, 0)
    assert (now.active[3:, 3:] == inside.active).all()


@given(products, arrays, st.sampled_from(FLOWS), st.integers(0, 3), st.data())
def test_the_window_holds_the_array(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow, ahead: int, data: st.DataObject
) -> None:
    found = folds(product, array, dataflow)
    fold = data.draw(st.integers(0, found.folds - 1))
    cycle = data.draw(st.integers(0, found.cycles_per_fold - 1))
    around = activity(array, dataflow, product, fold, cycle, ahead)
    inside = activity(array, dataflow, product, fold, cycle)
    for name in ("active", "a_m", "a_k", "b_k", "b_n", "c_m", "c_n"):
        assert (getattr(around, name)[ahead:, ahead:] == getattr(inside, name)).all()
        corner = getattr(around, name)[:ahead, :ahead]
        assert (corner == (False if name == "active" else -1)).all()
    assert np.count_nonzero(around.active) == np.count_nonzero(inside.active)


def test_strips_of_c() -> None:
    product = gemm(100, 200, 300)
    assert fold_tile(product, (8, 4), "ws") == ((100, 4), 8)
    assert fold_tile(product, (8, 4), "os") == ((8, 4), 300)
    assert fold_tile(product, (8, 4), "is") == ((4, 200), 8)


@pytest.mark.parametrize(("fold", "cycle"), [(-1, 0), (4, 0), (0, -1), (0, 38)])
def test_there_is_no_such_cycle(fold: int, cycle: int) -> None:
    with pytest.raises(IndexError, match="4 folds of 38 cycles"):
        activity((8, 8), "ws", gemm(16, 16, 16), fold, cycle)


# ---- arrays that load the next fold beside the work -----------------------------------------


@given(products, arrays, st.sampled_from(FLOWS))
def test_one_fold_lasts_as_long_with_and_without_a_second_place(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow
) -> None:
    plain, double = (folds(product, array, dataflow, double) for double in (False, True))
    assert double.cycles_per_fold == plain.cycles_per_fold
    assert double.every <= plain.every == plain.cycles_per_fold
    assert double.cycles <= plain.cycles
    assert (double.cycles_of(0), double.cycles_of(1)) == (0, plain.cycles_per_fold)


def test_folds_follow_each_other_as_soon_as_rows_and_loading_allow() -> None:
    """8 × 8, 16³, weights stationary: 4 folds, 16 rows each, which hide the 8 cycles of loading."""
    many, few = (folds(gemm(m, 16, 16), (8, 8), "ws", True) for m in (16, 4))
    assert (many.every, many.cycles) == (16, 3 * 16 + 38)
    assert (few.every, few.cycles) == (8, 3 * 8 + 26)  # 4 rows hide half of it


def test_tpu_v1_hides_256_cycles() -> None:
    """Of 256 rows and more, every cycle after the first fold but the drain multiplies."""
    found = folds(gemm(1024, 2048, 2048), (256, 256), "ws", True)
    assert (found.folds, found.every) == (64, 1024)
    assert found.cycles == 63 * 1024 + 2 * 256 + 256 + 1024 - 2


def traced(device: Device, product: Gemm, dataflow: Dataflow) -> Trace:
    tiling = tile_product(product, device, order=dataflow)
    trace = schedule(tiling, device, "bfloat16")
    assert list(faults(trace)) == []
    return trace


@given(products, arrays, st.sampled_from(FLOWS), st.integers(1, 3), st.booleans())
def test_the_trace_lasts_as_long_as_the_folds_of_the_busiest_array(
    product: Gemm, array: tuple[int, int], dataflow: Dataflow, units: int, double: bool
) -> None:
    device = Device("x", "X", Systolic(array, dataflow, double), units)
    trace = traced(device, product, dataflow)
    found = folds(product, array, dataflow, double)
    chain = found.folds // trace.tiling.tiles
    assert trace.duration == found.cycles_of(trace.tiling.tiles_in_series * chain)
    assert trace.duration == least_time(trace.tiling, device, "bfloat16")[0]
    for unit in range(units):  # each array ends by itself
        rows = np.flatnonzero(trace.unit == unit)
        end = float(trace.end[rows].max()) if len(rows) else 0.0
        assert end == found.cycles_of(len(rows))


MANY = st.integers(1, 3000)
GROWN = st.sampled_from([(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 1, 1, 0), (0, 0, 0, 1)])


@given(
    MANY,
    MANY,
    MANY,
    GROWN,
    st.sampled_from([1, 2, 17, 256]),
    st.sampled_from(FLOWS),
    st.sampled_from(["tpu-v1", "tpu-v2", "tpu-v3", "tpu-v4", "tpu-v5e", "systolic-8"]),
)
def test_more_work_never_takes_an_array_less_time(
    m: int, n: int, k: int, grown: tuple[int, int, int, int], by: int, dataflow: Dataflow, id: str
) -> None:
    device = read_device(id)
    peaks = device.peaks or (("bfloat16", 1e11),)
    bandwidth, clock = device.bandwidth or 1e11, device.clock or 1e9
    device = replace(device, peaks=peaks, bandwidth=bandwidth, clock=clock)
    more = Gemm("x", "product", m + by * grown[0], n + by * grown[1], k + by * grown[2])
    more = replace(more, stack=1 + by * grown[3])
    pair = Products("pair", (gemm(m, n, k), more))
    costs = price(Setup(pair, device, dtype=peaks[0][0], order=dataflow)).costs
    less, larger = (cost.predicted_s or 0.0 for cost in costs)
    assert 0 < less <= larger * (1 + 1e-12)


@pytest.mark.parametrize("id", ["tpu-v1", "tpu-v2", "tpu-v3", "tpu-v4", "tpu-v5e"])
def test_every_tpu_has_a_time(id: str) -> None:
    """A TPU v2 had none in any format: no bandwidth of it stood in its file."""
    device = read_device(id)
    for dtype, peak in device.peaks:
        found = price(Setup(Products("list", (gemm(512, 4096, 4096),)), device, dtype=dtype))
        assert found.predicted_s is not None
        assert found.predicted_s >= 2 * 512 * 4096**2 / peak
        assert (device.bandwidth or 0) > 0


def test_a_v5e_at_its_ridge() -> None:
    """271 rows of 16384 × 4096 in bfloat16: 36.4 GFLOP at 197 TFLOP/s are 184.6 µs."""
    shape = Products("list", (gemm(271, 16384, 4096),))
    found = price(Setup(shape, read_device("tpu-v5e"), dtype="bfloat16")).costs[0]
    assert found.predicted_s == pytest.approx(185e-6, rel=0.01)
    assert found.limiter == "peak"


def test_many_products_are_priced_as_one_by_one() -> None:
    rng = np.random.default_rng(1)
    sides = rng.integers(1, 5000, (200, 3)).tolist()
    gemms = tuple(replace(gemm(*three), stack=1 + three[0] % 3) for three in sides)
    tpu = read_device("tpu-v4")
    together = price(Setup(Products("list", gemms), tpu, dtype="bfloat16"))
    for one, cost in zip(gemms, together.costs, strict=True):
        alone = tile_product(one, tpu, dtype="bfloat16")
        assert cost.tiling == alone
        cycles, clock = least_time(alone, tpu, "bfloat16")
        assert clock == "steps"
        fed = cost.bytes / 1.2e12
        at_peak = one.flop / 275e12
        assert cost.predicted_s == pytest.approx(max(cycles / 1.05e9, fed, at_peak))
