"""One contract for every backend that teaches: each against differences of the loss and NumPy."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from cuda_stand_in import COMPILER, CuPy

from mmviz.backends.learner import LATER, STAGES, Learner, Teaches
from mmviz.backends.registry import find, records, survey
from mmviz.backends.webgpu.backend import Webgpu
from mmviz.core.learning.descent import Recipe, batches, one_hot
from mmviz.core.learning.gradient_check import check_layer
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.training import deviation
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.dtype import NARROW
from mmviz.core.shapes.network import ACTIVATIONS, Dense, Network

HERE = [entry.id for entry in survey() if entry.available and not records(entry.id)]
ABLE = [id for id in HERE if isinstance(find(id), Teaches)]
STANDS_IN = ["cupy"] if COMPILER and "cupy" not in ABLE else []
"""On what plays its part, where it is not here."""
LIMIT = 5e-5  # of a GPU's exp and tanh, which round otherwise than a CPU's
TOLERANCE = {"float64": 1e-12, "float32": 1e-4, "tf32": 3e-2, "float16": 3e-2, "bfloat16": 2e-1}
ENDS: list[tuple[Loss, str]] = [
    ("cross-entropy", "softmax"),
    ("cross-entropy", "sigmoid"),
    *(("squared error", name) for name in ACTIVATIONS),
]
CASES = [
    *((hidden, ENDS[0]) for hidden in ACTIVATIONS),
    *(("tanh", end) for end in ENDS[1:]),
]

EXACT = find("numpy")
Prepare = Callable[..., Learner]


def network(hidden: str, last: str) -> Network:
    second = Dense(8 if hidden == "swiglu" else 6, hidden)
    return Network("small", 7, (Dense(6, hidden), second, Dense(4, last)))


OF = network("relu", "softmax")


def drawings(of: Network, rows: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.standard_normal((rows, of.inputs)).astype(np.float32)
    x.flags.writeable = False  # nobody writes to what he is taught
    outputs = of.layers[-1].outputs
    return x, one_hot(random.integers(0, outputs, rows), outputs)


def teach(learner: Learner, recipe: Recipe, count: int, begin: int = 0) -> list[float]:
    """So many steps on 50 drawings, the last of each epoch ragged."""
    x, target = drawings(OF, 50)
    which = itertools.islice(batches(50, recipe, begin), count)
    return [float(loss) for loss in [learner.teach(x[some], target[some]) for some in which]]


@pytest.fixture(params=[*ABLE, *STANDS_IN])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Teaches:
    """Of wgpu one kernel: a choice takes longer than a lesson here."""
    if request.param in STANDS_IN:
        monkeypatch.setitem(sys.modules, "cupy", CuPy())
    found = find("wgpu:naive" if request.param == "wgpu" else request.param)
    assert isinstance(found, Teaches)
    return found


@pytest.fixture
def prepare(backend: Teaches) -> Iterator[Prepare]:
    made: list[Learner] = []

    def go(
        of: Network, recipe: Recipe, begin: Weights | None = None, dtype: str = "float32"
    ) -> Learner:
        learner = backend.prepare_learning(of, begin or fresh(of, 1), recipe, dtype)
        made.append(learner)
        return learner

    yield go
    for learner in made:
        learner.close()


def test_who_trains_teaches_but_for_the_loops() -> None:
    assert [id for id in HERE if find(id).trains and id != "loop"] == ABLE


@pytest.mark.parametrize(("hidden", "end"), CASES)
def test_a_step_follows_the_gradient_of_the_loss(
    prepare: Prepare, hidden: str, end: tuple[Loss, str]
) -> None:
    loss, last = end
    of = network(hidden, last)
    recipe = Recipe(loss=loss, batch=5, rate=1.0, momentum=0.0, decay=0.0)
    learner, before = prepare(of, recipe), fresh(of, 1)
    for step, rows in enumerate((5, 2), 1):
        x, target = drawings(of, rows)
        learner.teach(x, target)
        now = learner.weights()
        assert now.step == step
        exact = x.astype(np.float64), target.astype(np.float64)
        wide = [w.astype(np.float64) for w in before.weights]
        biases = [b.astype(np.float64) for b in before.biases]
        for layer in range(3):
            found = -now.moving_weights[layer]
            checked = check_layer(of, loss, *exact, wide, biases, layer, found)
            assert checked.error < LIMIT, (rows, layer)
        before = now


@pytest.mark.parametrize("id", [*ABLE, *STANDS_IN])
def test_steps_are_those_of_numpy(id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With momentum and decay, in every number format: losses, weights, biases, how they move."""
    recipe = Recipe(batch=16)
    if id in STANDS_IN:
        monkeypatch.setitem(sys.modules, "cupy", CuPy())
    for dtype in (d for d in find(id).dtypes if d not in NARROW):
        steps = 11 if dtype in ("float32", "float64") else 3  # fewer bits drift apart sooner
        found = []
        for teacher, own in (
            (find("wgpu:tiled" if id == "wgpu" else id), dtype),
            (EXACT, "float64"),
        ):
            learner = teacher.prepare_learning(OF, fresh(OF, 1), recipe, own)  # type: ignore[attr-defined]
            found.append((teach(learner, recipe, steps), learner.weights()))
            learner.close()
        (losses, now), (wanted, kept) = found
        assert losses == pytest.approx(wanted, rel=TOLERANCE[dtype] + 1e-7)
        assert now.step == steps
        for name in ("weights", "biases", "moving_weights", "moving_biases"):
            for one, other in zip(getattr(now, name), getattr(kept, name), strict=True):
                assert one.dtype == np.float32
                assert one.shape == other.shape
                assert deviation(one, other.astype(np.float64), 1e-2) < TOLERANCE[dtype] + 1e-6


