"""Which rung of the ladder a product runs on: asked for by name, or the one a short trial finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter

from mmviz.backends.webgpu import layers
from mmviz.backends.webgpu.device import Device, Step
from mmviz.backends.webgpu.faults import Refused
from mmviz.backends.webgpu.products import NAIVE, NARROW, REGISTER, TILED, Layout, Rung
from mmviz.errors import Unavailable
from mmviz.text import N_, Text

VARIANTS = ("auto", "naive", "narrow", "tiled", "register")

Shape = tuple[Layout, int, int, int]
"""How the operands of a product are stored, then its m, n and k."""

_CAPS = (128, 256, 512, 1024)  # of m, n, k in a trial
_LONG_S = 2e-3  # a trial that takes so long tells enough
_HOPELESS = 4.0  # times the best of a smaller trial: not tried on a larger one
_REPEATS = 3
_NO_WORKGROUP = N_("{gpu} has no workgroup for the kernel {kernel}")
_OTHERS = N_("the kernel {kernel} is left out: {why}")


class Ladder:
    """Chooses for the products of one open device in one dtype; a shape is tried once.

    A kernel that the driver refuses is left out, and `remarks` says so; where none is left, so is
    what was asked for: Refused.
    """

    def __init__(self, device: Device, dtype: str, variant: str = "auto") -> None:
        self._device, self._dtype = device, dtype
        rungs = {"naive": (NAIVE,), "narrow": (NARROW,), "tiled": (TILED,), "register": REGISTER}
        wanted = rungs.get(variant, (NAIVE, NARROW, TILED, *REGISTER))
        itemsize = 2 if dtype == "float16" else 4
        self._rungs = [
            rung
            for rung in wanted
            if rung.threads <= device.workgroup_threads
            and rung.bytes(itemsize) <= device.workgroup_bytes
        ]
        if not self._rungs:
            raise Unavailable(Text(_NO_WORKGROUP, gpu=device.adapter.name, kernel=variant))
        self._found: dict[Shape, Rung] = {}
        self._refused: dict[str, Refused] = {}

    @property
    def remarks(self) -> tuple[Text, ...]:
        """What was left out, and why."""
        return tuple(
            Text(_OTHERS, kernel=name, why=error.reason) for name, error in self._refused.items()
        )

    def steps(
        self, shape: Shape, make: Callable[[Rung], Iterable[Step]]
    ) -> tuple[Rung, tuple[Step, ...]]:
        """The rung for a product of this shape, and the dispatches `make` makes of it."""
        while True:
            rung = self.choose(*shape)
            try:
                return rung, tuple(make(rung))
            except Refused as error:
                self._leave_out(rung, error)

    def choose(self, layout: Layout, m: int, n: int, k: int) -> Rung:
        """The fastest rung for a product of this size, tried on no more than a corner of it."""
        rungs = self._rungs
        for cap in _CAPS:
            if len(self._rungs) == 1:
                break
            key = layout, min(m, cap), min(n, cap), min(k, cap)
            if key in self._found:
                return self._found[key]
            seconds = self._trial(rungs, key)
            if not seconds:
                return self.choose(layout, m, n, k)
            best = min(seconds, key=lambda rung: seconds[rung])
            if cap == _CAPS[-1] or max(m, n, k) <= cap or seconds[best] >= _LONG_S:
                self._found[key] = best
                return best
            rungs = [rung for rung in seconds if seconds[rung] < _HOPELESS * seconds[best]]
        return self._rungs[0]

    def _trial(self, rungs: Iterable[Rung], shape: Shape) -> dict[Rung, float]:
        """Seconds of the product on each of them that the driver takes."""
        seconds = {}
        for rung in tuple(rungs):
            try:
                seconds[rung] = self._try(rung, *shape)
            except Refused as error:
                self._leave_out(rung, error)
        return seconds

    def _leave_out(self, rung: Rung, error: Refused) -> None:
        self._refused.setdefault(f"{rung.id} {rung.tm}×{rung.tn}", error)
        self._rungs = [other for other in self._rungs if other is not rung]
        self._found = {shape: one for shape, one in self._found.items() if one is not rung}
        if not self._rungs:
            raise error

    def _try(self, rung: Rung, layout: Layout, m: int, n: int, k: int) -> float:
        """Seconds of the product on this rung, the least of a few."""
        device, dtype = self._device, self._dtype
        a = device.matrix(*((k, m) if layout == "tn" else (m, k)), dtype)
        b = device.matrix(*((n, k) if layout == "nt" else (k, n)), dtype)
        c = device.matrix(m, n, dtype)
        try:
            steps = list(layers.product(device, rung, layout, a, b, c))
            seconds = []
            for _ in range(_REPEATS + 1):  # the first one compiles
                began = perf_counter()
                device.submit(steps)
                device.wait()
                seconds.append(perf_counter() - began)
                if sum(seconds[1:]) > _LONG_S:
                    break
        finally:
            for matrix in (a, b, c):
                device.free(matrix)
        return min(seconds[1:])
