"""Ten neurons of a first layer as pictures, and the ten scores of a drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mmviz.core.learning.digits.made import CLASSES
from mmviz.core.learning.digits.strokes import SIDE, Floats
from mmviz.state.learn.knowing import Knowing, Told, products
from mmviz.text import NOTHING, Text
from mmviz.words import digit as words

EACH = 10  # neurons that are shown at once
_FEW = 99.5  # percent of weights within the deepest colours


@dataclass(frozen=True, slots=True, eq=False)
class Neuron:
    """image [28 × 28]: its weights, or pixel × weight. height: its sum as a share of the largest,
    -1 … 1. name, short: what it is called; told: all that is said of it. wins: its score is the
    best.
    """

    image: Floats
    height: float
    name: Text
    short: Text
    score: Text
    told: Text
    wins: bool


@dataclass(frozen=True, slots=True, eq=False)
class NeuronsView:
    """cards: at most EACH of them. most: the number that has the deepest colour."""

    cards: tuple[Neuron, ...]
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """Of one digit. height: as a share of the largest, -1 … 1."""

    digit: int
    height: float
    score: Text
    short: Text
    told: Text
    wins: bool


def pages(knowing: Knowing) -> int:
    """How many times EACH neurons there are."""
    return -(-knowing.neurons // EACH)


def neurons_view(knowing: Knowing, told: Told, page: int, *, times: bool) -> NeuronsView:
    """The neurons of a page. times: pixel × weight in the place of weights."""
    filters = knowing.filters
    shown = products(knowing, told.placed) if times else filters
    finite = np.abs(filters[np.isfinite(filters)])
    most = float(np.percentile(finite, _FEW)) if finite.size else 0.0
    first = page * EACH
    numbers = range(first, min(first + EACH, knowing.neurons))
    largest = _largest(told.sums)
    cards = []
    for number in numbers:
        total = float(told.sums[number])
        pixels = shown[:, number]
        each = told.placed.image.reshape(-1) * filters[:, number]
        plus, minus = float(each[each > 0].sum()), float(each[each < 0].sum())
        bias = float(knowing.weights.biases[0][number])
        share = told.share(number) if knowing.single else None
        cards.append(
            Neuron(
                pixels.reshape(SIDE, SIDE),
                _height(total, largest),
                words.neuron(number),
                Text("{number:d}", number=number),
                words.signed(total),
                words.summed(number, plus, minus, bias, total, share),
                knowing.single and number == told.winner,
            )
        )
    return NeuronsView(tuple(cards), most)


def unscored(view: NeuronsView) -> NeuronsView:
    """The same pictures, of which nobody is told how they score."""
    return replace(
        view,
        cards=tuple(
            replace(card, height=0.0, score=NOTHING, told=card.name, wins=False)
            for card in view.cards
        ),
    )


def scores_of(told: Told) -> tuple[Score, ...]:
    """The ten scores."""
    largest = _largest(told.scores)
    return tuple(
        Score(
            digit,
            _height(float(told.scores[digit]), largest),
            words.signed(float(told.scores[digit])),
            words.signed(float(told.scores[digit]), 0),
            words.scored(digit, float(told.scores[digit]), told.share(digit)),
            digit == told.winner,
        )
        for digit in range(CLASSES)
    )


def _largest(sums: Floats) -> float:
    finite = np.abs(sums[np.isfinite(sums)])
    return float(finite.max()) if finite.size else 0.0


def _height(value: float, largest: float) -> float:
    return value / largest if largest > 0 and np.isfinite(value) else 0.0
