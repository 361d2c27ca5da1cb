"""Two shapes against each other, in this process and in the real child."""

from __future__ import annotations

import threading

import pytest

from mmviz.bench.belonging import belongs
from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.deaths import silence_limit
from mmviz.bench.memory import check_pair
from mmviz.bench.messages import Compared, Finished, Message, Progress, Started, decode, encode
from mmviz.bench.pair import MeasuredGain, measured_gain, time_pair
from mmviz.bench.plan import PairPlan
from mmviz.bench.runner import compare
from mmviz.core.shapes.network import from_widths
from mmviz.errors import BenchError, InputError


def plan(
    backend: str = "fake",
    seconds: float = 0.05,
    batches: tuple[int, int] = (4, 8),
    training: bool = False,
) -> PairPlan:
    network = from_widths([6, 5, 3])
    return PairPlan(
        networks=(network, network),
        batches=batches,
        backend=backend,
        seconds=seconds,
        training=training,
    )


def said(asked: PairPlan) -> list[Message]:
    messages: list[Message] = []
    time_pair(asked, messages.append)
    return messages


def compared(messages: list[Message]) -> Compared:
    (found,) = (message for message in messages if isinstance(message, Compared))
    return found


@pytest.mark.parametrize("training", [False, True])
def test_both_shapes_get_their_seconds(training: bool) -> None:
    messages = said(plan(training=training))
    assert isinstance(messages[0], Started)
    assert isinstance(messages[-1], Finished)
    done = [message.done for message in messages if isinstance(message, Progress)]
    assert done == sorted(done)
    assert done[-1] == 1.0
    found = compared(messages)
    assert not found.failure
    for seconds in found.seconds:
        assert sum(seconds) >= 0.05


def test_the_gain_is_of_medians_and_per_example() -> None:
    found = Compared(([2.0, 2.0, 9.0], [3.0, 1.0, 3.0, 3.0]))
    assert measured_gain(plan(), found) == MeasuredGain(1 - 3.0 / 8 / (2.0 / 4), (2.0, 3.0), (3, 4))
    assert measured_gain(plan(batches=(4, 4)), found) == MeasuredGain(-0.5, (2.0, 3.0), (3, 4))
    assert measured_gain(plan(), Compared()) is None


@pytest.mark.parametrize(
    ("script", "why"),
    [("raise", "RuntimeError"), ("memory", "out of memory"), ("slow", "one pass takes longer")],
)
def test_what_breaks_is_one_line(script: str, why: str) -> None:
    found = compared(said(plan(f"fake:{script}")))
    assert why in str(found.failure)
    assert found.seconds == ([], [])


def test_a_dtype_the_backend_has_not() -> None:
    network = from_widths([3, 2])
    asked = PairPlan(networks=(network, network), batches=(1, 2), backend="fake", dtype="bfloat16")
    assert "does not compute in bfloat16" in str(compared(said(asked)).failure)


def test_the_plan_and_the_message_cross_as_lines() -> None:
    asked = plan()
    assert decode_plan(encode_plan(asked)) == asked
    message = Compared(([1.0], [2.0]))
    assert decode(encode(message)) == message
    assert belongs(message, asked)
    assert not belongs(message, asked.alone[0])
    assert silence_limit(asked) > 60


def test_the_real_child_times_a_tiny_pair() -> None:
    asked = plan("numpy", seconds=0.1)
    messages: list[Message] = []
    found = compare(asked, messages.append)
    assert found is not None
    gain = measured_gain(asked, found)
    assert gain is not None
    assert gain.gain < 1
    assert min(gain.passes) >= 1
    assert isinstance(messages[-1], Finished)


@pytest.mark.parametrize("script", ["raise", "die", "missing"])
def test_a_child_that_cannot_is_one_sentence(script: str) -> None:
    with pytest.raises(BenchError) as error:
        compare(plan(f"fake:{script}"), lambda _: None)
    assert "\n" not in str(error.value)


def test_a_child_that_hangs_is_killed() -> None:
    with pytest.raises(BenchError, match="hung"):
        compare(plan("fake:hang"), lambda _: None, silence_s=3.0)


def test_stopped_before_the_end_there_is_nothing() -> None:
    stop = threading.Event()
    assert compare(plan(seconds=60), lambda _: stop.set(), stop=stop) is None


def test_both_must_fit_the_memory_together() -> None:
    check_pair(plan())
    with pytest.raises(InputError, match="both shapes of 6-5-3 together need"):
        check_pair(plan(), available=1_000)
