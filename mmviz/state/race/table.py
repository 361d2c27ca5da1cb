"""The differences between the two sides of a race: a table, and one sentence computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mmviz.core.provenance import COMPUTED
from mmviz.state.picture.reuse import traffic_of
from mmviz.state.race.sides import Axis, Side
from mmviz.text import N_, NO_DATA, NOTHING, Text, joined
from mmviz.words import race as words
from mmviz.words.provenance import label
from mmviz.words.race import SIDES, Name

Better = Name | Literal[""]
SAME = 1e-9  # relative: two times this close are one
NONE, UNKNOWN = Text("—"), Text(NO_DATA)  # there is no ratio; nobody knows it
UNDRAWN = Text(N_("one side cannot be drawn"))


@dataclass(frozen=True, slots=True)
class RaceRow:
    """A line of the table.

    ratio: left over right. better: "" where they are even or nothing is better. source: modelled,
    computed, …; both where the sides differ. tip: what is counted.
    """

    label: Text
    left: Text
    right: Text
    ratio: Text
    better: Better
    source: Text
    tip: Text


def rows(left: Side, right: Side, axis: Axis | None) -> tuple[RaceRow, ...]:
    """The table; without an axis there are no schedules, and what needs them says 'no data'."""
    return _Table((left, right), axis).rows()


def verdict(left: Side, right: Side, axis: Axis) -> Text:
    """Who finishes first, by how much, and what contributes most to it."""
    if not axis.comparable:
        return words.nobody(axis.about)
    if abs(left.finish - right.finish) <= SAME * axis.end:
        return _together(left, right, axis.text(axis.end))
    first = 0 if left.finish < right.finish else 1
    winner, loser = ((left, right), (right, left))[first]
    cause = _cause(winner, loser, SIDES[1 - first], axis)
    return words.first(SIDES[first], winner.finish / loser.finish, cause)


def work(side: Side) -> int:
    """FLOP asked for, of all products of the side."""
    return sum(derived.gemm.flop for derived in side.products)


def edge_efficiency(side: Side) -> float:
    """FLOP asked for over FLOP computed, cells past the edge included, 0 … 1."""
    computed = sum(2 * s.tiling.padded_cells * s.gemm.k for s in side.products)
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


@dataclass(frozen=True, slots=True)
class _Table:
    sides: tuple[Side, Side]
    axis: Axis | None

    def rows(self) -> tuple[RaceRow, ...]:
        tilings = [[derived.tiling for derived in side.products] for side in self.sides]
        tiles = [sum(t.tiles for t in side) for side in tilings]
        slots = [max(t.slots for t in side) for side in tilings]
        past = [1 - edge_efficiency(side) for side in self.sides]
        return (
            self._counts(N_("tiles"), tiles, N_("that the output is cut into")),
            self._waves(),
            self._counts(N_("slots"), slots, N_("tiles that can be computed at the same time")),
            self._in_series(),
            self._busy(),
            self._shares(
                N_("past the edge"), past, -1, N_("share of the cells computed nobody wants")
            ),
            self._times(),
            self._work(),
            self._rates(),
            self._loads(),
        )

    def _waves(self) -> RaceRow:
        name = N_("waves")
        if self.axis is None:
            return self._no_data(name)
        waves = [sum(leg.trace.waves for leg in side.legs) for side in self.sides]
        return self._counts(name, waves, N_("tiles that run together"))

    def _in_series(self) -> RaceRow:
        name = N_("tiles in series")
        if self.axis is None:
            return self._no_data(name)
        counts = [sum(leg.trace.units.most_rows for leg in side.legs) for side in self.sides]
        tip = N_("tiles, or pieces of them, the busiest unit computes")
        return self._counts(name, counts, tip)

    def _busy(self) -> RaceRow:
        name = N_("units busy")
        if self.axis is None:
            return self._no_data(name)
        tip = N_("share of the time of all units")
        return self._shares(name, [busy(side) for side in self.sides], 1, tip)

    def _times(self) -> RaceRow:
        axis = self.axis
        if axis is None:
            return self._no_data(N_("time"))
        name = N_("time, at least") if self._bounded else N_("time")
        if not axis.comparable:
            texts = [side.own_text() for side in self.sides]
            return self._row(name, texts, UNKNOWN, "", axis.about)
        times = [side.finish for side in self.sides]
        texts = [axis.text(t) for t in times]
        rests = (side.products[0].cost.provenance for side in self.sides)
        beyond = dict.fromkeys(one.beyond for one in rests if axis.predicted)
        tip = joined((axis.about, *beyond), "lines")
        return self._row(name, texts, _ratio(*times), _better(times, -1), tip)

    def _rates(self) -> RaceRow:
        axis = self.axis
        if axis is None:
            return self._no_data(N_("rate"))
        name = N_("rate, at most") if self._bounded else N_("rate")
        tip = Text(N_("FLOP asked for over the time"))
        together = axis.comparable
        times = [side.finish if together else side.own_time for side in self.sides]
        rates = [work(side) / time for side, time in zip(self.sides, times, strict=True)]
        clocks = [axis.per if together else side.per for side in self.sides]
        texts = [words.rate(r, clock) for r, clock in zip(rates, clocks, strict=True)]
        if not together:
            return self._row(name, texts, UNKNOWN, "", tip)
        return self._row(name, texts, _ratio(*rates), _better(rates, 1), tip)

    def _work(self) -> RaceRow:
        flop = [work(side) for side in self.sides]
        texts = [Text("{flop:flop}", flop=x) for x in flop]
        tip = Text(N_("2·m·n·k: what is asked for, cells past the edge not counted"))
        return replace(self._row(N_("FLOP"), texts, _ratio(*flop), "", tip), source=label(COMPUTED))

    def _loads(self) -> RaceRow:
        name = N_("loads")
        tip = Text(
            N_("elements of A and B; a unit keeps what the next tile needs again; not in the time")
        )
        counts = [loads(side) for side in self.sides]
        texts = [UNKNOWN if n is None else Text("{n:count}", n=n) for n in counts]
        known = [float(n) for n in counts if n is not None]
        if len(known) < len(counts):
            return self._row(name, texts, UNKNOWN, "", tip)
        # Fewer are better only for the same work.
        same = work(self.sides[0]) == work(self.sides[1])
        return self._row(name, texts, _ratio(*known), _better(known, -1) if same else "", tip)

    @property
    def _bounded(self) -> bool:
        """Seconds nobody predicted are a bound, from the datasheet's peak; steps are counted."""
        return any(side.bounded for side in self.sides)

    def _counts(self, name: str, counts: list[int], tip: str) -> RaceRow:
        texts = [Text("{n:group}", n=n) for n in counts]
        return self._row(name, texts, _ratio(*counts), "", Text(tip))

    def _shares(self, name: str, shares: list[float], sign: int, tip: str) -> RaceRow:
        """Shares 0 … 1, of which the larger (sign +1) or the smaller (-1) is better."""
        texts = [Text("{share:percent}", share=share) for share in shares]
        return self._row(name, texts, _ratio(*shares), _better(shares, sign), Text(tip))

    def _no_data(self, name: str) -> RaceRow:
        return self._row(name, [UNKNOWN, UNKNOWN], UNKNOWN, "", UNDRAWN)

    def _row(
        self, name: str, texts: Sequence[Text], ratio: Text, better: Better, tip: Text
    ) -> RaceRow:
        one, other = self.sides
        left, right = texts
        source = words.kinds(one.provenance, other.provenance)
        return RaceRow(Text(name), left, right, ratio, better, source, tip)


