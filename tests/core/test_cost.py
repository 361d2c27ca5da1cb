"""What a product takes and why: the stages from the peak to the predicted time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Cpu, Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_product
from mmviz.core.time.constants import Constants
from mmviz.core.time.cost import LOSS_NAMES, LOSSES, Cost, PassCost, mean_error
from mmviz.core.time.model import model_of
from mmviz.core.time.price import price, price_shapes
from mmviz.core.time.setup import Setup
from mmviz.files.devices import device_ids, read_device

REAL = Constants(2.5e-6, 1.0, 15.0, 160.0, 2e-7, 0.84, 0.1, 2.7e-6, 4.0, 0.25)
FITTED = Calibration(
    "float16",
    tuple(REAL.named.items()),
    400,
    100,
    0.08,
    0.05,
    "made up",
    True,
)
BARE = Device(
    "gpu",
    "GPU",
    Gpu(),
    100,
    ((256, 128), (128, 128), (64, 64)),
    ((16_384, 1), (1, 4)),
    k_step=32,
    peaks=(("float16", 1e14),),
    bandwidth=1e12,
)
GPU = replace(BARE, calibrations=(FITTED,))
SIDE = st.integers(1, 20_000)
ORDERS = (None, "rows", "swizzle-4", "split-k-8", "stream-k", "persistent")


def cost(
    m: int,
    n: int,
    k: int,
    device: Device = GPU,
    tile: tuple[int, int] | None = None,
    order: str | None = None,
    dtype: str = "float16",
) -> Cost:
    gemm = Gemm("x", "forward", m, n, k)
    return passing((gemm,), device, dtype, tile, order).costs[0]


def passing(
    gemms: Sequence[Gemm],
    device: Device = GPU,
    dtype: str = "float16",
    tile: tuple[int, int] | None = None,
    order: str | None = None,
) -> PassCost:
    setup = Setup(Products("list", tuple(gemms)), device, dtype=dtype, tile=tile, order=order)
    return price(setup)


def lost(found: Cost) -> dict[str, float]:
    assert found.losses is not None
    return dict(zip(LOSSES, found.losses, strict=True))


@pytest.mark.parametrize(
    ("shape", "intensity"),
    [
        ((8192, 128, 8192), 124.1),
        ((8192, 8192, 8192), 2730.7),
        ((512, 4096, 1024), 315),
        ((128, 1000, 4096), 110.4),
    ],
)
def test_published_intensities(shape: tuple[int, int, int], intensity: float) -> None:
    assert cost(*shape).intensity == pytest.approx(intensity, abs=0.5)


def test_a_vector_product_is_below_one() -> None:
    assert cost(1, 4096, 4096).intensity < 1


def test_alexnets_last_layer_on_a_v100() -> None:
    """The ridge is 138.9 FLOP/B, the intensity 110.4: memory-bound, and 8 tiles for 80 SMs."""
    found = cost(128, 1000, 4096, read_device("v100"), (128, 128))
    assert found.ridge == pytest.approx(138.9, abs=0.05)
    assert (found.bound, found.tiling.tiles) == ("memory", 8)
    assert found.tiling.wave_efficiency == pytest.approx(0.1)


def test_losses_of_an_ideal_device_in_closed_form() -> None:
    """One tile more than a wave, no constants: half the time is the second wave."""
    found = cost(1281, 1280, 4096, BARE, (128, 128))
    assert found.at_peak_s == pytest.approx(2 * 1281 * 1280 * 4096 / 1e14)
    assert found.predicted_s == pytest.approx(2 * 2 * 1280 * 1280 * 4096 / 1e14, rel=1e-6)
    parts = lost(found)
    assert parts["tile"] == pytest.approx(found.at_peak_s * (110 * 128 * 128 / (1281 * 1280) - 1))
    assert parts["wave"] == pytest.approx((200 - 110) * 2 * 128 * 128 * 4096 / 1e12 / 100, rel=1e-6)
    assert parts["alignment"] == parts["launch"] == 0
    assert found.limiter == "peak"
    assert (found.error, str(found.basis)) == (None, "datasheet only: no kernel reaches it")


def test_alignment_is_a_loss_of_its_own_and_makes_the_error_larger() -> None:
    even, odd = cost(512, 50_304, 768), cost(512, 50_257, 768)
    assert lost(even)["alignment"] == 0
    assert odd.predicted_s is not None
    assert lost(odd)["alignment"] > 0.2 * odd.predicted_s
    assert lost(odd)["tile"] < 0.01 * odd.predicted_s
    assert even.error == FITTED.error_long
    assert odd.error is not None
    assert odd.error > 0.1


def test_what_memory_takes() -> None:
    found = cost(1, 4096, 4096, replace(GPU, peaks=(("float16", 1e15),)))
    assert (found.bound, found.limiter) == ("memory", "memory")
    short = found.predicted_s
    assert short is not None
    assert short < 50e-6
    assert found.error == FITTED.error  # the error of short products is that of all


def test_the_launch_is_the_last() -> None:
    found = cost(8, 8, 8)
    assert found.limiter == "launch"
    assert lost(found)["launch"] == pytest.approx(REAL.t0)
    assert found.computing_s == pytest.approx((found.predicted_s or 0) - REAL.t0)


@given(SIDE, SIDE, SIDE, st.sampled_from([None, "rows", "split-k-4", "stream-k", "persistent"]))
def test_the_parts_make_the_whole(m: int, n: int, k: int, order: str | None) -> None:
    found = cost(m, n, k, order=order)
    assert found.losses is not None
    assert found.at_peak_s is not None
    assert found.at_peak_s + sum(found.losses) == pytest.approx(found.predicted_s)
    assert all(loss >= -1e-15 for loss in found.losses)
    assert found.limiter in LOSS_NAMES


@given(SIDE, SIDE, SIDE)
def test_chosen_is_no_slower_than_any_tile_by_hand(m: int, n: int, k: int) -> None:
    chosen = cost(m, n, k).predicted_s
    assert chosen is not None
    for tile in BARE.tiles:
        fixed = cost(m, n, k, tile=tile).predicted_s
        assert fixed is not None
        assert chosen <= fixed * (1 + 1e-12)


def test_stream_k_leaves_no_unit_idle() -> None:
    found = cost(1281, 1280, 4096, tile=(128, 128), order="stream-k")
    assert lost(found)["wave"] == pytest.approx(0, abs=1e-15)
    rows = cost(1281, 1280, 4096, tile=(128, 128), order="rows")
    assert (found.predicted_s or 1) < (rows.predicted_s or 0)


@pytest.mark.parametrize("device", device_ids())
def test_every_device_prices_or_says_why_not(device: str) -> None:
    target = read_device(device)
    for dtype in ("float32", "bfloat16"):
        found = cost(128, 1000, 4096, target, dtype=dtype)
        assert (found.predicted_s is None) == (found.losses is None) == (found.at_peak_s is None)
        assert found.basis
        if target.kind in ("gpu", "systolic") and target.peak(dtype) and target.bandwidth:
            assert found.predicted_s is not None


def test_a_tpu_counts_its_cycles() -> None:
    """model.md: 16 × 16 × 16 on 8 × 8, weights stationary: 4 folds of 38 cycles."""
    tpu = replace(
        read_device("systolic-8"), peaks=(("float16", 1.28e11),), clock=1e9, bandwidth=1e12
    )
    found = cost(16, 16, 16, tpu)
    assert found.predicted_s == pytest.approx(4 * 38 / 1e9)
    assert found.at_peak_s == pytest.approx(2 * 16**3 / 1.28e11)


def test_a_pass_is_the_sum_of_its_products_as_often_as_they_are_computed() -> None:
    gemms = (Gemm("a", "product", 640, 640, 640, count=3), Gemm("b", "product", 128, 1000, 4096))
    whole = passing(gemms)
    costs = whole.costs
    a, b = (found.predicted_s or 0 for found in costs)
    assert whole.predicted_s == pytest.approx(3 * a + b)
    assert whole.flop == 3 * gemms[0].flop + gemms[1].flop
    assert whole.bytes == 3 * costs[0].bytes + costs[1].bytes
    assert whole.losses is not None
    assert (whole.at_peak_s or 0) + sum(whole.losses) == pytest.approx(3 * a + b)
    assert whole.error == pytest.approx(FITTED.error)
    lanes = read_device("lanes-16")
    nothing = passing(gemms, lanes, "float32")
    assert (nothing.predicted_s, nothing.losses, nothing.limiter, nothing.error) == (None,) * 4


def test_what_a_million_passes_cost() -> None:
    whole = passing([Gemm("x", "forward", 1280, 1280, 4096)])
    assert whole.price(GPU) is None
    priced = replace(GPU, price_hour=3.6)
    assert whole.price(priced) == pytest.approx(1e6 * (whole.predicted_s or 0) * 1e-3)


@pytest.mark.parametrize("id", ["tpu-v3", "tpu-v4", "tpu-v5e"])
def test_no_array_beats_its_peak_where_that_was_rounded(id: str) -> None:
    """TPU v3: 4 arrays at 940 MHz make 123.2, published as 123 TFLOP/s."""
    found = cost(2**24, 2**24, 2**24, read_device(id), dtype="bfloat16")
    assert found.predicted_s is not None
    assert found.at_peak_s is not None
    assert found.predicted_s >= found.at_peak_s
    assert found.losses is not None
    assert min(found.losses) >= 0


def test_a_launch_gap_of_eager_calls_is_said() -> None:
    said = "calibrated on 250 measured products, without the launch gap of {} of eager calls"
    assert str(model_of(read_device("v100"), "float32").basis) == said.format("53.5 µs")
    lent = str(model_of(read_device("a100"), "float32").basis)
    assert lent.endswith("slower memory, without the launch gap of 42.7 µs of eager calls")
    assert "gap" not in str(model_of(read_device("a100"), "bfloat16").basis)


def test_short_products_wear_the_error_of_short_ones() -> None:
    fitted = replace(FITTED, error_short=0.2, least_m=6)
    device = replace(GPU, calibrations=(fitted,))
    assert cost(128, 128, 128, device).error == 0.2
    assert cost(8192, 8192, 8192, device).error == FITTED.error_long
    assert cost(5, 8192, 8192, device).error is None  # so few rows were never measured


def test_the_error_of_several_costs_is_theirs_by_their_time() -> None:
    whole = passing([Gemm("a", "product", 4096, 4096, 4096, 0, 3), Gemm("b", "product", 9, 9, 9)])
    assert mean_error(whole.costs) == pytest.approx(whole.error)
    assert mean_error([*whole.costs, cost(8, 8, 8, BARE)]) is None
    assert whole.provenance.error == whole.error


@given(st.lists(st.tuples(SIDE, SIDE, SIDE), min_size=1, max_size=9), st.sampled_from(ORDERS))
def test_columns_say_what_each_row_says(
    shapes: list[tuple[int, int, int]], order: str | None
) -> None:
    gemms = [Gemm("x", "product", *shape) for shape in shapes]
    for device in (GPU, read_device("v100"), replace(BARE, peaks=())):
        found = passing(gemms, device, order=order)
        tilings = [one.tiling for one in found.costs]
        cuts = found.priced.cuts
        assert cuts.tiles.tolist() == [tiling.tiles for tiling in tilings]
        assert cuts.waves.tolist() == [tiling.waves for tiling in tilings]
        assert cuts.tile_efficiency.tolist() == [tiling.tile_efficiency for tiling in tilings]
        assert cuts.wave_efficiency.tolist() == [tiling.wave_efficiency for tiling in tilings]
        bounds = {1: "memory", 0: "compute", -1: None}
        sides = [bounds[side] for side in found.priced.memory_bound.tolist()]
        assert sides == [one.bound for one in found.costs]
        alone = [tile_product(gemm, device, None, order, dtype="float16") for gemm in gemms]
        assert tilings == alone


def test_counts_of_the_largest_list_are_whole_numbers_of_any_length() -> None:
    """2^24 times a product of 2^48 tiles: 64 bits would give 0."""
    side = 2**24
    gemm = Gemm("largest", "product", side, side, side, 0, count=side)
    lanes = read_device("lane-1")
    cost = price(Setup(Products("largest", (gemm,)), lanes, 1, False, "float32", (1, 1)))
    assert cost.tiles == side**3
    assert cost.waves == side**3


@pytest.mark.parametrize("launch", [2.5e-6, 1.0, 1e3])
@pytest.mark.parametrize("sides", [(1, 1, 1), (4096, 4096, 4096)])
def test_computing_stays_beside_whatever_launch(launch: float, sides: tuple[int, int, int]) -> None:
    slow = replace(FITTED, constants=tuple({**REAL.named, "t0": launch}.items()))
    found = cost(*sides, replace(BARE, calibrations=(slow,))).computing_s
    assert found == pytest.approx(cost(*sides).computing_s, rel=1e-4)


def test_a_product_computes_even_where_the_fit_leaves_it_nothing_but_the_call() -> None:
    bare = Calibration(
        "float32", (("t0", 1e-6), ("one", 1e-9), ("all", 1e-10)), 20, 10, 0.1, 0.1, "", True
    )
    cpu = Device("c", "C", Cpu(), 4, peaks=(("float32", 1e11),), calibrations=(bare,))
    found = cost(1, 1, 64, cpu, dtype="float32")  # of vectors no constant is above 0
    assert found.predicted_s == 1e-6
    assert found.computing_s is not None
    assert 0 < found.computing_s < found.predicted_s


@pytest.mark.parametrize("id", [id for id in device_ids() if read_device(id).kind == "gpu"])
def test_parts_make_up_the_time_and_only_what_was_learned_may_be_a_gain(id: str) -> None:
    device, random = read_device(id), np.random.default_rng(7)
    m, n, k = ((2 ** random.uniform(0, most, 300)).astype(np.int64) for most in (14, 16, 16))
    shapes = Shapes.of(m, n, k, random.integers(1, 20, 300))
    for dtype, _ in device.peaks:
        priced = price_shapes(shapes, Setup(from_widths([1, 1]), device, dtype=dtype))
        assert priced.parts.sum(axis=0) == pytest.approx(priced.seconds, rel=1e-12)
        others = np.delete(priced.parts, 1 + LOSSES.index("learned"), axis=0)
        assert (others >= -1e-12 * priced.seconds).all()
        assert (priced.parts[0] <= priced.seconds * (1 + 1e-12)).all()
