"""Which shade of a heat map a value has, and what the bar of shades beside it says."""

from __future__ import annotations

import math

import numpy as np

from mmviz.state.sweep.chart import SweepChart
from mmviz.state.sweep.curves import Floats
from mmviz.state.sweep.values import PEAK, figure

BAR = 12.0  # width of the bar
_MIDDLE = (10.0, 98.0)  # percentiles: small counts fill little, and all of them the same way


def bar_ends(chart: SweepChart) -> tuple[float, float]:
    """The values of the darkest and the lightest shade of a heat map.

    Percentiles, so that a few points far off do not take the shades that tell the others apart;
    the least and the greatest value where these lie near.
    """
    least, most = float(np.nanmin(chart.y)), float(np.nanmax(chart.y))
    low, high = (float(end) for end in np.nanpercentile(chart.y, _MIDDLE))
    return (low, high) if low < high else (least, most)


def bar_texts(chart: SweepChart, most: int = 5) -> tuple[str, ...]:
    """What the colour bar says, from its lower end to its upper one, evenly apart."""
    low, high = bar_ends(chart)
    at = [i / (most - 1) for i in range(most)]
    if chart.value == PEAK:
        values = [low + share * (high - low) for share in at]
    else:
        values = [low * (high / low) ** share for share in at]
    texts = [str(figure(chart.value, x)) for x in values]
    if float(np.nanmin(chart.y)) < low:
        texts[0] = f"≤ {texts[0]}"
    if float(np.nanmax(chart.y)) > high:
        texts[-1] = f"≥ {texts[-1]}"
    return tuple(texts)


def shares(chart: SweepChart) -> Floats:
    """[points] 0 … 1 along the colour bar: times by their logarithm, shares of the peak as such."""
    low, high = bar_ends(chart)
    if low == high:
        return np.zeros(len(chart.y))
    values = np.nan_to_num(np.clip(chart.y, low, high), nan=low)
    if chart.value == PEAK:
        return (values - low) / (high - low)
    return np.log(values / low) / math.log(high / low)
