"""How far a pass of loops has come: the parts it is made of, and the seconds each one took.

Sums, activations, new lists and updates cost differently, so the share of the multiply-adds that
are done says little of a pass with large batches and few units. Here each part is scaled up by its
own units alone; of a part that was not reached a small piece is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import perf_counter

from mmviz.backends.base import UNLIMITED

PIECE = 20_000  # units a piece that is tried may have: a millisecond or less
_TRIES = 3  # the quickest counts: the first one is cold


LoopPiece = tuple[Callable[[], object], int]
"""Work that is ready to be done, and how many units it is."""


@dataclass(slots=True)
class PassPart:
    """One part of a pass.

    `units`: how many equal steps it has (multiply-adds, cells, rows); `piece` makes some of them
    ready to be tried. `done` and `spent_s`: what a pass has done of it so far.
    """

    units: int
    piece: Callable[[], LoopPiece]
    done: int = 0
    spent_s: float = 0.0

    def whole_s(self) -> float:
        """Seconds all of it takes: from what was done, else from a piece tried now."""
        if self.done:
            return self.spent_s * self.units / self.done
        return min(self._unit_s() for _ in range(_TRIES)) * self.units

    def _unit_s(self) -> float:
        work, units = self.piece()
        began = perf_counter()
        work()
        return (perf_counter() - began) / units


class Ledger:
    """The clock of a pass with a budget; a pass without one costs a comparison a step."""

    def __init__(self) -> None:
        self.parts: dict[Hashable, PassPart] = {}
        self.paused_s = 0.0
        self._stop_at = UNLIMITED
        self._last = 0.0
        self._open = 0

    def expect(self, key: Hashable, units: int, piece: Callable[[], LoopPiece]) -> None:
        """A pass has this part."""
        self.parts[key] = PassPart(units, piece)

    def start(self, budget_s: float) -> None:
        """A pass begins; `add` raises once `budget_s` seconds of computing are spent."""
        self._stop_at = UNLIMITED
        if budget_s == UNLIMITED:
            return
        for part in self.parts.values():
            part.done, part.spent_s = 0, 0.0
        self._open = sum(part.units for part in self.parts.values())
        self._last = perf_counter()
        self._stop_at = self._last + budget_s

    def add(self, key: Hashable, units: int) -> None:
        """What was computed since the last call was `units` of the part `key`."""
        if self._stop_at == UNLIMITED:
            return
        now = perf_counter()
        part = self.parts[key]
        part.done += units
        part.spent_s += now - self._last
        self._last = now
        self._open -= units
        if now > self._stop_at and self._open > 0:
            raise OutOfTimeError

    def pause(self, began: float) -> None:
        """Since `began` (perf_counter) nothing was computed: take the time off the clock."""
        spent = perf_counter() - began
        self.paused_s += spent
        self._last += spent
        self._stop_at += spent

    def stopped(self) -> float:
        """Share of the pass's seconds that are spent, 0 … 1; called once `add` has raised.

        The clock stood still since then: lists were let go, pieces are tried.
        """
        spent = sum(part.spent_s for part in self.parts.values())
        share = spent / sum(part.whole_s() for part in self.parts.values())
        self.pause(self._last)
        return share


class OutOfTimeError(Exception):
    """The budget is spent; the pass is left where it stands."""
