"""What came out, for who guessed: worked out, wished for, or as it is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mmviz.errors import InputError
from mmviz.files.lessons.format import Form, Step, Within
from mmviz.state.facts import Facts
from mmviz.state.lessons.expressions import evaluate
from mmviz.state.lessons.guesses import LOOSE, Unsure, hits, the_right_one
from mmviz.state.lessons.here import Found, NoData, Request, Timing, Wanted
from mmviz.state.lessons.quantities.measured import disturbed
from mmviz.state.lessons.remember import answer_of, guess_of
from mmviz.text import Text

if TYPE_CHECKING:
    from mmviz.state.lessons.walk import Walk


def asked(walk: Walk, facts: Facts) -> Walk:
    """The answer, where it is known by now."""
    step, here = walk.step, walk.asked_here(facts)
    assert step.answer is not None  # the reader looked: what asks has an answer
    assert walk.guess is not None
    try:
        answer = evaluate(step.answer, here)
        values = values_of(walk, facts)
    except Wanted as wish:
        return replace(walk, wish=_lasting(step, wish.request))
    except (NoData, InputError) as error:
        return replace(walk, why=why_of(error))
    if walk.form == "choice" and the_right_one(walk.shown, answer) is None:
        return replace(walk, form="number", shown=(), guess=None, values=values)
    loosely = walk.form == "number" and step.guess == "choice"
    within: Within = LOOSE if loosely else step.within
    equal = not isinstance(walk.guess, Unsure) and hits(
        step, within, walk.shown, answer, walk.guess
    )
    busy = any(isinstance(one, Timing) and disturbed(walk.fresh(facts), one) for one in walk.wished)
    return replace(walk, answer=answer, equal=equal, values=values, busy=busy, revealed=True)


def told_again(walk: Walk, facts: Facts) -> Walk:
    """With the guess that is remembered and what came out, as it was then where that would have to
    be measured; asked afresh where nothing of it is known.
    """
    afresh, known = replace(walk, again=None), walk.again
    guess = None if known is None else guess_of(walk, known)
    if known is None or guess is None:
        return afresh
    form: Form | None = "number" if known.form == "number" else walk.form
    told = asked(replace(walk, form=form, guess=guess), facts)
    if told.wish is None:
        return told if told.guess is not None else afresh
    answer = answer_of(known)
    if answer is None:
        return afresh
    return replace(told, wish=None, answer=answer, equal=known.equal, revealed=True)


def _lasting(step: Step, wish: Request) -> Request:
    """The wish for as long as the step has runs last."""
    runs = [verb.get("seconds") for verb in step.reveal if verb.do == "run"]
    if not isinstance(wish, Timing) or not runs or runs[0] is None:
        return wish
    return replace(wish, seconds=float(runs[0]))


def values_of(walk: Walk, facts: Facts, *, before: bool = False) -> tuple[tuple[str, Found], ...]:
    """Values of the texts. before: only those that the question names."""
    step = walk.step
    here = walk.here(facts) if step.is_changed else walk.asked_here(facts)
    named = step.ask + step.hint
    wanted = [
        (name, expression)
        for name, expression in step.values
        if not before or any(f"{{{name}}}" in text for _, text in named)
    ]
    return tuple((name, evaluate(expression, here)) for name, expression in wanted)


def why_of(error: NoData | InputError) -> Text:
    return error.why if isinstance(error, NoData) else error.cause
