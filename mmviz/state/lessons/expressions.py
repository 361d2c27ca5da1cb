"""Expressions and conditions of a lesson, evaluated. No code is in them; searches end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeGuard, assert_never

from mmviz.core.provenance import Kind
from mmviz.files.lessons.format import (
    Combined,
    Condition,
    Const,
    Expression,
    Named,
    Search,
)
from mmviz.state.lessons.here import KINDS, Found, Here, NoData, Timing, Value, Wanted
from mmviz.state.lessons.quantities.quantity import Quantity
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.text import N_, P_, Plural, Text

NEAR = 1e-9  # relative, within which two numbers are equal
LONGEST_S = 2.0


class TooLong(NoData):
    """A search was given up."""


Clock = Callable[[], float]


def evaluate(expression: Expression, here: Here, clock: Clock = time.monotonic) -> Found:
    """What it comes to; raises NoData, Wanted, or InputError where the session cannot be so."""
    match expression:
        case Const(value):
            return Found(value)
        case Named():
            return _named(expression, here)
        case Combined():
            return _combined(expression, here, clock)
        case Search():
            return _search(expression, here, clock)
        case _:
            assert_never(expression)


def holds(condition: Condition, here: Here, clock: Clock = time.monotonic) -> bool:
    """Whether it does; raises as `evaluate`."""
    if condition.every:
        products = range(1, len(here.gemms) + 1)
        changed = (here.changed((("product", number),)) for number in products)
        return all(_holds(condition, one, clock) for one in changed)
    return _holds(condition, here, clock)


def number_of(found: Found) -> float:
    """The number of it, of a set how many; raises NoData for words."""
    if isinstance(found.value, frozenset):
        return len(found.value)
    if isinstance(found.value, str):
        raise NoData(N_("{word!r:.40} is no number"), word=found.value)
    return found.value


def equal(one: Value, other: Value, within: float = NEAR) -> bool:
    """Numbers within a share of the larger, all else exactly. A set is its count, to a number."""
    if isinstance(one, frozenset) != isinstance(other, frozenset):
        one = len(one) if isinstance(one, frozenset) else one
        other = len(other) if isinstance(other, frozenset) else other
    if _is_number(one) and _is_number(other):
        return bool(abs(one - other) <= within * max(abs(one), abs(other)))
    return _word(one) == _word(other)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def unit_of(expression: Expression) -> str:
    """The unit its number is said in, without computing it."""
    match expression:
        case Named(name=name):
            return QUANTITIES[name].unit if name in QUANTITIES else ""
        case Combined(by="ratio"):
            return "ratio"
        case Combined(by="sum" | "difference", parts=parts):
            units = {unit_of(part) for part in parts}
            return units.pop() if len(units) == 1 else ""
        case _:
            return ""


def named(expression: Expression) -> Iterator[Named]:
    """All quantities that an expression asks for."""
    match expression:
        case Named():
            yield expression
        case Combined(parts=parts):
            for part in parts:
                yield from named(part)
        case Search(where=where):
            yield from named_in(where)
        case Const():
            return
        case _:
            assert_never(expression)


def named_in(condition: Condition) -> Iterator[Named]:
    """All quantities that a condition asks for."""
    for one in (condition.subject, *condition.value):
        yield from named(one)


def _named(expression: Named, here: Here) -> Found:
    quantity = QUANTITIES.get(expression.name)
    if quantity is None:
        raise NoData(N_("no quantity is called {name!r:.60}"), name=expression.name)
    if not quantity.least <= len(expression.arguments) <= quantity.most:
        said = Text(
            _brackets(quantity), name=expression.name, n=quantity.most, least=quantity.least
        )
        raise NoData(said)
    found = quantity.of(here.changed(expression.changes), expression.arguments)
    if isinstance(found, Found):
        return Found(found.value, found.kind, quantity.unit)
    return Found(found, quantity.kind, quantity.unit)


def _brackets(quantity: Quantity) -> str | Plural:
    """How many arguments it has."""
    if not quantity.most:
        return N_("{name} stands without brackets")
    if quantity.least == quantity.most:
        return P_(
            "{name} has {n} argument in its brackets", "{name} has {n} arguments in its brackets"
        )
    return N_("{name} has {least} to {n} arguments in its brackets")


def _combined(expression: Combined, here: Here, clock: Clock) -> Found:
    parts = _all(expression.parts, here, clock)
    kind = _latest(parts)
    if expression.by == "same":
        return Found(equal(parts[0].value, parts[1].value), kind)
    numbers = [number_of(part) for part in parts]
    units = {part.unit for part in parts}
    unit = units.pop() if len(units) == 1 else ""
    match expression.by:
        case "sum":
            return Found(sum(numbers), kind, unit)
        case "difference":
            return Found(numbers[0] - numbers[1], kind, unit)
        case "ratio":
            if not numbers[1]:
                raise NoData(N_("a ratio to nothing"))
            return Found(numbers[0] / numbers[1], kind, "ratio")


def _all(parts: Sequence[Expression], here: Here, clock: Clock) -> list[Found]:
    """Of each; wishes for one pass are one wish."""
    found: list[Found] = []
    wishes: list[Wanted] = []
    for part in parts:
        try:
            found.append(evaluate(part, here, clock))
        except Wanted as wish:
            wishes.append(wish)
    if wishes:
        raise joined(wishes)
    return found


def joined(wishes: Sequence[Wanted]) -> Wanted:
    """The first of several wishes, together with those for the same pass."""
    first = wishes[0].request
    if not isinstance(first, Timing):
        return wishes[0]
    batches, backends = list(first.batches), list(first.backends)
    for wish in wishes[1:]:
        other = wish.request
        if isinstance(other, Timing) and _alike(first, other):
            batches += [batch for batch in other.batches if batch not in batches]
            backends += [name for name in other.backends if name not in backends]
    return Wanted(Timing(first.of, tuple(batches), tuple(backends), first.seconds))


def _alike(one: Timing, other: Timing) -> bool:
    """Whether one run can time both: one workload in one format."""
    return (one.of.workload, one.of.dtype, one.of.training) == (
        other.of.workload,
        other.of.dtype,
        other.of.training,
    )


def _search(expression: Search, here: Here, clock: Clock) -> Found:
    ends = clock() + LONGEST_S

    def tried(value: int) -> bool:
        if clock() > ends:
            raise TooLong(N_("not computed here: it takes too long"))
        changed = here.changed(((expression.key, value),))
        return holds(expression.where, changed, clock)

    over = sorted(expression.over) if not isinstance(expression.over, range) else expression.over
    found = (
        _halved(expression, over, tried) if expression.monotone else _tried(expression, over, tried)
    )
    if found is None:
        raise NoData(N_("none of them does"))
    return Found(found, _rests_on(expression.where))


def _tried(expression: Search, over: Sequence[int], tried: Callable[[int], bool]) -> int | None:
    """One after the other; what has to be measured is asked for together. One without a value does
    not hold; where none has one, the first reason is raised.
    """
    wishes: list[Wanted] = []
    reasons: list[NoData] = []
    for value in over if expression.by == "least" else reversed(over):
        try:
            if tried(value) and not wishes:
                return value
        except Wanted as wish:
            wishes.append(wish)
        except TooLong:
            raise
        except NoData as reason:
            reasons.append(reason)
    if wishes:
        raise joined(wishes)
    if len(reasons) == len(over):
        raise reasons[0]
    return None


def _halved(expression: Search, over: Sequence[int], tried: Callable[[int], bool]) -> int | None:
    """Where it begins to hold (least) or still holds (most), by halves."""
    low, high = 0, len(over)
    while low < high:
        middle = (low + high) // 2
        if tried(over[middle]) == (expression.by == "least"):
            high = middle
        else:
            low = middle + 1
    if expression.by == "least":
        return over[low] if low < len(over) else None
    return over[low - 1] if low else None


def _rests_on(condition: Condition) -> Kind:
    """Of which kind a search is that looks at this condition."""
    kinds = (QUANTITIES[one.name].kind for one in named_in(condition) if one.name in QUANTITIES)
    return max(kinds, key=KINDS.index, default="computed")


def _holds(condition: Condition, here: Here, clock: Clock) -> bool:
    subject, *values = _all((condition.subject, *condition.value), here, clock)
    within = max(condition.within, NEAR)
    one, other = subject.value, values[0].value
    match condition.relation:
        case "=":
            return equal(one, other, within)
        case "!=":
            return not equal(one, other, within)
        case "between":
            low, high = map(number_of, values)
            return low <= number_of(subject) <= high
        case relation:
            left, right = number_of(subject), number_of(values[0])
            if equal(left, right):
                return "=" in relation
            return left < right if "<" in relation else left > right


def _latest(found: Sequence[Found]) -> Kind:
    return max((one.kind for one in found), key=KINDS.index, default="computed")


def _word(value: Value) -> Value:
    """Yes and no are words of a choice, too."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
