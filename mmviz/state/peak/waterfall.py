"""Where the peak goes: what is left of it after each loss, as lines and one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import LOSS_NAMES, LOSSES, Cost, PassCost
from mmviz.state.derived import Derived

TERA, GIGA = ("TFLOP/s", 1e12), ("GFLOP/s", 1e9)
_KERNEL = {
    "gpu": "measured kernels stay so far below what tiles and memory allow",
    "cpu": "this machine's products stay so far below what threads and memory allow",
    "systolic": "the array fills and drains",
    "lanes": "",
}
SEEN = 5e-4  # of the peak: a smaller loss is a quiet line


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the waterfall. rate: FLOP/s that are left after it; lost: by it, of the peak.

    text: the rate as shown. A loss below 0 is a gain: caches can be faster than the memory.
    """

    id: str
    name: str
    rate: float
    lost: float
    text: str
    tip: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """steps: the peak, then each loss; empty where no time is predicted, and `problem` says why.

    rate: of the prediction, FLOP/s; rate_text: as shown; time_text: '84.0 µs ± 5.9 %'; basis: what
    it rests on; sentence: what most of the time goes to; price: of a million passes, "" where the
    device has none or one product alone is shown.
    """

    title: str
    unit: str
    peak: float
    steps: tuple[Step, ...]
    rate: float
    rate_text: str
    time_text: str
    basis: str
    sentence: str
    problem: str = ""
    price: str = ""


def waterfall(derived: Derived, whole: bool = False) -> Waterfall:
    """Of the product looked at, or of the whole pass."""
    device, session = derived.device, derived.session
    cost = derived.pass_cost if whole else derived.cost
    basis, peak = derived.cost.basis, derived.cost.peak
    listed = derived.gemm.role == "product"
    of = ("the list once" if listed else "whole pass") if whole else _title(derived.gemm)
    title = f"{of} in {session.dtype} on {device.name}"
    losses, at_peak = cost.losses, cost.at_peak_s
    if losses is None or at_peak is None or peak is None or not cost.predicted_s:
        return Waterfall(title, "", 0.0, (), 0.0, "", "", basis, "", unknown(derived))
    flop = cost.flop if isinstance(cost, PassCost) else cost.tiling.gemm.flop
    name, factor = unit_for(peak)
    top, tip = units.sig(peak / factor), _about(derived, "peak")
    steps = [Step("peak", f"peak, {name}", peak, 0.0, top, tip)]
    seconds = at_peak
    for id, lost in zip(LOSSES, losses, strict=True):
        before, seconds = steps[-1].rate, seconds + lost
        rate = flop / seconds
        share = f"{units.seconds(abs(lost))}, {units.percent(abs(lost) / cost.predicted_s)}"
        tip = f"{LOSS_NAMES[id]}: {share} of the time{' gained' if lost < 0 else ''}"
        told = "" if whole else f"\n{_about(derived, id)}"
        gone = (before - rate) / peak
        text = units.sig(rate / factor)
        steps.append(Step(id, LOSS_NAMES[id], rate, gone, text, f"{tip}{told}".rstrip()))
    rate = flop / cost.predicted_s
    time = f"{units.seconds(cost.predicted_s)} {units.plus_minus(cost.error)}"
    sentence = pass_sentence(derived.pass_cost) if whole else sentence_of(derived.cost, device)
    shown = units.sig(rate / factor)
    price = price_text(derived) if whole else ""
    found = Waterfall(title, name, peak, tuple(steps), rate, shown, time, basis, sentence)
    return replace(found, price=price)


def price_text(derived: Derived) -> str:
    """'A million passes cost 0.108 USD.' at the device's price per hour, "" where it has none."""
    price = derived.pass_cost.price(derived.device)
    if price is None:
        return ""
    what = "lists" if derived.gemm.role == "product" else "passes"
    return f"A million {what} cost {units.sig(price)} {derived.device.currency}".rstrip() + "."


def unit_for(peak: float) -> tuple[str, float]:
    """The unit all lines are shown in, and FLOP/s in one of it."""
    return TERA if peak >= TERA[1] else GIGA


