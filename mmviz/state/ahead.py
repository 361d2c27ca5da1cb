"""All that is shown of a session, made before it is shown, and how much work that is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from mmviz.core.schedule.schedule import MAX_TILES, rows_at_most
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.files.ordinary import Tick
from mmviz.state.derived import Derived, derive, device_known, tiling_of
from mmviz.state.facts import Facts
from mmviz.state.session import Session, setup_of
from mmviz.state.snapshot import Part, Snapshot, resolve

MOST_PRODUCTS = 300
"""Of a pass that is priced and shown while the window waits."""

MOST_ROWS = 200_000
"""Of the schedules that are made and shown while the window waits."""


def is_long(session: Session, facts: Facts, before: Derived | None = None) -> bool:
    """Whether deriving the session may take longer than a window may stand still, by its size.

    What `before` has of the same setup costs nothing. Raises InputError as `derive` does.
    """
    device = device_known(session, facts)
    setup = setup_of(session, device)
    if before is not None and before.setup == setup:
        if before.session.product == session.product:
            return False
        return rows_drawn(before.costs[session.product].tiling) > MOST_ROWS
    if len(setup.gemms()) > MOST_PRODUCTS:
        return True
    return rows_drawn(tiling_of(session, device)) > MOST_ROWS


def pass_is_long(setup: Setup) -> bool:
    """Whether making the schedules of all products may."""
    gemms = setup.gemms()
    if len(gemms) > MOST_PRODUCTS:
        return True
    costs = price_gemms(gemms, setup).costs
    return sum(rows_drawn(cost.tiling) for cost in costs) > MOST_ROWS


def rows_drawn(tiling: Tiling) -> int:
    """Rows of its trace; none where there are too many for one to be made."""
    rows = rows_at_most(tiling)
    return rows if rows <= MAX_TILES else 0


def all_shown(
    session: Session,
    facts: Facts,
    before: Derived | None,
    parts: Sequence[Part[Any]],
    shown: Snapshot,
) -> tuple[Derived, Snapshot]:
    """What follows from the session, and the views of it; those `shown` stay where they may."""
    derived = derive(session, facts, before)
    return derived, resolve(derived, parts, shown)


def ready(found: tuple[Derived, Snapshot], tick: Tick) -> None:
    """Make the views, also of panels nobody sees yet, and what pictures ask of the schedule."""
    derived, snapshot = found
    for done, view in enumerate(snapshot.values()):
        tick(done, len(snapshot))
        with suppress(Exception):  # it is raised again where it is shown, and said there
            view.get()
    if derived.trace is not None:
        derived.trace.ready()
