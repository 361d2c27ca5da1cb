"""A network lowered to its matrix products, in the order they are computed; or a list of them.

Source of the shapes and of 3n - 1: NVIDIA, Linear/Fully-Connected Layers User's Guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.core.shapes.network import Network, check_count
from mmviz.errors import InputError

Role = Literal["forward", "dgrad", "wgrad", "product"]  # the last: of a list, of no layer
MAX_PRODUCTS = 10_000  # of a list that is looked at


@dataclass(frozen=True, slots=True)
class Gemm:
    """One product C[m × n] = A[m × k]·B[k × n], made by layer number `layer` (from 0).

    count: how many times a list has it computed, one after the other. All else, as `flop`, is of
    one of them; `total_flop` is of all.
    """

    name: str
    role: Role
    m: int
    n: int
    k: int
    layer: int = 0
    count: int = 1

    @property
    def flop(self) -> int:
        """A multiplication and an addition for each of m·n·k terms."""
        return 2 * self.m * self.n * self.k

    @property
    def backward(self) -> bool:
        """Whether it belongs to the way back of training."""
        return self.role in ("dgrad", "wgrad")

    @property
    def total_flop(self) -> int:
        """FLOP of all `count` of them."""
        return self.count * self.flop


@dataclass(frozen=True, slots=True)
class Products:
    """A list of products that stands for no chain of layers, such as attention or convolutions.

    All of them are of role product, and `layer` is a product's place in the list.
    """

    name: str
    gemms: tuple[Gemm, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.gemms) <= MAX_PRODUCTS:
            raise InputError(
                f"list {self.name!r:.60} must have 1 to {MAX_PRODUCTS:,} products to be looked at, "
                f"not {len(self.gemms):,}"
            )
        for i, gemm in enumerate(self.gemms, start=1):
            for value, side in ((gemm.m, "m"), (gemm.n, "n"), (gemm.k, "k"), (gemm.count, "count")):
                check_count(value, f"{side} of product {i}")

    @property
    def computed(self) -> int:
        """How many products that makes, each counted as often as it is computed."""
        return sum(gemm.count for gemm in self.gemms)


def lower(network: Network | Products, batch: int, training: bool = False) -> tuple[Gemm, ...]:
    """The products of one pass over `batch` examples; of a list those it has, whatever the batch.

    Forward, layer i: batch × units × inputs. In training the layers follow backwards, each with
    dgrad (batch × inputs × units; not for the first layer, nobody needs the gradient of the data)
    and wgrad (inputs × units × batch): 3n - 1 products for n layers. Raises InputError for a batch
    out of range.
    """
    if isinstance(network, Products):
        return network.gemms
    check_count(batch, "batch")
    forward, backward = [], []
    for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
        name = layer.name or f"layer {i + 1}"
        forward.append(Gemm(name, "forward", batch, layer.units, width, i))
        backward.append(Gemm(name, "wgrad", width, layer.units, batch, i))
        if i > 0:
            backward.append(Gemm(name, "dgrad", batch, width, layer.units, i))
    return (*forward, *reversed(backward)) if training else tuple(forward)
