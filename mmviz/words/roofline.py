"""A product on the roofline, said: which side it lies on, and how much of the peak it reaches."""

from __future__ import annotations

from mmviz import units
from mmviz.core.time.cost import Cost
from mmviz.text import N_, Text, joined
from mmviz.words.products import shape, titled

LOOKS = {3: "{x:sig}", 4: "{x:sig4}", 5: "{x:sig5}", 6: "{x:sig6}"}
"""Digits of an intensity, and how they are written."""


def apart(intensity: float, ridge: float, least: int = 3) -> tuple[Text, Text]:
    """Both in as many digits as tell which is above: '174', '174' are said as '174.2', '173.9'."""
    both = intensity, ridge
    told = (n for n in LOOKS if n >= least and len({units.sig(x, n) for x in both}) > 1)
    look = LOOKS[next(told, least)]
    return Text(look, x=intensity), Text(look, x=ridge)


def bound_text(cost: Cost) -> Text:
    """'memory-bound: 110 FLOP/B, below the ridge at 139'."""
    if cost.ridge is None:
        return Text("{intensity:sig} FLOP/B", intensity=cost.intensity)
    said = N_("compute-bound: {intensity} FLOP/B, not below the ridge at {ridge}")
    if cost.bound == "memory":
        said = N_("memory-bound: {intensity} FLOP/B, below the ridge at {ridge}")
    intensity, ridge = apart(cost.intensity, cost.ridge)
    return Text(said, intensity=intensity, ridge=ridge)


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
