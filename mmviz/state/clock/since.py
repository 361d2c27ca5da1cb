"""Since last run: what the run that is shown says beside an earlier one of the same pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmviz.bench.against import Compared, Judged, Outcome, compare
from mmviz.bench.results import Results
from mmviz.core.shapes.network import Dense
from mmviz.core.time.setup import Pass
from mmviz.files.history import same_pass
from mmviz.files.journal import KeptRun
from mmviz.state.clock.view import EMPTY
from mmviz.state.facts import Facts, Timed
from mmviz.state.offers import RUN, Offer
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.earlier import title, who
from mmviz.words.sensors import told
from mmviz.words.since import beside, explained, not_in, piece_name

FIRST = Text(N_("This is the first run of this pass that is kept: the next one is held against it"))
UNTIMED = Text(N_("Nothing of this network was timed yet: a run is held against the one before it"))
READING = Text(N_("reading the earlier run …"))
NONE_IN_COMMON = Text(N_("No backend and batch was timed in both runs"))


@dataclass(frozen=True, slots=True)
class SinceRow:
    """A backend at a batch, or a part of its pass: `layer` by its index, None for all others."""

    backend: str
    name: Text
    outcome: Outcome
    reason: Text
    tip: Text
    part: bool = False
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An earlier run that could be held against this one; when: it began, seconds since 1970."""

    when: float
    head: KeptRun | None = None

    def title(self, now: float) -> Text:
        """As an entry of a menu."""
        return NOTHING if self.head is None else title(self.head.head, now)


@dataclass(frozen=True, slots=True)
class SinceView:
    """why: there is nothing to show, NOTHING where there is; offers: what brings some.

    rows: verdicts. against: which run they are beside. choices: runs it could be, the last one
    first; chosen: the one it is. missing: a kept run that must be read first. sensed: what the
    sensors told while this run was on, a line a backend.
    """

    why: Text = EMPTY
    offers: tuple[Offer, ...] = (RUN,)
    rows: tuple[SinceRow, ...] = ()
    against: Text = NOTHING
    choices: tuple[Choice, ...] = ()
    chosen: float | None = None
    missing: KeptRun | None = None
    sensed: tuple[Text, ...] = ()


def needed(of: Pass, facts: Facts) -> tuple[Any, ...]:
    """What `since_view` takes, of the pass `of`."""
    shown = facts.opened or facts.run_of(of)
    return shown, facts.runs, facts.kept, facts.earlier, facts.compare_to


def since_view(
    shown: Timed | None,
    runs: tuple[Timed, ...],
    kept: tuple[KeptRun, ...],
    earlier: Mapping[float, Timed | Text],
    compare_to: float | None,
) -> SinceView:
    """The view of `Part`."""
    if shown is None:
        return SinceView(UNTIMED)
    choices = tuple(_choices(shown, runs, kept))
    chosen, sensed = _chosen(shown, choices, compare_to), tuple(_sensed(shown.results))
    if chosen is None:
        return SinceView(FIRST, choices=choices, sensed=sensed)
    offered = {"offers": (), "choices": choices, "chosen": chosen.when, "sensed": sensed}
    found = next((run for run in runs if run.moment == chosen.when), earlier.get(chosen.when))
    if found is None:
        return SinceView(READING, missing=chosen.head, **offered)  # type: ignore[arg-type]
    if isinstance(found, Text):
        return SinceView(found, **offered)  # type: ignore[arg-type]
    machines = found.results.machine, shown.results.machine
    rows = tuple(_rows(found.results, shown.results, shown.of.workload.layers))
    why = NOTHING if rows else NONE_IN_COMMON
    against = beside(chosen.when, machines)
    return SinceView(why, rows=rows, against=against, **offered)  # type: ignore[arg-type]


def _choices(shown: Timed, runs: tuple[Timed, ...], kept: tuple[KeptRun, ...]) -> Iterator[Choice]:
    """Other runs of the same pass, the last one first; on disk and in this window they are one."""
    of = shown.of
    found: dict[float, KeptRun | None] = {
        one.head.when: one
        for one in kept
        if same_pass(of.workload, of.dtype, of.training, one.head.plan)
    }
    for run in runs:
        same = (run.of.workload, run.of.dtype, run.of.training) == (
            of.workload,
            of.dtype,
            of.training,
        )
        if same and run.moment is not None and not run.empty:
            found.setdefault(run.moment, None)
    for when in sorted(found, reverse=True):
        if when != shown.moment:
            yield Choice(when, found[when])


def _chosen(shown: Timed, choices: tuple[Choice, ...], wanted: float | None) -> Choice | None:
    """The one that was asked for, else the last before the run that is shown."""
    by_when = {choice.when: choice for choice in choices}
    if wanted in by_when:
        return by_when[wanted]
    moment = shown.moment
    before = (choice for choice in choices if moment is None or choice.when < moment)
    return next(before, None)


def _rows(before: Results, after: Results, layers: tuple[Dense, ...]) -> Iterator[SinceRow]:
    compared = compare(before, after)
    several = len({one.batch for one in compared}) > 1
    for one in compared:
        yield _row(one, one.judged, who(one.backend, one.batch, several=several))
        for piece, judged in one.pieces if _told(one) else ():
            name = piece_name(piece, layers)
            layer = None if piece.what else piece.layer
            yield _row(one, judged, name, part=True, layer=layer)
    known = {one.backend for one in compared}
    for backend in dict.fromkeys(run.backend for run in after.runs if run.backend not in known):
        said = Judged("", None, None, not_in(backend))
        if compared:
            yield SinceRow(backend, who(backend, 0, several=False), "", said.reason, said.reason)


def _sensed(results: Results) -> Iterator[Text]:
    """Of the last batch, a line for each backend of which anything is known, and what is not."""
    last = results.runs[-1].batch if results.runs else 0
    yield from told([run for run in results.runs if run.batch == last])


def _told(one: Compared) -> bool:
    """Whether of any part it is known how far it may be off: old files have none."""
    return any(judged.interval is not None for _, judged in one.pieces)


def _row(
    one: Compared, judged: Judged, name: Text, *, part: bool = False, layer: int | None = None
) -> SinceRow:
    tip = explained(judged)
    return SinceRow(one.backend, name, judged.verdict, judged.reason, tip, part, layer)


SINCE = Part("since", lambda derived: needed(derived.setup.timed, derived.facts), since_view)
