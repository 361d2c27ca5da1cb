"""One child for all: who has it, who is refused, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmviz.bench.messages import Compared, Message, Started
from mmviz.bench.plan import BenchPlan, PairPlan
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text
from mmviz.ui.shell.desk import Desk, Outcome

PATIENCE_MS = 60_000
SMALL = from_widths((4, 3, 2))
WHO = Text(N_("a timing run is going on"))


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:  # noqa: ARG001  # a QApplication must exist
    made = Desk()
    yield made
    made.close()
    made.deleteLater()


def plan(seconds: float = 0.01, *backends: str) -> BenchPlan:
    return BenchPlan(network=SMALL, batches=(1,), backends=backends or ("numpy",), seconds=seconds)


def test_a_run_comes_back_with_its_results(qtbot: QtBot, desk: Desk) -> None:
    heard: list[Message] = []
    ends: list[Outcome] = []
    desk.ask(plan(), asker := object(), WHO, heard.append, ends.append)
    assert desk.lent_to(asker)
    assert desk.busy == WHO
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    (outcome,) = ends
    assert isinstance(heard[0], Started)
    assert outcome.reason == NOTHING
    assert not outcome.cancelled
    assert outcome.done == 1.0
    assert outcome.results is not None
    assert outcome.results.runs[0].samples_s
    assert not desk.lent_to(asker)
    assert desk.busy == NOTHING


def test_what_cannot_be_begun_is_lent_to_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmviz.ui.shell.worker_process.encode_plan", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.ask(plan(), object(), WHO, lambda _: None, lambda _: None)
    assert (desk.busy, desk.worker.running, desk.worker.pid) == (NOTHING, False, 0)


def test_an_error_at_the_end_of_the_child_ends_the_loan(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[Outcome] = []
    with qtbot.captureExceptions() as heard, monkeypatch.context() as broken:
        broken.setattr("mmviz.bench.supervisor.Supervisor.exited", lambda *_: 1 / 0)
        desk.ask(plan(), object(), WHO, lambda _: None, ends.append)
        qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    assert [kind for kind, _, _ in heard] == [ZeroDivisionError]
    assert "ZeroDivisionError" in str(ends[0].reason)
    assert (desk.busy, desk.worker.running, desk.worker.pid) == (NOTHING, False, 0)


def test_who_asks_meanwhile_is_told_who_has_it(qtbot: QtBot, desk: Desk) -> None:
    ends: list[Outcome] = []
    desk.ask(plan(600), first := object(), WHO, lambda _: None, ends.append)
    sentence = "a timing run is going on, and two measurements would disturb each other"
    with pytest.raises(InputError, match=sentence):
        desk.ask(plan(), object(), WHO, lambda _: None, ends.append)
    with pytest.raises(InputError, match=sentence):
        desk.check()
    desk.cancel(object())
    assert desk.lent_to(first), "only who has it can give it back"
    desk.cancel(first)
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    assert [(end.reason, end.cancelled) for end in ends] == [(NOTHING, True)]
    desk.check()


def test_it_can_be_asked_again_from_the_end_of_a_loan(qtbot: QtBot, desk: Desk) -> None:
    pair = PairPlan(networks=(SMALL, SMALL), batches=(1, 2), backend="numpy", seconds=0.01)
    found: list[object] = []

    def again(_: Outcome) -> None:
        desk.ask(pair, desk, WHO, lambda _: None, lambda end: found.append(end.found))

    desk.ask(plan(), desk, WHO, lambda _: None, again)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE_MS)
    assert isinstance(found[0], Compared)


def test_what_is_refused_has_not_begun(desk: Desk) -> None:
    huge = BenchPlan(network=from_widths((2**24, 2**24)), batches=(1,), backends=("numpy",))
    with pytest.raises(InputError, match="this machine has"):
        desk.ask(huge, desk, WHO, lambda _: None, lambda _: None)
    assert not desk.lent_to(desk)


def test_closing_is_silent(qtbot: QtBot, desk: Desk) -> None:
    ends: list[Outcome] = []
    desk.ask(plan(600), desk, WHO, lambda _: None, ends.append)
    desk.close()
    qtbot.wait(10)
    assert ends == []
    assert not desk.worker.running