def test_a_training_goes_on_from_where_it_was_left(prepare: Prepare) -> None:
    recipe = Recipe(batch=16)
    whole = prepare(OF, recipe)
    teach(whole, recipe, 9)
    first = prepare(OF, recipe)
    teach(first, recipe, 5)
    first.answer(drawings(OF, 40)[0])  # which changes nothing
    rest = prepare(OF, recipe, first.weights())
    teach(rest, recipe, 4, begin=5)
    assert rest.weights().step == 9
    for one, other in zip(whole.weights().weights, rest.weights().weights, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-6)


def test_weights_that_are_given_are_not_written_to(prepare: Prepare) -> None:
    begin = fresh(OF)
    before = [w.copy() for w in begin.weights]
    learner = prepare(OF, Recipe(batch=8), begin)
    learner.teach(*drawings(OF, 8))
    assert all(map(np.array_equal, begin.weights, before))
    kept = learner.weights()
    learner.teach(*drawings(OF, 8))
    assert not np.array_equal(kept.weights[0], learner.weights().weights[0]), "a copy"


def test_what_is_parted_computes_the_same_and_says_where_its_time_went(prepare: Prepare) -> None:
    one, other = prepare(OF, Recipe(batch=8)), prepare(OF, Recipe(batch=8))
    whole = float(one.teach(*drawings(OF, 8)))
    assert set(one.stages) == set(STAGES)
    assert not any(one.stages.values())
    assert float(other.teach(*drawings(OF, 8), parted=True)) == pytest.approx(whole, rel=1e-6)
    assert all(spent > 0 for spent in other.stages.values())
    for w, v in zip(one.weights().weights, other.weights().weights, strict=True):
        assert np.allclose(w, v, rtol=0, atol=1e-6)


def test_a_loss_may_be_asked_for_later(prepare: Prepare) -> None:
    recipe = Recipe(batch=8)
    x, target = drawings(OF, 8)
    learner, exact = prepare(OF, recipe), prepare(OF, recipe)
    wanted = [float(exact.teach(x, target)) for _ in range(LATER)]
    told = [learner.teach(x, target) for _ in range(LATER)]
    assert [float(loss) for loss in told] == pytest.approx(wanted, rel=1e-6)
    assert wanted[0] > wanted[-1], "it learns"
    again = [learner.teach(x, target) for _ in range(3)]
    assert float(again[2]) < float(again[0]) < wanted[-1]


def test_any_number_of_rows_is_answered(prepare: Prepare) -> None:
    learner = prepare(network("tanh", "softmax"), Recipe(batch=8))
    x, _ = drawings(OF, 1_100)
    found = learner.answer(x)
    assert found.shape == (1_100, 4)
    assert np.allclose(found[8:15], learner.answer(x[8:15]), atol=1e-6)
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_too_high_a_rate_ends_in_a_loss_that_is_no_number(prepare: Prepare) -> None:
    learner = prepare(OF, Recipe(batch=8, rate=1e30))
    x, target = drawings(OF, 8)
    with np.errstate(all="ignore"):
        losses = [float(learner.teach(x, target)) for _ in range(8)]
    assert not all(map(math.isfinite, losses))


def test_what_no_binding_of_a_gpu_holds_is_taught_in_parts() -> None:
    if "wgpu" not in ABLE:
        pytest.skip("no adapter")
    of, recipe = Network("wide", 60, (Dense(33, "gelu"), Dense(4, "softmax"))), Recipe(batch=21)
    x, target = drawings(of, 21)
    found = []
    for teacher in (Webgpu("naive", binding=1024), find("numpy")):
        learner = teacher.prepare_learning(of, fresh(of, 1), recipe, "float32")  # type: ignore[attr-defined]
        losses = [float(learner.teach(x, target)) for _ in range(3)]
        found.append((losses, learner.weights()))
        learner.close()
    (losses, now), (wanted, kept) = found
    assert losses == pytest.approx(wanted, rel=1e-5)
    for one, other in zip(now.weights, kept.weights, strict=True):
        assert deviation(one, other.astype(np.float64)) < 1e-5
