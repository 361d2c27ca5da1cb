"""Who wins a race, and by what: sentences computed from both sides.

Where the batches differ, one side does more: what is judged first is then the time per example. All
judging is by the one rule of `core.verdict`: within the error nobody is called first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.verdict import SAME, Figure, judge
from mmviz.state.race.cause import cause
from mmviz.state.race.figures import (
    Sides,
    batches_differ,
    busy,
    each,
    loads,
    pass_times,
    times,
    work,
)
from mmviz.state.race.sides import Axis, Side
from mmviz.text import NOTHING, Text, joined
from mmviz.words import race_verdict as words
from mmviz.words.race import SIDES, Name


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is said of a race. decided: whether it calls a side better."""

    text: Text
    decided: bool


def ruling(sides: Sides, axis: Axis, *, whole_pass: bool) -> Ruling:
    """Who finishes first, or is faster per example, by how much, and what contributes most to it.

    whole_pass: that is raced; else what holds of it is added.
    """
    if not axis.comparable:
        return Ruling(words.nobody(axis.about), False)
    found, per_example = times(sides, axis), batches_differ(sides)
    race = NOTHING
    if per_example:
        together, found = found, each(sides, found)
        if judge(*found).why_none != "unknown":  # else it would be said twice
            race = _said(sides, axis, together, why=False)
    first = _said(sides, axis, found, per_example=per_example)
    rest = NOTHING if whole_pass else _of_pass(sides)
    return Ruling(joined((first, race, rest), "words"), judge(*found).better is not None)


def _said(
    sides: Sides,
    axis: Axis,
    found: tuple[Figure, Figure],
    *,
    per_example: bool = False,
    why: bool = True,
) -> Text:
    """Who takes less, in a sentence, and what contributes most to it."""
    verdict = judge(*found)
    if verdict.why_none == "even":
        time = axis.text(found[0].value)
        return words.even_each(time) if per_example else _together(*sides, time)
    if verdict.why_none == "close":
        return words.close(_texts(axis, found), each=per_example)
    first, name = _shorter(found)
    winner, loser = sides[first], sides[1 - first]
    per = (winner.session.batch, loser.session.batch) if per_example else (1, 1)
    by = cause(winner, loser, SIDES[1 - first], axis, per) if why else NOTHING
    say = words.undecided if verdict.why_none else words.decided
    return say(verdict, name, by, each=per_example)


def _of_pass(sides: Sides) -> Text:
    """What holds of the whole pass, where it is more than the product raced; else NOTHING."""
    found = pass_times(sides)
    if found is None or any(len(side.derived.gemms) == 1 for side in sides):
        return NOTHING
    per_example = batches_differ(sides)
    found = each(sides, found) if per_example else found
    return words.whole_pass(judge(*found), _shorter(found)[1], each=per_example)


def _shorter(found: tuple[Figure, Figure]) -> tuple[int, Name]:
    first = 0 if found[0].value < found[1].value else 1
    return first, SIDES[first]


def _texts(axis: Axis, found: Sequence[Figure]) -> tuple[Text, ...]:
    return tuple(words.with_error(axis.text(one.value), one.error) for one in found)


def _together(left: Side, right: Side, time: Text) -> Text:
    """Both take as long; what differs nevertheless."""
    if left.session.order != right.session.order and not _differs(left, right):
        return words.together_in_another_order(time, (loads(left), loads(right)))
    more = work(left) / work(right)
    if more != 1:
        name, share = (SIDES[0], more - 1) if more > 1 else (SIDES[1], 1 / more - 1)
        return words.together_with_more_work(time, name, share)
    shares = busy(left), busy(right)
    if abs(shares[0] - shares[1]) > SAME:
        a, b = left.derived.device, right.derived.device
        return words.together_but_busier(time, a, shares[0], b, shares[1])
    return words.together(time)


def _differs(left: Side, right: Side) -> bool:
    """Whether anything else than the order does."""
    return replace(left.session, order=right.session.order) != right.session
