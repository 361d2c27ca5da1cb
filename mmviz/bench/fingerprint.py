"""The precision a product really ran in, told from its errors.

e = rms(C - C64) / (rms(A)·rms(B)·√K) depends neither on the size of the numbers nor, but for sums
in a short format, on K. The textbook bound K·u·|A||B| misses TF32 at K >= 1024. What formats give,
measured on emulations of them:

    float64           1e-16           inputs in TF32 or float16   2.9e-4
    float32           1e-7 … 6e-7     output in float16 as well   3.6e-4
    bfloat16          2.4e-3          sums in float16             1.3e-3·√(K/64)
    int8              1.1e-2          float8                      3.7e-2

The last two are told apart from sums in float16 where a narrow format was asked for alone.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import Backend
from mmviz.core.learning.values import SEED, make_values
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.network import Dense, Network
from mmviz.text import N_, Text

Precision = Literal[
    "float64", "float32", "tf32", "bfloat16", "float16 sums", "int8", "float8", "nvfp4"
]
"""tf32: or float16 with sums in float32, which multiply the same ten bits."""

K = 1024  # at which sums in float16 stand far from all else
_FEW, _MANY = 32, 256  # rows and columns of the product: for who is slow, and for who is not
_QUICK = 1e9  # FLOP/s
_LIMITS: tuple[tuple[float, Precision], ...] = (
    (1e-11, "float64"),
    (1e-5, "float32"),
    (8e-4, "tf32"),
    (3.5e-3, "bfloat16"),
)
_NARROW_LIMITS: tuple[tuple[float, Precision], ...] = (
    *_LIMITS,
    (2.2e-2, "int8"),
    (7e-2, "float8"),
    (3e-1, "nvfp4"),
)


def fingerprint(c: NDArray[np.floating], a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """e of C = A·B, whatever computed it, [m × k] and [k × n]."""
    exact = a.astype(np.float64) @ b.astype(np.float64)
    off = _rms(c.astype(np.float64) - exact)
    return off / (_rms(a) * _rms(b) * float(np.sqrt(a.shape[1])))


def precision(e: float, dtype: str = "") -> Precision:
    """Which format an `e` at k = K belongs to; dtype: what was asked for, "" where nobody knows."""
    limits = _NARROW_LIMITS if dtype in NARROW else _LIMITS
    return next((name for limit, name in limits if e < limit), "float16 sums")


def reading(e: float, dtype: str) -> Text | None:
    """What an `e` at k = K says against the `dtype` that was asked for, None where it fits."""
    found = precision(e, dtype)
    fits = {
        "float64": ("float64",),
        "float32": ("float64", "float32"),
        "tf32": ("float64", "float32", "tf32"),
        "float16": ("float64", "float32", "tf32"),
        "bfloat16": ("float64", "float32", "tf32", "bfloat16"),
        "int8": ("float64", "float32", "tf32", "bfloat16", "int8"),
        "float8": ("float64", "float32", "tf32", "bfloat16", "int8", "float8"),
        "nvfp4": ("float64", "float32", "tf32", "bfloat16", "int8", "float8", "nvfp4"),
    }
    if found in fits[dtype]:
        return None
    if found == "float16 sums":
        return Text(N_("this added up in float16"))
    names = {"tf32": "TF32"}
    return Text(N_("this ran in {dtype}"), dtype=names.get(found, found))


def take(backend: Backend, dtype: str, flop_s: float) -> float:
    """e of one product of `backend` in `dtype`, about as long as it can afford at `flop_s`."""
    side = _MANY if flop_s >= _QUICK else _FEW
    network = Network("fingerprint", K, (Dense(side, "linear", bias=(0.0,) * side),))
    values = make_values(network, side, SEED)
    prepared = backend.prepare(network, values, dtype)
    try:
        prepared.run()
        return fingerprint(prepared.output(), values.x, values.weights[0])
    finally:
        prepared.close()


def _rms(values: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
