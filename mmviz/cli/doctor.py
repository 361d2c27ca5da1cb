"""`mmviz doctor`: what this computer has, what would make it faster and what is missing."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from typing import Any

import msgspec

from mmviz.cli.parser import Commands
from mmviz.cli.terminal import is_terminal
from mmviz.errors import Unavailable
from mmviz.files.exports import as_json
from mmviz.state.checkup import examine
from mmviz.text import N_, NOTHING, Text
from mmviz.ui import preflight
from mmviz.words.doctor import COMMAND, findings, outline
from mmviz.words.finding import Examined, Finding
from mmviz.words.speech import Words


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help=N_("say what this computer has, what would make it faster and what is missing"),
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON, ids first"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look at this computer and say what there is; exit code 0, whatever was found."""
    words: Words = options.words
    examined = examine(_window())
    if options.json:
        print(as_json(_json(examined, findings(examined)), indent=2))
        return 0
    for begin, text in outline(examined):
        for line in folded(words(text), begin):
            print(line)
    return 0


def _window() -> Text:
    """Why no window can open here, with its remedy; NOTHING: one can."""
    try:
        preflight.check(offscreen=False)
    except Unavailable as error:
        return error.cause
    return NOTHING


def folded(text: str, begin: str) -> list[str]:
    """On as many lines as a terminal takes; as one where it goes elsewhere, and a command."""
    if not text or begin == COMMAND or not is_terminal(sys.stdout):
        return [begin + text]
    width = max(40, shutil.get_terminal_size().columns)
    rest = " " * len(begin)
    return textwrap.wrap(
        text,
        width,
        initial_indent=begin,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _json(examined: Examined, found: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "machine": msgspec.to_builtins(examined.health.machine),
        "backends": [
            {"id": entry.id, "available": entry.available, "gpu": entry.gpu or None}
            for entry in examined.entries
        ],
        "findings": [
            {
                "id": finding.about,
                "kind": finding.kind,
                "finding": str(finding.said),
                "remedy": str(finding.remedy) or None,
                "command": finding.command or None,
            }
            for finding in found
        ],
    }
