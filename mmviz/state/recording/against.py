"""What one schedule is held against: figure by figure, tile by tile, and what recording costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.bench.hindrances import NOTICED
from mmviz.core.recording.account import Account
from mmviz.core.recording.comparing import Compared, Residual
from mmviz.core.recording.recording import Recorded
from mmviz.core.recording.sides import Side
from mmviz.core.verdict import Verdict
from mmviz.state.derived import Derived
from mmviz.state.offers import OPEN_RECORDING, RECORD, Offer, time_offers
from mmviz.state.recording.pair import Pair
from mmviz.state.recording.view import OTHER, OTHER_ONE, THIS, THIS_ONE, name_of, pair_shown
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words import recording_cause as cause
from mmviz.words.precision import ran_in
from mmviz.words.recorded import instrumented, stamping
from mmviz.words.verdict import sentence

Tone = Literal["", "worse"]
NO_SIDES = Text(N_("Nothing is recorded to be held against the model"))


@dataclass(frozen=True, slots=True)
class Row:
    """name: of the figure; left, right: as either has it; tone: of the right one; tip: what it is,
    and what is not known of it.
    """

    name: Text
    left: Text
    right: Text
    tone: Tone = ""
    tip: Text = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class ResidualView:
    """share: what each tile takes more on the right than on the left, as a share [tiles_m ×
    tiles_n], NaN: not in both. most: the share that the deepest colour stands for. said: what the
    colours mean, and how many tiles are within the noise.
    """

    share: NDArray[np.float64]
    most: float
    said: tuple[Text, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AgainstView:
    """heads: names of both sides; costs: what recording takes; why: there is nothing to compare.

    offers: what would bring the model a time.
    """

    heads: tuple[Text, Text] = (NOTHING, NOTHING)
    rows: tuple[Row, ...] = ()
    costs: tuple[Row, ...] = ()
    residual: ResidualView | None = None
    no_residual: Text = NOTHING
    why: Text = NO_SIDES
    offers: tuple[Offer, ...] = ()


def against_view(pair: Pair | None, dtype: str) -> AgainstView:
    """dtype: what was asked for."""
    if pair is None:
        return AgainstView(offers=(RECORD, OPEN_RECORDING))
    costs = tuple(cost_rows(pair.recorded, dtype))
    if pair.left is None or pair.compared is None:
        heads = NOTHING, _head(pair, pair.right)
        return AgainstView(heads, (), costs, None, NOTHING, pair.missing)
    compared = pair.compared
    left = name_of(pair, pair.left)
    heads = _head(pair, pair.left), _head(pair, pair.right)
    found = None if compared.residual is None else _residual(compared.residual, left)
    offers = () if pair.common else time_offers(pair.device, dtype)
    why_not = cause.why_not(compared)
    return AgainstView(heads, tuple(_rows(compared)), costs, found, why_not, NOTHING, offers)


def _head(pair: Pair, side: Side) -> Text:
    """What a side is called over its figures."""
    name = name_of(pair, side)
    return OTHER_ONE if name is OTHER else THIS_ONE if name is THIS else name


def _rows(compared: Compared) -> list[Row]:
    one, other = compared.accounts
    a, b = compared.sides
    verdict = compared.verdict
    tone: Tone = "worse" if verdict.better == 0 else ""
    rows = [
        Row(
            Text(N_("time")),
            _seconds(a.wall_s),
            joined((_seconds(b.wall_s), _apart(verdict)), "words"),
            tone,
            joined((_walls(a, b), sentence(verdict)), "lines"),
        ),
        _bars(a, b),
        _both(N_("busy units"), one, other, lambda x: Text("{x:percent}", x=x.busy), _BUSY),
        _both(N_("tiles in flight"), one, other, lambda x: Text("{x:group}", x=x.in_flight)),
        _both(N_("median tile"), one, other, lambda x: _seconds(x.median), _MEDIAN),
        _both(N_("slowest tile"), one, other, lambda x: _seconds(x.slowest), _SLOWEST),
        Row(Text(N_("waves")), _waves(a), _waves(b), "", _WAVES),
        Row(Text(N_("units")), _count(a.trace.tiling.units), _count(b.trace.tiling.units)),
    ]
    return [row for row in rows if row is not None]


def _bars(a: Side, b: Side) -> Row | None:
    """How long the bars are, which begin with the first tile and end with the last: the clock
    around a product has more.
    """
    one, other = (None if side.order_only else side.trace.duration for side in (a, b))
    if (one, other) == (a.wall_s, b.wall_s):
        return None
    return Row(Text(N_("first to last")), _seconds(one), _seconds(other), "", _BARS)


def _both(
    name: str, one: Account | None, other: Account | None, said: Any, tip: Text = NOTHING
) -> Row | None:
    if one is None and other is None:
        return None
    left, right = (Text("–") if x is None else said(x) for x in (one, other))
    kept = Text(N_("of tiles that are kept and have a time")) if None in (one, other) else NOTHING
    return Row(Text(name), left, right, "", joined((kept, tip), "lines"))


def _seconds(t: float | None) -> Text:
    return Text("–") if t is None else Text("{t:seconds}", t=t)


def _waves(side: Side) -> Text:
    """How many there were; of tiles of which some are kept nobody counts them."""
    return Text("–") if side.waves is None else _count(side.waves)


def _count(n: int) -> Text:
    return Text("{n:group}", n=n)


def _apart(verdict: Verdict) -> Text:
    """'+11 %', against the left side; why there is no verdict, where there is none."""
    if verdict.better is None:
        return NOTHING
    ratio = 1 / verdict.share if verdict.better == 0 else verdict.share
    return Text("{sign}{off:percent}", sign="+" if ratio > 1 else "−", off=abs(ratio - 1))


def _walls(a: Side, b: Side) -> Text:
    known = Text(N_("the whole product by the clock around it; of a model with its launch"))
    missing = Text(N_("one of both has no time"))
    return known if None not in (a.wall_s, b.wall_s) else missing


def _residual(found: Residual, left: Text) -> ResidualView:
    noise, worst = found.noise, float(np.nanmax(np.abs(found.share), initial=0.0))
    most = max(min(worst, 2.0), min(2 * (noise or 0.0), _PALEST), 1e-3)
    told = [Text(N_("− shorter, + longer than {left:small}, as a share of that"), left=left)]
    told.append(cause.within(found))
    told.append(
        Text(
            N_("median {sign}{median:seconds}, 95 % of tiles within {p95:seconds}"),
            sign="+" if found.median >= 0 else "−",
            median=abs(found.median),
            p95=found.p95,
        )
    )
    return ResidualView(found.share, most, tuple(told))


def of_left(share: float) -> float:
    """What a tile takes more than the left one, as a share of that: −1 … ∞. share: of the smaller
    of both, by which half the time is as deep a colour as twice the time.
    """
    return share if share >= 0 else 1 / (1 - share) - 1


def cost_rows(recorded: Recorded, dtype: str) -> list[Row]:
    """What recording costs, and whether the result is right; rows of what was measured."""
    spent, n = recorded.spent, recorded.trace.tiling.units
    found: list[Row] = []
    if spent.plain_s is not None:
        name = Text(N_("one library call, {n:group} at once"), n=n)
        found.append(Row(name, NOTHING, _seconds(spent.plain_s), "", _rounds(spent.rounds)))
    if spent.tiled_s is not None:
        found.append(Row(Text(N_("in tiles")), NOTHING, _seconds(spent.tiled_s)))
    if spent.stamped_s is not None:
        found.append(Row(Text(N_("in tiles and stamped")), NOTHING, _seconds(spent.stamped_s)))
    if said := instrumented(recorded):
        found.append(Row(Text(N_("instrumented")), NOTHING, said, "", _CHANCE))
    if said := stamping(recorded):
        found.append(Row(Text(N_("of it the stamps")), NOTHING, said, "", _CHANCE))
    if (share := recorded.beside.others) is not None and share >= NOTICED:
        name = Text(N_("taken by other programs"))
        found.append(Row(name, NOTHING, Text("{share:percent2}", share=share), "", _CROWDED))
    if recorded.packing_s:
        tip = Text(N_("done once beforehand, in none of these times"))
        found.append(Row(Text(N_("packing")), NOTHING, _seconds(recorded.packing_s), "", tip))
    if recorded.error is not None:
        kind = ran_in(recorded.error, dtype)
        said = Text(N_("{e:exponent}, as {kind} is"), e=recorded.error, kind=kind)
        found.append(Row(Text(N_("result off float64 by")), NOTHING, said))
    if recorded.sampled:
        said = Text(N_("{n:group} of {all:group}"), n=len(recorded.trace), all=recorded.tiles_run)
        name = Text(N_("tiles kept") if recorded.placed else N_("blocks kept"))
        found.append(Row(name, NOTHING, said, "", _SAMPLED))
    return found


_PALEST = 10.0  # share of the deepest colour, where the noise drowns all tiles
_WAVES = Text(N_("pieces that one slot computes one after the other, the most of any"))
_BARS = Text(
    N_("first to last tile, as the pictures and the units over time show: without the launch")
)
_BUSY = Text(N_("share of the units' time from the first tile's start to the last one's end"))
_MEDIAN = Text(N_("of whole tiles, without those at an edge, where there are enough of them"))
_SLOWEST = Text(N_("of all tiles, those at an edge too"))
_CROWDED = Text(N_("of the cores, in all rounds: what recording costs is told by a quiet run"))
_CHANCE = Text(N_("no share is said where it is within what the medians may be off by chance"))
_SAMPLED = Text(N_("more ran than are kept: these are kept evenly, with their numbers"))


def _rounds(rounds: int) -> Text:
    said = N_("medians of {n:group} rounds, in turns with the recording itself")
    return Text(said, n=rounds) if rounds else NOTHING


def _needs(derived: Derived) -> tuple[Any, ...]:
    return pair_shown(derived), derived.setup.dtype


AGAINST: Part[AgainstView] = Part("against", _needs, against_view)
