"""The batch size swept for learning: counts of drawings, losses near a step, what is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.backends.base import Place
from mmviz.bench.messages import Placed
from mmviz.bench.plan import MadeData, TrainPlan
from mmviz.bench.rates import NEAR, shown_after, steps_to
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.core.learning.descent import Recipe
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import hands, networks, rate_log
from mmviz.files.rate_log import RateLog
from mmviz.state.learn.curve import Curve
from mmviz.state.learn.rates import EMPTY, rates_view
from mmviz.state.learn.swept import Swept, equal_drawings, loss_near, rates_of, sweep_plans
from mmviz.state.learn.swept_kept import as_kept, as_swept, head_of
from mmviz.text import Text
from mmviz.words.rates import figures, told

DIGITS = networks.read_preset("digits").network.layered
assert DIGITS is not None
DATA = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=600)
PLAN = TrainPlan(network=DIGITS, recipe=Recipe(), data=DATA, backend="numpy", steps=5)


def swept(*losses: float | None, seconds: float = 1.0, batches: tuple[int, ...] = (1, 60)) -> Swept:
    """Each course takes ten steps in its time, all of that loss; None: it breaks."""
    found = Swept(sweep_plans(PLAN, batches, seconds))
    for loss in losses:
        found = found.begun(1.0)
        if loss is None:
            found = found.heard(Untaught(Text("no number"))).over()
            continue
        found = found.heard(Taught(0, [loss] * 10, [seconds / 10] * 10, {}))
        found = found.heard(Judged(10, 1.0, (0.9, 0.8))).over()
    return found


def test_all_but_the_batch_and_the_time_is_as_in_the_plan() -> None:
    plans = sweep_plans(PLAN, (1, 64, 600, 4_096), 2.0)
    assert [plan.recipe.batch for plan in plans] == [1, 64, 600], "of what there are drawings for"
    assert {(plan.steps, plan.seconds, plan.begin) for plan in plans} == {(None, 2.0, None)}
    assert {replace(plan.recipe, batch=64) for plan in plans} == {PLAN.recipe}
    few = sweep_plans(PLAN, (1_000,), 2.0)
    assert [plan.recipe.batch for plan in few] == [600]


@given(st.integers(1, 500), st.integers(1, 300), st.integers(0, 2_000))
def test_steps_to_so_many_drawings_are_the_fewest(count: int, batch: int, shown: int) -> None:
    steps = steps_to(shown, count, batch)
    assert shown_after(steps, count, batch) >= shown
    assert steps == 0 or shown_after(steps - 1, count, batch) < shown


def test_a_loss_is_the_mean_over_the_last_drawings_before_a_step() -> None:
    losses = np.arange(1_000, dtype=float)
    curve = Curve().then(losses.tolist(), [1.0] * 1_000)
    batch = NEAR // 10
    assert loss_near(curve, 1_000, batch) == pytest.approx(losses[-10:].mean())
    assert loss_near(curve, 500, batch) == pytest.approx(losses[490:500].mean())
    assert loss_near(curve, 4, batch) == pytest.approx(losses[:4].mean()), "all there are"
    assert loss_near(curve, 1_000, 10 * NEAR) == losses[-1]


def test_rates_are_compared_after_equal_drawings() -> None:
    found = swept(2.0, 1.0)
    assert equal_drawings(found, "numpy") == 10
    slow, quick = rates_of(found)
    assert (slow.steps, quick.steps) == (10, 1)
    assert slow.step_s == pytest.approx(0.1)
    assert slow.epoch_s == pytest.approx(60.0)
    assert quick.epoch_s == pytest.approx(1.0)
    assert (slow.by_time, quick.by_time, quick.by_drawings) == (2.0, 1.0, 1.0)
    assert slow.right == 0.9
    said = "\n".join(map(str, rates_view(found, DIGITS).says))
    assert "an epoch takes 1.00 s at batch 60, and 60.0 s, 60.0 × as long, at batch 1" in said
    assert "after the same 10 drawings the loss is 2.00 at batch 1, in 10 steps" in said
    assert "1.00 at batch 60, in 1 step" in said
    assert "it is least, 1.00, at batch 60" in said


def test_losses_that_are_nearly_alike_are_not_told_apart() -> None:
    said = "\n".join(map(str, rates_view(swept(1.0, 1.05), DIGITS).says))
    assert "it is least, 1.00, at batch 1, 60" in said


def test_what_broke_has_no_figures_but_a_reason_and_the_rest_is_compared() -> None:
    found = swept(None, 1.0)
    broken, whole = rates_of(found)
    assert broken.step_s is None
    assert str(told(broken)) == "batch 1: no number"
    assert whole.by_drawings == 1.0
    said = [str(line) for line in rates_view(found, DIGITS).says]
    assert "batch 1: no number" in said
    assert not any("as long" in line for line in said), "there is nothing to compare it with"
    assert [str(one) for one in figures(whole)][-1] == "no data", "nobody told its energy"


def test_a_course_that_was_stopped_has_no_rate() -> None:
    found = Swept(sweep_plans(PLAN, (1, 60), 1.0)).begun(1.0)
    found = found.heard(Taught(0, [1.0], [0.1], {}))
    assert rates_of(found) == ()
    assert 0 < found.done < 0.5
    assert str(rates_view(found, DIGITS).doing) == "batch 1, 1 of 2"
    assert rates_of(replace(found, doing=False)) == ()


def test_a_network_that_cannot_be_taught_says_why() -> None:
    assert rates_view(None, DIGITS).why is EMPTY
    view = rates_view(None, from_widths((8, 10)))
    assert not view.can
    assert "8 inputs" in str(view.why)
    assert rates_view(swept(1.0), from_widths((8, 10))).stale


def pair(*step_s: float) -> Swept:
    """NumPy and wgpu take turns at batch 1 and 60; each course has so many seconds a step."""
    found = Swept(sweep_plans(PLAN, (1, 60), 1.0, ("numpy", "wgpu")))
    for each in step_s:
        plan = found.next
        assert plan is not None
        found = found.begun(1.0)
        if plan.backend == "wgpu":
            place = Place("llvmpipe", software=True)
            found = found.heard(Placed("wgpu", plan.recipe.batch, place))
        count = round(1.0 / each)
        found = found.heard(Taught(0, [1.0] * count, [each] * count, {}))
        found = found.heard(Judged(count, 1.0, (0.9, 0.8))).over()
    return found


def test_backends_take_turns_and_are_compared_at_each_batch() -> None:
    found = pair(0.001, 0.010, 0.040, 0.020)
    order = [(one.plan.backend, one.plan.recipe.batch) for one in found.courses]
    assert order == [("numpy", 1), ("wgpu", 1), ("numpy", 60), ("wgpu", 60)]
    view = rates_view(found, DIGITS)
    said = "\n".join(map(str, view.says))
    assert "from batch 60 on wgpu (software, no GPU) wins over NumPy" in said
    assert "wgpu (software, no GPU): an epoch takes 200 ms at batch 60, and 6.00 s" in said
    assert "on NumPy it is least" in said
    assert "NumPy, wgpu (software, no GPU)" in str(view.of)
    assert {(rate.backend, rate.equal) for rate in view.rates} == {("numpy", 1_000), ("wgpu", 100)}
    assert [rate.steps for rate in view.rates] == [1_000, 100, 17, 2], "as many as each came to"


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = pair(0.001, 0.010, 0.040)
    path, head = tmp_path / "r.jsonl", head_of(whole)
    log = RateLog(path, head)
    for course in whole.courses:
        log.add(as_kept(course))
    with pytest.raises(InputError, match="is being written by another mmviz"):
        RateLog(path, head)
    log.close()
    with path.open("ab") as file:
        file.write(b'{"type":"course","batch":60')  # killed in the middle of a line
    back = as_swept(head, rate_log.going_on(path, head), DATA)
    assert rates_of(back) == rates_of(whole)
    assert back.resumable
    assert (back.next.backend, back.next.recipe.batch) == ("wgpu", 60)  # type: ignore[union-attr]
    assert [str(one) for one in rates_view(back, DIGITS).says] == [
        str(one) for one in rates_view(whole, DIGITS).says
    ]
    other = head_of(Swept(sweep_plans(PLAN, (1, 60), 2.0)))
    with pytest.raises(InputError, match="is of another sweep"):
        rate_log.going_on(path, other)
    path.write_text("no log\n")
    with pytest.raises(InputError, match="no sweep of the batch size that mmviz kept"):
        rate_log.read(path)


def whole_of(kept: rate_log.KeptCourse) -> dict[str, object]:
    found = msgspec.json.decode(msgspec.json.encode(kept))
    assert isinstance(found, dict)
    return found


def test_lines_that_lie_are_left_out(tmp_path: Path) -> None:
    whole = pair(0.001)
    path, head = tmp_path / "r.jsonl", head_of(whole)
    (course,) = whole.courses
    kept = as_kept(course)
    lies: list[dict[str, object]] = [
        {"recent": [-1.0]},
        {"steps_at": kept.steps_at[::-1]},
        {"losses": kept.losses[1:]},
        {"batch": 7},
        {"stages": {"sleep": 1.0}},
        {"every": 0},
    ]
    RateLog(path, head).close()
    lines = b""
    for lie in lies:
        lines += msgspec.json.encode({**whole_of(kept), **lie}) + b"\n"
    with path.open("ab") as file:
        file.write(lines)
    assert rate_log.read(path)[1] == ()
    with path.open("ab") as file:
        file.write(msgspec.json.encode(whole_of(kept)) + b"\n")
    assert len(rate_log.read(path)[1]) == 1, "what does not lie is read"
