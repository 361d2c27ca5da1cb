"""What is measured beside the samples, with a pass that is made."""

from __future__ import annotations

import pytest

from mmviz.backends.base import Part
from mmviz.bench import aside, stopwatch
from mmviz.bench.aside import beside, cold, copied
from mmviz.bench.messages import Aside, Message, Parted
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths

PLAN = BenchPlan(network=from_widths((4, 3)), batches=(1,), backends=("fake",), seconds=2.0)


class Made:
    """A pass of 1 ms that is 3 ms cold, 5 ms with copies; a flush takes 7 ms."""

    gpu_s = None
    paused_s = 0.0

    def __init__(self, pass_s: float = 1e-3, copies: bool = True) -> None:
        self.now, self.cold = 0.0, False
        self.pass_s, self._copies = pass_s, copies
        self.did: list[str] = []

    def run(self, _budget_s: float = 0.0) -> float:
        self.did.append("run")
        self.now += self.pass_s + 2e-3 * self.cold
        self.cold = False
        return 1.0

    def flush(self) -> None:
        self.did.append("flush")
        self.now += 7e-3
        self.cold = True

    def copied(self) -> float | None:
        if not self._copies:
            return None
        self.did.append("copied")
        self.now += self.pass_s + 4e-3
        return self.pass_s + 4e-3

    def parts(self) -> tuple[Part, ...]:
        self.now += self.pass_s
        return (Part("forward", 0, self.pass_s),)

    def tiles(self) -> tuple[None, ...]:
        return ()

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    return timed(monkeypatch, Made())


def timed(monkeypatch: pytest.MonkeyPatch, made: Made) -> Made:
    for module in (aside, stopwatch):
        monkeypatch.setattr(module, "perf_counter", lambda: made.now)
    return made


def said(made: Made, plan: BenchPlan = PLAN) -> list[Message]:
    heard: list[Message] = []
    beside(plan, 1, "fake", made, made.pass_s, heard.append)
    return heard


def test_cold_and_copied_passes_are_each_a_series_of_their_own(made: Made) -> None:
    found = {m.way: m.seconds for m in said(made) if isinstance(m, Aside)}
    assert found["cold"] == pytest.approx([3e-3] * 9)
    assert found["copies"] == pytest.approx([5e-3] * 9)


def test_every_cold_pass_comes_right_after_a_flush(made: Made) -> None:
    cold(made, (0.2, 0.2))
    assert made.did == ["flush", "run"] * 9


def test_the_first_pass_with_copies_makes_room_and_does_not_count(made: Made) -> None:
    assert len(copied(made, (0.2, 0.2))) == 9
    assert made.did == ["copied"] * 10


def test_nothing_is_copied_where_data_lie_in_the_hosts_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = timed(monkeypatch, Made(copies=False))
    assert {m.way for m in said(here) if isinstance(m, Aside)} == {"cold"}


def test_a_long_pass_is_run_once_more_each_way(monkeypatch: pytest.MonkeyPatch) -> None:
    long = timed(monkeypatch, Made(0.9))
    assert [len(m.seconds) for m in said(long) if isinstance(m, Aside)] == [1, 1], "not three"
    assert long.did == ["copied", "flush", "run"]


def test_a_pass_that_takes_most_of_its_plan_is_only_taken_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longer = timed(monkeypatch, Made(1.1))
    assert [type(message) for message in said(longer)] == [Parted]
    assert longer.did == []


def test_asides_take_a_tenth_of_the_plans_seconds_at_most(made: Made) -> None:
    """Short plans, such as those of a sweep, spend their time on samples."""
    short = BenchPlan(network=PLAN.network, batches=(1,), backends=("fake",), seconds=0.19)
    found = {m.way: m.seconds for m in said(made, short) if isinstance(m, Aside)}
    assert len(found["cold"]) == aside.LEAST, "for as much as a quarter of its seconds"
    assert len(found["copies"]) == 4
    shorter = BenchPlan(network=PLAN.network, batches=(1,), backends=("fake",), seconds=0.02)
    assert [len(m.seconds) for m in said(made, shorter) if isinstance(m, Aside)] == [1, 1]


def test_what_fails_aside_takes_nothing_else_with_it(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise MemoryError

    monkeypatch.setattr(made, "flush", fails)
    kinds = [type(message) for message in said(made)]
    assert kinds == [Parted, Aside]
