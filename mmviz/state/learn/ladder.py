"""From a loop to a GPU, rung by rung."""

from __future__ import annotations

from mmviz.state.learn.rungs import needed, rungs_view
from mmviz.state.snapshot import Part

LADDER = Part("ladder", needed, rungs_view)
