"""Numbers of the picture that a network learnt, how they moved, and how they become its own."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from mmviz.bench.plan import Learnt, learnt
from mmviz.core.learning.weights import Weights, fresh
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.learn.choice import Choice, made, plan_of
from mmviz.state.learn.course import Course
from mmviz.state.picture.learnt import taken
from mmviz.state.picture.view import PictureView, picture_view
from mmviz.state.session import Session, open_file

SESSION = replace(
    open_file(read_preset("digits")), device="v100", training=True, colour_by="change"
)


def said(step: int, value: float) -> Learnt:
    """Weights after so many steps, all alike but the first."""
    zero = fresh(SESSION.layered)
    w = np.full_like(zero.weights[0], value)
    w[0, 0] = -value
    return msgspec.structs.replace(learnt(replace(zero, weights=(w,))), step=step)


def begun() -> Course:
    return Course(plan_of(SESSION.network, "float32", Choice(), made()), began=1.0)


def seen(course: Course, session: Session = SESSION) -> PictureView:
    return picture_view(derive(session, Facts().with_lesson(course)))


def weights(course: Course) -> Weights:
    assert course.weights is not None
    return course.weights


def test_nothing_is_offered_before_something_was_taught() -> None:
    view = picture_view(derive(SESSION, Facts()))
    assert view.change is None
    assert "taught nothing yet" in str(view.colour_note)
    listed = replace(open_file(read_preset("gpt2-small"), SESSION), colour_by="change")
    assert "a list of products has no weights" in str(
        picture_view(derive(listed, Facts())).colour_note
    )


def test_the_picture_has_what_was_learnt_and_its_change_since_the_look_before() -> None:
    course = begun().heard(said(4, 0.5))
    view = seen(course)
    cells = view.cells()
    assert cells is not None
    assert cells.b[0, 0] == -0.5
    assert cells.b[1, 0] == 0.5
    assert str(view.names[1].what) == "weights of classes, learnt in 4 steps"
    first = view.change
    assert first is not None
    assert (first.steps, first.most) == (4, 0.5)  # since the first weights, which are 0
    later = seen(course.heard(said(20, 0.75))).change
    assert later is not None
    assert later.steps == 16
    assert later.moved[1, 0] == pytest.approx(0.25)
    assert later.moved[0, 0] == pytest.approx(-0.25)
    again = course.heard(said(4, 0.5))  # a child that begins where they are says them anew
    assert again.since is not None
    assert again.since.step == 0


def test_where_w_is_transposed_so_is_its_change_and_a_gradient_reads_no_w() -> None:
    hidden = replace(open_file(read_preset("digits-hidden"), SESSION), training=True)
    zero = fresh(hidden.layered)
    plan = plan_of(hidden.network, "float32", Choice(), made())
    course = Course(plan, began=1.0).heard(msgspec.structs.replace(learnt(zero), step=3))
    for product, gemm in enumerate(hidden.network.lower(1, training=True)):
        view = seen(course, replace(hidden, product=product))
        change = view.change
        assert ("reads no W" in str(view.colour_note)) == (gemm.role == "wgrad")
        assert bool(view.unchanged) == (gemm.role == "wgrad")
        if gemm.role == "wgrad":
            assert change is None
        else:
            assert change is not None
            assert change.moved.shape == (gemm.k, gemm.n)


def test_weights_are_taken_and_stay_when_it_learns_no_more() -> None:
    course = begun().heard(said(4, 0.5))
    mine = actions.take_weights(SESSION, weights(course))
    assert taken(mine.layered, weights(course))
    assert not taken(SESSION.layered, weights(course))
    assert mine.preset == ""
    on = course.heard(said(8, 0.75))
    cells = seen(on, mine).cells()
    assert cells is not None
    assert cells.b[1, 0] == 0.75  # while it is taught, what is computed with
    rests = on.left("paused")
    view = seen(rests, mine)
    cells = view.cells()
    assert cells is not None
    assert cells.b[1, 0] == 0.5
    assert "its own" in str(view.colour_note)
    assert not fresh(mine.layered).weights[0].any()  # a lesson begins at its first step


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(InputError, match="another network"):
        actions.take_weights(SESSION, fresh(from_widths([784, 12, 10])))
