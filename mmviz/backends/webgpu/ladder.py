"""Which rung of the ladder a product runs on: asked for by name, or the one a short trial finds."""

from __future__ import annotations

from time import perf_counter

from mmviz.backends.webgpu import layers
from mmviz.backends.webgpu.device import Device
from mmviz.backends.webgpu.products import NAIVE, REGISTER, TILED, Layout, Rung
from mmviz.errors import Unavailable

VARIANTS = ("auto", "naive", "tiled", "register")

_CAPS = (128, 256, 512, 1024)  # of m, n, k in a trial
_LONG_S = 2e-3  # a trial that takes so long tells enough
_HOPELESS = 4.0  # times the best of a smaller trial: not tried on a larger one
_REPEATS = 3


class Ladder:
    """Chooses for the products of one open device in one dtype; a shape is tried once."""

    def __init__(self, device: Device, dtype: str, variant: str = "auto") -> None:
        self._device, self._dtype = device, dtype
        rungs = {"naive": (NAIVE,), "tiled": (TILED,), "register": REGISTER}
        wanted = rungs.get(variant, (NAIVE, TILED, *REGISTER))
        itemsize = 2 if dtype == "float16" else 4
        self._rungs = [
            rung
            for rung in wanted
            if rung.threads <= device.workgroup_threads
            and rung.bytes(itemsize) <= device.workgroup_bytes
        ]
        if not self._rungs:
            raise Unavailable(f"{device.adapter.name} has no workgroup for {variant}")
        self._found: dict[tuple[Layout, int, int, int], Rung] = {}

    def choose(self, layout: Layout, m: int, n: int, k: int) -> Rung:
        """The fastest rung for a product of this size, tried on no more than a corner of it."""
        if len(self._rungs) == 1:
            return self._rungs[0]
        rungs = self._rungs
        for cap in _CAPS:
            key = layout, min(m, cap), min(n, cap), min(k, cap)
            if key in self._found:
                return self._found[key]
            seconds = {rung: self._try(rung, *key) for rung in rungs}
            best = min(seconds, key=lambda rung: seconds[rung])
            if cap == _CAPS[-1] or max(m, n, k) <= cap or seconds[best] >= _LONG_S:
                self._found[key] = best
                return best
            rungs = [rung for rung in rungs if seconds[rung] < _HOPELESS * seconds[best]]
        raise AssertionError("the last cap is a choice")

    def _try(self, rung: Rung, layout: Layout, m: int, n: int, k: int) -> float:
        """Seconds of the product on this rung, the least of a few."""
        device, dtype = self._device, self._dtype
        a = device.matrix(*((k, m) if layout == "tn" else (m, k)), dtype)
        b = device.matrix(*((n, k) if layout == "nt" else (k, n)), dtype)
        c = device.matrix(m, n, dtype)
        steps = list(layers.product(device, rung, layout, a, b, c))
        seconds = []
        for _ in range(_REPEATS + 1):  # the first one compiles
            began = perf_counter()
            device.submit(steps)
            device.wait()
            seconds.append(perf_counter() - began)
            if sum(seconds[1:]) > _LONG_S:
                break
        for matrix in (a, b, c):
            device.free(matrix)
        return min(seconds[1:])
