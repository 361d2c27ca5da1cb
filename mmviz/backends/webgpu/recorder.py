"""A pass recorded by tickets: which tile came before which, and how long each product took."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Literal

import numpy as np

from mmviz.backends.recorder import Laid, Look, Stamps
from mmviz.backends.webgpu.tickets import Drawn, Steps, Ticketed, drawn
from mmviz.backends.webgpu.work import Group, batches
from mmviz.core.recording.slots import slot_name, slots_of
from mmviz.text import N_, Text

ORDER_ONLY = Text(N_("order only: no GPU clock inside a kernel"))
_BY_GPU = Text(N_("times of whole products by the GPU's own clock"))
_BY_SOFTWARE = Text(N_("times of whole products by the software adapter's own clock"))
_BY_WALL = Text(N_("times of whole products by this computer's clock, launch and wait included"))
_PARTS = N_("a product is handed over in up to {n} parts, one after the other")
_FIRST = Text(N_("of a stack the first product is recorded"))


class WebgpuRecorder:
    """See `recorder.Recorder`."""

    clock: Literal["steps"] = "steps"
    timer_s = None
    order = "rows"

    def __init__(self, work: Drawn, stacked: bool) -> None:
        self._work, self._device = work, work.device
        self._products = {one.group: one for one in work.ticketed.found}
        self._slots = 1
        adapter, timed = self._device.adapter, _BY_WALL
        if adapter.timed:
            timed = _BY_SOFTWARE if adapter.software else _BY_GPU
        parts = 1 if stacked else max(len(one.drawing) for one in work.ticketed.found)
        more = [Text(_PARTS, n=parts)] if parts > 1 else []
        more += [_FIRST] if stacked else []
        self.remarks: tuple[Text, ...] = (ORDER_ONLY, timed, *more)

    @property
    def units(self) -> tuple[Text, ...]:
        """Nobody says where a workgroup ran: those in flight, so many as there were at most."""
        return tuple(map(slot_name, range(self._slots)))

    def laid(self) -> tuple[Laid, ...]:
        """See `recorder.Recorder.laid`."""
        return tuple(map(_laid, self._products.values()))

    def run(self) -> tuple[Stamps, ...]:
        """See `recorder.Recorder.run`; stamps are tickets, from 0 in each product."""
        for one in self._products.values():
            self._device.send(one.tickets, np.zeros((1, one.tickets.cols), np.float32))
        seconds = self._timed(lambda one: one.drawing)
        return tuple(map(self._stamps, self._products.values(), seconds))

    def bare(self) -> tuple[float, ...]:
        """See `recorder.Recorder.bare`."""
        return self._timed(lambda one: one.bare)

    def plain(self) -> tuple[float, ...]:
        """One pass by the fastest of mmviz's own kernels, as WebGPU has no library; () in software,
        where to find it takes longer than to compute.
        """
        if self._device.adapter.software:
            return ()
        ladder = self._work.ladder
        return self._timed(lambda one: ladder.steps(one.shape, one.best)[1])

    def check(self, look: Look, rows: int) -> None:
        """See `recorder.Recorder.check`."""
        for place, group in enumerate(self._work.groups):
            product = self._products.get(place)
            if product is not None:
                self._submit(group, product.sums)
                number = tuple(self._products).index(place)
                look(number, *product.operands(self._device, rows))
            self._submit(group, group.steps)

    def close(self) -> None:
        """See `recorder.Recorder.close`."""
        self._work.close()

    def _timed(self, steps_of: Callable[[Ticketed], Steps]) -> tuple[float, ...]:
        """One pass, these steps for each product; the seconds of each."""
        chosen = {place: steps_of(one) for place, one in self._products.items()}
        seconds = []
        for place, group in enumerate(self._work.groups):
            began = perf_counter()
            self._submit(group, chosen.get(place, group.steps))
            wall = perf_counter() - began
            if place in chosen:
                seconds.append(self._device.clocked() or wall)
        return tuple(seconds)

    def _submit(self, group: Group, steps: Steps) -> None:
        once = Group(group.what, group.layer, steps)
        self._device.submit(*batches([once]))
        self._device.wait()

    def _stamps(self, product: Ticketed, seconds: float) -> Stamps:
        start, end = drawn(self._work, product)
        unit = slots_of(start, end)
        self._slots = max(self._slots, int(unit.max()) + 1)
        return Stamps(
            product.m,
            product.n,
            unit,
            np.full(len(unit), -1),
            start,
            end,
            0,
            2 * len(unit) - 1,
            block=np.arange(len(unit)),
            k0=None if product.whole else product.k0,
            k1=None if product.whole else product.k1,
            wall_s=seconds,
        )


def _laid(product: Ticketed) -> Laid:
    rung, parts = product.rung, len(np.unique(product.k0))
    order = "rows" if parts == 1 else f"split-k-{parts}"
    return Laid((rung.tm, rung.tn), order, parts, k_step=rung.tk)
