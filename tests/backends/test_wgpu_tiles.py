"""wgpu-tiles: tickets on whatever wgpu finds, on CI Mesa's software adapter, small and ragged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from mmviz.backends.base import Host
from mmviz.backends.recorder import How, Recorder, Records, Stamps
from mmviz.backends.registry import find
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.products import TILED, Kind, wgsl
from mmviz.backends.webgpu.tickets import KERNELS, MOST_TILES, Tiles
from mmviz.backends.webgpu.tiles import WebgpuTiles
from mmviz.bench.fingerprint import fingerprint
from mmviz.bench.messages import Message
from mmviz.bench.plan import RecordPlan
from mmviz.bench.recorded import RecordedPass, RecordedProduct, RecordedRows, Unrecorded
from mmviz.bench.recording import record_plan
from mmviz.bench.tape import Tape
from mmviz.core.learning.operands import Operands, make_operands
from mmviz.core.learning.training import make_target
from mmviz.core.learning.values import Values, make_values
from mmviz.core.recording.checks import recording_faults
from mmviz.core.schedule.grid import over
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable

Make = Callable[..., Recorder]

NETWORK = Network("n", 70, (Dense(100, "gelu"), Dense(34, "swiglu"), Dense(10, "softmax")))
BATCH = 35
AS_IT_IS = How()


@pytest.fixture(autouse=True, scope="module")
def _here() -> None:
    try:
        WebgpuTiles().check()
    except Unavailable as miss:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(miss.cause))


@pytest.fixture
def prepare() -> Iterator[Make]:
    """Of a network, training or not, or of a list; all are closed."""
    made: list[Recorder] = []

    def prepare(
        of: Network | Products,
        how: How = AS_IT_IS,
        training: bool = False,
        binding: int | None = None,
        dtype: str = "float32",
    ) -> Recorder:
        backend = WebgpuTiles(binding=binding)
        target = None
        numbers: Operands | Values
        if isinstance(of, Products):
            numbers = make_operands(of)
        else:
            numbers = make_values(of, BATCH)
            target = make_target(of, BATCH) if training else None
        made.append(backend.prepare_recording(of, numbers, dtype, how, target))
        return made[-1]

    yield prepare
    for one in made:
        one.close()


def _each_once(stamps: Stamps, gemm: Gemm, tile: tuple[int, int]) -> None:
    """Each tile's terms of k once, and each ticket."""
    seen = np.zeros((over(gemm.m, tile[0]), over(gemm.n, tile[1]), gemm.k), np.int32)
    k0 = np.zeros(len(stamps.m), int) if stamps.k0 is None else stamps.k0
    k1 = np.full(len(stamps.m), gemm.k) if stamps.k1 is None else stamps.k1
    for m, n, first, past in zip(stamps.m, stamps.n, k0, k1, strict=True):
        seen[m, n, first:past] += 1
    assert (seen == 1).all()
    tickets = np.concatenate((stamps.start_ns, stamps.end_ns))
    assert sorted(tickets.tolist()) == list(range(2 * len(stamps.m)))
    assert (stamps.start_ns < stamps.end_ns).all()


def _slots_hold_one(stamps: Stamps) -> None:
    for slot in np.unique(stamps.unit):
        rows = np.flatnonzero(stamps.unit == slot)
        rows = rows[np.argsort(stamps.start_ns[rows])]
        assert (stamps.end_ns[rows[:-1]] < stamps.start_ns[rows[1:]]).all()


def _errors(recorder: Recorder, rows: int = 64) -> dict[int, float]:
    found: dict[int, float] = {}

    def look(number: int, a: Host, b: Host, c: Host) -> None:
        assert len(a) == len(c) <= rows
        found[number] = fingerprint(c, a, b)

    recorder.check(look, rows)
    return found


@pytest.mark.parametrize("training", [False, True], ids=["forward", "training"])
def test_each_tile_of_each_product_draws_two_tickets(prepare: Make, training: bool) -> None:
    recorder = prepare(NETWORK, training=training)
    gemms = NETWORK.lower(BATCH, training)
    errors = _errors(recorder)
    assert len(errors) == len(gemms)
    assert max(errors.values()) < 1e-6
    stamps = recorder.run()
    for one, gemm, laid in zip(stamps, gemms, recorder.laid(), strict=True):
        assert (laid.tile, laid.order, laid.parts) == ((16, 16), "rows", 1)
        _each_once(one, gemm, laid.tile)
        _slots_hold_one(one)
        assert one.wall_s > 0  # type: ignore[operator]
        assert one.unit.max() < len(recorder.units)
    again = recorder.run()
    assert [len(one.m) for one in again] == [len(one.m) for one in stamps], "tickets begin again"
    assert len(recorder.bare()) == len(gemms)
    software = find("wgpu").place().software  # type: ignore[union-attr]
    assert len(recorder.plain()) == (0 if software else len(gemms))
    assert (recorder.clock, recorder.timer_s, recorder.order) == ("steps", None, "rows")
    assert str(recorder.remarks[0]) == "order only: no GPU clock inside a kernel"
    assert str(recorder.units[0]) == "slot 1"


def test_of_a_stack_the_first_product_is_recorded(prepare: Make) -> None:
    listed = Products(
        "l", (Gemm("a", "product", 40, 50, 60, 0, 6, 3), Gemm("b", "product", 9, 8, 7, 1))
    )
    recorder = prepare(listed)
    assert max(_errors(recorder).values()) < 1e-6
    for one, gemm in zip(recorder.run(), listed.gemms, strict=True):
        _each_once(one, gemm, (16, 16))
    assert "of a stack the first product is recorded" in map(str, recorder.remarks)


