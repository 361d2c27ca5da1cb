"""Whether a backend is faster or slower than it was in an earlier run, or the same, and why.

Both medians have an error: how far chance moves them within a run (`bench.blocks`); what a process
that is started anew makes of them, since memory lies elsewhere each time (BETWEEN); and more where
others computed beside it, since they take caches and memory as well (DISTURBED). Errors add
up as `core.verdict` says, and nothing is called faster or slower that lies within them. What lies
within them is the same, unless they are so wide, or the times so far apart within them, that it may
as well be something else.

Where others are known to have computed meanwhile, medians tell of them. There the quickest tenth of
the passes is compared: nobody makes a pass shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmviz.backends.base import Part
from mmviz.bench.blocks import drift, median_between
from mmviz.bench.changes import cause, other_machine
from mmviz.bench.hindrances import NOTICED
from mmviz.bench.machine import Machine
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import FEW
from mmviz.core.verdict import Figure, judge
from mmviz.text import N_, NO_DATA, NOTHING, P_, Text, joined, own

Outcome = Literal["same", "faster", "slower", "ambiguous", ""]
"""ambiguous: the noise is so large that it could be either; "": not to be compared."""

QUICKEST = 0.1  # of its passes

Machines = tuple[Machine | None, Machine | None]
"""Where the earlier run was, and where the later one."""

BETWEEN = 0.01
"""How far one and the same function is off from one process to the next, as a share."""

DISTURBED = 0.25
"""How far a time may be off by what others took of the cores, in shares of that: two threads of one
core slow each other by a fifth to a third, all the time."""

AMBIGUOUS = 0.10
"""The noise of both from which on nothing is called the same."""

ALIKE = 0.05
"""As far apart what is called the same may be, however large the error."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The later of two runs beside the earlier.

    share: by how much the later takes longer, as a share of the earlier, below 0 where it takes
    less; interval: from where to where that may be; None where not known. reason: in a few words,
    with the share where there is one.
    """

    verdict: Outcome
    share: float | None
    interval: tuple[float, float] | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pass: a layer by its index, or 0 and the name of what is beside the layers."""

    layer: int = 0
    what: Literal["launch", "upload", "download", ""] = ""


