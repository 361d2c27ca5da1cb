"""What a backend promises that can record: a pass in tiles of its own, each of them stamped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Host
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.workload import Workload
from mmviz.text import Text

Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class How:
    """tile: cells along m and n of each tile, None: chosen for each product. order: one of the
    backend's `recording_orders`, "" for the first. threads: None for as many as it takes unasked.
    pinned: each thread stays on one core, where the system lets it.
    """

    tile: Tile | None = None
    order: str = ""
    threads: int | None = None
    pinned: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Stamps:
    """One product as it ran; a row a tile, or a piece of one, in any order.

    m, n: which tile; unit: who computed it, from 0; core: where it ended, -1 unknown; start_ns,
    end_ns: nanoseconds of one clock for the whole pass, or tickets where there is no clock.
    began_ns, ended_ns: of the whole product, by the same clock. block: the program's own numbers,
    None as rows are. k0, k1: the terms of k, None where every row is a whole tile. packing_s: what
    was prepared beforehand. wall_s: where `began_ns` and `ended_ns` cannot tell it. waited: of
    each unit the share of the time that it was ready and had no core, () where nobody tells.
    """

    m: Ints
    n: Ints
    unit: Ints
    core: Ints
    start_ns: Ints
    end_ns: Ints
    began_ns: int
    ended_ns: int
    block: Ints | None = None
    k0: Ints | None = None
    k1: Ints | None = None
    packing_s: float = 0.0
    wall_s: float | None = None
    waited: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """How a product is laid out for recording. order: the id of the `core.schedule` order that
    deals tiles in this way; parts: pieces of each tile along k; resident: tiles a unit holds at one
    time; k_step: terms of k it goes at a time.
    """

    tile: Tile
    order: str = "rows"
    parts: int = 1
    resident: int = 1
    k_step: int = 1


Look = Callable[[int, Host, Host, Host], None]
"""Sees a product by its number: rows of A [r × k], B [k × n] and the same rows of C [r × n], before
anything else is done with them. They hold until it returns.
"""


class Recorder(Protocol):
    """A workload in place, to be computed in tiles, as often as is asked."""

    remarks: tuple[Text, ...]
    """What is to be known of how it is recorded."""

    @property
    def units(self) -> tuple[Text, ...]:
        """What each unit is really called: 'core 3', 'SM 17'. May be known after a run only."""
        ...

    @property
    def clock(self) -> Literal["s", "steps"]:
        """steps: stamps are tickets, which tell the order alone."""
        ...

    @property
    def timer_s(self) -> float | None:
        """The step of its clock, probed; None for tickets."""
        ...

    @property
    def order(self) -> str:
        """How tiles are handed out, one of `recording_orders`."""
        ...

    def laid(self) -> tuple[Laid, ...]:
        """Of each product of `workload.lower`, in that order; those of the stamps."""
        ...

    def run(self) -> tuple[Stamps, ...]:
        """One pass, recorded: stamps of each product in the order they are computed. Of a product
        that is computed several times, the first time.
        """
        ...

    def bare(self) -> tuple[float, ...]:
        """One pass in the same tiles without a stamp; seconds of each product, as `run` has."""
        ...

    def plain(self) -> tuple[float, ...]:
        """One pass by the library that multiplies at its best, on as many threads or units; seconds
        of each product. () where there is none.
        """
        ...

    def check(self, look: Look, rows: int) -> None:
        """One pass more in the same tiles; after each product `look` sees at most so many rows of
        it, of the first matrix of a stack.
        """
        ...

    def close(self) -> None:
        """Let go of every buffer and thread; nothing may be called afterwards."""
        ...


@runtime_checkable
class Records(Protocol):
    """What a backend has beside `base.Backend` where it records."""

    recording_orders: tuple[str, ...]
    """How it can hand out tiles, the first one unasked."""

    recording_tiles: tuple[Tile, ...]
    """Which it has programs for; (): any can be asked for."""

    def prepare_recording(
        self,
        workload: Workload,
        numbers: Values | Operands,
        dtype: str,
        how: How,
        target: NDArray[np.float32] | None = None,
    ) -> Recorder:
        """Get ready to record: a network on its Values, a list of products on its Operands; a
        `target` [batch × outputs] means training. Raises as `base.Backend.prepare` does, and
        InputError for what of `how` cannot be.
        """
        ...
