"""Lists of products, with every backend that can run here."""

from __future__ import annotations

import numpy as np
import psutil
import pytest

from mmviz.backends.base import Backend
from mmviz.backends.caches import UNTOLD, flush_caches, last_level_cache
from mmviz.backends.registry import find, survey
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import deviation
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products

ONE_KERNEL = {"wgpu": "wgpu:tiled"}  # of many that are compiled before one is chosen
ABLE = [ONE_KERNEL.get(entry.id, entry.id) for entry in survey() if entry.available]
TOLERANCE = {
    "float64": 1e-12,
    "float32": 1e-5,
    "tf32": 2e-2,
    "float16": 2e-2,
    "bfloat16": 1e-1,
    "int8": 6e-2,
    "float8": 2e-1,
}
LIST = Products(
    "l",
    (
        Gemm("one", "product", 5, 7, 9, 0),
        Gemm("again", "product", 3, 4, 33, 1, count=3),
        Gemm("heads", "product", 6, 5, 8, 2, stack=4),
        Gemm("layers of heads", "product", 2, 3, 130, 3, count=3, stack=2),
    ),
)


@pytest.fixture(params=[*ABLE, "fake"])
def backend(request: pytest.FixtureRequest) -> Backend:
    return find(request.param)


def test_a_list_is_computed_whole_and_each_product_is_that_of_float64(backend: Backend) -> None:
    operands = make_operands(LIST)
    for dtype in backend.dtypes:
        prepared = backend.prepare_products(LIST, operands, dtype)
        assert prepared.run() == 1
        for place, gemm in enumerate(LIST.gemms):
            exact = operands.a[place].astype(np.float64) @ operands.b[place].astype(np.float64)
            found = prepared.product(place)
            assert found.shape == (gemm.stack, gemm.m, gemm.n)
            assert deviation(found, exact) < TOLERANCE[dtype]
        prepared.close()


def test_the_parts_of_a_list_are_its_products(backend: Backend) -> None:
    prepared = backend.prepare_products(LIST, make_operands(LIST), "float32")
    made = [(part.what, part.layer) for part in prepared.parts() if part.what == "product"]
    assert made in ([("product", place) for place in range(4)], [])
    prepared.close()


def test_a_list_stops_at_its_budget_but_never_before_its_first_step(backend: Backend) -> None:
    """Between launches at the latest, or between parts of them."""
    long = Products("l", (Gemm("a", "product", 100, 100, 100, 0, count=200),))
    prepared = backend.prepare_products(long, make_operands(long), "float32")
    share = prepared.run(0)
    assert 0 < share <= 1
    assert share < 0.1 or backend.id == "fake"  # which has no parts
    prepared.close()


def test_a_pass_after_a_flush_computes_the_same(backend: Backend) -> None:
    operands = make_operands(LIST)
    prepared = backend.prepare_products(LIST, operands, "float32")
    prepared.run()
    first = prepared.product(2).copy()
    prepared.flush()
    prepared.run()
    assert np.array_equal(prepared.product(2), first)
    prepared.close()


def test_each_product_has_numbers_of_its_own_and_the_same_for_everybody() -> None:
    twice = Products("l", (Gemm("a", "product", 3, 4, 5), Gemm("b", "product", 3, 4, 5, 1)))
    made, again = make_operands(twice), make_operands(twice)
    assert not np.array_equal(made.a[0], made.a[1])
    assert np.array_equal(made.b[1], again.b[1])
    assert not np.array_equal(made.b[1], make_operands(twice, 1).b[1])


def test_results_stay_about_one_however_long_the_sums_are() -> None:
    """Else float16 would overflow where a list is no wrong one."""
    long = Products("l", (Gemm("a", "product", 20, 30, 20_000),))
    operands = make_operands(long)
    assert 0.8 < float((operands.a[0] @ operands.b[0]).std()) < 1.2


def test_needs_grow_with_the_results(backend: Backend) -> None:
    small = Products("l", (Gemm("a", "product", 2, 2, 2),))
    least = backend.products_bytes(small, "float32")
    assert backend.products_bytes(LIST, "float32") > least or backend.id == "fake"


def test_twice_the_cache_is_written_and_read_by_a_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(np, "matmul", lambda a, _b: read.append(a.nbytes))
    flush_caches(1_000_000)
    assert 2_000_000 <= read[0] <= 2_020_000
    flush_caches()
    assert read[1] >= 2 * (last_level_cache() or UNTOLD)


def test_a_cache_larger_than_what_is_free_is_not_flushed() -> None:
    """A virtual machine may tell that of its host: the run goes on, without a cold figure."""
    with pytest.raises(MemoryError):
        flush_caches(psutil.virtual_memory().total)
