"""Runs that were kept on disk, in words: when they were, of what, by whom."""

from __future__ import annotations

import datetime

from mmviz.bench.machine import Machine
from mmviz.bench.results import Results
from mmviz.files.journal import Head
from mmviz.text import N_, P_, Text, joined, own
from mmviz.words.timing import backend_name, conditions, kinds_of

BUTTON = N_("Earlier runs")


def day(when: float, now: float) -> Text:
    """'today 14:02', 'yesterday 9:15', '2026-11-20 14:02': in the time of this place."""
    then, today = _local(when), _local(now).date()
    clock = f"{then:%H:%M}"
    if then.date() == today:
        return Text(N_("today {clock}"), clock=clock)
    if then.date() == today - datetime.timedelta(days=1):
        return Text(N_("yesterday {clock}"), clock=clock)
    return own(moment(when))


def moment(when: float) -> str:
    """'2026-11-20 14:02', of seconds since 1970, in the time of this place."""
    return f"{_local(when):%Y-%m-%d %H:%M}"


def title(head: Head, now: float) -> Text:
    """A run as an entry of a menu: 'today 14:02 · alexnet · batch 128 · float32 · … · NumPy'."""
    plan = head.plan
    names = joined(tuple(backend_name(name) for name in plan.backends), "commas")
    how = conditions(plan.batches, plan.dtype, plan.training)
    return joined((day(head.when, now), own(plan.network.name), how, names))


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
