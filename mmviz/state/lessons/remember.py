"""What is kept of a step, and what an earlier one is remembered by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from mmviz import __version__
from mmviz.files.lessons.format import Const, Lesson
from mmviz.files.lessons.progress import KeptStep, Progress
from mmviz.state.lessons.guesses import Choice, Click, Guess, Number, Unsure, the_right_one
from mmviz.state.lessons.here import KINDS, Found, Item
from mmviz.state.lessons.saying import plain
from mmviz.state.lessons.stage import Stage

if TYPE_CHECKING:
    from mmviz.state.lessons.walk import Walk


def kept_step(walk: Walk, now: float, *, skipped: bool = False) -> KeptStep:
    """The step as it is remembered from now on: what was guessed in it before, where nothing was
    guessed or made this time.
    """
    step, answer = walk.step, walk.answer
    earlier = walk.progress.of(walk.lesson.id, step.id)
    untouched = walk.guess is None and (skipped or bool(walk.form))
    if earlier is not None and not walk.met and (untouched or walk.again is not None):
        return msgspec.structs.replace(earlier, best=walk.best, note=walk.note)
    guess: int | float | list[object] | None = None
    option = ""
    match walk.guess:
        case Choice(index):
            guess, option = index, _option(walk, index)
        case Number(value):
            guess = int(value) if value == int(value) else value
        case Click(items):
            listed = plain(items)
            guess = listed if isinstance(listed, list) else None
    right = None if answer is None else the_right_one(walk.shown, answer)
    return KeptStep(
        asked=walk.guess is not None,
        form=walk.form or "",
        guess=guess,
        option=option,
        answer=None if answer is None else _came_out(answer, walk.form),
        right="" if right is None else _option(walk, right.index),
        unit="" if answer is None else step.unit or answer.unit,
        kind="" if answer is None else answer.kind,
        equal=walk.equal,
        version=__version__,
        session=session_key(walk.stage),
        when=now,
        done=not skipped and walk.passable and not walk.why,
        skipped=skipped,
        best=walk.best,
        note=walk.note,
    )


def guess_of(walk: Walk, kept: KeptStep) -> Guess | None:
    """What was guessed; None where nothing was, or where it was asked otherwise."""
    if not kept.asked or kept.session != session_key(walk.stage):
        return None
    match kept.form, kept.guess:
        case _, None:
            return Unsure()
        case "choice", int(index) if 0 <= index < len(walk.step.options):
            return Choice(index) if _option(walk, index) == kept.option else None
        case "number", (int() | float()) as value:
            return Number(float(value))
        case "click", list(items):
            return Click(items_of(items))
    return None


def answer_of(kept: KeptStep) -> Found | None:
    """What came out then, None where nothing did."""
    kind, answer = next((one for one in KINDS if one == kept.kind), None), kept.answer
    if answer is None or kind is None:
        return None
    return Found(items_of(answer) if isinstance(answer, list) else answer, kind, kept.unit)


def items_of(kept: list[object]) -> frozenset[Item]:
    """What was clicked on, as it was before it was kept in a file."""
    return frozenset(
        tuple(map(_whole, one)) if isinstance(one, list) else _whole(one) for one in kept
    )


def _whole(part: object) -> Item:
    return part if isinstance(part, int | float) else str(part)


def _came_out(answer: Found, form: str | None) -> bool | int | float | str | list[object]:
    """Of a set that was asked for by a number how many there are."""
    if form == "number" and isinstance(answer.value, frozenset):
        return len(answer.value)
    return plain(answer.value)


def session_key(stage: Stage) -> str:
    """Tells the sessions that guesses belong to apart."""
    session = stage.session
    parts = (session.network, session.batch, session.training, session.dtype, session.device)
    more = (session.tile, session.order, session.product, stage.at, stage.taught)
    return hashlib.sha256(repr((parts, more)).encode()).hexdigest()[:12]


def remembered(lesson: Lesson, step: str, progress: Progress) -> KeptStep | None:
    """What was guessed there; None where it was never asked, or the step is there no more."""
    kept = progress.of(lesson.id, step)
    if kept is None or not kept.asked or lesson.number(step) is None:
        return None
    return kept


def where_left(lesson: Lesson, progress: Progress) -> int:
    """The first step that was neither done nor skipped; of a lesson that is whole the first."""
    known = (progress.of(lesson.id, step.id) for step in lesson.steps)
    left = [i for i, one in enumerate(known) if one is None or not (one.done or one.skipped)]
    return left[0] if left else 0


def _option(walk: Walk, index: int) -> str:
    option = walk.step.options[index]
    if option.value is None:
        return option.id
    if isinstance(option.value, Const):
        return str(option.value.value)
    shown = next((one for one in walk.shown if one.index == index), None)
    return "" if shown is None or shown.found is None else str(plain(shown.found.value))
