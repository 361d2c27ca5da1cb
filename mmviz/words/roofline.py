"""A product on the roofline, said: which side it lies on, and how much of the peak it reaches."""

from __future__ import annotations

from mmviz.core.time.cost import Cost
from mmviz.text import N_, Text, joined
from mmviz.words.products import shape, titled


def bound_text(cost: Cost) -> Text:
    """'memory-bound: 110 FLOP/B, below the ridge at 139'."""
    said = "{intensity:sig} FLOP/B"
    if cost.bound == "memory":
        said = N_("memory-bound: {intensity:sig} FLOP/B, below the ridge at {ridge:sig}")
    elif cost.bound == "compute":
        said = N_("compute-bound: {intensity:sig} FLOP/B, not below the ridge at {ridge:sig}")
    return Text(said, intensity=cost.intensity, ridge=cost.ridge)


def roof_lines(
    name: Text, peak: float, published: float | None, *, narrow: bool = False
) -> tuple[Text, ...]:
    """What a roof is of, and how high it is: 'NVIDIA A100', '332 TFLOP/s, 1.06 × the published'.

    published: FLOP/s of the datasheet, where its units are seen to run at another clock. narrow:
    that in a line of its own.
    """
    high = Text("{peak:rate}", peak=peak)
    if published is None:
        return name, high
    times = Text(N_("{times:ratio} the published"), times=peak / published)
    return (name, high, times) if narrow else (name, joined((high, times), "commas"))


def point_lines(cost: Cost) -> tuple[Text, Text, Text]:
    """Name and shape; intensity and bound; predicted rate and share of the peak."""
    gemm = cost.tiling.gemm
    head = joined((titled(gemm.name, gemm.role), shape(gemm)), "commas")
    if cost.rate is None or not cost.peak:
        none = Text(N_("predicted: {none}, {why}"), none=None, why=cost.basis)
        return head, bound_text(cost), none
    reached = Text(
        N_("predicted {rate:rate}{error:beside}, {share:percent} of the peak"),
        rate=cost.rate,
        error=cost.error,
        share=cost.rate / cost.peak,
    )
    return head, bound_text(cost), reached
