"""A walk through a lesson: a value, and what can happen to it. The window and tests drive it.

    walk = begin(lesson, facts, session)      predict: asks
    walk = guessed(walk, facts, Number(4))    a measured answer is wished for, else it is revealed
    walk = learnt(walk, facts)                after facts came
    walk = edited(walk, facts, session)       modify, make: conditions are looked at again
    walk = forward(walk, facts)               to the next step; `finished` after the last

A step's session is what the file says, so a step is the same for who skipped the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mmviz.errors import InputError
from mmviz.files.lessons.format import Form, Lesson, Step, Verb
from mmviz.files.lessons.progress import MOST_NOTE, KeptStep, Progress
from mmviz.state.facts import Facts, Timed
from mmviz.state.history import History
from mmviz.state.learn.course import Course
from mmviz.state.lessons.expressions import evaluate, holds, number_of
from mmviz.state.lessons.guesses import (
    Guess,
    Shown,
    options_of,
)
from mmviz.state.lessons.here import Found, Here, NoData, Request, Wanted
from mmviz.state.lessons.quantities.measured import disturbed
from mmviz.state.lessons.quantities.wishes import answered
from mmviz.state.lessons.remember import kept_step
from mmviz.state.lessons.shortfall import shortfalls, timings_of
from mmviz.state.lessons.stage import Stage, Taught, stage_of
from mmviz.state.lessons.strayed import strayed
from mmviz.state.lessons.telling import asked, told_again, values_of, why_of
from mmviz.state.session import Session
from mmviz.text import N_, NOTHING, Text

MOST_COURSES = 16  # each has its weights
TAUGHT = ("filters", "drawing")  # what is clicked on is only there once something was learnt
NO_OPTION = Text(N_("none of these came out here: guess a number"))


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Where somebody is in a lesson.

    number: of the step, from 0; one past the last: it is over. own: the session of the user's own,
    which is theirs again afterwards. stage: as the step begins; history: what the learner makes of
    its session. form: how it is asked, None: it asks nothing. shown: options of a choice. guess;
    answer: what came out, None before. equal: whether the guess is that. values: those of texts, by
    name. wish: what has to be measured first, None where nothing has; stopped: that ended before it
    was known; wished: what was; busy: with other work beside; stale: runs that do not count for
    that. courses: what was taught for this
    lesson; taught: what of learning is asked for now, None where nothing is. revealed: the answer
    is told. met: the conditions hold; strayed: what was changed and is not free; unmet: what was
    measured and does not hold. best: the learner's own of this step; note: their sentence. why: it
    cannot be asked here, NOTHING where it can. seen: steps before this one were walked by; again:
    what is remembered of one of them that is come back to, None: it is asked afresh.
    """

    lesson: Lesson
    own: Session
    stage: Stage
    history: History
    number: int = 0
    form: Form | None = None
    shown: tuple[Shown, ...] = ()
    guess: Guess | None = None
    answer: Found | None = None
    equal: bool = False
    values: tuple[tuple[str, Found], ...] = ()
    wish: Request | None = None
    stopped: bool = False
    wished: tuple[Request, ...] = ()
    stale: tuple[Timed, ...] = ()
    courses: tuple[Course, ...] = ()
    taught: Taught | None = None
    busy: bool = False
    revealed: bool = False
    met: bool = False
    strayed: tuple[str, ...] = ()
    unmet: tuple[Text, ...] = ()
    best: float | None = None
    note: str = ""
    why: Text = NOTHING
    seen: int = 0
    again: KeptStep | None = None
    progress: Progress = field(default_factory=Progress)

    @property
    def finished(self) -> bool:
        """Whether the last step is behind."""
        return self.number >= len(self.lesson.steps)

    @property
    def step(self) -> Step:
        """The step that is on; of a finished walk the last."""
        return self.lesson.steps[min(self.number, len(self.lesson.steps) - 1)]

    @property
    def session(self) -> Session:
        """What the window shows."""
        return self.history.now

    @property
    def asks(self) -> bool:
        """Whether a guess is waited for: nothing is revealed before one."""
        return self.form is not None and self.guess is None and not self.why

    @property
    def plays(self) -> tuple[Verb, ...]:
        """What is played now that it is revealed; no race opens for who comes back to it."""
        if not self.revealed:
            return ()
        return tuple(verb for verb in self.step.reveal if self.again is None or verb.do != "race")

    @property
    def passable(self) -> bool:
        """Whether the next step may come without skipping this one."""
        if self.why or (self.again is not None and self.again.done):
            return True
        if self.step.is_changed:
            return self.met
        return self.revealed or self.form is None

    def here(self, facts: Facts) -> Here:
        """The snapshot of what the learner has made."""
        made = replace(self.stage, session=self.session, taught=self.taught)
        return Here(made, self.fresh(facts), self.stage, self.courses)

    def asked_here(self, facts: Facts) -> Here:
        """The snapshot that is asked about: the step's own, whatever was tried out."""
        return Here(self.stage, self.fresh(facts), self.stage, self.courses)

    def fresh(self, facts: Facts) -> Facts:
        """Without runs that were disturbed, and are measured again."""
        if not self.stale:
            return facts
        old = {id(run) for run in self.stale}
        return replace(facts, runs=tuple(run for run in facts.runs if id(run) not in old))


