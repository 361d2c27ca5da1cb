"""A pass as a list of steps, each a call that is bound to its buffers beforehand.

Shared by those who compute through a library of their own arrays: what is timed is the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from time import perf_counter

from mmviz.backends.base import UNLIMITED, Part, What
from mmviz.backends.learner import Stage
from mmviz.core.device.device import Tile
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One call: to what of which layer it belongs, and how many multiply-adds it computes; stage:
    of a training step.
    """

    what: What
    layer: int
    do: Callable[[], object]
    macs: int = 0
    stage: Stage = "forward"


def by_stage(steps: Iterable[Step]) -> tuple[tuple[Stage, tuple[Callable[[], object], ...]], ...]:
    """Calls that follow each other in one stage, in their order."""
    return tuple(
        (stage, tuple(step.do for step in some))
        for stage, some in groupby(steps, key=attrgetter("stage"))
    )


class StepPass:
    """The part of a `base.Ready` that knows no library. `place` gives it its steps.

    synchronize: waits until all that was asked for is computed.
    """

    paused_s = 0.0
    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(self, synchronize: Callable[[], object]) -> None:
        self._synchronize = synchronize
        self.place(())

    def place(self, steps: Iterable[Step]) -> None:
        """What a pass computes, in order."""
        self._steps = tuple(steps)
        self._calls = tuple(step.do for step in self._steps)
        self._macs = sum(step.macs for step in self._steps)

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between steps only."""
        if budget_s == UNLIMITED:
            self.compute()
            return 1.0
        stop_at, done = perf_counter() + budget_s, 0
        for step in self._steps:
            step.do()
            done += step.macs
            if step.macs and done < self._macs:
                self._synchronize()
                if perf_counter() > stop_at:
                    return done / self._macs
        self._synchronize()
        return 1.0

    def compute(self) -> None:
        """A whole pass, and its end."""
        for call in self._calls:
            call()
        self._synchronize()

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`; steps of the same what and layer in a row are one part."""
        found = []
        for (what, layer), steps in groupby(self._steps, key=attrgetter("what", "layer")):
            found.append(Part(what, layer, self.clocked(*(step.do for step in steps))))
        return tuple(found)

    def clocked(self, *calls: Callable[[], object]) -> float:
        """Seconds of some calls, with the device idle before and after."""
        self._synchronize()
        began = perf_counter()
        for call in calls:
            call()
        self._synchronize()
        return perf_counter() - began

    def tiles(self) -> tuple[Tile | None, ...]:
        """A library does not tell."""
        return ()

    def close(self) -> None:
        """See `base.Ready.close`."""
        self.__dict__.clear()


def checked_bytes(network: Network, batch: int, training: bool) -> int:
    """Bytes of the host's memory a pass on a GPU needs beside the values: copies for the check.

    An output and the largest gradient, which are compared in float64 whatever the dtype.
    """
    pairs = zip(network.widths, network.layers, strict=False)
    largest = max(width * layer.units for width, layer in pairs) if training else 0
    return 8 * (batch * network.layers[-1].outputs + largest)


def checked_products_bytes(products: Products) -> int:
    """The same of a list: one result at a time."""
    return 8 * max(gemm.stack * gemm.m * gemm.n for gemm in products.gemms)
