"""Products of whole arrays, one after the other, between which a pass can stop."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from mmviz.backends.base import UNLIMITED
from mmviz.core.learning.activations import Array


class BudgetSpentError(Exception):
    """The pass is left where it stands."""


class Multiplier:
    """Multiplies with `xp`, and counts: a pass has so many `macs`, multiply-adds, in all.

    `synchronize` waits for the device. `most_macs`: where the product is a plain loop it costs
    nothing to cut it by rows into parts of about so many; None leaves products whole.
    """

    def __init__(
        self,
        xp: Any,
        synchronize: Callable[[], object],
        macs: int,
        most_macs: int | None = None,
    ) -> None:
        self._matmul, self._synchronize = xp.matmul, synchronize
        self._macs, self._most_macs = macs, most_macs
        self._done = 0
        self._stop_at: float | None = None

    def start(self, budget_s: float) -> None:
        """A pass begins."""
        self._done = 0
        self._stop_at = None if budget_s == UNLIMITED else perf_counter() + budget_s

    @property
    def share(self) -> float:
        """How much of the pass is done; counted where it has a budget."""
        return self._done / self._macs

    def multiply(self, a: Array, b: Array, out: Array) -> None:
        """a·b into `out`, of matrices or of stacks of them; raises BudgetSpentError."""
        if self._most_macs is None:
            self._matmul(a, b, out=out)
            if self._stop_at is not None:
                self._tick(a.size * b.shape[-1])
        elif a.ndim > 2:
            for one, other, place in zip(a, b, out, strict=True):
                self._in_parts(one, other, place, self._most_macs)
        else:
            self._in_parts(a, b, out, self._most_macs)

    def _in_parts(self, a: Array, b: Array, out: Array, most_macs: int) -> None:
        rows = max(1, most_macs // b.size)
        for i in range(0, len(a), rows):
            part = a[i : i + rows]
            self._matmul(part, b, out=out[i : i + rows])
            self._tick(len(part) * b.size)

    def _tick(self, macs: int) -> None:
        """Count multiply-adds on their way; stop where the budget is spent and some are left."""
        if self._stop_at is None:
            return
        self._done += macs
        if self._done < self._macs:
            self._synchronize()
            if perf_counter() > self._stop_at:
                raise BudgetSpentError
