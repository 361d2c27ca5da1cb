"""What was measured for a condition and does not meet it, in words; and what it was measured by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mmviz.core.provenance import Kind
from mmviz.errors import InputError
from mmviz.files.lessons.format import Condition, Expression
from mmviz.state.lessons.expressions import evaluate, holds, named, named_in
from mmviz.state.lessons.here import Here, NoData, Timing, Wanted
from mmviz.state.lessons.quantities.measured import MEASURED
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.state.lessons.saying import said
from mmviz.text import NOTHING, Text
from mmviz.words.lesson_card import shortfall
from mmviz.words.timing import backend_name

TIMED: tuple[Kind, ...] = ("measured", "estimated")


def shortfalls(conditions: Sequence[Condition], here: Here) -> tuple[Text, ...]:
    """A sentence for each condition of measured quantities that does not hold; none where what it
    needs is not known. What is computed or modelled the picture shows.
    """
    return tuple(_said(conditions, here))


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


def _said(conditions: Sequence[Condition], here: Here) -> Iterator[Text]:
    for condition in filter(_is_measured, conditions):
        try:
            if condition.every or holds(condition, here):
                continue
            found = evaluate(condition.subject, here)
            wanted = [evaluate(value, here) for value in condition.value]
        except (Wanted, NoData, InputError):
            continue
        if found.kind not in TIMED:
            continue
        told = (said(replace(one, unit=one.unit or found.unit), here) for one in wanted)
        who = _backend(condition.subject)
        yield shortfall(found.kind, who, said(found, here), condition.relation, *told)


def _is_measured(condition: Condition) -> bool:
    known = (QUANTITIES.get(one.name) for one in named_in(condition))
    return any(one is not None and one.kind == "measured" for one in known)


def _backend(subject: Expression) -> Text:
    """By whom it was timed, NOTHING where that is not one alone."""
    names = {arg for one in named(subject) if one.name in MEASURED for arg in one.arguments}
    return backend_name(names.pop()) if len(names) == 1 else NOTHING
