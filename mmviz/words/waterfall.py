"""Where the peak goes, said: what most of the time goes to, and why a product loses it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import assert_never

from mmviz.core.device.body import Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import Device
from mmviz.core.schedule.systolic import sides
from mmviz.core.time.cost import LOSSES, Cost, PassCost
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words.cost import goes_to
from mmviz.words.cost import loss as loss_name
from mmviz.words.products import titled
from mmviz.words.roofline import apart

SEEN = 5e-4  # of the peak: a smaller loss is a quiet line


def sentence_of(cost: Cost, device: Device) -> Text:
    """What most of the time goes to: '50.2 % of the time goes to wave quantization: 8 tiles …'."""
    limiter, whole = cost.limiter, cost.predicted_s
    if limiter is None or not whole:
        return NOTHING
    share = _part(cost, limiter) / whole
    if limiter == "peak":
        peak = N_("{share:percent} of the time is arithmetic at the peak{rest}.")
        return Text(peak, share=share, rest=_rest(cost))
    return Text(
        N_("{share:percent} of the time goes to {loss}: {cause}."),
        share=share,
        loss=goes_to(limiter),
        cause=cause(cost, device, limiter),
    )


def pass_sentence(cost: PassCost) -> Text:
    """The same of a pass, with the product that has most of it."""
    limiter, whole = cost.limiter, cost.predicted_s
    if limiter is None or not whole:
        return NOTHING
    share, where = _part(cost, limiter) / whole, NOTHING
    if len(cost.costs) > 1:
        most = max(cost.costs, key=lambda one: one.tiling.gemm.count * _part(one, limiter))
        gemm = most.tiling.gemm
        where = Text(
            N_(", {share:percent} in {product}"),
            share=gemm.count * _part(most, limiter) / whole,
            product=titled(gemm.name, gemm.role),
        )
    if limiter == "peak":
        peak = N_("{share:percent} of the time is arithmetic at the peak{where}{rest}.")
        return Text(peak, share=share, where=where, rest=_rest(cost))
    goes = N_("{share:percent} of the time goes to {loss}{where}.")
    return Text(goes, share=share, loss=goes_to(limiter), where=where)


def cause(cost: Cost, device: Device, loss: str) -> Text:
    """Why this product loses time to `loss`, in a phrase with its figures."""
    tiling, gemm = cost.tiling, cost.tiling.gemm
    if loss == "tile":
        grid = tiling.tiles_m * tiling.tile[0], tiling.tiles_n * tiling.tile[1]
        if device.array is not None:  # a fold past the edge of k lasts as long as any
            said = N_("{sides:shape} multiplications are computed as {grid:shape}")
            deep = tiling.k_steps * tiling.k_step
            return Text(said, sides=(gemm.m, gemm.n, gemm.k), grid=(*grid, deep))
        said = N_("{cells:shape} cells are computed as {grid:shape}")
        return Text(said, cells=(gemm.m, gemm.n), grid=grid)
    if loss == "wave":
        return _idling(cost, device)
    if loss == "alignment":
        return Text(N_("rows do not begin at multiples of 16 bytes"))
    if loss == "memory":
        has, needs = apart(cost.intensity, cost.ridge or math.inf)
        moved = Text(N_("{bytes:size} for {intensity} FLOP/B"), bytes=cost.bytes, intensity=has)
        if cost.ridge is None:
            return moved
        enough = Text(N_("{ridge} are needed to be compute-bound"), ridge=needs)
        return joined((moved, enough), "commas")
    if loss == "kernel":
        return _kernel(cost, device)
    if loss == "learned":
        return _learned(cost, device)
    said = N_("{launch:seconds} for {computing:seconds} of computing")
    if gemm.group:  # each bears it by its computing
        said = N_("{launch:seconds} of its group's launch for {computing:seconds} of computing")
    return Text(said, launch=(cost.losses or (0.0,))[-1], computing=cost.computing_s or 0.0)


def _idling(cost: Cost, device: Device) -> Text:
    """'9 tiles on 8 SMs, the busiest computes 2, even were 1.12'."""
    tiling = cost.tiling
    msgid = P_("{n:group} tile", "{n:group} tiles")
    if tiling.parts > 1:
        msgid = P_("{n:group} part of tile", "{n:group} parts of tiles")
    pieces, every = Text(msgid, n=tiling.pieces), device.counts(tiling.units)
    if tiling.gemm.group:
        said = N_("{pieces}, which fill the waves together with those of their group, on {units}")
        return Text(said, pieces=pieces, units=every)
    if tiling.pieces <= tiling.units:
        return Text(N_("{pieces} for {units}"), pieces=pieces, units=every)
    return Text(
        N_("{pieces} on {units}, the busiest computes {most:group}, even were {even:sig}"),
        pieces=pieces,
        units=every,
        most=tiling.tiles_in_series,
        even=tiling.pieces / tiling.units,
    )


def _kernel(cost: Cost, device: Device) -> Text:
    match device.body:
        case Gpu():
            said = N_("measured kernels stay so far below what tiles and memory allow")
        case Cpu():
            said = N_("this machine's products stay so far below what threads and memory allow")
        case Systolic(array=array, double_buffered=True) if _through(cost) < array[0]:
            said = N_("too little flows through in a fold to hide the loading of the next one")
        case Systolic():
            said = N_("the array fills and drains")
        case Lanes():
            return NOTHING
        case _:
            assert_never(device.body)
    return Text(said)


def _learned(cost: Cost, device: Device) -> Text:
    if isinstance(device.body, Lanes) or not cost.losses:
        return NOTHING
    lost = cost.losses[LOSSES.index("learned")]
    if lost < 0:
        return Text(N_("products like this one were timed quicker than all causes explain"))
    if lost > 0:
        return Text(N_("products like this one were timed slower than all causes explain"))
    return Text(N_("nothing was learned beyond what has a cause"))


def _through(cost: Cost) -> int:
    """How many elements pass each multiplier of an array in a fold."""
    dataflow = cost.tiling.order.dataflow
    return 1 if dataflow is None else sides(cost.tiling.gemm, dataflow)[2]


def about(cost: Cost, device: Device, step: str) -> Text:
    """What a line of the waterfall is: of the peak, or the cause of a loss."""
    if step == "peak":
        every = Text(N_("every {unit} multiplies and adds all the time"), unit=device.noun.one)
        published = device.peak(cost.dtype)
        if not published or not cost.peak or published == cost.peak:
            return every
        faster = Text(
            N_("{times:ratio} the {rate:rate} published, at the clock its units are seen to run"),
            times=cost.peak / published,
            rate=published,
        )
        return joined((every, faster), "semicolons")
    return cause(cost, device, step)


def loss_tip(loss: str, lost: float, whole: float) -> Text:
    """'wave quantization: 12.0 µs, 50.2 % of the time'; a loss below 0 is gained."""
    said = N_("{loss}: {time:seconds}, {share:percent} of the time")
    if lost < 0:
        said = N_("{loss}: {time:seconds}, {share:percent} of the time gained")
    return Text(said, loss=loss_name(loss), time=abs(lost), share=abs(lost) / whole)


def unknown(cost: Cost, device: Device) -> Text:
    """Why no time is predicted."""
    if device.missing:  # it can be had, and beside it stands how
        return Text(N_("{none} until this machine is calibrated"), none=None)
    return Text(N_("{none}: {why}"), none=None, why=cost.basis)


def _rest(cost: Cost | PassCost) -> Text:
    """What most of the rest goes to, where most of the time is arithmetic."""
    losses, whole = cost.losses or (), cost.predicted_s or 1.0
    most = max(losses, default=0.0)
    if most < SEEN * whole:
        return NOTHING
    return Text(
        N_("; most of the rest, {share:percent}, goes to {loss}"),
        share=most / whole,
        loss=goes_to(LOSSES[losses.index(most)]),
    )


def _part(cost: Cost | PassCost, part: str) -> float:
    """Seconds of it: at the peak, or lost."""
    if part == "peak":
        return cost.at_peak_s or 0.0
    losses: Sequence[float] = cost.losses or ()
    return losses[LOSSES.index(part)] if losses else 0.0
