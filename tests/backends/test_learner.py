"""Learning: gradients against differences, and one training equal to the same in two parts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmviz.backends.array_learner import ArrayLearner
from mmviz.backends.learner import STAGES
from mmviz.core.learning.descent import Recipe, batches, one_hot
from mmviz.core.learning.gradient_check import LIMIT, check_layer
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.weights import Weights, at_rest, fresh
from mmviz.core.shapes.network import Dense, Network

ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "swiglu", "softmax")
ENDS: list[tuple[Loss, str]] = [
    ("cross-entropy", "softmax"),
    ("cross-entropy", "sigmoid"),
    *(("squared error", name) for name in ACTIVATIONS),
]
DIGITS = Network("digits", 784, (Dense(10, "softmax"),))


def network(hidden: str, last: str) -> Network:
    second = Dense(8 if hidden == "swiglu" else 6, hidden)
    return Network("small", 7, (Dense(6, hidden), second, Dense(4, last)))


def learner(of: Network, begin: Weights, recipe: Recipe) -> ArrayLearner:
    return ArrayLearner(
        of, begin, recipe, "float32", xp=np, synchronize=lambda: None, to_host=np.asarray
    )


def drawings(of: Network, rows: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.standard_normal((rows, of.inputs)).astype(np.float32)
    outputs = of.layers[-1].outputs
    return x, one_hot(random.integers(0, outputs, rows), outputs)


@pytest.mark.parametrize(("hidden", "end"), list(itertools.product(ACTIVATIONS, ENDS)))
def test_a_step_follows_the_gradient_of_the_loss(hidden: str, end: tuple[Loss, str]) -> None:
    """Without momentum and at a rate of 1 the weights move by the gradient."""
    loss, last = end
    of = network(hidden, last)
    recipe = Recipe(loss=loss, batch=5, rate=1.0, momentum=0.0, decay=0.0)
    begin = fresh(of, 1)
    wide = [w.astype(np.float64) for w in begin.weights]
    biases = [b.astype(np.float64) for b in begin.biases]
    for rows in (5, 2):  # the last step of an epoch is ragged
        x, target = drawings(of, rows)
        learning = learner(of, begin, recipe)
        learning.teach(x, target)
        now = learning.weights()
        assert now.step == 1
        exact = x.astype(np.float64), target.astype(np.float64)
        for layer in range(3):
            found = -now.moving_weights[layer]
            checked = check_layer(of, loss, *exact, wide, biases, layer, found)
            assert checked.error < LIMIT, (rows, layer)


def test_a_training_in_two_parts_is_that_in_one_to_the_last_bit() -> None:
    of, recipe = network("relu", "softmax"), Recipe(batch=16)
    x, target = drawings(of, 100)
    whole = learner(of, fresh(of), recipe)
    for which in itertools.islice(batches(100, recipe), 20):
        whole.teach(x[which], target[which])
    first = learner(of, fresh(of), recipe)
    for which in itertools.islice(batches(100, recipe), 9):
        first.teach(x[which], target[which], parted=True)
        first.answer(x)  # which changes nothing
    kept = first.weights()
    rest = learner(of, kept, recipe)
    for which in itertools.islice(batches(100, recipe, kept.step), 11):
        rest.teach(x[which], target[which])
    for one, other in zip(
        (*whole.weights().weights, *whole.weights().biases),
        (*rest.weights().weights, *rest.weights().biases),
        strict=True,
    ):
        assert np.array_equal(one, other)


def test_weights_that_are_given_are_not_written_to() -> None:
    of = network("relu", "softmax")
    begin = fresh(of)
    before = [w.copy() for w in begin.weights]
    learning = learner(of, begin, Recipe(batch=8))
    learning.teach(*drawings(of, 8))
    assert all(map(np.array_equal, begin.weights, before))
    kept = learning.weights()
    learning.teach(*drawings(of, 8))
    assert not np.array_equal(kept.weights[0], learning.weights().weights[0]), "a copy"
    learning.close()


def test_a_step_that_is_parted_says_where_its_time_went() -> None:
    of = network("relu", "softmax")
    learning = learner(of, fresh(of), Recipe(batch=8))
    learning.teach(*drawings(of, 8))
    assert not any(learning.stages.values())
    learning.teach(*drawings(of, 8), parted=True)
    assert set(learning.stages) == set(STAGES)
    assert all(spent > 0 for spent in learning.stages.values())


def test_one_layer_begins_at_zero_and_several_do_not() -> None:
    assert not fresh(DIGITS).weights[0].any()
    assert fresh(network("relu", "softmax")).weights[0].any()
    assert not any(b.any() for b in fresh(network("relu", "softmax")).biases)
    resting = at_rest(fresh(DIGITS).weights, fresh(DIGITS).biases)
    assert resting.step == 0
    assert not resting.moving_weights[0].any()


def test_any_number_of_rows_is_answered() -> None:
    of = network("tanh", "softmax")
    learning = learner(of, fresh(of), Recipe(batch=8))
    x, _ = drawings(of, 21)
    found = learning.answer(x)
    assert found.shape == (21, 4)
    assert np.allclose(found[8:16], learning.answer(x[8:16]))
    assert np.allclose(found.sum(axis=1), 1, atol=1e-6)


class Watched:
    """NumPy, of which every product is written down as m, n, k."""

    def __init__(self) -> None:
        self.products: list[tuple[int, int, int]] = []

    def __getattr__(self, name: str) -> object:
        return getattr(np, name)

    def matmul(self, a: np.ndarray, b: np.ndarray, out: np.ndarray) -> np.ndarray:
        self.products.append((a.shape[0], b.shape[1], a.shape[1]))
        return np.matmul(a, b, out=out)


@pytest.mark.parametrize("rows", [16, 5])
def test_a_step_is_the_products_of_the_strip_in_their_order(rows: int) -> None:
    of, seen = network("swiglu", "softmax"), Watched()
    learning = ArrayLearner(
        of,
        fresh(of),
        Recipe(batch=16),
        "float32",
        xp=seen,
        synchronize=lambda: None,
        to_host=np.asarray,
    )
    learning.teach(*drawings(of, rows))
    strip = [(gemm.m, gemm.n, gemm.k) for gemm in of.lower(rows, training=True)]
    assert seen.products == strip
