"""From a row of the timing table to the picture: what took longest there, in its kernel's tile."""

from __future__ import annotations

from dataclasses import replace

from mmviz.bench.causes import PRODUCTS
from mmviz.bench.results import Run
from mmviz.errors import InputError
from mmviz.state import actions
from mmviz.state.facts import Facts
from mmviz.state.session import Session
from mmviz.text import N_

CHANGED = N_("the network has changed since this was timed: undo brings it back, Run times it anew")

NOT_YET = N_("this run is still on: the way to the picture is open once it is over")


def enter(session: Session, facts: Facts, backend: str, batch: int) -> Session:
    """The session that looks at the slowest product of that run, as its backend cut it.

    Raises InputError where the run is of another pass than the session's.
    """
    shown = facts.opened or facts.run_of(session.timed) or facts.last
    run = None if shown is None else _run(shown.results.runs, backend, batch)
    at = replace(session, batch=batch)
    if shown is None:
        raise InputError(NOT_YET)
    if run is None or not shown.covers(at.timed):
        raise InputError(CHANGED)
    if batch != session.batch:
        session = actions.set_batch(session, batch)
    product = slowest(run, session)
    if product < len(run.tiles) and (tile := run.tiles[product]) is not None:
        session = actions.set_tile(session, tile)
    return actions.select_product(session, product)


def slowest(run: Run, session: Session) -> int:
    """Index of the product that took longest; where they were not timed one by one, of the one of
    most FLOP.
    """
    gemms = session.network.lower(session.batch, session.training)
    seconds = dict.fromkeys(range(len(gemms)), 0.0)
    places = {(str(gemm.role), gemm.layer): i for i, gemm in enumerate(gemms)}
    for part in run.parts:
        if part.what in (*PRODUCTS, "product") and (part.what, part.layer) in places:
            seconds[places[part.what, part.layer]] += part.seconds
    return max(range(len(gemms)), key=lambda i: (seconds[i], gemms[i].total_flop))


def _run(runs: tuple[Run, ...], backend: str, batch: int) -> Run | None:
    return next((run for run in runs if (run.backend, run.batch) == (backend, batch)), None)
