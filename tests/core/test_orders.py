"""Every order: the published vectors, and what holds for all of them on ragged shapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mmviz.core.device.body import Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.deal import tile_folds, tile_time
from mmviz.core.schedule.faults import faults
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import ORDERS, check_order, order_for, orders_of
from mmviz.core.schedule.raster import Bands, Raster, swizzle_shift
from mmviz.core.schedule.schedule import MAX_TILES, least_time, rows_at_most, schedule
from mmviz.core.schedule.splitk import MOST_PARTS
from mmviz.core.schedule.trace import (
    COMPUTING,
    DONE,
    WAITING,
    Trace,
    stretched,
    wave_pieces,
)
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.choice import tile_product
from mmviz.errors import InputError
from mmviz.files.devices import device_ids, read_device

GPU = (
    "rows", "columns", "swizzle-1", "swizzle-2", "swizzle-4", "swizzle-8",
    "split-k-2", "split-k-3", "split-k-20", "stream-k", "persistent",
)  # fmt: skip
SIZES = {"gpu": 9, "cpu": 60, "systolic": 9}  # side of a tile or an array at most


def units(
    count: int,
    resident: int = 1,
    k_step: int = 32,
    peak: float | None = None,
    array: tuple[int, int] | None = None,
) -> Device:
    peaks = () if peak is None else (("float32", peak),)
    body = Gpu() if array is None else Systolic(array)
    return Device("d", "d", body, count, ((1, 1),), ((1, resident),), k_step, peaks=peaks)


def made(
    m: int,
    n: int,
    k: int,
    order: str,
    device: Device,
    tile: tuple[int, int] | None = None,
    stack: int = 1,
) -> Trace:
    gemm = Gemm("x", "forward", m, n, k, stack=stack)
    tiling = tile_product(gemm, device, tile, order)
    return schedule(tiling, device, "float32")


def cpu(threads: int, core: str = "Haswell") -> Device:
    return Device("d", "d", Cpu(core), threads, ((8, 8),), k_step=7)


side = st.integers(1, 40)
tiles = st.tuples(st.integers(1, 9), st.integers(1, 9))
stacks = st.one_of(st.just(1), st.integers(1, 5))
on_gpu = st.builds(
    made,
    m=side,
    n=side,
    k=st.integers(1, 300),
    order=st.sampled_from(GPU),
    device=st.builds(
        units,
        count=st.integers(1, 40),
        resident=st.integers(1, 4),
        k_step=st.integers(1, 40),
        peak=st.sampled_from([None, 1e9]),
    ),
    tile=tiles,
    stack=stacks,
)
on_cpu = st.builds(
    made,
    m=st.integers(1, 300),
    n=st.integers(1, 300),
    k=st.integers(1, 300),
    order=st.sampled_from(["openblas", "rows", "columns"]),
    device=st.builds(cpu, st.integers(1, 70), st.sampled_from(["Haswell", "SkylakeX", "?"])),
    tile=tiles,
    stack=stacks,
)
on_array = st.builds(
    made,
    m=side,
    n=side,
    k=side,
    order=st.sampled_from(["ws", "os", "is"]),
    device=st.builds(units, count=st.integers(1, 3), array=tiles),
    stack=stacks,
)
anywhere = st.one_of(on_gpu, on_cpu, on_array)


@given(anywhere)
def test_every_term_once_and_no_unit_over_its_residency(found: Trace) -> None:
    assert list(map(str, faults(found))) == []
    # The same by definition, term by term.
    gemm, (tm, tn) = found.tiling.gemm, found.tiling.tile
    assume(gemm.flop <= 400_000)
    times = np.zeros((gemm.stack, gemm.m, gemm.n, gemm.k), np.int64)
    k0, k1 = found.k_range(slice(None))
    which, row = found.tiling.place_of(found.m)
    for part, m, n, first, past in zip(which, row, found.n, k0, k1, strict=True):
        times[part, m * tm : (m + 1) * tm, n * tn : (n + 1) * tn, first:past] += 1
    assert (times == 1).all()


@given(anywhere)
def test_flop_add_up(found: Trace) -> None:
    gemm, (tm, tn) = found.tiling.gemm, found.tiling.tile
    row = found.tiling.place_of(found.m.astype(int))[1]
    high = np.minimum(gemm.m - row * tm, tm)
    wide = np.minimum(gemm.n - found.n.astype(int) * tn, tn)
    k0, k1 = found.k_range(slice(None))
    assert int((2 * high * wide * (k1 - k0)).sum()) == gemm.flop


@given(anywhere)
def test_no_faster_than_all_units_together(found: Trace) -> None:
    """The duration is at least the work over the units; efficiency is the one over the other."""
    work = float(found.busy_time().sum())
    assert found.duration * found.tiling.units >= work * (1 - 1e-9)
    assert found.efficiency == pytest.approx(work / (found.duration * found.tiling.units))
    assert found.busy().max() <= 1 + 1e-9


@given(on_gpu)
def test_no_work_is_lost_to_sharing_a_unit(found: Trace) -> None:
    """Busy time adds up to what the pieces take alone, however many share a unit."""
    tiling = found.tiling
    if found.clock == "s":
        cells = tiling.tile[0] * tiling.tile[1] * tiling.gemm.k
        alone = tiling.tiles * 2 * cells / (1e9 / tiling.units)
    elif tiling.parts > 1:
        part, last = (-(-k // tiling.k_step) for k in tiling.part_k)
        alone = tiling.tiles * ((tiling.parts - 1) * part + last)
    else:
        alone = tiling.tiles * tiling.k_steps
    assert float(found.busy_time().sum()) == pytest.approx(alone)


@given(on_gpu)
def test_the_least_time_is_the_duration(found: Trace) -> None:
    tiling = found.tiling
    peak = 1e9 if found.clock == "s" else None
    device = units(tiling.units, tiling.resident, tiling.k_step, peak)
    time, clock = least_time(tiling, device, "float32")
    assert time == pytest.approx(found.duration)
    assert clock == found.clock


@given(anywhere, st.floats(0, 1), st.lists(st.floats(0, 1), max_size=4))
def test_seeking_is_playing(found: Trace, share: float, before: list[float]) -> None:
    """A frame is the same whatever was shown before, and what its definition says, row by row."""
    t = share * found.duration
    straight = found.at(t)
    for earlier in sorted(before):
        found.at(earlier * found.duration)
    frame = found.at(t)
    assert frame.active.tolist() == straight.active.tolist()
    assert frame.k_done.tolist() == straight.k_done.tolist()
    assert (frame.begun, frame.wave) == (straight.begun, straight.wave)
    expected = np.flatnonzero((found.start <= t) & (found.end > t))
    assert frame.active.tolist() == expected.tolist()
    assert frame.begun == np.count_nonzero(found.start <= t)
    k0, k1 = found.k_range(frame.active)
    assert (frame.k_done >= k0).all()
    assert (frame.k_done <= k1 + 1e-6).all()


@given(anywhere, st.floats(0, 1))
def test_a_tile_in_pieces_computes_from_its_first_to_its_last(found: Trace, share: float) -> None:
    frame = found.at(share * found.duration)
    start, end = found.spans_at(*np.indices((found.tiling.rows_m, found.tiling.tiles_n)))
    expected = np.full(start.shape, WAITING)
    expected[start <= frame.t] = COMPUTING
    expected[end <= frame.t] = DONE
    assert frame.state().tolist() == expected.tolist()
    for row in (0, len(found) - 1):  # by definition, for two tiles
        of_tile = (found.m == found.m[row]) & (found.n == found.n[row])
        assert start[found.m[row], found.n[row]] == found.start[of_tile].min()
        assert end[found.m[row], found.n[row]] == found.end[of_tile].max()


@given(anywhere)
def test_waves_part_the_rows(found: Trace) -> None:
    rows = [found.tiles_of_wave(wave) for wave in range(1, found.waves + 1)]
    assert [row.start for row in rows[1:]] == [row.stop for row in rows[:-1]]
    assert (rows[0].start, rows[-1].stop) == (0, len(found))
    assert found.wave_starts().tolist() == [found.start[row.start] for row in rows]
    waves = found.wave_of(np.arange(len(found)))
    for wave, row in enumerate(rows, 1):
        assert set(waves[row].tolist()) == {wave}
        assert found.k_step_time(wave) > 0
        units_in = found.unit[row]
        if found.tiling.resident == 1 and found.tiling.order.dataflow is None:
            assert len(set(units_in.tolist())) == len(units_in)  # one piece a unit a wave
    assert len(found) <= rows_at_most(found.tiling)
    if not found.tiling.order.even:
        assert found.waves == found.tiling.waves
        assert len(found) == rows_at_most(found.tiling)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 2, 4, 8]))
def test_the_swizzle_is_cutlasss_block_by_block(tiles_m: int, tiles_n: int, size: int) -> None:
    shift = swizzle_shift(tiles_n, size)
    expected = [
        (x >> shift, (y << shift) + (x & ((1 << shift) - 1)))
        for y in range(-(-tiles_n // 2**shift))
        for x in range(tiles_m << shift)
    ]
    m, n = Bands(tiles_m, tiles_n, size).tile(np.arange(tiles_m * tiles_n))
    found = list(zip(m.tolist(), n.tolist(), strict=True))
    assert found == [(tm, tn) for tm, tn in expected if tn < tiles_n]


@pytest.mark.parametrize(
    ("size", "tiles_n", "shift"),
    [(1, 99, 0), (2, 1, 0), (2, 2, 1), (4, 2, 1), (4, 3, 2), (8, 5, 2), (8, 6, 3), (8, 2, 1)],
)
def test_swizzle_shifts(size: int, tiles_n: int, shift: int) -> None:
    assert swizzle_shift(tiles_n, size) == shift


def test_the_paths_of_the_orders() -> None:
    """3 × 3 tiles: where the first six go."""

    def path(order: str) -> str:
        found = made(3, 3, 4, order, units(1))
        return " ".join(f"{m}{n}" for m, n in zip(found.m, found.n, strict=True))

    assert path("rows") == "00 01 02 10 11 12 20 21 22"
    assert path("columns") == "00 10 20 01 11 21 02 12 22"
    assert path("swizzle-1") == path("columns")
    assert path("swizzle-2") == "00 01 10 11 20 21 02 12 22"
    assert path("swizzle-4") == "00 01 02 10 11 12 20 21 22"  # a band of four holds all three
    assert path("persistent") == path("rows")


def test_persistent_workers_walk_every_nth_tile_alone() -> None:
    found = made(1, 7, 32, "persistent", units(3, resident=2))
    assert list(wave_pieces(found, "SM")) == [
        "SM0 (0,0) SM1 (0,1) SM2 (0,2)",
        "SM0 (0,3) SM1 (0,4) SM2 (0,5)",
        "SM0 (0,6)",
    ]
    assert (found.tiling.resident, found.duration) == (1, 3.0)


def test_split_k_as_cutlass_parts_it() -> None:
    def parts(count: int) -> list[int]:
        found = made(128, 128, 4096, f"split-k-{count}", units(108), (128, 128))
        return sorted((np.asarray(found.k1) - np.asarray(found.k0)).tolist())

    assert parts(16) == [256] * 16
    assert parts(20) == [204] * 19 + [220]


def test_split_k_never_makes_parts_of_nothing() -> None:
    assert made(2, 2, 3, "split-k-8", units(4)).tiling.parts == 3


def test_a_longer_last_part_frees_its_slot_later() -> None:
    """k 5 in two parts: 2 and 3 terms, three tiles on two lanes that share nothing."""
    found = made(1, 3, 5, "split-k-2", units(2, k_step=1))
    assert list(wave_pieces(found, "SM")) == [
        "SM0 (0,0) k0–2 SM1 (0,1) k0–2",
        "SM0 (0,2) k0–2 SM1 (0,0) k2–5",
        "SM0 (0,1) k2–5 SM1 (0,2) k2–5",
    ]
    assert found.start.tolist() == [0, 0, 2, 2, 4, 5]
    assert found.end.tolist() == [2, 2, 4, 5, 7, 8]


@given(
    st.integers(1, 12), st.integers(1, 12), st.integers(2, 60), st.integers(2, 5),
    st.integers(1, 6), st.integers(1, 4),
)  # fmt: skip
def test_split_k_is_the_greedy_dispatch(
    m: int, n: int, k: int, parts: int, count: int, resident: int
) -> None:
    """Against an event-by-event simulation of units whose residents share their speed."""
    found = made(m, n, k, f"split-k-{parts}", units(count, resident, k_step=1))
    k0, k1 = found.k_range(slice(None))
    ends = simulated([float(length) for length in (k1 - k0)], count, resident)
    assert found.end.tolist() == pytest.approx(ends)


def simulated(work: list[float], count: int, resident: int) -> list[float]:
    """When each piece ends: the next one to whichever slot frees, first dealt first freed."""
    ends, now = [0.0] * len(work), 0.0
    queue, free = list(range(len(work))), [slot % count for slot in range(count * resident)]
    left: dict[int, float] = {}
    unit: dict[int, int] = {}
    while queue or left:
        while queue and free:
            piece = queue.pop(0)
            left[piece], unit[piece] = work[piece], free.pop(0)
        held = [list(unit.values()).count(u) for u in range(count)]
        step = min(left[piece] * held[unit[piece]] for piece in left)
        now += step
        for piece in sorted(left):
            left[piece] -= step / held[unit[piece]]
            if left[piece] < 1e-9:
                ends[piece] = now
                free.append(unit.pop(piece))
                del left[piece]
    return ends


@pytest.mark.parametrize(
    ("order", "tile", "rows", "efficiency"),
    [
        ("rows", (128, 128), 9, 0.75),
        ("rows", (128, 64), 18, 0.9),
        ("split-k-2", (128, 128), 18, 0.9),
        ("stream-k", (128, 128), 12, 1.0),
    ],
)
def test_the_four_figures_of_the_stream_k_paper(
    order: str, tile: tuple[int, int], rows: int, efficiency: float
) -> None:
    found = made(384, 384, 128, order, units(4, k_step=4), tile)
    assert (len(found), found.efficiency) == (rows, efficiency)


def test_stream_k_on_four_sms() -> None:
    found = made(384, 384, 128, "stream-k", units(4, k_step=4), (128, 128))
    assert found.busy_time().tolist() == [72, 72, 72, 72]
    assert next(wave_pieces(found, "SM")) == (
        "SM0 (0,0) k0–128 SM1 (0,2) k32–128 SM2 (1,1) k64–128 SM3 (2,0) k96–128"
    )


def test_stream_k_on_an_a100() -> None:
    """56 tiles × 256 iterations over 108 SMs: 132 or 133 each, 80 of them one more."""
    found = made(256, 3584, 8192, "stream-k", units(108), (128, 128))
    assert found.tiling.tiles * found.tiling.k_steps == 56 * 256
    assert sorted(set(found.busy_time().tolist())) == [132, 133]
    assert np.count_nonzero(found.busy_time() == 133) == 56 * 256 - 108 * 132


def test_stream_k_with_fewer_steps_than_units() -> None:
    found = made(1, 1, 64, "stream-k", units(5))
    assert list(wave_pieces(found, "SM")) == ["SM0 (0,0) k0–32 SM1 (0,0) k32–64"]


def test_stream_k_in_seconds_counts_the_terms() -> None:
    a100 = read_device("a100")
    gemm = Gemm("x", "forward", 256, 3584, 8200)  # the last of 257 steps is a quarter
    found = schedule(tile_product(gemm, a100, (128, 128), "stream-k"), a100, "float16")
    assert found.clock == "s"
    total = float(found.busy_time().sum())
    assert total == pytest.approx(gemm.flop / (312e12 / 108))
    time, clock = least_time(found.tiling, a100, "float16")
    assert (time, clock) == (pytest.approx(found.duration), "s")


def test_openblas_gives_each_thread_one_tile() -> None:
    found = made(128, 1000, 4096, "openblas", cpu(16))
    assert list(wave_pieces(found, "core")) == [
        "core0 (0,0) core1 (0,1) core2 (0,2) core3 (0,3) core4 (0,4) core5 (0,5) "
        "core6 (0,6) core7 (0,7) core8 (1,0) core9 (1,1) core10 (1,2) core11 (1,3) "
        "core12 (1,4) core13 (1,5) core14 (1,6) core15 (1,7)"
    ]
    assert found.tiling.tile == (64, 125)
    assert made(64, 64, 64, "openblas", cpu(16)).tiling.tile == (64, 64)  # too small to share


def test_a_fold_is_a_row() -> None:
    """Two arrays: each walks the folds of its own tile along k, a wave is one tile each."""
    found = made(10, 20, 16, "ws", units(2, array=(8, 8)))
    assert list(wave_pieces(found, "array")) == [
        "array0 (0,0) k0–8 array1 (0,1) k0–8 array0 (0,0) k8–16 array1 (0,1) k8–16",
        "array0 (0,2) k0–8 array0 (0,2) k8–16",
    ]
    fold = 2 * 8 + 8 + 10 - 2
    assert found.duration == 4 * fold
    assert found.clock == "steps"


@given(on_array)
def test_folds_and_cycles_of_the_trace_are_the_formulas(found: Trace) -> None:
    tiling = found.tiling
    lengths = set((found.end - found.start).tolist())
    tall, wide = {
        "ws": (tiling.k_step, tiling.tile[1]),
        "os": tiling.tile,
        "is": (tiling.k_step, tiling.tile[0]),
    }[tiling.order.id]
    device = units(tiling.units, array=(tall, wide))
    expected = tile_folds(tiling, device)
    assert len(found) == tiling.gemm.stack * expected.folds
    assert lengths == {expected.cycles_per_fold}
    if tiling.units == 1:
        assert found.duration == tiling.gemm.stack * expected.cycles
    assert least_time(tiling, device, "float32") == (found.duration, "steps")


def test_faults_in_k_are_found() -> None:
    sound = made(2, 2, 8, "split-k-2", units(2, k_step=1))
    assert sound.k0 is not None
    assert sound.k1 is not None
    k0, k1 = sound.k0, sound.k1
    assert list(map(str, faults(replace(sound, k0=k0 + (k0 == 4))))) == [
        "4 terms of k missing, 0 computed twice"
    ]
    assert list(map(str, faults(replace(sound, k1=k1 + (k1 == 4))))) == [
        "0 terms of k missing, 4 computed twice"
    ]
    assert list(map(str, faults(replace(sound, k1=k1 - (k1 == 8))))) == [
        "4 terms of k missing, 0 computed twice"
    ]
    assert list(map(str, faults(replace(sound, m=np.zeros_like(sound.m))))) == [
        "2 tiles missing",
        "0 terms of k missing, 16 computed twice",
    ]
    assert "a piece without a term of k" in list(map(str, faults(replace(sound, k1=k0))))
    assert list(map(str, faults(replace(sound, m=sound.m + 1)))) == ["row of tiles 2 of 2"]
    assert list(map(str, faults(replace(sound, n=sound.n - 1)))) == ["column of tiles -1 of 2"]
    late = replace(sound, start=sound.start[::-1].copy(), end=sound.end[::-1].copy())
    assert "a tile listed before one that starts earlier" in list(map(str, faults(late)))


def test_a_plain_device_has_no_folds() -> None:
    with pytest.raises(InputError, match="no systolic array"):
        tile_folds(tile_product(Gemm("x", "forward", 2, 2, 2), units(1)), units(1))


@pytest.mark.parametrize(
    "text", ["", "row", "swizzle-3", "split-k-1", "split-k-0", "split-k-5000", "split-k-٣", "WS"]
)
def test_unknown_orders(text: str) -> None:
    with pytest.raises(InputError, match=r"unknown order .*; known are rows, columns, swizzle-1"):
        check_order(text)


def test_orders_by_device() -> None:
    assert orders_of(cpu(1))[0] == "openblas"
    assert orders_of(read_device("lane-1")) == ("rows", "columns")
    assert orders_of(read_device("tpu-v1")) == ("ws", "os", "is")
    assert order_for(read_device("a100"), f"split-k-{MOST_PARTS}").parts == MOST_PARTS
    assert order_for(read_device("tpu-v2")).id == "ws"
    assert order_for(read_device("a100")).id == "rows"
    for device, order in (("a100", "openblas"), ("lane-1", "stream-k"), ("tpu-v1", "rows")):
        with pytest.raises(InputError, match=f"order {order} is not one of"):
            order_for(read_device(device), order)


@pytest.mark.parametrize("device", device_ids())
def test_every_order_of_every_device(device: str) -> None:
    target = read_device(device)
    gemm = Gemm("fc", "forward", 130, 70, 300)
    for order in orders_of(target):
        assert check_order(order).about
        tiling = tile_product(gemm, target, order=order)
        found = schedule(tiling, target, "float32")
        assert list(map(str, faults(found))) == []
        assert found.tiling == tiling
        time, _ = least_time(tiling, target, "float32")
        assert time == pytest.approx(found.duration)


grid = st.integers(1, 30)


@given(
    st.sampled_from([order for kind in ORDERS for order in kind.listed()]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 60),
    tiles,
    st.integers(1, 7),
    st.integers(1, 3),
    st.sampled_from([(), (("float32", 1e9),)]),
)
def test_every_order_on_every_device_it_fits(
    order: Order,
    m: int,
    n: int,
    k: int,
    tile: tuple[int, int],
    count: int,
    resident: int,
    peaks: tuple[tuple[str, float], ...],
) -> None:
    """What the protocol of an order promises, also of one that is added: without a fault, its rows
    and its duration as it says, and of each tile the first row."""
    assert order.bodies
    for body in (Lanes(), Cpu("Haswell"), Gpu(), Systolic(tile)):
        if not isinstance(body, order.bodies):
            continue
        device = Device("d", "d", body, count, (tile,), ((1, resident),), 8, peaks)
        assert order.id in orders_of(device)
        assert order_for(device, order.id) == order
        fixed = None if order.own_tile else tile
        tiling = tile_product(Gemm("x", "forward", m, n, k), device, fixed, order.id)
        assert tiling.order == order
        assert order.arranged(tiling, device) == tiling  # once is enough
        found = schedule(tiling, device, "float32")
        assert list(map(str, faults(found))) == []
        rows = rows_at_most(tiling)
        assert len(found) <= rows if order.even else len(found) == rows
        time, clock = least_time(tiling, device, "float32")
        assert (time, clock) == (pytest.approx(found.duration), found.clock)
        every = np.indices((tiling.tiles_m, tiling.tiles_n))
        first = found.rows_at(*every)
        assert (found.m[first] == every[0]).all()
        assert (found.n[first] == every[1]).all()
        assert len(set(first.ravel().tolist())) == tiling.tiles
        given = replace(found, m=found.m, start=found.start, end=found.end)  # no rules any more
        for by_rule, by_row in zip(found.spans_at(*every), given.spans_at(*every), strict=True):
            assert (by_rule == by_row).all()
        assert (found.rows_at(found.m, found.n) <= np.arange(len(found))).all()


@given(anywhere, st.data())
def test_a_few_rows_are_those_of_all(found: Trace, data: st.DataObject) -> None:
    """What is asked of rows without writing the columns out is what the columns hold."""
    row = st.integers(0, len(found) - 1)
    rows = np.array(data.draw(st.lists(row, min_size=1, max_size=5)), np.int32)
    span = slice(int(rows[0]), None, 2)
    some = found.starts.of(rows), found.ends.of(rows), found.units.of(rows), *found.tiles_of(rows)
    more = found.starts.of(span), found.ends.of(span), found.units.of(span), *found.tiles_of(span)
    unit = data.draw(st.integers(0, found.tiling.units - 1))
    duration, edges = found.duration, np.append(rows, len(found))
    before = found.units.last_before(unit, edges)
    t = data.draw(st.floats(-1, 2)) * duration
    frames = [found.starts.first_after(t), found.ends.first_after(t)]
    begun = found.starts.up_to(np.array([t]))[0]
    columns = found.start, found.end, found.unit, found.m, found.n
    assert all((few == all_[rows]).all() for few, all_ in zip(some, columns, strict=True))
    assert all((few == all_[span]).all() for few, all_ in zip(more, columns, strict=True))
    assert [few.dtype for few in some] == [column.dtype for column in columns]
    assert (found.starts.of(rows) == some[0]).all()  # the same once they are written
    assert begun == np.count_nonzero(found.start <= t)
    mine = np.flatnonzero(found.unit == unit)
    assert found.units.rows_of(unit).tolist() == mine.tolist()
    assert before.tolist() == [max([-1, *mine[mine < row]]) for row in edges.tolist()]
    assert duration == found.end.max()
    later = [np.append(np.flatnonzero(times > t), len(found))[0] for times in columns[:2]]
    assert frames == later


@given(grid, grid, st.sampled_from(["rows", "columns", "swizzle-4", "swizzle-8", "os"]))
def test_a_raster_knows_its_way_back(tiles_m: int, tiles_n: int, order: str) -> None:
    device = units(1, array=(1, 1)) if order == "os" else units(1)
    tiling = tile_product(Gemm("x", "forward", tiles_m, tiles_n, 1), device, order=order)
    raster = tiling.order.raster(tiling)
    places = np.arange(tiling.tiles, dtype=np.int32)
    m, n = raster.tile(places)
    assert raster.place(m, n).tolist() == Raster.place(raster, m, n).tolist() == places.tolist()


def test_the_longest_part_counts() -> None:
    tiling = tile_product(Gemm("x", "forward", 1, 1, 100), units(4, k_step=10), order="split-k-3")
    assert tiling.part_k == (33, 34)
    assert tile_time(tiling, units(4, k_step=10), "float32") == (4.0, "steps")


@pytest.mark.parametrize(
    ("order", "device", "sentence"),
    [
        ("split-k-2", units(4), "16\u202f777\u202f216 pieces of tiles of 1×1"),
        ("stream-k", units(4), "8\u202f388\u202f611 pieces of tiles"),
        ("ws", units(1, array=(1, 1)), "16\u202f777\u202f216 folds on d; at most"),
    ],
)
def test_too_many_pieces_are_a_sentence(order: str, device: Device, sentence: str) -> None:
    gemm = Gemm("vast", "forward", 1, MAX_TILES, 1 if order == "stream-k" else 2)
    with pytest.raises(InputError, match=sentence):
        schedule(tile_product(gemm, device, (1, 1), order), device, "float32")


@pytest.mark.parametrize("order", ["rows", "columns", "swizzle-8", "persistent"])
def test_a_plain_tile_takes_at_most_40_bytes(order: str) -> None:
    found = made(100, 100, 8, order, units(7, resident=2))
    assert found.nbytes / len(found) <= 40


@given(on_gpu)
def test_what_units_are_busy_is_the_same_by_rule_and_row_by_row(found: Trace) -> None:
    for trace in (found, stretched(found, 7.0)):
        columns = {name: getattr(trace, name) for name in ("unit", "start", "end")}
        assert trace.busy_time().tolist() == replace(trace, **columns).busy_time().tolist()
