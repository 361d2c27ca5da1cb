"""By what one side takes longer: the part of the difference that makes most of it, with evidence.

Both walls are made of the same parts (`account`), so the difference is the sum of theirs:

    launch + between tiles + held-up units + idle after the last tile
    + fewer units for the same work + a factor on every tile + the rest

What held-up units cost is what the trace would be shorter without it, laid anew; it is taken out of
work and tail. A launch in which a unit is known to have had no core is that core's. Nothing is
named within the noise, and nothing that makes less than half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmviz.core.recording.account import Account
from mmviz.core.recording.comparing import Compared, tile_off
from mmviz.core.recording.evidence import (
    Clock,
    Crowd,
    Dispatch,
    Evidence,
    Launch,
    Machine,
    Memory,
    Tail,
    Tiles,
    Two,
    Uneven,
    Units,
)
from mmviz.core.recording.held import Held, held, waiting
from mmviz.core.recording.placing import reordered
from mmviz.core.recording.sides import FEW, Floats, Side, whole_rows

MOSTLY = 1 / 2  # of the difference: what makes less of it is not what it is by

MOST_TAKEN = 0.99  # of the cores: whoever ran had something of them

Part = Literal["launch", "between", "core", "tail", "units", "factor", "rest"]


@dataclass(frozen=True, slots=True, eq=False)
class Because:
    """slower: the side that takes longer, or that the evidence is about; None: nothing is said.

    evidence: None where nothing makes half of the difference. seconds: how much it makes, of
    `apart`; both 0 where the walls are not told apart. parts: all of it by part, {} where it is not
    known. also: a unit that was held up, where that is not what it is by, and on which side.
    """

    slower: Literal[0, 1] | None = None
    evidence: Evidence | None = None
    seconds: float = 0.0
    apart: float = 0.0
    parts: Mapping[Part, float] | None = None
    also: tuple[Literal[0, 1], Evidence] | None = None


def because(compared: Compared) -> Because:
    """Why the two differ, as far as that is beyond the noise."""
    found = held(compared.a), held(compared.b)
    better = compared.verdict.better
    accounts = compared.accounts
    if better is None or accounts[0] is None or accounts[1] is None:
        return _beside_the_wall(compared, found, decided=better is not None)
    slower: Literal[0, 1] = 1 if better == 0 else 0
    slow, fast = (
        _Ran(compared.sides[i], account, found[i])
        for i in (slower, better)
        if (account := accounts[i]) is not None
    )
    if min(slow.each, fast.each) <= 0:  # tiles shorter than a step of the clock
        return _beside_the_wall(compared, found, decided=True)
    parts, factor = _parts(slow, fast)
    apart = slow.account.wall - fast.account.wall
    named = [part for part in parts if part != "rest"]
    most = max(named, key=parts.__getitem__)
    also = _noticed(found)
    if parts[most] < MOSTLY * apart:
        return Because(slower, None, 0.0, apart, parts, also)
    evidence = _evidence(most, slow, fast, factor, parts[most])
    if most == "core" and also is not None and also[0] == slower:
        also = None
    return Because(slower, evidence, parts[most], apart, parts, also)


@dataclass(frozen=True, slots=True, eq=False)
class _Ran:
    side: Side
    account: Account
    held: Held | None

    @property
    def times(self) -> Floats:
        """Of each row, had nothing held it up."""
        trace = self.side.trace
        return trace.end - trace.start if self.held is None else self.held.times

    @property
    def count(self) -> int:
        return self.side.trace.tiling.units

    @property
    def cost(self) -> float:
        return 0.0 if self.held is None else self.held.seconds

    @property
    def tail(self) -> float:
        """Without what held-up units make of it."""
        return self.account.tail - (0.0 if self.held is None else self.held.tail)

    @property
    def work(self) -> float:
        """Seconds of all units together, likewise."""
        late = 0.0 if self.held is None else self.held.seconds - self.held.tail
        return (self.account.work - late) * self.count

    @property
    def each(self) -> float:
        """Seconds of a unit for a multiplication and addition: the mean of the whole tiles without
        the tenth that took longest and the one that took shortest.
        """
        each = np.sort(self._each)
        return float(each[len(each) // 10 : len(each) - len(each) // 10].mean())

    @property
    def middle(self) -> float:
        """The same of the whole tile in the middle."""
        return float(np.median(self._each))

    @property
    def _each(self) -> Floats:
        trace = self.side.trace
        rows = whole_rows(trace)
        k0, k1 = trace.k_range(rows)
        tiling, (tm, tn) = trace.tiling, trace.tiling.tile
        cells = np.minimum(tm, tiling.gemm.m) * np.minimum(tn, tiling.gemm.n)
        return np.asarray(self.times[rows] / (cells * (k1 - k0)) / self._together)

    @property
    def _together(self) -> float:
        """Tiles that a unit computes at one time, on average: fewer than may be resident, where
        there is less than a wave of them.
        """
        trace = self.side.trace
        busy = float(trace.busy_time().sum())
        return float((trace.end - trace.start).sum()) / busy if busy > 0 else 1.0


def _parts(slow: _Ran, fast: _Ran) -> tuple[dict[Part, float], float]:
    """What the difference of both walls is the sum of, and the factor on every tile."""
    one, other = slow.account, fast.account
    factor = slow.each / fast.each
    parts: dict[Part, float] = {
        "launch": one.launch + one.start - other.launch - other.start,
        "between": one.between - other.between,
        "core": slow.cost - fast.cost,
        "tail": slow.tail - fast.tail,
        "units": fast.work * (1 / slow.count - 1 / fast.count),
        "factor": (factor - 1) * fast.work / slow.count,
    }
    parts["rest"] = one.wall - other.wall - sum(parts.values())
    return parts, factor


def _evidence(part: Part, slow: _Ran, fast: _Ran, factor: float, seconds: float) -> Evidence:
    one, other = slow.account, fast.account
    if part == "core" and slow.held is not None:
        return slow.held.core
    if part in ("launch", "between"):
        late = waiting(slow.side, MOSTLY * seconds)
        if late is not None and waiting(fast.side, MOSTLY * seconds) is None:
            return late
    if part == "launch":
        return Launch((one.launch + one.start, other.launch + other.start))
    if part == "between":
        return Dispatch((one.between, other.between))
    if part == "tail":
        return _tail(slow, (one.tail, other.tail))
    if part == "units":
        return _units(slow.side, fast.side)
    return _by_factor(slow, fast, factor, seconds)


def _units(fewer: Side, more: Side) -> Units:
    return Units((_count(fewer), _count(more)), (fewer.waves, more.waves))


def _count(side: Side) -> int:
    return side.trace.tiling.units


def _tail(slow: _Ran, after: Two) -> Tail:
    """Those that are idle at the end count where that is for more than half a tile."""
    trace, half = slow.side.trace, slow.account.median / 2
    last = np.zeros(slow.count)
    np.maximum.at(last, trace.unit, trace.end)
    idle = trace.duration - last > half
    left = 0
    if slow.side.recorded and slow.side.pulls:
        left = int(np.count_nonzero(trace.start > last[idle].min(initial=np.inf) + half))
    return Tail(after, int(np.count_nonzero(idle)), slow.count, left)


def _by_factor(slow: _Ran, fast: _Ran, factor: float, seconds: float) -> Evidence:
    """Tiles take longer: since they are cut otherwise, on another machine, beside other programs,
    by the memory, or by the clock. The last two would slow all of them alike.
    """
    cut = slow.side.trace.tiling.tile, fast.side.trace.tiling.tile
    costs = _instrument(slow.side), _instrument(fast.side)
    if costs[0] is not None and costs[1] is not None and costs[0] - costs[1] >= MOSTLY * seconds:
        return Tiles(factor, cut, slow.side.spent.instrumented)
    if cut[0] != cut[1]:
        return Tiles(factor, cut, None)
    if _elsewhere(slow.side, fast.side):
        return Machine(factor, (slow.side.machine, fast.side.machine))
    if not slow.side.recorded:
        return Clock(factor, None)  # the model's own
    if (crowd := _crowd(slow.side, fast.side, factor)) is not None:
        return crowd
    middle = slow.middle / fast.middle if fast.middle > 0 else factor
    even = middle - 1 >= MOSTLY * (factor - 1)
    if even and "memory" in (slow.side.bound, fast.side.bound):
        return Memory(factor)
    drift = _drift(slow, fast)
    return Clock(factor, drift) if even or drift is not None else Uneven(factor, middle)


def _crowd(slow: Side, fast: Side, factor: float) -> Crowd | None:
    """Other programs, where the cores that they leave explain most of the factor: of a share that
    is taken everything else takes 1 / (1 - share) times as long.
    """
    taken, beside = slow.beside.others, fast.beside.others
    if taken is None or factor <= 1:
        return None
    left, left_beside = 1 - min(taken, MOST_TAKEN), 1 - min(beside or 0.0, MOST_TAKEN)
    return Crowd(factor, taken, beside) if left_beside / left - 1 >= MOSTLY * (factor - 1) else None


def _elsewhere(one: Side, other: Side) -> bool:
    """Whether both are known to be of two machines. A device is named otherwise than what it is the
    model of, so that beside a model the kind alone tells.
    """
    if not (one.machine and other.machine):
        return False
    if one.kind and other.kind and one.kind != other.kind:
        return True
    return one.recorded and other.recorded and one.machine != other.machine


def _instrument(side: Side) -> float | None:
    """Seconds of the wall that tiling and stamping take; of a model 0; None: not measured."""
    if not side.recorded:
        return 0.0
    spent = side.spent
    if side.wall_s is None or spent.plain_s is None or not spent.stamped_s:
        return None
    return side.wall_s * (1 - spent.plain_s / spent.stamped_s)


def _drift(slow: _Ran, fast: _Ran) -> float | None:
    """How many times as long tiles take in the last third as in the first, beyond chance."""
    found = [_third(ran) for ran in (slow, fast)]
    if found[0] is None or found[1] is None:
        return None
    noise = tile_off(slow.side, fast.side)
    ratio = found[0] / found[1]
    return ratio if noise is not None and max(ratio, 1 / ratio) > 1 + noise else None


def _third(ran: _Ran) -> float | None:
    if not ran.side.recorded:
        return 1.0
    rows = whole_rows(ran.side.trace)
    if len(rows) < 3 * FEW:
        return None
    times, third = ran.times[rows], len(rows) // 3
    return float(np.median(times[-third:]) / np.median(times[:third]))


def _beside_the_wall(
    compared: Compared, found: tuple[Held | None, Held | None], *, decided: bool
) -> Because:
    """Where the walls are not told apart: a unit that is seen to be held up by its own recording,
    or the same tiles in another order.
    """
    also = _noticed(found)
    if compared.a.assumed or compared.b.assumed:
        return _without_a_clock(compared, also)
    if also is not None and not decided and not all(found):
        return Because(also[0], also[1], 0.0, 0.0)
    if compared.why_not in ("", "clock") and (order := reordered(compared.a, compared.b)):
        return Because(None, order, also=also)
    return Because(also=also)


def _without_a_clock(compared: Compared, also: tuple[Literal[0, 1], Evidence] | None) -> Because:
    """What is known whatever the clock was: how many units there were."""
    a, b = compared.sides
    if _count(a) == _count(b):
        return Because(also=also)
    fewer: Literal[0, 1] = 0 if _count(a) < _count(b) else 1
    sides = compared.sides[fewer], compared.sides[1 - fewer]
    return Because(fewer, _units(*sides), also=also)


def _noticed(found: tuple[Held | None, Held | None]) -> tuple[Literal[0, 1], Evidence] | None:
    """The unit that cost most by being held up."""
    first, second = found
    if first is not None and (second is None or first.seconds >= second.seconds):
        return 0, first.core
    return None if second is None else (1, second.core)
