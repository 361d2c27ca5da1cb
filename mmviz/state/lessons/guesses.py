"""What a learner may guess, the options there are, and whether a guess is what came out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mmviz.files.lessons.format import Option, Step, Within
from mmviz.numerals import real
from mmviz.state.lessons.expressions import NEAR, equal, evaluate, number_of
from mmviz.state.lessons.here import Found, Here, Item
from mmviz.state.lessons.saying import said, said_items
from mmviz.text import N_, NOTHING, Text
from mmviz.words.lessons import Sayable, Spoken, as_guessed

LOOSE = Within("factor", 2.0)
"""How near a number has to come where no option, or more than one, is what was measured."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The option in that place of the file, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Number:
    """In base units: seconds, shares of one."""

    value: float


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked on."""

    items: frozenset[Item]


@dataclass(frozen=True, slots=True)
class Unsure:
    """I do not know: a guess as well."""


Guess = Choice | Number | Click | Unsure


@dataclass(frozen=True, slots=True)
class Shown:
    """An option as it is offered. index: its place in the file; found: of a number."""

    index: int
    option: Option
    found: Found | None
    spoken: Spoken
    said: Text


def options_of(step: Step, here: Here) -> tuple[Shown, ...]:
    """Options as they are offered: numbers ascending, others as written. Raises as `evaluate`."""
    shown = []
    for index, option in enumerate(step.options):
        if option.value is None:
            shown.append(Shown(index, option, None, Spoken(option.text), NOTHING))
            continue
        found = evaluate(option.value, here)
        unit = _unit(step, found)
        shown.append(
            Shown(index, option, found, Spoken(), said(Found(found.value, found.kind, unit), here))
        )
    if all(one.found is not None and not isinstance(one.found.value, str) for one in shown):
        shown.sort(key=lambda one: number_of(one.found or Found(0)))
    return tuple(shown)


def matches(shown: Shown, answer: Found) -> bool:
    """Whether an option is what came out."""
    if shown.found is not None:
        return equal(shown.found.value, answer.value)
    option = shown.option
    if option.ranged:
        return option.covers(number_of(answer))
    if isinstance(answer.value, frozenset):
        return answer.value == {option.id}
    return equal(option.id, answer.value)


def the_right_one(shown: Sequence[Shown], answer: Found) -> Shown | None:
    """The option that is right, None where there is not exactly one."""
    right = [one for one in shown if matches(one, answer)]
    return right[0] if len(right) == 1 else None


def hits(step: Step, within: Within, shown: Sequence[Shown], answer: Found, guess: Guess) -> bool:
    """Whether the guess is what came out."""
    match guess:
        case Unsure():
            return False
        case Choice(index):
            right = the_right_one(shown, answer)
            return right is not None and right.index == index
        case Number(value):
            return near(value, number_of(answer), within)
        case Click(items):
            right_ones = answer.value if isinstance(answer.value, frozenset) else frozenset()
            if step.need == 0:
                return bool(items) and items == right_ones
            return len(items) >= step.need and items <= right_ones


def near(guess: float, answer: float, within: Within) -> bool:
    """Whether a guessed number comes near enough."""
    match within.by:
        case "exact":
            return equal(guess, answer, NEAR)
        case "share":
            return abs(guess - answer) <= within.value * abs(answer) * (1 + NEAR)
        case "factor":
            if guess * answer <= 0:
                return guess == answer
            return abs(math.log(guess / answer)) <= math.log(within.value) * (1 + NEAR)
        case "decimals":
            return bool(abs(guess - answer) <= 0.5 * 10.0**-within.value * (1 + NEAR))


def read_number(text: str, unit: str) -> Number:
    """What was typed into the field with that unit behind it; raises InputError."""
    if unit == "%":
        return Number(_real(text.strip().removesuffix("%"), "") / 100)
    return Number(_real(text, unit))


def _real(text: str, unit: str) -> float:
    return real(text, Text(N_("a guess")), Text(N_("a number")), math.isfinite, unit=unit)


def said_guess(
    step: Step, guess: Guess, shown: Sequence[Shown], answer: Found, here: Here
) -> Sayable:
    """The guess in words, NOTHING for who did not know."""
    match guess:
        case Unsure():
            return NOTHING
        case Choice(index):
            chosen = next(one for one in shown if one.index == index)
            return chosen.spoken or chosen.said
        case Number(value):
            return as_guessed(value, _unit(step, answer))
        case Click(items):
            return said_items(items, answer.unit, here)


def named_answer(step: Step, shown: Sequence[Shown], answer: Found, here: Here) -> Sayable:
    """What came out, as the guess is said: of a choice of texts the text that is right."""
    right = the_right_one(shown, answer)
    if right is not None and right.spoken:
        return right.spoken
    return said_answer(step, shown, answer, here)


def said_answer(step: Step, shown: Sequence[Shown], answer: Found, here: Here) -> Sayable:
    """What came out: a number where it is one, of clicks what they hit."""
    right = the_right_one(shown, answer)
    if right is not None and right.spoken and not right.option.ranged:
        return right.spoken
    unit = answer.unit if isinstance(answer.value, frozenset) else _unit(step, answer)
    counted = step.guess != "click"
    return said(Found(answer.value, answer.kind, unit), here, counted=counted)


def _unit(step: Step, found: Found) -> str:
    return step.unit or found.unit
