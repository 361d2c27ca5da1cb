"""What a lesson comes to: figures that are promised, energy, threads of the BLAS."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from mmviz.backends.numpy_blas import NumpyBlas
from mmviz.backends.threads import blas_threads
from mmviz.bench import teaching
from mmviz.bench.belonging import belongs
from mmviz.bench.lesson import Lesson
from mmviz.bench.messages import Sensing, encode
from mmviz.bench.plan import Learnt, MadeData, TrainPlan
from mmviz.bench.taught import Untaught
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.network import Dense, Network
from mmviz.files import hands
from mmviz.words.training import lesson_lines

MADE = MadeData(hands=hands.texts(), taught=hands.TAUGHT)
PLAN = TrainPlan(
    network=Network("digits", 784, (Dense(10, "softmax"),)),
    recipe=Recipe(),
    data=MADE,
    backend="numpy",
    steps=940,
)


def lesson(plan: TrainPlan) -> Lesson:
    """Taught in this process."""
    found = Lesson(plan)
    teaching.teach_plan(plan, found.hear)
    assert found.finished
    return found


def test_unseen_hands_are_told_as_promised_over_five_seeds() -> None:
    """One layer, ten epochs, some 60 ms of steps: mean above 95 %, none below 92 %."""
    shares = []
    for seed in range(5):
        plan = msgspec.structs.replace(PLAN, recipe=Recipe(seed=seed))
        found = lesson(plan)
        assert found.failure is None
        assert [judged.step for judged in found.judged][-1] == 940
        shares.append(found.judged[-1].unseen)
    plain, harder, hardest = np.asarray(shares).T
    assert plain.mean() > 0.95
    assert plain.min() > 0.92
    assert plain.mean() > harder.mean() > hardest.mean(), "as they are made harder"


def test_a_hidden_layer_tells_no_less() -> None:
    network = Network("mlp", 784, (Dense(128, "relu"), Dense(10, "softmax")))
    found = lesson(msgspec.structs.replace(PLAN, network=network, recipe=Recipe(seed=1)))
    assert found.judged[-1].unseen[0] > 0.95
    assert all(found.shares.values()), "with a dgrad"


@pytest.mark.parametrize(
    ("rate", "activation", "loss", "said"),
    [
        (1e308, "softmax", "cross-entropy", "after step 1 its weights are no finite numbers any"),
        (1e16, "linear", "squared error", "in step 2 the loss is "),
    ],
)
def test_numbers_that_are_lost_are_no_weights_and_say_where(
    rate: float, activation: str, loss: Any, said: str
) -> None:
    recipe = Recipe(rate=rate, loss=loss)
    network = Network("digits", 784, (Dense(10, activation),))
    told: list[Any] = []
    plan = msgspec.structs.replace(PLAN, network=network, recipe=recipe)
    teaching.teach_plan(plan, told.append)
    (why,) = [message for message in told if isinstance(message, Untaught)]
    assert str(why.reason).startswith(said)
    assert "try a learning rate of 0.05" in str(why.reason)
    assert why.lost == int(str(why.reason).split(" step ")[1].split()[0])
    if "the loss is" in said:
        assert "e33, too large to go on" in str(why.reason)
        assert "no number" not in str(why.reason)
    for known in told:
        if isinstance(known, Learnt):
            weights = known.weights(network)
            assert all(np.isfinite(w).all() for w in (*weights.weights, *weights.moving_weights))


def test_the_table_names_the_loss_and_of_which_drawings_a_share_is() -> None:
    few = msgspec.structs.replace(MADE, count=100, unseen=20)
    lines = [str(line) for line in lesson_lines(lesson(msgspec.structs.replace(PLAN, data=few)))]
    assert lines[0].startswith("digits on NumPy, float32, cross-entropy, batch 64, seed ")
    assert lines[2].startswith("of the first 20 of 100 drawings it learnt from ")
    all_of = msgspec.structs.replace(few, unseen=100)
    lines = [str(line) for line in lesson_lines(lesson(msgspec.structs.replace(PLAN, data=all_of)))]
    assert lines[2].startswith("of drawings it learnt from ")


def test_the_energy_of_a_step_is_told_or_why_it_is_not() -> None:
    few = msgspec.structs.replace(MADE, count=100, unseen=20)
    found = lesson(msgspec.structs.replace(PLAN, data=few, steps=5))
    assert found.sensed is not None
    assert found.report()["step_j"] == found.sensed.energy_j
    said = str(lesson_lines(found)[-1])
    assert said.startswith("energy of a step: ")
    if found.sensed.energy_j is None:
        assert "no data (" in said
        assert found.sensed.missing["energy_cpu_j"]


def test_what_was_sensed_of_another_batch_does_not_belong_to_a_lesson() -> None:
    sent = Sensing("numpy", 64, lesson(msgspec.structs.replace(PLAN, steps=1)).sensed)  # type: ignore[arg-type]
    assert encode(sent)
    assert belongs(sent, PLAN)
    assert not belongs(msgspec.structs.replace(sent, batch=32), PLAN)
    assert not belongs(msgspec.structs.replace(sent, backend="wgpu"), PLAN)


def test_small_steps_take_one_thread_and_large_ones_all() -> None:
    from threadpoolctl import threadpool_info

    def threads() -> list[int]:
        return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

    before = threads()
    with teaching._threads(PLAN):
        assert set(threads()) <= {1}
    with teaching._threads(msgspec.structs.replace(PLAN, recipe=Recipe(batch=60_000))):
        assert threads() == before
    assert threads() == before


def test_a_small_lesson_is_made_ready_on_the_thread_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PyTorch asks for as many threads as NumPy has, once, when it is made ready."""
    found = []
    prepare = NumpyBlas.prepare_learning

    def spied(self: NumpyBlas, *arguments: Any) -> object:
        found.append(blas_threads())
        return prepare(self, *arguments)

    monkeypatch.setattr(NumpyBlas, "prepare_learning", spied)
    with threadpool_limits(2, "blas"):
        lesson(msgspec.structs.replace(PLAN, steps=1))
        assert found == [1]
        assert blas_threads() == 2, "it is put back"
