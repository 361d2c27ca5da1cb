"""`mmviz [NETWORK]`: open the window."""

from __future__ import annotations

import argparse
import os

from mmviz.cli.inputs import read_network
from mmviz.cli.parser import Parser
from mmviz.core.recording.foreign import Foreign
from mmviz.core.recording.recording import Recording
from mmviz.files import recent
from mmviz.files.foreign import traces
from mmviz.files.networks import NetworkFile
from mmviz.files.recordings import reading
from mmviz.state.recording.opening import named
from mmviz.text import N_


def add_arguments(parser: Parser) -> None:
    """The words that may follow `mmviz` when no command does."""
    parser.add_argument("network", nargs="?", metavar=N_("NETWORK"), default=None)
    parser.add_argument("--theme", choices=("dark", "light"), default=None)


def run(options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed; raises InputError or Unavailable before.

    In the place of a network it may be a recording, or a trace of another tool. Without one it is
    the last session, and at the very first start a preset.
    """
    file = None if options.network is None else _read(options.network)
    if options.network is not None and os.path.isfile(options.network):
        recent.add(options.network)
    from mmviz.ui import preflight

    preflight.check(offscreen=os.environ.get("QT_QPA_PLATFORM") == "offscreen")
    from mmviz.ui.start.app import open_window

    return open_window(file, options.theme, options.words)


def _read(text: str) -> NetworkFile | Recording | Foreign:
    if os.path.isfile(text) and reading.holds_one(text):
        return named(reading.read(text), text)
    if traces.is_foreign_file(text):
        return traces.read(text)
    return read_network(text)
