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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmviz.core.advice import sentences as text
from mmviz.core.advice.candidates import Candidate, Setting, batch_change
from mmviz.core.advice.candidates import candidates as candidates_of
from mmviz.core.advice.neighbours import Change, rewritten
from mmviz.core.advice.remarks import Remark, at_edge, bounds
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_products
from mmviz.core.time.cost import LOSSES, Cost, PassCost, costs_of

MOST = 5  # pieces of advice
LEAST = 0.01  # a gain below this is not worth a change
BAND = 0.1  # of the best gain: among those so near to it the rounder number is advised
ROUND = 128  # more than this a power of two in a number is worth nothing
NOTHING = "No neighbouring batch or width saves more time than predictions are off."

Key = tuple[bool, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of advice.

    cause: id of the loss that shrinks most. predicted_s: seconds of the whole pass before and
    after; tiles, waves: sums over its products. gain: share of the time saved, per example where
    the batch changes; error: how far it may be off. brief: the cause in a few words; text: all.
    """

    change: Change
    cause: str
    brief: str
    text: str
    predicted_s: tuple[float, float]
    tiles: tuple[int, int]
    waves: tuple[int, int]
    gain: float
    error: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Pieces by gain, the greatest first; why: a sentence where there are none, else ""."""

    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]
    why: str
    basis: str


def advise(network: Network | Products, batch: int, training: bool, setting: Setting) -> Advice:
    """Advice for one pass, or for a list of products (no batch: any number of them).

    Raises InputError for a batch, an order or a tile that cannot be.
    """
    gemms = network.lower(batch, training)
    prices = _priced(gemms, setting, {})
    costs = PassCost(tuple(_cost(gemm, prices) for gemm in gemms))
    basis = costs.costs[0].basis
    edge: list[Gemm] = []
    if isinstance(network, Network):
        edge = [rewritten(gemm, batch_change(batch, batch + 1), network) for gemm in gemms]
    said = bounds(costs.costs, setting.device, batch if edge else None)
    if why := _unknown(costs, setting):
        return Advice((), said, why, basis)
    candidates = candidates_of(network, batch, gemms, costs.costs, setting)
    wanted = [gemm for candidate in candidates for gemm in candidate.gemms]
    prices = _priced([*wanted, *edge], setting, prices)
    found = [_judged(candidate, costs, prices, setting) for candidate in candidates]
    pieces = _chosen([piece for piece in found if piece is not None])
    if edge:
        more = PassCost(tuple(_cost(gemm, prices) for gemm in edge))
        said = (*said, *at_edge(costs, more, setting.device, batch))
    return Advice(pieces, said, "" if pieces else NOTHING, basis)


def _unknown(costs: PassCost, setting: Setting) -> str:
    """Why there can be no advice, in a sentence; "" where there can."""
    where = f"on {setting.device.name} in {setting.dtype}"
    for cost in costs.costs:
        if cost.predicted_s is None:
            return f"No advice: no time is known {where}, {cost.basis}."
        if cost.error is None:
            return f"No advice: how far times {where} are off is not known ({cost.basis})."
    return ""


def _key(gemm: Gemm) -> Key:
    return gemm.role == "wgrad", gemm.m, gemm.n, gemm.k


def _priced(gemms: Iterable[Gemm], setting: Setting, known: Mapping[Key, Cost]) -> dict[Key, Cost]:
    """`known` and the costs of all other shapes, each priced once."""
    wanted = {key: gemm for gemm in gemms if (key := _key(gemm)) not in known}
    shapes, device, dtype = list(wanted.values()), setting.device, setting.dtype
    tilings = tile_products(shapes, device, setting.tile, setting.order, dtype=dtype)
    costs = costs_of(tilings, device, dtype) if shapes else ()
    return {**known, **dict(zip(wanted, costs, strict=True))}


