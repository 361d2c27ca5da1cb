"""The tiles' programs for a GPU, on a CPU: the very source, threads and warps of a shim's.

A barrier that is not there, a lane that holds another element than it should, an edge that is not
looked after: each makes a product wrong, or a stamp come before its tile is done.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import pytest
from cuda_shim import COMPILER, shim

from mmviz.backends.cuda.source import TILES, Program
from mmviz.backends.cupy_cells import from_stored, to_stored

pytestmark = pytest.mark.skipif(
    COMPILER is None and not os.environ.get("CI"),
    reason="g++ compiles the programs of a GPU for this test, and is not here",
)

# every way that operands lie, with each kind of unit, and what GPUs before Ampere get


def sums(program: Program) -> bool:
    """Whether tiles are written as float."""
    return program.plain or program.summed or program.parted


PROGRAMS = (
    (Program("float32", (64, 64)), 90),
    (Program("float32", (128, 64), a_turned=True), 90),
    (Program("float32", (64, 128), b_turned=True), 75),
    (Program("float16", (64, 128), parted=True), 75),
    (Program("float16", (64, 64), a_turned=True, b_turned=True), 90),
    (Program("bfloat16", (64, 128), a_turned=True, summed=True), 80),
    (Program("bfloat16", (128, 128), b_turned=True), 90),
)
SUMMED = tuple(each for each in PROGRAMS if sums(each[0]))
RAGGED = ((1, 1, 1), (129, 200, 37), (70, 130, 200), (130, 66, 8), (3, 260, 50))
NOTHING_LEFT_OUT = -1


@dataclass(frozen=True)
class Made:
    """A product: how far it is off, its stamps, and cells without a number at each of them."""

    off: float
    stamps: np.ndarray
    missing: list[int]
    places: np.ndarray


def made(
    program: Program,
    capability: int,
    shape: tuple[int, int, int],
    *,
    parts: int = 1,
    draws: int = 0,
    left_out: int = NOTHING_LEFT_OUT,
    backwards: bool = False,
) -> Made:
    """draws: tickets that a block draws, 0 where each has its own piece."""
    m, n, k = shape
    random = np.random.default_rng(m * n * k)
    a, b = (random.standard_normal(s).astype(np.float32) for s in ((m, k), (k, n)))
    here = at_16_bytes(to_stored(a.T if program.a_turned else a, program.dtype))
    there = at_16_bytes(to_stored(b.T if program.b_turned else b, program.dtype))
    summed = sums(program)
    c = at_16_bytes(np.full((parts, m, n), np.nan, np.float32 if summed else np.float16))
    tile_m, tile_n = (-(-side // cells) for side, cells in zip((m, n), program.tile, strict=True))
    places = random.permutation([(i, j) for i in range(tile_m) for j in range(tile_n)])
    pieces, part_k = len(places) * parts, k // parts
    stamps, ticket = np.zeros((pieces, 4), np.uint64), np.zeros(1, np.uint32)
    on = shim(program, capability)
    sizes = map(np.int32, (m, n, k))
    rest = (np.int32(len(places)), np.int32(parts), np.int32(part_k), ticket if draws else None)
    blocks = -(-pieces // draws) + 1 if draws else pieces
    table = np.ascontiguousarray(places, np.int32)
    args = (here, there, c, *sizes, table, *rest, stamps)
    missing = on.watched(
        c if sums(program) else None,
        lambda: on.launch("tiles", blocks, program.threads, *args),
        left_out=left_out,
        backwards=backwards,
        most_draws=draws or 1,
    )
    exact = from_stored(to_stored(a, program.dtype), program.dtype).astype(np.float64)
    exact = exact @ from_stored(to_stored(b, program.dtype), program.dtype).astype(np.float64)
    found = c.astype(np.float64).sum(0)
    if not summed and program.dtype == "bfloat16":
        found = from_stored(c[0].view(np.uint16), "bfloat16").astype(np.float64)
    off = float(np.abs(found - exact).max() / np.sqrt(k))
    return Made(off, stamps, missing, places)


def at_16_bytes(array: np.ndarray) -> np.ndarray:
    """A copy where a GPU's memory would begin."""
    room = np.empty(array.nbytes + 16, np.uint8)
    first = -room.ctypes.data % 16
    copy = room[first : first + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def right(found: Made, program: Program) -> bool:
    """As near as the format of the output allows, and every stamp after its tile was written."""
    limit = 1e-5 if sums(program) else 6e-3
    limit *= 8 if program.dtype == "bfloat16" and not sums(program) else 1
    starts, ends = found.missing[::2], found.missing[1::2]
    orderly = starts[1:] == ends[:-1] and (not ends or ends[-1] == 0)
    return found.off < limit and orderly


@pytest.mark.parametrize("shape", RAGGED)
@pytest.mark.parametrize(("program", "capability"), PROGRAMS)
def test_a_ragged_product_is_that_of_float64(
    program: Program, capability: int, shape: tuple[int, int, int]
) -> None:
    assert right(made(program, capability, shape), program)
    assert right(made(program, capability, shape, draws=2, backwards=True), program)


@pytest.mark.parametrize(("program", "capability"), SUMMED)  # parts are sums, which are float
def test_parts_of_k_add_up(program: Program, capability: int) -> None:
    for k in (200, 50):  # the first part may end where no four floats are read at once
        assert right(made(program, capability, (70, 130, k), parts=3, draws=2), program)


@pytest.mark.parametrize(("program", "capability"), SUMMED)  # whose cells can be watched
def test_without_any_of_its_barriers_a_product_goes_wrong(
    program: Program, capability: int
) -> None:
    """The same shapes that are right with all of them, in blocks of more than one warp."""
    ways = ((0, False), (2, True))
    shape = (72, 136, 168)

    def all_right(left_out: int) -> bool:
        try:
            return all(
                right(
                    made(program, capability, shape, draws=d, left_out=left_out, backwards=b),
                    program,
                )
                for d, b in ways
            )
        except RuntimeError:  # threads wait for others that never come
            return False

    assert all_right(NOTHING_LEFT_OUT)
    barriers = range(shim(program, capability).barriers)
    needless = [number for number in barriers if all_right(number)]
    # what a GPU before Ampere copies has arrived at once: waiting for it is nothing
    assert len(barriers) == 4
    assert needless == ([] if program.plain or capability >= 80 else [2])


@pytest.mark.parametrize("draws", [0, 2])
def test_stamps_say_who_computed_what_when(draws: int) -> None:
    program, capability = PROGRAMS[0]
    found = made(program, capability, (200, 300, 40), parts=2, draws=draws)
    start, end, ticks, who = found.stamps.T.astype(np.int64)
    assert len(start) == 2 * 4 * 5
    assert (start % 32 == 0).all(), "a clock that goes on in steps"
    assert (start > 0).all()
    assert (end >= start).all()
    assert (ticks > 0).all()
    block, last, first = who >> 32, who >> 16 & 0xFFFF, who & 0xFFFF
    assert (first == last).all()
    assert (block == np.arange(40) // (draws or 1)).all()
    assert (first == block % 3 * 2 + 1).all(), "a number of an SM, which is no index"


def test_parts_are_added_into_the_format_of_the_result() -> None:
    parts = np.arange(3 * 1000, dtype=np.float32).reshape(3, 1000)
    for program, capability in (PROGRAMS[0], PROGRAMS[3], PROGRAMS[5]):
        dtype = "float32" if program.summed else program.dtype
        c = at_16_bytes(to_stored(np.zeros(1000, np.float32), dtype))
        shim(program, capability).launch("add_parts", 2, 128, parts, c, np.int64(1000), np.int32(3))
        wanted = from_stored(to_stored(parts.sum(0), dtype), dtype)
        assert np.array_equal(from_stored(c, dtype), wanted)


def test_the_clock_and_the_multiprocessors_are_probed() -> None:
    steps, present = np.zeros(8, np.uint64), np.zeros(10, np.uint8)
    shim(*PROGRAMS[0]).launch("probe", 9, 2, steps, np.int32(8), present)
    assert set(steps.tolist()) == {32}
    assert np.flatnonzero(present).tolist() == [1, 3, 5]


def test_every_tile_is_made_of_whole_warps_and_fits() -> None:
    """64 KB is all that a block has on GPUs before Ampere, 99 KB on the smallest since."""
    for dtype in ("float32", "float16"):
        for tile in TILES:
            program = Program(dtype, tile)
            assert program.threads % 32 == 0
            assert program.threads <= 512
            packs = 4 if program.plain else 8
            for side in tile:  # each thread brings as many packs as the others
                assert side * program.k_step % (packs * program.threads) == 0
            assert program.shared_bytes(75) <= 64 * 1024
            assert program.shared_bytes(80) <= 99 * 1024
