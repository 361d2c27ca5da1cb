"""Races worth seeing, made from any session; tile and order are left to the model where a race is
not about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mmviz import numerals
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Tile
from mmviz.core.schedule.orders import orders_of
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import actions
from mmviz.state.derived import tiling_of
from mmviz.state.peak.advice import FEW, advised, follow
from mmviz.state.race.race import Race
from mmviz.state.session import Session, device_of, setup_of
from mmviz.text import N_, Text
from mmviz.words.advice import title

GPU, OTHER_GPU = "a100", "h100"
SMALL, LARGE = (64, 64), (128, 128)
ORDERS = ("rows", "swizzle-8")
Pair = tuple[int, int]
AUTO = "auto"  # as a tile is typed that the model chooses


About = Literal[
    "one more",
    "whole tiles",
    "whole waves",
    "advice",
    "tiles",
    "orders",
    "devices",
    "GPUs",
    "lanes",
]


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A race worth seeing: its name, how it is made, and what it is about."""

    name: Text
    make: Callable[[Session], Race]
    about: About


def ready_made(session: Session) -> tuple[ReadyMade, ...]:
    """The ready-made races of this session, named with their numbers."""
    session = automatic(session)
    device = device_of(session)
    found = [*_of_batches(session), *_of_advice(session)]
    if device.body.takes_tiles:
        said = N_("tile {small:shape} against {large:shape}")
        found.append(ReadyMade(Text(said, small=SMALL, large=LARGE), tile_race, "tiles"))
    if set(ORDERS) <= set(orders_of(device)):
        said = N_("order {one} against {other}")
        found.append(ReadyMade(Text(said, one=ORDERS[0], other=ORDERS[1]), order_race, "orders"))
    lanes = Text(N_("{few:group} lanes against {many:group}"), few=16, many=1000)
    return (
        *found,
        ReadyMade(Text(N_("CPU against GPU: this machine, an A100")), device_race, "devices"),
        ReadyMade(_gpus(session), gpu_race, "GPUs"),
        ReadyMade(lanes, lanes_race, "lanes"),
        ReadyMade(Text(N_("one lane against 16")), few_lanes_race, "lanes"),
    )


def _of_batches(session: Session) -> Iterator[ReadyMade]:
    if not session.network.has_batch:
        return
    rows: tuple[tuple[Pair | None, Callable[[Session], Race], About], ...] = (
        (one_more_pair(session), one_more_race, "one more"),
        (batch_pair(session), batch_race, "whole tiles"),
        (wave_pair(session), wave_race, "whole waves"),
    )
    seen: set[Pair] = set()
    for pair, make, about in rows:
        if pair is not None and pair not in seen:
            seen.add(pair)
            said = N_("batch {before:group} against {after:group}")
            yield ReadyMade(Text(said, before=pair[0], after=pair[1]), make, about)


def _of_advice(session: Session) -> Iterator[ReadyMade]:
    """The first advice that the session can follow."""
    setup = setup_of(session, device_of(session))
    if session.network.layered is None or session.products > FEW:
        return
    for card in advised(setup).cards:
        if card.piece is not None and card.applies:
            change = card.piece.change

            def make(session: Session) -> Race:
                session = automatic(session)
                return Race(session, follow(session, change))  # noqa: B023  # left at once

            yield ReadyMade(Text(N_("advice: {change}"), change=title(change)), make, "advice")
            return


def automatic(session: Session) -> Session:
    """With tile and order left to the model and the device."""
    return replace(session, tile=None, order="")


def tile_race(session: Session) -> Race:
    """Tiles of 64 × 64 against tiles of 128 × 128."""
    session = automatic(session)
    return Race(actions.set_tile(session, SMALL), actions.set_tile(session, LARGE))


def order_race(session: Session) -> Race:
    """Tiles along rows against bands of eight columns."""
    session = automatic(session)
    one, other = (actions.set_order(session, order) for order in ORDERS)
    return Race(one, other)