_Of = Literal["median", "quickest", "part"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One backend at one batch in two runs: the pass and its parts, in their order."""

    backend: str
    batch: int
    judged: Judged
    pieces: tuple[tuple[Piece, Judged], ...] = ()


def against(before: Run, after: Run, machines: Machines) -> Judged:
    """Whether `after` is faster than `before`, of the same pass."""
    why = _incomparable(before, after, machines)
    if why:
        return Judged("", None, None, why)
    if _crowd(before, after):
        return _judged(_quickest(before), _quickest(after), before, after, machines, "quickest")
    return _judged(_median(before), _median(after), before, after, machines, "median")


def pieces(before: Run, after: Run, machines: Machines) -> tuple[tuple[Piece, Judged], ...]:
    """The same of each part of a pass that both runs took apart; () where they did not.

    A part was timed a few times only: its error is at least that of the whole pass.
    """
    if _incomparable(before, after, machines):
        return ()
    then, now = _by_piece(before), _by_piece(after)
    return tuple(
        (piece, _judged(then[piece], now[piece], before, after, machines, "part"))
        for piece in now
        if piece in then
    )


def compare(before: Results, after: Results) -> tuple[Compared, ...]:
    """All that both runs timed, in the order of the later; () where they are of different passes.

    They are of the same if network, number format and kind of pass are; whoever knows the shapes
    compares those.
    """
    if not comparable(before, after):
        return ()
    machines = before.machine, after.machine
    then = {(run.backend, run.batch): run for run in before.runs}
    return tuple(
        Compared(run.backend, run.batch, against(old, run, machines), pieces(old, run, machines))
        for run in after.runs
        if (old := then.get((run.backend, run.batch))) is not None
    )


def comparable(before: Results, after: Results) -> bool:
    """Whether both say that they are of the same pass."""

    def of(results: Results) -> tuple[str, str, bool]:
        return results.network, results.dtype, results.training

    return of(before) == of(after)


def _incomparable(before: Run, after: Run, machines: Machines) -> Text:
    """Why there can be no verdict at all, NOTHING where there can."""
    for run in (after, before):
        if run.stats is None:
            said = N_("no data before") if run is before else NO_DATA
            return joined((Text(said), run.failure or NOTHING), "commas")
    if other := other_machine(machines, gpu=bool(before.on_gpu or after.on_gpu)):
        return other
    if before.place and after.place and before.place.name != after.place.name:
        elsewhere = N_("computed on {now}, on {before} before")
        then, now = own(before.place.name), own(after.place.name)
        return Text(elsewhere, now=now, before=then)
    if before.estimated or after.estimated:
        return Text(N_("estimated from the part of a pass that ran: its error is not known"))
    return NOTHING


@dataclass(frozen=True, slots=True)
class _Span:
    """A time, and by how much it may be more or less by its own noise, as logarithms; None: not
    known. beyond: how far it may be off by what does not show in it.
    """

    seconds: float
    more: float | None = None
    less: float | None = None
    beyond: float = 0.0

    @classmethod
    def between(cls, seconds: float, ends: tuple[float, float] | None, beyond: float) -> _Span:
        """Of its ends."""
        if ends is None or not 0 < ends[0] <= ends[1]:
            return cls(seconds)
        more, less = (max(0.0, math.log(x)) for x in (ends[1] / seconds, seconds / ends[0]))
        return cls(seconds, math.hypot(more, BETWEEN), math.hypot(less, BETWEEN), beyond)

    def noise(self, other: _Span) -> float | None:
        """Its own on the side where the other lies: noise mostly makes times longer."""
        return self.more if self.seconds < other.seconds else self.less

    def towards(self, other: _Span) -> Figure:
        """With all of the error on that side."""
        own = self.noise(other)
        return Figure(self.seconds, None if own is None else math.hypot(own, self.beyond))


def _median(run: Run) -> _Span:
    assert run.stats is not None
    return _Span.between(run.stats.p50, median_between(run.samples_s, run.stats), _beyond(run))


def _quickest(run: Run) -> _Span:
    """Of its quickest tenth the slowest pass."""
    seconds = float(np.quantile(run.samples_s, QUICKEST))
    return _Span.between(seconds, drift(run.samples_s, QUICKEST), _beyond(run))


def _beyond(run: Run) -> float:
    """How far a time may be off by who had the other half of its core, or its caches."""
    others = _others(run)
    return DISTURBED * others if others > NOTICED else 0.0


def _others(run: Run) -> float:
    return (run.load.others if run.load is not None else None) or 0.0


def _by_piece(run: Run) -> dict[Piece, _Span]:
    """Seconds of each piece; parts of one layer are one piece."""
    whole = _median(run)
    grouped: dict[Piece, list[Part]] = {}
    for part in run.parts:
        grouped.setdefault(_piece(part), []).append(part)
    return {piece: _sum(parts, whole) for piece, parts in grouped.items()}


def _piece(part: Part) -> Piece:
    match part.what:
        case "launch" | "upload" | "download":
            return Piece(0, part.what)
        case _:
            return Piece(part.layer)


def _sum(parts: list[Part], whole: _Span) -> _Span:
    seconds = sum(part.seconds for part in parts)
    offs = [part.error for part in parts]
    if whole.more is None or whole.less is None or not seconds or None in offs:
        return _Span(seconds)
    # parts that follow each other are disturbed alike: their errors add up as they are
    off = sum((off or 0.0) * part.seconds for off, part in zip(offs, parts, strict=True))
    own = math.hypot(off / seconds, BETWEEN)
    return _Span(seconds, max(whole.more, own), max(whole.less, own), whole.beyond)


def _judged(
    first: _Span, second: _Span, before: Run, after: Run, machines: Machines, of: _Of
) -> Judged:
    if not first.seconds or not second.seconds:
        return Judged("", None, None, Text(NO_DATA))
    then, now = first.towards(second), second.towards(first)
    ratio = now.value / then.value
    share = ratio - 1
    if then.error is None or now.error is None:
        return Judged("ambiguous", share, None, _unknown(before, after, of))
    off = math.exp(math.hypot(then.error, now.error))
    interval = ratio / off - 1, ratio * off - 1
    found = judge(then, now)
    if found.better is not None:
        slower = found.better == 0
        change = Text(_CHANGED[of == "quickest"], change=_signed(share))
        because = cause(before, after, machines, slower, whole=of != "part")
        why = joined((change, because), "commas")
        return Judged("slower" if slower else "faster", share, interval, why)
    beside = _crowd(before, after)
    own = math.exp(math.hypot(first.noise(second) or 0.0, second.noise(first) or 0.0))
    if own - 1 > AMBIGUOUS:
        noise = Text(_NOISY[of == "quickest"], off=own - 1)
        if own > 2:
            noise = Text(N_("noise as large as the times themselves"))
        return Judged("ambiguous", share, interval, joined((noise, beside), "commas"))
    if abs(share) > ALIKE:
        said = Text(
            N_("{apart:percent2} apart, which may be off by {off:percent2}"),
            apart=abs(share),
            off=off - 1,
        )
        return Judged("ambiguous", share, interval, joined((said, beside), "commas"))
    apart = Text(_ALIKE[of == "quickest"], apart=1 - found.share)
    return Judged("same", share, interval, joined((apart, beside), "semicolons"))


_CHANGED = "{change}", N_("{change} at the quickest tenth")
_NOISY = N_("noise {off:percent2} of the median"), N_("noise {off:percent2} at the quickest tenth")
_ALIKE = (
    N_("intervals overlap, {apart:percent2} apart"),
    N_("the quickest tenth is {apart:percent2} apart"),
)


def _signed(share: float) -> Text:
    return Text("+{x:percent2}" if share > 0 else "−{x:percent2}", x=abs(share))


def _crowd(before: Run, after: Run) -> Text:
    """What others took while one of both was timed, NOTHING where that is little."""
    most = max(_others(before), _others(after))
    if most <= NOTICED:
        return NOTHING
    return Text(N_("other programs took {share:percent2} of the cores"), share=most)


def _unknown(before: Run, after: Run, of: _Of) -> Text:
    """Why an error is not known."""
    few = min((run.stats.n for run in (before, after) if run.stats is not None), default=0)
    if few >= FEW and of == "part":
        return Text(N_("how far this part may be off was not kept"))
    return Text(P_("only {n:group} sample", "only {n:group} samples"), n=few)
