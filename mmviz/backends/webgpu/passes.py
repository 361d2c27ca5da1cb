"""A network on an open GPU: everything in place, and a pass of it at the press of a button."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host, Part, What
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import Ladder
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.products import ACTIVATIONS, Layout, Rung
from mmviz.core.device.device import Tile
from mmviz.core.learning.training import KEEPS_INPUT, LEARNING_RATE
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.text import Text

_FLUSHED = 128 * 1024**2  # bytes


class WebgpuPass:
    """See `base.Prepared`. Data stay on the GPU, so a pass is computing alone."""

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

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
        self._flushed: Matrix | None = None
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

    def parts(self) -> tuple[Part, ...]:
        """See `base.Prepared.parts`; by the GPU's own clock where it has one."""
        device, found = self._device, [Part("launch", 0, self._clocked([]))]
        began = perf_counter()
        device.send(self._x, self._host_x)
        device.wait()
        found.append(Part("upload", 0, perf_counter() - began))
        found += [Part(what, layer, self._clocked(steps)) for what, layer, steps in self._groups]
        began = perf_counter()
        device.download(self._output)
        found.append(Part("download", 0, perf_counter() - began))
        return tuple(found)

    def _clocked(self, steps: list[Step]) -> float:
        began = perf_counter()
        self._device.submit(steps)
        on_gpu = self._device.wait()
        wall = perf_counter() - began
        return wall if on_gpu is None or not steps else on_gpu

    def tiles(self) -> tuple[Tile | None, ...]:
        """See `base.Prepared.tiles`: what a workgroup computes."""
        return tuple((rung.tm, rung.tn) for rung in self._rungs)

    def flush(self) -> None:
        """See `base.Prepared.flush`; WebGPU tells no cache, so as much as most GPUs have twice."""
        if self._flushed is None:
            self._flushed = self._device.matrix(_FLUSHED // 4 // 1024, 1024, "float32")
        self._device.send(self._flushed, np.zeros((self._flushed.rows, 1024), np.float32))
        self._device.wait()

    def copied(self) -> float | None:
        """See `base.Prepared.copied`."""
        began = perf_counter()
        self._device.send(self._x, self._host_x)
        self._device.submit(self._steps)
        self._device.download(self._output)
        return perf_counter() - began

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
        self._groups: list[tuple[What, int, list[Step]]] = []
        self._rungs: list[Rung] = []
        self._x, self._host_x = device.upload(values.x, dtype), values.x
        weights = [device.upload(w, dtype) for w in values.weights]
        biases = [device.upload(b, dtype) for b in values.biases]
        inputs, kept, a = [], [], self._x
        for i, (layer, w, b) in enumerate(zip(network.layers, weights, biases, strict=True)):
            inputs.append(a)
            a, z = self._forward(i, a, w, b, layer.activation, training=target is not None)
            kept.append(z if layer.activation in KEEPS_INPUT and z is not None else a)
        self._output = a
        self._gradients: dict[int, tuple[Matrix, Matrix]] = {}
        if target is not None:
            names = [layer.activation for layer in network.layers]
            dz = self._error(names[-1], device.upload(target, dtype), kept[-1])
            self._backward(names, weights, biases, inputs, kept, dz)
        self._steps = [step for _, _, steps in self._groups for step in steps]
        self._flop = sum(step.flop for step in self._steps)
        # Drivers compile at the first dispatch: a workgroup of each program does, and all it writes
        # is written again by every pass.
        first = {id(step.program): step for step in self._steps}
        self._device.submit(replace(step, groups=(1, 1)) for step in first.values())
        self._device.wait()

    def _forward(
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
        self._cells(layer, cells.SWIGLU if name == "swiglu" else cells.SOFTMAX, (sums,), out)
        return out, sums

    def _error(self, name: str, target: Matrix, kept: Matrix) -> Matrix:
        """dZ of the last layer; see `core.learning.training.output_gradient`."""
        last = max(layer for _, layer, _ in self._groups)
        error = self._device.matrix(target.rows, target.cols, self._dtype)
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
        device, dtype = self._device, self._dtype
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
        dz = self._device.matrix(kept.rows, kept.cols, self._dtype)
        programs = {"softmax": cells.SOFTMAX_SLOPE, "swiglu": cells.SWIGLU_SLOPE}
        self._cells(layer, programs.get(name, cells.slope(name)), (da, kept), dz)
        return dz

    def _product(
        self, what: What, layer: int, a: Matrix, b: Matrix, c: Matrix, **more: Any
    ) -> None:
        layout = _LAYOUTS[what]
        k = a.rows if layout == "tn" else a.cols
        rung = self._ladder.choose(layout, c.rows, c.cols, k)
        self._rungs.append(rung)
        steps = layers.product(self._device, rung, layout, a, b, c, **more)
        self._groups.append((what, layer, list(steps)))

    def _cells(
        self,
        layer: int,
        program: cells.Cells,
        sources: tuple[Matrix, ...],
        out: Matrix,
        scale: float = 1.0,
    ) -> None:
        steps = layers.by_cells(self._device, program, sources, out, scale)
        self._groups.append(("rest", layer, list(steps)))


_LAYOUTS: dict[What, Layout] = {"forward": "nn", "dgrad": "nt", "wgrad": "tn"}
