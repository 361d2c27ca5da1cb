"""`mmviz backends`: who can multiply here, and why others cannot."""

from __future__ import annotations

import argparse
from typing import Any

from mmviz.backends.registry import Entry, survey
from mmviz.bench.hindrances import hindrances
from mmviz.bench.machine import read_machine
from mmviz.cli.parser import Commands
from mmviz.cli.table import said_list, show
from mmviz.files.exports import as_json
from mmviz.text import N_, Text, joined
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
    entries = survey()
    if options.json:
        print(as_json([_json(entry) for entry in entries], indent=2))
        return 0
    show(said_list([_row(entry) for entry in entries], words))
    for limit in hindrances(None, read_machine()):
        print(words(limit))
    return 0


def _row(entry: Entry) -> tuple[str | Text, ...]:
    """Id, title, number formats, whether it is here and what to know or to do."""
    state = Text(N_("available"))
    if not entry.available:
        state = Text(N_("not available: {reason}"), reason=entry.reason)
    told = joined((state, entry.remedy or entry.note), "semicolons")
    return entry.id, entry.title, ", ".join(entry.dtypes), told


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": str(entry.title),
        "available": entry.available,
        "reason": str(entry.reason) or None,
        "remedy": str(entry.remedy) or None,
        "dtypes": list(entry.dtypes),
    }
