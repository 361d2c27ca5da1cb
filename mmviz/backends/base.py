"""What every backend promises. `tests/backends/test_contract.py` checks each one against it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network

Host = NDArray[Any]
UNLIMITED = float("inf")


class Prepared(Protocol):
    """A network, its values and its buffers in place: everything but the computing is done.

    Every pass computes the same numbers: a training pass writes the updated weights to a buffer of
    its own, so values stay as they were, may be shared by backends, and can be checked afterwards.
    """

    paused_s: float
    """Seconds spent so far inside `run` on what is not computing; the timer takes them off."""

    def run(self, budget_s: float = UNLIMITED) -> float:
        """Compute one pass and wait for its end; return how much of a pass was done.

        1.0 is a whole pass. A backend that can stop inside a pass stops once `budget_s` seconds of
        computing are spent, but never before its first step: the share is above 0. It is meant as
        a share of time: a whole pass takes the seconds of this one divided by it.
        """
        ...

    def output(self) -> Host:
        """Output of the last whole pass, [batch × outputs], in the host's memory."""
        ...

    def gradient(self, layer: int) -> tuple[Host, Host]:
        """dW [inputs × units] and db [units] of one layer after a whole training pass."""
        ...

    def close(self) -> None:
        """Let go of every buffer; nothing may be called afterwards."""
        ...


class Backend(Protocol):
    """Who multiplies. Making one is cheap and loads no optional library."""

    @property
    def id(self) -> str:
        """The name used in commands, plans and files."""
        ...

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        ...

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Ids of the number formats it computes in."""
        ...

    def check(self) -> None:
        """Raise `mmviz.errors.Unavailable` with reason and remedy where it cannot run."""
        ...

    def warning(self, dtype: str) -> str | None:
        """A sentence the user should read before timing this dtype, or None."""
        ...

    def remark(self, dtype: str) -> str | None:
        """What stands beside its results in this dtype, in a few words; None for most."""
        ...

    def facts(self) -> dict[str, str]:
        """Versions of what it runs on, by name; its GPU under "gpu". Call after `check`."""
        ...

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        """Bytes of the host's memory `prepare` and `run` need beside the values, from shapes."""
        ...

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> Prepared:
        """Get ready to compute `network` on `values`; a `target` [batch × outputs] means training.

        Raises MemoryError where buffers do not fit, Unavailable where it cannot run at all.
        """
        ...
