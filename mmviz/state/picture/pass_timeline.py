"""The whole pass on one line of time: its products in order, with the launch before each.

The products and their times are here; which stretch of the line is shown is `Span`, in
`mmviz.state.picture.pass_span`. Only products are modelled: no activation, no loss, no update.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.device.body import STEP, Noun
from mmviz.core.device.device import Device
from mmviz.core.provenance import MODELLED, Provenance
from mmviz.core.schedule.deal import tile_time
from mmviz.core.schedule.schedule import least_time
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Clock, Trace
from mmviz.core.shapes.gemm import Role
from mmviz.core.time.cost import Cost, mean_error
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.products import shape_text, titled
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, PRODUCTS, WAVES
from mmviz.words.time import model_time


@dataclass(frozen=True, slots=True)
class PassProduct:
    """One product of the pass; times in the timeline's clock, `begin` from that of the pass.

    launch: what passes from `begin` with nothing computed; duration: how long it computes then.
    Both are kept themselves: as the difference of two times a short product after a very long one
    would have none. stack: products in a launch, whose tiles are all counted. waves: 0 for
    stream-K, whose waves only its Trace knows. wave: from the start of one wave to that of the
    next, None where they are not equally long. count: how often it is launched; then it stands for
    all of these, first their launches together, then their computing,
    and wave is None. predicted: launch and computing are what the cost model says, off by `error`
    (None: not known); else computing is recorded or a lower bound.
    """

    name: str
    role: Role
    sides: tuple[int, int, int]
    begin: float
    launch: float
    duration: float
    waves: int
    tiles: int
    wave: float | None
    count: int = 1
    predicted: bool = False
    error: float | None = None
    provenance: Provenance = MODELLED
    stack: int = 1
    group: str = ""

    @property
    def start(self) -> float:
        """When its computing begins."""
        return self.begin + self.launch

    @property
    def end(self) -> float:
        return self.begin + self.whole

    @property
    def whole(self) -> float:
        """How long launch and computing take."""
        return self.launch + self.duration

    @property
    def launch_share(self) -> float:
        """Launch over launch and computing, 0 … 1."""
        return self.launch / self.whole

    @property
    def title(self) -> Text:
        """'fc6', in the backward pass 'fc6 · wgrad', computed twelve times 'fc6 ×12'."""
        title = titled(self.name, self.role)
        if self.role != "product" or self.count == 1:
            return title
        return Text("{title} {count:times}", title=title, count=self.count)


@dataclass(frozen=True, slots=True)
class PassTimeline:
    """All products of one pass, one after the other. At least one product.

    launch: seconds of all launches together, None: not known; launches False: there are none.
    lacks: that the device cannot hold the pass, said in place of its time.
    """

    products: tuple[PassProduct, ...]
    clock: Clock
    launch: float | None
    launches: bool = True
    tick: Noun = STEP
    error: float | None = None
    lacks: Text = NOTHING

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
        return sum(product.count * product.stack for product in self.products)

    @property
    def lines(self) -> tuple[Text, Text, Text]:
        """What pass, how long, how much of that is launch."""
        kind = N_("one training pass") if self.training else N_("one forward pass")
        if self.listed:
            kind = N_("the list once")
        time = Text(
            N_("{time} {kind}"),
            time=self._bare_time(self.total, self.error),
            kind=_kinds(self.products),
        )
        products = Text(PRODUCTS, n=self.computed)
        launch = self.launch_text
        if self.launch and any(one.provenance.kind == "recorded" for one in self.products):
            launch = joined((launch, label(MODELLED)), "commas")  # no launch is recorded
        return joined((Text(kind), products)), self.lacks or time, launch

    @property
    def launch_text(self) -> Text:
        """'launch 84.0 µs = 12.0 %' of the pass; NOTHING where steps are counted, not seconds."""
        if not self.launches:
            return Text(N_("no launch on lanes"))
        if all(one.provenance.kind == "recorded" for one in self.products):
            return NOTHING
        if self.launch is None:
            return Text(N_("launch: {time}"), time=None) if self.clock == "s" else NOTHING
        share = self.launch / self.total
        return Text(N_("launch {time:seconds} = {share:percent}"), time=self.launch, share=share)

    @property
    def summary(self) -> Text:
        """The lines as one: 'one training pass · 8 products · at least 7.90 ms modelled · …'."""
        return joined(self.lines)

    def time_text(self, t: float, error: float | None, of: Sequence[PassProduct]) -> Text:
        """'84.0 µs ± 5.9 %, modelled', or 'at least 72.0 µs, modelled' where none is predicted.

        of: what takes that time; several products, or one several times, take it together.
        """
        together = len(of) > 1 or of[0].count > 1
        said = N_("{time} together, {kind}") if together else N_("{time}, {kind}")
        return Text(said, time=self._bare_time(t, error, of), kind=_kinds(of))

    def _bare_time(
        self, t: float, error: float | None, of: Sequence[PassProduct] | None = None
    ) -> Text:
        time = model_time(t, self.clock, self.tick)
        if all(product.provenance.kind == "recorded" for product in of or self.products):
            return time
        if self.predicted:
            return Text("{time}{error:beside}", time=time, error=error)
        return Text(N_("at least {time}"), time=time) if self.clock == "s" else time

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

    def about(self, product: int) -> tuple[Text, ...]:
        """Lines about one product: what, when, how it is cut, what its launch costs."""
        found = self.products[product]
        several, ran = found.count > 1, found.provenance.kind == "recorded"
        each = P_("{n:group} tile each", "{n:group} tiles each")
        tiles = Text(each if several else PIECES["tile"], n=found.tiles)
        cut = Text(N_("{tiles} in {waves}"), tiles=tiles, waves=Text(WAVES, n=found.waves))
        time = found.whole if found.predicted else found.duration
        said = N_("launch before it {time} = {share:percent} of both")
        if found.group:
            said = N_("its share of the launch {time} = {share:percent} of both")
        launch = Text(
            said,
            time=model_time(found.launch, self.clock, self.tick),
            share=found.launch_share,
        )
        shared = Text(N_("one launch with its neighbours: {group}"), group=own(found.group))
        return (
            found.title,
            *((shared,) if found.group else ()),
            shape_text(found.sides, found.stack),
            self.time_text(time, found.error, (found,)),
            cut if found.waves else tiles,
            *((launch,) if found.launch else () if ran else (self.launch_text,)),
        )


def _kinds(products: Sequence[PassProduct]) -> Text:
    """What their times rest on: 'modelled', or of a sum 'recorded, modelled'."""
    kinds = {product.provenance.kind: product.provenance for product in products}
    return joined(tuple(map(label, kinds.values())), "commas")


def as_traced(timeline: PassTimeline, product: int, trace: Trace | None) -> PassTimeline:
    """The timeline with this product as long as its trace, where that is no model's; no launch of
    the model is before what ran.

    What comes after it comes that much later. Traces in another clock than the pass have no place.
    """
    found = timeline.products[product]
    if trace is None or trace.clock != timeline.clock:
        return timeline
    if trace.provenance.kind == found.provenance.kind:
        return timeline
    traced = replace(
        found,
        launch=0.0,
        duration=found.count * trace.duration,
        waves=trace.waves,
        wave=None,
        error=None,
        provenance=trace.provenance,
    )
    before, after = timeline.products[:product], timeline.products[product + 1 :]
    products = one_after_another((*before, traced, *after))
    launch = None if timeline.launch is None else sum(one.launch for one in products)
    return replace(timeline, products=products, launch=launch)


def one_after_another(products: Sequence[PassProduct]) -> tuple[PassProduct, ...]:
    """Each begins where the one before it ends; many short ones after a long one add up."""
    found = []
    t = lost = 0.0
    for product in products:
        found.append(replace(product, begin=t))
        t, lost = _later(t, lost + product.whole)
    return tuple(found)


def _later(t: float, by: float) -> tuple[float, float]:
    """`by` after `t`, and what is lost to rounding, for the next time (Knuth's TwoSum)."""
    later = t + by
    added = later - t
    return later, (t - (later - added)) + (by - added)


def pass_timeline(
    tilings: Sequence[Tiling],
    device: Device,
    dtype: str,
    launch_s: float | None,
    costs: Sequence[Cost] | None = None,
) -> PassTimeline:
    """The products in the order given, which is that of `Workload.lower`.

    costs: of the same products; where a time is predicted, its launch and its computing are taken.
    launch_s: else the seconds that pass before each product with nothing computed; None where no
    figure is known, and then there are no gaps and the text says so. A lane has no launch, and
    where time is counted in steps none can be placed. Raises InputError for no products or an
    impossible launch.
    """
    if not tilings:
        raise InputError(N_("a pass has at least one product"))
    if launch_s is not None and not 0 <= launch_s < math.inf:
        raise InputError(
            N_("the launch cost of {device} must be 0 s or more, not {launch:g}"),
            device=device.name,
            launch=launch_s,
        )
    products: list[PassProduct] = []
    clock: Clock = "s"
    t = lost = 0.0
    for i, tiling in enumerate(tilings):
        cost = costs[i] if costs is not None else None
        duration, clock = least, _ = product_time(tiling, device, dtype)
        gemm = tiling.gemm
        launch = gemm.count * launch_s if clock == "s" and launch_s is not None else 0.0
        if cost is not None and cost.computing_s is not None and cost.launch_s is not None:
            duration, clock = cost.computing_s, "s"
            launch = gemm.count * cost.launch_s
        wave = wave_time(tiling, device, dtype) if gemm.count == 1 else None
        products.append(
            PassProduct(
                name=gemm.name,
                role=gemm.role,
                sides=(gemm.m, gemm.n, gemm.k),
                begin=t,
                launch=launch,
                duration=gemm.count * duration,
                waves=0 if tiling.order.even else tiling.waves,
                tiles=tiling.tiles,
                wave=None if wave is None else wave * (duration / least),
                count=gemm.count,
                predicted=cost is not None and cost.computing_s is not None,
                error=None if cost is None else cost.error,
                stack=gemm.stack,
                group=gemm.group,
            )
        )
        t, lost = _later(t, lost + products[-1].whole)
    error = None if costs is None else mean_error(costs)
    return PassTimeline(
        products=tuple(products),
        clock=clock,
        launch=_launch(products, clock, launch_s),
        launches=device.body.has_clock,
        tick=device.tick,
        error=error,
    )


def product_time(tiling: Tiling, device: Device, dtype: str) -> tuple[float, Clock]:
    """How long a product takes and in which clock, found without building its Trace."""
    return least_time(tiling, device, dtype)


def wave_time(tiling: Tiling, device: Device, dtype: str) -> float | None:
    """From the start of one wave to that of the next; None where they are not equally long."""
    short, long = tiling.part_k
    if tiling.order.even or short != long:
        return None
    return tile_time(tiling, device, dtype)[0] * tiling.resident


def _launch(products: Sequence[PassProduct], clock: Clock, launch_s: float | None) -> float | None:
    """Seconds of all launches together, None where they are not known."""
    launch = sum(product.launch for product in products)
    if clock == "steps" or (not launch and (launch_s is None or products[0].predicted)):
        return None
    return launch
