"""Whether what somebody had to find out is known by now."""

from __future__ import annotations

from mmviz.state.facts import Facts
from mmviz.state.lessons.here import Request, Teaching, Timing
from mmviz.state.lessons.quantities.learning import was_taught
from mmviz.state.lessons.quantities.measured import was_timed


def answered(facts: Facts, wish: Request) -> bool:
    """Whether the facts answer a wish."""
    match wish:
        case Timing():
            return was_timed(facts, wish)
        case Teaching():
            return was_taught(facts, wish)
