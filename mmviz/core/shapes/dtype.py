"""The number formats a product can be computed in, by the ids used everywhere in mmviz.

Three of them are narrow: their operands are quantized numbers with scales (`mmviz.core.quantize`),
their sums are kept wider, and what leaves a product has two bytes a number, as in the published
timings (outputs in bfloat16 or float16). float8 is E4M3 (P. Micikevicius et al., FP8 Formats for
Deep Learning, arXiv 2209.05433); nvfp4 is E2M1 in 4 bits with one E4M3 scale of 8 bits for each 16
numbers along k (NVIDIA, Introducing NVFP4, 2025), 4.5 bits in all.
"""

from __future__ import annotations

import math

from mmviz.errors import InputError
from mmviz.text import N_

BYTES: dict[str, float] = {
    "float64": 8,
    "float32": 4,
    "tf32": 4,
    "float16": 2,
    "bfloat16": 2,
    "float8": 1,
    "int8": 1,
    "nvfp4": 0.5625,
}
"""Bytes one element of an operand takes, its share of a block's scale included, by dtype id.

tf32 is stored as float32. A scale of a whole matrix or of a row is not counted.
"""

DTYPES = tuple(BYTES)
NARROW = ("float8", "int8", "nvfp4")
"""Formats whose operands are quantized, with scales."""

MATRIX_DTYPES = ("tf32", "float16", "bfloat16", *NARROW)
"""What the matrix units of a GPU take; all else its other units compute."""

DEFAULT = "float32"
_OUT = 2  # bytes of a number that leaves a narrow product


def check_dtype(dtype: str) -> str:
    """Return `dtype` if it is a known id, else raise InputError naming the known ones."""
    if dtype not in BYTES:
        raise InputError(
            N_("unknown dtype {dtype!r:.60}; known are {known}"),
            dtype=dtype,
            known=", ".join(BYTES),
        )
    return dtype


def bits(dtype: str) -> int:
    """Bits of one element alone, without its share of a scale."""
    return int(8 * BYTES[dtype])


def out_bytes(dtype: str) -> float:
    """Bytes of one element of the result of a product whose operands are in `dtype`."""
    return _OUT if dtype in NARROW else BYTES[dtype]


def stored(cells: int, dtype: str) -> int:
    """Whole bytes that so many elements of an operand take."""
    return math.ceil(cells * BYTES[dtype])


def product_bytes(m: int, n: int, k: int, dtype: str) -> int:
    """Whole bytes of the three matrices of a product, each once: A and B in `dtype`, C as it is."""
    return stored(m * k, dtype) + stored(k * n, dtype) + math.ceil(m * n * out_bytes(dtype))
