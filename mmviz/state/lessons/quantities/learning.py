"""Quantities of a network that learns digits, and of what it makes of a drawing."""

from __future__ import annotations

from collections.abc import Mapping

from mmviz.state.facts import Facts
from mmviz.state.lessons.here import Teaching
from mmviz.state.lessons.quantities.quantity import Quantity


def was_taught(facts: Facts, wish: Teaching) -> bool:
    """Whether a course taught this network so far."""
    return any(
        course.teaches(wish.network) and course.step >= wish.taught.steps
        for course in facts.lessons
    )


LEARNING: Mapping[str, Quantity] = {}
