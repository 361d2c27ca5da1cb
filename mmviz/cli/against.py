"""What became of each backend since an earlier run, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmviz.bench.against import Compared, Judged
from mmviz.cli.table import Table, said_table
from mmviz.core.shapes.network import Dense
from mmviz.text import N_, NOTHING, Text, own
from mmviz.words.earlier import pill
from mmviz.words.since import piece_name
from mmviz.words.speech import ENGLISH, Words

_HEAD = (N_("backend"), N_("batch"), N_("part"), N_("since then"), N_("takes"), N_("why"))


def against_table(
    compared: Sequence[Compared],
    layers: Sequence[Dense] = (),
    *,
    parts: bool = False,
    words: Words = ENGLISH,
) -> Table:
    """A row a backend and batch; with `parts` one more for each part of the pass below it."""
    rows = [tuple(map(Text, _HEAD))]
    for one in compared:
        rows.append(_row(one, NOTHING, one.judged))
        if parts:
            rows += [_row(one, piece_name(p, layers), judged) for p, judged in one.pieces]
    return said_table(rows, words, left=(0, 2, 3), keys=2)


def _row(of: Compared, part: Text, judged: Judged) -> tuple[Text, ...]:
    takes = NOTHING
    if judged.share is not None:
        more, less = N_("{x:percent2} more"), N_("{x:percent2} less")
        takes = Text(more if judged.share > 0 else less, x=abs(judged.share))
    batch = Text("{batch:group}", batch=of.batch)
    return own(of.backend), batch, part, pill(judged.verdict), takes, judged.reason


def as_builtins(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """For programs."""
    return [
        {
            "backend": one.backend,
            "batch": one.batch,
            "verdict": one.judged.verdict or None,
            "share": one.judged.share,
            "interval": one.judged.interval,
            "reason": str(one.judged.reason),
        }
        for one in compared
    ]
