"""A pass as a device's model has it, laid out as a recording is, so that both go the same ways."""

from __future__ import annotations

from mmviz.core.memory.fit import price_within
from mmviz.core.recording.recording import Recorded, Recording
from mmviz.core.recording.sampling import sampled
from mmviz.core.schedule.schedule import MAX_TILES, rows_at_most
from mmviz.core.time.cost import Cost
from mmviz.core.time.setup import Setup
from mmviz.core.time.timed import clocked, timed
from mmviz.errors import InputError
from mmviz.text import N_, Text, joined

MODEL = "model"
"""By whom it is: nothing that ran."""


def modelled_pass(setup: Setup) -> Recording:
    """The products one after the other, with the launch before each; their traces are modelled.

    Of a product that is computed several times the first is there, and the next product follows
    the last of them. Raises InputError where there are more tiles than can be drawn.
    """
    priced = price_within(setup)
    costs = priced.costs
    rows = sum(rows_at_most(cost.tiling) for cost in costs)
    if rows > MAX_TILES:
        raise InputError(
            N_(
                "the pass has {rows:group} tiles or pieces of tiles; at most {most:group} can be "
                "drawn: choose larger tiles, a smaller batch or network"
            ),
            rows=rows,
            most=MAX_TILES,
        )
    products, begin = [], 0.0
    for cost in costs:
        one = _product(setup, cost, begin)
        products.append(one)
        begin += cost.tiling.gemm.count * (cost.predicted_s or _lasts(one))
    orders = {cost.tiling.order.id for cost in costs}
    said = joined((costs[0].provenance.basis, costs[0].provenance.beyond), "semicolons")
    if priced.predicted_s is not None:
        told = N_("predicted {time:seconds}{error:beside}: {basis}")
        if len(products) > 1:
            told = N_("predicted for the whole pass {time:seconds}{error:beside}: {basis}")
        said = Text(told, time=priced.predicted_s, error=priced.error, basis=said)
    return Recording(
        of=setup.timed,
        by=MODEL,
        order=orders.pop() if len(orders) == 1 else (setup.order or ""),
        products=tuple(products),
        machine=setup.device.name,
        facts={"device": setup.device.id},
        remarks=(said,) if said else (),
    )


def _product(setup: Setup, cost: Cost, begin: float) -> Recorded:
    device = setup.device
    trace = timed(cost.tiling, clocked(cost, device), setup.dtype, cost.computing_s)
    name = device.noun.one
    units = tuple(Text("{unit} {n:d}", unit=name, n=number) for number in range(cost.tiling.units))
    seconds = trace.clock == "s"
    wall = max(cost.predicted_s or 0.0, trace.duration) if seconds else cost.predicted_s
    begun = begin + (cost.launch_s or 0.0) if seconds else begin
    return sampled(Recorded(trace, units, begun_s=begun, wall_s=wall, off=cost.error))


def _lasts(one: Recorded) -> float:
    """Seconds, where nothing is predicted: at least as long as its tiles take; of steps none."""
    return one.trace.duration if one.trace.clock == "s" else 0.0
