"""Tiles on a CUDA GPU and their recorder, on a stand-in for CuPy that runs the real programs.

What a real GPU makes of them is tested in tests/gpu.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest
from cuda_shim import COMPILER
from cuda_stand_in import RESIDENT, CuPy

from mmviz.backends.base import Host
from mmviz.backends.cuda.backend import CudaTiles
from mmviz.backends.cuda.tiled import fitting_tile
from mmviz.backends.recorder import How, Recorder, Records, Stamps
from mmviz.backends.registry import find
from mmviz.bench.fingerprint import fingerprint
from mmviz.bench.plan import RecordPlan
from mmviz.bench.recording import record_plan
from mmviz.bench.tape import Tape
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.recording.checks import recording_faults
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError, Unavailable

TOLERANCE = {"float32": 1e-5, "float16": 2e-2, "bfloat16": 1e-1}
NETWORK = Network("n", 40, (Dense(72, "gelu"), Dense(70, "tanh"), Dense(5, "softmax")))
LISTED = Products(
    "l",
    (
        Gemm("one", "product", 130, 70, 90, 0, count=2),
        Gemm("heads", "product", 66, 24, 40, 1, stack=4),
    ),
)


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> CuPy:
    if COMPILER is None:
        assert not os.environ.get("CI"), "programs of a GPU are tested with g++"
        pytest.skip("g++ compiles the programs of a GPU for this test, and is not here")
    module = CuPy()
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


def recorder_of(how: How, dtype: str = "float32") -> Recorder:
    return CudaTiles().prepare_recording(LISTED, make_operands(LISTED), dtype, how)


def conserved(stamps: Stamps, gemm: Gemm, tile: tuple[int, int]) -> None:
    """Each tile once, or its pieces' terms of k; no more on a unit at once than it holds."""
    covered = np.zeros((-(-gemm.m // tile[0]), -(-gemm.n // tile[1]), gemm.k), int)
    whole = np.zeros(len(stamps.m), int)
    k0, k1 = (whole, whole + gemm.k) if stamps.k0 is None else (stamps.k0, stamps.k1)
    for m, n, first, past in zip(stamps.m, stamps.n, k0, k1, strict=True):
        covered[m, n, first:past] += 1
    assert (covered == 1).all()
    assert (stamps.end_ns >= stamps.start_ns).all()
    assert stamps.began_ns == stamps.start_ns.min()
    assert stamps.ended_ns == stamps.end_ns.max()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_training_pass_is_that_of_float64(dtype: str) -> None:
    """Forward, weight and data gradients: operands lie in all three ways."""
    values, target = make_values(NETWORK, 66), make_target(NETWORK, 66)
    prepared = find("cuda-tiles").prepare(NETWORK, values, dtype, target)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < TOLERANCE[dtype]
    for layer, dW, db in reference_gradients(NETWORK, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < TOLERANCE[dtype]
        assert deviation(biases, db) < TOLERANCE[dtype]
    assert prepared.tiles() == ((64, 64),) * len(NETWORK.lower(66, True))
    prepared.close()


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_list_of_products(cupy: CuPy, dtype: str) -> None:
    operands = make_operands(LISTED)
    prepared = find("cuda-tiles").prepare_products(LISTED, operands, dtype)
    before = cupy.launched
    assert prepared.run() == 1
    assert cupy.launched == before + 2 + 4
    for place, (a, b) in enumerate(zip(operands.a, operands.b, strict=True)):
        found = prepared.product(place)
        assert found.dtype == np.float32, "sums are told as they are, whatever was multiplied"
        exact = a.astype(np.float64) @ b.astype(np.float64)
        assert deviation(found, exact) < TOLERANCE[dtype]
    prepared.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("order", CudaTiles.recording_orders)
def test_every_order_is_recorded(order: str) -> None:
    recorder = recorder_of(How((64, 64), order))
    errors: list[float] = []
    recorder.check(lambda _, a, b, c: errors.append(fingerprint(c, a, b)), 50)
    assert len(errors) == 2
    assert max(errors) < 4e-7, "nothing but float32"
    both = recorder.run()
    laid = recorder.laid()
    for gemm, stamps, how in zip(LISTED.gemms, both, laid, strict=True):
        conserved(stamps, gemm, (64, 64))
        assert (how.tile, how.order, how.resident) == ((64, 64), order, RESIDENT)
        assert how.parts == int(order.removeprefix("split-k-")) if "split" in order else 1
        assert stamps.unit.max() < len(recorder.units)
    first = list(zip(both[0].m.tolist(), both[0].n.tolist(), strict=True))
    wanted = {
        "columns": [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)],
        "rows": [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)],
    }
    assert first[:6] == wanted["columns" if order == "columns" else "rows"]
    recorder.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize(
    ("dtype", "order"), [*((dtype, "rows") for dtype in TOLERANCE), ("float16", "split-k-2")]
)
def test_a_training_step_is_recorded(dtype: str, order: str) -> None:
    """Products in their order, whichever way their operands lie."""
    values, target = make_values(NETWORK, 66), make_target(NETWORK, 66)
    backend = find("cuda-tiles")
    assert isinstance(backend, Records)
    recorder = backend.prepare_recording(NETWORK, values, dtype, How(order=order), target)
    gemms = NETWORK.lower(66, True)
    seen: list[int] = []

    def look(number: int, a: Host, b: Host, c: Host) -> None:
        gemm = gemms[number]
        seen.append(number)
        rows = min(gemm.m, 64)
        assert (a.shape, b.shape, c.shape) == ((rows, gemm.k), (gemm.k, gemm.n), (rows, gemm.n))
        limit = {"float32": 4e-7, "float16": 1e-3, "bfloat16": 8e-3}[dtype]
        assert fingerprint(c, a, b) < limit

    recorder.check(look, 64)
    assert seen == list(range(len(gemms)))
    stamps = recorder.run()
    for gemm, one in zip(gemms, stamps, strict=True):
        conserved(one, gemm, (64, 64))
    begins = [one.began_ns for one in stamps]
    assert begins == sorted(begins), "one clock for the whole pass"
    recorder.close()


def test_who_computed_it(cupy: CuPy) -> None:
    """Of three SMs that are numbered with gaps."""
    recorder = recorder_of(How((64, 64)))
    (stamps, _) = recorder.run()
    assert [str(unit) for unit in recorder.units] == ["SM 1", "SM 3", "SM 5"]
    assert stamps.unit.tolist() == [0, 1, 2, 0, 1, 2]
    assert stamps.core.tolist() == [1, 3, 5, 1, 3, 5]
    assert stamps.block is not None
    assert stamps.block.tolist() == list(range(6))
    assert recorder.timer_s == pytest.approx(32e-9)
    said = [str(remark) for remark in recorder.remarks]
    assert "cuBLAS" in said[0]
    assert said[1] == "of products computed several times the first is recorded"
    assert said[2].endswith("MHz while they computed, by their own clocks")
    recorder.close()
    assert cupy.freed == 1


def test_what_recording_costs_is_told_by_the_gpus_clock(cupy: CuPy) -> None:
    recorder = recorder_of(How((64, 64), "persistent"))
    stamped = recorder.run()
    assert [one.wall_s for one in stamped] == [0.25e-3] * 2, "as the stand-in has it"
    launched, products = cupy.launched, cupy.products
    assert recorder.bare() == (0.25e-3,) * 2
    assert (cupy.launched, cupy.products) == (launched + 6, products)
    assert recorder.plain() == (0.25e-3,) * 2
    assert cupy.products == products + 2, "cuBLAS computes what is recorded, we the rest"
    recorder.close()


@pytest.mark.usefixtures("cupy")
def test_no_more_parts_than_there_are_terms() -> None:
    """Sums of one part are the result, in its own format."""
    network = Network("n", 1, (Dense(70, "linear"), Dense(3, "linear")))
    values = make_values(network, 65)
    prepared = CudaTiles().prepare_recording(network, values, "float16", How(order="split-k-4"))
    off: list[float] = []
    prepared.check(lambda _, a, b, c: off.append(deviation(c, a.astype(np.float64) @ b)), 65)
    assert max(off) < 2e-3
    assert [laid.parts for laid in prepared.laid()] == [1, 4]
    prepared.close()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("order", ["swizzle-2", "split-k-2", "persistent"])
@pytest.mark.parametrize("workload", [NETWORK, LISTED])
def test_what_is_recorded_is_a_recording(workload: Workload, order: str) -> None:
    """As the timing child tells it: nothing in it contradicts anything."""
    training = workload is NETWORK
    plan = RecordPlan(
        workload=workload,
        by="cuda-tiles",
        batch=66 if training else 1,
        training=training,
        tile=(64, 64),
        order=order,
        rounds=2,
        seconds=0.0,
    )
    tape = Tape(plan, 1.0)
    record_plan(plan, tape.hear)
    recording = tape.recording()
    assert recording is not None
    assert recording_faults(recording) == ()
    assert recording.order == order
    assert recording.timer_s == pytest.approx(32e-9)
    for gemm, one in zip(workload.lower(plan.batch, training), recording.products, strict=True):
        assert (one.gemm.m, one.gemm.n, one.gemm.k) == (gemm.m, gemm.n, gemm.k)
        assert one.error is not None
        assert one.error < 4e-7
        assert [str(unit) for unit in one.units] == ["SM 1", "SM 3", "SM 5"]
        assert None not in (one.spent.plain_s, one.spent.tiled_s, one.spent.stamped_s)
    assert "NVIDIA Stand-in" in recording.facts.values()


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        (How(order="by chance"), "CUDA tiles hands out tiles by rows, columns, "),
        (How(tile=(256, 256)), "no program computes tiles of 256×256; there are 64×64, 64×128"),
        (How(threads=2), "takes no number of threads: it is a GPU's"),
    ],
)
def test_what_cannot_be_is_said(how: How, said: str) -> None:
    with pytest.raises(InputError, match=said):
        recorder_of(how)


def test_more_tiles_than_can_be_drawn(cupy: CuPy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmviz.backends.cuda.backend.MAX_TILES", 5)
    launched = cupy.launched
    with pytest.raises(InputError, match="one has 6 tiles; at most 5 can be drawn"):
        recorder_of(How((64, 64)))
    assert cupy.launched == launched


def test_bfloat16_needs_ampere(cupy: CuPy) -> None:
    cupy.capability = "75"
    assert find("cuda-tiles").dtypes == ("float32", "float16")
    with pytest.raises(Unavailable, match="does not multiply in bfloat16"):
        recorder_of(How(), "bfloat16")


def test_tiles_are_large_where_each_unit_gets_one() -> None:
    assert fitting_tile(4096, 4096, 132) == (128, 128)
    assert fitting_tile(128, 4096, 132) == (64, 64)
