"""A pass on whole arrays, shared by NumPy and CuPy: one matmul a product, bias, activation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host
from mmviz.core.activations import Array, activate
from mmviz.core.dtype import BYTES
from mmviz.core.network import Network
from mmviz.core.training import KEEPS_INPUT, LEARNING_RATE, activation_gradient, output_gradient
from mmviz.core.values import Values


class ArrayPass:
    """Buffers for one network in the array module `xp`, every product written with `out=`.

    `synchronize` waits for the device, `to_host` copies an array from it. `most_macs`: where the
    product is a plain loop it costs nothing to cut it by rows into parts of about so many
    multiply-adds, between which a pass can stop; None leaves products whole.
    """

    paused_s = 0.0

    def __init__(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None,
        *,
        xp: Any,
        synchronize: Callable[[], object],
        to_host: Callable[[Array], Host],
        most_macs: int | None = None,
    ) -> None:
        batch, widths = len(values.x), network.widths
        self._xp, self._synchronize, self._to_host = xp, synchronize, to_host
        self._most_macs = most_macs
        self._names = [layer.activation for layer in network.layers]
        self._x = xp.asarray(values.x, dtype=dtype)
        self._w = [xp.asarray(w, dtype=dtype) for w in values.weights]
        self._b = [xp.asarray(b, dtype=dtype) for b in values.biases]
        self._z = [xp.empty((batch, layer.units), dtype=dtype) for layer in network.layers]
        self._output: Array = None
        self._macs = batch * network.weights
        self._target = None
        if target is not None:
            self._target = xp.asarray(target, dtype=dtype)
            self._dw = [xp.empty_like(w) for w in self._w]
            self._db = [xp.empty_like(b) for b in self._b]
            self._da = [xp.empty((batch, width), dtype=dtype) for width in widths[1:-1]]
            self._updated = xp.empty(max(w.size for w in self._w), dtype=dtype)
            self._macs = 3 * self._macs - batch * widths[0] * network.layers[0].units

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`; stops between products (or their parts) only."""
        stop_at, done = perf_counter() + budget_s, 0
        for macs in self._steps():
            done += macs
            if budget_s != UNLIMITED and done < self._macs:
                self._synchronize()
                if perf_counter() > stop_at:
                    break
        self._synchronize()
        return done / self._macs

    def output(self) -> Host:
        return self._to_host(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._to_host(self._dw[layer]), self._to_host(self._db[layer])

    def close(self) -> None:
        self.__dict__.clear()

    def _steps(self) -> Iterator[int]:
        """Compute one pass, yielding the multiply-adds of each step once it is on its way."""
        a, inputs, kept = self._x, [], []
        for name, w, b, z in zip(self._names, self._w, self._b, self._z, strict=True):
            inputs.append(a)
            yield from self._multiply(a, w, z)
            z += b
            a = activate(name, z, self._xp)
            kept.append(z if name in KEEPS_INPUT else a)
        self._output = a
        if self._target is not None:
            yield from self._backward(inputs, kept)

    def _backward(self, inputs: list[Array], kept: list[Array]) -> Iterator[int]:
        names, xp = self._names, self._xp
        dz = output_gradient(names[-1], self._output, self._target, kept[-1], xp)
        for i in range(len(names) - 1, -1, -1):
            yield from self._multiply(inputs[i].T, dz, self._dw[i])
            dz.sum(axis=0, out=self._db[i])
            if i > 0:
                yield from self._multiply(dz, self._w[i].T, self._da[i - 1])
                dz = activation_gradient(names[i - 1], self._da[i - 1], kept[i - 1], xp)
            self._update(self._w[i], self._dw[i])
            self._update(self._b[i], self._db[i])

    def _update(self, weight: Array, gradient: Array) -> None:
        """Stochastic gradient descent, weight - rate · gradient, written to the shared buffer."""
        updated = self._updated[: weight.size].reshape(weight.shape)
        self._xp.multiply(gradient, -LEARNING_RATE, out=updated)
        updated += weight

    def _multiply(self, a: Array, b: Array, out: Array) -> Iterator[int]:
        (m, k), n = a.shape, b.shape[1]
        if self._most_macs is None:
            self._xp.matmul(a, b, out=out)
            yield m * k * n
            return
        rows = max(1, self._most_macs // (k * n))
        for i in range(0, m, rows):
            part = a[i : i + rows]
            self._xp.matmul(part, b, out=out[i : i + rows])
            yield len(part) * k * n


def pass_bytes(network: Network, batch: int, dtype: str, training: bool) -> int:
    """Bytes an ArrayPass adds to the values: copies in another dtype, activations, gradients.

    Each layer's Z and A are counted, and three temporaries as wide as the widest layer.
    """
    outputs = [layer.units for layer in network.layers]
    widest = max(outputs)
    cells = batch * (2 * sum(outputs) + 3 * widest)
    if dtype != "float32":
        cells += network.parameters + batch * (network.inputs + training * outputs[-1])
    if training:
        layers = zip(network.widths, outputs, strict=False)
        largest = max(width * units for width, units in layers)  # the buffer of updated weights
        cells += network.parameters + largest + batch * (sum(network.widths[1:-1]) + 3 * widest)
    return cells * BYTES[dtype]
