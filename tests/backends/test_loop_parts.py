"""The clock of a pass with a budget: every part is scaled up by its own units."""

from __future__ import annotations

import pytest

from mmviz.backends import loop_parts
from mmviz.backends.loop_parts import Ledger, LoopPiece, OutOfTimeError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(loop_parts, "perf_counter", made)
    return made


def piece(clock: Clock, seconds: float, units: int) -> LoopPiece:
    def work() -> None:
        clock.now += seconds

    clock.now += 100.0  # making it ready does not count
    return work, units


@pytest.fixture
def ledger(clock: Clock) -> Ledger:
    """Rows at 1 s each, then sums at 0.01 s, then activations, of which a piece of 4 takes 2 s."""
    made = Ledger()
    made.expect("rows", 10, lambda: pytest.fail("a part that was reached is not tried"))
    made.expect("sums", 1_000, lambda: piece(clock, 0.5, 50))
    made.expect("activation", 20, lambda: piece(clock, 2.0, 4))
    return made


def test_a_part_that_was_reached_is_scaled_and_the_rest_tried(clock: Clock, ledger: Ledger) -> None:
    ledger.start(12.0)
    for _ in range(10):
        clock.now += 1.0
        ledger.add("rows", 1)
    for _ in range(2):
        clock.now += 1.0
        ledger.add("sums", 100)
    clock.now += 1.0
    with pytest.raises(OutOfTimeError):
        ledger.add("sums", 100)
    # 13 s were spent; a whole pass is 10 s of rows, 10 s of sums, 10 s of activations
    assert ledger.stopped() == pytest.approx(13 / 30)


def test_a_part_that_was_not_reached_is_tried(clock: Clock, ledger: Ledger) -> None:
    ledger.start(0.0)
    clock.now += 1.0
    with pytest.raises(OutOfTimeError):
        ledger.add("rows", 1)
    assert ledger.stopped() == pytest.approx(1 / 30)


def test_trying_is_off_the_clock(clock: Clock, ledger: Ledger) -> None:
    ledger.start(0.0)
    began = clock.now
    clock.now += 1.0
    with pytest.raises(OutOfTimeError):
        ledger.add("rows", 1)
    clock.now += 7.0  # lists are let go
    ledger.stopped()
    assert clock.now - began - ledger.paused_s == pytest.approx(1.0)


def test_pauses_count_neither_as_spent_nor_against_the_budget(clock: Clock, ledger: Ledger) -> None:
    ledger.start(4.5)
    began = clock.now
    clock.now += 1_000.0
    ledger.pause(began)
    for _ in range(4):
        clock.now += 1.0
        ledger.add("rows", 1)
    clock.now += 1.0
    with pytest.raises(OutOfTimeError):
        ledger.add("rows", 1)
    assert ledger.stopped() == pytest.approx(5 / 30)


def test_the_last_step_never_runs_out_of_time(clock: Clock, ledger: Ledger) -> None:
    ledger.start(0.0)
    ledger._open = 5
    clock.now += 9.0
    ledger.add("sums", 5)


def test_without_a_budget_nothing_is_kept(clock: Clock, ledger: Ledger) -> None:
    ledger.start(loop_parts.UNLIMITED)
    clock.now += 9.0
    ledger.add("rows", 10)
    assert ledger.parts["rows"].spent_s == 0


def test_a_second_pass_starts_from_nothing(clock: Clock, ledger: Ledger) -> None:
    for _ in range(2):
        ledger.start(0.0)
        clock.now += 1.0
        with pytest.raises(OutOfTimeError):
            ledger.add("rows", 1)
    assert ledger.stopped() == pytest.approx(1 / 30)
