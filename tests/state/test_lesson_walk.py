"""What happens in a walk when the computer is busy, when no option came out, and at its end."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import answered, course, guess_of, now, solved, timed

from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.files.lessons.format import Lesson, Verb
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.state.facts import Facts, Timed
from mmviz.state.first import first_session
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.card import card_of, summary_of
from mmviz.state.lessons.expressions import holds
from mmviz.state.lessons.guesses import Choice, Number, Unsure
from mmviz.state.lessons.here import Teaching, Timing
from mmviz.state.lessons.measuring import measured_again, refused, stopped
from mmviz.state.lessons.opening import lesson_at
from mmviz.state.lessons.stage import changed
from mmviz.state.lessons.walk import NO_OPTION, Walk
from mmviz.state.session import Session
from mmviz.text import NOTHING, Text
from mmviz.words.lessons import say
from mmviz.words.speech import ENGLISH

SHELF = read_folder(shipped_folder(), "")


def at(named: str) -> Walk:
    """A walk that begins at a step."""
    found = lesson_at(named, SHELF)
    return walks.begin(found.lesson, Facts(), first_session(), number=found.number)


def ran(facts: Facts, wish: Timing, *samples: float) -> Facts:
    """With a run of these seconds by each backend."""
    runs = tuple(
        Run(backend, batch, samples, stats=summarize(samples))
        for backend in wish.backends
        for batch in wish.batches
    )
    of = wish.of
    results = Results(
        network=of.workload.name,
        dtype=of.dtype,
        training=of.training,
        seed=0,
        machine=None,
        runs=runs,
    )
    return facts.with_run(Timed(of, results, NOTHING))


def test_an_answer_is_measured_after_the_guess_and_not_before() -> None:
    walk = at("loop/tiny")
    assert walk.wish is None
    guessed = walks.guessed(walk, Facts(), Choice(2))
    assert isinstance(guessed.wish, Timing)
    assert set(guessed.wish.backends) == {"loop", "numpy"}
    assert not guessed.revealed
    assert card_of(guessed, Facts(), SHELF).measuring
    assert walks.learnt(guessed, Facts()) is guessed  # nothing was found out
    told, _ = answered(guessed, Facts())
    assert told.revealed
    assert told.answer is not None
    assert told.answer.kind == "measured"
    line = card_of(told, Facts(), SHELF).line
    assert line is not None
    assert say(line, ENGLISH) == "You said matmul. Measured: the loops."


def test_a_run_lasts_as_long_as_its_step_says() -> None:
    lesson = SHELF.find("loop")
    number = lesson.number("tiny") or 0
    step = lesson.steps[number]
    verb = Verb("run", (("backends", ("loop", "numpy")), ("seconds", 3.0)))
    steps = (*lesson.steps[:number], replace(step, reveal=(verb,)), *lesson.steps[number + 1 :])
    walk = walks.begin(replace(lesson, steps=steps), Facts(), first_session(), number=number)
    wish = walks.guessed(walk, Facts(), Unsure()).wish
    assert isinstance(wish, Timing)
    assert wish.seconds == 3.0
    told, _ = answered(walks.guessed(walk, Facts(), Unsure()), Facts())
    assert told.revealed


def test_a_busy_computer_is_said_and_measured_again() -> None:
    walk = walks.guessed(at("loop/tiny"), Facts(), Choice(0))
    assert isinstance(walk.wish, Timing)
    quiet, noisy = [1e-5] * 40, [1e-5] * 39 + [1e-3]
    facts = ran(Facts(), walk.wish, *noisy)
    told = walks.learnt(walk, facts)
    assert told.revealed
    assert told.busy
    said = ENGLISH(card_of(told, facts, SHELF).busy)
    assert said.startswith("The computer was busy meanwhile: 1 pass in 100 took more than 5 times")
    again = measured_again(told, facts)
    assert again.wish == walk.wish
    assert not again.revealed
    assert walks.learnt(again, facts) is again  # what was disturbed does not count
    facts = ran(facts, walk.wish, *quiet)
    quieter = walks.learnt(again, facts)
    assert quieter.revealed
    assert not quieter.busy
    assert quieter.guess == Choice(0)


def test_where_no_option_came_out_a_number_is_guessed() -> None:
    lesson = SHELF.find("loop")
    step = lesson.steps[lesson.number("tiny") or 0]
    narrow = replace(step, options=tuple(replace(o, least=90.0, most=91.0) for o in step.options))
    steps = tuple(narrow if one.id == "tiny" else one for one in lesson.steps)
    changed = replace(lesson, steps=steps)
    walk = walks.begin(changed, Facts(), first_session(), number=2)
    asked, facts = answered(walks.guessed(walk, Facts(), Choice(0)), Facts())
    assert asked.form == "number"
    assert asked.asks
    assert not asked.revealed
    assert card_of(asked, facts, SHELF).note == NO_OPTION
    near = walks.guessed(asked, facts, Number(0.3))
    assert near.revealed
    assert near.equal  # within a factor of two
    assert not walks.guessed(asked, facts, Number(0.4)).equal


def test_what_cannot_be_measured_says_so_and_is_passed() -> None:
    walk = walks.guessed(at("loop/tiny"), Facts(), Choice(0))
    why = Text("NumPy is gone")
    passed = refused(walk, why)
    assert card_of(passed, Facts(), SHELF).note == why
    assert passed.passable
    over = walks.forward(passed, Facts(), now)
    kept = over.progress.of("loop", "tiny")
    assert kept is not None
    assert not kept.done


def test_what_was_stopped_says_so_and_is_measured_when_asked() -> None:
    walk = walks.guessed(at("loop/tiny"), Facts(), Choice(0))
    assert card_of(walk, Facts(), SHELF).measuring
    over = stopped(walk, walk.wish)
    card = card_of(over, Facts(), SHELF)
    assert card.again
    assert not card.measuring
    assert card.note == Text("stopped before it was measured")
    again = measured_again(over, Facts())
    assert again.wish == walk.wish
    assert card_of(again, Facts(), SHELF).measuring
    assert walks.learnt(over, ran(Facts(), walk.wish, 0.01)).wish != walk.wish  # type: ignore[arg-type]


def test_another_thing_that_is_over_stops_nothing() -> None:
    walk = walks.guessed(at("loop/tiny"), Facts(), Choice(0))
    assert isinstance(walk.wish, Timing)
    assert stopped(walk, None) is walk
    assert stopped(walk, replace(walk.wish, batches=(7,))) is walk


def told(walk: Walk, facts: Facts | None = None) -> tuple[str, str]:
    """Guess and result on the card, and what is told of them."""
    card = card_of(walk, facts or Facts(), SHELF)
    return "" if card.line is None else say(card.line, ENGLISH), say(card.tell, ENGLISH)


@pytest.mark.parametrize("named", ["loop/sign", "lanes/idle", "batch/steps16"])
def test_who_comes_back_to_a_step_reads_what_they_said_and_goes_on(named: str) -> None:
    walk = at(named)
    for guess in (guess_of(walk, Facts(), "right"), guess_of(walk, Facts(), "wrong"), Unsure()):
        said = walks.guessed(walk, Facts(), guess)
        on = walks.forward(said, Facts(), now)
        assert on.number == walk.number + 1
        again = walks.back(on, Facts(), now)
        assert again.guess == guess
        assert told(again) == told(said)
        assert again.passable
        assert walks.forward(again, Facts(), now).progress == on.progress
        assert not any(verb.do == "race" for verb in again.plays)


def test_who_goes_back_from_a_step_finds_it_as_it_was_left() -> None:
    walk = at("loop/shape")
    said = walks.guessed(walk, Facts(), Choice(0))
    before = walks.back(said, Facts(), now)
    assert before.asks  # it was never answered
    again = walks.forward(walks.guessed(before, Facts(), Unsure()), Facts(), now)
    assert told(again) == told(said)
    asked = walks.forward(again, Facts(), now)
    assert asked.asks
    assert walks.forward(walks.back(asked, Facts(), now), Facts(), now).asks


def test_what_was_measured_then_is_told_as_it_was() -> None:
    """Another start knows no run any more, and nothing is measured for who looks back."""
    walk = walks.guessed(at("loop/tiny"), Facts(), Choice(0))
    facts = Facts()
    while isinstance(walk.wish, Timing):
        facts = ran(facts, walk.wish, *[0.25] * 9)
        walk = walks.learnt(walk, facts)
    assert walk.revealed
    over = walks.forward(walk, facts, now)
    assert told(walks.back(over, facts, now), facts) == told(walk, facts)
    again = walks.back(over, Facts(), now)
    assert told(again) == (told(walk, facts)[0], "")
    assert again.wish is None
    assert again.passable


def test_a_change_that_counted_is_passed_again_without_it() -> None:
    walk = at("batch/full")
    met = walks.edited(walk, Facts(), changed(walk.stage, walk.step.solution).session)
    assert met.met
    again = walks.back(walks.forward(met, Facts(), now), Facts(), now)
    assert again.passable
    on = walks.forward(again, Facts(), now)
    kept = on.progress.of("batch", walk.step.id)
    assert kept is not None
    assert kept.done


def test_a_step_whose_session_is_another_one_now_is_asked_afresh() -> None:
    walk = at("lanes/idle")
    on = walks.forward(walks.guessed(walk, Facts(), Number(3)), Facts(), now)
    kept = on.progress.of("lanes", "idle")
    assert kept is not None
    old = on.progress.with_step("lanes", "idle", msgspec.structs.replace(kept, session="other"))
    assert walks.back(replace(on, progress=old), Facts(), now).asks


def test_what_a_network_learns_is_taught_for_the_walk_alone() -> None:
    walk = walks.guessed(at("learning/twenty"), Facts(), Unsure())
    assert isinstance(walk.wish, Teaching)
    assert walk.wish.steps == 20
    other = course(replace(walk.wish, steps=0))
    assert walks.with_course(walk, Facts(), other).wish == walk.wish
    told = walks.with_course(walk, Facts(), course(walk.wish))
    assert told.revealed
    assert told.answer is not None
    assert 0.8 < float(str(told.answer.value)) <= 1
    back = walks.back(told, Facts(), now)
    assert len(back.courses) == 1  # and is known in the next steps


def test_more_steps_of_learning_are_asked_for_and_looked_at() -> None:
    walk = at("learning/ninety")
    assert walk.wish is None
    asked = walks.trained(walk, Facts(), 0.05, 94)
    assert isinstance(asked.wish, Teaching)
    assert (asked.wish.steps, asked.wish.recipe.rate, asked.wish.recipe.batch) == (94, 0.05, 64)
    reached = walks.with_course(asked, Facts(), course(asked.wish))
    assert reached.met
    assert reached.best is not None
    assert card_of(reached, Facts(), SHELF).best
    assert walks.trained(at("lanes"), Facts(), 1.0, 5).wish is None


def test_measured_conditions_are_looked_at_after_each_change() -> None:
    walk = at("loop/calls")
    changed = walks.edited(walk, Facts(), changed_to(walk, network="784-128", batch=64))
    assert isinstance(changed.wish, Timing)
    assert changed.wish.batches == (64,)
    facts = timed(Facts(), changed.wish)
    looked = walks.learnt(changed, facts)
    assert looked.wish is None
    assert looked.met
    assert not card_of(looked, facts, SHELF).again
    assert not walks.undone(looked, facts).met


def by(facts: Facts, wish: Timing, **samples: list[float]) -> Facts:
    """With a run of these samples by each backend."""
    for backend, times in samples.items():
        facts = ran(facts, replace(wish, backends=(backend,)), *times)
    return facts


def test_what_was_measured_and_is_not_enough_is_told_and_measured_again() -> None:
    walk = at("loop/calls")
    changed = walks.edited(walk, Facts(), changed_to(walk, network="784-128", batch=64))
    assert isinstance(changed.wish, Timing)
    facts = by(Facts(), changed.wish, loop=[0.02] * 40, numpy=[0.001] * 39 + [0.1])
    looked = walks.learnt(changed, facts)
    assert not looked.met
    card = card_of(looked, facts, SHELF)
    assert [ENGLISH(one) for one in card.unmet] == ["Measured: 20. Asked for: at least 30."]
    assert ENGLISH(card.busy).startswith("The computer was busy meanwhile")
    assert card.again
    again = measured_again(looked, facts)
    assert again.wish == changed.wish
    facts = by(facts, changed.wish, loop=[0.02] * 40, numpy=[0.0001] * 40)
    quieter = walks.learnt(again, facts)
    assert quieter.met
    assert not card_of(quieter, facts, SHELF).unmet


def test_a_time_that_is_not_enough_is_told_with_who_took_it() -> None:
    walk = at("latency/widen")
    wide = changed_to(walk, network="512-512")
    asked = walks.edited(walk, Facts(), wide)
    assert isinstance(asked.wish, Timing)
    few = walks.learnt(asked, by(Facts(), asked.wish, numpy=[0.5] * 3))
    said = [ENGLISH(one) for one in card_of(few, Facts(), SHELF).unmet]
    assert said == ["fewer than 20 passes in that time: too few to speak of 99 of 100"]
    facts = by(Facts(), asked.wish, numpy=[0.001] * 40)
    card = card_of(walks.learnt(asked, facts), facts, SHELF)
    said = [ENGLISH(one) for one in card.unmet]
    assert said == ["NumPy, measured: 1.00 ms. Asked for: 2.00 ms to 33.3 ms."]
    assert card.again
    assert not card.busy


def changed_to(walk: Walk, **changes: object) -> Session:
    """The session of a walk with these changes, written as in a lesson."""
    return changed(walk.stage, tuple(changes.items())).session


@pytest.mark.parametrize(
    ("named", "changes", "what"),
    [
        ("neurons/all-busy", {"device": "lane-1", "units": 1}, "the device (at the top)"),
        ("waves/full", {"batch": 4608}, "the batch (at the top)"),
        ("roofline/both", {"device": "a100", "batch": 328}, "the device (at the top)"),
        ("batch/full", {"units": 8}, "units of the layers (Network)"),
        ("shape/equal", {"units": (4096, 4096, 4096), "inputs": 64}, "numbers of X (double-click)"),
        ("lanes/fill", {"training": True, "batch": 100}, "whether it trains"),
        ("tiles/fill", {"tile": (64, 16), "order": "columns"}, "the order of the tiles"),
        ("neuron/zero", {"examples": ((1.0, 0.0, 0.0, 0.0),)}, "numbers of X (double-click)"),
        ("batch/own", {"units": 7, "batch": 16, "activation": "relu"}, "the activation"),
    ],
)
def test_what_is_not_free_does_not_meet_a_condition(
    named: str, changes: dict[str, object], what: str
) -> None:
    walk = at(named)
    made = walks.edited(walk, Facts(), changed_to(walk, **changes))
    assert not made.met
    assert made.wish is None
    said = [ENGLISH(one) for one in card_of(made, Facts(), SHELF).unmet]
    assert said == [f"Not free in this step, so put it back first: {what}."]
    back = solved(walks.undone(made, Facts()), Facts())
    assert back.met
    assert not card_of(back, Facts(), SHELF).unmet


def test_the_other_layer_stays_where_one_width_is_asked_for() -> None:
    walk = at("shape/equal")
    narrow = walks.edited(walk, Facts(), changed_to(walk, units=(1000, 4096, 1000)))
    assert not narrow.strayed
    assert not narrow.met


@pytest.mark.parametrize("lesson", SHELF.lessons, ids=lambda one: one.id)
def test_a_solution_changes_only_what_is_free(lesson: Lesson) -> None:
    for number, step in enumerate(lesson.steps):
        walk = walks.begin(lesson, Facts(), first_session(), number=number)
        if step.is_changed:
            assert not solved(walk, Facts()).strayed


def test_the_own_session_comes_back() -> None:
    walk = at("waves/tail")
    assert walk.session != first_session()
    assert walks.left(walk) == first_session()
    assert walks.left(walk, keep=True) == walk.session


def test_a_sentence_of_ones_own_is_kept_in_one_line() -> None:
    long = "  because\nno product\thas more than 16 cells " + "x" * 900
    walk = walks.noted(at("lanes/own"), long)
    assert walk.note.startswith("because no product has more than 16 cells x")
    assert len(walk.note) == 400
    over = walks.skipped(walk, Facts(), now)
    assert over.finished
    assert summary_of(over.lesson, over.progress)[-1].note == walk.note
    again = walks.begin(over.lesson, Facts(), first_session(), over.progress, 7)
    assert again.note == walk.note


def test_an_earlier_guess_outlives_a_skip() -> None:
    guessed = walks.forward(walks.guessed(at("lanes"), Facts(), Choice(0)), Facts(), now)
    again = walks.at_step(guessed, Facts(), 0)
    skipped = walks.skipped(again, Facts(), now)
    assert skipped.progress.of("lanes", "cells") == guessed.progress.of("lanes", "cells")
    fresh = walks.skipped(at("lanes"), Facts(), now).progress.of("lanes", "cells")
    assert fresh is not None
    assert fresh.skipped
    assert not fresh.asked


MOVES = st.sampled_from(
    ["right", "wrong", "unsure", "forward", "back", "skip", "solve", "undo", "redo", "turn", "note"]
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["neuron", "neurons", "batch", "lanes", "tiles"]), st.lists(MOVES))
def test_whatever_somebody_does_nothing_is_told_before_a_guess(id: str, moves: list[str]) -> None:
    walk, facts = at(id), Facts()
    for move in moves:
        before = walk
        walk = moved(walk, facts, move)
        assert 0 <= walk.number <= len(walk.lesson.steps)
        assert abs(walk.number - before.number) <= 1
        card = card_of(walk, facts, SHELF)
        step = walk.step
        if step.guess and walk.guess is None:
            assert walk.answer is None
            assert not walk.revealed
            assert (card.line, card.plays, bool(card.tell)) == (None, (), False)
        if step.is_changed and not walk.finished:
            here = walk.here(facts)
            assert walk.met == all(holds(one, here) for one in step.until)
        assert walk.own == first_session()
        assert say(card.ask, ENGLISH)


def moved(walk: Walk, facts: Facts, move: str) -> Walk:
    """The walk after something somebody does, where it can be done."""
    match move:
        case "right" | "wrong" | "unsure":
            return walks.guessed(walk, facts, guess_of(walk, facts, move)) if walk.asks else walk
        case "forward":
            return walks.forward(walk, facts, now)
        case "back":
            return walks.back(walk, facts, now)
        case "skip":
            return walks.skipped(walk, facts, now)
        case "solve":
            return walk if walk.finished else solved(walk, facts)
        case "undo":
            return walks.undone(walk, facts)
        case "redo":
            return walks.redone(walk, facts)
        case "turn":
            return walks.looked_at(walk, replace(walk.session, turned=not walk.session.turned))
        case _:
            return walks.noted(walk, move)


@pytest.mark.parametrize("number", [-3, 0, 99])
def test_there_is_no_step_beyond_the_ends(number: int) -> None:
    walk = walks.at_step(at("lanes"), Facts(), number)
    assert walk.number == (8 if number > 0 else 0)
    assert walk.finished == (number > 0)
    assert walks.guessed(walk, Facts(), Unsure()).finished == walk.finished
