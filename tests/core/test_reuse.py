"""What units keep from one tile to the next, and the traffic that is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.reuse import KEEPS_A, KEEPS_B, Traffic, kept, loads, traffic
from mmviz.core.schedule.schedule import schedule
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_product

BOTH = KEEPS_A | KEEPS_B


def made(
    m: int, n: int, k: int, order: str, count: int, resident: int = 1, tile: int = 1, stack: int = 1
) -> Trace:
    device = Device("d", "d", Gpu(), count, ((1, 1),), ((1, resident),), k_step=4)
    tiling = tile_product(Gemm("x", "forward", m, n, k, stack=stack), device, (tile, tile), order)
    return schedule(tiling, device, "float32")


traces = st.builds(
    made,
    m=st.integers(1, 20),
    n=st.integers(1, 20),
    k=st.integers(1, 40),
    order=st.sampled_from(["rows", "columns", "swizzle-4", "split-k-3", "stream-k", "persistent"]),
    count=st.integers(1, 9),
    resident=st.integers(1, 3),
    tile=st.integers(1, 5),
    stack=st.integers(1, 3),
)


def test_one_unit_along_rows_keeps_a() -> None:
    assert kept(made(2, 3, 4, "rows", 1)).tolist() == [0, 1, 1, 0, 1, 1]
    assert kept(made(2, 3, 4, "columns", 1)).tolist() == [0, 2, 0, 2, 0, 2]


def test_as_many_units_as_a_row_is_long_keep_b() -> None:
    assert kept(made(3, 3, 4, "rows", 3)).tolist() == [0, 0, 0, 2, 2, 2, 2, 2, 2]


def test_parts_of_another_k_keep_nothing() -> None:
    """Stream-K on one unit is whole tiles; in two parts the second part needs other terms."""
    assert kept(made(1, 2, 8, "stream-k", 1)).tolist() == [0, KEEPS_A]
    assert kept(made(1, 1, 8, "split-k-2", 1)).tolist() == [0, 0]
    assert kept(made(1, 2, 8, "split-k-2", 2)).tolist() == [0, 0, 0, 0]


def test_a_unit_that_held_all_of_k_holds_a_part() -> None:
    found = made(1, 3, 12, "stream-k", 2)  # 9 steps of 4: five for unit 0, four for unit 1
    assert [found.unit.tolist(), found.n.tolist()] == [[0, 1, 1, 0], [0, 1, 2, 1]]
    assert kept(found).tolist() == [0, 0, 0, KEEPS_A]


def test_residents_take_turns() -> None:
    """Two residents on one unit: tiles 0, 2, 4 run in one place, 1, 3, 5 in the other."""
    assert kept(made(3, 2, 4, "rows", 1, resident=2)).tolist() == [0, 0, 2, 2, 2, 2]


def test_traffic_of_one_unit() -> None:
    """2 × 3 tiles of 2 × 2 cells, k 4: A twice (a row each), B for every tile."""
    found = made(4, 6, 4, "rows", 1, tile=2)
    assert loads(found).tolist() == [16, 8, 8, 16, 8, 8]
    assert traffic(found) == Traffic(
        scheduled=2 * 8 + 6 * 8, untiled=2 * 4 * 6 * 4, ideal=4 * 4 + 4 * 6
    )


def test_edge_tiles_load_less() -> None:
    assert loads(made(3, 3, 5, "rows", 4, tile=2)).tolist() == [20, 15, 15, 10]


@given(traces)
def test_between_ideal_and_untiled(found: Trace) -> None:
    total = traffic(found)
    assert total.ideal <= total.scheduled <= total.untiled


@given(traces)
def test_kept_by_definition(found: Trace) -> None:
    """Row by row, with what each place of each unit held last."""
    held: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    turn = np.zeros(found.tiling.units, int)
    k0, k1 = found.k_range(slice(None))
    for row, keeps in enumerate(kept(found).tolist()):
        unit = int(found.unit[row])
        place = (unit, int(turn[unit]) % found.tiling.resident)
        turn[unit] += 1
        m, n = int(found.m[row]), int(found.n[row])
        last = held.get(place)
        within = last is not None and last[2] <= k0[row] and k1[row] <= last[3]
        assert bool(keeps & KEEPS_A) == (within and last is not None and last[0] == m)
        each = found.tiling.tiles_m  # every slice has a B of its own
        same = last is not None and (last[0] // each, last[1]) == (m // each, n)
        assert bool(keeps & KEEPS_B) == (within and same)
        held[place] = (m, n, int(k0[row]), int(k1[row]))


def test_many_slots() -> None:
    """Above the 16 bits the quick sort takes."""
    found = made(300, 300, 1, "rows", 40_000)
    assert np.count_nonzero(kept(found)) == 0  # 40,000 is no multiple of 300 columns
    assert traffic(found).scheduled == 2 * 90_000


@pytest.mark.parametrize("order", ["rows", "columns"])
def test_one_tile_keeps_nothing(order: str) -> None:
    assert kept(made(1, 1, 9, order, 3)).tolist() == [0]
