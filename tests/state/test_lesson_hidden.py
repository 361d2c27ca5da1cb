"""What a lesson hides: what it asks, and what it asks further on."""

from __future__ import annotations

import pytest

from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.state.facts import Facts
from mmviz.state.first import first_session
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.guesses import Unsure
from mmviz.state.lessons.hidden import TELLS, hidden
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.state.lessons.walk import Walk

LESSONS = {lesson.id: lesson for lesson in read_folder(shipped_folder(), "").lessons}


def at(lesson: str, step: str, *, told: bool) -> Walk:
    number = LESSONS[lesson].number(step)
    assert number is not None
    walk = walks.begin(LESSONS[lesson], Facts(), first_session(), number=number)
    return walks.guessed(walk, Facts(), Unsure()) if told else walk


def test_a_part_tells_quantities_there_are() -> None:
    assert frozenset().union(*TELLS.values()) <= set(QUANTITIES)


@pytest.mark.parametrize(
    ("lesson", "step", "hides"),
    [
        ("neuron", "where", {"foot", "step", "bars", "sums", "time"}),  # steps, and 1.39
        ("neuron", "steps", {"sums"}),
        ("neuron", "sum", set()),
        ("neurons", "one-lane", {"bars"}),  # of 1 000 lanes it is asked at the end
        ("neurons", "one-step", set()),
        ("batch", "cells", {"foot", "step", "bars", "time"}),
        ("batch", "steps16", {"foot", "bars", "time"}),  # which are idle
        ("tiles", "edge", {"foot", "time"}),
        ("filters", "gain", {"moves"}),
        ("training", "missing", {"shapes", "times"}),
    ],
)
def test_what_comes_out_tells_no_later_answer(lesson: str, step: str, hides: set[str]) -> None:
    walk = at(lesson, step, told=lesson != "filters")
    if lesson == "filters":  # a course was to come first
        assert hides <= hidden(walk)
        return
    assert walk.revealed
    told = hidden(walk)
    assert hides <= told
    assert told - hides <= {"facts", "times"}  # they tell all that the others do


def test_before_a_guess_all_is_hidden_but_what_is_clicked_on() -> None:
    asked = hidden(at("training", "longest", told=False))
    assert "strip" not in asked
    assert {"times", "facts", "time", "foot", "bars"} <= asked
    assert hidden(at("training", "longest", told=True)) == frozenset()


def test_what_is_idle_is_seen_once_it_was_asked() -> None:
    assert "time" not in hidden(at("lanes", "idle", told=True))


def test_who_changes_something_sees_everything() -> None:
    assert hidden(at("lanes", "fill", told=False)) == frozenset()
