"""A Recording: the schedule of a pass that really ran, product by product.

Its traces are Traces as modelled ones are: whoever draws or compares them asks `provenance` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.provenance import Provenance
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.setup import Pass
from mmviz.core.verdict import Figure, Verdict, judge
from mmviz.text import N_, NOTHING, Text

RECORDED = Provenance("recorded")

CYCLES = N_("times within a block count cycles, as if the clock were 1 GHz")
"""The remark on a recording whose seconds are cycles by a clock that nobody knows."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What recording costs: medians in seconds of one product or pass, interleaved in one run.

    plain_s: one call of the library that multiplies at its best, on as many threads; tiled_s: the
    same tiles without a stamp; stamped_s: with them. rounds: how many of each. off: how far the
    medians of plain, tiled and stamped may each be off by chance, as a share; None: not known.
    None: not measured.
    """

    plain_s: float | None = None
    tiled_s: float | None = None
    stamped_s: float | None = None
    rounds: int = 0
    off: tuple[float | None, float | None, float | None] = (None, None, None)

    @property
    def instrumented(self) -> float | None:
        """stamped / plain - 1: what recording takes, all in all."""
        return _over(self.stamped_s, self.plain_s)

    @property
    def stamping(self) -> float | None:
        """stamped / tiled - 1: what the stamps alone take."""
        return _over(self.stamped_s, self.tiled_s)

    @property
    def beside_plain(self) -> Verdict | None:
        """Whether stamped takes another time than plain, beyond the chance in both medians."""
        return _judged(self.plain_s, self.stamped_s, (self.off[0], self.off[2]))

    @property
    def beside_tiled(self) -> Verdict | None:
        """The same of stamped and tiled."""
        return _judged(self.tiled_s, self.stamped_s, self.off[1:])


@dataclass(frozen=True, slots=True)
class Beside:
    """What went on beside a product while it ran; shares 0 … 1, None or (): not told.

    others: what other programs took of the cores it may use; stolen: what the host of a virtual
    machine took of them. waited: of each unit's time the share it was ready and had no core
    [units].
    """

    others: float | None = None
    stolen: float | None = None
    waited: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """One product as it ran.

    trace: who computed which tile when, from 0 at the first start of this product; its clock is
    "s", or "steps" where only the order is known (a step: a ticket drawn at a start or an end).
    units: what each unit of the trace is really called, 'core 3', 'SM 17'. begun_s: its first start
    from the begin of the pass; wall_s: the whole product by the clock around it, what hands tiles
    out included; packing_s: what was prepared beforehand, and is in neither. cores: the core each
    row ended on, -1 unknown. blocks: each row's number as the program that ran gave it, None: as
    the rows are. tiles_run: how many there were, more than rows where only some were kept. error:
    deviation from float64, see `bench.fingerprint`; None: not checked. placed: whether rows are
    known to be tiles of a product; False: a timeline alone, of a file that does not tell which
    product it is of. Its rows stand in one line, m 0 and n as they start: they may be drawn by unit
    and time, never on a matrix, nor beside a model. walls_s: of all rounds of the same in that run,
    this one too, which tell how much chance there is in wall_s; (): it was the only one. off: of a
    model, the mean absolute error of wall_s as a share of it; None: not known.
    """

    trace: Trace
    units: tuple[Text, ...]
    begun_s: float = 0.0
    wall_s: float | None = None
    packing_s: float = 0.0
    cores: NDArray[np.integer[Any]] | None = None
    blocks: NDArray[np.integer[Any]] | None = None
    tiles_run: int | None = None
    error: float | None = None
    spent: Spent = field(default_factory=Spent)
    placed: bool = True
    walls_s: tuple[float, ...] = ()
    beside: Beside = field(default_factory=Beside)
    off: float | None = None

    @property
    def gemm(self) -> Gemm:
        return self.trace.tiling.gemm

    @property
    def order_only(self) -> bool:
        """Whether the clock is tickets: which tile came before which, not when."""
        return self.trace.clock == "steps"

    @property
    def lasts_s(self) -> float | None:
        """Seconds of the whole product: by the clock around it, else from its first start to its
        last end; None where only the order is known.
        """
        known = self.wall_s is not None or self.order_only
        return self.wall_s if known else self.trace.duration

    @property
    def sampled(self) -> bool:
        """Whether some tiles that ran are not in the trace."""
        return self.tiles_run is not None and self.tiles_run > len(self.trace)


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A pass as it ran, on which machine, by whom, when.

    of: what was computed. by: the id of what recorded it ('cpu-tiles'), or of the format it was
    read from. order: how tiles were handed out ('static', 'pulling', …). products: in the order of
    `of.workload.lower`, the first `len(products)` of it. when: seconds since 1970, None unknown.
    timer_s: the step of its clock: no time is truer. units: threads or SMs there were. machine:
    what it ran on, in a phrase; facts: versions and figures by name; command: what records the same
    again, "" where none does. remarks: what must be known of it. shipped: it came with mmviz.
    """

    of: Pass
    by: str
    order: str
    products: tuple[Recorded, ...]
    machine: str = ""
    when: float | None = None
    timer_s: float | None = None
    command: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Text, ...] = ()
    about: Text = NOTHING
    shipped: bool = False

    @property
    def ran(self) -> bool:
        """Whether it really ran; else its traces are a model's, laid out as a recording is."""
        return self.products[0].trace.provenance.kind == "recorded"

    @property
    def clock_assumed(self) -> bool:
        """Whether its seconds are cycles by a clock that nobody knows."""
        return any(remark.msgid == CYCLES for remark in self.remarks)

    @property
    def tiles(self) -> int:
        """Rows of all products."""
        return sum(len(one.trace) for one in self.products)


def _over(more: float | None, than: float | None) -> float | None:
    return None if more is None or not than else more / than - 1


def _judged(
    before: float | None, after: float | None, off: tuple[float | None, float | None]
) -> Verdict | None:
    if before is None or after is None:
        return None
    return judge(Figure(before, off[0]), Figure(after, off[1]))
