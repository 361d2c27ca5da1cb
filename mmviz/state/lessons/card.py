"""What the card of a step shows, as a value: texts are said when the language is known."""

from __future__ import annotations

import string
from dataclasses import dataclass

from mmviz.core.provenance import Kind
from mmviz.errors import InputError
from mmviz.files.lessons.format import Form, Lesson, Step, StepKind, Verb
from mmviz.files.lessons.progress import KeptStep, Progress
from mmviz.files.lessons.shelf import Shelf
from mmviz.state.facts import Facts
from mmviz.state.lessons.expressions import evaluate, unit_of
from mmviz.state.lessons.guesses import (
    named_answer,
    options_of,
    said_answer,
    said_guess,
    the_right_one,
)
from mmviz.state.lessons.here import Found, Here, NoData, Wanted
from mmviz.state.lessons.remember import items_of, remembered
from mmviz.state.lessons.saying import said, said_items
from mmviz.state.lessons.stage import stage_of
from mmviz.state.lessons.walk import NO_OPTION, Walk
from mmviz.text import NOTHING, Text, own
from mmviz.words.lesson_card import STOPPED, put_back
from mmviz.words.lessons import BUSY, Judged, Sayable, Spoken, amount, as_guessed, word


@dataclass(frozen=True, slots=True)
class Offered:
    """An option. index: what `Choice` takes; right: None before it is revealed."""

    index: int
    said: Sayable
    chosen: bool = False
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """An earlier guess and its result. lesson: the title of its lesson."""

    lesson: Spoken
    ask: Spoken
    line: Judged


@dataclass(frozen=True, slots=True)
class Card:
    """title: of the lesson; number of `count` steps, from 1. form None: nothing is guessed. note:
    of what cannot be asked, or why it is asked in another way. unit: behind a field. line: guess
    and result, None before. measuring: it is being found out; busy: NOTHING where it was not;
    again: it can be measured once more. unmet: what keeps a change from counting, where it can be
    said. best: the learner's own.
    """

    title: Spoken
    idea: Spoken
    number: int
    count: int
    kind: StepKind
    ask: Spoken
    hint: Spoken
    form: Form | None
    options: tuple[Offered, ...] = ()
    unit: str = ""
    on: str = ""
    need: int = 1
    recalled: Recalled | None = None
    note: Text = NOTHING
    measuring: bool = False
    busy: Text = NOTHING
    again: bool = False
    unmet: tuple[Text, ...] = ()
    line: Judged | None = None
    tell: Spoken = Spoken()  # noqa: RUF009  # frozen
    plays: tuple[Verb, ...] = ()
    free: tuple[str, ...] = ()
    met: bool = False
    best: Text = NOTHING
    takes_note: bool = False
    own_note: str = ""
    passable: bool = False


@dataclass(frozen=True, slots=True)
class Summed:
    """A row of the last card: what was asked, guessed and came out. done: walked to its end."""

    ask: Spoken
    line: Judged | None
    done: bool
    skipped: bool
    best: Text
    note: str


def card_of(walk: Walk, facts: Facts, shelf: Shelf | None = None) -> Card:
    """The card of the step a walk is at. shelf: where earlier lessons are looked for."""
    lesson, step = walk.lesson, walk.step
    here = walk.asked_here(facts)
    asked = _asked(walk, here)
    revealed = walk.revealed and not walk.why
    line = _line(walk, here) if revealed else None
    told = (*asked, *_told(walk, line, here))
    return Card(
        title=Spoken(lesson.title),
        idea=Spoken(lesson.idea),
        number=min(walk.number, len(lesson.steps) - 1) + 1,
        count=len(lesson.steps),
        kind=step.kind,
        ask=Spoken(step.ask, asked),
        hint=Spoken(step.hint, asked),
        form=walk.form,
        options=_options(walk),
        unit=step.unit or (walk.answer.unit if walk.answer else ""),
        on=step.on,
        need=step.need,
        recalled=_recalled(step, walk.progress, shelf),
        note=_noted(walk),
        measuring=walk.wish is not None and not walk.stopped,
        busy=Text(BUSY, times=5) if walk.busy else NOTHING,
        again=walk.stopped or walk.busy or (bool(walk.unmet) and bool(walk.wished)),
        unmet=(put_back(walk.strayed),) if walk.strayed else walk.unmet,
        line=line,
        tell=Spoken(step.tell, told) if revealed and _is_whole(walk) else Spoken(),
        plays=walk.plays if revealed else (),
        free=step.free,
        met=walk.met,
        best=NOTHING if walk.best is None else _best(walk, here),
        takes_note=step.note,
        own_note=walk.note,
        passable=walk.passable,
    )


def summary_of(lesson: Lesson, progress: Progress) -> tuple[Summed, ...]:
    """All guesses and results of a lesson, for its last card."""
    rows = []
    for step in lesson.steps:
        kept = progress.of(lesson.id, step.id) or KeptStep()
        line, ask = kept_line(lesson, step, kept), asked_then(lesson, step)
        best = NOTHING if kept.best is None else amount(kept.best, kept.unit)
        rows.append(Summed(ask, line, kept.done, kept.skipped, best, kept.note))
    return tuple(rows)


def kept_line(lesson: Lesson, step: Step, kept: KeptStep) -> Judged | None:
    """What was guessed and came out, as it is remembered; None where nothing was."""
    if not kept.asked or kept.answer is None:
        return None
    kind: Kind = kept.kind if kept.kind in _KINDS else "computed"  # type: ignore[assignment]
    try:
        here = _here_of(lesson, step)
    except InputError:
        return None  # its file is another one by now
    guess, answer = _kept_guess(step, kept, here), _kept_answer(step, kept, here)
    return Judged(guess, answer, kind, kept.equal, kept.form == "click")


