"""Quantities of the schedule: tiles, waves, steps, units. They are modelled."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mmviz.core.schedule.deal import tile_folds
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.reuse import Traffic, traffic
from mmviz.core.schedule.schedule import busy_share, least_time
from mmviz.core.schedule.systolic import Folds, activity, sides
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import COMPUTING, DONE, WAITING
from mmviz.core.time.timed import clocked
from mmviz.state.lessons.here import Here, NoData, Value
from mmviz.state.lessons.quantities.quantity import Arguments, Quantity, first, whole
from mmviz.state.lessons.quantities.shapes import MOST_CLICKED
from mmviz.text import N_


def _tiling(here: Here, arguments: Arguments = ()) -> Tiling:
    return here.cost(first(arguments)).tiling


def _wave(here: Here, arguments: Arguments) -> int:
    waves = here.trace.waves
    named = first(arguments)
    number = waves if named == "last" else whole(named)
    if not 1 <= number <= waves:
        raise NoData(N_("there is no wave {n}"), n=number)
    return number


def _wave_tiles(here: Here, arguments: Arguments) -> Value:
    rows = here.trace.tiles_of_wave(_wave(here, arguments))
    return int(rows.stop - rows.start)


def _idle_units(here: Here, arguments: Arguments) -> Value:
    """Units that compute nothing of a wave, by their number."""
    rows = here.trace.tiles_of_wave(_wave(here, arguments))
    units = here.trace.tiling.units
    return frozenset(range(units)) - frozenset(np.unique(here.trace.units.of(rows)).tolist())


def _steps(here: Here, _arguments: Arguments) -> Value:
    """Of the pass, one product after the other; where there are no seconds, or on an array."""
    total = 0.0
    device, dtype = here.setup.device, here.setup.dtype
    for cost in here.pass_cost.costs:
        time, clock = least_time(cost.tiling, clocked(cost, device), dtype)
        if clock != "steps":
            raise NoData(N_("{device} goes by seconds, not by steps"), device=device.name)
        total += cost.tiling.gemm.count * time
    return int(total) if total == int(total) else total


def _busy(here: Here, _arguments: Arguments) -> Value:
    """Of all units over the pass, products by the time they take."""
    busy = total = 0.0
    device, dtype = here.setup.device, here.setup.dtype
    for cost in here.pass_cost.costs:
        time = least_time(cost.tiling, clocked(cost, device), dtype)[0] * cost.tiling.gemm.count
        trace = here.trace if cost is here.cost() else None
        if trace is None and cost.tiling.order.even:
            trace = here.trace_of(cost)
        busy += time * busy_share(cost.tiling, trace)
        total += time
    return busy / total


def _cells_now(here: Here, state: int) -> Value:
    """Cells whose tile is in a state where the picture stands."""
    gemm = here.gemm()
    if gemm.m * gemm.n > MOST_CLICKED:
        raise NoData(N_("more than {most:group} cells"), most=MOST_CLICKED)
    tm, tn = here.trace.tiling.tile
    states = here.frame.state().repeat(tm, axis=0).repeat(tn, axis=1)[: gemm.m, : gemm.n]
    return _places(states == state)


def _places(mask: NDArray[np.bool_]) -> frozenset[tuple[int, int]]:
    rows, columns = np.nonzero(mask)
    return frozenset(zip(rows.tolist(), columns.tolist(), strict=True))


def _edge(here: Here, side: int) -> Value:
    """Rows or columns of the last tile that are wanted."""
    tiling = _tiling(here)
    whole_side = (tiling.gemm.m, tiling.gemm.n)[side]
    return whole_side - (-(-whole_side // tiling.tile[side]) - 1) * tiling.tile[side]


def _traffic(here: Here) -> Traffic:
    return traffic(here.trace)


def _array(here: Here) -> tuple[int, int]:
    array = here.setup.device.array
    if array is None:
        raise NoData(N_("{device} is no systolic array"), device=here.setup.device.name)
    return array


def _order(here: Here) -> Order:
    return _tiling(here).order


def _folds(here: Here, named: str = "") -> Folds:
    return tile_folds(here.cost(named).tiling, here.setup.device)


def _mults_at(here: Here, arguments: Arguments) -> Value:
    """Multipliers at work in a cycle of the first fold, from 1; load+1: the first with data."""
    found, array, flow = _folds(here), _array(here), _order(here).dataflow
    assert flow is not None  # _folds looked
    named = arguments[0].replace(" ", "")
    loading = 0 if flow == "os" else array[0]
    cycle = loading + whole(named[5:]) if named.startswith("load+") else whole(named)
    if not 1 <= cycle <= found.cycles_per_fold:
        raise NoData(N_("there is no cycle {n}"), n=cycle)
    return int(activity(array, flow, here.gemm(), 0, cycle - 1).active.sum())


def _mult_share(here: Here, arguments: Arguments) -> Value:
    """Multiplications over what the multipliers could have done in the cycles."""
    (rows, columns), gemm = _array(here), here.gemm(first(arguments))
    cycles = _folds(here, first(arguments)).cycles
    return gemm.m * gemm.n * gemm.k / (cycles * rows * columns)


def _array_padding(here: Here, _arguments: Arguments) -> Value:
    """Rows and columns of the array that hold nothing in the last folds."""
    (rows, columns), flow = _array(here), _order(here).dataflow
    if flow is None:
        raise NoData(N_("{device} is no systolic array"), device=here.setup.device.name)
    along_rows, along_columns, _ = sides(here.gemm(), flow)
    return -along_rows % rows + -along_columns % columns


def _padded(here: Here, _arguments: Arguments) -> Value:
    """Cells computed and not wanted, as a share of those computed."""
    return 1.0 - _tiling(here).tile_efficiency


SCHEDULE: Mapping[str, Quantity] = {
    "tile_m": Quantity(lambda h, _: _tiling(h).tile[0], "modelled", "rows of a tile"),
    "tile_n": Quantity(lambda h, _: _tiling(h).tile[1], "modelled", "columns of a tile"),
    "tiles": Quantity(lambda h, a: _tiling(h, a).tiles, "modelled", "tiles", most=1),
    "parts": Quantity(
        lambda h, a: _tiling(h, a).parts,
        "modelled",
        "parts each tile is cut into along k, 1 for a whole one",
        most=1,
    ),
    "pieces": Quantity(
        lambda h, a: _tiling(h, a).pieces, "modelled", "tiles, or the parts of all of them", most=1
    ),
    "tiles_m": Quantity(lambda h, _: _tiling(h).tiles_m, "modelled", "tiles down"),
    "tiles_n": Quantity(lambda h, _: _tiling(h).tiles_n, "modelled", "tiles across"),
    "edge_rows": Quantity(
        lambda h, _: _edge(h, 0), "computed", "rows of the last tile that are wanted"
    ),
    "edge_cols": Quantity(
        lambda h, _: _edge(h, 1), "computed", "columns of the last tile that are wanted"
    ),
    "padded_share": Quantity(
        _padded, "computed", "cells past the edge, of all that are computed", "%"
    ),
    "units": Quantity(lambda h, _: h.setup.device.units, "modelled", "units of the device"),
    "slots": Quantity(lambda h, _: _tiling(h).slots, "modelled", "tiles at the same time"),
    "resident": Quantity(lambda h, _: _tiling(h).resident, "modelled", "tiles on one unit"),
    "waves": Quantity(lambda h, _: h.trace.waves, "modelled", "waves of the product"),
    "wave_tiles": Quantity(_wave_tiles, "modelled", "tiles of wave 1 … or last", "", 1, 1),
    "idle_units": Quantity(
        _idle_units, "modelled", "units without a tile in wave 1 … or last", "unit", 1, 1, "units"
    ),
    "busy_share": Quantity(_busy, "modelled", "of the units' time, in which they compute", "%"),
    "wave_efficiency": Quantity(
        lambda h, a: _tiling(h, a).wave_efficiency,
        "modelled",
        "tiles over what the units could do in the time",
        "%",
        most=1,
    ),
    "tile_efficiency": Quantity(
        lambda h, a: _tiling(h, a).tile_efficiency,
        "modelled",
        "cells wanted over cells computed",
        "%",
        most=1,
    ),
    "steps": Quantity(_steps, "modelled", "steps, k-steps or cycles of the pass"),
    "cells_now": Quantity(
        lambda h, _: _cells_now(h, COMPUTING),
        "modelled",
        "cells that are computed where the picture stands",
        "cell",
        on="output",
    ),
    "cells_done": Quantity(
        lambda h, _: _cells_now(h, DONE), "modelled", "cells done there", "cell", on="output"
    ),
    "cells_waiting": Quantity(
        lambda h, _: _cells_now(h, WAITING), "modelled", "cells that wait", "cell", on="output"
    ),
    "loads": Quantity(
        lambda h, _: _traffic(h).scheduled, "modelled", "elements of A and B loaded by tiles"
    ),
    "loads_untiled": Quantity(
        lambda h, _: _traffic(h).untiled, "computed", "elements loaded cell by cell"
    ),
    "array_rows": Quantity(lambda h, _: _array(h)[0], "modelled", "rows of an array"),
    "array_cols": Quantity(lambda h, _: _array(h)[1], "modelled", "columns of an array"),
    "folds": Quantity(lambda h, a: _folds(h, first(a)).folds, "modelled", "folds", most=1),
    "cycles": Quantity(
        lambda h, a: _folds(h, first(a)).cycles, "modelled", "cycles on one array", most=1
    ),
    "mults_at": Quantity(
        _mults_at, "modelled", "multipliers at work in a cycle from 1, or load+1", "", 1, 1
    ),
    "array_padding": Quantity(
        _array_padding, "modelled", "rows and columns of an array that are empty at the edges"
    ),
    "mult_share": Quantity(_mult_share, "modelled", "multiplier-cycles that are work", "%", most=1),
}
