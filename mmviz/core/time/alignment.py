"""What rows cost that do not begin at multiples of 16 bytes, where matrix units compute.

Matrix units are fed 16 bytes at a time: rows whose length is no multiple of that need narrower
loads. Since cuBLAS 11 such shapes run, but slower (NVIDIA, Matrix Multiplication Background User's
Guide). By how much is known from one published figure only: padding GPT-2's vocabulary from 50257
to 50304 made a training step on an A100 about 25 % faster (A. Karpathy on nanoGPT, 2023). The
vocabulary's products are 27 % of that step's FLOP (6 · 38.6 M of 6 · 123.6 M + 113 M a token), so
they must have been 1.9 times slower with rows of odd length. Between 16 bytes and 2 the factor is
interpolated, the same for each halving.

Narrow formats have more halvings, down to a byte or half of one, by the same factor each. Nothing
is published of such rows: libraries pad them, or refuse them as PyTorch does in float8 where a side
is no multiple of 16.

It is not carried to cards whose own rows contradict it: their calibration has a constant `odd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmviz.core.shapes.dtype import MATRIX_DTYPES, bits
from mmviz.text import N_

FULL = 16  # bytes a matrix unit's load takes
ODD_HALVES = 1.9  # derived above, for rows of odd length in 2-byte types
UNCERTAIN = 0.5  # half of the loss either way: one figure, of one GPU, other layers included
LINE = 128  # bytes that caches hold together; layers that are timed have rows of whole lines
# What products of other rows are off on a card whose own rows gave the factor: root mean square of
# seven squares from 2040 to 2073 on an RTX 4090, 84 to 156 TFLOP/s (pytorch#181718). 2056 and 2072
# are a quarter slower than the odd sides beside them.
SCATTER = 0.2
SOURCE = N_("derived from one published figure: nanoGPT, 50257 → 50304, 25 % of a training step")
OWN = N_("part of the calibration of this card, of few odd sizes")

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]


def aligned_to(rows: Ints, dtype: str, most: int = FULL) -> Floats:
    """Bytes, the largest power of two up to `most` that divides the length of rows.

    `rows` in elements; lengths joined by `or` are divided by what divides each of them.
    """
    joined = rows.astype(np.int64) * bits(dtype) | 8 * most
    return (joined & -joined) / 8


def off_lines(rows: Ints, dtype: str) -> NDArray[np.bool_]:
    """Which products have rows that are no whole LINEs and are computed by matrix units."""
    if dtype not in MATRIX_DTYPES:
        return np.zeros(len(rows), dtype=np.bool_)
    found: NDArray[np.bool_] = aligned_to(rows, dtype, LINE) < LINE
    return found


def alignment_factor(rows: Ints, dtype: str, odd: float = ODD_HALVES) -> Floats:
    """How many times longer a product computes for rows of that length, at least 1.

    odd: the factor of rows of odd length in 2-byte types. Types that matrix units do not take have
    no such rule: 1.
    """
    if dtype not in MATRIX_DTYPES:
        return np.ones(len(rows))
    halvings = np.log2(FULL / aligned_to(rows, dtype))
    factor: Floats = odd ** (halvings / 3)
    return factor
