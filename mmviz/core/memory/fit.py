"""Whether a pass fits a device's memory, and the largest batch that does."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mmviz.core.memory.needs import Need, Needs, need_of, needs_of, needs_of_pass
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.core.time.cost import PassCost
from mmviz.core.time.price import price, price_gemms
from mmviz.core.time.setup import Setup
from mmviz.core.time.sweep import Points, Sweep, sweep
from mmviz.text import N_, Text

_TIMES = ("seconds", "error", "at_peak", "parts", "causes")


@dataclass(frozen=True, slots=True)
class Fit:
    """What a pass needs beside the bytes the device has; memory None: not known, or nobody asks.

    largest: the largest batch that fits, at most MAX_COUNT, 0 where not even one example does; None
    where there is no memory to ask for or no batch.
    """

    need: Need
    memory: float | None
    largest: int | None

    @property
    def fits(self) -> bool | None:
        """None where it is not known."""
        return None if self.memory is None else self.need.total <= self.memory


@functools.lru_cache(maxsize=8)  # who shows a setup asks in several places
def fit(setup: Setup) -> Fit:
    """Raises InputError for a batch, a tile or an order that cannot be."""
    memory = setup.device.memory
    need, needs = need_of(setup, price(setup)), needs_of_pass(setup)
    if memory is None or needs is None:
        return Fit(need, memory, None)
    return Fit(need, memory, _largest_batch(setup, needs, memory, need.total <= memory))


@functools.lru_cache(maxsize=4)  # compared by identity
def price_within(setup: Setup) -> PassCost:
    """`price`, of which nothing has a time where the device cannot hold the pass.

    What shows or exports a time asks here. Raises InputError.
    """
    return held(price(setup), setup)


def held(found: PassCost, setup: Setup) -> PassCost:
    """The price of a setup's pass, or of some of its products: without times where it does not
    fit, and then its basis says that.
    """
    memory, needed = setup.device.memory, need_of(setup, found).total
    if memory is None or needed <= memory:
        return found
    return found.without_times(too_much(needed, memory))


def too_much(needed: float, memory: float) -> Text:
    """'does not fit: 96.2 GB of 80 GB'."""
    return Text(N_("does not fit: {needed:size} of {memory:size}"), needed=needed, memory=memory)


def sweep_within(points: Points, setup: Setup) -> Sweep:
    """`sweep`, with what every point needs of the memory: one that does not fit has no time."""
    found, memory = sweep(points, setup), setup.device.memory
    needed = needs_of(points, setup.dtype).total + found.workspace
    if memory is None:
        return replace(found, needed=needed)
    fits = needed <= memory
    timed: dict[str, Any] = {name: np.where(fits, getattr(found, name), np.nan) for name in _TIMES}
    return replace(found, needed=needed, fits=fits, memory=memory, **timed)


def _largest_batch(setup: Setup, needs: Needs, memory: float, fits: bool) -> int:
    """What needs no workspace grows by as much with every example; what the rest needs is seen.

    fits: whether the setup's own batch does. Where a chosen split of k comes and goes there may be
    several edges: one of them is found, beyond the own batch where that fits.
    """
    free = memory - float(needs.without_batch[0])
    most = max(0, min(int(free // float(needs.per_example[0])), MAX_COUNT))
    if most == 0 or _fits(setup, most, memory):
        return most
    least = setup.batch if fits else 0
    while most - least > 1:
        middle = (least + most) // 2
        if _fits(setup, middle, memory):
            least = middle
        else:
            most = middle
    return least


def _fits(setup: Setup, batch: int, memory: float) -> bool:
    at = replace(setup, batch=batch)
    return need_of(at, price_gemms(at.gemms(), at)).total <= memory
