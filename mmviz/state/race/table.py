"""The differences between the two sides of a race: a table, and one sentence computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mmviz import units
from mmviz.core.time.cost import LOSS_NAMES
from mmviz.state.picture.reuse import traffic_of
from mmviz.state.race.sides import Axis, Side

SIDES = ("left", "right")
SAME = 1e-9  # relative: two times this close are one
NONE = "—"  # no ratio, or nothing better
MODELLED, COMPUTED = "modelled", "computed"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, all as text.

    ratio: left over right. better: left, right, or "—" where they are even or nothing is better.
    source: modelled or computed. tip: what is counted.
    """

    label: str
    left: str
    right: str
    ratio: str
    better: str
    source: str
    tip: str


def _row(label: str, texts: Sequence[str], ratio: str, better: str, source: str, tip: str) -> Row:
    left, right = texts
    return Row(label, left, right, ratio, better, source, tip)


def rows(left: Side, right: Side, axis: Axis | None) -> tuple[Row, ...]:
    """The table; without an axis there are no schedules, and what needs them says 'no data'."""
    sides = (left, right)
    tilings = [[derived.tiling for derived in side.snapshots] for side in sides]
    tiles = [sum(t.tiles for t in side) for side in tilings]
    slots = [max(t.slots for t in side) for side in tilings]
    past = [1 - edge_efficiency(side) for side in sides]
    flop = [work(side) for side in sides]
    table = [_counts("tiles", tiles, "that the output is cut into")]
    if axis is None:
        table += [_no_data(label) for label in ("waves", "tiles in series", "units busy")]
    else:
        busy_shares = [busy(side) for side in sides]
        table += [
            _counts("waves", [_waves(side) for side in sides], "tiles that run together"),
            _counts(
                "tiles in series",
                [_in_series(side) for side in sides],
                "tiles, or pieces of them, the busiest unit computes",
            ),
            _shares("units busy", busy_shares, 1, "share of the time of all units"),
        ]
    table.insert(2, _counts("slots", slots, "tiles that can be computed at the same time"))
    table.append(_shares("past the edge", past, -1, "share of the cells computed nobody wants"))
    table.append(_no_data("time") if axis is None else _times(sides, axis))
    total = _row(
        "FLOP",
        [units.flop(x) for x in flop],
        _ratio(*flop),
        NONE,
        COMPUTED,
        "2·m·n·k: what is asked for, cells past the edge not counted",
    )
    table.append(total)
    table.append(_no_data("rate") if axis is None else _rates(sides, axis))
    table.append(_loads(sides))
    return tuple(table)


def verdict(left: Side, right: Side, axis: Axis) -> str:
    """Who finishes first, by how much, and what contributes most to it."""
    if not axis.comparable:
        return f"Nobody wins: {axis.about}."
    if abs(left.finish - right.finish) <= SAME * axis.end:
        return f"Both finish together, after {axis.text(axis.end)}{_apart(left, right)}."
    first = 0 if left.finish < right.finish else 1
    winner, loser = ((left, right), (right, left))[first]
    name, other = SIDES[first], SIDES[1 - first]
    share = winner.finish / loser.finish
    when = (
        f"after {units.percent(share)} of {other}'s time"
        if share < 0.995
        else f"by {units.percent(1 - share)} of {other}'s time"
    )
    return f"{name.capitalize()} finishes first, {when}{_cause(winner, loser, other, axis)}."


def work(side: Side) -> int:
    """FLOP asked for, of all products of the side."""
    return sum(derived.gemm.flop for derived in side.snapshots)


def edge_efficiency(side: Side) -> float:
    """FLOP asked for over FLOP computed, cells past the edge included, 0 … 1."""
    computed = sum(2 * s.tiling.padded_cells * s.gemm.k for s in side.snapshots)
    return work(side) / computed


