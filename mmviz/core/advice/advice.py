"""What the neighbouring shapes would cost: advice whose counterfactual was computed.

Every candidate shape is priced as the shape at hand is, tile and split-K chosen anew. Times are of
the whole pass; where the batch changes, gains are per example. Nothing is advised whose gain its
own error does not carry.

The error of a gain: let b and a be the predicted times of the products that change, before and
after (a times batch over new batch, where the batch changes). All other products are the same on
both sides and cancel; the changed ones are the share b/T of the pass T. So gain = b/T · (1 - a/b),
and its error, by the one rule of `core.verdict`, b/T · a/b · (exp(hypot(e_b, e_a)) - 1).

More work is less time through alignment alone, since a library could pad as well: no other padding
is advised, whatever two tiles are priced at. A trimmed width does less: it is advised only where
the time it saves beyond the work it gives up is more than the error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mmviz.core.advice.candidates import Candidate, Shape, batch_change, shape_of
from mmviz.core.advice.candidates import candidates as candidates_of
from mmviz.core.advice.neighbours import Change, applied, rewritten
from mmviz.core.advice.remarks import Remark, at_edge, bounds
from mmviz.core.memory.fit import fit
from mmviz.core.memory.needs import needs_of_pass
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.time.cost import LOSSES, Cost, PassCost, Priced
from mmviz.core.time.cuts import Cuts, Floats, Ints
from mmviz.core.time.price import price, price_shapes
from mmviz.core.time.saved import saved
from mmviz.core.time.setup import Setup
from mmviz.core.verdict import Figure, apart
from mmviz.text import Text

MOST = 5  # pieces of advice
LEAST = 0.01  # a gain below this is not worth a change
BAND = 0.01  # of the best gain: those so near to it read alike, and the rounder number is advised
_AT_MOST = 4.0  # times the bytes that a change makes of a pass: both sides of a W twice as wide
ROUND = 128  # more than this a power of two in a number is worth nothing


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


WhyNone = Literal["", "memory", "time", "error", "gain"]


@dataclass(frozen=True, slots=True)
class Advice:
    """Of a setup: pieces by gain, the greatest first. rests: what predictions rest on.

    why: what is missing where there are none: room in the memory, known times, known errors, or
    gains above them.
    """

    setup: Setup
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]
    why: WhyNone
    rests: Provenance

    @property
    def basis(self) -> Text:
        return self.rests.basis


def advise(setup: Setup) -> Advice:
    """Advice for one pass, or for a list of products (no batch: any number of them).

    Raises InputError for a batch, an order or a tile that cannot be.
    """
    now, batch = price(setup), setup.batch
    network = setup.workload.layered
    edge: list[Gemm] = []
    if network is not None and fit(setup).largest != batch:  # one more has no time where it is
        edge = [rewritten(gemm, batch_change(batch, batch + 1), network) for gemm in now.gemms]
    said: tuple[Remark, ...] = bounds(now.costs, None if network is None else batch)
    if why := _unknown(now, setup):
        return Advice(setup, (), said, why, now.provenance)
    candidates = _fitting(candidates_of(now.gemms, now.costs, setup), setup)
    new, more = _priced(candidates, [shape_of(gemm, {}) for gemm in edge], setup)
    chosen = _chosen(_judged(candidates, now, new, setup))
    pieces = tuple(_piece(judged, now, new, network) for judged in chosen)
    if edge:
        said = (*said, *at_edge(now, PassCost(tuple(edge), more), setup.device, batch))
    return Advice(setup, pieces, said, "" if pieces else "gain", now.provenance)


def _unknown(now: PassCost, setup: Setup) -> WhyNone:
    """What there can be no advice without, "" where nothing is missing."""
    if now.predicted_s is None:
        return "time"
    if fit(setup).fits is False:
        return "memory"
    # Of a launch of several products no error is known; the others can be advised on all the same.
    some = any(x.group for x in now.gemms) and not np.isnan(now.priced.error).all()
    return "error" if now.error is None and not some else ""


def _fitting(candidates: list[Candidate], setup: Setup) -> list[Candidate]:
    """Those whose pass the memory holds; of a list nobody knows what it holds beside a product."""
    network, memory, needs = setup.workload.layered, setup.device.memory, needs_of_pass(setup)
    if network is None or needs is None or memory is None:
        return candidates
    if _AT_MOST * float(needs.total[0]) <= memory:
        return candidates

    def fits(change: Change) -> bool:
        changed = replace(setup, batch=change.after)
        if change.kind != "batch":
            changed = replace(setup, workload=applied(network, change.layers, change.after))
        needed = needs_of_pass(changed)
        return needed is None or bool(needed.total[0] <= memory)

    return [one for one in candidates if not one.change.grows or fits(one.change)]


def _priced(
    candidates: Sequence[Candidate], edge: Sequence[Shape], setup: Setup
) -> tuple[Priced, Priced]:
    """The candidates' products one after the other, and the edge's; each shape is priced once."""
    different: dict[Shape, int] = {}
    wanted = [shape for candidate in candidates for shape in candidate.shapes]
    rows = [different.setdefault(shape, len(different)) for shape in (*wanted, *edge)]
    columns = np.array(list(different), dtype=np.int64).reshape(-1, 5).T
    priced = price_shapes(Shapes.turned(*columns), setup)
    at = np.array(rows, dtype=np.int64)
    return priced[at[: len(wanted)]], priced[at[len(wanted) :]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate that its gain carries. rows: of its products among those of all candidates; at:
    which of them it gains most by; seconds: of its products before and after.
    """

    candidate: Candidate
    rows: slice
    seconds: tuple[float, float]
    gain: float
    error: float
    cause: str = ""
    at: int = 0

    @property
    def change(self) -> Change:
        return self.candidate.change


