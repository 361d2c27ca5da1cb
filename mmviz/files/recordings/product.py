"""What a recording's file says of one product, beside its columns."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from mmviz.core.recording.recording import Beside, Recorded, Spent
from mmviz.core.recording.sampling import MOST_ROWS
from mmviz.core.schedule.trace import Clock
from mmviz.core.shapes.network import MAX_COUNT, MAX_K, check_count
from mmviz.errors import InputError
from mmviz.text import N_, Text

MOST_S = 1e9  # of a time
LEAST_S = 1e-12  # that a product takes: no clock tells less
MOST_STEPS = 1e12
MOST_RUN = 10**12  # tiles, rounds


class Costs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As `core.recording.recording.Spent`."""

    plain_s: float | None = None
    tiled_s: float | None = None
    stamped_s: float | None = None
    rounds: int = 0
    off: tuple[float | None, float | None, float | None] = (None, None, None)


class Around(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As `core.recording.recording.Beside`."""

    others: float | None = None
    stolen: float | None = None
    waited: tuple[float, ...] = ()


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product: how many rows of the columns are its own, and what Recorded and Tiling have.

    units: which list of names. pieces, cores, blocks: whether it has rows in k0 and k1, in core, in
    block; waves: how many it has in wave.
    """

    rows: int
    tile: tuple[int, int]
    k_step: int
    resident: int
    order: str
    units: int = 0
    parts: int = 1
    clock: Clock = "s"
    begun_s: float = 0.0
    wall_s: float | None = None
    packing_s: float = 0.0
    tiles_run: int | None = None
    error: float | None = None
    spent: Costs = Costs()
    placed: bool = True
    walls_s: tuple[float, ...] = ()
    beside: Around = Around()
    off: float | None = None
    pieces: bool = False
    cores: bool = False
    blocks: bool = False
    waves: int = 0


def product_of(one: Recorded, units: int, walls: int) -> Product:
    """What is to be written of it. units: the number of its list of names; walls: how many rounds
    are kept, of more each n-th.
    """
    trace, spent, beside = one.trace, one.spent, one.beside
    step = -(-len(one.walls_s) // walls) or 1
    tiling = trace.tiling
    return Product(
        rows=len(trace),
        tile=tiling.tile,
        k_step=tiling.k_step,
        resident=tiling.resident,
        order=tiling.order.id,
        units=units,
        parts=tiling.parts,
        clock=trace.clock,
        begun_s=one.begun_s,
        wall_s=one.wall_s,
        packing_s=one.packing_s,
        tiles_run=one.tiles_run,
        error=one.error,
        spent=Costs(spent.plain_s, spent.tiled_s, spent.stamped_s, spent.rounds, spent.off),
        placed=one.placed,
        walls_s=one.walls_s[::step],
        beside=Around(beside.others, beside.stolen, beside.waited),
        off=one.off,
        pieces=trace.k0 is not None,
        cores=one.cores is not None,
        blocks=one.blocks is not None,
        waves=0 if trace.wave_rows is None else len(trace.wave_rows),
    )


def check_product(product: Product, lists: int) -> None:
    """Raises InputError, or ValueError for what mmviz never writes. lists: of names there are."""
    spent, beside = product.spent, product.beside
    times = (product.begun_s, product.wall_s, product.packing_s, *product.walls_s)
    shares = (beside.others, beside.stolen, *beside.waited)
    costs = (spent.plain_s, spent.tiled_s, spent.stamped_s)
    check_count(product.k_step, Text(N_("step along k")), MAX_K)
    for side in (*product.tile, product.resident, product.parts):
        check_count(side, Text(N_("tile")), MAX_COUNT)
    if product.rows > MOST_ROWS:
        said = N_("a product has {rows:group} tiles in it; at most {most:group} are read")
        raise InputError(said, rows=product.rows, most=MOST_ROWS)
    if (
        product.rows < 1
        or not 0 <= product.units < lists
        or not 0 <= product.waves <= product.rows
        or not within((*times, *costs, *spent.off, product.error, product.off), MOST_S)
        or any(cost is not None and cost < LEAST_S for cost in (*costs, product.wall_s))
        or not within(shares, 1.0)
        or not 0 <= spent.rounds <= MOST_RUN
        or not product.rows <= (product.tiles_run or product.rows) <= MOST_RUN
    ):
        raise ValueError("no product that ran")


def spent_of(costs: Costs) -> Spent:
    """As the core has it."""
    return Spent(costs.plain_s, costs.tiled_s, costs.stamped_s, costs.rounds, costs.off)


def beside_of(around: Around) -> Beside:
    """As the core has it."""
    return Beside(around.others, around.stolen, around.waited)


def within(values: Iterable[float | None], most: float) -> bool:
    """Whether all that are known are from 0 to `most`."""
    return all(value is None or (math.isfinite(value) and 0 <= value <= most) for value in values)
