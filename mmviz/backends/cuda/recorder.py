"""A workload recorded on a CUDA GPU: which SM computed which tile from when to when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from mmviz.backends.base import Host
from mmviz.backends.cuda.passes import TiledPass, TiledProducts
from mmviz.backends.cuda.refining import refined, ticks_per_ns
from mmviz.backends.cuda.tiled import Gpu, Piece, Tiled, each_of
from mmviz.backends.cupy_cells import from_stored
from mmviz.backends.cupy_gemm import Blas
from mmviz.backends.recorder import Laid, Look, Stamps
from mmviz.text import N_, P_, Text

NS = 1e-9
PROBED = 64  # steps of the clock
_OWN = Text(N_("recorded in mmviz's own programs; cuBLAS, timed in turns with them, tells nobody"))
_FIRST = Text(N_("of products computed several times the first is recorded"))

Around = Callable[[int, Tiled], object]


class CudaRecorder:
    """See `backends.recorder.Recorder`. What is computed several times is recorded the first time,
    of a stack its first matrix; seconds are of that, by the GPU's own clock around its launches.
    """

    clock: Literal["s"] = "s"

    def __init__(self, cupy: Any, gpu: Gpu, made: TiledPass | TiledProducts, order: str) -> None:
        self._cupy, self._gpu, self._made, self.order = cupy, gpu, made, order
        self._tiled = made.multiplies.made
        self._blas = Blas(cupy, made.dtype)
        self._library = [self._by_library(one) for one in self._tiled]
        self._events = [(cupy.cuda.Event(), cupy.cuda.Event()) for _ in self._tiled]
        with made.stream:
            steps, self._sms = gpu.probe(self._tiled[0].program, PROBED)
        self.timer_s: float = float(np.median(steps)) * NS
        self._moved = 0
        self._per_ns = 0.0

    @property
    def units(self) -> tuple[Text, ...]:
        """See `Recorder.units`: by their numbers, which may have gaps."""
        return tuple(Text(N_("SM {number:d}"), number=number) for number in self._sms)

    @property
    def sms(self) -> int:
        """How many SMs the driver says there are."""
        return self._gpu.units

    @property
    def remarks(self) -> tuple[Text, ...]:
        """See `Recorder.remarks`."""
        found = [_OWN]
        computed = sum(len(each_of(step.do)) for step in self._made.steps)
        if len(self._tiled) < computed:
            found.append(_FIRST)
        if self._per_ns:
            said = N_("its SMs ran at {mhz:group} MHz while they computed, by their own clocks")
            found.append(Text(said, mhz=round(self._per_ns * 1e3)))
        if self._moved:
            moved = P_(
                "{n:group} tile ended on another SM than it began on",
                "{n:group} tiles ended on other SMs than they began on",
            )
            found.append(Text(moved, n=self._moved))
        return tuple(found)

    def laid(self) -> tuple[Laid, ...]:
        """See `Recorder.laid`."""
        return tuple(
            Laid(
                tiling.tile,
                tiling.order.id,
                parts=tiling.parts,
                resident=tiling.resident,
                k_step=tiling.k_step,
            )
            for tiling in (one.tiling for one in self._tiled)
        )

    def run(self) -> tuple[Stamps, ...]:
        """See `Recorder.run`."""
        walls = self._timed(lambda _, one: one.stamp())
        pieces = [one.stamps() for one in self._tiled]
        # one that the probe did not meet
        self._sms += sorted({int(sm) for piece in pieces for sm in piece.first} - set(self._sms))
        self._moved = sum(int((piece.first != piece.last).sum()) for piece in pieces)
        start, end, ticks = (
            np.concatenate([getattr(piece, name) for piece in pieces])
            for name in ("start_ns", "end_ns", "ticks")
        )
        self._per_ns = ticks_per_ns(start, end, ticks) or self._gpu.clock_hz * NS
        return tuple(map(self._as_stamps, self._tiled, pieces, walls))

    def bare(self) -> tuple[float, ...]:
        """See `Recorder.bare`."""
        return self._timed(lambda _, one: one())

    def plain(self) -> tuple[float, ...]:
        """See `Recorder.plain`: cuBLAS on the same buffers, and sums told in the same format."""
        return self._timed(lambda number, _: self._library[number]())

    def check(self, look: Look, rows: int) -> None:
        """See `Recorder.check`."""

        def then_look(number: int, one: Tiled) -> None:
            one()
            turned = one.program.a_turned, one.program.b_turned
            a = one.a[:, :rows].T if turned[0] else one.a[:rows]
            b = one.b.T if turned[1] else one.b
            look(number, *map(self._on_host, (a, b, one.c[:rows])))

        self._pass(then_look)

    def close(self) -> None:
        """See `Recorder.close`."""
        self._made.close()
        self.__dict__.clear()

    def _by_library(self, one: Tiled) -> Callable[[], object]:
        program = one.program
        return self._blas.product(
            one.a,
            one.b,
            one.c,
            a_transposed=program.a_turned,
            b_transposed=program.b_turned,
        )

    def _timed(self, compute: Around) -> tuple[float, ...]:
        """A pass; seconds of each product, by the GPU's clock."""

        def between(number: int, one: Tiled) -> None:
            began, ended = self._events[number]
            began.record()
            compute(number, one)
            ended.record()

        self._pass(between)
        elapsed = self._cupy.cuda.get_elapsed_time  # in milliseconds
        return tuple(elapsed(began, ended) / 1e3 for began, ended in self._events)

    def _pass(self, compute: Around) -> None:
        """A pass in which `compute` computes each product that is recorded, and the pass all else;
        then wait for its end.
        """
        numbers = {id(one): number for number, one in enumerate(self._tiled)}
        with self._made.stream:
            for step in self._made.steps:
                each = each_of(step.do)
                first = numbers.pop(id(each[0]), None) if each else None
                if first is None:
                    step.do()
                    continue
                compute(first, each[0])
                for other in each[1:]:
                    other()
        self._made.stream.synchronize()

    def _as_stamps(self, one: Tiled, piece: Piece, wall_s: float) -> Stamps:
        place = {sm: unit for unit, sm in enumerate(self._sms)}
        unit = np.array([place[int(sm)] for sm in piece.first], np.int64)
        start, step_ns = piece.start_ns, self.timer_s / NS
        end = refined(start, piece.end_ns, piece.ticks, unit, step_ns, self._per_ns)
        began, ended = int(start.min()), int(end.max())
        return Stamps(
            m=one.m,
            n=one.n,
            unit=unit,
            core=piece.last.astype(np.int32),
            start_ns=start,
            end_ns=end,
            began_ns=began,
            ended_ns=ended,
            block=np.arange(len(one.m)),  # as they are handed out, whoever takes them
            k0=one.k0,
            k1=one.k1,
            # two clocks: one that counts coarsely may end before a tile does
            wall_s=max(wall_s, (ended - began) * NS),
        )

    def _on_host(self, array: Any) -> Host:
        copied = self._cupy.asnumpy(array)
        return np.asarray(from_stored(copied, self._made.dtype), np.float32)
