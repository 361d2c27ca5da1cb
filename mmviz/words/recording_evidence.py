"""What speaks for a cause, said: a core that was taken, a launch, the clock, another order."""

from __future__ import annotations

from typing import assert_never

from mmviz.core.recording.comparing import Compared
from mmviz.core.recording.evidence import (
    Clock,
    Core,
    Crowd,
    Dispatch,
    Evidence,
    Launch,
    Machine,
    Memory,
    Order,
    Tail,
    Tiles,
    Uneven,
    Units,
)
from mmviz.core.recording.sides import Side
from mmviz.text import N_, P_, Text, joined, own
from mmviz.words.schedule import PIECES, WAVES, unit_text

NOTICED = 0.05  # share of a core or of the time, below which it is no evidence
NAMED = 3  # units: more are counted

Names = tuple[Text, Text]
"""What the two sides are called: `recording_cause.MODEL` or OTHER, and RECORDING; or two files."""

CAUSES: dict[str, str] = {
    "launch": N_("launch"),
    "dispatch": N_("handing out tiles"),
    "core": N_("a core that was taken"),
    "crowd": N_("other programs"),
    "tail": N_("idle at the end"),
    "units": N_("fewer units"),
    "tiles": N_("small tiles"),
    "machine": N_("another machine"),
    "memory": N_("memory"),
    "clock": N_("clock"),
    "uneven": N_("some slow tiles"),
    "order": N_("another order"),
}
"""The causes in a few words, by their id."""


def headline(evidence: Evidence, side: Side) -> Text:
    """The cause in a few words: 'core 2 fell behind'."""
    if not isinstance(evidence, Core):
        return Text(CAUSES[evidence.id])
    said = N_("{units} fell behind") if evidence.slow else N_("{units} waited for a core")
    if evidence.core is not None:
        said = N_("{units} shared a core")
    return Text(said, units=unit_names(side, evidence.units))


def unit_names(side: Side, units: tuple[int, ...]) -> Text:
    """'thread 0, thread 1'; of many how many."""
    if len(units) > NAMED:
        return side.noun.counts(len(units))
    return joined([unit_text(side.noun, unit) for unit in units], "items")


def clause(evidence: Evidence, compared: Compared, about: int | None, names: Names) -> Text:
    """What speaks for a cause, in a clause; about: the side that it is about."""
    at = about or 0
    who, other, side = names[at], names[1 - at], compared.sides[at]
    match evidence:
        case Launch():
            said = N_(
                "before its first tile and after its last {who} spends {x:seconds}, {other} "
                "{y:seconds}"
            )
            return Text(said, who=who, other=other, x=evidence.before[0], y=evidence.before[1])
        case Dispatch():
            said = N_(
                "from one tile to the next a unit of {who} waits {x:seconds} in all, one of "
                "{other} {y:seconds}"
            )
            return Text(said, who=who, other=other, x=evidence.between[0], y=evidence.between[1])
        case Core():
            return _held(evidence, side, who)
        case Crowd():
            return _crowd(evidence, who, other)
        case Tail():
            return _tail(evidence, side, who, other)
        case Units():
            return _units(evidence, (side, compared.sides[1 - at]), who, other)
        case Tiles():
            return _tiles(evidence, who, other)
        case Memory():
            said = N_(
                "tiles of {who} take {factor:ratio} as long on average, and the product is bound "
                "by memory"
            )
            return Text(said, who=who, factor=evidence.factor)
        case Clock():
            return _clock(evidence, side, who, beside_model=not compared.sides[1 - at].recorded)
        case Machine():
            said = N_("tiles take {factor:ratio} as long on {mine} as on {theirs}, on average")
            mine_on, theirs_on = evidence.machines
            return Text(said, factor=evidence.factor, mine=own(mine_on), theirs=own(theirs_on))
        case Uneven():
            said = N_(
                "tiles of {who} take {factor:ratio} as long on average, the one in the middle "
                "{middle:ratio}: some took much longer, by what is not known"
            )
            return Text(said, who=who, factor=evidence.factor, middle=evidence.middle)
        case Order():
            return _order(evidence, names)
        case _:
            assert_never(evidence)


def _units(units: Units, sides: tuple[Side, Side], who: Text, other: Text) -> Text:
    said = N_("{who} has {mine}, {other} {theirs}")
    counted = [side.noun.counts(n) for side, n in zip(sides, units.counts, strict=True)]
    if None not in units.waves and units.waves[0] != units.waves[1]:
        counted = [
            Text(N_("{units} and {waves}"), units=count, waves=Text(WAVES, n=n))
            for count, n in zip(counted, units.waves, strict=True)
        ]
    return Text(said, who=who, other=other, mine=counted[0], theirs=counted[1])