def _judged(
    candidate: Candidate, costs: PassCost, prices: Mapping[Key, Cost], setting: Setting
) -> Piece | None:
    """The candidate as a piece of advice, None where its error does not carry it."""
    change, total = candidate.change, costs.predicted_s
    old = PassCost(tuple(costs.costs[place] for place in candidate.places))
    new = PassCost(tuple(_cost(gemm, prices) for gemm in candidate.gemms))
    b, a, e_b, e_a = old.predicted_s, new.predicted_s, old.error, new.error
    if not total or not b or a is None or e_b is None or e_a is None:
        return None
    if _by_a_step(old, new, setting):
        return None
    padded = change.kind != "batch" and change.grows
    if change.grows and not padded:
        a = max(a, b)  # more work is never less time, whatever two tiles are priced at
    per = change.before / change.after if change.kind == "batch" else 1.0
    share, ratio = b / total, a * per / b
    gain, error = share * (1 - ratio), share * ratio * math.hypot(e_b, e_a)
    given_up = max(0.0, share * (1 - new.flop * per / old.flop))
    if gain < LEAST or gain - given_up <= error:
        return None
    cause, at = _cause(old.costs, new.costs, per)
    if not cause or (padded and cause != "alignment"):
        return None
    after = total - b + a
    product = old.costs[at], new.costs[at]
    why = text.why(change, cause, *product, setting.device)
    work = (costs.flop - old.flop + new.flop) / costs.flop
    result = text.outcome(change, work, after / total, gain, error)
    return Piece(
        change=change,
        cause=cause,
        brief=text.brief(cause, *product, setting.device),
        text=text.sentence(cause, why, result, listed=change.kind == "product"),
        predicted_s=(total, after),
        tiles=_both(costs, old, new, lambda tiling: tiling.tiles),
        waves=_both(costs, old, new, lambda tiling: tiling.waves),
        gain=gain,
        error=error,
    )


def _by_a_step(old: PassCost, new: PassCost, setting: Setting) -> bool:
    """Whether tiles change by the rule of a device file, which often enough names a wrong one."""
    if not setting.device.steps_for(setting.dtype) or setting.tile is not None:
        return False
    pairs = zip(old.costs, new.costs, strict=True)
    return any(before.tiling.tile != after.tiling.tile for before, after in pairs)


def _cost(gemm: Gemm, prices: Mapping[Key, Cost]) -> Cost:
    """The price of its shape, as this product's own."""
    found = prices[_key(gemm)]
    if found.tiling.gemm == gemm:
        return found
    return replace(found, tiling=replace(found.tiling, gemm=gemm))


def _cause(old: Sequence[Cost], new: Sequence[Cost], per: float) -> tuple[str, int]:
    """The loss that shrinks most, and the product where it does; "" where none shrinks.

    per: of what the changed shape takes, the part to be compared.
    """
    saved = np.array([_shared(b, a, per) for b, a in zip(old, new, strict=True)])
    which = int(saved.sum(axis=0).argmax())
    if saved[:, which].sum() <= 0:
        return "", 0
    return LOSSES[which], int(saved[:, which].argmax())


def _shared(old: Cost, new: Cost, per: float) -> NDArray[np.float64]:
    """Seconds saved by LOSSES, of the product as often as it is computed.

    The launch is a time of its own, the last of LOSSES. Computing is the work at the peak times one
    factor a loss: what it saves is shared out over the factors by the logarithms of how each
    changed, which leaves no rest (the logarithmic mean Divisia index). While memory is waited for,
    tiles, waves and alignment cost nothing that it does not hide.
    """
    b, a = (np.cumsum((c.at_peak_s or 0.0, *(c.losses or ()))) for c in (old, new))
    before, after = b[-2], a[-2] * per
    mean = before if math.isclose(before, after) else (before - after) / math.log(before / after)
    shrinks = _factors(b) - _factors(a)
    launch = (b[-1] - b[-2]) - per * (a[-1] - a[-2])
    return old.tiling.gemm.count * np.append(mean * shrinks, launch)


def _factors(stages: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithms of the factors by which LOSSES before the launch lengthen the time at the peak."""
    logs = np.diff(np.log(stages[:-1]))
    at = LOSSES.index("memory")
    if logs[at] > 0:
        logs[at] = logs[: at + 1].sum()
        logs[:at] = 0.0
    return logs


def _both(
    costs: PassCost, old: PassCost, new: PassCost, of: Callable[[Tiling], int]
) -> tuple[int, int]:
    """Before and after, of the whole pass."""
    before, gone, come = (
        sum(c.tiling.gemm.count * of(c.tiling) for c in part.costs) for part in (costs, old, new)
    )
    return before, before - gone + come


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
