"""Whether what somebody had to find out is known by now."""

from __future__ import annotations

from mmviz.state.facts import Facts
from mmviz.state.learn.course import Course
from mmviz.state.lessons.here import Request, Teaching, Timing
from mmviz.state.lessons.quantities.measured import was_timed


def answered(facts: Facts, courses: tuple[Course, ...], wish: Request) -> bool:
    """Whether facts or courses answer a wish."""
    match wish:
        case Timing():
            return was_timed(facts, wish)
        case Teaching():
            return any(wish.answers(course) for course in courses)