def loads(side: Side) -> int | None:
    """Elements of A and B the units load, keeping what the tile before left; None: not counted."""
    counts = [traffic_of(leg.trace) for leg in side.legs]
    known = [count.scheduled for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def busy(side: Side) -> float:
    """Share of the time of all units that computes, 0 … 1."""
    times = [leg.end - leg.start for leg in side.legs]
    shares = [float(leg.trace.busy().mean()) for leg in side.legs]
    return sum(t * share for t, share in zip(times, shares, strict=True)) / sum(times)


def _cause(winner: Side, loser: Side, other: str, axis: Axis) -> str:
    """The largest of the factors whose product is the ratio of the times; "" where they are not.

    time = FLOP / (speed of all units · share not past the edge · share busy)
    """
    if axis.predicted:
        return _predicted_cause(winner, loser, other)
    a, b = winner.derived.device, loser.derived.device
    less = work(winner) / work(loser)
    speeds = [float(a.units), float(b.units)]
    speed_words = f"it has {units.plural(a.units, a.unit)}, {other} {units.group(b.units)}"
    if axis.kind == "s":
        speeds = [a.peak(winner.session.dtype) or 0.0, b.peak(loser.session.dtype) or 0.0]
        texts = [units.rate(speed) for speed in speeds]
        speed_words = f"its peak is {texts[0]}, {other}'s {texts[1]}"
    edges = [edge_efficiency(side) for side in (winner, loser)]
    wanted = [units.percent(edge) for edge in edges]
    shares = [busy(side) for side in (winner, loser)]
    times = [units.percent(share) for share in shares]
    factors = [
        (less, f"it has {units.percent(1 - less)} less to compute"),
        (speeds[1] / speeds[0], speed_words),
        (
            edges[1] / edges[0],
            f"{wanted[0]} of the cells it computes are wanted, of {other}'s {wanted[1]}",
        ),
        (
            shares[1] / shares[0],
            f"its {a.unit}s are busy {times[0]} of its time, {other}'s {times[1]}",
        ),
    ]
    explained = float(np.prod([factor for factor, _ in factors]))
    if abs(explained / (winner.finish / loser.finish) - 1) > 0.01:
        return ""
    return f", mostly because {min(factors)[1]}"


def _predicted_cause(winner: Side, loser: Side, other: str) -> str:
    """The part of the predicted time that the winner saves most of."""
    ours, theirs = dict(winner.parts or ()), dict(loser.parts or ())
    saved = {part: theirs[part] - ours[part] for part in ours}
    name = max(saved, key=saved.__getitem__)
    if saved[name] > 2 * sum(saved.values()):
        return ""  # something else takes most of that gain away again
    what = "the arithmetic takes" if name == "peak" else f"{LOSS_NAMES[name]} costs"
    times = [units.seconds(max(parts[name], 0.0)) for parts in (ours, theirs)]
    return f", mostly because {what} it {times[0]}, {other} {times[1]}"


def _apart(left: Side, right: Side) -> str:
    """What differs although the times are the same."""
    if left.session.order != right.session.order and not _differs(left, right):
        words = ": only which tile comes when differs"
        loaded = loads(left), loads(right)
        if loaded[0] == loaded[1]:
            return f"{words}, and what a shared cache saves by it is not modelled"
        a, b = (units.NO_DATA if n is None else f"{units.count(n)} elements" for n in loaded)
        return f"{words}; loads are not in the time: left {a}, right {b}"
    more = work(left) / work(right)
    if more != 1:
        name, share = ("left", more - 1) if more > 1 else ("right", 1 / more - 1)
        return f", and {name} does {units.percent(share)} more FLOP in it"
    shares = busy(left), busy(right)
    if abs(shares[0] - shares[1]) > SAME:
        a, b = left.derived.device.unit, right.derived.device.unit
        return (
            f"; left's {a}s are busy {units.percent(shares[0])} of it, "
            f"right's {b}s {units.percent(shares[1])}"
        )
    return ""


def _differs(left: Side, right: Side) -> bool:
    """Whether anything else than the order does."""
    return replace(left.session, order=right.session.order) != right.session


def _waves(side: Side) -> int:
    return sum(leg.trace.waves for leg in side.legs)


def _in_series(side: Side) -> int:
    return sum(int(np.bincount(leg.trace.unit).max()) for leg in side.legs)


def _times(sides: tuple[Side, Side], axis: Axis) -> Row:
    texts = [axis.text(s.finish) if axis.comparable else s.own_text() for s in sides]
    times = [side.finish for side in sides]
    ratio, better = (
        (_ratio(*times), _better(times, -1)) if axis.comparable else (units.NO_DATA, NONE)
    )
    return _row(_label("time", "least", sides), texts, ratio, better, MODELLED, axis.about)


def _rates(sides: tuple[Side, Side], axis: Axis) -> Row:
    times = [side.finish if axis.comparable else side.own_time for side in sides]
    rates = [work(side) / time for side, time in zip(sides, times, strict=True)]
    counted = [axis.kind if axis.comparable else side.unit for side in sides]
    names = [{"s": "s", "seconds": "s"}.get(name, name.removesuffix("s")) for name in counted]
    texts = [units.scaled(r, f"FLOP/{name}") for r, name in zip(rates, names, strict=True)]
    ratio, better = (
        (_ratio(*rates), _better(rates, 1)) if axis.comparable else (units.NO_DATA, NONE)
    )
    return _row(
        _label("rate", "most", sides),
        texts,
        ratio,
        better,
        MODELLED,
        "FLOP asked for over the time",
    )


def _label(name: str, bound: str, sides: tuple[Side, Side]) -> str:
    """Seconds that are not predicted are a bound, from the datasheet's peak; steps are counted."""
    return f"{name}, at {bound}" if any(side.bounded for side in sides) else name


def _loads(sides: tuple[Side, Side]) -> Row:
    tip = "elements of A and B; a unit keeps what the next tile needs again; not in the time"
    counts = [loads(side) for side in sides]
    if None in counts:
        texts = [units.NO_DATA if n is None else units.count(n) for n in counts]
        return _row("loads", texts, units.NO_DATA, NONE, MODELLED, tip)
    known = [float(n or 0) for n in counts]
    texts = [units.count(n) for n in known]
    # Fewer are better only for the same work.
    better = _better(known, -1) if work(sides[0]) == work(sides[1]) else NONE
    return _row("loads", texts, _ratio(*known), better, MODELLED, tip)


def _counts(label: str, counts: list[int], tip: str) -> Row:
    texts = [units.group(n) for n in counts]
    return _row(label, texts, _ratio(*counts), NONE, MODELLED, tip)


def _shares(label: str, shares: list[float], sign: int, tip: str) -> Row:
    """Shares 0 … 1, of which the larger (sign +1) or the smaller (-1) is better."""
    texts = [units.percent(share) for share in shares]
    return _row(label, texts, _ratio(*shares), _better(shares, sign), MODELLED, tip)


def _no_data(label: str) -> Row:
    return _row(
        label, [units.NO_DATA] * 2, units.NO_DATA, NONE, MODELLED, "one side cannot be drawn"
    )


def _ratio(left: float, right: float) -> str:
    """Left over right; near 1 with as many digits as tell it from 1."""
    if not left or not right:
        return NONE
    ratio = left / right
    close = SAME < abs(ratio - 1) < 0.005
    return f"{units.sig(ratio, 5)} {units.TIMES}" if close else units.ratio(ratio)


def _better(values: list[float], sign: int) -> str:
    difference = sign * (values[0] - values[1])
    if abs(difference) <= SAME * max(abs(values[0]), abs(values[1])):
        return NONE
    return SIDES[0] if difference > 0 else SIDES[1]
