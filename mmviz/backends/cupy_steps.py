"""CuPy on one GPU: buffers, copies, clocks, and a pass as one CUDA graph."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Host, Part
from mmviz.backends.caches import UNTOLD
from mmviz.backends.cupy_cells import Cells, from_stored, source, stored, to_stored
from mmviz.backends.cupy_gemm import Array, Blas, Multiplies
from mmviz.backends.learner import Stage
from mmviz.backends.steps import Step, StepPass
from mmviz.text import N_, Text

_GRAPH_MACS = 10**10  # a pass of more is not held up by launches
_GRAPH_STEPS = 10_000
_NAN = 0xFF  # of such bytes alone no format makes a number


class CupySteps(StepPass):
    """What a network's pass and a list of products have in common; see `base.Ready`.

    Everything is done on a stream of its own. Copies come from and go to ordinary memory. products:
    who computes them, None for cuBLAS.
    """

    def __init__(self, cupy: Any, dtype: str, products: Multiplies | None = None) -> None:
        self._stream = cupy.cuda.Stream(non_blocking=True)
        super().__init__(self._stream.synchronize)
        self._cupy, self._dtype = cupy, dtype
        self._events = cupy.cuda.Event(), cupy.cuda.Event()
        module = cupy.RawModule(code=source(dtype), options=("--std=c++17",))
        self._cells, self._blas = Cells(module, dtype), Blas(cupy, dtype)
        self._products: Multiplies = self._blas if products is None else products
        # held here: cuBLAS is given addresses
        self._given: list[Array] = []
        self._computed: list[Array] = []
        self._made: list[Step] = []
        self._stage: Stage = "forward"
        self._brought: list[tuple[Array, NDArray[Any]]] = []
        self._fetched: list[Array] = []
        self._graph: Any = None
        self._cold: Any = None

    def run(self, budget_s: float = UNLIMITED) -> float:
        """See `base.Ready.run`; stops between products only."""
        with self._stream:
            return super().run(budget_s)

    def compute(self) -> None:
        """A whole pass, and its end."""
        began, ended = self._events
        began.record()
        if self._graph is not None:
            self._graph.launch()
        else:
            for call in self._calls:
                call()
        ended.record()
        ended.synchronize()
        self.gpu_s = self._cupy.cuda.get_elapsed_time(began, ended) / 1e3  # it tells milliseconds

    def parts(self) -> tuple[Part, ...]:
        """See `base.Ready.parts`."""
        with self._stream:
            launch = Part("launch", 0, self.clocked(self._cells.nothing()))
            upload = Part("upload", 0, self.clocked(self._bring))
            return launch, upload, *super().parts(), Part("download", 0, self.clocked(self._fetch))

    def copied(self) -> float | None:
        """See `base.Ready.copied`."""
        self._synchronize()
        began = perf_counter()
        with self._stream:
            self._bring()
        self.run()
        with self._stream:
            self._fetch()
        return perf_counter() - began

    def flush(self) -> None:
        """See `base.Ready.flush`."""
        with self._stream:
            if self._cold is None:
                size = self._cupy.cuda.Device().attributes.get("L2CacheSize") or UNTOLD
                self._cold = self._cupy.empty(2 * size, dtype="uint8")
            self._cold.data.memset_async(1, self._cold.nbytes)
        self._synchronize()

    @property
    def device_bytes(self) -> int | None:
        """Bytes on the GPU that hold this pass."""
        return sum(int(buffer.nbytes) for buffer in (*self._given, *self._computed))

    def close(self) -> None:
        pool = self._cupy.get_default_memory_pool()
        super().close()
        # what the pool holds would be missing for the next batch
        pool.free_all_blocks()

    def record(self) -> None:
        """Make one CUDA graph of the pass where launches could hold it up; where that fails, or
        computes something else, steps are launched one by one, and `remarks` say so.
        """
        if self._macs > _GRAPH_MACS or len(self._steps) > _GRAPH_STEPS:
            return
        with self._stream:
            self.compute()  # loads the programs, which a stream that records may not
            expected = self._results()
            try:
                self._graph = self._recorded()
                for buffer in self._computed:  # what is right was computed by the graph
                    buffer.data.memset_async(_NAN, buffer.nbytes)
                self.compute()
                if not _alike(expected, self._results()):
                    raise RuntimeError("another result")
                self.remarks = (Text(N_("launched at once, as a CUDA graph")),)
            except Exception as error:  # whatever CUDA, cuBLAS or the loader of libraries say
                self._graph = None
                said = N_("launched step by step, as a CUDA graph failed: {why:.100}")
                self.remarks = (Text(said, why=str(error) or type(error).__name__),)

    def _recorded(self) -> Any:
        self._blas.record(self._stream)
        try:
            self._stream.begin_capture()
            try:
                for call in self._calls:
                    call()
            finally:  # a stream that records can do nothing else
                graph = self._stream.end_capture()
        finally:
            self._blas.stop()
        return graph

    def _results(self) -> list[Host]:
        return [self.on_host(array) for array in self._fetched]

    def on_host(self, array: Array) -> Host:
        """In the host's memory, as numbers."""
        with self._stream:
            return from_stored(self._cupy.asnumpy(array), self._dtype)

    def _bring(self) -> None:
        for there, here in self._brought:
            there.set(here)

    def _fetch(self) -> None:
        for array in self._fetched:
            self._cupy.asnumpy(array)

    def _empty(self, *shape: int, dtype: str | None = None) -> Array:
        made = self._cupy.empty(shape, dtype=dtype or stored(self._dtype))
        self._computed.append(made)
        return made

    def _sent(self, array: NDArray[np.float32], *, brought: bool = False) -> Array:
        """On the GPU; brought: it is what a pass with copies brings again."""
        here = to_stored(array, self._dtype)
        there = self._cupy.asarray(here)
        self._given.append(there)
        if brought:
            self._brought.append((there, here))
        return there


def _alike(one: list[Host], other: list[Host]) -> bool:
    """Whether results differ by no more than rounding."""
    for x, y in zip(one, other, strict=True):
        scale = float(np.nanmax(np.abs(x), initial=0.0))
        if not np.allclose(x, y, rtol=0, atol=1e-2 * scale, equal_nan=True):
            return False
    return True
