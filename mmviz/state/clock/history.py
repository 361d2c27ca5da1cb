"""The history of runs as a list shows it: when, what, how long, and the verdict beside the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmviz.files.history import Past, key_of
from mmviz.files.journal import KeptRun
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.earlier import day, figures, since_before, what
from mmviz.words.timing import machine_line

NOT_READ = Text("…")


@dataclass(frozen=True, slots=True)
class HistoryColumn:
    """name, help: its head and the tool tip of that."""

    name: Text
    help: Text
    wordy: bool = True


COLUMNS = (
    HistoryColumn(Text(N_("when")), Text(N_("When the run began"))),
    HistoryColumn(Text(N_("what")), Text(N_("Network, batch, number format and kind of pass"))),
    HistoryColumn(Text(N_("p50")), Text(N_("Median of the seconds a pass took, of each backend"))),
    HistoryColumn(
        Text(N_("since the run before")),
        Text(N_("The verdict of each backend beside the last run before of the same pass")),
    ),
)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A kept run. cells: a text for each of COLUMNS. key: the same for runs of the same pass."""

    kept: KeptRun
    cells: tuple[Text, ...]
    tip: Text
    key: bytes


def rows(kept: Sequence[KeptRun], read: Mapping[Path, Past], now: float) -> tuple[HistoryRow, ...]:
    """One for each kept run, in their order; of those that were not read yet some cells say so."""
    return tuple(_row(one, read.get(one.path), now) for one in kept)


def _row(one: KeptRun, past: Past | None, now: float) -> HistoryRow:
    first = day(one.head.when, now), what(one.head.plan)
    key, path = key_of(one.head.plan), Text("{path}", path=str(one.path))
    if past is None:
        return HistoryRow(one, (*first, NOT_READ, NOT_READ), path, key)
    if past.problem:
        return HistoryRow(one, (*first, past.problem, NOTHING), past.problem, key)
    verdict = since_before(past.compared, past.before is not None)
    tip = joined((*_told(past), machine_line(past.machine), path), "lines")
    return HistoryRow(one, (*first, figures(past.figures), verdict), tip, key)


def _told(past: Past) -> tuple[Text, ...]:
    """Each verdict with its reason."""
    named = since_before(past.compared, past.before is not None, reasons=True)
    ended = past.over.ended if past.over is not None else NOTHING
    return named, ended
