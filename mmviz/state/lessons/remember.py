"""What is kept of a step, and what an earlier one is remembered by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from mmviz import __version__
from mmviz.files.lessons.format import Const, Lesson
from mmviz.files.lessons.progress import KeptStep, Progress
from mmviz.state.lessons.guesses import Choice, Click, Number
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
    if earlier is not None and walk.guess is None and not walk.met and (skipped or walk.form):
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
    return KeptStep(
        asked=walk.guess is not None,
        form=walk.form or "",
        guess=guess,
        option=option,
        answer=None if answer is None else plain(answer.value),
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
