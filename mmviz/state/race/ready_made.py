"""Races worth seeing, made from any session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmviz import numerals
from mmviz.core.device.device import Tile
from mmviz.core.schedule.orders import orders_of
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.derived import tiling_of
from mmviz.state.race.race import Race
from mmviz.state.session import Session, device_of
from mmviz.text import N_, Text

GPU = "a100"
SMALL, LARGE = (64, 64), (128, 128)
ORDERS = ("rows", "swizzle-8")
AUTO = "auto"  # as a tile is typed that the model chooses


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A race worth seeing: its name, and how it is made."""

    name: Text
    make: Callable[[Session], Race]


def ready_made(session: Session) -> tuple[ReadyMade, ...]:
    """The ready-made races of this session, named with their numbers."""
    device = device_of(session)
    found: list[ReadyMade] = []
    if device.body.takes_tiles:
        said = N_("tile {small:shape} against {large:shape}")
        found.append(ReadyMade(Text(said, small=SMALL, large=LARGE), tile_race))
    found.append(ReadyMade(Text(N_("16 lanes against {many:group}"), many=1000), lanes_race))
    pairs = {batch_pair(session): batch_race, one_more_pair(session): one_more_race}
    for (before, after), make in pairs.items() if session.network.has_batch else ():
        said = N_("batch {before:group} against {after:group}")
        found.append(ReadyMade(Text(said, before=before, after=after), make))
    found.append(ReadyMade(Text(N_("CPU against GPU: this machine, an A100")), device_race))
    if set(ORDERS) <= set(orders_of(device)):
        said = N_("order {one} against {other}")
        found.append(ReadyMade(Text(said, one=ORDERS[0], other=ORDERS[1]), order_race))
    return tuple(found)


def tile_race(session: Session) -> Race:
    """Tiles of 64 × 64 against tiles of 128 × 128."""
    return Race(actions.set_tile(session, SMALL), actions.set_tile(session, LARGE))


def lanes_race(session: Session) -> Race:
    """16 lanes against 1,000: a CPU against a GPU as the teaching text has them."""
    return Race(actions.set_device(session, "lanes-16"), actions.set_device(session, "lanes-1000"))


def batch_race(session: Session) -> Race:
    """One example less than fills whole tiles against as many as do; see `batch_pair`."""
    before, after = batch_pair(session)
    return Race(actions.set_batch(session, before), actions.set_batch(session, after))


def one_more_race(session: Session) -> Race:
    """This batch against one example more, which may open another row of tiles."""
    before, after = one_more_pair(session)
    return Race(actions.set_batch(session, before), actions.set_batch(session, after))


def one_more_pair(session: Session) -> tuple[int, int]:
    """This batch and one more; one less and it where it is the largest there is."""
    batch = min(session.batch, MAX_COUNT - 1)
    return batch, batch + 1


def batch_pair(session: Session) -> tuple[int, int]:
    """127, 128 for a batch of 128; where the batch leaves tiles ragged, it and the next whole one.

    The rows of a tile are those of the product looked at. A batch of 1 races 2.
    """
    batch, rows = session.batch, tiling_of(session, device_of(session)).tile[0]
    whole = min(-(-batch // rows) * rows, MAX_COUNT)
    if batch != whole:
        return batch, whole
    return (batch - 1, batch) if batch > 1 else (1, 2)


def device_race(session: Session) -> Race:
    """This machine against an A100."""
    return Race(actions.set_device(session, THIS_MACHINE), actions.set_device(session, GPU))


def order_race(session: Session) -> Race:
    """Tiles along rows against bands of eight columns."""
    one, other = (actions.set_order(session, order) for order in ORDERS)
    return Race(one, other)


def read_tile(text: str) -> Tile | None:
    """'64x128' or '64 × 128', along m, along n; 'auto' is None. Raises InputError."""
    if text.strip().lower() in ("", AUTO):
        return None
    like = Text(N_("64 × 128 (along m, along n) or auto"))
    m, n = numerals.whole_sides(text, Text(N_("a tile")), like, (2,), MAX_COUNT)
    return m, n
