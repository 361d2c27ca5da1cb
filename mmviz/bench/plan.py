"""What a timing run is asked to do; it crosses to the child process as one JSON line."""

from __future__ import annotations

import msgspec

from mmviz.core.dtype import DEFAULT
from mmviz.core.network import Network
from mmviz.core.values import SEED


class BenchPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Time `network` for `seconds` with each backend and batch.

    The same seed gives every backend the same values. `training` times forward, backward and
    update as one pass.
    """

    network: Network
    batches: tuple[int, ...]
    backends: tuple[str, ...]
    dtype: str = DEFAULT
    training: bool = False
    seconds: float = 2.0
    seed: int = SEED