def begin(
    lesson: Lesson,
    facts: Facts,
    own: Session,
    progress: Progress | None = None,
    number: int = 0,
) -> Walk:
    """At a step of a lesson. own: the session to come back to. Raises InputError."""
    stage = stage_of(lesson, number)
    walk = Walk(lesson, own, stage, History(stage.session), progress=progress or Progress())
    return at_step(replace(walk, seen=number), facts, number)


def at_step(walk: Walk, facts: Facts, number: int) -> Walk:
    """At another step of the same lesson, asked afresh where it was not walked by; past the last it
    is over.
    """
    number = max(0, min(number, len(walk.lesson.steps)))
    if number == len(walk.lesson.steps):
        over = Walk(walk.lesson, walk.own, walk.stage, walk.history, number, progress=walk.progress)
        return replace(over, seen=number)
    stage, step = stage_of(walk.lesson, number), walk.lesson.steps[number]
    kept = walk.progress.of(walk.lesson.id, step.id)
    fresh = Walk(
        walk.lesson,
        walk.own,
        stage,
        History(stage.session),
        number,
        form=step.guess,
        courses=walk.courses,
        taught=stage.taught,
        best=kept.best if kept else None,
        note=kept.note if kept else "",
        seen=walk.seen,
        again=kept if number < walk.seen else None,
        progress=walk.progress,
    )
    return _prepared(fresh, facts)


def guessed(walk: Walk, facts: Facts, guess: Guess) -> Walk:
    """With a guess: what came out is told, or first measured."""
    if not walk.asks:
        return walk
    return asked(replace(walk, guess=guess), facts)


def learnt(walk: Walk, facts: Facts) -> Walk:
    """After facts came: what was wished for is looked for again."""
    if walk.finished or walk.wish is None:
        return walk
    if not answered(walk.fresh(facts), walk.courses, walk.wish):
        return walk
    waiting = replace(walk, wish=None, stopped=False, wished=(*walk.wished, walk.wish))
    if walk.step.is_changed:
        return _looked(waiting, facts)
    return asked(waiting, facts) if walk.guess is not None else _prepared(waiting, facts)


def with_course(walk: Walk, facts: Facts, course: Course) -> Walk:
    """After a course is over that was wished for."""
    others = tuple(one for one in walk.courses if one.plan != course.plan)
    return learnt(replace(walk, courses=(*others, course)[-MOST_COURSES:]), facts)


def trained(walk: Walk, facts: Facts, rate: float, steps: int) -> Walk:
    """The learner asks for another rate or other steps of learning."""
    if walk.finished or walk.taught is None:
        return walk
    return _looked(replace(walk, taught=replace(walk.taught, rate=rate, steps=steps)), facts)


def edited(walk: Walk, facts: Facts, session: Session, topic: str = "") -> Walk:
    """The learner changed the session; a condition is looked at by computing it, not by asking."""
    if walk.finished:
        return walk
    return _looked(replace(walk, history=walk.history.edit(session, topic)), facts)


def looked_at(walk: Walk, session: Session) -> Walk:
    """Only what is looked at is another one."""
    return replace(walk, history=walk.history.look(session))


