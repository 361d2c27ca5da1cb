"""A network on an open GPU: everything in place, and a pass of it at the press of a button."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host
from mmviz.backends.webgpu import cells
from mmviz.backends.webgpu.chain import Chain
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.work import Work
from mmviz.core.learning.training import LEARNING_RATE
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

    def _chain(self, names: list[str], batch: int) -> Chain:
        """What lays out its steps."""
        return Chain(self.device, self.dtype, self.ladder, names, batch)

    def _lay_out(
        self, network: Network, values: Values, target: NDArray[np.float32] | None
    ) -> None:
        device, dtype = self.device, self.dtype
        names = [layer.activation for layer in network.layers]
        chain = self._chain(names, len(values.x))
        self.groups, self.rungs = chain.groups, chain.rungs
        x = self._given(values.x)
        weights = [device.upload(w, dtype) for w in values.weights]
        biases = [device.upload(b, dtype) for b in values.biases]
        forward = chain.forward(x, weights, biases, training=target is not None)
        self._output = forward.output
        self.results.append(forward.output)
        if target is None:
            return
        scratch = device.matrix(1, max(w.rows * w.cols for w in weights), dtype)
        self._gradients = [
            (device.matrix(w.rows, w.cols, dtype), device.matrix(1, w.cols, dtype)) for w in weights
        ]

        def update(i: int) -> None:
            pairs = zip((weights[i], biases[i]), self._gradients[i], strict=True)
            for weight, gradient in pairs:
                room = Matrix(scratch.buffer, weight.rows, weight.cols, weight.itemsize)
                chain.cells("update", i, cells.UPDATE, (weight, gradient), room, -LEARNING_RATE)

        # for a softmax the cross entropy leaves (A - T)/batch
        direct = names[-1] == "softmax"
        dz = chain.error(forward, device.upload(target, dtype), direct=direct)
        chain.backward(dz, weights, forward, self._gradients, update)
