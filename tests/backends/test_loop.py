"""What only the loops promise: to stop anywhere, in bounded memory."""

from __future__ import annotations

import tracemalloc

import pytest

from mmviz.backends import loop
from mmviz.backends.registry import find
from mmviz.core.network import from_widths
from mmviz.core.training import deviation, make_target, reference_gradients, reference_output
from mmviz.core.values import make_values


@pytest.mark.parametrize("training", [False, True])
def test_stops_inside_a_pass_and_says_how_far_it_came(training: bool) -> None:
    network = from_widths((3000, 2000, 10))
    target = make_target(network, 64) if training else None
    prepared = find("loop").prepare(network, make_values(network, 64), "float32", target)
    done = prepared.run(0)
    # one step of at most loop._STEP multiply-adds, of 64·3000·2000 and more
    assert 0 < done <= loop._STEP / (64 * 3000 * 2000)
    prepared.close()


@pytest.mark.parametrize("block", [1, 7, 50])
@pytest.mark.parametrize("step", [1, 13])
def test_blocks_and_steps_leave_no_seam(
    monkeypatch: pytest.MonkeyPatch, block: int, step: int
) -> None:
    monkeypatch.setattr(loop, "_BLOCK", block)
    monkeypatch.setattr(loop, "_STEP", step)
    network = from_widths((5, 7, 3))
    values, target = make_values(network, 4), make_target(network, 4)
    prepared = find("loop").prepare(network, values, "float64", target)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-12
    for layer, dW, db in reference_gradients(network, values, target):
        weights, biases = prepared.gradient(layer)
        assert deviation(weights, dW) < 1e-6
        assert deviation(biases, db) < 1e-12
    prepared.close()


def test_a_large_layer_is_never_held_as_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_BLOCK", 1000)
    network = from_widths((100, 1000))  # 100 000 weights are 3.2 MB as lists
    values = make_values(network, 1)
    prepared = find("loop").prepare(network, values, "float32")
    tracemalloc.start()
    prepared.run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400_000
    prepared.close()


def test_turning_weights_into_lists_is_not_timed() -> None:
    network = from_widths((300, 300))
    prepared = find("loop").prepare(network, make_values(network, 1), "float32")
    prepared.run()
    once = prepared.paused_s
    prepared.run()
    assert 0 < once < prepared.paused_s
    prepared.close()