def _judged(
    candidates: Sequence[Candidate], now: PassCost, new: Priced, setup: Setup
) -> list[_Judged]:
    """Those that are worth to be advised. new: their products one after the other."""
    if not candidates or not now.predicted_s:
        return []
    places = np.array([place for c in candidates for place in c.places], dtype=np.int64)
    old, counts = now.priced[places], now.counts[places]
    lengths = [len(candidate.places) for candidate in candidates]
    of = np.repeat(np.arange(len(candidates)), lengths)
    ends = np.cumsum(lengths).tolist()

    # Each candidate's products one after the other, as PassCost adds them up.
    def sums(values: Floats) -> list[float]:
        found: list[float] = np.bincount(of, counts * values, len(candidates)).tolist()
        return found

    columns = [
        sums(values)
        for one in (old, new)
        for values in (one.seconds, one.error * one.seconds, _flop(one))
    ]
    kept = []
    for candidate, end, length, *row in zip(candidates, ends, lengths, *columns, strict=True):
        gains = _gain(candidate.change, now.predicted_s, row)
        rows = slice(end - length, end)
        if gains is not None and not _by_a_step(old.cuts[rows], new.cuts[rows], setup):
            kept.append(_Judged(candidate, rows, (row[0], row[3]), *gains))
    return list(_with_cause(kept, old, new, counts))


def _flop(priced: Priced) -> Floats:
    m, n, k = priced.cuts.shapes.sides
    return 2 * priced.cuts.shapes.stack * m * n * k


def _gain(change: Change, total: float, row: Sequence[float]) -> tuple[float, float] | None:
    """Gain and its error, None where the error does not carry it.

    row: of the products that change, before and after: seconds, seconds they may be off, FLOP.
    """
    b, off_b, flop_b, a, off_a, flop_a = row
    if not (b > 0 and a > 0):
        return None
    per = _per(change)
    share, ratio = b / total, a * per / b
    gain, off = share * (1 - ratio), apart(Figure(b, off_b / b), Figure(a * per, off_a / a))
    error = math.nan if off is None else off / total
    given_up = max(0.0, share * (1 - flop_a * per / flop_b))
    # An error that is not known is NaN, and carries nothing.
    return (gain, error) if gain >= LEAST and gain - given_up > error else None


def _per(change: Change) -> float:
    """Of what the changed shape takes, the part to be compared."""
    return change.before / change.after if change.kind == "batch" else 1.0


