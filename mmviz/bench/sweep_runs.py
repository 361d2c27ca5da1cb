"""Measured points of a sweep: the same network at several batches, or with several widths."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mmviz.bench.hindrances import hindrances
from mmviz.bench.load import added
from mmviz.bench.machine import Machine
from mmviz.bench.memory import check_memory
from mmviz.bench.messages import Message
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector, Run
from mmviz.bench.runner import run
from mmviz.core.shapes.network import Network
from mmviz.errors import MmvizError
from mmviz.text import Text


@dataclass(frozen=True, slots=True)
class MeasuredPoint:
    """One backend timed at one point; width: the swept layer's units, None where none is swept.

    machine: where, None where nothing was timed.
    """

    run: Run
    width: int | None = None
    machine: Machine | None = None


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What is timed: every batch with every width of `layer`; (None,) where none is swept."""

    network: Network
    batches: tuple[int, ...]
    backends: tuple[str, ...]
    layer: int = 0
    widths: tuple[int | None, ...] = (None,)
    dtype: str = "float32"
    training: bool = False
    seconds: float = 1.0

    @property
    def plans(self) -> tuple[BenchPlan, ...]:
        """One timing run a width."""
        return tuple(
            BenchPlan(
                network=self.network
                if width is None
                else self.network.with_units(self.layer, width),
                batches=self.batches,
                backends=self.backends,
                dtype=self.dtype,
                training=self.training,
                seconds=self.seconds,
            )
            for width in self.widths
        )

    @property
    def count(self) -> int:
        """Points there are, each timed with every backend."""
        return len(self.batches) * len(self.widths)


def check(plan: SweepPlan) -> None:
    """Raise InputError where memory does not suffice for one of the points."""
    for one in plan.plans:
        check_memory(one)


def measure(
    plan: SweepPlan,
    on_message: Callable[[Message, int], None],
    stop: threading.Event | None = None,
    before: Mapping[int | None, Collector] = {},
) -> tuple[MeasuredPoint, ...]:
    """Time every point, one width after the other, each in a child process of its own.

    Every message goes to `on_message` with the number of its timing run, that of the width in the
    plan. `before`: what was timed already, by width; only the rest is timed, and added to it. What
    was timed before `stop` is set is returned. A width that cannot be timed, since memory has
    become short or no process can be started, has that as its failure; raises InputError or
    BenchError only where it is the first.
    """
    found: list[MeasuredPoint] = []
    for i, (one, width) in enumerate(zip(plan.plans, plan.widths, strict=True)):
        known = before.get(width)
        machine = None
        if stop is not None and stop.is_set():
            if known is None:
                continue
            results = known.results()
            runs, machine = results.runs, results.machine
        else:
            try:
                results = run(one, partial(_told, on_message, i), stop=stop, before=known)
                runs, machine = results.runs, results.machine
            except MmvizError as error:
                if not found:
                    raise
                keys = ((backend, batch) for batch in one.batches for backend in one.backends)
                runs = tuple(Run(*key, (), failure=error.cause) for key in keys)
        found.extend(MeasuredPoint(each, width, machine) for each in runs)
    return tuple(found)


def _told(on_message: Callable[[Message, int], None], number: int, message: Message) -> None:
    on_message(message, number)


def where(measured: Sequence[MeasuredPoint]) -> Machine | None:
    """The machine that the points were measured on."""
    return next((point.machine for point in measured if point.machine), None)


def hindered(measured: Sequence[MeasuredPoint]) -> tuple[Text, ...]:
    """What kept the measuring from having the machine to itself."""
    loads = [point.run.load for point in measured]
    return hindrances(added(loads), where(measured), loads)
