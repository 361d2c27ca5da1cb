"""A network lowered to its matrix products, in the order they are computed.

Source of the shapes and of 3n - 1: NVIDIA, Linear/Fully-Connected Layers User's Guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmviz.core.network import Network, check_count

Role = Literal["forward", "dgrad", "wgrad"]


@dataclass(frozen=True, slots=True)
class Gemm:
    """One product C[m × n] = A[m × k]·B[k × n], made by layer number `layer` (from 0)."""

    name: str
    role: Role
    m: int
    n: int
    k: int
    layer: int = 0

    @property
    def flop(self) -> int:
        """A multiplication and an addition for each of m·n·k terms."""
        return 2 * self.m * self.n * self.k


def lower(network: Network, batch: int, training: bool = False) -> tuple[Gemm, ...]:
    """The products of one pass over `batch` examples.

    Forward, layer i: batch × units × inputs. In training the layers follow backwards, each with
    dgrad (batch × inputs × units; not for the first layer, nobody needs the gradient of the data)
    and wgrad (inputs × units × batch): 3n - 1 products for n layers. Raises InputError for a batch
    out of range.
    """
    check_count(batch, "batch")
    forward, backward = [], []
    for i, (width, layer) in enumerate(zip(network.widths, network.layers, strict=False)):
        name = layer.name or f"layer {i + 1}"
        forward.append(Gemm(name, "forward", batch, layer.units, width, i))
        backward.append(Gemm(name, "wgrad", width, layer.units, batch, i))
        if i > 0:
            backward.append(Gemm(name, "dgrad", batch, width, layer.units, i))
    return (*forward, *reversed(backward)) if training else tuple(forward)
