"""What Python and NumPy leave alone while something is timed."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

import numpy as np


@contextlib.contextmanager
def computing() -> Iterator[None]:
    """No look for cycles, that would visit every list of a large batch again and again; and no
    complaint of what is too large for a dtype: it becomes inf, and a check against float64 says so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            yield
    finally:
        if was_on:
            gc.enable()
