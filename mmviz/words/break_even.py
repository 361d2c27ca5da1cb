"""From which batch on one backend overtakes another, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mmviz.bench.break_even import BreakEven, SpeedUp
from mmviz.text import N_, P_, Text, joined
from mmviz.words.timing import backend_name, run_name
from mmviz.words.verdict import why_none

Name = Callable[[str], Text]

_CAUSES = {
    "launch": N_("up to batch {last:group} its launch cost loses"),
    "products": N_("up to batch {last:group} its products are the slower ones"),
    "rest": N_("up to batch {last:group} it loses beside its products: bias, activation, update"),
    "": N_("up to batch {last:group} {small} does"),
}


def sentence(found: BreakEven) -> Text:
    """'from batch 32 on wgpu wins over NumPy; up to batch 16 its launch cost loses; even at about
    batch 23, estimated'; 'with copies: …'.
    """
    said = _sentence(found)
    return Text(N_("with copies: {said}"), said=said) if found.copies else said


def _sentence(found: BreakEven) -> Text:
    name = partial(_name, found)
    one, other = name(found.one), name(found.other)
    match found.kind:
        case "missing":
            return Text(N_("no batch has times of both {one} and {other}"), one=one, other=other)
        case "undecided":
            return _undecided(found, one, other)
        case "always":
            return _always(found, name)
        case "crossing":
            return _crossing(found, name)
    return _several(found, name)


def speed_up(point: SpeedUp) -> Text:
    """'2.14 × ± 3 %': how many times faster `other` is than `one`; where neither is, why not."""
    if point.verdict.better is None:
        return why_none(point.verdict)
    return Text("{times:ratio}{error:beside}", times=point.times, error=point.error)


def _several(found: BreakEven, name: Name) -> Text:
    """Where the one wins that wins at fewer batches."""
    of_one = tuple(point.batch for point in found.decided if point.verdict.better == 0)
    of_other = tuple(point.batch for point in found.decided if point.verdict.better == 1)
    fewer, more, batches = found.one, found.other, of_one
    if len(of_other) <= len(of_one):
        fewer, more, batches = found.other, found.one, of_other
    said = P_(
        "{fewer} wins over {more} at batch {batches:items} alone, not below it nor above",
        "{fewer} wins over {more} at batches {batches:items}, and loses between them or beyond",
    )
    told = tuple(Text("{batch:group}", batch=batch) for batch in batches)
    return Text(said, fewer=name(fewer), more=name(more), batches=told, n=len(batches))


def _name(found: BreakEven, backend: str) -> Text:
    """What a backend is called beside its figures."""
    if not found.points:
        return backend_name(backend)
    point = found.points[0]
    return run_name(point.one if backend == found.one else point.other)


def _undecided(found: BreakEven, one: Text, other: Text) -> Text:
    said = N_("{one} and {other} are too close to call at every batch")
    if found.untold:
        said = N_("too few samples to tell which of {one} and {other} is faster")
    return Text(said, one=one, other=other)


def _always(found: BreakEven, name: Name) -> Text:
    winner, loser = found.large, found.other if found.large == found.one else found.one
    both = {"winner": name(winner), "loser": name(loser)}
    if found.close_to is not None and found.close_from is not None:
        said = N_("{winner} wins over {loser} from batch {first:group} to {last:group} alone")
        first, last = found.decided[0].batch, found.decided[-1].batch
        return Text(said, first=first, last=last, **both)
    if found.close_to is not None:
        first = found.decided[0].batch
        on = Text(N_("from batch {first:group} on {winner} wins over {loser}"), first=first, **both)
        return joined((on, _close_to(found)), "semicolons")
    if found.close_from is not None:
        last = found.decided[-1].batch
        to = Text(N_("up to batch {last:group} {winner} wins over {loser}"), last=last, **both)
        return joined((to, _close_from(found)), "semicolons")
    times = sorted(max(point.times, 1 / point.times) for point in found.decided)
    if len(times) == 1:
        said = N_("{winner} wins over {loser} at batch {batch:group}: {times:ratio}")
        if found.decided[0].verdict.error is None:
            said = N_("{winner} wins over {loser} at batch {batch:group}: about {times:sig2} ×")
        return Text(said, batch=found.decided[0].batch, times=times[0], **both)
    said = N_(
        "{winner} wins over {loser} at every batch, {first:group} to {last:group}: "
        "{low:sig} to {high:ratio}"
    )
    first, last = found.decided[0].batch, found.decided[-1].batch
    return Text(said, first=first, last=last, low=times[0], high=times[-1], **both)


def _crossing(found: BreakEven, name: Name) -> Text:
    assert found.between is not None
    last, first = found.between
    small, large = name(found.small), name(found.large)
    wins = N_("from batch {first:group} on {large} wins over {small}")
    told = [
        Text(wins, first=first, large=large, small=small),
        Text(_CAUSES[found.cause], last=last, small=small),
    ]
    if any(last < point.batch < first for point in found.points):
        between = next(point for point in found.points if last < point.batch < first)
        told.append(Text(N_("between them {why}"), why=_why(between)))
    elif found.about is not None and first - last > 1:
        even = N_("even at about batch {about:group}, estimated")
        told.append(Text(even, about=round(found.about)))
    if found.close_to is not None:
        told.append(_close_to(found))
    if found.close_from is not None:
        told.append(_close_from(found))
    return joined(told, "semicolons")


def _close_to(found: BreakEven) -> Text:
    """Of the least batches, at which nobody is ahead."""
    said = N_("up to batch {batch:group} {why}")
    return Text(said, batch=found.close_to, why=_why(found.points[0]))


def _close_from(found: BreakEven) -> Text:
    """Of the greatest."""
    said = N_("from batch {batch:group} on {why}")
    return Text(said, batch=found.close_from, why=_why(found.points[-1]))


def _why(point: SpeedUp) -> Text:
    if point.one.estimated or point.other.estimated:
        return Text(N_("it is only estimated"))
    if point.verdict.why_none == "unknown":
        return Text(N_("too few samples tell it"))
    return Text(N_("it is {why}"), why=why_none(point.verdict))