def sentence_of(cost: Cost, device: Device) -> str:
    """What most of the time goes to: '50.2 % of the time goes to wave quantization: 8 tiles …'."""
    limiter = cost.limiter
    if limiter is None or cost.losses is None or not cost.predicted_s:
        return ""
    share = _share(limiter, cost.at_peak_s, cost.losses, cost.predicted_s)
    if limiter == "peak":
        return f"{share} of the time is arithmetic at the peak{_rest(cost)}."
    return f"{share} of the time goes to {_goes_to(limiter)}: {cause(cost, device, limiter)}."


def pass_sentence(cost: PassCost) -> str:
    """The same of a pass, with the product that has most of it."""
    limiter, losses, whole = cost.limiter, cost.losses, cost.predicted_s
    if limiter is None or losses is None or not whole:
        return ""
    share = _share(limiter, cost.at_peak_s, losses, whole)
    most = max(cost.costs, key=lambda one: one.tiling.gemm.count * _part(one, limiter))
    gemm = most.tiling.gemm
    of = units.percent(gemm.count * _part(most, limiter) / whole)
    where = f", {of} in {_title(gemm)}" if len(cost.costs) > 1 else ""
    if limiter == "peak":
        return f"{share} of the time is arithmetic at the peak{where}{_rest(cost)}."
    return f"{share} of the time goes to {_goes_to(limiter)}{where}."


def cause(cost: Cost, device: Device, loss: str) -> str:
    """Why this product loses time to `loss`, in a phrase with its figures."""
    tiling, gemm = cost.tiling, cost.tiling.gemm
    unit, pieces = device.unit, "parts of tiles" if tiling.parts > 1 else "tiles"
    if loss == "tile":
        grid = units.shape(tiling.tiles_m * tiling.tile[0], tiling.tiles_n * tiling.tile[1])
        return f"{units.shape(gemm.m, gemm.n)} cells are computed as {grid}"
    if loss == "wave":
        many = units.group(tiling.pieces)
        pieces = pieces if tiling.pieces > 1 else pieces.removesuffix("s")
        if tiling.pieces <= tiling.units:
            return f"{many} {pieces} for {units.plural(tiling.units, unit)}"
        even = units.sig(tiling.pieces / tiling.units)
        busiest = f"the busiest computes {units.group(tiling.tiles_in_series)}"
        return f"{many} {pieces} on {units.plural(tiling.units, unit)}, {busiest}, even were {even}"
    if loss == "alignment":
        return "rows do not begin at multiples of 16 bytes"
    if loss == "memory":
        ridge = cost.ridge
        known = "" if ridge is None else f", {units.sig(ridge)} are needed to be compute-bound"
        return f"{units.size(cost.bytes)} for {units.sig(cost.intensity)} FLOP/B{known}"
    if loss == "kernel":
        return _KERNEL[device.kind]
    computing = units.seconds(cost.computing_s or 0.0)
    return f"{units.seconds((cost.losses or (0.0,))[-1])} for {computing} of computing"


def _about(derived: Derived, step: str) -> str:
    if step == "peak":
        return f"every {derived.device.unit} multiplies and adds all the time"
    return cause(derived.cost, derived.device, step)


def unknown(derived: Derived) -> str:
    """Why no time is predicted."""
    if derived.device.missing:  # it can be had, and beside it stands how
        return f"{units.NO_DATA} until this machine is calibrated"
    return f"{units.NO_DATA}: {derived.cost.basis}"


def _rest(cost: Cost | PassCost) -> str:
    """What most of the rest goes to, where most of the time is arithmetic."""
    losses, whole = cost.losses or (), cost.predicted_s or 1.0
    most = max(losses, default=0.0)
    if most < SEEN * whole:
        return ""
    what = _goes_to(LOSSES[losses.index(most)])
    return f"; most of the rest, {units.percent(most / whole)}, goes to {what}"


def _share(part: str, at_peak: float | None, losses: Sequence[float], whole: float) -> str:
    lost = at_peak or 0.0 if part == "peak" else losses[LOSSES.index(part)]
    return units.percent(lost / whole)


def _part(cost: Cost, part: str) -> float:
    if part == "peak":
        return cost.at_peak_s or 0.0
    return cost.losses[LOSSES.index(part)] if cost.losses is not None else 0.0


def _goes_to(loss: str) -> str:
    return "waiting for memory" if loss == "memory" else LOSS_NAMES[loss]


def _title(gemm: Gemm) -> str:
    plain = gemm.role in ("forward", "product")
    return gemm.name if plain else f"{gemm.name} · {gemm.role}"
