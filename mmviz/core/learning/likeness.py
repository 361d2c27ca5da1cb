"""Whether the weights of a neuron look like the digit it answers for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmviz.core.learning.digits.made import CLASSES, Digits
from mmviz.core.learning.digits.strokes import Floats


def class_means(digits: Digits) -> Floats:
    """Of each digit the mean of its drawings less that of all, [784 × 10]: what is its own."""
    found = np.zeros((digits.x.shape[1], CLASSES), np.float32)
    whole = digits.x.mean(axis=0)
    for digit in range(CLASSES):
        its = digits.x[digits.labels == digit]
        if len(its):
            found[:, digit] = its.mean(axis=0) - whole
    return found


def likeness(weights: Floats, means: Floats) -> float | None:
    """Mean correlation (Pearson) of each neuron's weights [784 × 10] with its digit's own mean
    [784 × 10], -1 … 1; None while weights are all alike and resemble nothing.
    """
    w, m = (_normed(columns) for columns in (weights, means))
    if not w.any():
        return None
    return float((w * m).sum(axis=0).mean())


def _normed(columns: Floats) -> NDArray[np.float64]:
    apart = columns.astype(np.float64)
    apart -= apart.mean(axis=0)
    length = np.linalg.norm(apart, axis=0)
    return np.asarray(np.divide(apart, length, out=np.zeros_like(apart), where=length > 0))
