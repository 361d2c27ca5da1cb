"""The orders there are, by id and by device."""

from __future__ import annotations

from mmviz.core.device.device import Device
from mmviz.core.schedule.dataflows import InputStationary, OutputStationary, WeightStationary
from mmviz.core.schedule.openblas import OpenBlas
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.splitk import SplitK
from mmviz.core.schedule.streamk import StreamK
from mmviz.core.schedule.whole_tiles import ColumnOrder, Persistent, RowOrder, Swizzle
from mmviz.errors import InputError
from mmviz.text import N_, joined, own

ORDERS: tuple[type[Order], ...] = (
    RowOrder,
    ColumnOrder,
    Swizzle,
    SplitK,
    StreamK,
    Persistent,
    OpenBlas,
    WeightStationary,
    OutputStationary,
    InputStationary,
)


def check_order(text: str) -> Order:
    """The order of that id; raises InputError."""
    for kind in ORDERS:
        if (order := kind.parse(text)) is not None:
            return order
    known = joined([kind.ids() for kind in ORDERS], "commas")
    raise InputError(N_("unknown order {order!r:.60}; known are {known}"), order=text, known=known)


def orders_of(device: Device) -> tuple[str, ...]:
    """Ids to choose from on this device, first those that cut tiles as only such a device does."""
    fit = [kind for kind in ORDERS if isinstance(device.body, kind.bodies)]
    fit.sort(key=lambda kind: not kind.own_tile)
    return tuple(order.id for kind in fit for order in kind.listed())


def order_for(device: Device, text: str | None = None) -> Order:
    """The order `text` on `device`, or the one it takes unasked: rows; an array its own dataflow.

    Raises InputError for an unknown order and for one that makes no sense on this kind of device.
    """
    order = check_order(device.body.order if text is None else text)
    if not isinstance(device.body, order.bodies):
        raise InputError(
            N_("order {order} is not one of {device}'s, which are {known}"),
            order=order.id,
            device=own(device.name),
            known=", ".join(orders_of(device)),
        )
    return order
