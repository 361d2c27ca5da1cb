"""A network on an open GPU, layer by layer: its matrices, and the dispatches in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mmviz.backends.base import What
from mmviz.backends.learner import Stage
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.ladder import Ladder, Shape
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.products import ACTIVATIONS, Layout, Rung
from mmviz.backends.webgpu.work import Group
from mmviz.core.shapes.network import KEEPS_INPUT

Gradients = Sequence[tuple[Matrix, Matrix]]
"""dW and db of each layer."""


@dataclass(frozen=True, slots=True)
class Forward:
    """inputs[i]: the A that layer i reads; kept[i]: what its activation's slope needs."""

    inputs: list[Matrix]
    kept: list[Matrix]
    output: Matrix


class Chain:
    """Puts steps down: `groups`, in the order they are computed, `rungs`, one for each product.

    names: the layers' activations. batch: rows that kernels are chosen for, whatever is computed.
    """

    def __init__(self, device: Device, dtype: str, ladder: Ladder, names: list[str], batch: int):
        self.groups: list[Group] = []
        self.rungs: list[Rung] = []
        self._device, self._dtype, self._ladder = device, dtype, ladder
        self._names, self._batch = names, batch

    def forward(
        self, a: Matrix, weights: list[Matrix], biases: list[Matrix], *, training: bool
    ) -> Forward:
        """All layers, from the input `a` on; training: what the way back needs is kept."""
        inputs, kept = [], []
        for i, (name, w, b) in enumerate(zip(self._names, weights, biases, strict=True)):
            inputs.append(a)
            a, z = self._layer(i, a, w, b, name, training=training)
            kept.append(z if name in KEEPS_INPUT and z is not None else a)
        return Forward(inputs, kept, a)

    def error(self, forward: Forward, target: Matrix, *, direct: bool) -> Matrix:
        """dZ of the last layer, from (A - T)/batch; direct: the loss leaves no slope to it."""
        last, output = len(self._names) - 1, forward.output
        error = self._device.matrix(output.rows, output.cols, self._dtype)
        sources = output, target
        self.cells("loss", last, cells.ERROR, sources, error, 1.0 / output.rows)
        return error if direct else self._slope("loss", last, error, forward.kept[-1])

    def backward(
        self,
        dz: Matrix,
        weights: list[Matrix],
        forward: Forward,
        gradients: Gradients,
        update: Callable[[int], None],
    ) -> None:
        """From the last layer to the first; update: puts down what is done with layer i's
        gradients, after which its weights are not read again.
        """
        for i in range(len(self._names) - 1, -1, -1):
            w, (dw, db) = weights[i], gradients[i]
            da = self._device.matrix(dz.rows, w.rows, self._dtype) if i > 0 else None
            if da is not None:
                self._product("dgrad", i, dz, w, da)
            self._product("wgrad", i, forward.inputs[i], dz, dw)
            self.cells("wgrad", i, cells.SUM_ROWS, (dz,), db)
            update(i)
            if da is not None:
                dz = self._slope("dgrad", i - 1, da, forward.kept[i - 1])

    def cells(
        self,
        stage: Stage,
        layer: int,
        program: cells.Cells,
        sources: tuple[Matrix, ...],
        out: Matrix,
        *constants: float,
    ) -> None:
        """A program of cells; see `layers.by_cells`."""
        steps = layers.by_cells(self._device, program, sources, out, *constants)
        self.groups.append(Group("rest", layer, tuple(steps), stage=stage))

    def _layer(
        self, layer: int, a: Matrix, w: Matrix, b: Matrix, name: str, *, training: bool
    ) -> tuple[Matrix, Matrix | None]:
        """A layer's A, and its Z where that is kept apart."""
        sums, z = self._device.matrix(a.rows, w.cols, self._dtype), None
        if name in ACTIVATIONS:
            if training and name in KEEPS_INPUT:
                z = self._device.matrix(a.rows, w.cols, self._dtype)
            self._product("forward", layer, a, w, sums, bias=b, activation=name, z=z)
            return sums, z
        self._product("forward", layer, a, w, sums, bias=b, activation="linear")
        outputs = w.cols // 2 if name == "swiglu" else w.cols
        out = self._device.matrix(a.rows, outputs, self._dtype)
        program = cells.SWIGLU if name == "swiglu" else cells.SOFTMAX
        self.cells("forward", layer, program, (sums,), out)
        return out, sums

    def _slope(self, stage: Stage, layer: int, da: Matrix, kept: Matrix) -> Matrix:
        """dZ from dA behind that layer's activation."""
        name = self._names[layer]
        if name == "linear":
            return da
        dz = self._device.matrix(kept.rows, kept.cols, self._dtype)
        programs = {"softmax": cells.SOFTMAX_SLOPE, "swiglu": cells.SWIGLU_SLOPE}
        self.cells(stage, layer, programs.get(name, cells.slope(name)), (da, kept), dz)
        return dz

    def _product(
        self, what: What, layer: int, a: Matrix, b: Matrix, c: Matrix, **more: Any
    ) -> None:
        layout, stage = LAYOUTS[what]
        make = partial(layers.product, self._device, layout=layout, a=a, b=b, c=c, **more)
        rung, steps = self._ladder.steps(self.shape(layout, a, c), make)
        self.rungs.append(rung)
        self.groups.append(Group(what, layer, steps, stage=stage))

    def shape(self, layout: Layout, a: Matrix, c: Matrix) -> Shape:
        """What a kernel for C = op(A)·op(B) is chosen by: the batch, whatever is computed."""
        if layout == "tn":
            return layout, c.rows, c.cols, self._batch
        return layout, self._batch, c.cols, a.cols


LAYOUTS: dict[What, tuple[Layout, Stage]] = {
    "forward": ("nn", "forward"),
    "dgrad": ("nt", "dgrad"),
    "wgrad": ("tn", "wgrad"),
}