def test_a_product_that_no_binding_holds_is_recorded_in_its_parts(prepare: Make) -> None:
    listed = Products("l", (Gemm("a", "product", 150, 24, 20), Gemm("b", "product", 24, 50, 40, 1)))
    recorder = prepare(listed, binding=4096)
    assert max(_errors(recorder).values()) < 1e-6
    for one, gemm, laid in zip(recorder.run(), listed.gemms, recorder.laid(), strict=True):
        _each_once(one, gemm, laid.tile)
        assert (one.k0 is not None) == (laid.parts > 1) == (laid.order != "rows")
    assert recorder.laid()[1].parts > 1
    assert "a product is handed over in up to" in str(recorder.remarks[2])


def test_a_row_of_tiles_that_no_binding_holds_is_said(prepare: Make) -> None:
    wide = Products("l", (Gemm("a", "product", 20, 200, 20),))
    with pytest.raises(Unavailable, match="binds no row of tiles"):
        prepare(wide, binding=4096)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("tile", sorted({(rung.tm, rung.tn) for rung in KERNELS}), ids=str)
def test_the_tile_that_is_asked_for_is_taken(
    prepare: Make, tile: tuple[int, int], dtype: str
) -> None:
    product = Products("l", (Gemm("a", "product", 150, 140, 30),))
    try:
        recorder = prepare(product, How(tile=tile), dtype=dtype)
    except Unavailable as miss:
        pytest.skip(str(miss.cause))  # no float16
    assert recorder.laid()[0].tile == tile
    assert _errors(recorder)[0] < (1e-6 if dtype == "float32" else 1e-3)
    _each_once(recorder.run()[0], product.gemms[0], tile)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (How(tile=(24, 24)), "records tiles of 16x16, .*none of 24x24"),
        (How(order="swizzle-2"), "hands out tiles by rows, not by 'swizzle-2'"),
        (How(threads=2), "takes no number of threads"),
    ],
)
def test_what_it_cannot_is_one_sentence(prepare: Make, how: How, says: str) -> None:
    with pytest.raises(InputError, match=says):
        prepare(Products("l", (Gemm("a", "product", 7, 5, 3),)), how)


def test_unasked_a_product_is_cut_into_no_more_tiles_than_are_looked_at() -> None:
    device = Device(WebgpuTiles()._adapter())
    try:
        tiles = Tiles(device, "float32", None)
        assert tiles.rung(2048, 2048) is TILED
        for m, n in ((2049, 2048), (8192, 8192), (50_000, 9)):
            rung = tiles.rung(m, n)
            assert over(m, rung.tm) * over(n, rung.tn) <= MOST_TILES
        assert tiles.rung(10**6, 10**6).tm == 128, "the largest there is"
    finally:
        device.close()


def test_tickets_that_no_workgroup_can_have_drawn_are_refused(
    prepare: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = prepare(Products("l", (Gemm("a", "product", 40, 40, 8),)))
    recorder.run()
    monkeypatch.setattr(Device, "send", lambda *_: None)  # the counter goes on from the last pass
    with pytest.raises(Unavailable, match="tickets that no workgroup can have drawn"):
        recorder.run()


def test_a_kernel_that_draws_none_is_as_it_was() -> None:
    assert "tickets" not in wgsl(Kind(TILED, "nn"))
    assert wgsl(Kind(TILED, "nn", tickets=True)).count("workgroupBarrier") == 4


def test_it_is_a_backend_that_records() -> None:
    backend = find("wgpu-tiles")
    assert isinstance(backend, Records)
    assert not isinstance(find("wgpu"), Records)
    name = backend.adapters()[0]
    assert find(f"wgpu-tiles@{name}").id == f"wgpu-tiles@{name}"
    with pytest.raises(InputError, match="no kernel 'naive' to choose"):
        find(f"wgpu-tiles:naive@{name}")


def test_a_plan_is_recorded_in_steps() -> None:
    said: list[Message] = []
    plan = RecordPlan(
        workload=from_widths((40, 30, 20)), by="wgpu-tiles", batch=20, rounds=1, seconds=0
    )
    tape = Tape(plan)

    def hear(message: Message) -> None:
        said.append(message)
        tape.hear(message)

    record_plan(plan, hear)
    assert not [one for one in said if isinstance(one, Unrecorded)]
    products = [one for one in said if isinstance(one, RecordedProduct)]
    assert [one.clock for one in products] == ["steps", "steps"]
    assert all(one.error is not None and one.error < 1e-6 for one in products)
    rows = next(one for one in said if isinstance(one, RecordedRows)).arrays()
    assert sorted([*rows["start"].tolist(), *rows["end"].tolist()]) == list(
        range(2 * products[0].rows)
    )
    last = next(one for one in said if isinstance(one, RecordedPass))
    assert (last.order, last.timer_s) == ("rows", None)
    recording, place = tape.recording(), find("wgpu-tiles").place()
    assert recording is not None
    assert place is not None
    assert recording_faults(recording) == ()
    assert recording.products[0].order_only
    software = ", software, no GPU" if place.software else ""
    assert recording.machine == f"{place.name}{software}", "not the processor"
