"""What the timing child is asked to do; a plan crosses to it as one JSON line."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.values import SEED
from mmviz.core.learning.weights import Floats, Weights
from mmviz.core.shapes.dtype import DEFAULT
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import Pass

CALIBRATION_S = 10.0
"""The longest a calibration may take, the start of its process included."""


class Learnt(msgspec.Struct, frozen=True, tag="learnt"):
    """What a network knows after so many steps: float32, little-endian, of each layer its weights
    [inputs × units], its bias, and the v of both.
    """

    step: int
    layers: tuple[tuple[bytes, bytes, bytes, bytes], ...]

    def weights(self, network: Network) -> Weights:
        """As arrays; raises ValueError where they are not of this network."""
        if len(self.layers) != len(network.layers) or self.step < 0:
            raise ValueError("weights of another network")
        rows: list[tuple[Floats, ...]] = []
        for width, layer, parts in zip(network.widths, network.layers, self.layers, strict=False):
            shapes = ((width, layer.units), (layer.units,)) * 2
            found = (np.frombuffer(part, "<f4") for part in parts)
            rows.append(tuple(x.reshape(shape) for x, shape in zip(found, shapes, strict=True)))
        w, b, vw, vb = zip(*rows, strict=True)
        return Weights(w, b, vw, vb, self.step)


def learnt(found: Weights) -> Learnt:
    """The weights as they cross to another process."""
    groups = found.weights, found.biases, found.moving_weights, found.moving_biases
    layers = zip(*groups, strict=True)
    return Learnt(found.step, tuple(tuple(map(_bytes, layer)) for layer in layers))  # type: ignore[misc]


def _bytes(array: Floats) -> bytes:
    return array.astype("<f4").tobytes()


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


class MadeData(msgspec.Struct, frozen=True, kw_only=True, tag="made"):
    """Drawings mmviz makes: `count` to learn from by the first `taught` of these hands, and as many
    unseen ones as `unseen` by the others, at each of these strengths.

    hands: a drawing of each digit, as `core.learning.digits.strokes.read_pen` reads it.
    """

    hands: tuple[tuple[str, ...], ...]
    taught: int
    count: int = 6_000
    strength: float = 0.8
    unseen: int = 2_000
    strengths: tuple[float, ...] = (0.5, 0.7, 1.0)


class GivenData(msgspec.Struct, frozen=True, kw_only=True, tag="given"):
    """Drawings of the user's: pixels 0 … 255, 784 a drawing, and a label 0 … 9 each, as bytes."""

    seen: bytes
    seen_labels: bytes
    unseen: bytes
    unseen_labels: bytes


class TrainPlan(msgspec.Struct, frozen=True, kw_only=True, tag="train"):
    """Teach `network` by `recipe` with one backend, until so many steps or seconds of steps are
    spent, whichever comes first.

    begin: where it goes on from, as `messages.Learnt` has it; None: a network that knows nothing.
    pace: steps a second at most, with a word after each; None: as fast as it computes.
    """

    network: Network
    recipe: Recipe
    data: MadeData | GivenData
    backend: str
    dtype: str = DEFAULT
    steps: int | None = None
    seconds: float | None = None
    begin: Learnt | None = None
    pace: float | None = None


MOST_ROUNDS = 10_000
MOST_RECORD_S = 86_400.0


class RecordPlan(msgspec.Struct, frozen=True, kw_only=True, tag="record"):
    """Record a pass with the backend `by`, tile by tile.

    tile, order, threads, pinned: see `backends.recorder.How`. Passes that are stamped, that are not
    and of the library alone take turns, `rounds` of each at least and for `seconds` at least, but
    fewer where they take long, and at most MOST_ROUNDS; the one with the median time is kept.
    """

    workload: Workload
    by: str
    batch: int = 1
    training: bool = False
    dtype: str = DEFAULT
    tile: tuple[int, int] | None = None
    order: str = ""
    threads: int | None = None
    pinned: bool = True
    rounds: int = 5
    seconds: float = 1.0
    seed: int = SEED

    def __post_init__(self) -> None:
        if not (1 <= self.rounds <= MOST_ROUNDS and 0 <= self.seconds < MOST_RECORD_S):
            raise ValueError("rounds or seconds that no recording takes")

    @property
    def of(self) -> Pass:
        """What is computed."""
        return Pass(self.workload, self.batch, self.dtype, self.training)


Plan = BenchPlan | CalibrationPlan | PairPlan | ProbePlan | RecordPlan | TrainPlan


def as_workload(kind: type, found: Any) -> Network | Products:
    """How a decoder takes in a plan's workload: a list has products, a network has layers.

    Raises ValueError for neither, InputError for one that cannot be.
    """
    if kind is not Workload or not isinstance(found, dict):
        raise ValueError("no workload")
    if "gemms" in found:
        return msgspec.convert(found, Products)
    return msgspec.convert(found, Network)
