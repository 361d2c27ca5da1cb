"""All quantities by name."""

from __future__ import annotations

from collections.abc import Mapping

from mmviz.state.lessons.quantities.digits import DIGITS
from mmviz.state.lessons.quantities.learning import LEARNING
from mmviz.state.lessons.quantities.measured import MEASURED
from mmviz.state.lessons.quantities.numbers import NUMBERS
from mmviz.state.lessons.quantities.quantity import Quantity
from mmviz.state.lessons.quantities.schedule import SCHEDULE
from mmviz.state.lessons.quantities.shapes import SHAPES
from mmviz.state.lessons.quantities.times import TIMES

QUANTITIES: Mapping[str, Quantity] = {
    **SHAPES,
    **NUMBERS,
    **SCHEDULE,
    **TIMES,
    **MEASURED,
    **LEARNING,
    **DIGITS,
}
