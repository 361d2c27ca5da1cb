"""By what a side of a race is faster: the largest part of the difference that is judged.

Where the batches differ that is the difference per example, and so are its parts.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from mmviz.core.shapes.dtype import BYTES
from mmviz.core.time.saved import shares
from mmviz.state.race.figures import busy, edge_efficiency, work
from mmviz.state.race.sides import Axis, Side
from mmviz.text import NOTHING, Text
from mmviz.words import race_cause as words
from mmviz.words.race import Name

Products = dict[Hashable, tuple[float, ...]]
Per = tuple[int, int]
"""By what the times of the winner and of the loser are divided: their batches, or 1."""

MOSTLY = 1 / 2  # of the difference: causes that make less of it are not what it is mostly by
PART = 1 / 4  # of the difference: a smaller part is not named
CLEARLY = 0.99  # fewer bytes or seconds than that are a difference
LOST = frozenset(("tile", "wave", "alignment", "kernel"))
CANCELLED = 4  # times the difference: what is this large is mostly taken away again


def cause(winner: Side, loser: Side, other: Name, axis: Axis, per: Per) -> Text:
    """In a clause whose subject is the winner; NOTHING where no cause makes most of it."""
    if axis.predicted:
        return _predicted(_Pair(winner, loser, other, per))
    return _counted(winner, loser, other, axis, per)


def _counted(winner: Side, loser: Side, other: Name, axis: Axis, per: Per) -> Text:
    """The largest of the factors whose product is the ratio of the times; NOTHING where they are
    not: time = FLOP / (speed of all units · share not past the edge · share busy)
    """
    a, b = winner.derived.device, loser.derived.device
    less = work(winner) / work(loser) * per[1] / per[0]
    if axis.kind == "s":
        ours, theirs = (a.peak(winner.session.dtype), b.peak(loser.session.dtype))
        speeds = (ours or 0.0, theirs or 0.0)
        speed_words = words.faster(speeds[0], other, speeds[1])
    else:
        speeds = (float(a.units), float(b.units))
        speed_words = words.more_units(a, other, b.units)
    if not all(speeds):
        return NOTHING  # what was recorded may be on a device of which no figure is known
    edges = [edge_efficiency(side) for side in (winner, loser)]
    busy_shares = [busy(side) for side in (winner, loser)]
    factors = [
        (less, words.less_work(1 - less)),
        (speeds[1] / speeds[0], speed_words),
        (edges[1] / edges[0], words.fewer_past_the_edge(edges[0], other, edges[1])),
        (busy_shares[1] / busy_shares[0], words.busier(a, busy_shares[0], other, busy_shares[1])),
    ]
    explained, share = math.prod(factor for factor, _ in factors), winner.finish / loser.finish
    share *= per[1] / per[0]
    most, said = min(factors, key=lambda factor: factor[0])
    if abs(explained / share - 1) > 0.01 or 1 - most < (1 - share) / 2:
        return NOTHING
    return said


@dataclass(frozen=True, slots=True)
class _Pair:
    winner: Side
    loser: Side
    other: Name
    per: Per

    @property
    def more_examples(self) -> bool:
        """Whether the winner differs by its larger batch alone, as far as memory and launches go:
        the same network on the same device in the same numbers.
        """
        mine, theirs = (
            (s.session.network, s.derived.device, s.session.dtype, s.session.training)
            for s in (self.winner, self.loser)
        )
        return self.per[0] > self.per[1] and mine == theirs


def _predicted(pair: _Pair) -> Text:
    """What the winner saves most of; a second cause beside it where one alone is not most."""
    found = shares(*_alike(pair.loser, pair.winner), (pair.per[1], pair.per[0]))
    order = sorted(found, key=found.__getitem__, reverse=True)
    named = [part for part in order[:2] if found[part] >= PART]
    if len(named) == 2 and found[named[0]] >= max(MOSTLY, 2 * found[named[1]]):
        named.pop()
    if not named or not MOSTLY <= sum(found[part] for part in named) <= CANCELLED:
        return NOTHING
    if set(named) <= LOST:
        said = words.less_lost(named)
    else:
        said = words.both([_said(part, pair) for part in named])
    if found[order[-1]] <= -PART:
        return words.though(said, order[-1])
    return words.of_all(said, min(sum(found[part] for part in named), 1.0))


def _alike(one: Side, other: Side) -> tuple[Products, Products]:
    """The products of both, named so that those which correspond are called alike; where neither
    has all that the other has besides more of its own, all of each as one.
    """
    if len(one.products) == len(other.products):
        return _parts(one, range(len(one.products))), _parts(other, range(len(other.products)))
    names = [[(s.gemm.name, s.gemm.role) for s in side.products] for side in (one, other)]
    found = _parts(one, names[0]), _parts(other, names[1])
    if found[0].keys() <= found[1].keys() or found[1].keys() <= found[0].keys():
        return found
    return _as_one(found[0]), _as_one(found[1])


def _as_one(products: Products) -> Products:
    return {None: tuple(map(sum, zip(*products.values(), strict=True)))}


def _parts(side: Side, names: Iterable[Hashable]) -> Products:
    """Of each product, seconds at the peak and lost to each cause."""
    return {
        name: (s.cost.at_peak_s or 0.0, *(s.cost.losses or ()))
        for name, s in zip(names, side.products, strict=True)
    }


def _said(part: str, pair: _Pair) -> Text:
    """What the winner saves: 'peak', 'products' or the id of a loss."""
    match part:
        case "products":
            counts = [len(side.products) for side in (pair.winner, pair.loser)]
            return words.fewer_products(counts[0], pair.other, counts[1])
        case "peak":
            return _arithmetic(pair)
        case "memory":
            return _memory(pair)
        case "launch":
            more = pair.per[0] > pair.per[1]
            return words.launch_shared() if more else words.less_launching()
        case "learned":
            return words.timed_quicker()
        case _:
            return words.less_lost((part,))


def _arithmetic(pair: _Pair) -> Text:
    """It has less to compute, or computes it faster: the larger of both."""
    winner, loser, per = pair.winner, pair.loser, pair.per
    less = work(winner) / work(loser) * per[1] / per[0]
    ours, theirs = (side.derived.cost.peak or 0.0 for side in (winner, loser))
    if ours and theirs / ours < less:
        return words.faster(ours, pair.other, theirs)
    return words.less_work(1 - less)


def _memory(pair: _Pair) -> Text:
    """Why less time goes to moving bytes: fewer of them or a faster memory, the larger of both."""
    winner, loser, per = pair.winner, pair.loser, pair.per
    if pair.more_examples:
        return words.weights_shared()
    one, other = winner.session, loser.session
    a, b = winner.derived.device, loser.derived.device
    if (a, one.network, one.batch) == (b, other.network, other.batch) and (
        BYTES[one.dtype] < BYTES[other.dtype]
    ):
        return words.fewer_bytes(one.dtype, pair.other, other.dtype)
    moved = [sum(s.cost.bytes for s in side.products) for side in (winner, loser)]
    fewer = moved[0] / moved[1] * per[1] / per[0]
    ours, theirs = a.bandwidth, b.bandwidth
    slower = theirs / ours if ours and theirs else 1.0
    if ours and theirs and slower < min(fewer, CLEARLY):
        return words.faster_memory(ours, pair.other, theirs)
    return words.less_moved(1 - fewer) if fewer < CLEARLY else words.less_waiting()
