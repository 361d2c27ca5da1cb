"""What lies ready on an open GPU: groups of dispatches, which together are a pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Part, What
from mmviz.backends.caches import UNTOLD, last_level_cache
from mmviz.backends.learner import Stage
from mmviz.backends.webgpu import cells, layers
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.ladder import Ladder
from mmviz.backends.webgpu.matrix import Matrix
from mmviz.backends.webgpu.products import Rung
from mmviz.core.device.device import Tile
from mmviz.text import Text

LARGEST_CACHE = 96 * 1024**2
"""Bytes, of the GPUs people have: an RTX 5090's L2. WebGPU tells nobody what its GPU has."""

_AT_ONCE = 1024  # dispatches in one submission


@dataclass(frozen=True, slots=True)
class Group:
    """Dispatches that are one part of a pass, computed `times` over; stage: of a training step."""

    what: What
    layer: int
    steps: tuple[Step, ...]
    times: int = 1
    stage: Stage = "forward"


class Work:
    """See `base.Ready`. Data stay on the GPU, so a pass is computing alone.

    Whoever is derived from it fills `groups`, in the order they are computed, `rungs`, one for each
    product, `sources`, the matrices a pass takes from the host, and `results`, those it gives back.
    """

    paused_s = 0.0

    def __init__(self, device: Device, dtype: str, variant: str) -> None:
        self.device, self.dtype = device, dtype
        self.groups: list[Group] = []
        self.rungs: list[Rung] = []
        self.sources: list[tuple[Matrix, NDArray[Any]]] = []
        self.results: list[Matrix] = []
        self._flushed: tuple[Step, ...] = ()
        device.check(dtype)
        self.ladder = Ladder(device, dtype, variant)

    def ready(self) -> None:
        """All groups are there."""
        self._batches = tuple(batches(self.groups))
        self._flop = sum(step.flop * group.times for group in self.groups for step in group.steps)
        self.remarks: tuple[Text, ...] = self.ladder.remarks
        self._warm()

    def _warm(self) -> None:
        """Drivers compile at the first dispatch. A workgroup of each program is enough, and all
        that it writes is written again by every pass.
        """
        first = {id(step.program): step for group in self.groups for step in group.steps}
        corner = (1, 1, 1)
        self.device.submit([Step(s.program, s.bindings, corner) for s in first.values()])
        self.device.wait()

    @property
    def gpu_s(self) -> float | None:
        """See `base.Ready.gpu_s`; asked of the GPU when it is read."""
        return self.device.clocked()

    @property
    def device_bytes(self) -> int:
        """Of the GPU's memory, as far as buffers go."""
        return self.device.bytes

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between dispatches only."""
        if budget_s == UNLIMITED:
            self.device.submit(*self._batches)
            self.device.wait()
            return 1.0
        stop_at, done = perf_counter() + budget_s, 0
        for step in chain.from_iterable(map(_repeated, self.groups)):
            self.device.submit([step])
            self.device.wait()
            done += step.flop
            if done and done < self._flop and perf_counter() > stop_at:
                return done / self._flop
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`; by the GPU's own clock where it has one."""
        device = self.device
        began = perf_counter()
        device.submit([])
        device.wait()
        found = [Part("launch", 0, perf_counter() - began)]
        began = perf_counter()
        self._bring()
        device.wait()
        found.append(Part("upload", 0, perf_counter() - began))
        for group in self.groups:
            began = perf_counter()
            device.submit(*batches([group]))
            device.wait()
            wall = perf_counter() - began
            found.append(Part(group.what, group.layer, device.clocked() or wall))
        began = perf_counter()
        self._fetch()
        found.append(Part("download", 0, perf_counter() - began))
        return tuple(found)

    def tiles(self) -> tuple[Tile | None, ...]:
        """See `base.Ready.tiles`: what a workgroup computes."""
        return tuple((rung.tm, rung.tn) for rung in self.rungs)

    def flush(self) -> None:
        """See `base.Ready.flush`; twice the largest cache there is, as WebGPU tells none."""
        if not self._flushed:
            self._flushed = self._flushing()
        self.device.submit(self._flushed)
        self.device.wait()

    def copied(self) -> float | None:
        """See `base.Ready.copied`."""
        began = perf_counter()
        self._bring()
        self.device.submit(*self._batches)
        self._fetch()
        return perf_counter() - began

    def close(self) -> None:
        self.device.close()
        self.__dict__.clear()

    def _given(self, values: NDArray[np.float32]) -> Matrix:
        """On the GPU, [rows × cols]; a pass with copies brings it again, in its format already."""
        matrix = self.device.upload(values, self.dtype)
        self.sources.append((matrix, values.astype(self.dtype, copy=False)))
        return matrix

    def _bring(self) -> None:
        for matrix, values in self.sources:
            self.device.send(matrix, values)

    def _fetch(self) -> None:
        for matrix in self.results:
            self.device.download(matrix)

    def _flushing(self) -> tuple[Step, ...]:
        """A kernel that reads one half of so many bytes and writes the other."""
        size = LARGEST_CACHE
        if self.device.adapter.software:  # its caches are the computer's own
            size = last_level_cache() or UNTOLD
        rows = -(-size // 4096)
        one, other = (self.device.matrix(rows, 1024, "float32") for _ in range(2))
        return tuple(layers.by_cells(self.device, cells.UPDATE, (one, one), other, 0.0))


def _repeated(group: Group) -> Iterator[Step]:
    return chain.from_iterable(repeat(group.steps, group.times))


def batches(groups: Sequence[Group]) -> Iterator[list[Step]]:
    """As many as one submission takes: neither of more dispatches than a driver likes, nor longer
    than it lets a GPU compute without an answer.
    """
    batch: list[Step] = []
    flop = 0
    for step in chain.from_iterable(map(_repeated, groups)):
        if batch and (len(batch) == _AT_ONCE or flop + step.flop > layers.LONG_FLOP):
            yield batch
            batch, flop = [], 0
        batch.append(step)
        flop += step.flop
    yield batch
