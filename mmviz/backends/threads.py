"""The BLAS behind NumPy, and on how many threads it computes, so that others take as many."""

from __future__ import annotations

from contextlib import AbstractContextManager
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


class BlasThreads:
    """Holds every BLAS of this process to a number of threads, and gives back what it had.

    Made once: it looks at all libraries that are loaded. Needs threadpoolctl.
    """

    def __init__(self) -> None:
        from threadpoolctl import ThreadpoolController

        self._pools = ThreadpoolController()

    def held_to(self, count: int) -> AbstractContextManager[object]:
        """While the context lasts; it holds for all threads of the process."""
        limits: AbstractContextManager[object] = self._pools.limit(limits=count, user_api="blas")
        return limits
