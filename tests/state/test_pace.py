"""How long a run still takes."""

from __future__ import annotations

from mmviz.state.clock.pace import Pace


def test_what_is_left_takes_as_long_as_what_was_done() -> None:
    pace = Pace(100.0)
    pace.hear(0.25, 110.0)
    assert pace.left_s(110.0) == 30.0
    assert pace.left_s(115.0) == 25.0, "time passes between two messages"
    assert pace.left_s(200.0) == 0.0, "never less than nothing"


def test_nothing_is_said_before_enough_was_done() -> None:
    pace = Pace(0.0)
    assert pace.left_s(5.0) is None
    pace.hear(0.5, 0.5)
    assert pace.left_s(0.5) is None, "half a second says little"
    pace.hear(0.5, 2.0)
    assert pace.left_s(2.0) == 2.0


def test_a_pause_takes_no_time() -> None:
    pace = Pace(0.0)
    pace.hear(0.5, 10.0)
    pace.pause(10.0)
    assert pace.left_s(500.0) == 10.0
    pace.go_on(1000.0)
    pace.hear(0.75, 1005.0)
    assert pace.left_s(1005.0) == 5.0


def test_of_a_run_that_is_taken_up_again_only_the_rest_tells_the_pace() -> None:
    pace = Pace(0.0, done=0.5)
    pace.hear(0.75, 10.0)
    assert pace.left_s(10.0) == 10.0


def test_what_a_pause_threw_away_is_not_counted_as_done() -> None:
    pace = Pace(0.0)
    pace.hear(0.5, 10.0)
    pace.hear(0.4, 10.0)
    assert pace.left_s(10.0) == 10.0 / 0.4 * 0.6
