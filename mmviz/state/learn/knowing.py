"""What a network knows of digits, and what it makes of one drawing with that."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from mmviz.bench.plan import GivenData, MadeData, TrainPlan
from mmviz.bench.teaching import drawings
from mmviz.core.learning.answering import Answer, answer
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.digits.made import CLASSES, Digits
from mmviz.core.learning.digits.moving import MOST, told_when_moved
from mmviz.core.learning.digits.strokes import Floats
from mmviz.core.learning.likeness import class_means, likeness
from mmviz.core.learning.losses import SHARES
from mmviz.core.learning.weights import Weights
from mmviz.core.shapes.network import Network
from mmviz.state.learn.drawing import Drawing, Placed, place

COUNT = 1_000  # drawings that filters are compared with the means of
UNSEEN = 500  # drawings that are moved, and that one can pick from


@dataclass(frozen=True, slots=True, eq=False)
class Knowing:
    """network: takes pixels and answers digits. weights: what it knows; taught: whether it was
    taught at all. data, seed: of what it was taught with, or would be.
    """

    network: Network
    weights: Weights
    taught: bool
    data: MadeData | GivenData
    seed: int

    @property
    def single(self) -> bool:
        """Whether each digit has one neuron, whose weights are a picture for it."""
        return len(self.network.layers) == 1 and self.neurons == CLASSES

    @property
    def neurons(self) -> int:
        """Of the first layer, whose weights are pictures."""
        return self.network.layers[0].units

    @property
    def filters(self) -> Floats:
        """W of the first layer, [784 × neurons]."""
        return self.weights.weights[0]

    def answer(self, x: Floats) -> Answer:
        """Of x [rows × 784]."""
        return answer(self.network, self.weights.weights, self.weights.biases, x)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a network makes of one drawing. sums [neurons]: of the first layer, with the bias.
    scores [10]: before the last activation; shares [10]: behind it, None where its answers are no
    shares; winner: whose score is above all others, None where none is.
    """

    placed: Placed
    sums: Floats
    scores: Floats
    shares: Floats | None
    winner: int | None

    def share(self, digit: int) -> float | None:
        """Of one digit, 0 … 1; None: the network answers with no shares."""
        return None if self.shares is None else float(self.shares[digit])

    @property
    def second(self) -> int:
        """Whose score is the best of the others."""
        ranked: list[int] = np.argsort(-self.scores, kind="stable").tolist()
        return next(digit for digit in ranked if digit != self.winner)

    @property
    def ahead(self) -> float:
        """By how much the winner's score is above the next."""
        if self.winner is None:
            return 0.0
        return float(self.scores[self.winner] - self.scores[self.second])


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """unseen: drawings that a network does not learn from. means: see `likeness.class_means`."""

    unseen: Digits
    means: Floats


def tell(knowing: Knowing, drawing: Drawing) -> Told:
    """What it makes of a drawing."""
    placed = place(drawing)
    found = knowing.answer(placed.x)
    output = found.output[0]
    # Where the last layer has more sums than outputs, what it answers are its scores.
    scores = found.scores[0] if found.scores.shape[1] == CLASSES else output
    best = int(np.argmax(scores))
    alone = np.count_nonzero(scores == scores[best]) == 1 and np.isfinite(scores).all()
    shares = output if knowing.network.layers[-1].activation in SHARES else None
    return Told(placed, found.first[0], scores, shares, best if alone else None)


def products(knowing: Knowing, placed: Placed) -> Floats:
    """Pixel × weight of each neuron of the first layer, [784 × neurons]."""
    found: Floats = placed.image.reshape(-1, 1) * knowing.filters
    return found


def added(knowing: Knowing, image: Floats, neuron: int) -> tuple[float, float]:
    """What pixels [28 × 28] add to a neuron of the first layer, and what they take from it."""
    each = image.reshape(-1) * knowing.filters[:, neuron]
    return float(each[each > 0].sum()), float(each[each < 0].sum())


def examples(knowing: Knowing) -> Examples:
    """Drawings to pick from and to compare with; takes some 0.2 s."""
    data = knowing.data
    if isinstance(data, MadeData):
        first = data.strengths[:1]
        data = msgspec.structs.replace(data, count=COUNT, unseen=UNSEEN, strengths=first)
    recipe = Recipe(seed=knowing.seed)
    plan = TrainPlan(network=knowing.network, recipe=recipe, data=data, backend="numpy", steps=1)
    seen, (unseen, *_) = drawings(plan)
    return Examples(Digits(unseen.x[:UNSEEN], unseen.labels[:UNSEEN]), class_means(seen))


def when_moved(knowing: Knowing, found: Examples) -> tuple[float, ...]:
    """Shares, 0 … 1, of unseen drawings told right when they are moved by 0, 1, … MOST pixels."""
    return told_when_moved(lambda x: knowing.answer(x).output, found.unseen, range(MOST + 1))


def resemblance(knowing: Knowing, found: Examples) -> float | None:
    """How much the filters of a single layer look like their digits; None for others, and while
    all weights are alike.
    """
    return likeness(knowing.filters, found.means) if knowing.single else None
