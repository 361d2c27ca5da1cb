"""What is computed, whatever it is: it says itself what there is to it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network


@runtime_checkable  # what decodes a plan looks whether it made one
class Workload(Protocol):
    """A `Network` or a list of `Products`; frozen and hashable. Nobody asks which.

    layered: itself where it is a network whose layers can be changed, None elsewhere. layers: ()
    where it has none; weights and parameters: 0 where it has none of its own. has_batch,
    has_training: whether there is a batch to choose, a training pass to look at; where not, batch
    is 1 and training False.
    """

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str: ...
    @property
    def layered(self) -> Network | None: ...
    @property
    def layers(self) -> tuple[Dense, ...]: ...
    @property
    def has_batch(self) -> bool: ...
    @property
    def has_training(self) -> bool: ...
    @property
    def weights(self) -> int: ...
    @property
    def parameters(self) -> int: ...

    def lower(self, batch: int = 1, training: bool = False) -> tuple[Gemm, ...]:
        """The products of one pass in the order they are computed.

        Raises InputError for a batch out of range.
        """
        ...

    def computed(self, training: bool = False) -> int:
        """How many products a pass computes, each counted as often as it is."""
        ...
