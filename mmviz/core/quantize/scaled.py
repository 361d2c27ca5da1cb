"""Matrices in narrow formats: codes, and the scales they are multiplied with.

float8 has one scale a matrix. int8 has one for each row of A and each column of B, those that all
terms of a cell share, so that a sum of whole numbers is scaled once at its end. nvfp4 has an E4M3
scale for each 16 numbers along k, and one in float32 for the whole matrix that brings those into
E4M3's range (NVIDIA, Introducing NVFP4 for Efficient and Accurate Low-Precision Inference, 2025).
All are symmetric, made of the numbers themselves: the largest becomes the largest code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.core.quantize.rounding import GRIDS, Floats, rounded
from mmviz.core.shapes.dtype import NARROW

BLOCK = 16  # numbers along k that share a scale in nvfp4
INT8 = 127  # −128 is left out: the codes are symmetric
_E4M3, _E2M1 = GRIDS["e4m3"], GRIDS["e2m1"]
_TINY = float(np.finfo(np.float32).tiny)
EXACT = ("float64", "float32")
"""Formats that hold the numbers of mmviz, which are float32, as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A matrix of codes [rows × columns], and scales of a shape that broadcasts to it."""

    codes: Floats
    scales: Floats

    @property
    def values(self) -> Floats:
        """The numbers they stand for."""
        return self.codes * self.scales


def largest_of(x: NDArray[Any]) -> float:
    """The largest magnitude of all numbers of `x`, which scales of whole matrices are made of."""
    return max(float(x.max()), -float(x.min())) if x.size else 0.0


def float8(x: NDArray[Any], largest: float | None = None) -> Scaled:
    """E4M3 with one scale. largest: of the matrix of which `x` is a part."""
    scale = _scale(np.array([[largest_of(x) if largest is None else largest]]), _E4M3.largest)
    return Scaled(rounded(x / scale, _E4M3), scale)


def int8(x: NDArray[Any], along: Literal[0, 1]) -> Scaled:
    """Whole numbers from −127 to 127 with a scale for all that lie along the axis of k."""
    most = np.max(np.abs(x.astype(np.float64)), axis=along, keepdims=True, initial=0.0)
    scale = _scale(most, INT8)
    return Scaled(np.clip(np.rint(x / scale), -INT8, INT8), scale)


def nvfp4(x: NDArray[Any], along: Literal[0, 1], largest: float | None = None) -> Scaled:
    """E2M1 with a scale for each BLOCK along the axis of k; the last block may be shorter.

    A block far below the largest number of the matrix has a scale of 0, and so no numbers.
    """
    whole = _scale(
        np.array([[largest_of(x) if largest is None else largest]]), _E4M3.largest * _E2M1.largest
    )
    starts = np.arange(0, x.shape[along], BLOCK)
    most = np.maximum.reduceat(np.abs(x.astype(np.float64)), starts, axis=along)
    blocks = rounded(most / _E2M1.largest / whole, _E4M3) * whole
    scales = np.repeat(blocks, BLOCK, axis=along)
    scales = scales[: len(x)] if along == 0 else scales[:, : x.shape[1]]
    codes = np.divide(x, scales, out=np.zeros(x.shape), where=scales > 0)
    return Scaled(rounded(codes, _E2M1), scales)


def scaled(
    x: NDArray[Any], dtype: str, along: Literal[0, 1], largest: float | None = None
) -> Scaled:
    """`x` in a narrow format. along: the axis that k is, 1 of A [m × k], 0 of B [k × n]."""
    if dtype not in NARROW:
        raise ValueError(f"{dtype} has no scales")
    if dtype == "int8":
        return int8(x, along)
    return float8(x, largest) if dtype == "float8" else nvfp4(x, along, largest)


def as_kept(
    x: NDArray[Any], dtype: str, along: Literal[0, 1], largest: float | None = None
) -> Floats:
    """Finite `x` as an operand in `dtype` keeps it, in float64: rounded, or codes times scales."""
    if dtype in EXACT:
        return x.astype(np.float64)
    if dtype in NARROW:
        return scaled(x, dtype, along, largest).values
    return rounded(x, GRIDS[dtype])


def _scale(most: Floats, code: float) -> Floats:
    """What makes `most` the largest `code`, in float32; 1 where all is 0."""
    scale = np.maximum((most / code).astype(np.float32), np.float32(_TINY)).astype(np.float64)
    return np.where(most > 0, scale, 1.0)
