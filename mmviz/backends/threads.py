"""The BLAS behind NumPy, and on how many threads it computes, so that others take as many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def numpy_blas() -> dict[str, Any] | None:
    """What threadpoolctl tells of the BLAS behind NumPy's matmul; None where it knows none.

    Other packages bring a BLAS of their own: the one that lies beside NumPy is meant, if any does.
    """
    try:
        from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # ships no types
    except ModuleNotFoundError:  # machines with a GPU and little else
        return None
    found: list[dict[str, Any]] = [
        info for info in threadpool_info() if info.get("user_api") == "blas"
    ]
    home = str(Path(np.__file__).resolve().parent)
    found.sort(key=lambda info: not str(info.get("filepath", "")).startswith(home))
    return found[0] if found else None


def blas_threads() -> int | None:
    """How many threads it computes on; None where nobody tells."""
    found = numpy_blas()
    return int(found["num_threads"]) if found and found.get("num_threads") else None