def undone(walk: Walk, facts: Facts) -> Walk:
    """The learner's last change taken back."""
    return _looked(replace(walk, history=walk.history.undo()), facts)


def redone(walk: Walk, facts: Facts) -> Walk:
    """And made again."""
    return _looked(replace(walk, history=walk.history.redo()), facts)


def noted(walk: Walk, note: str) -> Walk:
    """With the learner's own sentence, kept and not judged."""
    return replace(walk, note=" ".join(note.split())[:MOST_NOTE])


def forward(walk: Walk, facts: Facts, now: Callable[[], float]) -> Walk:
    """The next step; of one that is not passable yet the same."""
    if walk.finished or not walk.passable:
        return walk
    return at_step(_seen(kept(walk, now)), facts, walk.number + 1)


def back(walk: Walk, facts: Facts, now: Callable[[], float]) -> Walk:
    """The step before, with what was said in it; so is this one, once it is come to again."""
    if not walk.finished and walk.passable and (walk.guess is not None or walk.met):
        walk = _seen(kept(walk, now))
    return at_step(walk, facts, walk.number - 1)


def skipped(walk: Walk, facts: Facts, now: Callable[[], float]) -> Walk:
    """The next step without this one: neither done nor failed."""
    if walk.finished:
        return walk
    return at_step(_seen(kept(walk, now, skipped=True)), facts, walk.number + 1)


def left(walk: Walk, *, keep: bool = False) -> Session:
    """The session after a lesson: the user's own; to go on freely the lesson's."""
    return walk.session if keep else walk.own


def kept(walk: Walk, now: Callable[[], float], *, skipped: bool = False) -> Walk:
    """With what happened in this step among what is remembered."""
    found = kept_step(walk, now(), skipped=skipped)
    progress = walk.progress.with_step(walk.lesson.id, walk.step.id, found)
    return replace(walk, progress=progress)


def _seen(walk: Walk) -> Walk:
    """This step was walked by."""
    return replace(walk, seen=max(walk.seen, walk.number + 1))


def _prepared(walk: Walk, facts: Facts) -> Walk:
    """With its options, or with the reason why it cannot be asked here."""
    step = walk.step
    try:
        walk = replace(walk, values=values_of(walk, facts, before=True))
        if walk.form == "choice":
            walk = replace(walk, shown=options_of(step, walk.asked_here(facts)))
        if step.on in TAUGHT and step.answer is not None:
            evaluate(step.answer, walk.asked_here(facts))  # taught first: else nothing is seen
    except Wanted as wish:
        return replace(walk, wish=wish.request)
    except (NoData, InputError) as error:
        return replace(walk, why=why_of(error))
    if step.is_changed:
        return _looked(walk, facts)
    if walk.again is not None and walk.form is not None:
        return told_again(walk, facts)
    return walk if walk.form is not None else replace(walk, revealed=True)


def _looked(walk: Walk, facts: Facts) -> Walk:
    """Whether the conditions hold now, and whether it is the learner's best."""
    step, here = walk.step, walk.here(facts)
    if not step.is_changed:
        return walk
    walk = replace(walk, met=False, revealed=False, unmet=(), busy=False)
    walk = replace(walk, wish=None, stopped=False)
    walk = replace(walk, strayed=strayed(step.free, walk.stage, walk.session, walk.taught))
    if walk.strayed:
        return replace(walk, wished=())
    timings = timings_of(step.until, here)
    made = bool(walk.history.past) or walk.taught != walk.stage.taught
    walk = replace(walk, wished=timings)
    try:
        met = all(holds(condition, here) for condition in step.until)
        values = values_of(walk, facts)
        best = walk.best
        if met and step.keep is not None:
            value = number_of(evaluate(step.keep.of, here))
            choose = min if step.keep.want == "least" else max
            best = value if best is None else choose(best, value)
    except Wanted as wish:
        return replace(walk, wish=wish.request if made else None)
    except (NoData, InputError) as error:
        if walk.history.past:  # what the learner made has no such value: the condition is not met
            return replace(walk, unmet=(why_of(error),))
        return replace(walk, why=why_of(error))
    return replace(
        walk,
        met=met,
        revealed=met,
        values=values,
        best=best,
        unmet=shortfalls(step.until, here) if made and not met else (),
        busy=any(disturbed(here.facts, one) for one in timings),
    )
