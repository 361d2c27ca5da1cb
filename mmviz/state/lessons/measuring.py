"""What becomes of a walk whose wish is not answered, or whose answer is not to be trusted."""

from __future__ import annotations

from dataclasses import replace

from mmviz.state.facts import Facts
from mmviz.state.lessons.here import Request
from mmviz.state.lessons.walk import Walk
from mmviz.text import Text


def refused(walk: Walk, why: Text) -> Walk:
    """What was wished for cannot be had: the step says so and is passed."""
    return replace(walk, wish=None, stopped=False, why=why)


def stopped(walk: Walk, over: Request | None) -> Walk:
    """What was measured for `over` has ended: where the walk waits for that still, nothing more
    comes of itself, and it says so.
    """
    return walk if over is None or walk.wish != over else replace(walk, stopped=True)


def measured_again(walk: Walk, facts: Facts) -> Walk:
    """The same is measured once more, as it was stopped, or as the computer was busy: what was
    timed so far is not looked at again in this step.
    """
    if walk.stopped:
        return replace(walk, stopped=False)
    if not walk.wished:
        return walk
    again = replace(walk, busy=False, revealed=False, answer=None, stale=facts.runs)
    return replace(again, wish=walk.wished[-1], wished=())
