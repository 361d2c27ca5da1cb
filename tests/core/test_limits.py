"""What one SM can hold, by compute capability."""

from __future__ import annotations

import pytest
from limits import LIMITS


@pytest.mark.parametrize(
    ("capability", "tiles", "threads", "kib"),
    [("7.0", 32, 2048, 96), ("7.5", 16, 1024, 64), ("8.6", 16, 1536, 100), ("9.0", 32, 2048, 228)],
)
def test_limits_are_those_of_the_guide(capability: str, tiles: int, threads: int, kib: int) -> None:
    found = LIMITS[capability]
    assert (found.tiles, found.threads, found.smem) == (tiles, threads, kib * 1024)


def test_no_sm_holds_more_threads_than_its_tiles_can_have() -> None:
    for found in LIMITS.values():
        assert found.threads <= found.tiles * 1024  # a block has at most 1,024 threads
