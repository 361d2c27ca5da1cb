"""The differences between the two sides of a race as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mmviz.core.provenance import COMPUTED
from mmviz.core.verdict import Figure, Verdict, judge
from mmviz.state.race.figures import batches_differ, busy, each, edge_efficiency, loads, times, work
from mmviz.state.race.sides import Axis, Side
from mmviz.text import N_, NO_DATA, Text, joined
from mmviz.words import race as words
from mmviz.words import verdict as verdicts
from mmviz.words.provenance import label
from mmviz.words.race import SIDES, Name

Better = Name | Literal[""]
Pair = tuple[Figure, Figure]
SAME = 1e-9  # relative: two ratios this close are one
NONE, UNKNOWN = Text("—"), Text(NO_DATA)  # there is no ratio; nobody knows it
UNDRAWN = Text(N_("one side cannot be drawn"))


@dataclass(frozen=True, slots=True)
class RaceRow:
    """A line of the table.

    ratio: left over right. better: "" where nothing is better, or may be called so: `why_none` is
    what stands in its place. source: modelled, computed, …; both where the sides differ. tip: what
    is counted. always: it is shown also where both sides are alike.
    """

    label: Text
    left: Text
    right: Text
    ratio: Text
    better: Better
    source: Text
    tip: Text
    why_none: Text = NONE
    always: bool = False


def rows(left: Side, right: Side, axis: Axis | None) -> tuple[RaceRow, ...]:
    """The table; without an axis there are no schedules, and what needs them says 'no data'."""
    return _Table((left, right), axis).rows()


@dataclass(frozen=True, slots=True)
class _Table:
    sides: tuple[Side, Side]
    axis: Axis | None

    def rows(self) -> tuple[RaceRow, ...]:
        tilings = [[derived.tiling for derived in side.products] for side in self.sides]
        tiles = [sum(t.tiles for t in side) for side in tilings]
        slots = [max(t.slots for t in side) for side in tilings]
        return (
            self._counts(N_("tiles"), tiles, N_("that the output is cut into")),
            self._waves(),
            self._counts(N_("slots"), slots, N_("tiles that can be computed at the same time")),
            self._in_series(),
            self._busy(),
            self._past_edge(),
            self._times(),
            *self._each(),
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
        return self._shares(name, [busy(side) for side in self.sides], tip)

    def _past_edge(self) -> RaceRow:
        tip = N_("share of the cells computed nobody wants")
        past = [1 - edge_efficiency(side) for side in self.sides]
        row = self._shares(N_("past the edge"), past, tip)
        return self._counted(row, past)

    def _times(self) -> RaceRow:
        axis = self.axis
        if axis is None:
            return replace(self._no_data(N_("time")), always=True)
        name = N_("time, at least") if self._bounded else N_("time")
        if not axis.comparable:
            texts = [side.own_text() for side in self.sides]
            return replace(self._row(name, texts, UNKNOWN, "", axis.about), always=True)
        found = times(self.sides, axis)
        row = self._timed(name, found, self._about(axis), fair=not batches_differ(self.sides))
        return replace(row, always=True)

    def _each(self) -> tuple[RaceRow, ...]:
        """Where the batches differ, the time per example is what can be better."""
        axis = self.axis
        if axis is None or not axis.comparable or not batches_differ(self.sides):
            return ()
        found = each(self.sides, times(self.sides, axis))
        return (self._timed(N_("per example"), found, self._about(axis)),)

    def _timed(self, name: str, found: Pair, tip: Text, *, fair: bool = True) -> RaceRow:
        """fair: as much is done in the times, so that the shorter one is better."""
        axis = self.axis
        assert axis is not None
        texts = [axis.text(one.value) for one in found]
        ratio = _ratio(*(one.value for one in found))
        row = self._row(name, texts, ratio, "", tip)
        if not fair:
            other = Text(N_("the passes are of different batches: see the time per example"))
            return replace(row, tip=joined((tip, other), "lines"))
        return _judged(row, judge(*found))

    def _about(self, axis: Axis) -> Text:
        """What the times are, and what may come on top of their error."""
        rests = (side.products[0].cost.provenance for side in self.sides)
        beyond = dict.fromkeys(one.beyond for one in rests if axis.predicted)
        return joined((axis.about, *beyond), "lines")

    def _rates(self) -> RaceRow:
        axis = self.axis
        if axis is None:
            return self._no_data(N_("rate"))
        name = N_("rate, at most") if self._bounded else N_("rate")
        tip = Text(N_("FLOP asked for over the time"))
        together = axis.comparable
        lasts = [side.finish if together else side.own_time for side in self.sides]
        rates = [work(side) / time for side, time in zip(self.sides, lasts, strict=True)]
        clocks = [axis.per if together else side.per for side in self.sides]
        texts = [words.rate(r, clock) for r, clock in zip(rates, clocks, strict=True)]
        if axis is None or not together:
            return self._row(name, texts, UNKNOWN, "", tip)
        one, other = (
            Figure(rate, time.error)  # FLOP are counted: a rate is as far off as its time
            for rate, time in zip(rates, times(self.sides, axis), strict=True)
        )
        row = self._row(name, texts, _ratio(*rates), "", tip)
        return _judged(row, judge(one, other, less=False))

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
        row = self._row(name, texts, _ratio(*known), "", tip)
        # Fewer are better only for the same work.
        same = work(self.sides[0]) == work(self.sides[1])
        return self._counted(row, known) if same else row

    @property
    def _bounded(self) -> bool:
        """Seconds nobody predicted are a bound, from the datasheet's peak; steps are counted."""
        return any(side.bounded for side in self.sides)

    def _counts(self, name: str, counts: list[int], tip: str) -> RaceRow:
        texts = [Text("{n:group}", n=n) for n in counts]
        return self._row(name, texts, _ratio(*counts), "", Text(tip))

    def _shares(self, name: str, shares: list[float], tip: str) -> RaceRow:
        """Shares 0 … 1."""
        texts = [Text("{share:percent}", share=share) for share in shares]
        return self._row(name, texts, _ratio(*shares), "", Text(tip))

    def _counted(self, row: RaceRow, values: Sequence[float]) -> RaceRow:
        """What is counted is not off, and less of it is better."""
        left, right = map(Figure.counted, values)
        return replace(_judged(row, judge(left, right)), source=label(COMPUTED))

    def _no_data(self, name: str) -> RaceRow:
        return self._row(name, [UNKNOWN, UNKNOWN], UNKNOWN, "", UNDRAWN)

    def _row(
        self, name: str, texts: Sequence[Text], ratio: Text, better: Better, tip: Text
    ) -> RaceRow:
        one, other = self.sides
        left, right = texts
        source = words.kinds(one.provenance, other.provenance)
        return RaceRow(Text(name), left, right, ratio, better, source, tip)


def _ratio(left: float, right: float) -> Text:
    """Left over right; near 1 with as many digits as tell it from 1."""
    if not left or not right:
        return NONE
    ratio = left / right
    close = SAME < abs(ratio - 1) < 0.005
    return Text("{ratio:sig5} ×" if close else "{ratio:ratio}", ratio=ratio)


def _judged(row: RaceRow, verdict: Verdict) -> RaceRow:
    """With who is better, or why nobody is called so."""
    if verdict.better is not None:
        return replace(row, better=SIDES[verdict.better])
    if verdict.why_none == "even":
        return row
    tip = joined((row.tip, verdicts.sentence(verdict)), "lines")
    return replace(row, why_none=verdicts.brief(verdict), tip=tip)
