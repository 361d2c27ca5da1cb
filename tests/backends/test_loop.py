"""What only the loops promise: to stop anywhere, in bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest

from mmviz.backends import loop, loop_counted
from mmviz.backends.loop_counted import CountedPass
from mmviz.backends.registry import find
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.products import Products


@pytest.mark.parametrize("training", [False, True])
def test_stops_inside_a_pass_and_says_how_far_it_came(training: bool) -> None:
    network = from_widths((3000, 2000, 10))
    target = make_target(network, 64) if training else None
    prepared = find("loop").prepare(network, make_values(network, 64), "float32", target)
    done = prepared.run(0)
    assert 0 < done < 0.5  # nothing but the first rows, of 384 million multiply-adds and more
    assert prepared.run(0) < 0.5
    prepared.close()


@pytest.mark.parametrize("training", [False, True])
def test_what_a_pass_counts_is_what_it_was_said_to_be(training: bool) -> None:
    """Else an estimate would leave something out, or scale it wrongly."""
    layers = (Dense(6, "swiglu"), Dense(4, "linear"), Dense(5, "softmax"), Dense(2, "sigmoid"))
    network = Network("n", 7, layers)
    target = make_target(network, 3) if training else None
    prepared = find("loop").prepare(network, make_values(network, 3), "float32", target)
    counted = list(prepared.steps())
    assert sum(counted) == prepared.units
    assert min(counted) > 0
    assert prepared.units > sum(gemm.flop for gemm in network.lower(3, training)) // 2
    prepared.close()


def test_a_list_counts_what_it_was_said_to() -> None:
    again = Gemm("again", "product", 3, 4, 5, 0, count=2)
    heads = Gemm("heads", "product", 2, 3, 40, 1, count=2, stack=3)
    products = Products("n", (again, heads))
    prepared = find("loop").prepare_products(products, make_operands(products), "float32")
    assert sum(prepared.steps()) == prepared.units
    prepared.close()


def test_a_batch_of_short_sums_is_not_counted_by_its_multiply_adds_alone() -> None:
    """A tenth of a pass of sums of one term is no tenth of its multiply-adds but of its cells."""
    network = from_widths((1, 1))
    prepared = find("loop").prepare(network, make_values(network, 1000), "float32")
    assert prepared.units == 1000 * (1 + loop_counted.SUM + loop_counted.CELL)
    prepared.close()


def test_held_time_is_no_part_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that ticks once a look, and lists that are made between two steps."""
    monkeypatch.setattr(loop_counted, "perf_counter", partial(next, count()))

    class Held(CountedPass):
        units = 100

        def steps(self) -> Iterator[int]:
            for _ in range(100):
                with self.held():
                    loop_counted.perf_counter()
                yield 1

    made = Held()
    assert made.run(9.5) == 0.05  # a step ticks twice, beside the three ticks that are held
    assert made.paused_s == 10
    assert made.run() == 1


def test_a_small_network_stays_in_lists() -> None:
    network = from_widths((30, 30))
    prepared = find("loop").prepare(network, make_values(network, 1), "float32")
    prepared.run()
    assert prepared.paused_s == 0
    prepared.close()


def test_computes_in_float64_and_says_so() -> None:
    network = from_widths((50, 40, 30))
    values, target = make_values(network, 8), make_target(network, 8)
    backend = find("loop")
    for dtype in backend.dtypes:
        prepared = backend.prepare(network, values, dtype, target)
        prepared.run()
        assert deviation(prepared.output(), reference_output(network, values)) < 1e-13
        for layer, dW, db in reference_gradients(network, values, target):
            weights, biases = prepared.gradient(layer)
            assert weights.dtype == biases.dtype == "float64"
            assert deviation(weights, dW) < 1e-13
            assert deviation(biases, db) < 1e-13
        prepared.close()
    assert "float64" in str(backend.title)
    assert str(backend.remark("float32")) == "computes in float64"
    assert backend.remark("float64") is None


@pytest.mark.parametrize("block", [1, 7, 50])
@pytest.mark.parametrize("step", [1, 13])
def test_blocks_and_steps_leave_no_seam(
    monkeypatch: pytest.MonkeyPatch, block: int, step: int
) -> None:
    monkeypatch.setattr(loop, "BLOCK", block)
    monkeypatch.setattr(loop_counted, "BLOCK", block)
    monkeypatch.setattr(loop_counted, "_STEP", step)
    network = from_widths((5, 7, 3))
    values, target = make_values(network, 4), make_target(network, 4)
    prepared = find("loop").prepare(network, values, "float64", target)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-12
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < 1e-12
        assert deviation(biases, db) < 1e-12
    prepared.close()


def test_a_large_layer_is_never_held_as_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "BLOCK", 1000)
    monkeypatch.setattr(loop_counted, "BLOCK", 1000)
    network = from_widths((100, 1000))  # 100 000 weights are 3.2 MB as lists
    values = make_values(network, 1)
    prepared = find("loop").prepare(network, values, "float32")
    tracemalloc.start()
    prepared.run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400_000
    prepared.close()


def test_turning_weights_into_lists_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "BLOCK", 1000)
    monkeypatch.setattr(loop_counted, "BLOCK", 1000)
    network = from_widths((300, 300))
    prepared = find("loop").prepare(network, make_values(network, 1), "float32")
    prepared.run()
    once = prepared.paused_s
    prepared.run()
    assert 0 < once < prepared.paused_s
    prepared.close()
