"""`mmviz backends`: who can multiply here, and why others cannot."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mmviz.backends.registry import Entry, survey


def add_parser(subparsers: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "list the backends and whether they can run here"
    parser = subparsers.add_parser("backends", help=text, description=text, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="as JSON, ids first")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every backend; exit code 0."""
    entries = survey()
    if options.json:
        print(json.dumps([_json(entry) for entry in entries], indent=2, ensure_ascii=False))
        return 0
    for entry in entries:
        state = "available" if entry.available else f"not available: {entry.reason}"
        print(f"{entry.id:8} {entry.title:26} {', '.join(entry.dtypes):27} {state}")
        if entry.remedy:
            print(f"{'':8} {entry.remedy}")
    return 0


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "available": entry.available,
        "reason": entry.reason or None,
        "remedy": entry.remedy or None,
        "dtypes": list(entry.dtypes),
    }
