"""A course of teaching, folded from messages: its curve, what a child loses, its way to disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from mmviz.bench.messages import Finished, Message
from mmviz.bench.plan import MadeData, TrainPlan, learnt
from mmviz.bench.taught import Judged, Taught, Untaught
from mmviz.bench.teaching import teach_plan
from mmviz.core.learning.descent import Recipe
from mmviz.core.learning.weights import fresh
from mmviz.core.shapes.network import Network, from_widths
from mmviz.errors import InputError
from mmviz.files import courses, hands, networks
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.course import MOST_LOOKS, Course
from mmviz.state.learn.curve import MOST, Curve
from mmviz.state.learn.figures import key_figures
from mmviz.state.learn.kept import as_course, as_kept
from mmviz.state.learn.teaching import teaching_view
from mmviz.text import Text
from mmviz.words.speech import speak

DIGITS = networks.read_preset("digits").network.layered
assert DIGITS is not None
FEW = MadeData(hands=hands.texts(), taught=hands.TAUGHT, count=300, unseen=60)


def plan(steps: int = 20, network: Network = DIGITS) -> TrainPlan:
    return TrainPlan(network=network, recipe=Recipe(), data=FEW, backend="numpy", steps=steps)


def taught(first: int, count: int) -> Taught:
    return Taught(first, [1.0] * count, [0.5] * count, {"forward": 0.25 * count})


def weights_at(step: int) -> Message:
    return msgspec.structs.replace(learnt(fresh(DIGITS)), step=step)


def test_a_curve_of_any_length_is_of_a_few_points_and_loses_no_step() -> None:
    curve, losses = Curve(), np.random.default_rng(0).random(10_007)
    for part in np.split(losses, [1, 2, 5, 700, 4_000, 9_999]):
        curve = curve.then(part.tolist(), [2.0] * len(part))
    assert len(curve) <= MOST
    assert curve.step == len(losses)
    assert curve.spent_s == pytest.approx(2.0 * len(losses))
    counts = np.diff(curve.steps, prepend=0)
    assert float(curve.losses @ counts) == pytest.approx(float(losses.sum()))
    assert int(counts.max()) <= curve.every


def test_looks_are_thinned_and_the_last_one_stays() -> None:
    course = Course(plan(5_000), 1.0)
    for step in range(MOST_LOOKS + 1):
        course = course.heard(Judged(step, 0.5, (step / 2_000,)))
    assert len(course.now.looks) == MOST_LOOKS // 2 + 1
    assert course.last is not None
    assert course.last.step == MOST_LOOKS


def test_what_a_child_did_after_its_last_weights_is_lost_with_it() -> None:
    course = Course(plan(), 1.0)
    for message in (taught(0, 4), Judged(4, 0.5, (0.4,)), weights_at(4), taught(4, 3)):
        course = course.heard(message)
    assert course.step == 7
    left = course.left("paused")
    assert (left.step, left.now.curve.spent_s) == (4, 2.0)
    rest = left.rest()
    assert rest.begin is not None
    assert rest.begin.step == 4
    again = left.taken_up().heard(taught(4, 6))
    assert (again.step, again.doing) == (10, "teaching")
    assert again.now.stages == {"forward": 0.25 * 10}
    assert again.now.curve.spent_s == 5.0


def test_a_whole_lesson_as_the_child_tells_it() -> None:
    told: list[Message] = []
    teach_plan(plan(12), told.append)
    course = Course(plan(12), 1.0)
    for message in told:
        course = course.heard(message)
    assert (course.step, course.doing, course.complete, course.done) == (12, "over", True, 1.0)
    assert course.weights is not None
    assert course.weights.step == 12
    assert sum(course.now.shares.values()) == pytest.approx(1.0)
    view = teaching_view(DIGITS, (), course)
    assert not view.resumable
    assert "12 of 12 steps" in str(view.status)
    assert speak("zh_CN")(view.status).startswith("数字，一层")
    facts = {str(fact.label): str(fact.value) for fact in view.more.groups[0].facts}
    assert facts["drawings made by mmviz"] == "300"
    assert facts["steps, batch 64"] == "12"


def test_slow_motion_says_weights_step_by_step() -> None:
    told: list[Message] = []
    teach_plan(msgspec.structs.replace(plan(3), pace=20.0), told.append)
    steps = [message.step for message in told if type(message).__name__ == "Learnt"]
    assert steps == [1, 2, 3]


def test_what_breaks_a_lesson_is_said() -> None:
    course = Course(plan(), 1.0).heard(taught(0, 2)).heard(Untaught(Text("why")))
    over = course.heard(Finished())
    assert (str(over.ended), over.step) == ("why", 0)
    foreign = learnt(fresh(from_widths([784, 10])))
    less = msgspec.structs.replace(foreign, layers=foreign.layers * 2)
    assert course.heard(less).weights is None


def lost(step: int | None) -> Course:
    """A course whose child ended early after step 6; weights are of step 4."""
    course = Course(plan(), 1.0)
    for message in (taught(0, 4), Judged(4, 0.5, (0.4,)), weights_at(4), taught(4, 2)):
        course = course.heard(message)
    return course.heard(Untaught(Text("why"), step)).left("paused", Text("why"))


def test_a_course_that_lost_its_numbers_is_over_and_says_in_which_step() -> None:
    broken = lost(7)
    assert (broken.doing, broken.resumable) == ("over", False)
    view = teaching_view(DIGITS, (), broken)
    said = "Digits, one layer broke off in step 7, and has what it knew after 4 of 20 steps"
    assert str(view.status) == f"{said} · unseen right 40.0 %".replace(" ", " ")
    assert not view.resumable
    before = Course(plan(), 1.0).heard(taught(0, 2)).heard(Untaught(Text("why"), 3)).left("paused")
    assert not before.resumable
    told = str(teaching_view(DIGITS, (), before).status)
    assert told == "Digits, one layer broke off in step 3", "no weights were said"
    waits = lost(None)  # its child was killed: that says nothing of its numbers
    assert (waits.doing, waits.resumable) == ("paused", True)
    assert "waits after 4 of 20 steps" in str(teaching_view(DIGITS, (), waits).status)


def test_one_that_lost_its_numbers_comes_back_from_disk_as_one() -> None:
    kept = as_kept(lost(7))
    assert kept is not None
    courses.keep(kept)
    (found,) = courses.kept()
    back = as_course(found)
    assert (back.doing, back.lost, str(back.ended), back.resumable) == ("over", 7, "why", False)
    kept = as_kept(lost(None))
    assert kept is not None
    assert as_course(kept).resumable


def test_a_batch_of_more_drawings_than_there_are_is_refused() -> None:
    large = Recipe(batch=301)
    with pytest.raises(InputError, match="a batch of 301 is more than the 300 drawings"):
        plan_of(DIGITS, "float32", Choice(large), FEW)
    assert plan_of(DIGITS, "float32", Choice(large, folder="F"), FEW), "not read yet"


def test_of_which_seen_drawings_the_share_is_told() -> None:
    course = Course(plan(), 1.0).heard(Judged(4, 0.5, (0.4,)))
    facts = {str(fact.label): str(fact.tip) for fact in key_figures(course).groups[0].facts}
    assert facts["seen drawings right"] == "of the first 60 of 300 drawings it learns from"


def test_facts_know_the_last_lesson_of_a_network_whatever_it_is_called() -> None:
    one = Course(plan(), 1.0).heard(weights_at(1))
    two = Course(plan(), 2.0).heard(weights_at(2))
    facts = Facts().with_lesson(two).with_lesson(one)
    found = facts.knows(replace(DIGITS, name="another"))
    assert found is not None
    assert found.step == 2
    assert facts.knows(from_widths([784, 10])) is None  # its last layer is linear
    assert len(facts.with_lesson(two.left("over")).lessons) == 2


@pytest.mark.parametrize("widths", [(100, 10), (784, 12)])
def test_a_network_that_does_not_fit_says_why_and_offers_some_that_do(
    widths: tuple[int, int],
) -> None:
    view = teaching_view(from_widths(widths), (), None)
    assert str(view.why).startswith(f"{widths[0]}-{widths[1]} has ")
    assert [offer.does for offer in view.offers] == ["digits", "digits-hidden"]
    with pytest.raises(InputError, match="has"):
        plan_of(from_widths(widths), "float32", Choice(), made())


def test_a_loss_that_the_last_layer_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="cross-entropy needs shares"):
        plan_of(from_widths((784, 10)), "float32", Choice(), made())


def test_a_lesson_goes_to_disk_and_back() -> None:
    told: list[Message] = []
    teach_plan(plan(9), told.append)
    course = Course(plan(20), 77.5)
    for message in told[:-1]:
        course = course.heard(message)
    kept = as_kept(course)
    assert kept is not None
    courses.keep(kept)
    (found,) = courses.kept()
    back = as_course(found)
    assert (back.began, back.step, back.doing) == (77.5, 9, "paused")
    assert back.weights is not None
    assert course.weights is not None
    for ours, theirs in zip(
        back.weights.moving_weights, course.weights.moving_weights, strict=True
    ):
        assert np.array_equal(ours, theirs)
    assert back.now.looks == course.now.looks
    assert np.array_equal(back.now.curve.losses, course.now.curve.losses)
    rest = back.rest()
    assert rest.begin == course.rest().begin
    assert rest.data == made()
    for known, said in ((course, True), (back, False)):  # how long a step took is not kept
        (parts,) = [group for group in key_figures(known).groups if "parts" in str(group.title)]
        assert [str(fact.tip).endswith(" of a step") for fact in parts.facts] == [said] * 5


def test_the_oldest_lessons_go_first() -> None:
    kept = as_kept(Course(plan(), 1.0).heard(taught(0, 1)).heard(weights_at(1)))
    assert kept is not None
    for when in range(courses.MOST_LESSONS + 3):
        courses.keep(msgspec.structs.replace(kept, when=float(when)))
    assert [one.when for one in courses.kept()] == [float(when) for when in range(3, 11)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:0],
        lambda data: data[:-9],
        lambda data: data.replace(b'"lesson"', b'"run"'),
        lambda data: data.replace(b'"when":1.0', b'"when":-1.0'),
        lambda data: data.replace(b'"losses":[1.0]', b'"losses":[1.0,2.0]'),
        lambda data: data.replace(b'"units":10', b'"units":11'),
        lambda data: b"[" * 100_000 + data,
    ],
)
def test_a_damaged_file_is_no_lesson(spoil: object) -> None:
    kept = as_kept(Course(plan(), 1.0).heard(taught(0, 1)).heard(weights_at(1)))
    assert kept is not None
    courses.keep(kept)
    path = courses.path_of(1.0)
    data = path.read_bytes()
    spoilt = spoil(data)  # type: ignore[operator]
    assert spoilt != data
    Path(path).write_bytes(spoilt)
    with pytest.raises(InputError, match="is no course that mmviz kept"):
        courses.read(path)
    assert courses.kept() == ()


def test_a_network_too_large_is_not_kept() -> None:
    assert courses.fits(DIGITS)
    assert not courses.fits(from_widths((784, 4_096, 10)))
