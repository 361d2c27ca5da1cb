"""Every backend that teaches, against a library that differentiates by itself: three steps with
momentum and decay, the last of fewer drawings, behind every activation and by both losses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from cuda_stand_in import COMPILER, CuPy

from mmviz.backends.learner import Teaches
from mmviz.backends.registry import find, survey
from mmviz.core.learning.descent import Recipe, one_hot
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network

ABLE = [entry.id for entry in survey() if entry.available and isinstance(find(entry.id), Teaches)]
STANDS_IN = ["cupy"] if COMPILER and "cupy" not in ABLE else []
ENDS: list[tuple[Loss, str]] = [
    ("cross-entropy", "softmax"),
    ("cross-entropy", "sigmoid"),
    *(("squared error", name) for name in ACTIVATIONS),
]
CASES = [*((hidden, ENDS[0]) for hidden in ACTIVATIONS), *(("tanh", end) for end in ENDS[1:])]
ROWS = (5, 5, 2)
NEAR = 5e-5  # of a GPU's exp and tanh, which round otherwise than a CPU's

# Written anew, in the library's own functions: nothing of mmviz is in what it differentiates.
_ACTIVATE: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "relu": lambda z: anp.maximum(z, 0.0),
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "gelu": lambda z: 0.5 * z * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z: z / (1 + anp.exp(-z)),
    "swiglu": lambda z: _ACTIVATE["silu"](z[:, : z.shape[1] // 2]) * z[:, z.shape[1] // 2 :],
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True),
}


def _loss(of: Network, loss: Loss, parts: Any, x: Any, target: Any) -> Any:
    a = x
    for layer, (w, b) in zip(of.layers, parts, strict=True):
        a = _ACTIVATE[layer.activation](anp.dot(a, w) + b)
    if loss == "squared error":
        return 0.5 * anp.sum((a - target) ** 2) / len(x)
    found = anp.sum(target * anp.log(a))
    if of.layers[-1].activation == "sigmoid":
        found = found + anp.sum((1 - target) * anp.log(1 - a))
    return -found / len(x)


def network(hidden: str, last: str) -> Network:
    wide = {"swiglu": 8}
    return Network(
        "small", 7, (Dense(6, "tanh"), Dense(wide.get(hidden, 6), hidden), Dense(4, last))
    )


@pytest.mark.parametrize("id", [*ABLE, *STANDS_IN])
@pytest.mark.parametrize(("hidden", "end"), CASES)
def test_steps_are_those_of_a_library_that_differentiates(
    id: str, hidden: str, end: tuple[Loss, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if id in STANDS_IN:
        monkeypatch.setitem(sys.modules, "cupy", CuPy())
    loss, last = end
    of, random = network(hidden, last), np.random.default_rng(3)
    recipe = Recipe(loss=loss, batch=5, rate=0.1, momentum=0.9, decay=0.05)
    begin = fresh(of, 1)
    parts = [
        (w.astype(float), b.astype(float)) for w, b in zip(begin.weights, begin.biases, strict=True)
    ]
    moving = [(np.zeros_like(w), np.zeros_like(b)) for w, b in parts]
    backend = find("wgpu:naive" if id == "wgpu" else id)  # a choice takes longer than a lesson
    assert isinstance(backend, Teaches)
    learner = backend.prepare_learning(of, begin, recipe, "float32")
    try:
        for rows in ROWS:
            x = random.standard_normal((rows, 7)).astype(np.float32)
            target = one_hot(random.integers(0, of.layers[-1].outputs, rows), of.layers[-1].outputs)
            exact = x.astype(float), target.astype(float)
            wanted = float(_loss(of, loss, parts, *exact))
            assert float(learner.teach(x, target)) == pytest.approx(wanted, rel=1e-4)
            slopes = autograd.grad(lambda p, at=exact: _loss(of, loss, p, *at))(parts)
            for i, ((w, b), (vw, vb), (gw, gb)) in enumerate(
                zip(parts, moving, slopes, strict=True)
            ):
                vw, vb = 0.9 * vw - 0.1 * (gw + 0.05 * w), 0.9 * vb - 0.1 * gb
                parts[i], moving[i] = (w + vw, b + vb), (vw, vb)
        now = learner.weights()
    finally:
        learner.close()
    assert now.step == len(ROWS)
    for i, ((w, b), (vw, vb)) in enumerate(zip(parts, moving, strict=True)):
        for one, other in (
            (now.weights[i], w),
            (now.biases[i], b),
            (now.moving_weights[i], vw),
            (now.moving_biases[i], vb),
        ):
            assert np.abs(one - other).max() < NEAR * max(np.abs(other).max(), 1e-2), (id, i)
