"""A network on an open GPU: everything in place, and a pass of it at the press of a button."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host, What
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.products import ACTIVATIONS, Layout
from mmviz.backends.webgpu.work import Group, Work
from mmviz.core.learning.training import KEEPS_INPUT, LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network


class WebgpuPass(Work):
    """See `base.Prepared`."""

    def __init__(
        self,
        device: Device,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        variant: str = "auto",
    ) -> None:
        try:
            super().__init__(device, dtype, variant)
            self._lay_out(network, values, target)
            self.ready()
        except BaseException:
            device.close()
            raise

    def output(self) -> Host:
        return self.device.download(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        dw, db = self._gradients[layer]
        return self.device.download(dw), self.device.download(db)[0]

    def _lay_out(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        device, dtype = self.device, self.dtype
        a = self._given(values.x)
        weights = [device.upload(w, dtype) for w in values.weights]
        biases = [device.upload(b, dtype) for b in values.biases]
        inputs, kept = [], []
        for i, (layer, w, b) in enumerate(zip(network.layers, weights, biases, strict=True)):
            inputs.append(a)
            a, z = self._forward(i, a, w, b, layer.activation, training=target is not None)
            kept.append(z if layer.activation in KEEPS_INPUT and z is not None else a)
        self._output = a
        self.results.append(a)
        self._gradients: dict[int, tuple[Matrix, Matrix]] = {}
        if target is not None:
            names = [layer.activation for layer in network.layers]
            dz = self._error(names[-1], device.upload(target, dtype), kept[-1])
            self._backward(names, weights, biases, inputs, kept, dz)

    def _forward(
        self, layer: int, a: Matrix, w: Matrix, b: Matrix, name: str, *, training: bool
    ) -> tuple[Matrix, Matrix | None]:
        """A layer's A, and its Z where that is kept apart."""
        sums, z = self.device.matrix(a.rows, w.cols, self.dtype), None
        if name in ACTIVATIONS:
            if training and name in KEEPS_INPUT:
                z = self.device.matrix(a.rows, w.cols, self.dtype)
            self._product("forward", layer, a, w, sums, bias=b, activation=name, z=z)
            return sums, z
        self._product("forward", layer, a, w, sums, bias=b, activation="linear")
        outputs = w.cols // 2 if name == "swiglu" else w.cols
        out = self.device.matrix(a.rows, outputs, self.dtype)
        self._cells(layer, cells.SWIGLU if name == "swiglu" else cells.SOFTMAX, (sums,), out)
        return out, sums

    def _error(self, name: str, target: Matrix, kept: Matrix) -> Matrix:
        """dZ of the last layer; see `core.learning.training.output_gradient`."""
        last = max(group.layer for group in self.groups)
        error = self.device.matrix(target.rows, target.cols, self.dtype)
        self._cells(last, cells.ERROR, (self._output, target), error, 1.0 / target.rows)
        return error if name == "softmax" else self._slope(last, name, error, kept)

    def _backward(
        self,
        names: list[str],
        weights: list[Matrix],
        biases: list[Matrix],
        inputs: list[Matrix],
        kept: list[Matrix],
        dz: Matrix,
    ) -> None:
        device, dtype = self.device, self.dtype
        largest = max(weights, key=lambda w: w.bytes)
        scratch = device.matrix(1, largest.rows * largest.cols, dtype)
        for i in range(len(names) - 1, -1, -1):
            w, b = weights[i], biases[i]
            dw, db = device.matrix(w.rows, w.cols, dtype), device.matrix(1, w.cols, dtype)
            self._gradients[i] = dw, db
            da = device.matrix(dz.rows, w.rows, dtype) if i > 0 else None
            if da is not None:
                self._product("dgrad", i, dz, w, da)
            self._product("wgrad", i, inputs[i], dz, dw)
            self._cells(i, cells.SUM_ROWS, (dz,), db)
            for weight, gradient in ((w, dw), (b, db)):
                room = Matrix(scratch.buffer, weight.rows, weight.cols, weight.itemsize)
                self._cells(i, cells.UPDATE, (weight, gradient), room, -LEARNING_RATE)
            if da is not None:
                dz = self._slope(i - 1, names[i - 1], da, kept[i - 1])

    def _slope(self, layer: int, name: str, da: Matrix, kept: Matrix) -> Matrix:
        """dZ from dA behind the activation `name`."""
        if name == "linear":
            return da
        dz = self.device.matrix(kept.rows, kept.cols, self.dtype)
        programs = {"softmax": cells.SOFTMAX_SLOPE, "swiglu": cells.SWIGLU_SLOPE}
        self._cells(layer, programs.get(name, cells.slope(name)), (da, kept), dz)
        return dz

    def _product(
        self, what: What, layer: int, a: Matrix, b: Matrix, c: Matrix, **more: Any
    ) -> None:
        layout = _LAYOUTS[what]
        k = a.rows if layout == "tn" else a.cols
        make = partial(layers.product, self.device, layout=layout, a=a, b=b, c=c, **more)
        rung, steps = self.ladder.steps((layout, c.rows, c.cols, k), make)
        self.rungs.append(rung)
        self.groups.append(Group(what, layer, steps))

    def _cells(
        self,
        layer: int,
        program: cells.Cells,
        sources: tuple[Matrix, ...],
        out: Matrix,
        scale: float = 1.0,
    ) -> None:
        steps = layers.by_cells(self.device, program, sources, out, scale)
        self.groups.append(Group("rest", layer, tuple(steps)))


_LAYOUTS: dict[What, Layout] = {"forward": "nn", "dgrad": "nt", "wgrad": "tn"}
