"""How far results are from float64, relative to what rounding can be relative to.

Beside the largest exact value stands a floor from the scale of the factors (as in the fingerprint
e = rms(C - C64) / (rms(A) · rms(B) · sqrt(K))): where an activation is saturated, its values or
slopes are as small as 1e-232, float64 itself knows no digit of them, and a ratio of two of them
says nothing. The floor is a thousandth of what stood there without saturation, so it is far below
the largest exact value of any network that is not saturated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.training import deviation
from mmviz.core.shapes.network import Network

Float64 = NDArray[np.float64]

FLOOR = 1e-3
_UNBOUNDED = ("linear", "relu")  # have no flat end but an exact 0: their small values are exact


def output_deviation(network: Network, actual: NDArray[Any], exact: Float64) -> float:
    """max |A - A64| / max(max |A64|, floor) over the rows of `exact` [rows × outputs].

    The floor is 1e-3, a thousandth of what an activation with a flat end gives in its middle; none
    for those without one.
    """
    floor = 0.0 if network.layers[-1].activation in _UNBOUNDED else FLOOR
    return deviation(actual[: len(exact)], exact, floor)


def gradient_floor(exact: Float64, target: NDArray[Any], batch: int) -> float:
    """Floor for the gradients: 1e-3 · rms(A64 - T) / sqrt(batch).

    That is a thousandth of the last layer's db with slopes of 1: each of its entries sums `batch`
    terms (a - t) / batch. Weights are scaled so that neither values nor gradients grow or shrink
    from layer to layer, so it holds for every dW and db. `exact` [rows × outputs] may be the first
    rows of the batch only.
    """
    error = exact - target[: len(exact)]
    return FLOOR * float(np.sqrt(np.mean(np.square(error)))) / float(np.sqrt(batch))
