"""The number formats a product can be computed in, by the ids used everywhere in mmviz."""

from __future__ import annotations

from mmviz.errors import InputError
from mmviz.text import N_

BYTES: dict[str, int] = {"float64": 8, "float32": 4, "tf32": 4, "float16": 2, "bfloat16": 2}
"""Bytes one element takes in memory, by dtype id. tf32 is stored as float32."""

DEFAULT = "float32"


def check_dtype(dtype: str) -> str:
    """Return `dtype` if it is a known id, else raise InputError naming the known ones."""
    if dtype not in BYTES:
        raise InputError(
            N_("unknown dtype {dtype!r:.60}; known are {known}"),
            dtype=dtype,
            known=", ".join(BYTES),
        )
    return dtype
