"""Losses, descent and the check of gradients: by exact cases, and against another library."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmviz.core.learning import losses
from mmviz.core.learning.activations import activate
from mmviz.core.learning.descent import Recipe, batches, one_hot, order, steps_of, update
from mmviz.core.learning.gradient_check import LIMIT, check_layer
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.training import activation_gradient
from mmviz.core.shapes.network import KEEPS_INPUT, Dense, Network
from mmviz.errors import InputError

HIDDEN = ("linear", "relu", "sigmoid", "tanh", "gelu", "silu", "swiglu", "softmax")
ENDS: tuple[tuple[Loss, str], ...] = (
    ("cross-entropy", "softmax"),
    ("cross-entropy", "sigmoid"),
    *(("squared error", name) for name in HIDDEN),
)


def network(hidden: str, last: str) -> Network:
    wide = {"swiglu": 6}
    return Network("small", 7, (Dense(wide.get(hidden, 5), hidden), Dense(wide.get(last, 4), last)))


def gradients(of: Network, loss: Loss, x, target, weights, biases):  # type: ignore[no-untyped-def]
    """As a backend computes them, in float32."""
    a, inputs, kept = x, [], []
    for layer, w, b in zip(of.layers, weights, biases, strict=True):
        inputs.append(a)
        z = a @ w + b
        a = activate(layer.activation, z.copy(), np)
        kept.append(z if layer.activation in KEEPS_INPUT else a)
    dz = losses.gradient(loss, of.layers[-1].activation, a, target, kept[-1], np)
    found = []
    for i in reversed(range(len(of.layers))):
        found.insert(0, inputs[i].T @ dz)
        if i:
            dz = activation_gradient(
                of.layers[i - 1].activation, dz @ weights[i].T, kept[i - 1], np
            )
    return found


def case(of: Network, rows: int):  # type: ignore[no-untyped-def]
    random = np.random.default_rng(3)
    weights = [
        random.standard_normal((width, layer.units)).astype(np.float32) / 2
        for width, layer in zip(of.widths, of.layers, strict=False)
    ]
    biases = [random.standard_normal(layer.units).astype(np.float32) / 4 for layer in of.layers]
    x = random.standard_normal((rows, of.inputs)).astype(np.float32)
    outputs = of.layers[-1].outputs
    return x, one_hot(random.integers(0, outputs, rows), outputs), weights, biases


@pytest.mark.parametrize(("hidden", "end"), list(itertools.product(HIDDEN, ENDS)))
def test_gradients_are_those_of_the_loss(hidden: str, end: tuple[Loss, str]) -> None:
    loss, last = end
    of = network(hidden, last)
    for rows in (1, 5):
        x, target, weights, biases = case(of, rows)
        found = gradients(of, loss, x, target, weights, biases)
        exact = [np.asarray(part, np.float64) for part in (x, target)]
        for layer in (0, 1):
            checked = check_layer(
                of,
                loss,
                *exact,
                [w.astype(np.float64) for w in weights],
                [b.astype(np.float64) for b in biases],
                layer,
                found[layer],
            )
            assert checked.entries > 0
            assert checked.error < LIMIT, (rows, layer)


def test_a_wrong_gradient_is_found() -> None:
    of = network("relu", "softmax")
    x, target, weights, biases = case(of, 5)
    found = gradients(of, "cross-entropy", x, target, weights, biases)
    wide = [w.astype(np.float64) for w in weights], [b.astype(np.float64) for b in biases]
    lost = found[0] - np.outer(x[0], np.ones(5, np.float32)) * 0.01
    exact = x.astype(np.float64), target.astype(np.float64)
    assert check_layer(of, "cross-entropy", *exact, *wide, 0, lost).error > 100 * LIMIT


def test_losses_have_their_values() -> None:
    a = np.asarray([[0.25, 0.75], [0.5, 0.5]])
    t = np.asarray([[0.0, 1.0], [1.0, 0.0]])
    assert losses.value("cross-entropy", "softmax", a, t, np) == pytest.approx(
        -(np.log(0.75) + np.log(0.5)) / 2
    )
    assert losses.value("cross-entropy", "sigmoid", a, t, np) == pytest.approx(
        -(2 * np.log(0.75) + 2 * np.log(0.5)) / 2
    )
    assert losses.value("squared error", "linear", a, t, np) == pytest.approx(
        0.5 * (2 * 0.0625 + 2 * 0.25) / 2
    )
    dead = np.asarray([[1.0, 0.0]], np.float32)
    assert np.isfinite(losses.value("cross-entropy", "softmax", dead, 1 - dead, np))


def test_cross_entropy_needs_shares() -> None:
    losses.check("cross-entropy", "softmax")
    losses.check("squared error", "relu")
    with pytest.raises(InputError, match="cross-entropy needs shares"):
        losses.check("cross-entropy", "relu")
    assert losses.natural("softmax") == "cross-entropy"
    assert losses.natural("tanh") == "squared error"


def test_a_step_is_what_its_formula_says() -> None:
    recipe = Recipe(rate=0.5, momentum=0.5, decay=0.25)
    w, v = np.asarray([2.0, -4.0]), np.asarray([1.0, 0.0])
    update(w, np.asarray([1.0, 1.0]), v, recipe, decay=True)
    assert v.tolist() == [0.5 - 0.5 * 1.5, -0.5 * 0.0]
    assert w.tolist() == [1.75, -4.0]
    b, v = np.asarray([2.0]), np.asarray([0.0])
    update(b, np.asarray([1.0]), v, recipe, decay=False)
    assert b.tolist() == [1.5]


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_an_epoch_shows_every_drawing_once(count: int) -> None:
    recipe = Recipe(batch=64, seed=5)
    steps = steps_of(count, 64)
    taken = list(itertools.islice(batches(count, recipe), 2 * steps))
    for epoch in (0, 1):
        seen = np.concatenate(taken[epoch * steps : (epoch + 1) * steps])
        assert sorted(seen) == list(range(count))
        assert np.array_equal(seen, order(count, epoch, 5))


def test_a_training_that_goes_on_takes_what_it_would_have_taken() -> None:
    recipe = Recipe(batch=64)
    whole = list(itertools.islice(batches(200, recipe), 11))
    for step in (0, 1, 4, 7):
        rest = list(itertools.islice(batches(200, recipe, step), 11 - step))
        assert all(map(np.array_equal, whole[step:], rest))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Recipe(rate=-1), "learning rate -1"),
        (Recipe(rate=float("nan")), "learning rate nan"),
        (Recipe(momentum=1.0), "momentum 1 is not from 0 to below 1"),
        (Recipe(decay=-0.1), "decay -0.1"),
    ],
)
def test_a_recipe_that_cannot_be_says_why(wrong: Recipe, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong.check()
