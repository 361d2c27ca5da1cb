"""One dense layer written as in `core.learning.layer_code`, so that the ladder is timed like every
backend: `rung:loops`, `rung:neurons`, `rung:rows`, `rung:blocked`, `rung:matmul`.

Nobody chooses these to time a network with, so they are not listed among the backends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import HOST_BLAS, UNLIMITED, Colour, Host, Part, Place
from mmviz.backends.caches import flush_caches
from mmviz.backends.loop_scalars import activate_row
from mmviz.core.device.device import Tile
from mmviz.core.learning import layer_code
from mmviz.core.learning.activations import activate
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, Text

LISTED = 1_000_000
"""Numbers of A_in, and of W, that are held as Python lists: 32 MB; of more a part is computed."""

_FLOAT_BYTES = 40  # a float object, its pointer, its share of the lists
_ONE_LAYER = Text(N_("a rung of the ladder computes one dense layer, forward"))


@dataclass(frozen=True, slots=True)
class _Way:
    """together: examples between two looks at the clock, where there is a budget; 0: all."""

    function: Callable[..., Any]
    name: Text
    colour: Colour
    together: int
    lists: bool = False
    library: str = HOST_BLAS


_WAYS = {
    "loops": _Way(
        layer_code.loops, Text(N_("three Python loops")), "grey", 1, lists=True, library=""
    ),
    "neurons": _Way(layer_code.neurons, Text(N_("a loop over neurons, np.dot")), "yellow", 1),
    "rows": _Way(layer_code.rows, Text(N_("NumPy row by row")), "orange", 64),
    "blocked": _Way(layer_code.blocked, Text(N_("NumPy in blocks")), "vermilion", layer_code.T),
    "matmul": _Way(layer_code.matmul, Text(N_("one np.matmul")), "green", 0),
}
VARIANTS = tuple(_WAYS)


class RungBackend:
    """One of `VARIANTS`; always there."""

    is_gpu = False
    trains = False
    proves: Literal[""] = ""
    dtypes = ("float32", "float64")

    def __init__(self, variant: str) -> None:
        self.id = f"rung:{variant}"
        self._way = way = _WAYS[variant]
        self.name = self.title = way.name
        self.colour: Colour = way.colour
        self.library = way.library

    def check(self) -> None:
        """Nothing can be missing."""

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - the same for every dtype
        return None

    def remark(self, dtype: str) -> Text | None:
        lists = self._way.lists and dtype != "float64"
        return Text(N_("computes in float64")) if lists else None

    def facts(self) -> dict[str, str]:
        return {"numpy": np.__version__}

    def place(self) -> Place | None:
        return None

    def adapters(self) -> tuple[str, ...]:
        return ()

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        """Lists of at most `LISTED` numbers, or arrays in the dtype, and the sums of all cells."""
        cells = batch * network.layers[0].units
        sizes = batch * network.inputs, network.weights
        if self._way.lists:
            return _FLOAT_BYTES * (sum(min(size, LISTED) for size in sizes) + 3 * cells)
        return np.dtype(dtype).itemsize * (sum(sizes) + 4 * cells)

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> RungPass:
        if target is not None or len(network.layers) != 1:
            raise Unavailable(_ONE_LAYER)
        return RungPass(self._way, network, values, dtype)

    def prepare_products(self, products: Products, operands: Operands, dtype: str) -> Any:  # noqa: ARG002
        raise Unavailable(_ONE_LAYER)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return 0


class RungPass:
    """One layer and its numbers; see `base.Prepared` for what each method promises."""

    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()
    paused_s = 0.0

    def __init__(self, way: _Way, network: Network, values: Values, dtype: str) -> None:
        name, w, b = network.layers[0].activation, values.weights[0], values.biases[0]
        self._way = way
        self._share = 1.0
        if way.lists:
            rows = min(len(values.x), max(1, LISTED // network.inputs))
            columns = min(len(b), max(1, LISTED // network.inputs))
            self._share = rows * columns / (len(values.x) * len(b))
            self._x = values.x[:rows].tolist()
            self._w = w[:, :columns].tolist()
            self._b = b[:columns].tolist()
            halves = name == "swiglu" and columns % 2
            self._g = partial(activate_row, "linear" if halves else name)
        else:
            self._x, self._w, self._b = (
                np.ascontiguousarray(part, dtype) for part in (values.x, w, b)
            )
            self._g = partial(activate, name, xp=np)
        self._output: Any = None

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Prepared.run`: it looks at the clock after some examples."""
        function, x, together = self._way.function, self._x, self._way.together
        if budget_s == UNLIMITED or not together:
            self._output = function(x, self._w, self._b, self._g)
            return self._share
        began, found = perf_counter(), []
        for start in range(0, len(x), together):
            found.append(function(x[start : start + together], self._w, self._b, self._g))
            done = min(start + together, len(x))
            if done < len(x) and perf_counter() - began >= budget_s:
                return self._share * done / len(x)
        lists = self._way.lists
        self._output = [*chain.from_iterable(found)] if lists else np.concatenate(found)
        return self._share

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        return ()

    def flush(self) -> None:
        flush_caches()

    def copied(self) -> float | None:
        return None

    def output(self) -> Host:
        return np.array(self._output)

    def gradient(self, layer: int) -> tuple[Host, Host]:  # noqa: ARG002 - none has any
        raise Unavailable(_ONE_LAYER)

    def close(self) -> None:
        self.__dict__.clear()


def make(variant: str) -> RungBackend:
    """The rung of that name; InputError names the known ones."""
    if variant not in _WAYS:
        raise InputError(
            N_("unknown rung {variant!r:.40}; known are {known}"),
            variant=variant,
            known=", ".join(VARIANTS),
        )
    return RungBackend(variant)
