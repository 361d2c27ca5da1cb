"""What a backend promises that can learn: step by step, on weights that stay where it computes."""

from __future__ import annotations

from typing import Literal, Protocol, SupportsFloat, get_args, runtime_checkable

from mmviz.backends.base import Host
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.network import Network

Stage = Literal["forward", "loss", "dgrad", "wgrad", "update"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""What a step consists of. forward, dgrad, wgrad: the products of the strip, each with what belongs
to it: bias and activation, the activation's slope, the sum for the bias."""


LATER = 64
"""Steps after which a loss that nobody asked for may be lost."""


ANSWERED = 1024
"""Rows that a GPU answers at once, at least: it takes as long for fewer."""


class Learner(Protocol):
    """A network that is taught by one recipe. Nothing of it is shared with others."""

    stages: dict[Stage, float]
    """Seconds spent so far in each stage, of the steps that were `parted`."""

    def teach(self, x: Host, target: Host, parted: bool = False) -> SupportsFloat:
        """One step with x [rows × inputs] and target [rows × outputs], at most the recipe's batch;
        the mean loss of these rows before it. A device may compute on meanwhile: `float` of the
        loss waits until it is known, at the latest LATER steps after it. parted: with the clock
        around each stage, which waits for the device in between.
        """
        ...

    def answer(self, x: Host) -> Host:
        """The output [rows × outputs] of any number of rows."""
        ...

    def weights(self) -> Weights:
        """As they are now, in the host's memory."""
        ...

    def close(self) -> None:
        """Let go of every buffer; nothing may be called afterwards."""
        ...


@runtime_checkable
class Teaches(Protocol):
    """What a backend has beside `base.Backend` where it can teach a network."""

    def prepare_learning(
        self, network: Network, begin: Weights, recipe: Recipe, dtype: str
    ) -> Learner:
        """Get ready to go on from `begin`, which is not written to."""
        ...
