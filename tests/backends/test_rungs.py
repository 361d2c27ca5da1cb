"""The ladder's ways of computing one layer, as backends."""

from __future__ import annotations

import numpy as np
import pytest

from mmviz.backends import registry, rungs
from mmviz.bench import runner
from mmviz.bench.plan import BenchPlan
from mmviz.core.learning.rungs import RUNGS
from mmviz.core.learning.training import make_target
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network
from mmviz.errors import InputError, Unavailable

HERE = [rung.backend for rung in RUNGS if not rung.gpu]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("backend", HERE)
def test_each_computes_the_layer_whatever_its_activation(backend: str, activation: str) -> None:
    network = Network("one", 70, (Dense(6, activation),))
    values = make_values(network, 3)
    numpy = registry.find("numpy").prepare(network, values, "float64")
    numpy.run()
    ready = registry.find(backend).prepare(network, values, "float64")
    assert ready.run() == 1.0
    np.testing.assert_allclose(ready.output(), numpy.output(), rtol=1e-9, atol=1e-12)
    assert ready.run(60.0) == 1.0  # with a look at the clock after each few examples
    np.testing.assert_allclose(ready.output(), numpy.output(), rtol=1e-9, atol=1e-12)
    numpy.close()
    ready.close()


def test_a_pass_out_of_time_says_which_share_was_done() -> None:
    network = Network("one", 20, (Dense(4),))
    ready = registry.find("rung:loops").prepare(network, make_values(network, 8), "float32")
    assert ready.run(0.0) == 1 / 8
    ready.close()


def test_of_more_numbers_than_lists_hold_a_part_is_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rungs, "LISTED", 60)
    network = Network("one", 20, (Dense(12, "softmax"),))
    ready = registry.find("rung:loops").prepare(network, make_values(network, 6), "float32")
    assert ready.run() == pytest.approx(3 * 3 / (6 * 12))  # three rows and columns of 20 numbers
    ready.close()


def test_each_way_has_a_colour_of_its_own_and_kernels_have_their_backends() -> None:
    ways = [registry.find(backend).colour for backend in HERE]
    assert len({*ways, registry.find("wgpu").colour}) == len(ways) + 1


def test_what_it_cannot_do_is_said() -> None:
    rung = registry.find("rung:rows")
    two = Network("two", 3, (Dense(2), Dense(2)))
    with pytest.raises(Unavailable, match="one dense layer"):
        rung.prepare(two, make_values(two, 1), "float32")
    one = Network("one", 3, (Dense(2),))
    with pytest.raises(Unavailable, match="forward"):
        rung.prepare(one, make_values(one, 1), "float32", make_target(one, 1, 1))
    with pytest.raises(InputError, match=r"unknown rung 'columns'; known are loops"):
        registry.find("rung:columns")
    assert not any(name.startswith("rung") for name in registry.MODULES)


def test_the_child_times_them_on_the_same_numbers_and_finds_the_same_outputs() -> None:
    network = Network("one", 40, (Dense(10, "softmax"),))
    plan = BenchPlan(network=network, batches=(16,), backends=tuple(HERE), seconds=0.02)
    found = runner.run(plan, lambda _: None)
    assert [run.backend for run in found.runs] == HERE
    for run in found.runs:
        assert run.samples_s
        assert run.failure is None
        assert run.max_error is not None
        assert run.max_error < 1e-5
