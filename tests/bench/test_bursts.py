"""Steps on a GPU: one in so many is timed in parts, those between are asked for together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from mmviz.backends.learner import STAGES
from mmviz.bench import teaching
from mmviz.bench.pacing import Pace
from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.bench.sensed import Sensed
from mmviz.bench.taught import Judged, Taught
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.made import Digits
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import InputError

NETWORK = Network("n", 3, (Dense(10, "softmax"),))


@dataclass
class Told:
    of: Watched
    loss: float

    def __float__(self) -> float:
        self.of.seen.append("?")
        return self.loss


class Watched:
    """Writes down what it is asked: p a step in parts, . another, ? its loss. nan: of that step."""

    def __init__(self, nan: int | None = None) -> None:
        self.seen: list[str] = []
        self.stages = dict.fromkeys(STAGES, 0.0)
        self.taught, self.nan = 0, nan

    def teach(self, x: np.ndarray, target: np.ndarray, parted: bool = False) -> Told:
        assert len(x) == len(target)
        self.seen.append("p" if parted else ".")
        self.taught += 1
        return Told(self, math.nan if self.taught - 1 == self.nan else 1.0)

    def answer(self, x: np.ndarray) -> np.ndarray:
        return np.zeros((len(x), 10), np.float32)

    def weights(self) -> Weights:
        return fresh(NETWORK)

    def close(self) -> None:
        pass


class Idle:
    """Senses nothing."""

    def ready(self, learner: object) -> None:
        pass

    def begin(self) -> None:
        pass

    def end(self, passes: int) -> None:
        pass

    def finished(self, *_: object) -> Sensed:
        return Sensed()


def lesson(learner: Watched, sent: list[object], on_gpu: bool = True) -> teaching._Lesson:
    plan = TrainPlan(
        network=NETWORK,
        recipe=Recipe(batch=4),
        data=MadeData(hands=(), taught=0),
        backend="fake",
        steps=20,
    )
    drawn = Digits(np.zeros((10, 3), np.float32), np.arange(10))
    return teaching._Lesson(
        plan, learner, drawn, (drawn,), on_gpu, Idle(), sent.append, Pace(plan.pace)
    )


@pytest.fixture(autouse=True)
def _slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "BLOCK_S", 1e9)
    monkeypatch.setattr(teaching, "EARLY_S", 0.0)


def test_a_gpu_is_waited_for_once_in_a_burst() -> None:
    learner, sent = Watched(), list[object]()
    lesson(learner, sent).run(0)
    assert "".join(learner.seen) == "p?" + 15 * "." + 15 * "?" + "p?" + "...???"
    (taught,) = [one for one in sent if isinstance(one, Taught)]
    assert (taught.first, taught.losses, len(taught.seconds)) == (0, [1.0] * 20, 20)


def test_a_cpu_is_timed_in_parts_at_every_step() -> None:
    learner = Watched()
    lesson(learner, [], on_gpu=False).run(0)
    assert "".join(learner.seen) == 20 * "p?"


def test_a_loss_that_is_no_number_is_said_with_its_step() -> None:
    with pytest.raises(InputError, match="in step 8 "):
        lesson(Watched(nan=7), []).run(0)


def test_an_early_look_ends_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "EARLY_S", 1e9)
    learner, sent = Watched(), list[object]()
    lesson(learner, sent).run(0)
    assert "".join(learner.seen).startswith("p?" + ".?" + "..??" + "....????")
    assert [one.step for one in sent if isinstance(one, Judged)] == [0, 1, 2, 4, 8, 16, 20]
