"""A part of the window at a step of a lesson, made without one."""

from __future__ import annotations

import os

from mmviz.bench import teaching
from mmviz.files.ordinary import no_tick
from mmviz.state.derived import derive
from mmviz.state.export import ExportChoice, paper_of
from mmviz.state.facts import Facts
from mmviz.state.learn.course import Course
from mmviz.state.lessons import walk as walks
from mmviz.state.lessons.card import card_of
from mmviz.state.lessons.here import NoData, Teaching, share_of
from mmviz.state.lessons.hidden import hidden
from mmviz.state.lessons.opening import LessonAt
from mmviz.state.lessons.quantities.learning import plan_of, wish_of
from mmviz.state.lessons.stage import changed
from mmviz.state.lessons.walk import Walk
from mmviz.state.race.race import Race
from mmviz.state.race.views import RaceView
from mmviz.state.session import Session
from mmviz.ui.export.figure import Figure
from mmviz.ui.export.files import write
from mmviz.ui.export.lesson_card import card_figure
from mmviz.ui.export.parts import Shown, figure_of
from mmviz.ui.look.theme import THEMES
from mmviz.ui.race.lineup import first_race
from mmviz.ui.start.app import application
from mmviz.ui.start.screenshot import CHART_SIZE, known_of, runs_of
from mmviz.words.speech import Words

CARD = "lesson"  # the part that is the card of the step
TAUGHT = ("filters", "digit")  # parts that show what the step's network has learnt


def take_at_step(
    path: str | os.PathLike[str],
    lesson: LessonAt,
    own: Session,
    choice: ExportChoice,
    *,
    at: float,
    words: Words,
) -> None:
    """Write a part as the window shows it while that step asks; the card is the part "lesson".

    The picture tells nothing that the step asks for; the other parts are whole. at: of a race, 0 …
    1 of its time. What a step needs to be taught is taught here; what it needs to be timed is not.
    Raises InputError where the part has nothing to show, or the file cannot be written.
    """
    app = application()
    walk = _taught(walks.begin(lesson.lesson, Facts(), own, number=lesson.number))
    figure = _figure(walk, choice, words, at)
    write(path, figure, paper_of(choice, CHART_SIZE))
    del app


def _figure(walk: Walk, choice: ExportChoice, words: Words, at: float) -> Figure:
    theme = THEMES[choice.theme]
    if choice.part == CARD:
        return card_figure(card_of(walk, Facts()), theme, words, choice)
    session = walk.stage.session
    facts = _learnt(walk) if choice.part in TAUGHT else known_of(choice.part)
    derived = derive(session, facts)
    there = 0.0 if derived.trace is None else share_of(walk.stage.at, derived.trace)
    race = _race(walk, at) if choice.part == "race" else None
    results = runs_of(choice.part, session)
    shown = Shown(derived, there, race=race, results=results, hides=hidden(walk))
    return figure_of(shown, theme, words, choice)


def _race(walk: Walk, at: float) -> tuple[RaceView, float]:
    """What the step races, and where it stands; else the first that is ready made."""
    verb = next((verb for verb in walk.step.reveal if verb.do == "race"), None)

    def made(_: Session) -> Race:
        assert verb is not None
        sides = [changed(walk.stage, verb[side]).session for side in ("a", "b")]
        return Race(sides[0], sides[1])

    _, work = first_race(walk.stage.session, None, made if verb is not None else None)
    return work(no_tick)[1], at


def _taught(walk: Walk) -> Walk:
    """With all that it needs to be taught, before it asks."""
    while isinstance(walk.wish, Teaching):
        walk = walks.with_course(walk, Facts(), _course(walk.wish))
    return walk


def _learnt(walk: Walk) -> Facts:
    """What the step's network has learnt by then."""
    facts, taught = Facts(), walk.stage.taught
    if taught is None or not taught.steps:
        return facts
    try:
        wish = wish_of(walk.asked_here(facts), taught.steps)
    except NoData:
        return facts
    done = (course for course in walk.courses if wish.answers(course))
    return facts.with_lesson(next(done, None) or _course(wish))


def _course(wish: Teaching) -> Course:
    plan = plan_of(wish)
    found = [Course(plan, 0.0)]
    teaching.teach_plan(plan, lambda message: found.append(found[-1].heard(message)))
    return found[-1]
