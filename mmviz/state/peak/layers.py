"""The table of layers: every product of the pass with its cost, below the totals."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from mmviz.core.memory.fit import price_within
from mmviz.core.time.cost import Cost, PassCost
from mmviz.core.time.setup import Setup
from mmviz.state.peak.layer_columns import BATCH, COLUMNS, TIMES, LayerColumn, Line, price_column
from mmviz.state.snapshot import Part
from mmviz.text import N_, Text, own
from mmviz.words.products import role


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """columns: those that have a value in any line. lines: the products in order; totals: above
    them, whatever the order.
    """

    columns: tuple[LayerColumn, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LayersView:
    """product: index of the one looked at."""

    table: Layers
    product: int


def layers_view(cost: PassCost, setup: Setup, product: int) -> LayersView:
    """The view of `Part`. cost: of the setup's pass."""
    return LayersView(_layers(cost, setup), product)


LAYERS = Part(
    "layers",
    lambda derived: (derived.pass_cost, derived.setup, derived.session.product),
    layers_view,
)


@functools.lru_cache(maxsize=2)  # of a list of thousands, whatever product of it is looked at
def _layers(whole: PassCost, setup: Setup) -> Layers:
    """The table of a pass; where there are two kinds with the totals of both."""
    price, seconds, workload = setup.device.price_hour, whole.predicted_s, setup.workload
    lines = tuple(_line(i, cost, seconds, price) for i, cost in enumerate(whole.costs))
    totals = [(Text(N_("the list once")), whole)]
    if workload.has_training:
        other = price_within(replace(setup, training=not setup.training))
        forward, training = (other, whole) if setup.training else (whole, other)
        totals = [(Text(N_("forward pass")), forward), (Text(N_("training pass")), training)]
    columns = list(COLUMNS)
    if not any(line.count > 1 for line in lines):
        columns.remove(TIMES)
    if not any(gemm.stack > 1 for gemm in whole.gemms):
        columns.remove(BATCH)
    if price is not None:
        columns.append(price_column(setup.device.currency, listed=not workload.has_batch))
    above = tuple(Line(name, _total(x), -1, x, x.predicted_s, price) for name, x in totals)
    told = (column for column in columns if column.tells((*above, *lines)))
    return Layers(tuple(told), lines, above)


def _total(cost: PassCost) -> Text:
    """What a line of a total is; one that the device cannot hold says that in place of a time."""
    return Text(N_("total")) if cost.priced.held else cost.basis


def _line(i: int, cost: Cost, whole_s: float | None, price: float | None) -> Line:
    gemm = cost.tiling.gemm
    return Line(own(gemm.name), role(gemm.role), i, cost, whole_s, price)
