"""The contract on all that mmviz ships: each preset with every backend that can run here.

As it is where a pass has up to 50 MFLOP, else scaled down: widths by 16, at most 8 examples.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from mmviz.backends.base import Backend
from mmviz.backends.registry import find, survey
from mmviz.backends.webgpu.backend import Webgpu
from mmviz.bench.precision import gradient_floor, output_deviation
from mmviz.core.learning.operands import make_operands
from mmviz.core.learning.training import (
    deviation,
    make_target,
    reference_gradients,
    reference_output,
)
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.files.networks import preset_ids, read_preset

WHOLE_FLOP = 50e6
BY, MOST_EXAMPLES = 16, 8
LOOP_FLOP = 2e6  # a Python loop computes some ten million a second
FLOAT32 = 1e-5

ABLE = [entry.id for entry in survey() if entry.available]
FILES = {preset: read_preset(preset) for preset in preset_ids()}
NETWORKS = [preset for preset, file in FILES.items() if file.network.layered is not None]
LISTS = [preset for preset in FILES if preset not in NETWORKS]


def flop(workload: Network | Products, batch: int, training: bool) -> int:
    return sum(gemm.total_flop for gemm in workload.lower(batch, training))


def network_of(preset: str, training: bool) -> tuple[Network, int]:
    """The preset, or what it is scaled down to, and its batch."""
    file = FILES[preset]
    network, batch = file.network.layered, file.batch or 1
    assert network is not None
    if flop(network, batch, training) <= WHOLE_FLOP:
        return network, batch
    layers = tuple(replace(layer, units=-(-layer.units // BY // 2) * 2) for layer in network.layers)
    return replace(network, inputs=-(-network.inputs // BY), layers=layers), MOST_EXAMPLES


def list_of(preset: str) -> Products:
    """As many products, each of sides by 16, computed twice where it is computed more often."""
    products = FILES[preset].network
    assert isinstance(products, Products)
    return replace(products, gemms=tuple(map(_smaller, products.gemms)))


def _smaller(gemm: Gemm) -> Gemm:
    m, n, k, stack = (-(-side // BY) for side in (gemm.m, gemm.n, gemm.k, gemm.stack))
    return replace(gemm, m=m, n=n, k=k, stack=stack, count=min(gemm.count, 2))


def able(id: str, workload: Network | Products, batch: int, training: bool) -> Backend:
    if id == "loop" and flop(workload, batch, training) > LOOP_FLOP:
        pytest.skip("more than a Python loop should be asked for")
    backend = find(id)
    if training and not backend.trains:
        pytest.skip(f"{id} computes inference alone")
    return backend


@pytest.mark.parametrize("preset", NETWORKS)
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
@pytest.mark.parametrize("id", ABLE)
def test_a_preset_gives_the_numbers_of_float64(id: str, training: bool, preset: str) -> None:
    network, batch = network_of(preset, training)
    backend = able(id, network, batch, training)
    values = make_values(network, batch)
    target = make_target(network, batch) if training else None
    prepared = backend.prepare(network, values, "float32", target)
    try:
        assert prepared.run() == 1
        exact = reference_output(network, values)
        assert output_deviation(network, prepared.output(), exact) < FLOAT32
        if target is None:
            return
        floor = gradient_floor(exact, target, batch)  # a gradient of nearly nothing is nothing
        for layer, dW, db in reference_gradients(network, values, target):
            weights, biases = prepared.gradient(layer)
            assert deviation(weights, dW, floor) < FLOAT32
            assert deviation(biases, db, floor) < FLOAT32
    finally:
        prepared.close()


@pytest.mark.parametrize("preset", LISTS)
@pytest.mark.parametrize("id", ABLE)
def test_a_list_gives_the_numbers_of_float64(id: str, preset: str) -> None:
    products = list_of(preset)
    backend = able(id, products, 1, False)
    operands = make_operands(products)
    prepared = backend.prepare_products(products, operands, "float32")
    try:
        assert prepared.run() == 1
        for place, (a, b) in enumerate(zip(operands.a, operands.b, strict=True)):
            exact = a.astype("float64") @ b.astype("float64")
            assert deviation(prepared.product(place), exact) < FLOAT32
    finally:
        prepared.close()


@pytest.mark.parametrize("preset", ["alexnet", "digits"])
def test_weights_larger_than_a_binding_are_trained_in_parts(preset: str) -> None:
    """As AlexNet's first layer has to be where a binding holds 128 MiB."""
    if "wgpu" not in ABLE:
        assert not os.environ.get("CI"), "CI has a software adapter"
        pytest.skip("no adapter here")
    network, batch = network_of(preset, True)
    values, target = make_values(network, batch), make_target(network, batch)
    prepared = Webgpu("tiled", binding=8192).prepare(network, values, "float32", target)
    assert any(len(group.steps) > 1 for group in prepared.groups)
    assert prepared.run() == 1
    for layer, dW, _ in reference_gradients(network, values, target):
        assert deviation(prepared.gradient(layer)[0], dW) < FLOAT32
    prepared.close()
