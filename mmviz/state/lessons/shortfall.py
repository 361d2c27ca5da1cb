"""What came out for a condition and does not meet it, in words; and what it was measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mmviz.core.provenance import Kind
from mmviz.errors import InputError
from mmviz.files.lessons.format import Condition, Expression, Named
from mmviz.state.lessons.expressions import evaluate, holds, named, named_in
from mmviz.state.lessons.here import Here, NoData, Timing, Wanted
from mmviz.state.lessons.quantities.measured import MEASURED
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.state.lessons.saying import said, said_item
from mmviz.text import NOTHING, Text
from mmviz.words.lesson_card import COUNTED, NOT_YET, SHORT, shortfall
from mmviz.words.timing import backend_name

TIMED: tuple[Kind, ...] = ("measured", "estimated")


def shortfalls(conditions: Sequence[Condition], here: Here) -> tuple[Text, ...]:
    """A sentence for each condition that does not hold and has a name; where none has, that not all
    of them hold. None where what they need is not known.
    """
    missing = [one for one in conditions if _fails(one, here)]
    told = [sentence for one in missing if (sentence := _said(one, here))]
    return tuple(told) or ((Text(NOT_YET),) if missing else ())


def timings_of(conditions: Sequence[Condition], here: Here) -> tuple[Timing, ...]:
    """What was timed for them."""
    bare, found = replace(here, facts=replace(here.facts, runs=())), []
    for condition in filter(_is_measured, conditions):
        try:
            holds(condition, bare)
        except Wanted as wish:
            if isinstance(wish.request, Timing):
                found.append(wish.request)
        except (NoData, InputError):
            pass
    return tuple(found)


def _fails(condition: Condition, here: Here) -> bool:
    try:
        return not holds(condition, here)
    except (Wanted, NoData, InputError):
        return False


def _said(condition: Condition, here: Here) -> Text:
    """NOTHING of what has no name on the card, or is of something else than the picture shows."""
    who = _who(condition.subject, here)
    measured = _is_measured(condition)
    if condition.every or (not measured and not who):
        return NOTHING
    try:
        found = evaluate(condition.subject, here)
        wanted = [evaluate(value, here) for value in condition.value]
    except (Wanted, NoData, InputError):
        return NOTHING
    if found.kind not in SHORT or (measured and found.kind not in TIMED):
        return NOTHING
    told = (said(replace(one, unit=one.unit or found.unit), here) for one in wanted)
    return shortfall(found.kind, who, said(found, here), condition.relation, *told)


def _is_measured(condition: Condition) -> bool:
    known = (QUANTITIES.get(one.name) for one in named_in(condition))
    return any(one is not None and one.kind == "measured" for one in known)


def _who(subject: Expression, here: Here) -> Text:
    """By whom it was timed, or what it counts; NOTHING where that is not one alone."""
    parts = tuple(named(subject))
    names = {arg for one in parts if one.name in MEASURED for arg in one.arguments}
    if names:
        return backend_name(names.pop()) if len(names) == 1 else NOTHING
    match subject:
        case Named(name="cell", arguments=(str(row), str(column)), changes=()):
            return said_item((int(row), int(column)), "cell", here)
        case Named(name=name, changes=()) if name in COUNTED:
            return Text(COUNTED[name])
    return NOTHING
