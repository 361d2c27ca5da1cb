"""`mmviz backends`: who can multiply here, and why others cannot."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from mmviz.backends.registry import MODULES, Entry, find, variants
from mmviz.bench.hindrances import hindrances
from mmviz.bench.machine import read_machine
from mmviz.bench.runner import probe
from mmviz.cli.parser import Commands
from mmviz.cli.table import said_list, show
from mmviz.files.exports import as_json
from mmviz.text import N_, Text, joined, own
from mmviz.words.speech import Words


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "backends", help=N_("list the backends and whether they can run here")
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON, ids first"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every backend, and what limits all of them here; exit code 0."""
    words: Words = options.words
    entries = probe(tuple(MODULES))
    if options.json:
        print(as_json([_json(entry) for entry in entries], indent=2))
        return 0
    show(said_list([_row(entry) for entry in entries], words))
    rows = [row for entry in entries for row in _more(entry)]
    if rows:
        print()
        show(said_list(rows, words))
    limits = hindrances(None, read_machine())
    if limits:
        print()
    for limit in limits:
        print(words(limit))
    return 0


def _row(entry: Entry) -> tuple[str | Text, ...]:
    """Id, title, number formats, whether it is here and what to know or to do."""
    state = Text(N_("available"))
    if not entry.available:
        state = Text(N_("not available: {reason}"), reason=entry.reason)
    told = joined((state, own(entry.gpu), entry.remedy or entry.note), "semicolons")
    return entry.id, entry.title, ", ".join(entry.dtypes), told


def _more(entry: Entry) -> Iterator[tuple[Text, Text]]:
    """What else may be asked for, and what its number formats do here."""
    if entry.available and (named := variants(entry.id)):
        ids = tuple(own(f"{entry.id}:{variant}") for variant in named)
        yield Text(N_("variants of {id}"), id=entry.id), joined(ids, "items")
    if entry.adapters:
        ids = tuple(own(f"{entry.id}@{adapter}") for adapter in entry.adapters)
        yield Text(N_("adapters of {id}"), id=entry.id), joined(ids, "items")
    for dtype, text in _told(entry).items():
        yield Text(N_("{id} in {dtype}"), id=entry.id, dtype=dtype), text


def _told(entry: Entry) -> dict[str, Text]:
    """What must be known before a number format is timed, by its id."""
    backend = find(entry.id)
    texts = {dtype: backend.warning(dtype) for dtype in entry.dtypes if entry.available}
    return {dtype: text for dtype, text in texts.items() if text is not None}


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": str(entry.title),
        "available": entry.available,
        "reason": str(entry.reason) or None,
        "remedy": str(entry.remedy) or None,
        "dtypes": list(entry.dtypes),
        "gpu": entry.gpu or None,
        "note": str(entry.note) or None,
        "variants": list(variants(entry.id)),
        "adapters": list(entry.adapters),
        "warnings": {dtype: str(text) for dtype, text in _told(entry).items()},
    }
