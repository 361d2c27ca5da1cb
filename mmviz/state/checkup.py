"""Looks at this computer as a whole: what `words.doctor` makes its findings of."""

from __future__ import annotations

from mmviz.backends import registry
from mmviz.backends.registry import Entry
from mmviz.bench import runner
from mmviz.bench.health import read_health
from mmviz.files.ordinary import Tick, no_tick
from mmviz.files.this_machine import this_machine, usable_cores
from mmviz.text import NOTHING, Text
from mmviz.words.finding import Examined


def examine(
    window: Text = NOTHING, entries: tuple[Entry, ...] | None = None, tick: Tick = no_tick
) -> Examined:
    """All of it; takes seconds. window: why none can open. entries: the backends, where they were
    looked for already, by a process that loads no driver itself; else a child looks for them.
    Raises BenchError where none can be started; what `tick` raises ends it.
    """
    health = read_health(
        drivers=entries is None, going_on=lambda: tick(0, 1)
    )  # first: the child would be in the way
    return Examined(
        health=health,
        entries=runner.probe(tuple(registry.MODULES)) if entries is None else entries,
        usable=usable_cores(),
        uncalibrated=this_machine().missing,
        window=window,
    )
