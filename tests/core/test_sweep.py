"""A sweep's points are exactly those the slow and plain way gives, on every kind of device."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmviz.core.device.body import Cpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.time.cost import PassCost
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import (
    MAX_POINTS,
    Points,
    Sweep,
    different_products,
    joined,
    pieces,
    points_of,
    sweep,
)
from mmviz.core.time.sweep_range import edged, multiples, nearest, spaced, stepped
from mmviz.errors import InputError
from mmviz.files.devices import read_device

CPU = Device(
    id="made",
    name="made",
    body=Cpu(),
    units=2,
    peaks=(("float32", 1e11),),
    bandwidth=1e10,
    calibrations=(
        Calibration(
            "float32",
            (("t0", 1e-6), ("one", 1e-11), ("all", 6e-12), ("near", 1e-11)),
            40,
            10,
            0.1,
            0.1,
            "made",
            own=True,
        ),
    ),
)
GATED = Network("gated", 300, (Dense(512, "swiglu", "up"), Dense(300, "linear", "down")))
DEVICES = {
    "h100": (read_device("h100"), "bfloat16"),
    "v100": (read_device("v100"), "float32"),
    "a100": (read_device("a100"), "tf32"),
    "cpu": (CPU, "float32"),
    "tpu-v3": (read_device("tpu-v3"), "bfloat16"),
    "lanes": (read_device("lanes-16"), "float32"),
    "h100 float64 edited": (read_device("h100"), "float64"),
}


def swept(
    points: Points,
    device: Device,
    dtype: str,
    tile: tuple[int, int] | None = None,
    order: str | None = None,
) -> Sweep:
    return sweep(points, Setup(points.network, device, dtype=dtype, tile=tile, order=order))


def plain(
    points: Points, i: int, device: Device, dtype: str, tile: tuple[int, int] | None, order: str
) -> PassCost:
    batch = int(points.batches[i])
    return price(Setup(points.at(i), device, batch, points.training, dtype, tile, order or None))


def assert_same(
    points: Points, device: Device, dtype: str, tile: tuple[int, int] | None, order: str
) -> None:
    found = swept(points, device, dtype, tile, order or None)
    for i in range(len(points)):
        cost = plain(points, i, device, dtype, tile, order)
        if cost.predicted_s is None:
            assert np.isnan(found.seconds[i])
        else:
            # the same figure, but for the last bit, which BLAS rounds by how many shapes there are
            assert found.seconds[i] == pytest.approx(cost.predicted_s, rel=1e-12)
            assert found.at_peak[i] == pytest.approx(cost.at_peak_s, rel=1e-12)
        assert found.limited_by(i) == cost.limiter
        if cost.error is None:
            assert np.isnan(found.error[i])
        else:
            assert found.error[i] == pytest.approx(cost.error, rel=1e-12)
        assert found.tiles[i] == sum(each.tiling.tiles for each in cost.costs)
        assert found.waves[i] == sum(each.tiling.waves for each in cost.costs)
        bound = [each.bound for each in cost.costs]
        assert found.memory_bound[i] == (-1 if None in bound else bound.count("memory"))


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("training", [False, True])
def test_a_point_is_what_its_pass_costs(name: str, training: bool) -> None:
    device, dtype = DEVICES[name]
    network = from_widths((784, 1000, 130, 10))
    assert_same(points_of(network, (1, 7, 64, 129, 1000), training), device, dtype, None, "")
    both = points_of(network, (3, 128), training, 1, (64, 65, 300))
    assert_same(both, device, dtype, None, "")


@pytest.mark.parametrize(
    ("tile", "order"),
    [
        ((128, 128), ""),
        (None, "split-k-4"),
        ((64, 64), "split-k-8"),
        (None, "stream-k"),
        ((128, 64), "persistent"),
        (None, "swizzle-4"),
    ],
)
def test_a_fixed_tile_or_order_stays(tile: tuple[int, int] | None, order: str) -> None:
    points = points_of(from_widths((2, 1000, 130)), (1, 300, 4096), True)
    device, dtype = DEVICES["h100"]
    assert_same(points, device, dtype, tile, order)


def test_a_swept_width_of_a_gated_layer_feeds_half_of_it_on() -> None:
    points = points_of(GATED, (32,), True, 0, (256, 258, 1024))
    assert points.at(2).widths == (300, 512, 300)
    assert_same(points, *DEVICES["h100"], None, "")
    with pytest.raises(InputError, match="even number of units, not 257"):
        points_of(GATED, (32,), True, 0, (256, 257))


def test_the_published_staircase_has_six_waves_at_both() -> None:
    """microsoft/vidur, A100, fp16, N = K = 8192: 1465.5 µs at M = 2304 and 1460.3 µs at 2560."""
    a100 = read_device("a100")
    points = points_of(from_widths((8192, 8192)), (2304, 2305, 2560, 2561))
    found = swept(points, a100, "float16", (128, 128))
    assert a100.slots((128, 128)) == 216
    assert found.tiles.tolist() == [18 * 64, 19 * 64, 20 * 64, 21 * 64]
    assert found.waves.tolist() == [6, 6, 6, 7]


@given(
    batches=st.lists(st.integers(1, 5000), min_size=1, max_size=12),
    size=st.integers(1, 5),
    training=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_one_point_is_as_many(batches: list[int], size: int, training: bool) -> None:
    device, dtype = DEVICES["h100"]
    points = points_of(from_widths((500, 700, 30)), batches, training)
    whole = swept(points, device, dtype)
    again = joined(points, [swept(part, device, dtype) for part in pieces(points, size)])
    for name in ("seconds", "error", "at_peak", "tiles", "waves", "parts", "memory_bound"):
        np.testing.assert_allclose(getattr(whole, name), getattr(again, name), rtol=1e-12)
    assert again.basis == whole.basis


@given(tiles=st.integers(1, 60), rows=st.lists(st.integers(1, 128), min_size=2, max_size=8))
@settings(max_examples=40, deadline=None)
def test_more_rows_of_the_same_tiles_never_take_less_time(tiles: int, rows: list[int]) -> None:
    """Of other tiles they may: a library finds better ones, and idle SMs fetch nothing."""
    batches = [128 * (tiles - 1) + row for row in sorted(rows)]
    points = points_of(from_widths((1024, 1024)), batches)
    found = swept(points, read_device("a100"), "float16", (128, 128))
    assert (np.diff(found.seconds) >= -1e-12 * found.seconds[1:]).all()
    assert len(set(found.tiles.tolist())) == 1


def test_products_that_are_alike_at_every_point_are_priced_once() -> None:
    alike = Network("deep", 512, tuple(Dense(512, "relu", f"layer {i}") for i in range(1_000)))
    assert different_products(points_of(alike, [1, 2, 3])) == 1
    assert different_products(points_of(alike, [1, 2, 3], training=True)) == 2
    assert different_products(points_of(alike, [1], layer=500, widths=[2, 4])) == 3
    setup = Setup(alike, read_device("a100"), 2, dtype="float16")
    found = sweep(points_of(alike, [1, 2, 3]), setup)
    assert found.seconds[1] == price(setup).predicted_s
    assert found.tiles[1] == price(setup).tiles


def test_what_is_derived_of_a_point() -> None:
    found = swept(points_of(from_widths((512, 512)), (100, 200)), *DEVICES["h100"])
    assert found.per_example.tolist() == [found.seconds[0] / 100, found.seconds[1] / 200]
    assert ((found.efficiency > 0) & (found.efficiency <= 1)).all()
    assert found.known
    assert not swept(points_of(from_widths((5, 5)), (1,)), *DEVICES["lanes"]).known


def test_too_many_points_and_counts_out_of_range_are_refused() -> None:
    network = from_widths((4, 4))
    with pytest.raises(InputError, match="1 to 10\u202f000 points, not 10\u202f001"):
        points_of(network, range(1, MAX_POINTS + 2))
    with pytest.raises(InputError, match="points, not 0"):
        points_of(network, ())
    with pytest.raises(InputError, match="every batch"):
        points_of(network, (0, 4))
    with pytest.raises(InputError, match="every width"):
        points_of(network, (1,), False, 0, (2**24 + 1,))


def test_with_units_changes_one_width_and_drops_what_no_longer_fits() -> None:
    layers = (Dense(1, "linear", "a", ((1.0,), (2.0,)), (0.5,)), Dense(1, "linear", "b", ((3.0,),)))
    network = Network("small", 2, layers)
    changed = network.with_units(0, 4)
    assert [layer.units for layer in changed.layers] == [4, 1]
    assert changed.layers[0].weights is None
    assert changed.layers[0].bias is None
    assert changed.layers[1].weights is None
    assert network.with_units(0, 1) is network


def test_ranges() -> None:
    assert stepped(64, 256, 64, "--batch", 10) == (64, 128, 192, 256)
    assert stepped(1, 10, 4, "--batch", 10) == (1, 5, 9)
    with pytest.raises(InputError, match="begins at 5, above its end 2"):
        stepped(5, 2, 1, "--batch", 10)
    with pytest.raises(InputError, match="a step of 10 or more would do, as 1:100:10"):
        stepped(1, 100, 1, "--batch", 10)
    assert spaced(1, 1000, 4) == (1, 10, 100, 1000)
    assert spaced(7, 7, 4) == (7,)
    assert multiples(1, 4096, 64) == tuple(range(64, 4097, 64))
    assert multiples(5, 7, 1) == (5,) or len(multiples(5, 7, 1)) == 1
    assert nearest((1, 10, 100), 40) == 1


@given(low=st.integers(1, 5000), more=st.integers(0, 2**24 - 5000), most=st.integers(4, 500))
@settings(max_examples=80, deadline=None)
def test_edges_are_met_from_both_sides(low: int, more: int, most: int) -> None:
    high = low + more
    found = edged(low, high, most)
    assert found == tuple(sorted(set(found)))
    assert len(found) <= most + 2
    assert (found[0], found[-1]) == (low, high)
    inner = [x for x in found if low < x < high - 1]
    if more + 1 > most:
        steps = [x for x in inner if x % 2 == 0]
        assert all(x + 1 in found for x in steps)


@given(low=st.integers(1, 10**6), more=st.integers(0, 10**6), most=st.integers(1, 60))
@settings(max_examples=80, deadline=None)
def test_spread_counts_stay_within_their_range_and_number(low: int, more: int, most: int) -> None:
    for found in (multiples(low, low + more, most), spaced(low, low + more, most)):
        assert 1 <= len(found) <= max(most, 2)
        assert all(low <= x <= low + more for x in found)
        assert found == tuple(sorted(set(found)))
