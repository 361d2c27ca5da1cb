"""What the neighbouring shapes would cost: advice whose counterfactual was computed.

Every candidate shape is priced as the shape at hand is, tile and split-K chosen anew. Times are of
the whole pass; where the batch changes, gains are per example. Nothing is advised whose gain its
own error does not carry.

The error of a gain: let b and a be the predicted times of the products that change, before and
after (a times batch over new batch, where the batch changes), with errors e_b and e_a. Taken as
independent, a/b is off by a/b · hypot(e_b, e_a). All other products are the same on both sides and
cancel; the changed ones are the share b/T of the pass T. So gain = b/T · (1 - a/b), and its error
b/T · a/b · hypot(e_b, e_a). One model prices both shapes, so that its errors mostly go the same
way: independent ones are the cautious choice.

More work is less time through alignment alone, since a library could pad as well: no other padding
is advised, whatever two tiles are priced at. A trimmed width does less: it is advised only where
the time it saves beyond the work it gives up is more than the error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmviz.core.advice.candidates import Candidate, batch_change
from mmviz.core.advice.candidates import candidates as candidates_of
from mmviz.core.advice.neighbours import Change, rewritten
from mmviz.core.advice.remarks import Remark, at_edge, bounds
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.time.cost import LOSSES, Cost, PassCost
from mmviz.core.time.cuts import Floats
from mmviz.core.time.price import price, price_gemms
from mmviz.core.time.setup import Setup
from mmviz.text import Text

MOST = 5  # pieces of advice
LEAST = 0.01  # a gain below this is not worth a change
BAND = 0.1  # of the best gain: among those so near to it the rounder number is advised
ROUND = 128  # more than this a power of two in a number is worth nothing

Key = tuple[bool, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of advice.

    cause: id of the loss that shrinks most; old, new: the product where it does, before and after.
    predicted_s: seconds of the whole pass before and after; tiles, waves: sums over its products;
    work: its FLOP after over before. gain: share of the time saved, per example where the batch
    changes; error: how far it may be off.
    """

    change: Change
    cause: str
    old: Cost
    new: Cost
    work: float
    predicted_s: tuple[float, float]
    tiles: tuple[int, int]
    waves: tuple[int, int]
    gain: float
    error: float

    @property
    def per_example(self) -> bool:
        """Whether the gain is one of each example, the batch being another."""
        return self.change.kind == "batch"


WhyNone = Literal["", "time", "error", "gain"]


@dataclass(frozen=True, slots=True)
class Advice:
    """Of a setup: pieces by gain, the greatest first. basis: what predictions rest on.

    why: what is missing where there are none: known times, known errors, or gains above them.
    """

    setup: Setup
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]
    why: WhyNone
    basis: Text


def advise(setup: Setup) -> Advice:
    """Advice for one pass, or for a list of products (no batch: any number of them).

    Raises InputError for a batch, an order or a tile that cannot be.
    """
    now, batch = price(setup), setup.batch
    network = setup.workload.layered
    edge: list[Gemm] = []
    if network is not None:
        edge = [rewritten(gemm, batch_change(batch, batch + 1), network) for gemm in now.gemms]
    said: tuple[Remark, ...] = bounds(now.costs, batch if edge else None)
    if why := _unknown(now):
        return Advice(setup, (), said, why, now.basis)
    candidates = candidates_of(now.gemms, now.costs, setup)
    wanted = [candidate.gemms for candidate in candidates]
    *others, more = _priced([*wanted, edge], setup)
    judged = (_judged(c, now, new, setup) for c, new in zip(candidates, others, strict=True))
    pieces = _chosen([piece for piece in judged if piece is not None])
    if more is not None:
        said = (*said, *at_edge(now, more, setup.device, batch))
    return Advice(setup, pieces, said, "" if pieces else "gain", now.basis)


def _unknown(now: PassCost) -> WhyNone:
    """What there can be no advice without, "" where nothing is missing."""
    return "time" if now.predicted_s is None else "error" if now.error is None else ""


def _key(gemm: Gemm) -> Key:
    return gemm.role == "wgrad", gemm.m, gemm.n, gemm.k


def _priced(lists: Sequence[Sequence[Gemm]], setup: Setup) -> list[PassCost | None]:
    """Each list of products as a pass, every different shape priced once; None for no products."""
    different: dict[Key, int] = {}
    shapes: list[Gemm] = []
    places = []
    for gemms in lists:
        of = []
        for gemm in gemms:
            place = different.setdefault(_key(gemm), len(shapes))
            if place == len(shapes):
                shapes.append(gemm)
            of.append(place)
        places.append(of)
    priced = price_gemms(shapes, setup).priced
    return [
        PassCost(tuple(gemms), priced[np.array(of)]) if of else None
        for gemms, of in zip(lists, places, strict=True)
    ]


