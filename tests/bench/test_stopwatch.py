"""How passes are clocked, with a pass and a clock that are made."""

from __future__ import annotations

import pytest

from mmviz.bench import stopwatch
from mmviz.bench.stopwatch import block_time, clocked, passes_of, warmed


class Clock:
    """Time that passes only where it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Pass:
    """Takes so many seconds of its clock, and at the first call of a row `asleep` more."""

    gpu_s = None

    def __init__(self, clock: Clock, seconds: float, asleep: float = 0.0) -> None:
        self.paused_s = 0.0
        self._clock, self._seconds, self._asleep = clock, seconds, asleep
        self.runs = 0
        self.slept = True

    def run(self, _budget_s: float = 0.0) -> float:
        self.runs += 1
        self._clock.now += self._seconds + self._asleep * self.slept
        self.slept = False
        return 1.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stopwatch, "perf_counter", clock)
    return clock


def test_a_pass_is_clocked_without_what_it_took_off_the_clock(clock: Clock) -> None:
    one = Pass(clock, 2.0)
    run = one.run

    def paused(budget_s: float = 0.0) -> float:
        one.paused_s += 0.5
        return run(budget_s)

    one.run = paused  # type: ignore[method-assign]
    assert clocked(one) == (1.0, 1.5)
    assert block_time(one, 4) == 1.5


@pytest.mark.parametrize("pass_s", [1e-6, 7e-5, 9e-4, 1e-3, 0.02])
def test_a_block_lasts_at_least_a_millisecond(clock: Clock, pass_s: float) -> None:
    """A pass alone is longer than in a row: whoever took its length would make blocks too short."""
    one = Pass(clock, pass_s, asleep=5e-4)
    first = clocked(one)[1]
    assert first == pytest.approx(pass_s + 5e-4)
    took = warmed(one, first, 1.0)
    assert took == pytest.approx(pass_s, rel=0.01)
    before = clock.now
    block_time(one, passes_of(took))
    assert clock.now - before >= stopwatch.BLOCK_S * 0.999


def test_it_is_warm_after_a_tenth_of_a_second_or_the_seconds_of_its_plan(clock: Clock) -> None:
    one = Pass(clock, 0.03)
    warmed(one, clocked(one)[1], 2.0)
    assert one.runs == 4
    other = Pass(clock, 0.03)
    warmed(other, clocked(other)[1], 0.05)
    assert other.runs == 2


def test_a_pass_too_short_to_be_seen_has_a_block_with_an_end() -> None:
    assert passes_of(0.0) == 1_000_000
