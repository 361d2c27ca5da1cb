"""By what two sides of a product may differ, each cause with the figures that speak for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

CauseId = Literal[
    "launch",
    "dispatch",
    "core",
    "crowd",
    "tail",
    "units",
    "tiles",
    "machine",
    "memory",
    "clock",
    "uneven",
    "order",
]

Two = tuple[float, float]
"""A figure of the side that the evidence is about, and of the other."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Seconds in which no tile is computed yet, or none any more, for all units together."""

    before: Two
    id: ClassVar[CauseId] = "launch"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Seconds in which a unit waits from one tile to its next, on average over all units."""

    between: Two
    id: ClassVar[CauseId] = "dispatch"


@dataclass(frozen=True, slots=True)
class Core:
    """Units that were held up. slow: how many of their `of` tiles took longer than chance explains,
    and how many times as long they took (factor, in the middle); 0: they waited beside their tiles.
    core: the one that several units were on at the same time, None where they were not, or nobody
    knows; overlap: for which share of the time. moved: how often these units changed their core.
    others: the share that other programs took of all cores; waited: the share of the time these
    units were ready and had none; None: not told.
    """

    units: tuple[int, ...]
    slow: int
    of: int
    factor: float
    core: int | None
    overlap: float
    moved: int
    others: float | None
    waited: float | None
    id: ClassVar[CauseId] = "core"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Tiles of all units take `factor` times as long on average, while other programs take `others`
    of the cores, a share of them; beside: the same on the other side, None: not told.
    """

    factor: float
    others: float
    beside: float | None
    id: ClassVar[CauseId] = "crowd"


@dataclass(frozen=True, slots=True)
class Tail:
    """Seconds a unit has nothing to do after its last tile, on average; how many of `units` are
    idle for at least half a tile at the end. left: how many tiles others began though one of these
    came free before, where whoever comes free takes the next.
    """

    after: Two
    idle: int
    units: int
    left: int = 0
    id: ClassVar[CauseId] = "tail"


@dataclass(frozen=True, slots=True)
class Units:
    """How many there are, and how many waves of tiles that makes; None: not known."""

    counts: tuple[int, int]
    waves: tuple[int | None, int | None] = (None, None)
    id: ClassVar[CauseId] = "units"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles of this side take `factor` times as long, cell for cell. instrumented: by which share
    it takes longer than one call of the library, measured beside it; None: not measured.
    """

    factor: float
    tiles: tuple[tuple[int, int], tuple[int, int]]
    instrumented: float | None
    id: ClassVar[CauseId] = "tiles"


@dataclass(frozen=True, slots=True)
class Machine:
    """Tiles take `factor` times as long, on another machine."""

    factor: float
    machines: tuple[str, str]
    id: ClassVar[CauseId] = "machine"


@dataclass(frozen=True, slots=True)
class Memory:
    """Tiles take `factor` times as long where the roofline is bound by memory."""

    factor: float
    id: ClassVar[CauseId] = "memory"


@dataclass(frozen=True, slots=True)
class Clock:
    """Tiles take `factor` times as long, and drift: how many times as long in the last third as in
    the first, beside the other side; None: not more than chance, or too few tiles to know.
    """

    factor: float
    drift: float | None
    id: ClassVar[CauseId] = "clock"


@dataclass(frozen=True, slots=True)
class Uneven:
    """Tiles take `factor` times as long on average, `middle` times in the middle: some of them took
    much longer, by what nobody knows.
    """

    factor: float
    middle: float
    id: ClassVar[CauseId] = "uneven"


@dataclass(frozen=True, slots=True)
class Order:
    """`moved` of `of` tiles come earlier or later by more than one wave; the one that moved most is
    m, n: the first side's `places[0]`-th, and the other's `places[1]`-th.
    """

    moved: int
    of: int
    at: tuple[int, int]
    places: tuple[int, int]
    id: ClassVar[CauseId] = "order"


Evidence = (
    Launch
    | Dispatch
    | Core
    | Crowd
    | Tail
    | Units
    | Tiles
    | Machine
    | Memory
    | Clock
    | Uneven
    | Order
)
