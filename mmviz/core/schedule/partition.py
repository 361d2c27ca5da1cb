"""How OpenBLAS parts a product among its threads.

Source: OpenBLAS, interface/gemm.c (when threads are worth it) and driver/level3/level3_thread.c
(the grid of threads). The K loop is never shared. A product with a single row or column goes to
gemv, which parts differently; that is not modelled.
"""

from __future__ import annotations

from mmviz.core.device.device import Tile
from mmviz.core.shapes.gemm import Gemm
from mmviz.text import N_, Text

LEAST_WORK = 262_144  # m·n·k a thread must have before another one is woken: 64³
DEFAULT_RATIO = 8
RATIOS: dict[str, int] = {"Haswell": 8, "SkylakeX": 16}  # SWITCH_RATIO for float32, by BLAS core


def switch_ratio(core: str) -> tuple[int, bool]:
    """OpenBLAS's ratio for a BLAS core, and whether it is known; else DEFAULT_RATIO is taken.

    Builds for many CPUs read the one of float32 for every dtype.
    """
    ratios = {name.lower(): ratio for name, ratio in RATIOS.items()}
    found = ratios.get(core.lower())
    return (DEFAULT_RATIO, False) if found is None else (found, True)


def ratio_text(core: str) -> Text:
    """Which ratio is taken for a BLAS core and why, as a sentence."""
    ratio, known = switch_ratio(core)
    if known:
        said = N_("OpenBLAS parts with a ratio of {ratio} on the BLAS core {core}")
    elif core:
        said = N_(
            "the ratio of the BLAS core {core!r:.40} is not known; {ratio} is assumed, as on "
            "Haswell"
        )
    else:
        return Text(N_("the ratio is not known; {ratio} is assumed, as on Haswell"), ratio=ratio)
    return Text(said, ratio=ratio, core=core)


def threads_used(gemm: Gemm, threads: int) -> int:
    """How many of `threads` get work: one up to LEAST_WORK, else as many as have that much each."""
    return max(1, min(threads, gemm.m * gemm.n * gemm.k // LEAST_WORK))


def thread_grid(m: int, n: int, threads: int, ratio: int) -> tuple[int, int]:
    """t_m × t_n threads for OpenBLAS's own m × n (column-major: NumPy's columns × rows)."""
    t_m = 1 if m < 2 * ratio else threads
    while m < t_m * ratio and t_m > 1:
        t_m //= 2
    if n < ratio * t_m:
        return t_m, 1
    t_n = min(-(-n // (ratio * t_m)), threads // t_m)
    # Move a divisor of t_m over to t_n where that makes the threads' blocks more nearly square.
    divisors = [d for d in range(1, t_m + 1) if t_m % d == 0]
    moved = min(divisors, key=lambda d: (n * (t_m // d) + m * t_n * d, d))
    return t_m // moved, t_n * moved


def partition(gemm: Gemm, threads: int, ratio: int = DEFAULT_RATIO) -> tuple[int, int]:
    """Threads along the rows and along the columns of C as NumPy has it (row-major).

    NumPy's row-major product is OpenBLAS's transposed one, so its m is our n.
    """
    used = threads_used(gemm, threads)
    if used == 1:
        return 1, 1
    along_n, along_m = thread_grid(gemm.n, gemm.m, used, ratio)
    return along_m, along_n


def thread_tile(gemm: Gemm, threads: int, ratio: int = DEFAULT_RATIO) -> Tile:
    """The block of C one thread computes; those at the edges are smaller.

    OpenBLAS further rounds a block up to its kernel's width, which is not modelled.
    """
    along_m, along_n = partition(gemm, threads, ratio)
    return -(-gemm.m // along_m), -(-gemm.n // along_n)
