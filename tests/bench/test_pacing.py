"""The speed of a lesson, changed while it goes on."""

from __future__ import annotations

import os
import threading
from time import perf_counter

import msgspec
import pytest

from mmviz.bench.messages import Message
from mmviz.bench.pacing import MOST_LINE, Pace, encode, listen
from mmviz.bench.plan import Learnt, MadeData, TrainPlan
from mmviz.bench.taught import Taught
from mmviz.bench.teaching import teach_plan
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.network import Dense, Network
from mmviz.files import hands

PLAN = TrainPlan(
    network=Network("digits", 784, (Dense(10, "softmax"),)),
    recipe=Recipe(),
    data=MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=200, unseen=50),
    backend="numpy",
    steps=30,
)


def test_another_pace_changes_no_number() -> None:
    pace, told = Pace(200.0), list[Message]()

    def hear(message: Message) -> None:
        told.append(message)
        if isinstance(message, Taught):
            pace.set({3: None, 9: 100.0, 12: None}.get(message.first, pace.now))

    plain: list[Message] = []
    teach_plan(PLAN, plain.append)
    teach_plan(msgspec.structs.replace(PLAN, pace=200.0), hear, pace)
    assert learnt(told) == learnt(plain)
    assert len(losses(told)) == 30
    assert losses(told) == losses(plain)


def learnt(told: list[Message]) -> Learnt:
    return [one for one in told if isinstance(one, Learnt)][-1]


def losses(told: list[Message]) -> list[float]:
    return [x for one in told if isinstance(one, Taught) for x in one.losses]


def test_what_is_asked_for_is_heeded_and_nonsense_is_not() -> None:
    reading, writing = os.pipe()
    pace = Pace(4.0)
    thread = listen(pace, reading)
    junk = b"junk\n{}\n" + b"x" * 3 * MOST_LINE + b"\n" + b'{"type":"pace","pace":-1}\n'
    os.write(writing, junk + encode(16.0)[:5])
    os.write(writing, encode(16.0)[5:])
    os.close(writing)
    thread.join(10)
    os.close(reading)
    assert not thread.is_alive()
    assert pace.now == 16.0


@pytest.mark.parametrize("then", [None, 1e6])
def test_who_rests_hears_of_another_pace(then: float | None) -> None:
    pace = Pace(1e-9)  # a step in thirty years
    rests = threading.Thread(target=pace.rest, args=(perf_counter(),))
    rests.start()
    pace.set(then)
    rests.join(10)
    assert not rests.is_alive()
