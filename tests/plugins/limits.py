"""What one SM can hold, by compute capability.

Source: NVIDIA, CUDA C++ Programming Guide, technical specifications per compute capability.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one SM: resident tiles (thread blocks), resident threads, shared memory in bytes."""

    tiles: int
    threads: int
    smem: int


LIMITS: dict[str, Limits] = {
    capability: Limits(tiles, threads, kib * 1024)
    for capability, tiles, threads, kib in (
        ("7.0", 32, 2048, 96),
        ("7.5", 16, 1024, 64),
        ("8.0", 32, 2048, 164),
        ("8.6", 16, 1536, 100),
        ("8.9", 24, 1536, 100),
        ("9.0", 32, 2048, 228),
        ("10.0", 32, 2048, 228),
        ("12.0", 24, 1536, 100),
    )
}
