"""What a walk hides: all that tells what is asked, or what the lesson asks further on."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from mmviz.errors import InputError
from mmviz.files.lessons.format import Combined, Expression, Lesson, Named, Search
from mmviz.state.lessons.stage import changed, stage_of
from mmviz.state.lessons.walk import Walk
from mmviz.state.session import Session

_SUMS = ("cell", "z", "out", "partial", "argmax_partial")
_STEPS = ("steps", "cycles", "waves", "wave_tiles")
_TILES = (
    "tiles",
    "tiles_m",
    "tiles_n",
    "tile_m",
    "tile_n",
    "edge_rows",
    "edge_cols",
    "padded_share",
)
_IDLE = ("idle_units", "busy_share")
_TIMES = ("predicted_s", "flop")
_REST = (
    *("bytes", "intensity", "ridge", "bound", "limiter", "peak_share", "loss_share", "argmax_loss"),
    *("loads", "loads_untiled"),
)

TELLS: Mapping[str, frozenset[str]] = {
    "foot": frozenset((*_STEPS, *_IDLE, *_TILES, "cells", "mult_share")),
    "step": frozenset(("steps",)),
    "bars": frozenset(("steps",)),
    "sums": frozenset(_SUMS),
    "time": frozenset((*_STEPS, *_IDLE)),
    "times": frozenset((*_TIMES, "steps", "cycles", "argmax_product", "pass_s", "flop_pass")),
    "facts": frozenset((*_STEPS, *_IDLE, *_TILES, *_TIMES, *_REST, "m", "n", "k")),
    "shapes": frozenset(("m", "n", "k")),
    "moves": frozenset(("winner_moved",)),
}
"""Parts of the window, and the quantities each tells of the session it shows.

foot: below the picture. step: which one it is. bars: how many steps other numbers of lanes take.
sums: the numbers of Y. time: the panel of units. times, shapes: figures on the cards of products.
facts: where the peak goes. moves: shares told right of a digit that is moved.
"""

PANELS = {"facts": ("roofline", "waterfall"), "strip": ("strip",), "time": ("units",)}
"""Panels that are veiled while a guess is waited for, and what is clicked on in them."""

_AT_ONCE = frozenset(("facts", "strip", "time", "foot", "step", "bars", "times", "moves", "scores"))
_BY: Mapping[tuple[str, object], str] = {
    ("light", "idle"): "time",
    ("show", "roofline"): "facts",
    ("show", "waterfall"): "facts",
}
"""What a reveal asks for by one of its verbs."""
_Asked = tuple[str, tuple[str, ...], Session]


def hidden(walk: Walk) -> frozenset[str]:
    """Parts that show nothing now: those of TELLS, "strip" as a whole, and "scores"."""
    step = walk.step
    if walk.finished or walk.why or walk.form is None or step.is_changed:
        return frozenset()
    told = _told(walk.lesson, walk.number, revealed=walk.revealed)
    here = {panel for panel, clicked in PANELS.items() if step.on in clicked}
    if walk.revealed:
        asked = {_BY.get((verb.do, value)) for verb in step.reveal for _, value in verb.takes}
        return told - here - asked
    parts = (_AT_ONCE | told) - here
    if step.kind != "predict":  # one works with the scores, and looks at the sums
        parts -= {"scores", "sums"}
    return parts


@functools.lru_cache(maxsize=256)
def _told(lesson: Lesson, number: int, *, revealed: bool) -> frozenset[str]:
    """Parts that tell what is still asked from this step on, and was not told before."""
    after = number + 1 if revealed else number
    known = {one for at in range(after) for one in _asked(lesson, at, told=True)}
    steps = range(after, len(lesson.steps))
    coming = [one for at in steps for one in _asked(lesson, at) if one not in known]
    try:
        now = stage_of(lesson, number).session
    except InputError:
        return frozenset()
    return frozenset(
        part
        for part, tells in TELLS.items()
        for name, _, session in coming
        if name in tells and _shown(part, session, now)
    )


def _shown(part: str, session: Session, now: Session) -> bool:
    """Whether a part that shows `now` tells of that session as well: bars do of any lanes."""
    return session == now or (part == "bars" and replace(session, device=now.device) == now)


def _asked(lesson: Lesson, number: int, *, told: bool = False) -> tuple[_Asked, ...]:
    """What a step asks for a guess of, each with the session it is asked of; told: and what its
    text tells then.
    """
    step = lesson.steps[number]
    said = tuple(expression for _, expression in step.values) if told else ()
    if not told and step.kind != "predict":
        return ()
    asked = () if step.answer is None else (step.answer,)
    try:
        stage = stage_of(lesson, number)
        return tuple(
            (one.name, one.arguments, changed(stage, one.changes).session)
            for expression in (*asked, *said)
            for one in _named(expression)
        )
    except InputError:
        return ()  # it says so itself, once it is its turn


def _named(expression: Expression) -> Iterator[Named]:
    match expression:
        case Named():
            yield expression
        case Combined():
            for part in expression.parts:
                yield from _named(part)
        case Search():
            yield from _named(expression.where.subject)
        case _:
            pass
