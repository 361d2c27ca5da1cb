"""One contract for every backend that can run here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np
import pytest

from mmviz.backends.base import Backend, Colour, Host, Prepared
from mmviz.backends.registry import find, survey
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import Values, make_values
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.gemm import Role
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network, from_widths
from mmviz.errors import Unavailable
from mmviz.text import Text

ABLE = [entry.id for entry in survey() if entry.available]
TOLERANCE = {
    "float64": 1e-12,
    "float32": 1e-5,
    "tf32": 2e-2,
    "float16": 2e-2,
    "bfloat16": 1e-1,
    "int8": 6e-2,
    "float8": 2e-1,
}


SIGMOID_101 = Network(
    "sigmoid",
    2,
    (Dense(3, "sigmoid", "a", ((1.0, -3.0, 5.0), (-2.0, 4.0, -6.0)), (-1.0, 1.0, 2.0)),),
    ((200.0, 17.0),),
)


@pytest.fixture(params=[*ABLE, "fake"])
def backend(request: pytest.FixtureRequest) -> Backend:
    return find(request.param)


@pytest.fixture
def learner(backend: Backend) -> Backend:
    """One that computes the way back as well."""
    if not backend.trains:
        pytest.skip(f"{backend.id} computes inference alone")
    return backend


@pytest.fixture
def prepared(backend: Backend) -> Iterator[Prepared]:
    network = from_widths((6, 5, 4))
    made = backend.prepare(network, make_values(network, 3), backend.dtypes[0])
    yield made
    made.close()


def test_says_who_it_is(backend: Backend) -> None:
    backend.check()
    assert backend.id
    assert isinstance(backend.name, Text)
    assert str(backend.name)
    assert str(backend.title)
    assert backend.colour in get_args(Colour)
    assert backend.proves in ("cpu", "gpu", "")
    assert backend.is_gpu == ("gpu" in backend.facts())
    place = backend.place()
    assert backend.is_gpu == (place is not None and not place.software)
    assert not backend.adapters() or place.name in backend.adapters()  # type: ignore[union-attr]
    assert "float32" in backend.dtypes
    assert all(isinstance(value, str) for value in backend.facts().values())
    assert backend.warning("float32") is None


def test_sigmoid_layer_gives_101(backend: Backend) -> None:
    for dtype in backend.dtypes:
        prepared = backend.prepare(SIGMOID_101, make_values(SIGMOID_101, 1), dtype)
        assert prepared.run() == 1
        assert prepared.output().tolist() == pytest.approx(np.array([[1, 0, 1]]), abs=1e-6)
        prepared.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_output_is_that_of_float64(backend: Backend, name: str) -> None:
    network = Network("n", 7, (Dense(6, name), Dense(8, name)))
    values = make_values(network, 5)
    exact = reference_output(network, values)
    for dtype in backend.dtypes:
        prepared = backend.prepare(network, values, dtype)
        assert prepared.run() == 1
        output = prepared.output()
        assert output.shape == (5, network.widths[-1])
        assert deviation(output, exact) < TOLERANCE[dtype]
        prepared.close()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradients_are_those_of_float64(learner: Backend, name: str) -> None:
    network = Network("n", 7, (Dense(6, name), Dense(8, name), Dense(4, name)))
    values, target = make_values(network, 5), make_target(network, 5)
    for dtype in learner.dtypes:
        if dtype in NARROW:
            with pytest.raises(Unavailable, match="in inference alone"):
                learner.prepare(network, values, dtype, target)
            continue
        prepared = learner.prepare(network, values, dtype, target)
        assert prepared.run() == 1
        for layer, dW, db in reference_gradients(network, values, target):
            weights, biases = prepared.gradient(layer)
            assert deviation(weights, dW) < TOLERANCE[dtype]
            assert deviation(biases, db) < TOLERANCE[dtype]
        prepared.close()


def test_every_pass_computes_the_same(backend: Backend) -> None:
    """Training would drift away from what it is compared with."""
    network = from_widths((6, 5, 4))
    values, target = make_values(network, 3), make_target(network, 3)
    before = [w.copy() for w in values.weights]
    prepared = backend.prepare(network, values, "float32", target if backend.trains else None)

    def computed() -> list[Host]:
        prepared.run()
        return [prepared.output(), *(prepared.gradient(0) if backend.trains else ())]

    first = [array.copy() for array in computed()]
    assert all(np.array_equal(was, now) for was, now in zip(first, computed(), strict=True))
    prepared.close()
    for was, now in zip(before, values.weights, strict=True):
        assert np.array_equal(was, now)


def test_a_pass_within_its_budget_is_whole(prepared: Prepared) -> None:
    assert prepared.run(3600) == 1
    assert prepared.paused_s >= 0


@pytest.mark.parametrize("training", [False, True])
def test_the_parts_of_a_pass_are_the_products_that_are_drawn(
    backend: Backend, training: bool
) -> None:
    """In the order in which they are drawn; a pass afterwards computes what it did."""
    network = Network("n", 6, (Dense(6, "softmax"), Dense(8, "swiglu"), Dense(3, "gelu")))
    values, target = make_values(network, 5), make_target(network, 5)
    training = training and backend.trains
    prepared = backend.prepare(network, values, "float32", target if training else None)
    parts = prepared.parts()
    products = [(gemm.role, gemm.layer) for gemm in network.lower(5, training)]
    made = [(part.what, part.layer) for part in parts if part.what in get_args(Role)]
    assert made == (products if parts else [])
    assert all(part.seconds >= 0 for part in parts)
    assert prepared.run() == 1
    assert deviation(prepared.output(), reference_output(network, values)) < 1e-5
    prepared.close()


def test_who_does_not_train_says_so(backend: Backend) -> None:
    network = from_widths((6, 5, 4))
    values, target = make_values(network, 3), make_target(network, 3)
    if backend.trains:
        backend.prepare(network, values, "float32", target).close()
        return
    with pytest.raises(Unavailable, match="inference alone"):
        backend.prepare(network, values, "float32", target)


def test_no_budget_stops_before_the_first_step(prepared: Prepared) -> None:
    assert 0 < prepared.run(0) <= 1


def test_backends_agree_with_each_other_through_a_whole_network() -> None:
    network = Network("n", 9, (Dense(12, "swiglu"), Dense(7, "gelu"), Dense(5, "softmax")))
    values: Values = make_values(network, 4)
    outputs = []
    for name in ABLE:
        prepared = find(name).prepare(network, values, "float32")
        prepared.run()
        outputs.append(prepared.output())
        prepared.close()
    for output in outputs[1:]:
        assert output == pytest.approx(outputs[0], abs=1e-5)


def test_host_bytes_grow_with_the_work(backend: Backend) -> None:
    small, large = from_widths((10, 10)), from_widths((1000, 2000))

    def needed(network: Network, batch: int, training: bool) -> int:
        return backend.host_bytes(network, batch, "float32", training)

    assert needed(small, 1, False) >= 0
    if backend.id != "fake":
        assert needed(large, 5000, False) > needed(large, 1, False)
        if backend.trains:
            assert needed(large, 100, True) > needed(large, 100, False)
