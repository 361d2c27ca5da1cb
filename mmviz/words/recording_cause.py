"""Two sides of one product, said: whose time is shorter, and by what, with the evidence."""

from __future__ import annotations

from mmviz.core.recording.causes import Because, Part
from mmviz.core.recording.comparing import Compared, Residual, WhyNot
from mmviz.text import N_, NOTHING, Text
from mmviz.words.recording_evidence import Names, clause
from mmviz.words.schedule import PIECES
from mmviz.words.verdict import sentence, share

CROWDED = 0.10  # share of the cores, from which on others are told
DROWNED = 2.0  # noise as a share of the time, from which on its figure says no more

MODEL, RECORDING = Text(N_("the model")), Text(N_("the recording"))
OTHER, THIS = Text(N_("the other recording")), Text(N_("this recording"))

PARTS: dict[Part, str] = {
    "launch": N_("before and after all tiles"),
    "between": N_("between tiles"),
    "core": N_("units held up"),
    "tail": N_("idle at the end"),
    "units": N_("fewer units"),
    "factor": N_("time of a tile"),
    "rest": N_("all else"),
}
"""What a difference is the sum of."""

_WHY_NOT: dict[WhyNot, str] = {
    "timeline": N_("not compared by tile: the file does not say which tile is which"),
    "tiles": N_("not compared by tile: the tiles are of other sizes"),
    "clock": N_("not compared by tile: of one side it is known which tile came first, not when"),
    "cycles": N_("not compared by tile: the times of one side are cycles, its clock is not known"),
}


def why(compared: Compared, because: Because, names: Names) -> Text:
    """One sentence: the verdict on the walls, the likely cause and what speaks for it."""
    head, told = _head(compared, names), NOTHING
    if because.evidence is not None:
        told = clause(because.evidence, compared, because.slower, names)
    if compared.verdict.better is not None:
        if told:
            return Text(N_("{head}, mostly because {told}."), head=head, told=told)
        return _no_single_cause(head, because)
    if told and (compared.a.assumed or compared.b.assumed):
        return Text(N_("{head}; {told}."), head=head, told=told)
    if told:
        return Text(N_("{head}; but {told}."), head=head, told=told)
    return Text("{head}.", head=head)


def also(compared: Compared, because: Because, names: Names) -> Text:
    """What else was seen: a unit that was held up; NOTHING where none was."""
    if because.also is None or because.also[1] is because.evidence:
        return NOTHING
    side, evidence = because.also
    return Text("{told:capital}.", told=clause(evidence, compared, side, names))


def crowd(compared: Compared, names: Names) -> Text:
    """What other programs took of the cores meanwhile; NOTHING where that is little, or unknown."""
    told = [
        Text(N_("{share:percent2} in {side}"), share=side.beside.others, side=name)
        for side, name in zip(compared.sides, names, strict=True)
        if side.beside.others is not None and side.beside.others >= CROWDED
    ]
    if not told:
        return NOTHING
    return Text(N_("Other programs took of the cores meanwhile: {told:commas}."), told=tuple(told))


def within(residual: Residual) -> Text:
    """'63 of 64 tiles within the noise of ± 9.0 %'."""
    tiles = Text(PIECES["tile"], n=residual.compared)
    if residual.noise is None or residual.within is None:
        return Text(N_("{tiles}, whose noise is not known"), tiles=tiles)
    if residual.noise > DROWNED:
        return Text(N_("{tiles}, with noise larger than their times"), tiles=tiles)
    return Text(
        N_("{within:group} of {tiles} within the noise of {noise:plus_minus}"),
        within=residual.within,
        tiles=tiles,
        noise=residual.noise,
    )


def why_not(compared: Compared) -> Text:
    """Why tiles are not compared; NOTHING where they are."""
    return Text(_WHY_NOT[compared.why_not]) if compared.why_not else NOTHING


def _head(compared: Compared, names: Names) -> Text:
    verdict, walls = compared.verdict, (compared.a.wall_s, compared.b.wall_s)
    if None in walls:
        at = walls.index(None)
        said, missing = N_("No time is known of {side}"), compared.sides[at].missing
        if missing:
            said = N_("No time is known of {side} ({why})")
        return Text(said, side=names[at], why=missing)
    if verdict.better is None and True in (assumed := [side.assumed for side in compared.sides]):
        said = N_(
            "{a} takes {one:seconds} and {b} {other:seconds}, cycles of {side} taken as if its "
            "clock were 1 GHz"
        )
        of = names[assumed.index(True)]
        return Text(said, a=names[0], b=names[1], one=walls[0], other=walls[1], side=of)
    if verdict.better is None:
        said = N_("{a} takes {one:seconds} and {b} {other:seconds}: {why}")
        one, other = walls
        return Text(said, a=names[0], b=names[1], one=one, other=other, why=sentence(verdict))
    fast, slow = verdict.better, 1 - verdict.better
    said = N_("{fast} takes {x:seconds}, {share} less than {slow} with {y:seconds}")
    return Text(
        said, fast=names[fast], x=walls[fast], share=share(verdict), slow=names[slow], y=walls[slow]
    )


def _no_single_cause(head: Text, because: Because) -> Text:
    if not because.parts:
        return Text(N_("{head}; too little is known to say by what."), head=head)
    largest = sorted(because.parts.items(), key=lambda item: -item[1])[:2]
    told = tuple(
        Text(N_("{part} {seconds:seconds}"), part=Text(PARTS[part]), seconds=seconds)
        for part, seconds in largest
        if seconds > 0
    )
    return Text(
        N_("{head}; nothing alone makes half of the {apart:seconds} between them: {told:commas}."),
        head=head,
        apart=because.apart,
        told=told,
    )
