"""Schedules and traces: text vectors, conservation on ragged shapes, frames by time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.device.body import Gpu, Lanes
from mmviz.core.device.device import Device
from mmviz.core.provenance import MODELLED
from mmviz.core.schedule.deal import tile_time
from mmviz.core.schedule.faults import faults
from mmviz.core.schedule.schedule import MAX_TILES, schedule
from mmviz.core.schedule.trace import (
    COMPUTING,
    DONE,
    WAITING,
    Trace,
    most_held,
    stretched,
    wave_pieces,
)
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_product
from mmviz.errors import InputError
from mmviz.files.devices import read_device


def trace(
    m: int, n: int, k: int, units: int, tile: tuple[int, int] = (1, 1), resident: int = 1
) -> Trace:
    device = Device("d", "d", Lanes(), units, (tile,), ((1, resident),))
    return schedule(tile_product(Gemm("x", "forward", m, n, k), device), device, "float32")


ragged = st.builds(
    trace,
    m=st.integers(1, 60),
    n=st.integers(1, 60),
    k=st.integers(1, 500),
    units=st.integers(1, 40),
    tile=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    resident=st.integers(1, 4),
)


def test_six_cells_on_four_lanes() -> None:
    assert list(wave_pieces(trace(3, 2, 4, units=4), "lane")) == [
        "lane0 (0,0) lane1 (0,1) lane2 (1,0) lane3 (1,1)",
        "lane0 (2,0) lane1 (2,1)",
    ]


def test_residents_fill_breadth_first() -> None:
    assert list(wave_pieces(trace(1, 5, 4, units=2, resident=2), "SM")) == [
        "SM0 (0,0) SM1 (0,1) SM0 (0,2) SM1 (0,3)",
        "SM0 (0,4)",
    ]


def test_residents_share_their_unit() -> None:
    """Two tiles on one SM take twice as long as one alone, also in the last, emptier wave."""
    found = trace(1, 5, 4, units=2, resident=2)
    assert found.end.tolist() == [8, 8, 8, 8, 12]
    uneven = trace(1, 7, 4, units=2, resident=2)
    assert uneven.end.tolist() == [8, 8, 8, 8, 16, 12, 16]
    assert uneven.duration == 16


def test_a_lane_takes_k_steps_a_cell() -> None:
    found = trace(2, 2, 4, units=16)
    assert (found.duration, found.clock, found.provenance) == (4.0, "steps", MODELLED)
    assert trace(2, 2, 4, units=1).duration == 16.0


def test_seconds_where_the_device_has_a_peak() -> None:
    a100 = read_device("a100")
    tiling = tile_product(Gemm("x", "forward", 2304, 1536, 4096), a100, (256, 128))
    alone, clock = tile_time(tiling, a100, "float16")
    assert clock == "s"
    assert alone == pytest.approx(2 * 256 * 128 * 4096 / (312e12 / 108))
    # One full wave without waste runs at the peak: FLOP over FLOP/s.
    assert schedule(tiling, a100, "float16").duration == pytest.approx(tiling.gemm.flop / 312e12)


def test_steps_where_no_peak_is_known() -> None:
    v100 = read_device("v100")
    tiling = tile_product(Gemm("x", "forward", 512, 512, 100), v100)
    assert tile_time(tiling, v100, "bfloat16") == (4.0, "steps")  # 100 terms in k-steps of 32


@given(ragged)
def test_every_tile_once_and_no_unit_over_its_residency(found: Trace) -> None:
    assert list(map(str, faults(found))) == []


@given(ragged)
def test_flop_add_up(found: Trace) -> None:
    """Cells of the tiles, cut at the edges, times 2k: the FLOP of the product."""
    tiling, gemm = found.tiling, found.tiling.gemm
    tm, tn = tiling.tile
    rows = np.minimum(gemm.m - found.m.astype(int) * tm, tm)
    columns = np.minimum(gemm.n - found.n.astype(int) * tn, tn)
    assert rows.min() > 0
    assert columns.min() > 0
    assert int((2 * rows * columns).sum()) * gemm.k == gemm.flop


@given(ragged)
def test_the_duration_is_the_busiest_units(found: Trace) -> None:
    tiling = found.tiling
    alone = tiling.tile[0] * tiling.tile[1] * tiling.gemm.k
    assert found.duration == pytest.approx(tiling.tiles_in_series * alone)
    assert found.busy().max() == pytest.approx(1.0)
    assert found.busy().mean() == pytest.approx(tiling.wave_efficiency)


@given(ragged, st.floats(-0.5, 1.5))
def test_a_frame_counts_every_tile_once(found: Trace, share: float) -> None:
    frame = found.at(share * found.duration)
    state = frame.state()
    assert frame.waiting == np.count_nonzero(state == WAITING)
    assert frame.computing == np.count_nonzero(state == COMPUTING)
    assert frame.done == np.count_nonzero(state == DONE)
    assert ((frame.k_done >= 0) & (frame.k_done < found.tiling.gemm.k + 1e-6)).all()
    # The same by definition, tile by tile.
    t = frame.t
    assert set(frame.active.tolist()) == set(
        np.flatnonzero((found.start <= t) & (found.end > t)).tolist()
    )
    assert frame.computing <= found.tiling.slots


@given(ragged)
def test_the_end_is_all_done_and_the_beginning_none(found: Trace) -> None:
    assert found.at(found.duration).done == len(found)
    assert found.at(0).done == 0
    assert found.at(0).computing == min(found.tiling.slots, len(found))


@given(ragged)
def test_waves_part_the_trace(found: Trace) -> None:
    rows = [found.tiles_of_wave(wave) for wave in range(1, found.tiling.waves + 1)]
    assert sum(row.stop - row.start for row in rows) == len(found)
    assert found.wave_starts().tolist() == [found.start[row.start] for row in rows]
    middle = float(found.start[rows[-1].start])
    assert found.at(middle).wave == found.tiling.waves


def test_faults_are_found() -> None:
    sound = trace(2, 2, 4, units=2)
    assert "computed twice" in str(next(faults(replace(sound, m=np.zeros_like(sound.m)))))
    assert "unit 9 of 2" in str(next(faults(replace(sound, unit=sound.unit + 8))))
    assert "takes no time" in str(next(faults(replace(sound, end=sound.start))))
    crowded = replace(sound, unit=np.zeros_like(sound.unit))
    assert list(map(str, faults(crowded))) == ["a unit holds 2 tiles, its residency is 1"]
    assert most_held(crowded) == 2


def test_too_many_tiles_are_a_sentence() -> None:
    device = read_device("lane-1")
    tiling = tile_product(Gemm("vast", "forward", MAX_TILES, 2, 1), device)
    with pytest.raises(
        InputError, match=r"vast has 16\u202f777\u202f216 tiles of 1×1 on 1 lane; at most"
    ):
        schedule(tiling, device, "float32")


def test_a_tile_takes_at_most_40_bytes() -> None:
    found = trace(100, 100, 8, units=7)
    assert found.nbytes / len(found) <= 40


def test_a_stretched_trace_is_the_same_in_other_seconds() -> None:
    device = Device("g", "G", Gpu(), 3, ((4, 4),), ((1, 2),), peaks=(("float32", 1e9),))
    tiling = tile_product(Gemm("x", "forward", 30, 21, 10), device, order="split-k-2")
    trace = schedule(tiling, device, "float32")
    long = stretched(trace, 7.0)
    assert long.duration == pytest.approx(7.0)
    assert long.clock == "s"
    assert not list(map(str, faults(long)))
    for share in (0.0, 0.3, 1.0):
        before, after = trace.at(share * trace.duration), long.at(share * long.duration)
        assert after.active.tolist() == before.active.tolist()
        assert after.k_done == pytest.approx(before.k_done)
