"""A timing run out of any file that has one: kept by mmviz, or written by `mmviz bench --json`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from mmviz.bench.crossing import MOST_ESTIMATED_S, MOST_S
from mmviz.bench.messages import MOST_SENSED, check_short
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import Dense, check_count
from mmviz.errors import InputError
from mmviz.files import journal
from mmviz.files.journal import MOST_VALUES, RUN_BYTES, Head, Over
from mmviz.files.ordinary import check_text
from mmviz.files.toml import read_bounded
from mmviz.text import N_, Text

NO_RUN = N_("{path} is no timing run: neither a kept one nor one of mmviz bench --json")
_ID = re.compile(r"[0-9a-f]{8}")


def id_of(path: Path) -> str:
    """What a kept run is called on the command line: the end of its file's name."""
    return path.stem.rpartition("-")[2]


def place_of(named: str) -> Path:
    """The file of a run: a kept one by its id, else the path itself."""
    found = list(journal.place().glob(f"*-{named}.jsonl")) if _ID.fullmatch(named) else []
    return found[0] if len(found) == 1 else Path(named)


@dataclass(frozen=True, slots=True)
class Opened:
    """A run out of a file. head: what was timed and when, None where the file does not say; over:
    how it ended, as far as the file does; unread: how many of its lines were not understood.
    """

    results: Results
    head: Head | None = None
    over: Over | None = None
    unread: int = 0

    @property
    def layers(self) -> tuple[Dense, ...]:
        """Of its network, () where it has none or is not known."""
        network = None if self.head is None else self.head.plan.network.layered
        return () if network is None else network.layers


def read_run(path: Path) -> Opened:
    """All samples in the file; raises InputError where there are none, or it is too large.

    What is computed from samples is computed anew.
    """
    data = read_bounded(path, RUN_BYTES)
    if data.startswith(b'{"type":"run"'):
        record = journal.read(path)
        return Opened(record.results, record.head, record.over, record.unread)
    try:
        if data.count(b",") > MOST_VALUES or data.count(b"[") + data.count(b"{") > MOST_VALUES:
            raise ValueError
        found = msgspec.convert(_restored(msgspec.json.decode(data)), Results)
        return Opened(_checked(found))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, InputError):
        raise InputError(NO_RUN, path=str(path)) from None


def _restored(table: Any) -> Any:
    """Sentences as Texts of nobody's language."""
    for row in table["runs"]:
        if row.get("failure") is not None:
            row["failure"] = _said(row["failure"])
        row["remarks"] = [_said(remark) for remark in row.get("remarks", ())]
        if sensed := row.get("sensed"):
            sensed["missing"] = {k: _said(why) for k, why in sensed.get("missing", {}).items()}
    return table


def _said(text: str) -> dict[str, Any]:
    check_text(text, Text(N_("a sentence")), 10_000)
    return {"msgid": "{own}", "many": "", "values": [["own", text]]}


def _checked(results: Results) -> Results:
    """The same with statistics of its samples; raises ValueError or InputError for what is none."""
    check_text(results.network, Text(N_("a name")))
    check_dtype(results.dtype)
    if results.machine is not None:
        check_short(results.machine)
    return msgspec.structs.replace(results, runs=tuple(map(_run, results.runs)))


def _run(run: Run) -> Run:
    check_text(run.backend, Text(N_("a name")))
    check_count(run.batch, Text(N_("batch")))
    _check(run.samples_s, most=MOST_ESTIMATED_S if run.estimated else MOST_S)
    _check(run.on_gpu, run.cold, run.copied, (run.spent_s, run.max_error or 0.0))
    if run.sensed is not None:
        figures = [value or 0.0 for value in run.sensed.figures().values()]
        _check(figures, most=MOST_SENSED)
    _check([part.seconds for part in run.parts])
    return msgspec.structs.replace(run, stats=summarize(run.samples_s))


def _check(*series: Iterable[float], most: float = MOST_S) -> None:
    for values in series:
        if not all(0 <= value <= most for value in values):
            raise ValueError("a number out of its range")
