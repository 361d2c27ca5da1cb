"""Every lesson that comes with mmviz is walked to its end; its numbers are those of the design."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from walking import answered, found, guess_of, here_of, now, solved, walked

from mmviz.files.lessons.format import Const, Lesson, Named
from mmviz.files.lessons.progress import KeptStep, Progress, as_csv
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.state.facts import Facts
from mmviz.state.first import first_session
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.card import card_of, kept_line, summary_of
from mmviz.state.lessons.checking import problems_of, quantities_of
from mmviz.state.lessons.expressions import evaluate
from mmviz.state.lessons.guesses import Click, Guess, Number, Unsure
from mmviz.state.lessons.opening import lesson_at
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.state.lessons.saying import plain
from mmviz.words.lessons import amount, say
from mmviz.words.speech import ENGLISH, Words

SHELF = read_folder(shipped_folder(), "")
LESSONS = SHELF.lessons
CHINESE = Words("zh_CN")
BY_ID = {lesson.id: lesson for lesson in LESSONS}
each = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)


def test_the_shelf_is_whole() -> None:
    assert [str(problem) for problem in SHELF.problems] == []
    assert {"neuron", "neurons", "batch", "lanes"} <= set(BY_ID)


@each
def test_a_lesson_has_no_problem(lesson: Lesson) -> None:
    assert [str(problem) for problem in problems_of(lesson, SHELF)] == []


@each
def test_a_lesson_has_all_it_rests_on(lesson: Lesson) -> None:
    """A prediction before every reveal, something to modify and to make, two languages."""
    kinds = [step.kind for step in lesson.steps]
    assert {"predict", "modify", "make"} <= set(kinds)
    assert kinds[-1] == "make" or "make" in kinds[-2:]
    for step in lesson.steps:
        for said in (step.ask, step.tell, *([step.hint] if step.hint else [])):
            assert {"en", "zh"} <= set(dict(said)), step.id
        for option in step.options:
            assert not option.text or {"en", "zh"} <= set(dict(option.text))


@each
@pytest.mark.parametrize("how", ["right", "wrong", "unsure"])
def test_it_is_walked_to_its_end(lesson: Lesson, how: str) -> None:
    states = list(walked(lesson, how))
    last, _ = states[-1]
    assert last.finished
    assert [walk.why for walk, _ in states if walk.why] == []
    for step in lesson.steps:
        kept = last.progress.of(lesson.id, step.id)
        assert kept is not None
        assert kept.done == (not (step.is_changed and how == "unsure"))
        if step.guess:
            assert kept.asked
            assert kept.equal == (how == "right"), step.id
    assert walks.left(last) == first_session()
    assert len(summary_of(lesson, last.progress)) == len(lesson.steps)


@each
@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_all_of_it_can_be_said(lesson: Lesson, words: Words) -> None:
    """Nothing is told before a guess, and no brace, no missing value stands in what is told."""
    progress = Progress()
    for walk, facts in walked(lesson, "right"):
        progress = walk.progress
        card = card_of(walk, facts, SHELF)
        if walk.asks:
            assert not card.tell
            assert card.line is None
            assert card.plays == ()
        texts = [card.title, card.idea, card.ask, card.hint, card.tell]
        texts += [option.said for option in card.options]
        said = [say(text, words) for text in texts if text]
        said += [say(card.line, words)] if card.line else []
        assert all(said)
        for text in said:
            assert not re.search(r"[{}]|no data", text), text
    for row in summary_of(lesson, progress):
        assert row.line is None or say(row.line, words)


@each
def test_nothing_is_met_before_something_is_made(lesson: Lesson) -> None:
    for number, step in enumerate(lesson.steps):
        if not step.until:
            continue
        facts = Facts()
        walk = walks.begin(lesson, facts, first_session(), number=number)
        assert walk.wish is None  # nothing is measured before something was made
        assert not walk.met
        assert not walk.passable
        assert walks.forward(walk, facts, now) is walk
        same = walks.edited(walk, facts, replace(walk.session, turned=not walk.session.turned))
        while same.wish is not None:
            same, facts = answered(same, facts)
        assert not same.met, step.id


@each
def test_every_quantity_it_names_is_there(lesson: Lesson) -> None:
    assert quantities_of(lesson) <= set(QUANTITIES)


def test_a_guess_comes_before_what_it_is_about() -> None:
    facts = Facts()
    walk = walks.begin(BY_ID["neuron"], facts, first_session())
    assert walk.asks
    assert walk.answer is None
    assert walk.plays == ()
    told = walks.guessed(walk, facts, Unsure())
    assert told.revealed
    assert told.answer is not None
    assert not told.equal
    assert walks.guessed(told, facts, Unsure()) is told  # one guess a step


def test_what_was_made_can_be_undone_and_is_looked_at_again() -> None:
    lesson = BY_ID["lanes"]
    facts = Facts()
    walk = walks.begin(lesson, facts, first_session(), number=lesson.number("fill") or 0)
    made = solved(walk, facts)
    assert made.met
    assert not walks.undone(made, facts).met
    assert walks.redone(walks.undone(made, facts), facts).met


def test_a_step_is_the_same_for_who_skipped_the_one_before() -> None:
    lesson = BY_ID["lanes"]
    facts = Facts()
    number = lesson.number("fill") or 0
    begun = walks.begin(lesson, facts, first_session(), number=number)
    one = walks.skipped(begun, facts, now)
    other = walks.forward(solved(begun, facts), facts, now)
    assert one.session == other.session
    assert one.progress.of("lanes", "fill") != other.progress.of("lanes", "fill")


def test_an_earlier_guess_stands_above_the_question() -> None:
    progress = list(walked(BY_ID["batch"], "wrong"))[-1][0].progress
    walk = walks.begin(BY_ID["lanes"], Facts(), first_session(), progress)
    card = card_of(walk, Facts(), SHELF)
    assert card.recalled is not None
    line = say(card.recalled.line, ENGLISH)
    kept = progress.of("batch", "steps16")
    assert kept is not None
    assert line == f"You said {kept.option}. Modelled: 4."
    fresh = walks.begin(BY_ID["lanes"], Facts(), first_session())
    assert card_of(fresh, Facts(), SHELF).recalled is None


def test_the_third_weight_of_the_second_neuron_is_read_in_step_3() -> None:
    answer = evaluate(Named("b_of", ("(1,1)", "3")), here_of(BY_ID["batch"], "read")).value
    assert answer == frozenset({(2, 1)})


def test_a_click_needs_one_of_them_and_all_of_them_are_right() -> None:
    lesson = BY_ID["lanes"]
    facts = Facts()
    walk = walks.begin(lesson, facts, first_session(), number=lesson.number("click") or 0)
    answer, _ = found(walk, facts)
    assert answer.value == frozenset({(1, 6), (1, 7), (1, 8), (1, 9)})
    assert walks.guessed(walk, facts, guess_of(walk, facts, "right")).equal
    assert not walks.guessed(walk, facts, guess_of(walk, facts, "wrong")).equal


def test_what_only_is_looked_at_meets_nothing() -> None:
    lesson = BY_ID["lanes"]
    facts = Facts()
    walk = walks.begin(lesson, facts, first_session(), number=lesson.number("own") or 0)
    turned = walks.looked_at(walk, replace(walk.session, turned=True))
    assert not turned.met
    assert turned.history.past == ()


def test_options_stand_in_ascending_order() -> None:
    lesson = BY_ID["lanes"]
    walk = walks.begin(lesson, Facts(), first_session())
    numbers = [one.found.value for one in walk.shown if one.found]
    assert numbers == [1, 10, 20, 784]
    assert lesson.steps[0].options[0].value == Const(1)


def test_the_last_card_says_a_result_as_its_step_did() -> None:
    lesson = BY_ID["loop"]
    kept = KeptStep(asked=True, form="choice", guess=1, option="equal", answer=1.03, equal=True)
    line = kept_line(lesson, lesson.steps[lesson.number("tiny") or 0], kept)
    assert line is not None
    assert say(line, ENGLISH) == "As you said: about equal."
    lesson = BY_ID["batch"]
    kept = KeptStep(asked=True, form="click", answer=[10, 4, 11, 5, 6, 7], unit="unit")
    line = kept_line(lesson, lesson.steps[lesson.number("idle") or 0], kept)
    assert line is not None
    assert say(line, ENGLISH) == "Computed: lane 4, lane 5, lane 6, lane 7 and 2 more."
    kept = KeptStep(asked=True, form="click", guess=[[2, 0]], answer=[[2, 1]], unit="weight")
    line = kept_line(lesson, lesson.steps[lesson.number("read") or 0], kept)
    assert line is not None
    assert say(line, ENGLISH) == "You said W(2, 0). Computed: W(2, 1)."


@pytest.mark.parametrize(
    ("named", "guess", "said"),
    [
        ("lanes/idle", Number(980), "As you said: 980."),
        ("lanes/idle", Number(950), "You said 950. Modelled: 980. That is near enough."),
        ("lanes/idle", Number(980.25), "You said 980.25. Modelled: 980. That is near enough."),
        ("lanes/idle", Number(600), "You said 600. Modelled: 980."),
        (
            "roofline/ridge",
            Number(130),
            "You said 130. Computed: 139. That is near enough.",
        ),
        (
            "batch/idle",
            Click(frozenset({7})),
            "You said lane 7. Modelled: lane 4, lane 5, lane 6, lane 7 and 8 more. "
            "Yours is among them.",
        ),
        (
            "training/missing",
            Click(frozenset({(0, "wgrad")})),
            "You said layer 1 · wgrad. Computed: layer 1, layer 1 · wgrad. Yours is among them.",
        ),
        ("roofline/bar", Click(frozenset({"kernel"})), "As you said: kernel efficiency."),
    ],
)
def test_nobody_is_told_to_have_said_what_they_did_not(named: str, guess: Guess, said: str) -> None:
    """On the card, on the last one, and above a later question that recalls it."""
    opened = lesson_at(named, SHELF)
    walk = walks.begin(opened.lesson, Facts(), first_session(), number=opened.number)
    told = walks.guessed(walk, Facts(), guess)
    line = card_of(told, Facts(), SHELF).line
    assert line is not None
    assert say(line, ENGLISH) == said
    over = walks.kept(told, now)
    row = summary_of(opened.lesson, over.progress)[opened.number or 0]
    assert row.line is not None
    assert say(row.line, ENGLISH) == said


@each
@pytest.mark.parametrize("how", ["right", "wrong"])
def test_in_the_table_a_guess_and_what_came_out_compare(lesson: Lesson, how: str) -> None:
    progress = [walk for walk, _ in walked(lesson, how)][-1].progress
    rows = list(csv.DictReader(io.StringIO(as_csv(progress).decode("utf-8-sig"))))
    assert rows
    for row in rows:
        step = lesson.steps[lesson.number(row["step"]) or 0]
        if row["form"] == "choice":
            assert (row["guess"] == row["answer"]) == (row["equal"] == "true"), row
            ids = [option.id for option in step.options if option.id]
            assert row["answer"] in ids or not ids, row
            assert row["value"], row
        elif row["form"] == "number":
            float(row["answer"])  # a set was asked for by its number
        elif row["form"] == "click":
            assert isinstance(json.loads(row["answer"]), list)
        else:
            assert row["equal"] == "", row  # nothing was asked


def test_what_is_clicked_on_is_sorted_as_numbers_are() -> None:
    assert plain(frozenset({100, 20, 3})) == [3, 20, 100]
    assert plain(frozenset({(10, 1), (2, 30), (2, 4)})) == [[2, 4], [2, 30], [10, 1]]


def test_a_whole_number_is_kept_as_one() -> None:
    walk = walks.guessed(
        walks.begin(BY_ID["batch"], Facts(), first_session()), Facts(), Number(4.0)
    )
    kept = walks.kept(walk, now).progress.of("batch", "cells")
    assert kept is not None
    assert repr(kept.guess) == repr(kept.answer) == "4"


def test_the_last_card_asks_as_its_step_did() -> None:
    lesson = BY_ID["launch"]
    rows = summary_of(lesson, Progress())
    asked = say(rows[lesson.number("kind") or 0].ask, ENGLISH)
    assert "…" not in asked
    assert asked.startswith("The same layer: ")


def test_what_a_file_has_of_a_changed_lesson_is_said_somehow() -> None:
    lesson = BY_ID["training"]
    odd = KeptStep(asked=True, form="click", guess=[[0, "x"], ["y"], {}], answer=[[7, "dgrad"]])
    line = kept_line(lesson, lesson.steps[lesson.number("missing") or 0], odd)
    assert line is not None
    assert say(line, ENGLISH)


def test_a_number_that_is_drawn_as_zero_is_not_told_in_powers_of_ten() -> None:
    assert [say(amount(x, "number"), ENGLISH) for x in (9.97e-6, -3e-7, 0.0, 0.003)] == [
        *("≈ 0", "≈ 0", "0", "0.00300")
    ]
