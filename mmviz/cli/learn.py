"""`mmviz learn waves`: open the window at a lesson, or at a step of it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mmviz.cli.parser import Commands
from mmviz.files.lessons.shelf import read_shelf
from mmviz.files.settings import lesson_folders
from mmviz.state.lessons.opening import lesson_at
from mmviz.text import N_


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("learn", help=N_("open the window at a lesson"))
    parser.add_argument(
        "lesson",
        metavar=N_("LESSON"),
        help=N_("one of `mmviz lessons`, or a step of it: waves, waves/2, waves/tail"),
    )
    parser.add_argument("--folder", metavar=N_("FOLDER"), help=N_("lessons of this folder, too"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed; raises InputError or Unavailable before."""
    added = [Path(options.folder)] if options.folder else []
    found = lesson_at(options.lesson, read_shelf([*lesson_folders(), *added]))
    from mmviz.ui import preflight

    preflight.check(offscreen=os.environ.get("QT_QPA_PLATFORM") == "offscreen")
    from mmviz.ui.start.app import open_window

    return open_window(found, None, options.words)
