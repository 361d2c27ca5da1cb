"""The two charts of a lesson: what its steps lost, and what it told right, seen and unseen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmviz.state.learn.course import Course, Known

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One quantity over steps and over seconds, each [points]."""

    steps: Floats
    at_s: Floats
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LessonChart:
    """loss: of steps before each point, their mean. seen, unseen: shares told right, 0 … 1."""

    loss: Line
    seen: Line
    unseen: Line


def chart_of(course: Course) -> LessonChart:
    """Of all that is known of it."""
    known: Known = course.now
    curve = known.curve
    steps = np.array([look.step for look in known.looks], float)
    at_s = np.array([look.at_s for look in known.looks], float)
    seen = np.array([look.seen for look in known.looks], float)
    unseen = np.array([look.unseen[0] for look in known.looks], float)
    return LessonChart(
        Line(curve.steps.astype(float), curve.at_s, curve.losses),
        Line(steps, at_s, seen),
        Line(steps, at_s, unseen),
    )
