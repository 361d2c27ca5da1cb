"""A tiling on a device -> its Trace, or how long that lasts; its order knows both."""

from __future__ import annotations

from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.errors import InputError
from mmviz.text import N_, own

MAX_TILES = 8_388_608  # 2**23: above, a trace would not fit the window's memory and time


def schedule(tiling: Tiling, device: Device, dtype: str) -> Trace:
    """The schedule of the tiling's order; modelled.

    Tiles that share a unit share its speed. An edge tile lasts as long as a full one. What split-K
    and stream-K take to add their partial products up is not modelled. Raises InputError above
    MAX_TILES.
    """
    check_size(tiling, device)
    return tiling.order.trace(tiling, device, dtype)


def least_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """The duration of the schedule, without building it, and its clock."""
    return tiling.order.duration(tiling, device, dtype)


def busy_share(tiling: Tiling, trace: Trace | None) -> float:
    """Share of the units' time in which they compute, 0 … 1."""
    if trace is None:
        return tiling.wave_efficiency
    if trace.provenance.kind == "modelled" and trace.k0 is None and trace.wave_rows is None:
        return tiling.wave_efficiency  # the closed form, without a look at the rows
    return trace.efficiency


def check_size(tiling: Tiling, device: Device) -> None:
    """Raise InputError where a trace would have more than MAX_TILES rows."""
    rows = rows_at_most(tiling)
    if rows > MAX_TILES:
        raise InputError(
            N_(
                "{product} has {rows:group} {what} on {device}; at most {most:group} can be drawn: "
                "choose larger tiles, a smaller batch or another device"
            ),
            product=own(tiling.gemm.name),
            rows=rows,
            what=tiling.order.rows_text(tiling),
            device=own(device.name),
            most=MAX_TILES,
        )


def rows_at_most(tiling: Tiling) -> int:
    """Rows of the tiling's trace: tiles, parts of them or folds; an upper bound for stream-K."""
    return tiling.order.rows_at_most(tiling)
