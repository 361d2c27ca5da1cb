"""The whole pass on one line of time: its products in order, with the launch before each.

The products and their times are here; which stretch of the line is shown is `Span`, in
`mmviz.state.picture.pass_span`. Only products are modelled: no activation, no loss, no update.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mmviz import units
from mmviz.core.device.device import Device
from mmviz.core.schedule.schedule import least_time, tile_time
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock
from mmviz.core.shapes.gemm import Role
from mmviz.core.time.cost import Cost, PassCost
from mmviz.errors import InputError
from mmviz.state.picture.playback import model_time


@dataclass(frozen=True, slots=True)
class PassProduct:
    """One product of the pass; times in the timeline's clock, from the beginning of the pass.

    launch: what passes before `start` with nothing computed. waves: 0 for stream-K, whose waves
    only its Trace knows. wave: from the start of one wave to that of the next, None where they are
    not equally long. count: how often it is computed; then it stands for all of these, first their
    launches together, then their computing, and wave is None. predicted: launch and computing are
    what the cost model says, off by `error` (None: not known); else computing is a lower bound.
    """

    name: str
    role: Role
    shape: str
    start: float
    end: float
    launch: float
    waves: int
    tiles: int
    wave: float | None
    count: int = 1
    predicted: bool = False
    error: float | None = None

    @property
    def begin(self) -> float:
        """When its launch begins: the end of the product before."""
        return self.start - self.launch

    @property
    def duration(self) -> float:
        """How long it computes, launch not included."""
        return self.end - self.start

    @property
    def launch_share(self) -> float:
        """Launch over launch and computing, 0 … 1."""
        return self.launch / (self.launch + self.duration)

    @property
    def title(self) -> str:
        """'fc6', in the backward pass 'fc6 · wgrad', computed twelve times 'fc6 ×12'."""
        if self.role == "product":
            return f"{self.name} {units.times(self.count)}".rstrip()
        return self.name if self.role == "forward" else f"{self.name} · {self.role}"


@dataclass(frozen=True, slots=True)
class PassTimeline:
    """All products of one pass, one after the other; modelled. At least one product."""

    products: tuple[PassProduct, ...]
    clock: Clock
    launch_text: str
    step: str = "step"
    error: float | None = None

    @property
    def predicted(self) -> bool:
        """Whether all times are what the cost model says; `error` is then that of their sum."""
        return all(product.predicted for product in self.products)

    @property
    def total(self) -> float:
        """The pass from the first launch to the end of the last product."""
        return self.products[-1].end

    @property
    def training(self) -> bool:
        return any(product.role in ("dgrad", "wgrad") for product in self.products)

    @property
    def listed(self) -> bool:
        """Whether it is a list of products, which is no pass of a network."""
        return self.products[0].role == "product"

    @property
    def computed(self) -> int:
        """How many products are computed, repeated ones as often as they are."""
        return sum(product.count for product in self.products)

    @property
    def lines(self) -> tuple[str, str, str]:
        """What pass, how long, how much of that is launch."""
        kind = "one training pass" if self.training else "one forward pass"
        if self.listed:
            kind = "the list once"
        return (
            f"{kind} · {units.plural(self.computed, 'product')}",
            self.time_text(self.total, self.error).replace(", modelled", " modelled"),
            self.launch_text,
        )

    @property
    def summary(self) -> str:
        """The lines as one: 'one training pass · 8 products · at least 7.90 ms modelled · …'."""
        return " · ".join(self.lines)

    def time_text(self, t: float, error: float | None, together: str = "") -> str:
        """'84.0 µs ± 5.9 %, modelled', or 'at least 72.0 µs, modelled' where none is predicted."""
        time = model_time(t, self.clock, self.step)
        if self.predicted:
            return f"{time} {units.plus_minus(error)}{together}, modelled"
        least = "at least " if self.clock == "s" else ""
        return f"{least}{time}{together}, modelled"

    def at(self, t: float) -> tuple[int, float]:
        """The product whose launch or computing `t` falls in, and the share of it computed by then.

        Times before the first belong to it, times after the last to that.
        """
        index = max(0, bisect_right(self.products, t, key=lambda product: product.begin) - 1)
        product = self.products[index]
        return index, min(max((t - product.start) / product.duration, 0.0), 1.0)

    def time(self, product: int, share: float) -> float:
        """When `product` has come to `share` of its computing."""
        found = self.products[product]
        return found.start + share * found.duration

    def about(self, product: int) -> tuple[str, ...]:
        """Lines about one product: what, when, how it is cut, what its launch costs."""
        found = self.products[product]
        tiles = units.plural(found.tiles, "tile") + (" each" if found.count > 1 else "")
        together = " together" if found.count > 1 else ""
        time = found.end - (found.begin if found.predicted else found.start)
        lines = (
            found.title,
            found.shape,
            self.time_text(time, found.error, together),
            f"{tiles} in {units.plural(found.waves, 'wave')}" if found.waves else tiles,
        )
        if not found.launch:
            return (*lines, self.launch_text)
        launch = model_time(found.launch, self.clock, self.step)
        return (*lines, f"launch before it {launch} = {units.percent(found.launch_share)} of both")


def pass_timeline(
    tilings: Sequence[Tiling],
    device: Device,
    dtype: str,
    launch_s: float | None,
    costs: Sequence[Cost] | None = None,
) -> PassTimeline:
    """The products in the order given, which is that of `mmviz.core.shapes.gemm.lower`.

    costs: of the same products; where a time is predicted, its launch and its computing are taken.
    launch_s: else the seconds that pass before each product with nothing computed; None where no
    figure is known, and then there are no gaps and the text says so. A lane has no launch, and
    where time is counted in steps none can be placed. Raises InputError for no products or an
    impossible launch.
    """
    if not tilings:
        raise InputError("a pass has at least one product")
    if launch_s is not None and not 0 <= launch_s < math.inf:
        raise InputError(f"the launch cost of {device.name} must be 0 s or more, not {launch_s:g}")
    products: list[PassProduct] = []
    clock: Clock = "s"
    t = 0.0
    for i, tiling in enumerate(tilings):
        cost = costs[i] if costs is not None else None
        duration, clock = least, _ = product_time(tiling, device, dtype)
        gemm = tiling.gemm
        launch = gemm.count * launch_s if clock == "s" and launch_s is not None else 0.0
        if cost is not None and cost.computing_s is not None and cost.predicted_s is not None:
            duration, clock = cost.computing_s, "s"
            launch = gemm.count * (cost.predicted_s - duration)
        wave = wave_time(tiling, device, dtype) if gemm.count == 1 else None
        start = t + launch
        t = start + gemm.count * duration
        products.append(
            PassProduct(
                name=gemm.name,
                role=gemm.role,
                shape=units.shape(gemm.m, gemm.n, gemm.k),
                start=start,
                end=t,
                launch=launch,
                waves=0 if tiling.order.kind == "stream-k" else tiling.waves,
                tiles=tiling.tiles,
                wave=None if wave is None else wave * (duration / least),
                count=gemm.count,
                predicted=cost is not None and cost.computing_s is not None,
                error=None if cost is None else cost.error,
            )
        )
    launch_text = _launch_text(products, device, clock, launch_s)
    error = None if costs is None else PassCost(tuple(costs)).error
    return PassTimeline(tuple(products), clock, launch_text, device.step, error)


def product_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """How long a product takes and in which clock, found without building its Trace."""
    return least_time(tiling, device, dtype)


def wave_time(tiling: Tiling, device: Device, dtype: str) -> float | None:
    """From the start of one wave to that of the next; None where they are not equally long."""
    short, long = tiling.part_k
    if tiling.order.kind == "stream-k" or short != long:
        return None
    return tile_time(tiling, device, dtype)[0] * tiling.resident


def _launch_text(
    products: Sequence[PassProduct], device: Device, clock: Clock, launch_s: float | None
) -> str:
    if device.kind == "lanes":
        return "no launch on lanes"
    launch = sum(product.launch for product in products)
    if clock == "steps" or (not launch and (launch_s is None or products[0].predicted)):
        return f"launch: {units.NO_DATA}"
    share = launch / products[-1].end
    return f"launch {units.seconds(launch)} = {units.percent(share)}"
