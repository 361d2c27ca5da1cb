"""How many threads NumPy's BLAS computes on, so that others compute on as many."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def blas_threads() -> int | None:
    """Threads of the BLAS beside NumPy; None where nobody tells.

    Other packages bring a BLAS of their own, which is not meant.
    """
    try:
        from threadpoolctl import threadpool_info  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError:
        return None
    home = str(Path(np.__file__).resolve().parent)
    for info in threadpool_info():
        beside = str(info.get("filepath", "")).startswith(home)
        if info.get("user_api") == "blas" and beside and info.get("num_threads"):
            return int(info["num_threads"])
    return None