def _cause(winner: Side, loser: Side, other: Name, axis: Axis) -> Text:
    """The largest of the factors whose product is the ratio of the times; NOTHING where they are
    not: time = FLOP / (speed of all units · share not past the edge · share busy)
    """
    if axis.predicted:
        return _predicted_cause(winner, loser, other)
    a, b = winner.derived.device, loser.derived.device
    less = work(winner) / work(loser)
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
    shares = [busy(side) for side in (winner, loser)]
    factors = [
        (less, words.less_work(1 - less)),
        (speeds[1] / speeds[0], speed_words),
        (edges[1] / edges[0], words.fewer_past_the_edge(edges[0], other, edges[1])),
        (shares[1] / shares[0], words.busier(a, shares[0], other, shares[1])),
    ]
    explained = float(np.prod([factor for factor, _ in factors]))
    if abs(explained / (winner.finish / loser.finish) - 1) > 0.01:
        return NOTHING
    return min(factors, key=lambda factor: factor[0])[1]


def _predicted_cause(winner: Side, loser: Side, other: Name) -> Text:
    """The part of the predicted time that the winner saves most of."""
    ours, theirs = dict(winner.parts or ()), dict(loser.parts or ())
    saved = {part: theirs[part] - ours[part] for part in ours}
    part = max(saved, key=saved.__getitem__)
    if saved[part] > 2 * sum(saved.values()):
        return NOTHING  # something else takes most of that gain away again
    return words.saved(part, max(ours[part], 0.0), other, max(theirs[part], 0.0))


def _together(left: Side, right: Side, time: Text) -> Text:
    """Both take as long; what differs nevertheless."""
    if left.session.order != right.session.order and not _differs(left, right):
        return words.together_in_another_order(time, (loads(left), loads(right)))
    more = work(left) / work(right)
    if more != 1:
        name, share = (SIDES[0], more - 1) if more > 1 else (SIDES[1], 1 / more - 1)
        return words.together_with_more_work(time, name, share)
    shares = busy(left), busy(right)
    if abs(shares[0] - shares[1]) > SAME:
        a, b = left.derived.device, right.derived.device
        return words.together_but_busier(time, a, shares[0], b, shares[1])
    return words.together(time)


def _differs(left: Side, right: Side) -> bool:
    """Whether anything else than the order does."""
    return replace(left.session, order=right.session.order) != right.session


def _ratio(left: float, right: float) -> Text:
    """Left over right; near 1 with as many digits as tell it from 1."""
    if not left or not right:
        return NONE
    ratio = left / right
    close = SAME < abs(ratio - 1) < 0.005
    return Text("{ratio:sig5} ×" if close else "{ratio:ratio}", ratio=ratio)


def _better(values: list[float], sign: int) -> Better:
    difference = sign * (values[0] - values[1])
    if abs(difference) <= SAME * max(abs(values[0]), abs(values[1])):
        return ""
    return SIDES[0] if difference > 0 else SIDES[1]
