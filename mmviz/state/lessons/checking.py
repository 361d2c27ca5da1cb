"""Whether a lesson can be walked: what its file cannot know is looked at in its own sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmviz.errors import InputError
from mmviz.files.lessons.format import Condition, Expression, Lesson, Named, Step
from mmviz.files.lessons.shelf import Shelf
from mmviz.files.lessons.tables import Place
from mmviz.files.lessons.verbs import CHANGED_BY
from mmviz.state.facts import Facts
from mmviz.state.lessons.expressions import evaluate, holds, named, named_in
from mmviz.state.lessons.guesses import matches, options_of
from mmviz.state.lessons.here import Found, Here, NoData, Wanted
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.state.lessons.saying import said
from mmviz.state.lessons.stage import Stage, changed, stage_of
from mmviz.text import N_, Text
from mmviz.words.lessons import WORDS

Problem = Text


def problems_of(lesson: Lesson, shelf: Shelf | None = None) -> tuple[Text, ...]:
    """What keeps a lesson from being walked, a line each; () for a sound one.

    Measured answers are not measured for this. shelf: where recalled steps are looked for, None:
    they are not.
    """
    found: list[Text] = []
    for number, step in enumerate(lesson.steps):
        place = Place(f"{lesson.id}.toml", step.id)
        found += [place.error(why).cause for why in _problems(lesson, number, step, shelf)]
    return tuple(found)


def quantities_of(lesson: Lesson) -> set[str]:
    """Names of all quantities a lesson asks for."""
    return {one.name for step in lesson.steps for one in _named(step)}


def _problems(lesson: Lesson, number: int, step: Step, shelf: Shelf | None) -> Iterator[Text]:
    unknown = sorted({one.name for one in _named(step) if one.name not in QUANTITIES})
    if unknown:
        yield Text(N_("no quantity is called {name!r:.60}"), name=unknown[0])
        return
    if step.recall is not None and shelf is not None and not shelf.has_step(*step.recall):
        lesson_id, step_id = step.recall
        yield Text(N_("recall: there is no step {lesson}/{step}"), lesson=lesson_id, step=step_id)
    try:
        stage = stage_of(lesson, number)
    except InputError as error:
        yield error.cause
        return
    here = Here(stage, Facts(), stage)
    if step.is_changed:
        yield from _conditions(step, stage, here)
    elif step.guess is not None:
        yield from _answers(step, here)
    yield from _values(step, stage, here)


def _answers(step: Step, here: Here) -> Iterator[Text]:
    """Whether the answer suits how it is asked, and exactly one option is right."""
    try:
        shown = options_of(step, here)
        texts = [str(one.said) for one in shown if one.found is not None]
        for found in (one.found.value for one in shown if one.found is not None):
            if isinstance(found, str) and found not in WORDS and re.search("[A-Za-z]{2}", found):
                yield Text(
                    N_("options: {word!r:.40} needs an id and a text in each language"), word=found
                )
        if len(set(texts)) < len(texts):
            yield Text(N_("two options look the same"))
        answer = evaluate(_answer(step), here)
    except Wanted:
        return
    except (NoData, InputError) as error:
        yield _why(error)
        return
    if step.guess == "click":
        names = [one.name for one in named(_answer(step))]
        places = {QUANTITIES[name].on for name in names}
        if not isinstance(answer.value, frozenset) or places != {step.on}:
            yield Text(N_("answer: what is clicked on {on} is not of this quantity"), on=step.on)
        elif not answer.value:
            yield Text(N_("answer: there is nothing to click on"))
    elif step.guess == "number" and isinstance(answer.value, str | bool):
        yield Text(N_("answer: a number is asked for, and this is none"))
    elif step.guess == "choice":
        try:
            right = sum(matches(one, answer) for one in shown)
        except NoData as error:
            yield error.why
            return
        if right != 1:
            yield Text(
                N_("options: {right} of them are right, not one; the answer is {answer}"),
                right=right,
                answer=said(answer, here),
            )


def _conditions(step: Step, stage: Stage, here: Here) -> Iterator[Text]:
    """Whether the conditions do not hold at the start, and do with the solution."""
    if not step.until:
        return
    allowed = {key for name in step.free for key in CHANGED_BY[name]}
    if wrong := [key for key, _ in step.solution if key not in allowed]:
        yield Text(N_("solution: {key} is not free"), key=wrong[0])
    try:
        if all(holds(condition, here) for condition in step.until):
            yield Text(N_("until: it holds already at the start"))
    except Wanted:
        return
    except (NoData, InputError):
        pass  # nothing holds of what has no value
    try:
        solved = Here(changed(stage, step.solution), Facts(), stage)
        for condition in step.until:
            if not holds(condition, solved):
                yield Text(
                    N_("solution: it does not meet {name}"),
                    name=", ".join(str(one) for one in named(condition.subject)),
                )
                return
    except Wanted:
        return
    except (NoData, InputError) as error:
        yield _why(error)


def _values(step: Step, stage: Stage, here: Here) -> Iterator[Text]:
    """Whether what the texts name has a value."""
    try:
        told = Here(changed(stage, step.solution), Facts(), stage) if step.is_changed else here
    except InputError:
        return  # said already
    for name, expression in step.values:
        try:
            found: Found = evaluate(expression, told)
            said(found, told)
        except Wanted:
            continue
        except (NoData, InputError) as error:
            yield Text(N_("the value {name}: {why}"), name=name, why=_why(error))


def _answer(step: Step) -> Expression:
    assert step.answer is not None  # the reader looked
    return step.answer


def _named(step: Step) -> Iterator[Named]:
    """All quantities of a step."""
    expressions = [value for _, value in step.values]
    expressions += [option.value for option in step.options if option.value is not None]
    expressions += [] if step.answer is None else [step.answer]
    expressions += [] if step.keep is None else [step.keep.of]
    for expression in expressions:
        yield from named(expression)
    conditions: tuple[Condition, ...] = step.until
    for condition in conditions:
        yield from named_in(condition)


def _why(error: NoData | InputError) -> Text:
    return error.why if isinstance(error, NoData) else error.cause