def _held(core: Core, side: Side, who: Text) -> Text:
    units = unit_names(side, core.units)
    if core.core is not None:
        said = N_(
            "in {who} {units} were on core {core:d} at the same time for {share:percent2} of it: "
            "their tiles took {factor:ratio} as long"
        )
        return Text(
            said, who=who, units=units, core=core.core, share=core.overlap, factor=core.factor
        )
    if not core.slow:
        late = Text(
            N_("in {who} {units} waited before, between or after its tiles"), who=who, units=units
        )
        return joined((late, *_speaking(core)), "commas")
    behind = N_(
        "in {who} {units} fell behind: {slow:group} of {tiles} took {factor:ratio} as long as "
        "those of the others"
    )
    if len(core.units) > 1:
        behind = N_(
            "in {who} {units} fell behind: {slow:group} of {tiles} took {factor:ratio} as long as "
            "most"
        )
    told = Text(
        behind,
        who=who,
        units=units,
        slow=core.slow,
        tiles=Text(PIECES["tile"], n=core.of),
        factor=core.factor,
    )
    return joined((told, *_speaking(core)), "commas")


def _speaking(core: Core) -> list[Text]:
    """What tells that it was the core; that nothing does, where it is so."""
    found = []
    if core.waited is not None and core.waited >= NOTICED:
        said = N_("ready and without a core for {share:percent2} of the time")
        found.append(Text(said, share=core.waited))
    if core.others is not None and core.others >= NOTICED:
        said = N_("other programs took {share:percent2} of the cores")
        found.append(Text(said, share=core.others))
    if core.moved:
        moved = P_("moved to another core {n:group} time", "moved to another core {n:group} times")
        found.append(Text(moved, n=core.moved))
    return found or [Text(N_("by what is not known"))]


def _crowd(crowd: Crowd, who: Text, other: Text) -> Text:
    if crowd.beside is not None and crowd.beside >= NOTICED:
        said = N_(
            "other programs took {taken:percent2} of the cores from {who}, {beside:percent2} from "
            "{other}: tiles take {factor:ratio} as long on average"
        )
        beside = crowd.beside
        return Text(
            said, taken=crowd.others, who=who, beside=beside, other=other, factor=crowd.factor
        )
    said = N_(
        "other programs took {taken:percent2} of the cores from {who}: tiles take {factor:ratio} "
        "as long on average"
    )
    return Text(said, taken=crowd.others, who=who, factor=crowd.factor)


def _tail(tail: Tail, side: Side, who: Text, other: Text) -> Text:
    said = N_(
        "at its end {idle:group} of {units} of {who} have no tile left: idle {x:seconds} on "
        "average, {other} {y:seconds}"
    )
    if tail.left:
        said = N_(
            "{idle:group} of {units} of {who} took no further tile, though {left} were still to be "
            "begun: idle {x:seconds} on average, {other} {y:seconds}"
        )
    x, y = tail.after
    units, left = side.noun.counts(tail.units), Text(PIECES["tile"], n=tail.left)
    return Text(said, idle=tail.idle, units=units, who=who, other=other, x=x, y=y, left=left)


def _tiles(tiles: Tiles, who: Text, other: Text) -> Text:
    mine, theirs = tiles.tiles
    if tiles.instrumented is not None:
        said = N_(
            "cut into tiles of {tile:shape} and stamped, {who} takes {share:percent2} more than "
            "one call of the library, measured beside it"
        )
        return Text(said, tile=mine, who=who, share=tiles.instrumented)
    said = N_(
        "cell for cell tiles of {mine:shape} in {who} take {factor:ratio} as long on average as "
        "those of {theirs:shape} in {other}"
    )
    return Text(said, mine=mine, theirs=theirs, who=who, other=other, factor=tiles.factor)


def _clock(clock: Clock, side: Side, who: Text, *, beside_model: bool) -> Text:
    if not side.recorded:
        said = N_("the model takes tiles for {factor:ratio} as long as they were on average")
        return Text(said, factor=clock.factor)
    if clock.drift is None:
        if beside_model:
            said = N_(
                "tiles of {who} take {factor:ratio} as long on average, as under a lower clock, "
                "or by what the model leaves out"
            )
            return Text(said, who=who, factor=clock.factor)
        said = N_("tiles of {who} take {factor:ratio} as long on average, as under a lower clock")
        return Text(said, who=who, factor=clock.factor)
    said = N_(
        "tiles of {who} take {factor:ratio} as long on average, and in the last third "
        "{drift:ratio} of what they took in the first, as under a falling clock"
    )
    if clock.drift < 1:
        said = N_(
            "tiles of {who} take {factor:ratio} as long on average, and in the last third "
            "{drift:ratio} of what they took in the first, as under a rising clock"
        )
    return Text(said, who=who, factor=clock.factor, drift=clock.drift)


def _order(order: Order, names: Names) -> Text:
    said = N_(
        "{moved:group} of {tiles} come in another order: tile ({row:d}, {column:d}) is number "
        "{x:group} in {a} and {y:group} in {b}"
    )
    row, column = order.at
    x, y = order.places
    found = {"row": row, "column": column, "x": x, "y": y, "a": names[0], "b": names[1]}
    return Text(said, moved=order.moved, tiles=Text(PIECES["tile"], n=order.of), **found)
