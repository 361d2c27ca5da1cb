"""A dense layer as loops and as one product, side by side."""

from __future__ import annotations

from mmviz.core.learning.rungs import SIDE_BY_SIDE
from mmviz.state.learn.rungs import needed, rungs_view
from mmviz.state.snapshot import Part

LOOPS = Part("loops", lambda derived: (*needed(derived), SIDE_BY_SIDE), rungs_view)
