"""Our own tiles on a CUDA GPU against float64, and what they tell of themselves.

Without one all is skipped, with the reason. How fast they are: benchmarks/cuda_tiles.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends.base import Host
from mmviz.backends.cuda.backend import CudaTiles
from mmviz.backends.cuda.source import DTYPES, TILES
from mmviz.backends.recorder import How, Recorder, Stamps
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network
from mmviz.core.shapes.products import Products
from mmviz.errors import Unavailable

pytestmark = pytest.mark.gpu

TOLERANCE = {"float32": 2e-5, "float16": 3e-2, "bfloat16": 2e-1}
RAGGED = Products(
    "ragged",
    (
        Gemm("whole", "product", 512, 768, 256, 0),
        Gemm("odd", "product", 333, 517, 131, 1),
        Gemm("one row", "product", 1, 1000, 777, 2),
        Gemm("heads", "product", 65, 66, 72, 3, stack=4),
    ),
)
LARGE = Products("large", (Gemm("C", "product", 2048, 2048, 2048, 0),))
NETWORK = Network("n", 300, (Dense(520, "gelu"), Dense(258, "relu"), Dense(66, "softmax")))


@pytest.fixture(scope="module")
def backend() -> CudaTiles:
    found = CudaTiles()
    try:
        found.check()
    except Unavailable as miss:
        pytest.skip(str(miss))
    return found


@pytest.fixture(params=DTYPES)
def dtype(request: pytest.FixtureRequest, backend: CudaTiles) -> str:
    if request.param not in backend.dtypes:
        pytest.skip(f"no {request.param} on this GPU")
    return str(request.param)


def deviations(recorder: Recorder) -> list[float]:
    """Of each product from float64."""
    off: list[float] = []

    def look(_: int, a: Host, b: Host, c: Host) -> None:
        off.append(deviation(c, a.astype(np.float64) @ b.astype(np.float64)))

    recorder.check(look, 600)
    return off


def conserved(stamps: Stamps, gemm: Gemm, tile: tuple[int, int], resident: int) -> None:
    """Each tile once, or its pieces' terms of k once; no more on an SM at once than it holds."""
    tiles_m, tiles_n = -(-gemm.m // tile[0]), -(-gemm.n // tile[1])
    place = stamps.m.astype(np.int64) * tiles_n + stamps.n
    if stamps.k0 is None or stamps.k1 is None:
        assert np.array_equal(np.sort(place), np.arange(tiles_m * tiles_n))
    else:
        terms = np.bincount(place, stamps.k1 - stamps.k0, tiles_m * tiles_n)
        assert (terms == gemm.k).all()
    length = stamps.end_ns - stamps.start_ns
    assert (length >= 0).all()
    assert length.min() < 1e9, "a second for a tile: a clock that is none"
    for unit in np.unique(stamps.unit):
        rows = stamps.unit == unit
        times = np.concatenate((stamps.start_ns[rows], stamps.end_ns[rows]))
        change = np.repeat((1, -1), rows.sum())
        held = np.cumsum(change[np.lexsort((change, times))])
        assert held.max() <= resident


@pytest.mark.parametrize("tile", TILES)
def test_a_list_of_products(backend: CudaTiles, dtype: str, tile: tuple[int, int]) -> None:
    operands = make_operands(RAGGED)
    recorder = backend.prepare_recording(RAGGED, operands, dtype, How(tile))
    off = deviations(recorder)
    assert len(off) == len(RAGGED.gemms)
    assert max(off) < TOLERANCE[dtype]
    recorder.close()


@pytest.mark.parametrize("order", CudaTiles.recording_orders)
def test_every_order_is_conserved(backend: CudaTiles, dtype: str, order: str) -> None:
    recorder = backend.prepare_recording(RAGGED, make_operands(RAGGED), dtype, How((64, 64), order))
    off = deviations(recorder)
    assert max(off) < TOLERANCE[dtype]
    for _ in range(3):
        for gemm, laid, stamps in zip(RAGGED.gemms, recorder.laid(), recorder.run(), strict=True):
            conserved(stamps, gemm, laid.tile, laid.resident)
            assert stamps.unit.max() < len(recorder.units)
    recorder.close()


def test_a_training_pass_is_that_of_float64(backend: CudaTiles, dtype: str) -> None:
    values, target = make_values(NETWORK, 130), make_target(NETWORK, 130)
    prepared = backend.prepare(NETWORK, values, dtype, target)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(NETWORK, values)) < TOLERANCE[dtype]
    for layer, dW, db in reference_gradients(NETWORK, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < TOLERANCE[dtype]
        assert deviation(biases, db) < TOLERANCE[dtype]
    assert [str(remark) for remark in prepared.remarks] == ["launched at once, as a CUDA graph"]
    prepared.close()


def test_a_large_product_takes_all_sms_within_its_time(backend: CudaTiles, dtype: str) -> None:
    recorder = backend.prepare_recording(LARGE, make_operands(LARGE), dtype, How((64, 64)))
    recorder.run()  # loads the programs
    (stamps,) = recorder.run()
    step_ns = recorder.timer_s * 1e9
    assert 1 <= step_ns <= 2000, "32 ns from Hopper on, 1 µs before"
    span = int(stamps.end_ns.max() - stamps.start_ns.min())
    assert stamps.wall_s is not None
    # the two clocks are different ones: events tell half a microsecond
    assert span <= stamps.wall_s * 1e9 + 2 * step_ns + 1000
    assert set(stamps.unit.tolist()) == set(range(len(recorder.units)))
    assert len(recorder.units) == recorder.sms
    told = recorder.bare(), recorder.plain()
    assert all(seconds > 0 for way in told for seconds in way)
    recorder.close()
