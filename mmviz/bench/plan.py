"""What the timing child is asked to do; a plan crosses to it as one JSON line."""

from __future__ import annotations

from typing import Any

import msgspec

from mmviz.core.learning.values import SEED
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload

CALIBRATION_S = 10.0
"""The longest a calibration may take, the start of its process included."""


class BenchPlan(msgspec.Struct, frozen=True, kw_only=True, tag="time"):
    """Time `network`, or a list of products, for `seconds` with each backend and batch.

    Of a list the batch is 1, and there is no training. The same seed gives every backend the same
    values. `training` times forward, backward and update as one pass.
    """

    network: Workload
    batches: tuple[int, ...]
    backends: tuple[str, ...]
    dtype: str = DEFAULT
    training: bool = False
    seconds: float = 2.0
    seed: int = SEED


class CalibrationPlan(msgspec.Struct, frozen=True, kw_only=True, tag="calibrate"):
    """Measure this machine on up to `cores` threads, done `seconds` after `asked_at`.

    asked_at: `time.monotonic()` of whoever asks, one clock for all processes of a computer, so that
    the start of the child counts.
    """

    cores: int
    asked_at: float
    seconds: float = CALIBRATION_S
    seed: int = SEED


class PairPlan(msgspec.Struct, frozen=True, kw_only=True, tag="pair"):
    """Time two shapes, a network and its batch each, with one backend for `seconds` each.

    Both stay ready in one process and take turns, so that what disturbs the one disturbs the other.
    """

    networks: tuple[Network, Network]
    batches: tuple[int, int]
    backend: str
    dtype: str = DEFAULT
    training: bool = False
    seconds: float = 2.0
    seed: int = SEED

    @property
    def alone(self) -> tuple[BenchPlan, ...]:
        """Each shape as a run of its own."""
        return tuple(
            BenchPlan(
                network=network,
                batches=(batch,),
                backends=(self.backend,),
                dtype=self.dtype,
                training=self.training,
                seconds=self.seconds,
                seed=self.seed,
            )
            for network, batch in zip(self.networks, self.batches, strict=True)
        )


class ProbePlan(msgspec.Struct, frozen=True, kw_only=True, tag="probe"):
    """Find out which of these backends can run here, each in its turn."""

    backends: tuple[str, ...]


Plan = BenchPlan | CalibrationPlan | PairPlan | ProbePlan


def as_workload(kind: type, found: Any) -> Network | Products:
    """How a decoder takes in a plan's workload: a list has products, a network has layers.

    Raises ValueError for neither, InputError for one that cannot be.
    """
    if kind is not Workload or not isinstance(found, dict):
        raise ValueError("no workload")
    if "gemms" in found:
        return msgspec.convert(found, Products)
    return msgspec.convert(found, Network)
