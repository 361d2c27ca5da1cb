"""The orders in which the pieces of a product can be handed to the units of a device.

Sources: CUTLASS, threadblock_swizzle.h (swizzle) and its documentation of split-K; Osama et al.,
Stream-K, arXiv 2301.03598; OpenBLAS, interface/gemm.c (openblas); SCALE-Sim (ws, os, is).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mmviz.core.device.body import Dataflow
from mmviz.core.device.device import Device
from mmviz.errors import InputError

OrderKind = Literal[
    "rows", "columns", "swizzle", "split-k", "stream-k", "persistent", "openblas", "ws", "os", "is"
]
MOST_PARTS = 4_096

_SPLIT = re.compile(r"split-k-([0-9]{1,4})")
_GPU = (
    "rows",
    "columns",
    *(f"swizzle-{n}" for n in (1, 2, 4, 8)),
    *(f"split-k-{n}" for n in (2, 4, 8)),
    "stream-k",
    "persistent",
)
_ORDERS: dict[str, tuple[str, ...]] = {
    "gpu": _GPU,
    "cpu": ("openblas", "rows", "columns"),
    "lanes": ("rows", "columns"),
    "systolic": ("ws", "os", "is"),
}
_DATAFLOWS: dict[str, Dataflow] = {"ws": "ws", "os": "os", "is": "is"}
_ABOUT: dict[str, str] = {
    "rows": "tiles row by row, the next one to whichever unit frees",
    "columns": "tiles column by column, the next one to whichever unit frees",
    "swizzle": "CUTLASS identity swizzle: bands of neighbouring columns, so that strips are reused",
    "split-k": "each tile's k in parts computed side by side; adding the partial products up "
    "is not modelled",
    "stream-k": "all k-steps of all tiles spread evenly, tiles cut where a unit's share ends; "
    "adding the partial products up is not modelled",
    "persistent": "one worker a unit walks every units-th tile",
    "openblas": "one tile a thread, as OpenBLAS parts a product; threads beyond its need idle",
    "ws": "weight-stationary: B sits in the array, A flows through",
    "os": "output-stationary: C grows in the array, A and B flow through",
    "is": "input-stationary: A sits in the array, B flows through",
}


@dataclass(frozen=True, slots=True)
class Order:
    """`number`: swizzle size or parts of k, 0 for orders without one."""

    id: str
    kind: OrderKind
    number: int = 0

    @property
    def about(self) -> str:
        """What it does, in a phrase, with what is not modelled of it."""
        return _ABOUT[self.kind]

    @property
    def dataflow(self) -> Dataflow | None:
        """What sits still in a systolic array; None for the other orders."""
        return _DATAFLOWS.get(self.kind)


_KNOWN: dict[str, Order] = {
    **{f"swizzle-{n}": Order(f"swizzle-{n}", "swizzle", n) for n in (1, 2, 4, 8)},
    "rows": Order("rows", "rows"),
    "columns": Order("columns", "columns"),
    "stream-k": Order("stream-k", "stream-k"),
    "persistent": Order("persistent", "persistent"),
    "openblas": Order("openblas", "openblas"),
    "ws": Order("ws", "ws"),
    "os": Order("os", "os"),
    "is": Order("is", "is"),
}

ROWS = _KNOWN["rows"]


def check_order(text: str) -> Order:
    """The order of that id; `split-k-S` takes any S from 2 to MOST_PARTS. Raises InputError."""
    split = _SPLIT.fullmatch(text)
    if split and 2 <= int(split[1]) <= MOST_PARTS:
        return Order(f"split-k-{int(split[1])}", "split-k", int(split[1]))
    if text in _KNOWN:
        return _KNOWN[text]
    raise InputError(
        f"unknown order {text!r:.60}; known are rows, columns, swizzle-1, swizzle-2, swizzle-4, "
        f"swizzle-8, split-k-S (S from 2 to {MOST_PARTS:,}), stream-k, persistent, openblas, "
        "ws, os, is"
    )


def orders_of(device: Device) -> tuple[str, ...]:
    """Ids to choose from on this device; of `split-k-S`, which takes any S, a few examples."""
    return _ORDERS[device.kind]


def order_for(device: Device, text: str | None = None) -> Order:
    """The order `text` on `device`, or the one it takes unasked: rows; an array its own dataflow.

    Raises InputError for an unknown order and for one that makes no sense on this kind of device.
    """
    if text is None:
        return check_order(device.body.order)
    order = check_order(text)
    if order.id not in orders_of(device) and not (order.kind == "split-k" and device.kind == "gpu"):
        known = ", ".join(orders_of(device))
        raise InputError(f"order {order.id} is not one of {device.name}'s, which are {known}")
    return order