def lanes_race(session: Session) -> Race:
    """16 lanes against 1,000: a CPU against a GPU as the teaching text has them."""
    return _on(session, "lanes-16", "lanes-1000")


def few_lanes_race(session: Session) -> Race:
    """One lane against 16."""
    return _on(session, "lane-1", "lanes-16")


def device_race(session: Session) -> Race:
    """This machine against an A100."""
    return _on(session, THIS_MACHINE, GPU)


def gpu_race(session: Session) -> Race:
    """This GPU against an H100, and that against an A100; of another device those two."""
    session = automatic(session)
    one, other = _gpu_pair(session)
    mine = session if one == session.device else actions.set_device(session, one)
    return Race(mine, actions.set_device(session, other))


def _gpu_pair(session: Session) -> tuple[str, str]:
    if not isinstance(device_of(session).body, Gpu):
        return GPU, OTHER_GPU
    return session.device, GPU if session.device == OTHER_GPU else OTHER_GPU


def _gpus(session: Session) -> Text:
    one, other = _gpu_pair(session)
    if one != session.device:
        return Text(N_("an A100 against an H100"))
    if other == GPU:
        return Text(N_("this GPU against an A100"))
    return Text(N_("this GPU against an H100"))


def _on(session: Session, one: str, other: str) -> Race:
    session = automatic(session)
    return Race(actions.set_device(session, one), actions.set_device(session, other))


def one_more_race(session: Session) -> Race:
    """This batch against one example more, which may open another row of tiles."""
    return _batches(session, one_more_pair(automatic(session)))


def batch_race(session: Session) -> Race:
    """One example less than fills whole tiles against as many as do; see `batch_pair`."""
    return _batches(session, batch_pair(automatic(session)))


def wave_race(session: Session) -> Race:
    """The last batch of this many waves against one example more; see `wave_pair`."""
    session = automatic(session)
    return _batches(session, wave_pair(session) or one_more_pair(session))


def _batches(session: Session, pair: Pair) -> Race:
    one, other = (actions.set_batch(automatic(session), batch) for batch in pair)
    return Race(one, other)


def one_more_pair(session: Session) -> Pair:
    """This batch and one more; one less and it where it is the largest there is."""
    batch = min(session.batch, MAX_COUNT - 1)
    return batch, batch + 1


def batch_pair(session: Session) -> Pair:
    """127, 128 for a batch of 128; where the batch leaves tiles ragged, it and the next whole one.

    The rows of a tile are those of the product looked at. A batch of 1 races 2.
    """
    batch, rows = session.batch, tiling_of(session, device_of(session)).tile[0]
    whole = min(-(-batch // rows) * rows, MAX_COUNT)
    if batch != whole:
        return batch, whole
    return (batch - 1, batch) if batch > 1 else (1, 2)


def wave_pair(session: Session) -> Pair | None:
    """The largest batch whose tiles fill no more waves than this one's, and one more example, which
    opens a wave of the product looked at; None where no batch does.

    By the tile of this batch, of a product whose rows are the examples.
    """
    tiling = tiling_of(session, device_of(session))
    gemm = tiling.gemm
    if gemm.role != "forward" or gemm.m != session.batch:
        return None
    slots = tiling.waves * tiling.slots
    fits = slots // (tiling.tiles_n * tiling.parts) * tiling.tile[0]
    return (fits, fits + 1) if session.batch <= fits < MAX_COUNT else None


def read_tile(text: str) -> Tile | None:
    """'64x128' or '64 × 128', along m, along n; 'auto' is None. Raises InputError."""
    if text.strip().lower() in ("", AUTO):
        return None
    like = Text(N_("64 × 128 (along m, along n) or auto"))
    m, n = numerals.whole_sides(text, Text(N_("a tile")), like, (2,), MAX_COUNT)
    return m, n
