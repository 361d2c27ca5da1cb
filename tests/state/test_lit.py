"""Which product of the strip is lit while a network is taught."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from mmviz.bench.taught import Taught
from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.course import Course
from mmviz.state.network.lit import Lit
from mmviz.state.network.strip import STRIP
from mmviz.state.session import open_file

SESSION = actions.as_taught(
    replace(open_file(read_preset("digits-hidden")), device="v100"), batch=64
)
STEP = Taught(0, [2.3], [1e-4], {"forward": 4e-5, "loss": 1e-5, "dgrad": 1e-5, "wgrad": 4e-5})


def lit(pace: float | None, *, on: bool = True) -> Lit | None:
    plan = msgspec.structs.replace(plan_of(SESSION.network, "float32", Choice(), made()), pace=pace)
    course = Course(plan, began=1.0).heard(STEP)
    facts = Facts().with_lesson(course if on else course.left("paused"))
    return STRIP.of(derive(SESSION, facts)).lit


def test_at_full_speed_each_product_is_lit_by_what_it_takes_of_a_step() -> None:
    """The clock runs once for all of a kind: they share it by their multiply-adds."""
    found = lit(None)
    assert found is not None
    large, small = 784 / 794, 10 / 794  # 784 × 128 and 128 × 10 weights
    by_hand = (0.4 * large, 0.4 * small, 0.1, 0.4 * small, 0.4 * large)
    assert found.shares == pytest.approx(by_hand)
    assert sum(found.shares) == pytest.approx(0.9)  # the loss has the rest
    assert [str(text) for text in found.told] == [
        "≈ 39 %",
        "≈ 0.50 %",
        "10 %",
        "≈ 0.50 %",
        "≈ 39 %",
    ]
    assert found.moments == ()
    said = str(found.said)
    for part in ("forward 40 %", "loss 10 %", "dgrad 10 %", "wgrad 40 %", "update 0 %"):
        assert part in said
    assert said.endswith("≈ by multiply-adds")


def test_a_kind_of_one_product_has_what_was_measured_of_it() -> None:
    session = actions.as_taught(replace(open_file(read_preset("digits")), device="v100"), batch=64)
    plan = plan_of(session.network, "float32", Choice(), made())
    found = STRIP.of(derive(session, Facts().with_lesson(Course(plan, 1.0).heard(STEP)))).lit
    assert found is not None
    assert [str(text) for text in found.told] == ["40 %", "40 %"]
    assert "≈" not in str(found.said)


def test_in_slow_motion_the_parts_of_a_step_take_turns() -> None:
    found = lit(1.0)
    assert found is not None
    assert [moment.product for moment in found.moments] == [0, 1, None, 2, 3, 4, None]
    said = [str(moment.said) for moment in found.moments]
    assert said[0] == "step 1: hidden"
    assert said[2] == "step 1: loss"
    assert said[3] == "step 1: classes · dgrad"
    assert found.moment_s * len(found.moments) == 1.0


def test_what_would_flicker_takes_no_turns() -> None:
    found = lit(16.0)
    assert found is not None
    assert found.moments == ()


def test_nothing_is_lit_where_nothing_is_taught() -> None:
    assert lit(None, on=False) is None
    other = replace(open_file(read_preset("digits")), device="v100")
    course = Course(plan_of(SESSION.network, "float32", Choice(), made()), began=1.0)
    assert STRIP.of(derive(other, Facts().with_lesson(course.heard(STEP)))).lit is None
