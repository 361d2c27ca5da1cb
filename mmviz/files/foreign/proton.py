"""What Triton Proton counts: cycles of an SM, written as if its clock were 1 GHz.

It says "Frequency (MHz)": 1000, or "Unit": "GPU cycle", beside slices that count so. Where it also
says when each block began and ended in true nanoseconds ("Init Time (ns)", "Post Final Time (ns)",
"Finalization Time (ns)"), the clock follows: cycles of all blocks over the time that they took.
Source: triton-lang/triton, third_party/proton, TraceWriter.cpp and those before it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

_AS_CYCLES = 1000.0  # MHz
_LEAST, _MOST = 100.0, 10_000.0  # MHz of a clock that can be
_TIMES = ("Init Time (ns)", "Post Final Time (ns)", "Finalization Time (ns)")
_FAR = 1 << 63  # ns


class ProtonClock:
    """Looks at slices as they are read; cycles: whether they count the SM's clock."""

    def __init__(self) -> None:
        self.cycles = False
        self._blocks: dict[Hashable, tuple[float, float, int]] = {}

    def look(self, process: Hashable, start_us: float, end_us: float, args: Any) -> None:
        """A slice of a block, which is a process of its own."""
        if not isinstance(args, Mapping):
            return
        if args.get("Frequency (MHz)") == _AS_CYCLES or args.get("Unit") == "GPU cycle":
            self.cycles = True
        times = [one for name in _TIMES if type(one := args.get(name)) is int and 0 <= one < _FAR]
        if len(times) != len(_TIMES):
            return
        init, final, lasts = times
        first, last, _ = self._blocks.get((process, init), (start_us, end_us, 0))
        took = final - lasts - init
        self._blocks[process, init] = min(first, start_us), max(last, end_us), took

    @property
    def mhz(self) -> float | None:
        """The clock of the SMs, None where the file does not tell it."""
        known = [(last - first, took) for first, last, took in self._blocks.values() if took > 0]
        cycles, ns = (sum(column) for column in zip(*known, strict=True)) if known else (0.0, 0)
        found = 1e3 * _AS_CYCLES * cycles / ns if ns else 0.0
        return found if self.cycles and _LEAST <= found <= _MOST else None
