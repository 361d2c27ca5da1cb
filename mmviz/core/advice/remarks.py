"""What is to be said of a shape as it is: which side of the roofline, and what one row more costs.

No change is advised here. The batch from which on a product is compute-bound is solved for and then
checked against `Cost.bound`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mmviz import units
from mmviz.core.advice.sentences import called, percent
from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.time.cost import Cost, PassCost

SEEN = 0.05  # a step of the textbook's smaller than this is not worth a remark
LITTLE = 0.05  # more time than this is no longer called little


@dataclass(frozen=True, slots=True)
class Remark:
    """title, detail: for a card; text: the whole sentence. sound: nothing is to be done."""

    title: str
    detail: str
    text: str
    sound: bool


def bounds(costs: Sequence[Cost], device: Device, batch: int | None) -> tuple[Remark, ...]:
    """The longest product on each side of the roofline; batch None: there is none to change."""
    found: dict[str, Cost] = {}
    for cost in sorted(costs, key=_weight, reverse=True):
        if (side := cost.bound) is not None:
            found.setdefault(side, cost)
    return tuple(_bound(cost, device, batch) for cost in found.values())


def compute_bound_from(cost: Cost) -> int | None:
    """The least batch at which the product is compute-bound, None: no batch makes it so.

    2·b·x·y / (size · (b·x + b·y + x·y)) ≥ ridge, solved for b; x, y: the sides not the batch.
    """
    gemm, ridge = cost.tiling.gemm, cost.ridge
    if ridge is None:
        return None
    side = "k" if gemm.role == "wgrad" else "m"
    x, y = (int(getattr(gemm, other)) for other in "mnk" if other != side)
    size = BYTES[cost.dtype]
    left = 2 * x * y - ridge * size * (x + y)
    if left <= 0 or ridge * size * x * y > left * MAX_COUNT:
        return None
    batch: int = max(1, math.ceil(ridge * size * x * y / left))
    # Rounding of the division may be off by one either way.
    while batch > 1 and _bound_at(cost, side, batch - 1) == "compute":
        batch -= 1
    while _bound_at(cost, side, batch) == "memory":
        batch += 1
    return batch


def at_edge(now: PassCost, more: PassCost, device: Device, batch: int) -> tuple[Remark, ...]:
    """What one example more costs where it opens a row of tiles; `more`: the pass with it.

    By the textbook time goes with the tiles in series; what is predicted is said beside it, with
    the tiles it is predicted for where those are others.
    """
    if device.kind != "gpu":
        return ()
    rowed = [i for i, c in enumerate(now.costs) if c.tiling.gemm.role == "forward"]
    place = max(rowed, key=lambda i: _weight(now.costs[i]))
    old, then = now.costs[place].tiling, more.costs[place].tiling
    fixed = replace(old, gemm=then.gemm)
    textbook = fixed.tiles_in_series / old.tiles_in_series - 1
    b, a = now.predicted_s, more.predicted_s
    if not b or a is None or textbook < SEEN or fixed.tiles == old.tiles:
        return ()
    slower = a / b - 1
    error = a / b * math.hypot(now.error or 0.0, more.error or 0.0)
    first, next_ = units.group(batch), units.group(batch + 1)
    detail = _opened(old, fixed, then, textbook)
    joined = "; predicted are" if _other(old, then) else "; predicted"
    more_time = f"{percent(max(slower, 0.0))} more time"
    if _other(old, then):
        more_time = f"{_whose(then)} and {more_time}"
    if slower > max(error, textbook / 2):
        title = f"batch {first} fits, {next_} does not"
        said = f"{detail}{joined} {more_time} ± {percent(error)}"
        return (Remark(title, said, f"{title}: {said}.", True),)
    if not _other(old, then):
        joined, more_time = ", yet predicted only", f"{more_time}: the rest of the time stays"
    said = f"{detail}{joined} {more_time}"
    if slower < LITTLE:
        title = f"batch {next_} costs little more"
        return (
            Remark(title, said, f"Batch {next_} costs little more than {first}: {said}.", False),
        )
    title = f"batch {next_} costs {percent(slower)} more"
    return (Remark(title, said, f"Batch {next_}: {said}.", False),)


def _other(old: Tiling, then: Tiling) -> bool:
    """Whether another tile, or another split of k, is predicted to be taken."""
    return (old.tile, old.parts) != (then.tile, then.parts)


def _opened(old: Tiling, fixed: Tiling, then: Tiling, textbook: float) -> str:
    """What one row more does to the tiles; said as an if where others are predicted."""
    longer = f"{percent(textbook)} more in series"
    tiles = f"{units.plural(old.tiles, 'tile')} of {called(old.gemm)}"
    if _other(old, then):
        waves = (
            f"{tiles} ({units.shape(*old.tile)}) in {_waves(old)}: with the same tile it would be"
        )
        return f"{waves} {units.group(fixed.tiles)} in {_waves(fixed)}, {longer}"
    opens = (
        f"opens wave {units.group(fixed.waves)}"
        if fixed.waves > old.waves
        else "opens a row of tiles"
    )
    return f"one row more {opens}: {tiles} become {units.group(fixed.tiles)}, {longer}"


def _whose(then: Tiling) -> str:
    """'352 tiles of 96 × 128 in two waves', with the parts where k is split."""
    parts = f" in {units.plural(then.parts, 'part')} each" if then.parts > 1 else ""
    tiles = f"{units.plural(then.tiles, 'tile')} of {units.shape(*then.tile)}"
    return f"{tiles}{parts} in {_waves(then)}"


def _waves(tiling: Tiling) -> str:
    return "one wave" if tiling.waves == 1 else f"{units.group(tiling.waves)} waves"


def _bound(cost: Cost, device: Device, batch: int | None) -> Remark:
    name, ridge = called(cost.tiling.gemm), cost.ridge or 0.0
    numbers = f"intensity {_intensity(cost)}", f"ridge of {_intensity_of(ridge)}"
    if cost.bound == "compute":
        detail = f"{numbers[0]} FLOP/B is above the {numbers[1]} of {device.name}"
        text = f"{name} is compute-bound: {numbers[0]} above the {numbers[1]} of {device.name}."
        return Remark(f"{name} is compute-bound", detail, text, True)
    below = f"{numbers[0]} below the {numbers[1]} of {device.name}"
    if batch is None:
        return Remark(f"{name} is memory-bound", below, f"{name} is memory-bound: {below}.", False)
    enough = compute_bound_from(cost)
    then = (
        "no batch makes it compute-bound"
        if enough is None
        else f"from batch {units.group(enough)} on it is compute-bound"
    )
    at = f"{name} is memory-bound at batch {units.group(batch)}"
    return Remark(f"{name} is memory-bound", f"{below}; {then}", f"{at} ({below}); {then}.", False)


def _bound_at(cost: Cost, side: str, batch: int) -> str | None:
    other: dict[str, Any] = {side: batch}
    gemm = replace(cost.tiling.gemm, **other)
    return replace(cost, tiling=replace(cost.tiling, gemm=gemm)).bound


def _weight(cost: Cost) -> float:
    """What a product counts for: its time, or where none is known its FLOP."""
    gemm = cost.tiling.gemm
    return gemm.total_flop if cost.predicted_s is None else gemm.count * cost.predicted_s


def _intensity(cost: Cost) -> str:
    return _intensity_of(cost.intensity)


def _intensity_of(value: float) -> str:
    """Whole numbers from 10 on: '1 187'."""
    return units.group(round(value)) if value >= 10 else units.sig(value, 2)