def asked_then(lesson: Lesson, step: Step) -> Spoken:
    """The question of a step that is over: what it names is computed once more, and is dots where
    that has to be measured.
    """
    found: dict[str, Sayable] = {name: own("…") for _, text in step.ask for name in _names(text)}
    try:
        here = _here_of(lesson, step)
        if any(name.startswith("options.") for name in found):
            shown = options_of(step, here)
            found |= {f"options.{one.index}": one.spoken or one.said for one in shown}
        for name, expression in step.values:
            if name in found:
                found[name] = said(evaluate(expression, here), here)
    except (Wanted, NoData, InputError):
        pass
    return Spoken(step.ask, tuple(sorted(found.items())))


def _here_of(lesson: Lesson, step: Step) -> Here:
    """The session a step was about, as far as that is known without facts."""
    return Here(stage_of(lesson, lesson.number(step.id) or 0))


_KINDS = ("computed", "modelled", "measured", "recorded", "estimated")


def _asked(walk: Walk, here: Here) -> tuple[tuple[str, Sayable], ...]:
    """Values a question may name."""
    found: list[tuple[str, Sayable]] = [(name, said(value, here)) for name, value in walk.values]
    found += [(f"options.{one.index}", one.spoken or one.said) for one in walk.shown]
    named = {name for name, _ in found}
    # what could not be computed is said as such, not left out
    rest = [name for name, _ in walk.step.values if name not in named]
    rest += [f"options.{i}" for i in range(len(walk.step.options)) if f"options.{i}" not in named]
    return (*found, *((name, Text("{x}", x=None)) for name in rest))


def _told(walk: Walk, line: Judged | None, here: Here) -> tuple[tuple[str, Sayable], ...]:
    if line is None or walk.answer is None:
        return ()
    value = walk.answer.value
    count = len(value) if isinstance(value, frozenset) else 1
    return (
        ("guess", line.guess),
        ("answer", said_answer(walk.step, walk.shown, walk.answer, here)),
        ("answer.count", amount(count, "")),
    )


def _line(walk: Walk, here: Here) -> Judged | None:
    if walk.guess is None or walk.answer is None:
        return None
    return Judged(
        said_guess(walk.step, walk.guess, walk.shown, walk.answer, here),
        named_answer(walk.step, walk.shown, walk.answer, here),
        walk.answer.kind,
        walk.equal,
        walk.form == "click",
    )


def _is_whole(walk: Walk) -> bool:
    """Whether what is told can name its values: of a step that is come back to, some may be
    measured and not kept.
    """
    return walk.again is None or len(walk.values) == len(walk.step.values)


def _noted(walk: Walk) -> Text:
    """What keeps the step from going on as it is asked."""
    stopped = Text(STOPPED) if walk.stopped else NOTHING
    return walk.why or stopped or (NO_OPTION if walk.form != walk.step.guess else NOTHING)


def _options(walk: Walk) -> tuple[Offered, ...]:
    chosen = getattr(walk.guess, "index", None)
    right = None
    if walk.revealed and walk.answer is not None:
        right = the_right_one(walk.shown, walk.answer)
    return tuple(
        Offered(
            one.index,
            one.spoken or one.said,
            one.index == chosen,
            None if right is None else one.index == right.index,
        )
        for one in walk.shown
    )


def _best(walk: Walk, here: Here) -> Text:
    unit = "" if walk.step.keep is None else unit_of(walk.step.keep.of)
    return said(Found(walk.best or 0.0, "computed", unit), here)


def _recalled(step: Step, progress: Progress, shelf: Shelf | None) -> Recalled | None:
    if step.recall is None or shelf is None:
        return None
    lesson_id, step_id = step.recall
    lesson = next((one for one in shelf.lessons if one.id == lesson_id), None)
    if lesson is None:
        return None
    kept = remembered(lesson, step_id, progress)
    number = lesson.number(step_id)
    if kept is None or number is None:
        return None
    earlier = lesson.steps[number]
    line = kept_line(lesson, earlier, kept)
    if line is None:
        return None
    return Recalled(Spoken(lesson.title), asked_then(lesson, earlier), line)


def _names(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def _kept_guess(step: Step, kept: KeptStep, here: Here) -> Sayable:
    if kept.guess is None:
        return NOTHING
    if kept.form == "choice":
        option = next((one for one in step.options if one.id and one.id == kept.option), None)
        return Spoken(option.text) if option else _kept_number(kept.option, kept.unit)
    if isinstance(kept.guess, list):
        return said_items(items_of(kept.guess), kept.unit, here)
    return as_guessed(kept.guess, kept.unit)


def _kept_answer(step: Step, kept: KeptStep, here: Here) -> Sayable:
    if isinstance(kept.answer, list):
        items = items_of(kept.answer)
        counted = step.guess == "number"
        return amount(len(items), "") if counted else said_items(items, kept.unit, here)
    if isinstance(kept.answer, bool | str):
        id = kept.answer if isinstance(kept.answer, str) else "yes" if kept.answer else "no"
        option = next((one for one in step.options if one.id == id), None)
        return Spoken(option.text) if option else word(id)
    answer = kept.answer or 0
    if kept.form == "choice":
        within = next((one for one in step.options if one.ranged and one.covers(answer)), None)
        if within is not None:
            return Spoken(within.text)
    return amount(answer, kept.unit)


def _kept_number(text: str, unit: str) -> Text:
    try:
        return amount(float(text), unit)
    except ValueError:
        return word(text)
