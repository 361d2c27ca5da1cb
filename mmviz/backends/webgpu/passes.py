"""A network on an open GPU: everything in place, and a pass of it at the press of a button."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import Ladder
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.products import ACTIVATIONS
from mmviz.core.learning.training import KEEPS_INPUT, LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network


class WebgpuPass:
    """See `base.Prepared`. Data stay on the GPU, so a pass is computing alone."""

    paused_s = 0.0
    gpu_s: float | None = None
    """Seconds of the last pass by the GPU's own clock, None where it has none."""

    def __init__(
        self,
        device: Device,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        variant: str = "auto",
    ) -> None:
        self._device, self._dtype = device, dtype
        try:
            self._ladder = Ladder(device, dtype, variant)
            self._place(network, values, target)
        except BaseException:
            device.close()
            raise

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`; stops between dispatches only."""
        if budget_s == UNLIMITED:
            self._device.submit(self._steps)
            self.gpu_s = self._device.wait()
            return 1.0
        stop_at, done = perf_counter() + budget_s, 0
        for step in self._steps:
            self._device.submit([step])
            self._device.wait()
            done += step.flop
            if done and done < self._flop and perf_counter() > stop_at:
                return done / self._flop
        return 1.0

    def output(self) -> Host:
        return self._device.download(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        dw, db = self._gradients[layer]
        return self._device.download(dw), self._device.download(db)[0]

    def close(self) -> None:
        self._device.close()
        self.__dict__.clear()

    def _place(self, network: Network, values: Values, target: NDArray[np.float32] | None) -> None:
        device, dtype = self._device, self._dtype
        x = device.upload(values.x, dtype)
        weights = [device.upload(w, dtype) for w in values.weights]
        biases = [device.upload(b, dtype) for b in values.biases]
        steps: list[Step] = []
        inputs, kept, a = [], [], x
        for layer, w, b in zip(network.layers, weights, biases, strict=True):
            inputs.append(a)
            more, a, z = self._forward(a, w, b, layer.activation, training=target is not None)
            kept.append(z if layer.activation in KEEPS_INPUT and z is not None else a)
            steps += more
        self._output = a
        self._gradients: dict[int, tuple[Matrix, Matrix]] = {}
        if target is not None:
            names = [layer.activation for layer in network.layers]
            wanted = device.upload(target, dtype)
            steps += self._backward(names, weights, biases, inputs, kept, wanted)
        self._steps = steps
        self._flop = sum(step.flop for step in steps)

    def _forward(
        self, a: Matrix, w: Matrix, b: Matrix, name: str, *, training: bool
    ) -> tuple[list[Step], Matrix, Matrix | None]:
        """The steps of a layer, its A, and its Z where that is kept apart."""
        device = self._device
        sums, z = device.matrix(a.rows, w.cols, self._dtype), None
        if name in ACTIVATIONS:
            if training and name in KEEPS_INPUT:
                z = device.matrix(a.rows, w.cols, self._dtype)
            fused = self._product("nn", a, w, sums, bias=b, activation=name, z=z)
            return list(fused), sums, z
        steps = list(self._product("nn", a, w, sums, bias=b, activation="linear"))
        outputs = w.cols // 2 if name == "swiglu" else w.cols
        out = device.matrix(a.rows, outputs, self._dtype)
        program = cells.SWIGLU if name == "swiglu" else cells.SOFTMAX
        steps += layers.by_cells(device, program, (sums,), out)
        return steps, out, sums

    def _backward(
        self,
        names: list[str],
        weights: list[Matrix],
        biases: list[Matrix],
        inputs: list[Matrix],
        kept: list[Matrix],
        target: Matrix,
    ) -> Iterator[Step]:
        device, dtype = self._device, self._dtype
        largest = max(weights, key=lambda w: w.bytes)
        scratch = device.matrix(1, largest.rows * largest.cols, dtype)
        error = device.matrix(target.rows, target.cols, dtype)
        scale = 1.0 / target.rows
        yield from layers.by_cells(device, cells.ERROR, (self._output, target), error, scale)
        dz = error
        if names[-1] != "softmax":
            more, dz = self._slope(names[-1], error, kept[-1])
            yield from more
        for i in range(len(names) - 1, -1, -1):
            w, b = weights[i], biases[i]
            dw, db = device.matrix(w.rows, w.cols, dtype), device.matrix(1, w.cols, dtype)
            self._gradients[i] = dw, db
            yield from self._product("tn", inputs[i], dz, dw)
            yield from layers.by_cells(device, cells.SUM_ROWS, (dz,), db)
            if i > 0:
                da = device.matrix(dz.rows, w.rows, dtype)
                yield from self._product("nt", dz, w, da)
                more, dz = self._slope(names[i - 1], da, kept[i - 1])
                yield from more
            for weight, gradient in ((w, dw), (b, db)):
                room = Matrix(scratch.buffer, weight.rows, weight.cols, weight.itemsize)
                pair = weight, gradient
                yield from layers.by_cells(device, cells.UPDATE, pair, room, -LEARNING_RATE)

    def _slope(self, name: str, da: Matrix, kept: Matrix) -> tuple[list[Step], Matrix]:
        """dZ from dA behind the activation `name`."""
        if name == "linear":
            return [], da
        dz = self._device.matrix(kept.rows, kept.cols, self._dtype)
        program = {"softmax": cells.SOFTMAX_SLOPE, "swiglu": cells.SWIGLU_SLOPE}.get(
            name, cells.slope(name)
        )
        return list(layers.by_cells(self._device, program, (da, kept), dz)), dz

    def _product(self, layout: Any, a: Matrix, b: Matrix, c: Matrix, **more: Any) -> Iterator[Step]:
        k = a.rows if layout == "tn" else a.cols
        rung = self._ladder.choose(layout, c.rows, c.cols, k)
        return layers.product(self._device, rung, layout, a, b, c, **more)
