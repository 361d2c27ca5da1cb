"""`mmviz digits`: the drawings a network learns from, and those it never sees, on a sheet."""

from __future__ import annotations

import argparse

from mmviz.bench.plan import MadeData
from mmviz.bench.teaching import drawn
from mmviz.cli.drawings import add_drawings, read_drawings, read_seed
from mmviz.cli.parser import Commands
from mmviz.cli.targets import check_targets
from mmviz.text import N_
from mmviz.words.speech import Words
from mmviz.words.training import sheet_title, sheet_words


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("digits", help=N_("draw a sheet of the digits to learn from"))
    parser.add_argument(
        "-o",
        "--output",
        metavar="F",
        required=True,
        help=N_("the file to write: .svg, .png or .pdf"),
    )
    add_drawings(parser, N_("of the drawings mmviz makes"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the sheet; raises InputError."""
    words: Words = options.words
    check_targets({}, options.output)
    seed = read_seed(options)
    data, _ = read_drawings(options)
    seen, unseen = drawn(data, seed)
    from mmviz.state.export import CHART
    from mmviz.ui.export.digits import Strip, sheet_figure  # Qt is loaded for a sheet only
    from mmviz.ui.export.files import write
    from mmviz.ui.look.theme import LIGHT

    told = sheet_words(data)
    strips = [Strip(words(said), one) for said, one in zip(told, (seen, *unseen), strict=True)]
    title = words(sheet_title(seed if isinstance(data, MadeData) else None))
    write(options.output, sheet_figure(strips, title, LIGHT), CHART)
    return 0
