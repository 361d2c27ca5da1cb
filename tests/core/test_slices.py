"""A stack of products in one launch: slice after slice, how far each is, what it takes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Cpu, Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.slices import groups_of, slice_now, slices_of, standing
from mmviz.core.schedule.trace import DONE, Trace
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_product
from mmviz.core.time.cpu_time import CONSTANTS as OF_CPU
from mmviz.core.time.price import price_gemms, price_shapes
from mmviz.core.time.setup import Setup
from mmviz.files.devices import read_device

ORDERS = ("rows", "columns", "swizzle-4", "split-k-3", "stream-k", "persistent")
ONE = Products("x", (Gemm("x", "product", 1, 1, 1),))


def made(order: str, stack: int, units: int = 5, resident: int = 1, side: int = 30) -> Trace:
    device = Device("d", "d", Gpu(), units, ((8, 8),), ((1, resident),), k_step=4)
    tiling = tile_product(Gemm("x", "product", side, 20, 24, stack=stack), device, (8, 8), order)
    return schedule(tiling, device, "float32")


@pytest.mark.parametrize("order", ["rows", "columns", "swizzle-4", "persistent"])
def test_slices_are_dealt_one_after_the_other_each_as_if_alone(order: str) -> None:
    found, alone = made(order, 3), made(order, 1)
    assert slices_of(found, np.arange(len(found))).tolist() == sorted([0, 1, 2] * len(alone))
    rows = found.tiling.place_of(found.m)[1]
    assert rows.tolist() == alone.m.tolist() * 3
    assert found.n.tolist() == alone.n.tolist() * 3


def test_the_last_tiles_of_a_slice_share_a_wave_with_the_first_of_the_next() -> None:
    found, alone = made("rows", 7), made("rows", 1)
    assert (alone.tiling.tiles, alone.waves) == (12, 3)
    assert (found.tiling.tiles, found.waves) == (84, 17)  # not 7 times 3
    assert found.duration < 7 * alone.duration
    assert found.tiling.wave_efficiency > alone.tiling.wave_efficiency


@given(
    order=st.sampled_from(ORDERS),
    stack=st.integers(1, 6),
    resident=st.integers(1, 3),
    together=st.integers(1, 4),
    share=st.floats(0, 1),
)
def test_how_far_each_slice_is(
    order: str, stack: int, resident: int, together: int, share: float
) -> None:
    trace = made(order, stack, resident=resident)
    frame = trace.at(share * trace.duration)
    found = standing(frame, together)
    group = slices_of(trace, np.arange(len(trace))) // together
    groups = -(-stack // together)
    assert found.rows.tolist() == np.bincount(group, minlength=groups).tolist()
    begun = np.bincount(group[: frame.begun], minlength=groups)
    assert found.begun.tolist() == begun.tolist()
    assert found.active.tolist() == np.bincount(group[frame.active], minlength=groups).tolist()
    assert 0 <= slice_now(frame) < stack


def test_a_frame_has_the_state_of_every_tile_of_every_slice() -> None:
    trace = made("rows", 4)
    assert trace.at(trace.duration).state().shape == (16, 3)
    assert (trace.at(trace.duration).state() == DONE).all()


@pytest.mark.parametrize(("stack", "most"), [(1, 1), (12, 100), (384, 100), (10**6, 7)])
def test_slices_go_together_where_there_are_more_than_places(stack: int, most: int) -> None:
    together = groups_of(stack, most)
    assert -(-stack // together) <= most
    assert together == 1 or -(-stack // (together - 1)) > most


def seconds(setup: Setup, m: int, n: int, k: int, stacks: list[int]) -> list[float]:
    columns = (np.full(len(stacks), side) for side in (m, n, k))
    found: list[float] = price_shapes(Shapes.of(*columns, np.array(stacks)), setup).seconds.tolist()
    return found


@given(
    device=st.sampled_from(["a100", "h100", "l40s", "v100", "b200", "tpu-v4"]),
    sides=st.tuples(
        *[st.one_of(st.integers(1, 300), st.integers(1, 64).map(lambda x: 64 * x))] * 3
    ),
    stack=st.integers(2, 400),
)
def test_a_stack_is_between_one_launch_and_as_many_as_it_has(
    device: str, sides: tuple[int, int, int], stack: int
) -> None:
    setup = Setup(ONE, read_device(device), dtype="bfloat16" if device != "v100" else "float16")
    one, all_of_it, one_more = seconds(setup, *sides, [1, stack, stack + 1])
    assert one * (1 - 1e-9) <= all_of_it <= stack * one * (1 + 1e-9)
    assert all_of_it <= one_more * (1 + 1e-9)


GIVEN = tuple((dict.fromkeys(OF_CPU, 1e-11) | {"t0": 2e-6}).items())
CALLED = Calibration("float32", GIVEN, 40, 10, 0.1, 0.1, "made", True)


@given(st.tuples(*[st.integers(1, 500)] * 3), st.integers(2, 50))
def test_a_library_computes_a_stack_one_by_one_in_a_single_call(
    sides: tuple[int, int, int], stack: int
) -> None:
    cpu = Device("cpu", "CPU", Cpu(), 4, peaks=(("float32", 1e11),), bandwidth=1e10)
    setup = Setup(ONE, replace(cpu, calibrations=(CALLED,)), dtype="float32")
    one, all_of_it = seconds(setup, *sides, [1, stack])
    assert one < all_of_it <= stack * one * (1 + 1e-9)
    computing = max(one - 2e-6, 0.0)
    assert all_of_it >= stack * computing * (1 - 1e-9)


def test_counts_flop_and_bytes_are_of_the_whole_stack() -> None:
    gemms = (Gemm("x", "product", 100, 60, 30, count=3, stack=7),)
    found = price_gemms(gemms, Setup(ONE, read_device("a100"), dtype="float16"))
    (cost,) = found.costs
    assert cost.tiling.gemm.flop == 7 * 2 * 100 * 60 * 30
    assert found.flop == 3 * cost.tiling.gemm.flop
    assert cost.bytes == 7 * 2 * (100 * 30 + 30 * 60 + 100 * 60)
    assert found.bytes == 3 * cost.bytes
    assert found.tiles == 3 * cost.tiling.tiles
    assert cost.tiling.tiles % 7 == 0
    assert found.predicted_s == pytest.approx(3 * (cost.predicted_s or 0))
    assert cost.rate == pytest.approx(cost.tiling.gemm.flop / (cost.predicted_s or 1))
