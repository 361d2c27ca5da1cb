"""What is seen of learning as tables: a row of names, then figures in plain digits and SI units."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mmviz.core.learning.digits.strokes import SIDE
from mmviz.state.derived import Derived
from mmviz.state.learn.digit import DIGIT
from mmviz.state.learn.knowing import products, tell
from mmviz.state.learn.ladder import LADDER
from mmviz.state.learn.rates import RATES
from mmviz.state.learn.teaching import TEACHING

Cell = str | int | float | None
Table = tuple[tuple[Cell, ...], ...]


def table_of(part: str, derived: Derived) -> Table:
    """The rows of a part of learning, the first of names; () for another part, and for nothing."""
    make = _TABLES.get(part)
    return () if make is None else make(derived)


def _lesson(derived: Derived) -> Table:
    """A row a point of the losses, or a look at drawings; what was not looked at then is None."""
    chart = TEACHING.of(derived).chart
    if chart is None:
        return ()
    loss = dict(zip(chart.loss.steps.tolist(), chart.loss.values.tolist(), strict=True))
    at_s = dict(zip(chart.seen.steps.tolist(), chart.seen.at_s.tolist(), strict=True))
    at_s |= zip(chart.loss.steps.tolist(), chart.loss.at_s.tolist(), strict=True)
    seen = dict(zip(chart.seen.steps.tolist(), chart.seen.values.tolist(), strict=True))
    unseen = dict(zip(chart.unseen.steps.tolist(), chart.unseen.values.tolist(), strict=True))
    rows = [
        (round(step), at_s[step], loss.get(step), seen.get(step), unseen.get(step))
        for step in sorted(at_s)
    ]
    return (("step", "seconds", "loss", "seen_right", "unseen_right"), *rows)


def _filters(derived: Derived, *, times: bool = False) -> Table:
    """A row a pixel: its row and column, then a column a neuron."""
    view = DIGIT.of(derived)
    knowing = view.knowing
    if knowing is None:
        return ()
    values = products(knowing, tell(knowing, view.drawing).placed) if times else knowing.filters
    names = ("row", "column", *(f"neuron_{i}" for i in range(knowing.neurons)))
    rows = np.asarray(values, float).tolist()
    return (names, *((*divmod(i, SIDE), *row) for i, row in enumerate(rows)))


def _rates(derived: Derived) -> Table:
    rates = RATES.of(derived).rates
    if not rates:
        return ()
    names = ("batch", "backend", "software", "step_s", "epoch_s", "loss_after_equal_time")
    more = ("loss_after_equal_drawings", "equal_drawings", "unseen_right", "step_j", "failure")
    rows = [
        (
            rate.batch,
            rate.backend,
            int(rate.place is not None and rate.place.software),
            rate.step_s,
            rate.epoch_s,
            rate.by_time,
            rate.by_drawings,
            rate.equal,
            rate.right,
            rate.joules,
            str(rate.failure),
        )
        for rate in rates
    ]
    return ((*names, *more), *rows)


def _ladder(derived: Derived) -> Table:
    rungs = LADDER.of(derived).rungs
    if not rungs:
        return ()
    rows = [
        (rung.rung.id, rung.rung.backend, rung.seconds, int(rung.about), rung.per) for rung in rungs
    ]
    return (("rung", "backend", "seconds", "estimated", "loads_a_multiply_add"), *rows)


_TABLES: dict[str, Callable[[Derived], Table]] = {
    "lesson": _lesson,
    "filters": _filters,
    "digit": lambda derived: _filters(derived, times=True),
    "rates": _rates,
    "ladder": _ladder,
}


def as_tsv(table: Sequence[Sequence[Cell]]) -> str:
    """Parted by tabs, to be pasted into a table."""
    return "".join("\t".join(map(_plain, row)) + "\n" for row in table)


def _plain(value: Cell) -> str:
    if isinstance(value, str):
        return " ".join(value.split())
    return "" if value is None else f"{value:.9g}" if isinstance(value, float) else str(value)
