"""A pass on whole arrays, shared by NumPy and CuPy: one matmul a product, bias, activation."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host, Part, What
from mmviz.backends.caches import flush_caches
from mmviz.backends.multiplier import BudgetSpentError, Multiplier
from mmviz.core.device.device import Tile
from mmviz.core.learning.activations import Array, activate
from mmviz.core.learning.training import LEARNING_RATE, activation_gradient, output_gradient
from mmviz.core.learning.values import Values
from mmviz.core.shapes.dtype import stored
from mmviz.core.shapes.network import KEEPS_INPUT, Network
from mmviz.text import Text


class ArrayPass:
    """Buffers for one network in the array module `xp`, every product written with `out=`.

    `synchronize` waits for the device, `to_host` copies an array from it. `most_macs`: see
    `Multiplier`; `multiplier`: another one, made for so many multiply-adds a pass.
    """

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

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
        multiplier: Callable[[int], Multiplier] | None = None,
    ) -> None:
        batch, widths = len(values.x), network.widths
        self._xp, self._synchronize, self._to_host = xp, synchronize, to_host
        self._x = xp.asarray(values.x, dtype=dtype)
        names = [layer.activation for layer in network.layers]
        weights = [xp.asarray(w, dtype=dtype) for w in values.weights]
        biases = [xp.asarray(b, dtype=dtype) for b in values.biases]
        sums = [xp.empty((batch, layer.units), dtype=dtype) for layer in network.layers]
        self._layers = list(zip(names, weights, biases, sums, strict=True))
        self._output: Array = None
        macs = batch * network.weights
        self._marks: list[tuple[What, int, float]] | None = None
        self._target = None
        if target is not None:
            self._target = xp.asarray(target, dtype=dtype)
            self._dw = [xp.empty_like(w) for w in weights]
            self._db = [xp.empty_like(b) for b in biases]
            self._da = [xp.empty((batch, width), dtype=dtype) for width in widths[1:-1]]
            self._updated = xp.empty(max(w.size for w in weights), dtype=dtype)
            macs = 3 * macs - batch * widths[0] * network.layers[0].units
        if multiplier is None:
            self._multiplier = Multiplier(xp, synchronize, macs, most_macs)
        else:
            self._multiplier = multiplier(macs)
        self._multiply = self._multiplier.multiply

    @property
    def weights(self) -> list[Array]:
        """W of each layer, the very arrays that are multiplied."""
        return [w for _, w, _, _ in self._layers]

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`; stops between products (or their parts) only."""
        self._multiplier.start(budget_s)
        try:
            self._forward()
        except BudgetSpentError:
            return self._multiplier.share
        self._synchronize()
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        """See `base.Prepared.parts`."""
        self._multiplier.start(UNLIMITED)
        self._synchronize()
        marks: list[tuple[What, int, float]] = []
        self._marks, last = marks, perf_counter()
        try:
            self._forward()
        finally:
            self._marks = None
        found = []
        for what, layer, now in marks:
            found.append(Part(what, layer, now - last))
            last = now
        return tuple(found)

    def tiles(self) -> tuple[Tile | None, ...]:
        """A library does not tell."""
        return ()

    def flush(self) -> None:
        """See `base.Prepared.flush`; of the host."""
        flush_caches()

    def copied(self) -> float | None:
        """See `base.Prepared.copied`."""
        return None

    def output(self) -> Host:
        return self._to_host(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:
        return self._to_host(self._dw[layer]), self._to_host(self._db[layer])

    def close(self) -> None:
        self.__dict__.clear()

    def _forward(self) -> None:
        xp, training = self._xp, self._target is not None
        a, inputs, kept = self._x, [], []
        for i, (name, w, b, z) in enumerate(self._layers):
            self._multiply(a, w, z)
            self._mark("forward", i)
            xp.add(z, b, out=z)
            if training:
                inputs.append(a)
            a = activate(name, z, xp)
            if training:
                kept.append(z if name in KEEPS_INPUT else a)
            self._mark("rest", i)
        self._output = a
        if training:
            self._backward(inputs, kept)

    def _backward(self, inputs: list[Array], kept: list[Array]) -> None:
        xp, names = self._xp, [name for name, *_ in self._layers]
        dz = output_gradient(names[-1], self._output, self._target, kept[-1], xp)
        for i in range(len(names) - 1, -1, -1):
            _, w, b, _ = self._layers[i]
            self._mark("rest", min(i + 1, len(names) - 1))
            if i > 0:
                self._multiply(dz, w.T, self._da[i - 1])
                self._mark("dgrad", i)
            self._multiply(inputs[i].T, dz, self._dw[i])
            self._mark("wgrad", i)
            dz.sum(axis=0, out=self._db[i])
            self._update(w, self._dw[i])
            self._update(b, self._db[i])
            if i > 0:
                dz = activation_gradient(names[i - 1], self._da[i - 1], kept[i - 1], xp)
        self._mark("rest", 0)

    def _update(self, weight: Array, gradient: Array) -> None:
        """Stochastic gradient descent, weight - rate · gradient, written to the shared buffer."""
        updated = self._updated[: weight.size].reshape(weight.shape)
        self._xp.multiply(gradient, -LEARNING_RATE, out=updated)
        updated += weight

    def _mark(self, what: What, layer: int) -> None:
        """What was computed since the last mark."""
        if self._marks is not None:
            self._synchronize()
            self._marks.append((what, layer, perf_counter()))


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
    return stored(cells, dtype)
