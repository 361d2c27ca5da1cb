"""Who wins a race, and by what: sentences computed from both sides.

Where the batches differ, one side does more: what is judged first is then the time per example. All
judging is by the one rule of `core.verdict`: within the error nobody is called first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmviz.core.verdict import SAME, Figure, judge
from mmviz.state.race.figures import (
    Sides,
    batches_differ,
    busy,
    each,
    edge_efficiency,
    loads,
    pass_times,
    times,
    work,
)
from mmviz.state.race.sides import Axis, Side
from mmviz.text import NOTHING, Text, joined
from mmviz.words import race_verdict as words
from mmviz.words.race import SIDES, Name

Per = tuple[int, int]
"""By what the times of the winner and of the loser are divided: their batches, or 1."""


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
    cause = _cause(winner, loser, SIDES[1 - first], axis, per) if why else NOTHING
    say = words.undecided if verdict.why_none else words.decided
    return say(verdict, name, cause, each=per_example)


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


def _cause(winner: Side, loser: Side, other: Name, axis: Axis, per: Per) -> Text:
    """The largest of the factors whose product is the ratio of the times; NOTHING where they are
    not: time = FLOP / (speed of all units · share not past the edge · share busy)
    """
    if axis.predicted:
        return _predicted_cause(winner, loser, other, per)
    a, b = winner.derived.device, loser.derived.device
    less = work(winner) / work(loser) * per[1] / per[0]
    if axis.kind == "s":
        ours, theirs = (a.peak(winner.session.dtype), b.peak(loser.session.dtype))
        speeds = (ours or 0.0, theirs or 0.0)
        speed_words = words.faster(speeds[0], other, speeds[1])
    else:
        speeds = (float(a.units), float(b.units))
        speed_words = words.more_units(a, other, b.units)
    if not all(speeds):
        return NOTHING  # what was recorded may be on a device of which no figure is known
    edges = [edge_efficiency(side) for side in (winner, loser)]
    shares = [busy(side) for side in (winner, loser)]
    factors = [
        (less, words.less_work(1 - less)),
        (speeds[1] / speeds[0], speed_words),
        (edges[1] / edges[0], words.fewer_past_the_edge(edges[0], other, edges[1])),
        (shares[1] / shares[0], words.busier(a, shares[0], other, shares[1])),
    ]
    explained, share = math.prod(factor for factor, _ in factors), winner.finish / loser.finish
    share *= per[1] / per[0]
    most, said = min(factors, key=lambda factor: factor[0])
    if abs(explained / share - 1) > 0.01 or 1 - most < (1 - share) / 2:
        return NOTHING
    return said


def _predicted_cause(winner: Side, loser: Side, other: Name, per: Per) -> Text:
    """The part of the predicted time that the winner saves most of."""
    ours = {part: seconds / per[0] for part, seconds in winner.parts or ()}
    theirs = {part: seconds / per[1] for part, seconds in loser.parts or ()}
    saved = {part: theirs[part] - ours[part] for part in ours}
    part = max(saved, key=saved.__getitem__)
    if saved[part] > 2 * sum(saved.values()):
        return NOTHING  # something else takes most of that gain away again
    return words.saved(part, max(ours[part], 0.0), other, max(theirs[part], 0.0))


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
