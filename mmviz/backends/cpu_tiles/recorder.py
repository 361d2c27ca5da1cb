"""A workload recorded on this computer's cores."""

from __future__ import annotations

from typing import Literal

from mmviz.backends.cpu_tiles.cores import timer_step
from mmviz.backends.cpu_tiles.multiplier import Order, Way
from mmviz.backends.cpu_tiles.passes import TiledPass, TiledProducts
from mmviz.backends.recorder import Laid, Look, Stamps
from mmviz.core.shapes.gemm import Gemm
from mmviz.text import N_, Text

SCHEDULES: dict[Order, str] = {"pulling": "rows", "static": "persistent"}
"""The orders of `core.schedule` that deal tiles in the same way."""

_FIRST = Text(N_("of products computed several times the first is recorded"))


class CpuRecorder:
    """See `backends.recorder.Recorder`."""

    clock: Literal["s"] = "s"

    def __init__(
        self,
        made: TiledPass | TiledProducts,
        gemms: tuple[Gemm, ...],
        order: Order,
        units: tuple[Text, ...],
        remarks: tuple[Text, ...] = (),
    ) -> None:
        self._made, self._gemms = made, gemms
        self.order, self.units = order, units
        self.timer_s = timer_step()
        several = any(gemm.products > 1 for gemm in gemms)
        self.remarks = (*remarks, _FIRST) if several else remarks

    def laid(self) -> tuple[Laid, ...]:
        """See `Recorder.laid`; a tile goes along the whole of k at once."""
        schedule = SCHEDULES[self.order]
        cuts = self._made.multiplier.cuts
        return tuple(
            Laid(cut.tile, schedule, k_step=gemm.k)
            for cut, gemm in zip(cuts, self._gemms, strict=True)
        )

    def run(self) -> tuple[Stamps, ...]:
        """See `Recorder.run`."""
        self._compute("stamped")
        return tuple(self._made.multiplier.stamps)

    def bare(self) -> tuple[float, ...]:
        """See `Recorder.bare`."""
        self._compute("bare")
        return tuple(self._made.multiplier.seconds)

    def plain(self) -> tuple[float, ...]:
        """See `Recorder.plain`: one np.matmul a product."""
        self._compute("plain")
        return tuple(self._made.multiplier.seconds)

    def check(self, look: Look, rows: int) -> None:
        """See `Recorder.check`."""
        multiplier = self._made.multiplier
        multiplier.look, multiplier.rows = look, rows
        try:
            self._compute("bare")
        finally:
            multiplier.look = None

    def close(self) -> None:
        """See `Recorder.close`."""
        self._made.close()

    def _compute(self, way: Way) -> None:
        self._made.multiplier.way = way
        self._made.run()
