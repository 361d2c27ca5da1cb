"""Which stretch of a pass is shown: zoom, pan, round ticks, and what is too narrow to part."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from mmviz.core.device.body import STEP, Noun
from mmviz.core.schedule.trace import Clock
from mmviz.core.shapes.gemm import Role
from mmviz.state.picture.pass_timeline import PassProduct, PassTimeline
from mmviz.text import N_, P_, Text
from mmviz.words.time import model_time

FINEST = 1e-9  # of the whole pass: closer, two times could no longer be told apart
NARROW = 3.0  # pixels: launch and computing of less cannot be drawn in their proportion
LEAST = 1.5  # pixels that what is narrower is given: however short, it is seen and pointed at


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end` in the timeline's clock; never empty."""

    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start

    def share(self, t: float) -> float:
        """Where `t` lies, 0 at the start, 1 at the end; outside for what is not shown."""
        return (t - self.start) / self.length

    def at(self, share: float) -> float:
        """The time at that share of the span."""
        return self.start + share * self.length


@dataclass(frozen=True, slots=True)
class Block:
    """What is drawn as one: product `first`, or `count` neighbours too narrow to be parted.

    role: theirs, None where they differ. whole: launches and computing together, launch: the former
    of it. left, right: where it is drawn, in pixels from the start of the span; `widened` where
    that is more than its time has.
    """

    first: int
    count: int
    role: Role | None
    whole: float
    launch: float
    left: float
    right: float
    widened: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A time marked on the axis."""

    t: float
    text: Text


def whole(timeline: PassTimeline) -> Span:
    """All of the pass."""
    return Span(0.0, timeline.total)


def clamp(timeline: PassTimeline, span: Span) -> Span:
    """The nearest span within the pass; no shorter than an eighth of its shortest product."""
    shortest = min(product.duration for product in timeline.products)
    least = max(shortest / 8, timeline.total * FINEST)
    length = min(max(span.length, least), timeline.total)
    start = min(max(span.start, 0.0), timeline.total - length)
    return Span(start, start + length)


def zoom(timeline: PassTimeline, span: Span, about: float, factor: float) -> Span:
    """`factor` times closer (below 1: farther) while the time `about` stays in its place."""
    length = clamp(timeline, Span(span.start, span.start + span.length / factor)).length
    start = about - span.share(about) * length
    return clamp(timeline, Span(start, start + length))


def pan(timeline: PassTimeline, span: Span, by: float) -> Span:
    """The same length, `by` later."""
    return clamp(timeline, Span(span.start + by, span.end + by))


def reveal(timeline: PassTimeline, span: Span, product: int) -> Span:
    """Panned as little as shows the product with its launch, or some of it if it is too long."""
    found = timeline.products[product]
    if found.whole <= span.length:
        by = max(found.end - span.end, 0.0) or min(found.begin - span.start, 0.0)
        return pan(timeline, span, by) if by else span
    if found.start < span.end and found.end > span.start:
        return span
    return pan(timeline, span, found.start - span.at(0.2))


def blocks(timeline: PassTimeline, span: Span, pixels: float) -> tuple[Block, ...]:
    """What is drawn of the span on so many pixels, in order; narrow neighbours merge.

    So what is widened has no neighbour but such as are wider: it may lie over them.
    """
    narrow = NARROW * span.length / pixels
    products = timeline.products
    # All that begins with the first to be seen: their times may be one and the same.
    first = bisect_left(products, products[timeline.at(span.start)[0]].begin, key=_begin)
    last = timeline.at(span.end)[0]
    found: list[Block] = []
    run: list[PassProduct] = []
    for index in range(first, last + 1):
        product = products[index]
        if product.whole < narrow:
            run.append(product)
            continue
        if run:
            found.append(_block(index - len(run), run, span, pixels))
            run = []
        found.append(_block(index, [product], span, pixels))
    if run:
        found.append(_block(last + 1 - len(run), run, span, pixels))
    return tuple(found)


def _begin(product: PassProduct) -> float:
    return product.begin


def _block(first: int, run: Sequence[PassProduct], span: Span, pixels: float) -> Block:
    role = run[0].role if len({product.role for product in run}) == 1 else None
    whole, launch = sum(one.whole for one in run), sum(one.launch for one in run)
    begin, end = (min(max(span.share(t), 0.0), 1.0) * pixels for t in (run[0].begin, run[-1].end))
    widened = end - begin < LEAST
    if widened:
        begin = min(max((begin + end - LEAST) / 2, 0.0), max(pixels - LEAST, 0.0))
        end = begin + LEAST
    return Block(first, len(run), role, whole, launch, begin, end, widened)


def block_at(drawn: Sequence[Block], x: float) -> Block | None:
    """What is drawn at `x`, in pixels from the start of the span; the widened ones lie on top."""
    there = [block for block in drawn if block.left <= x <= block.right]
    return next((block for block in there if block.widened), there[0] if there else None)


def pointed(
    timeline: PassTimeline, span: Span, pixels: float, drawn: Sequence[Block], x: float
) -> tuple[int, float]:
    """The product meant at `x`, in pixels from the start of the span, and the share of it computed.

    In what is widened every product has an equal part, whatever its time.
    """
    block = block_at(drawn, x)
    if block is None or not block.widened:
        return timeline.at(span.at(x / pixels))
    place = (x - block.left) / (block.right - block.left) * block.count
    index = min(int(place), block.count - 1)
    return block.first + index, min(max(place - index, 0.0), 1.0)


def about(timeline: PassTimeline, block: Block) -> tuple[Text, ...]:
    """Lines about what is drawn as one: a product, or how many and how long they take together."""
    if block.count == 1:
        return timeline.about(block.first)
    last = block.first + block.count - 1
    drawn = P_(
        "{n:group} product drawn as one, {first} to {last}",
        "{n:group} products drawn as one, {first} to {last}",
    )
    launch = Text(
        N_("launch {time} = {share:percent} of it"),
        time=model_time(block.launch, timeline.clock, timeline.tick),
        share=block.launch / block.whole,
    )
    return (
        Text(
            drawn,
            n=block.count,
            first=timeline.products[block.first].title,
            last=timeline.products[last].title,
        ),
        timeline.time_text(block.whole, timeline.error, timeline.products[block.first : last + 1]),
        launch if block.launch else timeline.launch_text,
        Text(N_("zoom in to part them")),
    )


def ticks(span: Span, clock: Clock, most: int, tick: Noun = STEP) -> tuple[Tick, ...]:
    """Round times: 1, 2 or 5 times a power of ten of seconds, minutes, hours, days or steps.

    They part the span in at most `most` pieces and what is left over at its ends. Where three
    digits cannot tell them apart, all but the first say how much later than it they are.
    """
    unit = _unit(span.length) if clock == "s" else 1.0
    step = unit * _round_up(span.length / unit / max(1, most))
    if clock == "steps":
        step = max(step, 1.0)  # a step has no parts
    first, last = math.ceil(span.start / step - 1e-9), math.floor(span.end / step + 1e-9)
    times = [i * step for i in range(first, last + 1)]
    texts = [model_time(t, clock, tick) for t in times]
    if len(set(map(str, texts))) < len(texts):
        laters = (model_time(i * step, clock, tick) for i in range(1, len(times)))
        later = [Text("+{later}", later=time) for time in laters]
        texts = [texts[0], *later]
    return tuple(Tick(t, text) for t, text in zip(times, texts, strict=True))


def _unit(length: float) -> float:
    """The unit of time that `mmviz.units.seconds` writes such a length in, below it the second."""
    return next(
        (s for limit, s in ((172_800, 86_400), (7_200, 3_600), (120, 60)) if length >= limit), 1
    )


def _round_up(x: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not below `x`."""
    power = 10.0 ** math.floor(math.log10(x))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= x * (1 - 1e-9))