def _judged(
    candidate: Candidate, now: PassCost, new: PassCost | None, setup: Setup
) -> Piece | None:
    """The candidate as a piece of advice, None where its error does not carry it."""
    if new is None:
        return None
    change, total, old = candidate.change, now.predicted_s, now[candidate.places]
    b, a, e_b, e_a = old.predicted_s, new.predicted_s, old.error, new.error
    if not total or not b or a is None or e_b is None or e_a is None:
        return None
    if _by_a_step(old, new, setup):
        return None
    padded = change.kind != "batch" and change.grows
    # Where it is not padded more work is never less time, whatever two tiles are priced at: what is
    # said is the price, but the advice must stand without such a gain.
    safe = max(a, b) if change.grows and not padded else a
    per = change.before / change.after if change.kind == "batch" else 1.0
    share, ratio = b / total, a * per / b
    gain, error = share * (1 - ratio), share * ratio * math.hypot(e_b, e_a)
    least = share * (1 - safe * per / b)
    given_up = max(0.0, share * (1 - new.flop * per / old.flop))
    if least < LEAST or least - given_up <= error:
        return None
    cause, at = _cause(old, new, per)
    if not cause or (padded and cause != "alignment"):
        return None
    return Piece(
        change=change,
        cause=cause,
        old=old[(at,)].costs[0],
        new=new[(at,)].costs[0],
        work=(now.flop - old.flop + new.flop) / now.flop,
        predicted_s=(total, total - b + a),
        tiles=(now.tiles, now.tiles - old.tiles + new.tiles),
        waves=(now.waves, now.waves - old.waves + new.waves),
        gain=gain,
        error=error,
    )


def _by_a_step(old: PassCost, new: PassCost, setup: Setup) -> bool:
    """Whether tiles change by the rule of a device file, which often enough names a wrong one."""
    if not setup.device.steps_for(setup.dtype) or setup.tile is not None:
        return False
    before, after = old.priced.cuts, new.priced.cuts
    return bool(((before.tm != after.tm) | (before.tn != after.tn)).any())


def _cause(old: PassCost, new: PassCost, per: float) -> tuple[str, int]:
    """The loss that shrinks most, and the product where it does; "" where none shrinks.

    per: of what the changed shape takes, the part to be compared.
    """
    saved = _shared(old, new, per)
    which = int(saved.sum(axis=0).argmax())
    if saved[:, which].sum() <= 0:
        return "", 0
    return LOSSES[which], int(saved[:, which].argmax())


def _shared(old: PassCost, new: PassCost, per: float) -> Floats:
    """Seconds saved [products, LOSSES], of each product as often as it is computed.

    The launch is a time of its own, the last of LOSSES. Computing is the work at the peak times one
    factor a loss: what it saves is shared out over the factors by the logarithms of how each
    changed, which leaves no rest (the logarithmic mean Divisia index). While memory is waited for,
    tiles, waves and alignment cost nothing that it does not hide.
    """
    b, a = (np.cumsum(one.priced.parts, axis=0) for one in (old, new))
    before, after = b[-2], a[-2] * per
    same = np.isclose(before, after, rtol=1e-9, atol=0.0)
    ratio = np.where(same, 2.0, before / after)
    mean = np.where(same, before, (before - after) / np.log(ratio))
    shrinks = _factors(b) - _factors(a)
    launch = (b[-1] - b[-2]) - per * (a[-1] - a[-2])
    saved = old.counts * np.concatenate([mean * shrinks, launch[None]])
    return np.ascontiguousarray(saved.T)


def _factors(stages: Floats) -> Floats:
    """Logarithms of the factors by which LOSSES before the launch lengthen the time at the peak."""
    logs = np.diff(np.log(stages[:-1]), axis=0)
    at = LOSSES.index("memory")
    waited = logs[at] > 0
    logs[at] = np.where(waited, logs[: at + 1].sum(axis=0), logs[at])
    logs[:at] = np.where(waited, 0.0, logs[:at])
    return logs


def _chosen(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The best of each subject and direction, none that says what another says; MOST of them.

    Twice the batch, which nearly always serves an example sooner, does not hide a neighbour.
    """
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for piece in pieces:
        change = piece.change
        twice = change.kind == "batch" and change.after == 2 * change.before
        groups.setdefault((change.subject, change.grows, twice), []).append(piece)
    best = sorted((_roundest(group) for group in groups.values()), key=lambda p: -p.gain)
    kept: list[Piece] = []
    for piece in best:
        if not any(_same(piece, other) for other in kept):
            kept.append(piece)
    return tuple(kept[:MOST])


def _roundest(pieces: Sequence[Piece]) -> Piece:
    """Of the pieces about as good as the best the roundest number, and of those the nearest."""
    least = max(piece.gain for piece in pieces) * (1 - BAND)

    def rank(piece: Piece) -> tuple[int, int]:
        after = piece.change.after
        return min(after & -after, ROUND), -abs(after - piece.change.before)

    return max((piece for piece in pieces if piece.gain >= least), key=rank)


def _same(piece: Piece, better: Piece) -> bool:
    """Whether both change the same, or part of it, the same way and for the same cause."""
    one, other = piece.change, better.change
    shared = one.layers == other.layers or set(one.layers) & set(other.layers)
    return (
        one.kind == other.kind
        and one.side == other.side
        and one.grows == other.grows
        and bool(piece.cause == better.cause and shared)
    )
