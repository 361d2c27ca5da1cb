"""Runs that were kept on disk, in words: when they were, of what, by whom."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from mmviz.bench.against import Compared, Outcome
from mmviz.bench.machine import Machine
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Results
from mmviz.files.history import Figure
from mmviz.files.journal import Head
from mmviz.text import N_, P_, Text, joined, own
from mmviz.words.names import spoken
from mmviz.words.timing import backend_name, conditions, kinds_of

BUTTON = N_("Earlier runs")
HISTORY = Text(N_("History of runs …"))


def day(when: float, now: float) -> Text:
    """'today 14:02', 'yesterday 9:15', '2026-11-20 14:02': in the time of this place."""
    then, today = _local(when), _local(now).date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return Text(N_("today {clock}"), clock=clock)
    if then.date() == today - datetime.timedelta(days=1):
        return Text(N_("yesterday {clock}"), clock=clock)
    return own(moment(when))


def moment(when: float, *, exactly: bool = False) -> str:
    """'2026-11-20 14:02', of seconds since 1970, in the time of this place; exactly: with its
    seconds, where others are of the same minute.
    """
    return f"{_local(when):%Y-%m-%d %H:%M:%S}" if exactly else f"{_local(when):%Y-%m-%d %H:%M}"


def what(plan: BenchPlan) -> Text:
    """'alexnet · batch 128 · float32 · inference'."""
    return joined((spoken(plan.network.name), conditions(plan.batches, plan.dtype, plan.training)))


def figures(found: Sequence[Figure]) -> Text:
    """'NumPy 31.0 ms, wgpu 11.7 ms'; of several batches that of the first and the last."""
    batches = list(dict.fromkeys(one.batch for one in found))
    told = [one for one in found if one.batch in (batches[0], batches[-1])] if batches else []
    return joined(tuple(_figure(one, several=len(batches) > 1) for one in told), "commas")


def _figure(one: Figure, *, several: bool) -> Text:
    name = backend_name(one.backend)
    if several:
        name = Text(N_("{name} at {batch:group}"), name=name, batch=one.batch)
    if one.p50 is None:
        return Text(N_("{name}: no data"), name=name)
    if one.estimated:
        return Text(N_("{name} est. {p50:tick}"), name=name, p50=one.p50)
    return Text("{name} {p50:seconds}", name=name, p50=one.p50)


def since_before(compared: Sequence[Compared], there_is: bool, *, reasons: bool = False) -> Text:
    """'NumPy slower, wgpu same'; of the first run of a pass that it is. reasons: with them."""
    if not there_is:
        return Text(N_("first of its kind"))
    if not compared:
        return Text(N_("other backends or batches"))
    several = len({one.batch for one in compared}) > 1
    told = []
    for one in compared:
        name = who(one.backend, one.batch, several=several)
        said = Text("{name} {verdict}", name=name, verdict=pill(one.judged.verdict))
        if reasons:
            said = Text("{said}: {reason}", said=said, reason=one.judged.reason)
        told.append(said)
    return joined(tuple(told), "lines" if reasons else "commas")


_PILLS: dict[Outcome, str] = {
    "same": N_("same"),
    "faster": N_("faster"),
    "slower": N_("slower"),
    "ambiguous": N_("ambiguous"),
    "": N_("no verdict"),
}


def pill(outcome: Outcome) -> Text:
    """'faster'."""
    return Text(_PILLS[outcome])


def who(backend: str, batch: int, *, several: bool) -> Text:
    """'NumPy'; where there are several batches 'NumPy, batch 8'."""
    name = backend_name(backend)
    if not several:
        return name
    return Text(N_("{name}, batch {batch:group}"), name=name, batch=batch)


def title(head: Head, now: float) -> Text:
    """A run as an entry of a menu: 'today 14:02 · alexnet · batch 128 · float32 · … · NumPy'."""
    plan = head.plan
    names = joined(tuple(backend_name(name) for name in plan.backends), "items")
    return joined((day(head.when, now), what(plan), names))


def offer(count: int, last: float) -> Text:
    """That there are some: with a date, since it stands for long, over midnight too."""
    said = P_(
        "{n:group} earlier run is kept, of {day}: press “{button}”",
        "{n:group} earlier runs are kept, the last of {day}: press “{button}”",
    )
    return Text(said, n=count, day=moment(last), button=Text(BUTTON))


def caption(results: Results, when: float) -> Text:
    """Whose figures are shown: 'measured 2026-11-28 14:02 on AMD EPYC 7B13 · batch 128 …'."""
    batches = tuple(dict.fromkeys(run.batch for run in results.runs))
    how = conditions(batches, results.dtype, results.training)
    said = Text(
        N_("{kinds} {day} on {machine}"),
        kinds=kinds_of(results.runs),
        day=moment(when),
        machine=_computer(results.machine),
    )
    return joined((said, own(results.network), how))


def _computer(machine: Machine | None) -> Text:
    return own(machine.cpu) if machine is not None else Text(N_("a machine that is not known"))


def _local(when: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(when).astimezone()
