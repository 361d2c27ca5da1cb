"""Bytes that a pass needs at its fullest moment, by what they are for.

Inference holds all weights and biases, and of the activations the largest pair alive: what a layer
reads and what it writes. Training keeps every layer's input until its wgrad, and what derivatives
of activations need; as many gradients as weights, the largest pair of dZ and dA on the way back;
and one velocity a weight, of SGD with momentum (`mmviz.core.learning.descent`). All of it is one
copy in the number format, as our learners keep it: no master copy in float32, and no checkpoints.
What is quantized takes the format's bytes; what leaves a product, gradients and velocities take the
bytes of its results. Workspace: the partial sums of a product whose k is split, in float32.

A list of products says nothing of what stays in memory between them: it needs at least its largest
product, the operands and results of a launch with its whole batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.dtype import BYTES, out_bytes, product_bytes
from mmviz.core.shapes.network import KEEPS_INPUT
from mmviz.core.time.cost import PassCost, Priced
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Points, layer_sides

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes of one pass. products: of a list, whose parts nobody knows: the largest of them."""

    weights: int = 0
    activations: int = 0
    gradients: int = 0
    optimizer: int = 0
    workspace: int = 0
    products: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """Bytes of many passes, [points]: what stays whatever the batch, what comes with each example.

    fixed: of weights, gradients and optimizer; each: of activations and of gradients, of one
    example.
    """

    fixed: tuple[Floats, Floats, Floats]
    each: tuple[Floats, Floats]
    batches: Floats

    @property
    def without_batch(self) -> Floats:
        return sum(self.fixed, start=np.zeros_like(self.batches))

    @property
    def per_example(self) -> Floats:
        return self.each[0] + self.each[1]

    @property
    def total(self) -> Floats:
        """Without a workspace, of whole bytes for each purpose."""
        found: Floats = sum(map(np.ceil, self._parts), start=np.zeros_like(self.batches))
        return found

    @property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Of weights, activations, gradients and optimizer."""
        weights, gradients, optimizer = self.fixed
        alive, backward = (self.batches * values for values in self.each)
        return weights, alive, gradients + backward, optimizer

    def at(self, point: int, workspace: int = 0) -> Need:
        """Of one point."""
        weights, alive, gradients, optimizer = (math.ceil(part[point]) for part in self._parts)
        return Need(weights, alive, gradients, optimizer, workspace)


def needs_of(points: Points, dtype: str) -> Needs:
    """Of every pass of a sweep in `dtype`."""
    size, out = BYTES[dtype], out_bytes(dtype)
    zeros = np.zeros(len(points))
    sides = [tuple(zeros + side for side in layer) for layer in layer_sides(points)]
    weights, biases = zeros, zeros
    for width, units, _ in sides:
        weights, biases = weights + width * units, biases + units
    held = weights * size + biases * out
    if not points.training:
        pairs = [width * size + units * out for width, units, _ in sides]
        alive = np.max(pairs, axis=0)
        return Needs((held, zeros, zeros), (alive, zeros), zeros + points.batches)
    kept = zeros
    for (width, units, _), layer in zip(sides, points.network.layers, strict=True):
        kept = kept + width * size
        if layer.activation in KEEPS_INPUT:
            kept = kept + units * out
    kept = kept + sides[-1][2] * out  # what the network says
    back = [units * out + (width * out if i else 0.0) for i, (width, units, _) in enumerate(sides)]
    moving = (weights + biases) * out
    return Needs((held, moving, moving), (kept, np.max(back, axis=0)), zeros + points.batches)


def needs_of_pass(setup: Setup) -> Needs | None:
    """Of the one pass of a setup; None of a list, of whose parts nobody knows."""
    network = setup.workload.layered
    if network is None:
        return None
    batch = np.array([setup.batch], dtype=np.int64)
    return needs_of(Points(network, batch, training=setup.training), setup.dtype)


def need_of(setup: Setup, cost: PassCost) -> Need:
    """Of one pass that is cut as `cost` has it."""
    needs = needs_of_pass(setup)
    workspace = int(cost.priced.workspace.max(initial=0))
    if needs is None:
        return Need(workspace=workspace, products=_largest(cost, setup.dtype))
    return needs.at(0, workspace)


def launches_bytes(priced: Priced) -> Floats:
    """Of each launch alone: its operands and results, and the partial sums of a split k."""
    m, n, k = priced.cuts.shapes.sides
    cells = m * k + k * n
    held = np.ceil(cells * BYTES[priced.dtype]) + np.ceil(m * n * out_bytes(priced.dtype))
    found: Floats = priced.cuts.shapes.stack * held + priced.workspace
    return found


def _largest(cost: PassCost, dtype: str) -> int:
    """Bytes of the operands and results of the largest launch."""
    return max(gemm.stack * product_bytes(gemm.m, gemm.n, gemm.k, dtype) for gemm in cost.gemms)
