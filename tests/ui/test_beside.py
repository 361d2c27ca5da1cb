"""Work beside the window: the newest question wins, and nothing of it outlives the window."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmviz.files.ordinary import Cancelled, Tick
from mmviz.ui.look.beside import Beside


class Gate:
    """Work that waits until it is let through, and says when it has begun."""

    def __init__(self, answer: object = None, error: Exception | None = None) -> None:
        self.answer, self.error = answer, error
        self.begun, self.open = threading.Event(), threading.Event()
        self.ended = False
        self.thread = ""

    def __call__(self, tick: Tick) -> object:
        self.thread = threading.current_thread().name
        self.begun.set()
        while not self.open.wait(0.001):
            tick(1, 4)
        if self.error is not None:
            raise self.error
        self.ended = True
        return self.answer


@pytest.fixture
def beside() -> Iterator[Beside]:
    made = Beside()
    yield made
    made.close()


@pytest.fixture
def heard() -> list[object]:
    return []


def fail(error: Exception) -> None:
    raise error


def test_an_answer_comes_later_and_in_this_thread(
    beside: Beside, heard: list[object], qtbot: QtBot
) -> None:
    here, threads = threading.current_thread(), []
    gate = Gate(7)

    def then(value: object) -> None:
        heard.append(value)
        threads.append(threading.current_thread())

    beside.ask(gate, then, fail)
    gate.open.set()
    assert gate.begun.wait(10)
    assert beside.working
    assert not heard
    qtbot.waitUntil(lambda: heard == [7])
    assert threads == [here]
    assert gate.thread == "beside"
    assert not beside.working


def test_the_newest_question_wins(beside: Beside, heard: list[object], qtbot: QtBot) -> None:
    first, second, third = Gate(1), Gate(2), Gate(3)
    beside.ask(first, heard.append, fail)
    assert first.begun.wait(10)
    beside.ask(second, heard.append, fail)
    beside.ask(third, heard.append, fail)
    third.open.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [3]
    assert not first.ended  # its tick ended it
    assert not second.begun.is_set()  # it was never begun


def test_an_answer_on_its_way_is_not_heard_after_a_newer_question(
    beside: Beside, heard: list[object], qtbot: QtBot
) -> None:
    first, second = Gate(1), Gate(2)
    first.open.set()
    beside.ask(first, heard.append, fail)
    assert first.begun.wait(10)
    while not first.ended:
        time.sleep(0.001)
    second.open.set()
    beside.ask(second, heard.append, fail)  # the first one's answer may lie in the queue
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [2]


def test_what_is_dropped_is_never_heard_of(
    beside: Beside, heard: list[object], qtbot: QtBot
) -> None:
    gate, next_one = Gate(1), Gate(2)
    beside.ask(gate, heard.append, fail)
    assert gate.begun.wait(10)
    beside.drop()
    assert not beside.working
    next_one.open.set()
    beside.ask(next_one, heard.append, fail)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [2]


def test_an_error_comes_back(beside: Beside, heard: list[object], qtbot: QtBot) -> None:
    gate = Gate(error=ZeroDivisionError("meant"))
    gate.open.set()
    beside.ask(gate, heard.append, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert [type(error) for error in heard] == [ZeroDivisionError]
    answer = Gate(5)  # the thread lives on
    answer.open.set()
    beside.ask(answer, heard.append, fail)
    qtbot.waitUntil(lambda: heard[1:] == [5])


def test_closing_ends_what_is_worked_at(heard: list[object]) -> None:
    beside = Beside()
    gate = Gate(1)
    beside.ask(gate, heard.append, fail)
    assert gate.begun.wait(10)
    beside.close()
    assert [thread for thread in threading.enumerate() if thread.name == "beside"] == []
    assert not gate.ended
    assert not heard
    beside.ask(Gate(2), heard.append, fail)  # nobody is there any more
    assert not beside.working


def test_it_says_whether_it_works_and_how_far_it_is(beside: Beside, qtbot: QtBot) -> None:
    said: list[bool] = []
    beside.changed.connect(said.append)
    gate, other = Gate(), Gate()
    with qtbot.waitSignal(beside.ticked) as ticked:
        beside.ask(gate, lambda _: None, fail)
    assert ticked.args == [1, 4]
    beside.ask(other, lambda _: None, fail)
    other.open.set()
    qtbot.waitUntil(lambda: not beside.working)
    assert said == [True, False]


def test_a_tick_that_says_the_same_makes_no_event(beside: Beside, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    beside.ticked.connect(lambda *args: told.append(args))

    def work(tick: Tick) -> None:
        for done in range(100_000):
            tick(done, 100_000)

    beside.ask(work, lambda _: None, fail)
    qtbot.waitUntil(lambda: not beside.working)
    assert 1 <= len(told) <= 100


def test_an_answer_that_asks_again(beside: Beside, heard: list[object], qtbot: QtBot) -> None:
    said: list[bool] = []
    beside.changed.connect(said.append)
    one, two = Gate(1), Gate(2)
    one.open.set()
    two.open.set()

    def then(value: object) -> None:
        heard.append(value)
        beside.ask(two, heard.append, fail)

    beside.ask(one, then, fail)
    qtbot.waitUntil(lambda: heard == [1, 2])
    assert said[0] is True
    assert said[-1] is False


def test_no_cycles_are_collected_while_it_works(beside: Beside, qtbot: QtBot) -> None:
    """Qt's objects must not die in the other thread."""
    found: list[bool] = []
    assert gc.isenabled()

    def work(_: Tick) -> None:
        found.append(gc.isenabled())

    def late(tick: Tick) -> None:
        work(tick)
        raise Cancelled

    for one in (work, late):
        beside.ask(one, lambda _: None, fail)
        qtbot.waitUntil(lambda: bool(found))
        beside.drop()
        found_so, found[:] = found[:], []
        assert found_so == [False]
    beside.close()
    assert gc.isenabled()
