"""Plans that do not fit are refused before anything is allocated."""

from __future__ import annotations

import tracemalloc

import pytest

from mmviz.bench.memory import check_memory, needed_bytes
from mmviz.bench.plan import BenchPlan
from mmviz.bench.timing import time_plan
from mmviz.core.shapes.network import MAX_COUNT, Dense, Network, from_widths
from mmviz.errors import InputError


def plan(network: Network, *batches: int, **options: object) -> BenchPlan:
    return BenchPlan(**{"network": network, "batches": batches, "backends": ("numpy",), **options})


def test_enormous_shapes_are_refused_without_being_made() -> None:
    network = from_widths((MAX_COUNT, MAX_COUNT))
    with pytest.raises(InputError, match=r"at batch 16.777.216 needs \S+ PB, this machine has "):
        check_memory(plan(network, 1, MAX_COUNT, backends=("numpy", "loop", "cupy")))


def test_the_limit_is_what_is_available() -> None:
    small = plan(from_widths((10, 10)), 1)
    needed = needed_bytes(small)
    check_memory(small, available=needed)
    with pytest.raises(InputError, match="10-10 at batch 1 needs"):
        check_memory(small, available=needed - 1)
    check_memory(small)


def test_more_of_anything_needs_more() -> None:
    network = from_widths((2000, 3000))
    base = needed_bytes(plan(network, 8))
    assert needed_bytes(plan(network, 8, 9)) > base
    assert needed_bytes(plan(network, 8, training=True)) > base
    assert needed_bytes(plan(network, 8, dtype="float64")) > base
    assert needed_bytes(plan(network, 8, backends=("numpy", "loop"))) > base
    assert needed_bytes(plan(from_widths((2000, 3000, 3000)), 8)) > base


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("backend", ["numpy", "loop"])
@pytest.mark.parametrize(
    ("network", "batch"),
    [
        (from_widths((1000, 2000, 500)), 1),
        (from_widths((20, 30, 10)), 2000),
        (Network("n", 64, (Dense(64, "swiglu"), Dense(64, "gelu"), Dense(8, "softmax"))), 500),
    ],
    ids=["weights", "batch", "gated"],
)
def test_a_run_stays_below_what_was_foretold(
    network: Network, batch: int, backend: str, training: bool
) -> None:
    """The foretold 150 MB of the process itself are not there to be used: only the rest counts."""
    asked = plan(network, batch, backends=(backend,), training=training, seconds=0.01)
    tracemalloc.start()
    time_plan(asked, lambda _: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < needed_bytes(asked) - 150_000_000