def _by_a_step(before: Cuts, after: Cuts, setup: Setup) -> bool:
    """Whether tiles change by the rule of a device file, which often enough names a wrong one."""
    if not setup.device.steps_for(setup.dtype) or setup.tile is not None:
        return False
    return bool(((before.tm != after.tm) | (before.tn != after.tn)).any())


def _with_cause(
    judged: Sequence[_Judged], old: Priced, new: Priced, counts: Ints
) -> Iterator[_Judged]:
    """With the loss that shrinks most, and the product where it does.

    Left out: where none shrinks, and what is padded for another cause than alignment.
    """
    if not judged:
        return
    at = np.concatenate([np.arange(one.rows.start, one.rows.stop) for one in judged])
    per = np.concatenate([np.full(len(one.candidate.places), _per(one.change)) for one in judged])
    gained = _shared(old[at], new[at], counts[at], per)
    end = 0
    for one in judged:
        begin, end = end, end + len(one.candidate.places)
        here = gained[begin:end]
        losses = here.sum(axis=0)
        which = int(losses.argmax())
        cause, change = LOSSES[which], one.change
        padded = change.kind != "batch" and change.grows
        if losses[which] > 0 and not (padded and cause != "alignment"):
            yield replace(one, cause=cause, at=int(here[:, which].argmax()))


def _piece(judged: _Judged, now: PassCost, new: Priced, network: Network | None) -> Piece:
    places, (b, a) = judged.candidate.places, judged.seconds
    gemms = tuple(rewritten(now.gemms[place], judged.change, network) for place in places)
    old, then, total = now[places], PassCost(gemms, new[judged.rows]), now.predicted_s or 0.0
    return Piece(
        change=judged.change,
        cause=judged.cause,
        old=now.costs[places[judged.at]],
        new=then[(judged.at,)].costs[0],
        work=(now.flop - old.flop + then.flop) / now.flop,
        predicted_s=(total, total - b + a),
        tiles=(now.tiles, now.tiles - old.tiles + then.tiles),
        waves=(now.waves, now.waves - old.waves + then.waves),
        gain=judged.gain,
        error=judged.error,
    )


def _shared(old: Priced, new: Priced, counts: Ints, per: Floats) -> Floats:
    """Seconds saved [products, LOSSES], of each product as often as it is computed; per: `_per`."""
    found = counts * saved(old.parts, new.parts, per)[1:]
    return np.ascontiguousarray(found.T)


def _chosen(pieces: Sequence[_Judged]) -> list[_Judged]:
    """The best of each subject and direction, none that says what another says; MOST of them.

    Twice the batch, which nearly always serves an example sooner, does not hide a neighbour.
    """
    groups: dict[tuple[object, ...], list[_Judged]] = {}
    for piece in pieces:
        change = piece.change
        twice = change.kind == "batch" and change.after == 2 * change.before
        groups.setdefault((change.subject, change.grows, twice), []).append(piece)
    best = sorted((_roundest(group) for group in groups.values()), key=lambda p: -p.gain)
    kept: list[_Judged] = []
    for piece in best:
        if not any(_same(piece, other) for other in kept):
            kept.append(piece)
    return kept[:MOST]


def _roundest(pieces: Sequence[_Judged]) -> _Judged:
    """The best; of those that read like it the roundest number, and of those the nearest."""
    least = max(piece.gain for piece in pieces) * (1 - BAND)

    def rank(piece: _Judged) -> tuple[int, int]:
        after = piece.change.after
        return min(after & -after, ROUND), -abs(after - piece.change.before)

    return max((piece for piece in pieces if piece.gain >= least), key=rank)


def _same(piece: _Judged, better: _Judged) -> bool:
    """Whether both change the same, or part of it, the same way and for the same cause."""
    one, other = piece.change, better.change
    shared = one.layers == other.layers or set(one.layers) & set(other.layers)
    return (
        one.kind == other.kind
        and one.side == other.side
        and one.grows == other.grows
        and bool(piece.cause == better.cause and shared)
    )
