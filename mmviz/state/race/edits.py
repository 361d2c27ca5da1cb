"""What can be changed of a racing session: how, by the name of its field."""

from __future__ import annotations

from collections.abc import Callable

from mmviz.state import actions
from mmviz.state.race.ready_made import AUTO, read_tile
from mmviz.state.session import Session


def _set_number(session: Session, product: int, *cell: int | float) -> Session:
    """Change a number of that product's drawing; see `actions.set_number`."""
    which, row, column, value = cell
    at = actions.select_product(session, product)
    changed = actions.set_number(at, int(which), int(row), int(column), value)
    return actions.select_product(changed, session.product)


def _order(text: str) -> str:
    """As it is typed; 'auto' is the device's own."""
    order = text.strip()
    return "" if order.lower() == AUTO else order


EDITS: dict[str, Callable[..., Session]] = {
    "device": actions.set_device,
    "batch": actions.set_batch,
    "dtype": actions.set_dtype,
    "tile": lambda session, text: actions.set_tile(session, read_tile(text)),
    "order": lambda session, text: actions.set_order(session, _order(text)),
    "number": lambda session, cell: _set_number(session, *cell),
}
